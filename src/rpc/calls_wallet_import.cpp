#include "base/clock.h"
#include "consensus/params.h"
#include "interfaces/chain.h"
#include "interfaces/wallet.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "rpc/take.h"
#include "rpc/wallet_dump.h"
#include "script/descriptor.h"

#include <algorithm>
#include <tuple>

namespace emc::rpc {

namespace {

using interfaces::WalletApi;
using ImportItem = WalletApi::ImportItem;

constexpr uint32_t DEFAULT_RANGE_END = 99;

std::string WithChecksum(const std::string& text)
{
    return text + "#" + script::DescriptorChecksum(text).value_or("");
}

int64_t TimestampOf(const Request& request, const Json& item)
{
    const Json& value = item["timestamp"];
    if (value.isStr() && value.get_str() == "now") return request.Chain().GetTip().median_time;
    if (value.isNum()) return std::max<int64_t>(value.get_int64(), 1);
    throw RpcError(Code::Type, "timestamp is missing: unix seconds of the oldest payment, or \"now\"");
}

bool Flag(const Json& item, const std::string& key)
{
    const Json& value = item[key];
    if (!value.isNull() && !value.isBool()) throw RpcError(Code::Type, key + " must be true or false");
    return value.isTrue();
}

std::string Text(const Json& item, const std::string& key)
{
    const Json& value = item[key];
    if (!value.isNull() && !value.isStr()) throw RpcError(Code::Type, key + " must be a string");
    return value.isStr() ? value.get_str() : std::string();
}

/// What is common to descriptors of importdescriptors and importmulti.
ImportItem ItemOf(const Request& request, const Json& item, Json& warnings)
{
    if (!item.isObject()) throw RpcError(Code::Type, "Each request must be an object");
    ImportItem out;
    out.descriptor = Text(item, "desc");
    out.created = TimestampOf(request, item);
    out.active = Flag(item, "active");
    out.internal = Flag(item, "internal");
    out.label = Text(item, "label");
    const auto parsed = script::Descriptor::Parse(request.Chain().Params().addresses, out.descriptor, false);
    if (!parsed || !parsed->IsRange()) {
        if (!item["range"].isNull())
            throw RpcError(Code::Parameter, "The descriptor has no wildcard: give no range");
        return out;
    }
    if (!item["range"].isNull()) {
        std::tie(out.begin, out.end) = IndexRange(item["range"]);
    } else {
        out.end = DEFAULT_RANGE_END;
        warnings.push_back("No range was given: the first 100 indices are taken");
    }
    if (!item["next_index"].isNull()) {
        if (!item["next_index"].isNum()) throw RpcError(Code::Type, "next_index must be a number");
        const int64_t next = item["next_index"].get_int64();
        if (next < out.begin || next > out.end)
            throw RpcError(Code::Parameter, "next_index is outside the range");
        out.next = static_cast<uint32_t>(next);
    }
    return out;
}

Json ResultOf(const interfaces::Result<void>& result, const Json& warnings)
{
    Json out = codec::JsonObject();
    out.pushKV("success", result.HasValue());
    if (warnings.size() > 0) out.pushKV("warnings", warnings);
    if (result) return out;
    Json error = codec::JsonObject();
    error.pushKV("code", result.Error().code);
    error.pushKV("message", result.Error().message);
    out.pushKV("error", error);
    return out;
}

/// Imports what `read` makes of each request, together; a request it refuses fails alone.
Json ImportAll(const Request& request, ImportItem (*read)(const Request&, const Json&, Json&))
{
    const auto& list = request.Raw(0).getValues();
    std::vector<ImportItem> items;
    std::vector<Json> warnings(list.size(), codec::JsonArray());
    std::vector<interfaces::Result<void>> results(list.size());
    std::vector<size_t> places;
    for (size_t i = 0; i < list.size(); ++i) {
        try {
            items.push_back(read(request, list[i], warnings[i]));
            places.push_back(i);
        } catch (const RpcError& error) {
            results[i] = base::Unexpected(interfaces::Failure{error.ErrorCode(), error.what()});
        }
    }
    auto imported = request.Wallet()->ImportDescriptors(items);
    for (size_t i = 0; i < places.size(); ++i)
        results[places[i]] = std::move(imported[i]);
    Json out = codec::JsonArray();
    for (size_t i = 0; i < list.size(); ++i)
        out.push_back(ResultOf(results[i], warnings[i]));
    return out;
}

Json ImportDescriptors(const Request& request)
{
    return ImportAll(request, ItemOf);
}

/// A descriptor of what the older call names in other ways.
ImportItem MultiItemOf(const Request& request, const Json& item, Json& warnings)
{
    if (!item.isObject()) throw RpcError(Code::Type, "Each request must be an object");
    for (const char* key : {"redeemscript", "witnessscript"}) {
        if (!item[key].isNull())
            throw RpcError(Code::Parameter,
                           std::string(key) + " is not understood: give a descriptor as desc");
    }
    Json described = item;
    if (item["desc"].isNull()) {
        const Json& keys = item["keys"];
        const Json& pubkeys = item["pubkeys"];
        const Json& target = item["scriptPubKey"];
        const Json& one = keys.isArray() && keys.size() == 1         ? keys[0]
                          : pubkeys.isArray() && pubkeys.size() == 1 ? pubkeys[0]
                                                                     : Json();
        std::string text;
        if (keys.isArray() && keys.size() == 1 && one.isStr())
            static_cast<void>(SecretOf(request.Chain().Params(), one.get_str()));
        if (one.isStr())
            text = "combo(" + one.get_str() + ")";
        else if (target.isObject())
            text = "addr(" + Text(target, "address") + ")";
        else if (target.isStr())
            text = "raw(" + target.get_str() + ")";
        else
            throw RpcError(Code::Parameter, "Give desc, scriptPubKey, or one of keys or pubkeys");
        described.pushKV("desc", WithChecksum(text));
    }
    return ItemOf(request, described, warnings);
}

Json ImportMulti(const Request& request)
{
    return ImportAll(request, MultiItemOf);
}

/// One descriptor, refused as a whole.
void ImportOne(const Request& request, const std::string& text, const std::string& label, bool rescan)
{
    ImportItem item;
    item.descriptor = WithChecksum(text);
    item.label = label;
    item.created = rescan ? 1 : request.Chain().GetTip().time + 1;
    Take(request.Wallet()->ImportDescriptors({item})[0]);
}

Json ImportAddress(const Request& request)
{
    const std::string text = request.Str(0);
    if (request.Bool(3)) {
        throw RpcError(Code::Wallet,
                       "A script hash of a script is imported as a descriptor: importdescriptors");
    }
    const bool hex = base::FromHex(text).has_value();
    ImportOne(request, (hex ? "raw(" : "addr(") + text + ")", request.Str(1), request.Bool(2, true));
    return Json();
}

Json ImportPubKey(const Request& request)
{
    if (!base::FromHex(request.Str(0))) throw RpcError(Code::AddressOrKey, "A public key is written in hex");
    ImportOne(request, "combo(" + request.Str(0) + ")", request.Str(1), request.Bool(2, true));
    return Json();
}

Json ListDescriptors(const Request& request)
{
    const auto wallet = request.Wallet();
    auto list = Take(wallet->ListDescriptors(request.Bool(0) ? WalletApi::KeysShown::Private
                                                             : WalletApi::KeysShown::Public));
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.text < b.text; });
    Json rows = codec::JsonArray();
    for (const auto& info : list) {
        Json row = codec::JsonObject();
        row.pushKV("desc", info.text);
        row.pushKV("timestamp", info.created);
        row.pushKV("active", info.active);
        if (info.active) row.pushKV("internal", info.internal);
        if (info.range) {
            Json range = codec::JsonArray();
            range.push_back(static_cast<int64_t>(info.begin));
            range.push_back(static_cast<int64_t>(info.end));
            row.pushKV("range", range);
            row.pushKV("next", static_cast<int64_t>(info.next));
        }
        rows.push_back(row);
    }
    Json out = codec::JsonObject();
    out.pushKV("wallet_name", wallet->Name());
    out.pushKV("descriptors", rows);
    return out;
}

Json AddMultisigAddress(const Request& request)
{
    const auto wallet = request.Wallet();
    const auto& params = request.Chain().Params();
    std::string keys;
    for (const auto& entry : request.Raw(1).getValues()) {
        const std::string text = entry.isStr() ? entry.get_str() : "";
        const bool hex = base::FromHex(text).has_value();
        const auto pubkey = hex ? text : base::Hex(Take(wallet->GetAddressInfo(text)).pubkey);
        if (pubkey.empty())
            throw RpcError(Code::AddressOrKey, "This wallet does not know the key of " + text);
        keys += "," + pubkey;
    }
    const std::string type = request.Str(3, "legacy");
    const std::string multi = "multi(" + std::to_string(request.Int(0)) + keys + ")";
    std::string text;
    if (type == "legacy") text = "sh(" + multi + ")";
    if (type == "p2sh-segwit") text = "sh(wsh(" + multi + "))";
    if (type == "bech32") text = "wsh(" + multi + ")";
    if (text.empty())
        throw RpcError(Code::AddressOrKey,
                       "Unknown address type '" + type + "': legacy, p2sh-segwit or bech32");
    const auto parsed = script::Descriptor::Parse(params.addresses, text, false);
    if (!parsed) throw RpcError(Code::AddressOrKey, parsed.Error());
    const auto outputs = parsed->Expand(0);
    if (!outputs) throw RpcError(Code::AddressOrKey, outputs.Error());
    ImportOne(request, text, request.Str(2), false);
    const auto& script =
        outputs->witness_scripts.empty() ? outputs->redeem_scripts : outputs->witness_scripts;
    Json out = codec::JsonObject();
    out.pushKV("address", AddressText(params, outputs->scripts[0]));
    out.pushKV("redeemScript", base::Hex(script[0]));
    out.pushKV("descriptor", parsed->Text());
    return out;
}

Json KeypoolRefill(const Request& request)
{
    Take(request.Wallet()->RefillKeys(static_cast<uint32_t>(request.IntIn(0, 1, 1'000'000, 100))));
    return Json();
}

Json NewKeypool(const Request& request)
{
    throw RpcError(Code::Wallet, "Wallet \"" + request.Wallet()->Name() +
                                     "\" has no pool of random keys to fill anew: all its addresses follow "
                                     "from seed and descriptors; keypoolrefill knows more of them ahead");
}

Json ListLabels(const Request& request)
{
    Json out = codec::JsonArray();
    std::string last;
    for (const auto& [label, address] : request.Wallet()->Labels()) {
        if (out.size() == 0 || label != last) out.push_back(label);
        last = label;
    }
    return out;
}

Json GetAddressesByLabel(const Request& request)
{
    Json out = codec::JsonObject();
    for (const auto& [label, address] : request.Wallet()->Labels()) {
        if (label != request.Str(0) || address.empty()) continue;
        Json row = codec::JsonObject();
        const auto info = Take(request.Wallet()->GetAddressInfo(address));
        row.pushKV("purpose", info.mine ? "receive" : "send");
        out.pushKV(address, row);
    }
    if (out.empty()) throw RpcError(Code::WalletLabel, "No address has the label " + request.Str(0));
    return out;
}

Json DumpWallet(const Request& request)
{
    const auto keys = Take(request.Wallet()->DumpKeys());
    const auto info = request.Wallet()->GetInfo();
    const DumpHead head{request.Chain().GetTip().height, base::ReversedHex(request.Chain().GetTip().hash),
                        base::TimeText(info.birth_time)};
    if (const auto problem = WriteDump(request.Str(0), head, keys); !problem.empty())
        throw RpcError(Code::Parameter, problem);
    Json out = codec::JsonObject();
    out.pushKV("filename", request.Str(0));
    return out;
}

Json ImportWallet(const Request& request)
{
    const auto lines = ReadDump(request.Str(0));
    if (!lines) throw RpcError(Code::Parameter, lines.Error());
    Take(request.Wallet()->ImportSecrets(*lines, true));
    return Json();
}

constexpr ArgSpec LABEL{"label", ArgType::String, "\"\"", "a label"};
constexpr ArgSpec RESCAN{"rescan", ArgType::Bool, "true", "look for its coins in all blocks"};

CallTable DescriptorImports()
{
    return {
        {"importdescriptors",
         "Wallet",
         CallKind::Slow,
         "Adds output descriptors: with private keys to a wallet that has such, without to one that only "
         "watches.",
         {{"requests", ArgType::Array, "",
           "[ { desc, timestamp (unix seconds or \"now\"), active, range, next_index, internal, label } ]"}},
         "[ { success, warnings, error: { code, message } } ]    one for each request",
         "'[{\"desc\":\"wpkh(…)#…\",\"timestamp\":\"now\"}]'",
         ImportDescriptors},
        {"importmulti",
         "Wallet",
         CallKind::Slow,
         "As importdescriptors, in the older form. A key or address stands alone.",
         {{"requests", ArgType::Array, "",
           "[ { desc or scriptPubKey (hex or { address }) or keys or pubkeys (one), timestamp, range, label "
           "} ]"},
          {"options", ArgType::Object, "-", "ignored: what is older than the tip is looked for"}},
         "[ { success, warnings, error } ]",
         "'[{\"scriptPubKey\":{\"address\":\"…\"},\"timestamp\":\"now\"}]'",
         ImportMulti},
        {"importaddress",
         "Wallet",
         CallKind::Slow,
         "Watches an address or script, in a wallet made with disable_private_keys.",
         {{"address", ArgType::String, "", "address, or a script in hex"},
          LABEL,
          RESCAN,
          {"p2sh", ArgType::Bool, "false", "always false: see importdescriptors"}},
         "null",
         "\"address\" \"shop\" false",
         ImportAddress},
        {"importpubkey",
         "Wallet",
         CallKind::Slow,
         "Watches all addresses of a public key, in a wallet made with disable_private_keys.",
         {{"pubkey", ArgType::String, "", "hex"}, LABEL, RESCAN},
         "null",
         "\"02…\"",
         ImportPubKey},
        {"listdescriptors",
         "Wallet",
         CallKind::Slow,
         "What the wallet's addresses come from.",
         {{"private", ArgType::Bool, "false", "with private keys: whoever has them has the money"}},
         "{ wallet_name, descriptors: [ { desc, timestamp, active, internal, range, next } ] }",
         "",
         ListDescriptors},
        {"addmultisigaddress",
         "Wallet",
         CallKind::Slow,
         "Adds an n-of-m address that has at least one key of this wallet.",
         {{"nrequired", ArgType::Number, "", "signatures needed"},
          {"keys", ArgType::Array, "", "public keys in hex, or addresses of this wallet"},
          LABEL,
          {"address_type", ArgType::String, "legacy", "legacy, p2sh-segwit or bech32"}},
         "{ address, redeemScript, descriptor }",
         "2 '[\"03…\",\"address\"]'",
         AddMultisigAddress},
    };
}

CallTable OtherCalls()
{
    return {
        {"keypoolrefill",
         "Wallet",
         CallKind::Slow,
         "Knows so many addresses ahead of the last one used, until the wallet is closed; for restored "
         "wallets "
         "with gaps.",
         {{"newsize", ArgType::Number, "100", "addresses"}},
         "null",
         "1000",
         KeypoolRefill},
        {"newkeypool",
         "Wallet",
         CallKind::Quick,
         "Refused: a wallet has no pool of random keys. See keypoolrefill.",
         {},
         "an error",
         "",
         NewKeypool},
        {"listlabels",
         "Wallet",
         CallKind::Quick,
         "All labels.",
         {{"purpose", ArgType::String, "-", "ignored"}},
         "[ \"label\" ]",
         "",
         ListLabels},
        {"getaddressesbylabel",
         "Wallet",
         CallKind::Quick,
         "Addresses with a label.",
         {{"label", ArgType::String, "", "the label"}},
         "{ address: { purpose } }",
         "\"shop\"",
         GetAddressesByLabel},
        {"dumpwallet",
         "Wallet",
         CallKind::Slow,
         "Writes all private keys into a text file. Whoever has it has the money; backupwallet is safer.",
         {{"filename", ArgType::String, "", "a new file on the node's computer"}},
         "{ filename }",
         "\"/path/keys.txt\"",
         DumpWallet},
        {"importwallet",
         "Wallet",
         CallKind::Slow,
         "Adds the private keys of a file that dumpwallet wrote, and looks for their money in all blocks.",
         {{"filename", ArgType::String, "", "the file on the node's computer"}},
         "null",
         "\"/path/keys.txt\"",
         ImportWallet},
    };
}

} // namespace

const CallTable& WalletImportCalls()
{
    static const CallTable table = Joined({DescriptorImports(), OtherCalls()});
    return table;
}

} // namespace emc::rpc
