#include "interfaces/chain.h"
#include "interfaces/wallet.h"
#include "rpc/calls.h"
#include "rpc/name_query.h"
#include "rpc/render.h"
#include "rpc/send_args.h"
#include "rpc/take.h"
#include "rpc/tx_args.h"

#include <algorithm>

namespace emc::rpc {

namespace {

using interfaces::WalletNamesApi;
using names::OpKind;
using NameChange = WalletNamesApi::NameChange;

NameChange ChangeOf(const Request& request, OpKind kind)
{
    NameChange change;
    change.kind = kind;
    change.name = request.Str(0);
    if (kind == OpKind::Delete) return change;
    change.value = NameValueOf(request.Str(1), request.Str(4), request);
    change.days = request.Int(2);
    change.to_address = request.Str(3);
    return change;
}

Json PreviewOf(const Request& request, const std::vector<NameChange>& changes)
{
    const auto preview = Take(request.Wallet()->PreviewNames(changes));
    Json out = codec::JsonObject();
    out.pushKV("burned", codec::JsonAmount(preview.burned));
    out.pushKV("network_fee", codec::JsonAmount(preview.network_fee));
    out.pushKV("total", codec::JsonAmount(preview.burned + preview.network_fee));
    out.pushKV("expires_at", preview.expiry);
    if (preview.dropped_signatures > 0)
        out.pushKV("dropped_signatures", static_cast<uint64_t>(preview.dropped_signatures));
    return out;
}

/// Does what is asked for, or tells what it would cost when argument `preview` is true.
Json Change(const Request& request, const std::vector<NameChange>& changes, size_t preview)
{
    if (request.Bool(preview)) return PreviewOf(request, changes);
    return base::ReversedHex(Take(request.Wallet()->ChangeNames(changes)));
}

Json NameNew(const Request& request)
{
    return Change(request, {ChangeOf(request, OpKind::New)}, 5);
}

Json NameUpdate(const Request& request)
{
    return Change(request, {ChangeOf(request, OpKind::Update)}, 5);
}

Json NameDelete(const Request& request)
{
    return Change(request, {ChangeOf(request, OpKind::Delete)}, 1);
}

std::vector<NameChange> ChangesOf(const Request& request)
{
    std::vector<NameChange> changes;
    for (const auto& item : request.Raw(0).getValues())
        changes.push_back(NameChangeOf(item, request));
    if (changes.empty()) throw RpcError(Code::Parameter, "The list of operations is empty");
    return changes;
}

Json NameUpdateMany(const Request& request)
{
    return Change(request, ChangesOf(request), 1);
}

Json NamePreview(const Request& request)
{
    return PreviewOf(request, ChangesOf(request));
}

/// Names of one transaction when many are renewed.
constexpr size_t RENEWED_AT_ONCE = 100;

Json NameRenew(const Request& request)
{
    const auto wallet = request.Wallet();
    const int64_t days = request.IntIn(1, 1, names::MAX_DAYS, 1);
    const primitives::Amount limit = request.Amount(2, primitives::MAX_MONEY);
    WalletNamesApi::NameQuery query;
    ReadNameFilter(request.Raw(0), request.Chain().GetTip().height, query);
    query.mine_only = true;
    std::vector<NameChange> changes;
    for (auto& own : wallet->ListNames(query)) {
        if (own.pending || own.info.record.expiry == 0) continue; // an operation is under way
        changes.push_back({OpKind::Update, own.info.name, own.info.record.value, days, ""});
    }
    Json txids = codec::JsonArray();
    primitives::Amount spent = 0;
    size_t done = 0;
    const bool preview = request.Bool(3);
    while (done < changes.size()) {
        request.CheckStop();
        const size_t count = std::min(RENEWED_AT_ONCE, changes.size() - done);
        const auto first = changes.begin() + static_cast<std::ptrdiff_t>(done);
        const std::vector<NameChange> part(first, first + static_cast<std::ptrdiff_t>(count));
        const auto cost = Take(wallet->PreviewNames(part));
        if (spent + cost.burned + cost.network_fee > limit) break;
        if (!preview) txids.push_back(base::ReversedHex(Take(wallet->ChangeNames(part))));
        spent += cost.burned + cost.network_fee;
        done += count;
    }
    Json out = codec::JsonObject();
    out.pushKV("names", static_cast<uint64_t>(done));
    out.pushKV("left", static_cast<uint64_t>(changes.size() - done));
    out.pushKV("total", codec::JsonAmount(spent));
    out.pushKV("txids", txids);
    return out;
}

Json NameList(const Request& request)
{
    const auto type = ParseValueType(request.Str(1));
    const int32_t height = request.Chain().GetTip().height;
    Json out = codec::JsonArray();
    auto query = NameQueryOf(request, {.count = 2, .start = 3, .filter = 4});
    query.exact = request.Str(0);
    request.Wallet()->ForEachName(query, [&](const interfaces::OwnName& own) {
        Json row = codec::JsonObject();
        PushValue(row, "name", base::AsBytes(own.info.name), ValueType::Text);
        const bool committed = own.info.record.expiry != 0;
        const auto& value = own.pending ? own.pending->op.value : own.info.record.value;
        PushValue(row, "value", value, type);
        if (!own.mine) row.pushKV("transferred", true);
        row.pushKV("address", own.address);
        if (committed) {
            row.pushKV("expires_in", own.info.record.expiry - height);
            row.pushKV("expires_at", own.info.record.expiry);
            if (!own.info.live) row.pushKV("expired", true);
        }
        if (own.pending) {
            row.pushKV("pending", std::string(names::OpName(own.pending->op.kind)));
            row.pushKV("txid", base::ReversedHex(own.pending->txid));
        } else {
            row.pushKV("txid", base::ReversedHex(own.info.record.outpoint.txid));
        }
        out.push_back(std::move(row));
    });
    return out;
}

Json SendToName(const Request& request)
{
    const auto info = request.Names().Find(request.Str(0));
    if (!info) throw RpcError(Code::AddressOrKey, "Name not found");
    const auto address = AddressText(request.Chain().Params(), info->record.owner_script);
    if (!info->live) {
        throw RpcError(Code::AddressOrKey, "The name has expired; its last owner was " + address +
                                               ". Use sendtoaddress if you are sure.");
    }
    auto [recipient, options] = ReadPayment(request, info->record.owner_script);
    Json out = codec::JsonObject();
    if (request.Bool(11)) {
        options.preview = true;
        primitives::MutableTransaction tx;
        tx.outputs.push_back({recipient.amount, recipient.script});
        std::vector<size_t> payers;
        if (recipient.subtract_fee) payers.push_back(0);
        const auto funded = Take(request.Wallet()->FundTransaction(tx, payers, options));
        const auto from_sender = recipient.subtract_fee ? 0 : funded.fee;
        out.pushKV("network_fee", codec::JsonAmount(funded.fee));
        out.pushKV("total", codec::JsonAmount(recipient.amount + from_sender));
        out.pushKV("sending to", address);
        return out;
    }
    out.pushKV("transaction", base::ReversedHex(Take(request.Wallet()->Send({recipient}, options))));
    out.pushKV("sending to", address);
    if (request.Bool(10)) out.pushKV("fee_reason", "Wallet's fee rate");
    return out;
}

Json EnumSign(const Request& request)
{
    const int64_t expiry = request.IntIn(3, 0, UINT32_MAX, 0);
    const auto line = Take(request.Wallet()->SignEnum(request.Str(0), request.Str(1), request.Str(2),
                                                      static_cast<uint32_t>(expiry)));
    return line;
}

constexpr ArgSpec NAME{"name", ArgType::String, "", "the name, up to 512 bytes"};
constexpr ArgSpec VALUE{"value", ArgType::String, "", "the value, up to 20480 bytes"};
constexpr ArgSpec TYPE{"valuetype", ArgType::String, "text",
                       "text, hex, base64, or file: value is a path below the folder of -namefiles"};
constexpr ArgSpec PREVIEW{"preview", ArgType::Bool, "false", "only tell what it would cost; nothing is sent"};
constexpr std::string_view TXID_OR_COST =
    "\"txid\", or with preview { burned, network_fee, total, expires_at }";

CallTable NameOpCalls()
{
    return {
        {"name_new",
         "Names",
         CallKind::Slow,
         "Registers a name. The name fee is burned.",
         {NAME,
          VALUE,
          {"days", ArgType::Number, "", "1 to 36500; a day is 168 blocks"},
          {"toaddress", ArgType::String, "\"\"",
           "owner: empty a fresh address, \"legacy\" a fresh legacy one, or any address"},
          TYPE,
          PREVIEW},
         TXID_OR_COST,
         "\"enum:18009359935:0\" \"E2U+sip=100|10|!^(.*)$!sip:100@pbx.example!\" 365",
         NameNew},
        {"name_update",
         "Names",
         CallKind::Slow,
         "Changes the value, adds days, or hands the name over. The owner stays unless an address is given.",
         {NAME,
          VALUE,
          {"days", ArgType::Number, "", "0 to 36500, added to what is left"},
          {"toaddress", ArgType::String, "\"\"", "new owner; empty: as before"},
          TYPE,
          PREVIEW},
         TXID_OR_COST,
         "\"enum:18009359935:0\" \"…\" 0",
         NameUpdate},
        {"name_delete",
         "Names",
         CallKind::Slow,
         "Gives a name up at once; anybody may register it then.",
         {NAME, PREVIEW},
         TXID_OR_COST,
         "\"enum:18009359935:0\"",
         NameDelete},
    };
}

CallTable NameMoreCalls()
{
    return {
        {"name_updatemany",
         "Names",
         CallKind::Slow,
         "Several name operations in one transaction.",
         {{"operations", ArgType::Array, "",
           "[ { \"NEW\"|\"UPDATE\"|\"DELETE\": name, value, days, toaddress, valuetype } ]"},
          PREVIEW},
         TXID_OR_COST,
         "'[{\"NEW\":\"a\",\"value\":\"1\",\"days\":30}]'",
         NameUpdateMany},
        {"name_preview",
         "Names",
         CallKind::Slow,
         "What operations would cost; nothing is sent.",
         {{"operations", ArgType::Array, "", "as for name_updatemany"}},
         "{ burned, network_fee, total, expires_at, dropped_signatures }",
         "'[{\"NEW\":\"a\",\"value\":\"1\",\"days\":30}]'",
         NamePreview},
        {"name_list",
         "Names",
         CallKind::Slow,
         "Names of this wallet in byte order, pending operations included.",
         {{"name", ArgType::String, "\"\"", "only this one"},
          {"valuetype", ArgType::String, "text", "text, hex or base64"},
          {"count", ArgType::Number, "0", "at most so many; 0: all"},
          {"start", ArgType::String, "\"\"",
           "first name to list; the next page starts with the last one seen"},
          {"filter", ArgType::Object, "-",
           "{ prefix, expires_within: blocks, mine: without names of others }"}},
         "[ { name, value, transferred, address, expires_in, expires_at, expired, pending, txid } ]",
         "",
         NameList},
        {"name_renew",
         "Names",
         CallKind::Slow,
         "Adds days to live names of this wallet, a hundred in a transaction; values and owners stay.",
         {{"filter", ArgType::Object, "", "{ prefix, expires_within: blocks }; {} for all"},
          {"days", ArgType::Number, "", "1 to 36500, added to what is left"},
          {"max_cost", ArgType::Amount, "-", "EMC to spend at most, fees included; then it stops"},
          {"preview", ArgType::Bool, "false", "only tell what it would cost"}},
         "{ names, left, total, txids }",
         "'{\"expires_within\":5000}' 365 10",
         NameRenew},
        {"sendtoname",
         "Names",
         CallKind::Slow,
         "Sends money to the owner of a name.",
         {NAME,
          {"amount", ArgType::Amount, "", "EMC"},
          {"comment", ArgType::String, "\"\"", "kept in the wallet only"},
          {"comment_to|comment-to", ArgType::String, "\"\"", "kept in the wallet only"},
          {"subtractfeefromamount", ArgType::Bool, "false", "the receiver pays the fee"},
          REPLACEABLE_ARG,
          CONF_TARGET_ARG,
          ESTIMATE_MODE_ARG,
          AVOID_REUSE_ARG,
          FEE_RATE_ARG,
          {"verbose", ArgType::Bool, "false", "also why the fee is what it is"},
          PREVIEW},
         "{ \"sending to\": address, \"transaction\": txid, fee_reason }, or with preview { \"sending to\", "
         "network_fee,\n  total }",
         "\"enum:18009359935:0\" 1.5",
         SendToName},
        {"enum_sign",
         "Enum",
         CallKind::Slow,
         "Signs a number for its owner, as the verifier whose ver: name is in this wallet.",
         {{"verifier", ArgType::String, "", "ver: name of this wallet"},
          {"number", ArgType::String, "", "E.164 number, the slot does not matter"},
          {"owner_address", ArgType::String, "", "address that owns (or will own) the record"},
          {"expiry", ArgType::Number, "0", "unix seconds after which it no longer counts; 0: never"}},
         "\"SIG=ver:…|base64\"    the line to put into the record",
         "\"ver:enum\" \"18009359935\" \"address\"",
         EnumSign},
    };
}

} // namespace

const CallTable& WalletNameCalls()
{
    static const CallTable table = Joined({NameOpCalls(), NameMoreCalls()});
    return table;
}

} // namespace emc::rpc
