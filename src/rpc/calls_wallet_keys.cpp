#include "interfaces/chain.h"
#include "interfaces/wallet.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "rpc/send_args.h"
#include "rpc/take.h"

namespace emc::rpc {

namespace {

using interfaces::AddressType;
using interfaces::WalletApi;

Json GetNewAddress(const Request& request)
{
    return Take(request.Wallet()->NewAddress(AddressTypeOf(request.Str(1)), request.Str(0), false));
}

Json GetRawChangeAddress(const Request& request)
{
    return Take(request.Wallet()->NewAddress(AddressTypeOf(request.Str(0)), "", true));
}

Json GetAddressInfo(const Request& request)
{
    const auto info = Take(request.Wallet()->GetAddressInfo(request.Str(0)));
    Json out = codec::JsonObject();
    out.pushKV("address", request.Str(0));
    out.pushKV("scriptPubKey", base::Hex(info.script));
    out.pushKV("ismine", info.mine);
    out.pushKV("solvable", info.solvable);
    if (!info.descriptor.empty()) out.pushKV("desc", info.descriptor);
    if (!info.parent_descriptor.empty()) out.pushKV("parent_desc", info.parent_descriptor);
    out.pushKV("iswatchonly", false);
    out.pushKV("ischange", info.change);
    if (!info.pubkey.empty()) out.pushKV("pubkey", base::Hex(info.pubkey));
    if (!info.hd_path.empty()) out.pushKV("hdkeypath", info.hd_path);
    if (!info.master_fingerprint.empty()) out.pushKV("hdmasterfingerprint", info.master_fingerprint);
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

CallTable AddressCalls()
{
    return {
        {"getnewaddress",
         "Wallet",
         CallKind::Slow,
         "A fresh address; its key is on disk before you see it.",
         {{"label", ArgType::String, "\"\"", "a label for it"},
          {"address_type", ArgType::String, "bech32", "legacy, p2sh-segwit, bech32 or bech32m (Taproot)"}},
         "\"address\"",
         "",
         GetNewAddress},
        {"getrawchangeaddress",
         "Wallet",
         CallKind::Slow,
         "A fresh address for change.",
         {{"address_type", ArgType::String, "bech32", "legacy, p2sh-segwit, bech32 or bech32m (Taproot)"}},
         "\"address\"",
         "",
         GetRawChangeAddress},
        {"getaddressinfo",
         "Wallet",
         CallKind::Quick,
         "What the wallet knows of an address.",
         {{"address", ArgType::String, "", "the address"}},
         "{ address, scriptPubKey, ismine, solvable, desc, parent_desc, iswatchonly, ischange, pubkey, "
         "hdkeypath,\n"
         "  hdmasterfingerprint, labels }",
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
    };
}

} // namespace

const CallTable& WalletKeyCalls()
{
    static const CallTable table = Joined({AddressCalls(), KeyCalls()});
    return table;
}

} // namespace emc::rpc
