#include "interfaces/chain.h"
#include "interfaces/wallet.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "rpc/take.h"

namespace emc::rpc {

namespace {

using interfaces::AddressType;
using interfaces::WalletApi;

AddressType TypeOf(const std::string& text)
{
    if (text.empty() || text == "bech32") return AddressType::Bech32;
    if (text == "legacy") return AddressType::Legacy;
    if (text == "p2sh-segwit") return AddressType::P2shSegwit;
    throw RpcError(Code::AddressOrKey, "Unknown address type '" + text + "': legacy, p2sh-segwit or bech32");
}

interfaces::WalletsApi& Wallets(const Request& request)
{
    if (request.Rooms().wallets == nullptr)
        throw RpcError(Code::MethodNotFound, "This node runs without wallets");
    return *request.Rooms().wallets;
}

Json NameAndWarning(const WalletApi& wallet)
{
    Json out = codec::JsonObject();
    out.pushKV("name", wallet.Name());
    out.pushKV("warning", "");
    return out;
}

Json GetNewAddress(const Request& request)
{
    return Take(request.Wallet()->NewAddress(TypeOf(request.Str(1)), request.Str(0), false));
}

Json GetRawChangeAddress(const Request& request)
{
    return Take(request.Wallet()->NewAddress(TypeOf(request.Str(0)), "", true));
}

Json GetAddressInfo(const Request& request)
{
    const auto info = Take(request.Wallet()->GetAddressInfo(request.Str(0)));
    Json out = codec::JsonObject();
    out.pushKV("address", request.Str(0));
    out.pushKV("scriptPubKey", base::Hex(info.script));
    out.pushKV("ismine", info.mine);
    out.pushKV("solvable", info.mine);
    out.pushKV("iswatchonly", false);
    out.pushKV("ischange", info.change);
    if (!info.pubkey.empty()) out.pushKV("pubkey", base::Hex(info.pubkey));
    if (!info.hd_path.empty()) out.pushKV("hdkeypath", info.hd_path);
    Json labels = codec::JsonArray();
    if (info.mine && !info.change) labels.push_back(info.label);
    out.pushKV("labels", labels);
    return out;
}

Json SetLabel(const Request& request)
{
    Take(request.Wallet()->SetLabel(request.Str(0), request.Str(1)));
    return Json();
}

Json SignMessage(const Request& request)
{
    return Take(request.Wallet()->SignMessage(request.Str(0), request.Str(1)));
}

Json DumpPrivKey(const Request& request)
{
    return Take(request.Wallet()->DumpSecret(request.Str(0)));
}

Json ImportPrivKey(const Request& request)
{
    Take(request.Wallet()->ImportSecret(request.Str(0), request.Str(1), request.Bool(2, true)));
    return Json();
}

Json SignWithWallet(const Request& request)
{
    const auto tx = TxFromHex(request.Str(0));
    const auto done = Take(request.Wallet()->SignTransaction(tx->Fields(), 1));
    Json out = codec::JsonObject();
    out.pushKV("hex", base::Hex(primitives::Serialize(primitives::Transaction(done.tx))));
    out.pushKV("complete", done.complete);
    if (!done.errors.empty()) {
        Json errors = codec::JsonArray();
        for (const auto& error : done.errors)
            errors.push_back(error);
        out.pushKV("errors", errors);
    }
    return out;
}

Json BackupWallet(const Request& request)
{
    Take(request.Wallet()->Backup(request.Str(0)));
    return Json();
}

Json ListWallets(const Request& request)
{
    Json out = codec::JsonArray();
    for (const auto& wallet : Wallets(request).Loaded())
        out.push_back(wallet->Name());
    return out;
}

Json ListWalletDir(const Request& request)
{
    Json rows = codec::JsonArray();
    for (const auto& name : Wallets(request).OnDisk()) {
        Json row = codec::JsonObject();
        row.pushKV("name", name);
        rows.push_back(row);
    }
    Json out = codec::JsonObject();
    out.pushKV("wallets", rows);
    return out;
}

Json CreateWallet(const Request& request)
{
    return NameAndWarning(*Take(Wallets(request).Create(request.Str(0))));
}

Json LoadWallet(const Request& request)
{
    return NameAndWarning(*Take(Wallets(request).Load(request.Str(0))));
}

Json UnloadWallet(const Request& request)
{
    const std::string name = request.Has(0) ? request.Str(0) : request.Wallet()->Name();
    Take(Wallets(request).Unload(name));
    return Json();
}

CallTable AddressCalls()
{
    return {
        {"getnewaddress",
         "Wallet",
         CallKind::Slow,
         "A fresh address; its key is on disk before you see it.",
         {{"label", ArgType::String, "\"\"", "a label for it"},
          {"address_type", ArgType::String, "bech32", "legacy, p2sh-segwit or bech32"}},
         "\"address\"",
         "",
         GetNewAddress},
        {"getrawchangeaddress",
         "Wallet",
         CallKind::Slow,
         "A fresh address for change.",
         {{"address_type", ArgType::String, "bech32", "legacy, p2sh-segwit or bech32"}},
         "\"address\"",
         "",
         GetRawChangeAddress},
        {"getaddressinfo",
         "Wallet",
         CallKind::Quick,
         "What the wallet knows of an address.",
         {{"address", ArgType::String, "", "the address"}},
         "{ address, scriptPubKey, ismine, solvable, iswatchonly, ischange, pubkey, hdkeypath, labels }",
         "\"address\"",
         GetAddressInfo},
        {"setlabel",
         "Wallet",
         CallKind::Slow,
         "Labels an address.",
         {{"address", ArgType::String, "", "the address"}, {"label", ArgType::String, "", "its label"}},
         "null",
         "\"address\" \"shop\"",
         SetLabel},
        {"signmessage",
         "Wallet",
         CallKind::Slow,
         "Signs a text with the key of an address.",
         {{"address", ArgType::String, "", "legacy or bech32 address of this wallet"},
          {"message", ArgType::String, "", "the text"}},
         "\"base64\"",
         "\"address\" \"text\"",
         SignMessage},
    };
}

CallTable KeyCalls()
{
    return {
        {"dumpprivkey",
         "Wallet",
         CallKind::Slow,
         "The private key of an address. Whoever has it has the money.",
         {{"address", ArgType::String, "", "address of this wallet"}},
         "\"key\"",
         "\"address\"",
         DumpPrivKey},
        {"importprivkey",
         "Wallet",
         CallKind::Slow,
         "Adds a private key.",
         {{"privkey", ArgType::String, "", "the key as dumpprivkey shows it"},
          {"label", ArgType::String, "\"\"", "a label"},
          {"rescan", ArgType::Bool, "true", "look for its coins in all blocks"}},
         "null",
         "\"key\"",
         ImportPrivKey},
        {"signrawtransactionwithwallet",
         "Wallet",
         CallKind::Slow,
         "Signs what this wallet can sign.",
         {{"hexstring", ArgType::String, "", "the transaction"}},
         "{ hex, complete, errors }",
         "\"hex\"",
         SignWithWallet},
        {"backupwallet",
         "Wallet",
         CallKind::Slow,
         "Copies the wallet file and checks the copy.",
         {{"destination", ArgType::String, "", "file or folder"}},
         "null",
         "\"/path/backup.dat\"",
         BackupWallet},
    };
}

CallTable FileCalls()
{
    return {
        {"listwallets", "Wallet", CallKind::Quick, "Loaded wallets.", {}, "[ \"name\" ]", "", ListWallets},
        {"listwalletdir",
         "Wallet",
         CallKind::Slow,
         "Wallets in the wallet folder.",
         {},
         "{ wallets: [ { name } ] }",
         "",
         ListWalletDir},
        {"createwallet",
         "Wallet",
         CallKind::Slow,
         "Makes a wallet and loads it.",
         {{"wallet_name", ArgType::String, "", "its name"}},
         "{ name, warning }",
         "\"office\"",
         CreateWallet},
        {"loadwallet",
         "Wallet",
         CallKind::Slow,
         "Loads a wallet.",
         {{"filename", ArgType::String, "", "its name"}},
         "{ name, warning }",
         "\"office\"",
         LoadWallet},
        {"unloadwallet",
         "Wallet",
         CallKind::Slow,
         "Closes a wallet.",
         {{"wallet_name", ArgType::String, "-", "its name; default: the one of the URL"}},
         "null",
         "\"office\"",
         UnloadWallet},
    };
}

} // namespace

const CallTable& WalletKeyCalls()
{
    static const CallTable table = Joined({AddressCalls(), KeyCalls(), FileCalls()});
    return table;
}

} // namespace emc::rpc
