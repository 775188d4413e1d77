#include "interfaces/chain.h"
#include "interfaces/wallet.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "rpc/send_args.h"
#include "rpc/take.h"
#include "rpc/tx_args.h"
#include "script/sighash.h"
#include "script/solver.h"

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

/// The keys of a script of several, and how many of them sign.
void PushMultiSig(Json& out, const base::Bytes& script)
{
    const auto solution = script::Solve(script);
    out.pushKV("script", std::string(script::TypeName(solution.type)));
    out.pushKV("hex", base::Hex(script));
    if (solution.type != script::ScriptType::MultiSig) return;
    Json keys = codec::JsonArray();
    for (size_t i = 1; i + 1 < solution.parts.size(); ++i)
        keys.push_back(base::Hex(solution.parts[i]));
    out.pushKV("pubkeys", keys);
    out.pushKV("sigsrequired", static_cast<int>(solution.parts.front()[0]));
}

Json GetAddressInfo(const Request& request)
{
    const auto info = Take(request.Wallet()->GetAddressInfo(request.Str(0)));
    Json out = codec::JsonObject();
    out.pushKV("address", AddressText(request.Chain().Params(), info.script));
    out.pushKV("scriptPubKey", base::Hex(info.script));
    out.pushKV("ismine", info.mine);
    out.pushKV("iswatchonly", false);
    out.pushKV("solvable", info.solvable);
    if (!info.descriptor.empty()) out.pushKV("desc", info.descriptor);
    if (!info.parent_descriptor.empty()) out.pushKV("parent_desc", info.parent_descriptor);
    PushAddressKind(out, info.script);
    const auto& behind = info.witness_script.empty() ? info.redeem_script : info.witness_script;
    if (!behind.empty()) PushMultiSig(out, behind);
    if (!info.pubkey.empty()) {
        out.pushKV("pubkey", base::Hex(info.pubkey));
        out.pushKV("iscompressed", info.pubkey.size() == 33);
    }
    out.pushKV("ischange", info.change);
    if (info.created != 0) out.pushKV("timestamp", info.created);
    if (!info.hd_path.empty()) out.pushKV("hdkeypath", info.hd_path);
    if (!info.master_fingerprint.empty()) out.pushKV("hdmasterfingerprint", info.master_fingerprint);
    Json labels = codec::JsonArray();
    if (info.mine && !info.change) labels.push_back(info.label);
    out.pushKV("labels", labels);
    return out;
}

Json WalletDisplayAddress(const Request& request)
{
    Json out = codec::JsonObject();
    out.pushKV("address", Take(request.Wallet()->DisplayAddress(request.Str(0))));
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
    std::vector<interfaces::GivenOutput> given;
    if (request.Has(1)) {
        for (const auto& item : request.Raw(1).getValues()) {
            auto [outpoint, output] = PreviousOutputOf(item);
            given.push_back({outpoint, std::move(output), 0});
        }
    }
    const int type = request.Has(2) ? HashTypeOf(request.Str(2)) : script::SIGHASH_ALL;
    const auto done = Take(request.Wallet()->SignTransaction(tx->Fields(), type, given));
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
         "{ address, scriptPubKey, ismine, iswatchonly, solvable, desc, parent_desc, isscript, iswitness, "
         "witness_version,\n"
         "  witness_program, script, hex, pubkeys, sigsrequired, pubkey, iscompressed, ischange, timestamp, "
         "hdkeypath,\n"
         "  hdmasterfingerprint, labels }    script, hex: what is behind a script hash, if known",
         "\"address\"",
         GetAddressInfo},
        {"walletdisplayaddress",
         "Wallet",
         CallKind::Slow,
         "Shows an address of this wallet on its external signer, to compare what you give away with what "
         "the "
         "device\nhas keys for.",
         {{"address", ArgType::String, "", "address of this wallet"}},
         "{ address }    as the device writes it",
         "\"address\"",
         WalletDisplayAddress},
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
         {{"hexstring", ArgType::String, "", "the transaction"},
          {"prevtxs", ArgType::Array, "-",
           "[ { txid, vout, scriptPubKey, amount } ] of transactions the node may not know"},
          {"sighashtype", ArgType::String, "ALL",
           "DEFAULT, ALL, NONE or SINGLE, the last three also with |ANYONECANPAY"}},
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
