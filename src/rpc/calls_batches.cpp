// Batches of own calls: made, compared, signed, claimed.
#include "interfaces/call_batches.h"
#include "interfaces/calls.h"
#include "interfaces/wallet.h"
#include "reward/car.h"
#include "rpc/calls.h"
#include "rpc/render_call.h"
#include "rpc/take.h"
#include "rpc/text_file.h"

#include <algorithm>

namespace emc::rpc {

namespace {

using base::Hash256;
using interfaces::BatchInfo;
using interfaces::BatchState;
using interfaces::CallBatches;
using reward::CallRecord;

/// Larger ones are given as files only.
constexpr size_t MAX_TEXT_BYTES = size_t{4} << 20;
/// A batch as CAR file, with the marks of its blocks.
constexpr size_t MAX_CAR_BYTES = reward::MAX_BATCH_FILE_BYTES + (size_t{1} << 20);
constexpr int64_t MAX_PAGE = 10'000;

std::string HashText(const Hash256& hash)
{
    return base::Hex(hash.Span());
}

Json DisputedJson(const reward::DisputedCall& call)
{
    Json out = codec::JsonObject();
    out.pushKV("callid", call.call_id);
    out.pushKV("answer", call.answer);
    out.pushKV("reason", std::string(reward::Text(call.dispute)));
    return out;
}

Json InfoJson(const BatchInfo& info)
{
    const auto& batch = info.batch;
    Json out = codec::JsonObject();
    out.pushKV("id", HashText(info.id));
    out.pushKV("state", std::string(interfaces::BATCH_STATE_NAMES[static_cast<size_t>(info.state)]));
    if (!info.reason.empty()) out.pushKV("reason", info.reason);
    out.pushKV("caller", batch.pair.caller.Name());
    out.pushKV("callee", batch.pair.callee.Name());
    out.pushKV("from", static_cast<uint64_t>(batch.period_start));
    out.pushKV("to", static_cast<uint64_t>(batch.period_end));
    out.pushKV("calls", static_cast<uint64_t>(batch.calls));
    out.pushKV("minutes", static_cast<uint64_t>(batch.minutes));
    out.pushKV("root", HashText(batch.root));
    out.pushKV("caller_signed", info.caller_signed);
    out.pushKV("callee_signed", info.callee_signed);
    out.pushKV("made_here", info.made_here);
    if (info.waiting_for) {
        out.pushKV("waiting_for", info.waiting_for->Name());
        out.pushKV("waiting_since", info.waiting_since);
    }
    if (!info.problem.empty()) out.pushKV("problem", info.problem);
    out.pushKV("created", info.created);
    out.pushKV("changed", info.changed);
    if (info.txid) out.pushKV("txid", base::ReversedHex(*info.txid));
    const bool claimed = info.state == BatchState::Claimed || info.state == BatchState::Confirmed;
    if (claimed && batch.claim != 0)
        out.pushKV("reward", codec::JsonAmount(static_cast<primitives::Amount>(batch.claim)));
    if (info.block) {
        out.pushKV("blockhash", base::ReversedHex(*info.block));
        out.pushKV("height", info.height);
    }
    Json left_out = codec::JsonArray();
    for (const auto& call : info.left_out)
        left_out.push_back(DisputedJson(call));
    out.pushKV("left_out", left_out);
    return out;
}

/// The same with the batch as text, unless that is too long.
Json HandOverJson(CallBatches& batches, const BatchInfo& info)
{
    Json out = InfoJson(info);
    const auto file = Take(batches.File(info.id));
    if (file.size() <= MAX_TEXT_BYTES) out.pushKV("text", reward::BatchText(file));
    return out;
}

} // namespace

Hash256 BatchIdOf(const std::string& text)
{
    const auto bytes = base::FromHex(text);
    const auto id = bytes ? Hash256::From(*bytes) : std::nullopt;
    if (!id) throw RpcError(Code::Parameter, "batch: an id of 64 hex digits is expected");
    return *id;
}

namespace {

/// An id, "@file", or the text of a batch; what is handed over is taken in.
Hash256 BatchArg(const Request& request, size_t i)
{
    const std::string text = request.Str(i);
    if (text.size() == 2 * Hash256::SIZE) return BatchIdOf(text);
    if (text.starts_with("@")) {
        const auto file = ReadTextFile(text.substr(1), MAX_CAR_BYTES);
        if (!file) throw RpcError(Code::Parameter, "batch: " + file.Error());
        const auto bytes = base::AsBytes(*file);
        const auto content = reward::ReadCar(bytes);
        return Take(request.Batches().Receive(content ? base::ByteSpan(*content) : bytes)).id;
    }
    const auto bytes = reward::BatchBytes(text);
    if (!bytes)
        throw RpcError(Code::Parameter, "batch: an id of 64 hex digits, @file, or its text in base64");
    return Take(request.Batches().Receive(*bytes)).id;
}

std::optional<uint32_t> SecondsArg(const Request& request, size_t i)
{
    if (!request.Has(i)) return std::nullopt;
    return static_cast<uint32_t>(request.IntIn(i, 0, UINT32_MAX, 0));
}

Json BatchCreate(const Request& request)
{
    interfaces::BatchRequest wanted;
    wanted.caller = request.Str(0);
    wanted.callee = request.Str(1);
    wanted.from = SecondsArg(request, 2);
    wanted.to = SecondsArg(request, 3);
    auto& batches = request.Batches();
    return HandOverJson(batches, Take(batches.Create(wanted, *request.Wallet())));
}

Json BatchCheck(const Request& request)
{
    auto& batches = request.Batches();
    const auto check = Take(batches.Check(BatchArg(request, 0)));
    Json disputed = codec::JsonArray();
    for (const auto& finding : check.disputed) {
        Json row = DisputedJson({finding.theirs.call_id, finding.theirs.answer, finding.dispute});
        row.pushKV("end", finding.theirs.end);
        if (finding.own) {
            row.pushKV("own_answer", finding.own->answer);
            row.pushKV("own_end", finding.own->end);
        }
        disputed.push_back(row);
    }
    Json withheld = codec::JsonArray();
    for (const auto& call : check.withheld) {
        Json row = codec::JsonObject();
        row.pushKV("callid", call.call_id);
        row.pushKV("answer", call.answer);
        row.pushKV("end", call.end);
        withheld.push_back(row);
    }
    Json obstacles = codec::JsonArray();
    for (const auto& text : check.obstacles)
        obstacles.push_back(text);
    Json out = InfoJson(check.info);
    out.pushKV("agreed", check.agreed);
    out.pushKV("disputed", disputed);
    out.pushKV("withheld", withheld);
    out.pushKV("obstacles", obstacles);
    return out;
}

Json BatchSign(const Request& request)
{
    auto& batches = request.Batches();
    const auto disputed = request.Bool(1) ? CallBatches::Disputed::LeaveOut : CallBatches::Disputed::Refuse;
    const auto wallet = request.Wallet();
    return HandOverJson(batches, Take(batches.Sign(BatchArg(request, 0), *wallet, disputed)));
}

Json BatchClaim(const Request& request)
{
    interfaces::ClaimOptions options;
    if (request.Has(1)) {
        const Json& given = request.Raw(1);
        CheckKeys(given, {"preview", "amount", "fee_rate"});
        if (!given["preview"].isNull() && !given["preview"].isBool())
            throw RpcError(Code::Type, "preview: true or false is expected");
        options.preview = given["preview"].isTrue();
        for (auto& [name, value] :
             {std::pair("amount", &options.amount), std::pair("fee_rate", &options.fee_per_kvb)}) {
            if (given[name].isNull()) continue;
            *value = codec::ParseAmount(given[name].getValStr());
            if (!*value || !primitives::MoneyRange(**value))
                throw RpcError(Code::Parameter, std::string(name) + ": an amount of EMC is expected");
        }
    }
    const auto plan = Take(request.Batches().Claim(BatchArg(request, 0), options, *request.Wallet()));
    Json out = InfoJson(plan.info);
    out.pushKV("sent", !options.preview);
    out.pushKV("claim", codec::JsonAmount(plan.claim));
    out.pushKV("allowed_by_minutes", codec::JsonAmount(plan.minute_bound));
    out.pushKV("allowed_by_age", codec::JsonAmount(plan.age_bound));
    out.pushKV("bond", codec::JsonAmount(plan.bond));
    out.pushKV("coins", static_cast<uint64_t>(plan.coins));
    out.pushKV("to_caller", codec::JsonAmount(plan.to_caller));
    out.pushKV("to_callee", codec::JsonAmount(plan.to_callee));
    out.pushKV("fee", codec::JsonAmount(plan.fee));
    out.pushKV("staking_forgone", codec::JsonAmount(plan.staking_forgone));
    out.pushKV("hex", base::Hex(primitives::Serialize(*plan.tx)));
    return out;
}

Json BatchList(const Request& request)
{
    interfaces::BatchFilter filter;
    if (const auto state = request.Str(0); !state.empty() && state != "all") {
        const auto& names = interfaces::BATCH_STATE_NAMES;
        const auto found = std::find(names.begin(), names.end(), state);
        if (found == names.end()) {
            throw RpcError(Code::Parameter, "state: all, open, waiting, signed, claimed, confirmed or "
                                            "refused is expected");
        }
        filter.state = static_cast<BatchState>(found - names.begin());
    }
    if (const auto number = request.Str(1); !number.empty())
        filter.number = Take(request.Calls().Number(number));
    filter.count = static_cast<size_t>(request.IntIn(2, 1, MAX_PAGE, 100));
    filter.skip = static_cast<size_t>(request.IntIn(3, 0, INT64_MAX, 0));
    Json out = codec::JsonArray();
    for (const auto& info : Take(request.Batches().List(filter)))
        out.push_back(InfoJson(info));
    return out;
}

Json BatchSend(const Request& request)
{
    return InfoJson(Take(request.Batches().Send(BatchArg(request, 0))));
}

Json BatchRefuse(const Request& request)
{
    return InfoJson(Take(request.Batches().Refuse(BatchArg(request, 0), request.Str(1))));
}

Json BatchExport(const Request& request)
{
    auto& batches = request.Batches();
    auto file = Take(batches.File(BatchArg(request, 0)));
    const std::string format = request.Str(2, "batch");
    if (format != "batch" && format != "car")
        throw RpcError(Code::Parameter, "format: batch or car is expected");
    const std::string path = request.Str(1);
    Json out = codec::JsonObject();
    if (format == "car") {
        if (path.empty()) throw RpcError(Code::Parameter, "file: a path for the CAR file is expected");
        auto car = reward::MakeCar(file);
        out.pushKV("cid", car.cid);
        file = std::move(car.bytes);
    }
    out.pushKV("bytes", static_cast<uint64_t>(file.size()));
    if (path.empty()) {
        if (file.size() > MAX_TEXT_BYTES)
            throw RpcError(Code::Parameter, "the batch is larger than 4 MiB: name a file for it");
        out.pushKV("text", reward::BatchText(file));
        return out;
    }
    if (const auto wrong = WriteNewTextFile(path, base::ToText(file)); !wrong.empty())
        throw RpcError(Code::Misc, wrong);
    out.pushKV("file", path);
    return out;
}

#define EMC_BATCH_FIELDS                                                                                     \
    "{ id, state: open, waiting, signed, claimed, confirmed or refused, reason, caller, callee, from, to,\n" \
    "  calls, minutes, root, caller_signed, callee_signed, made_here, waiting_for: number that is to "       \
    "sign,\n"                                                                                                \
    "  waiting_since, problem: once that lasts a day, created, changed, txid, reward: EMC claimed,\n"        \
    "  blockhash, height, left_out: [ { callid, answer, reason } ]"

constexpr ArgSpec BATCH{"batch", ArgType::AnyWord, "", "its id, its text, or @ and the path of a file"};

CallTable AgreeingCalls()
{
    return {
        {"call_batch_create",
         "Calls",
         CallKind::Slow,
         "Makes a batch of the calls of one direction and one period, to be handed to the other side. It is "
         "not signed: let the side that may dispute calls sign first.",
         {{"caller", ArgType::AnyWord, "", "number, perhaps with :slot"},
          {"callee", ArgType::AnyWord, "", "number, perhaps with :slot; one of the two is the wallet's"},
          {"from", ArgType::Number, "-",
           "unix seconds; left out: the end of the last batch that was signed, 31 days ago at most"},
          {"to", ArgType::Number, "-", "unix seconds, not included; left out: the tip's median time"}},
         EMC_BATCH_FIELDS ",\n  text: the batch with its records in base64, up to 4 MiB }",
         "18009359935 442079460000",
         BatchCreate},
        {"call_batch_check",
         "Calls",
         CallKind::Slow,
         "Compares a batch with the own records: times may differ by 2 seconds, a call by one minute. A text "
         "or "
         "file is kept, too.",
         {BATCH},
         EMC_BATCH_FIELDS ",\n  agreed, disputed: [ { callid, answer, reason, end, own_answer, own_end } ],\n"
                          "  withheld: [ { callid, answer, end } ] own calls that are not in the batch,\n"
                          "  obstacles: [ reasons why it would not be signed ] }",
         "@/tmp/batch",
         BatchCheck},
        {"call_batch_sign",
         "Calls",
         CallKind::Slow,
         "Signs a batch for the wallet's number, or takes the other side's signature. Refused while calls "
         "are "
         "disputed, when its period overlaps one that was signed, and unless trusted verifiers have signed "
         "both "
         "numbers.",
         {BATCH,
          {"leave_out", ArgType::Bool, "false",
           "sign a batch without the disputed calls in place of this one, if nobody has signed it"}},
         EMC_BATCH_FIELDS ",\n  text: the batch with its records in base64, up to 4 MiB }",
         "@/tmp/batch",
         BatchSign},
        {"call_batch_send",
         "Calls",
         CallKind::Slow,
         "Hands a batch to the node of the other number's owner, sealed for its key, through nodes that "
         "cannot "
         "read it.",
         {BATCH},
         EMC_BATCH_FIELDS " }",
         "4f8a…",
         BatchSend},
        {"call_batch_refuse",
         "Calls",
         CallKind::Slow,
         "Gives up a batch that was not signed here.",
         {BATCH, {"reason", ArgType::String, "", "kept with it; 1 to 500 bytes"}},
         EMC_BATCH_FIELDS " }",
         "4f8a… \"not our calls\"",
         BatchRefuse},
    };
}

CallTable RewardCalls()
{
    return {
        {"call_batch_claim",
         "Calls",
         CallKind::Slow,
         "Claims the reward of a batch both sides have signed, for the owner of the number that was called. "
         "The "
         "coins with the least age that covers the claim pay with their age.",
         {BATCH,
          {"options", ArgType::Object, "-",
           "{ preview: true sends nothing, amount: EMC, as much as possible when left out, fee_rate: EMC per "
           "1000 bytes }"}},
         EMC_BATCH_FIELDS
         ",\n  sent, claim, allowed_by_minutes, allowed_by_age, bond, coins, to_caller, to_callee, fee,\n"
         "  staking_forgone: what staking these coins would have paid for the same age, hex }",
         "4f8a… '{\"preview\":true}'",
         BatchClaim},
        {"call_batch_list",
         "Calls",
         CallKind::Slow,
         "Lists batches, newest first.",
         {{"state", ArgType::String, "all", "all, open, waiting, signed, claimed, confirmed or refused"},
          {"number", ArgType::AnyWord, "-", "caller or callee"},
          {"count", ArgType::Number, "100", "1 to 10000"},
          {"skip", ArgType::Number, "0", "batches to pass over"}},
         EMC_BATCH_FIELDS " }, …",
         "signed",
         BatchList},
        {"call_batch_export",
         "Calls",
         CallKind::Slow,
         "Gives a batch with its records and signatures for the other side, as text or into a file; or as a "
         "CAR "
         "file for content-addressed storage (IPFS). Calls that take @file read both.",
         {BATCH,
          {"file", ArgType::String, "-", "on the node's computer; left out: text, up to 4 MiB"},
          {"format", ArgType::String, "batch", "batch or car"}},
         "{ cid: of a CAR file, bytes, text or file }",
         "4f8a… /tmp/batch",
         BatchExport},
    };
}

} // namespace

const CallTable& BatchCalls()
{
    static const CallTable table = Joined({AgreeingCalls(), RewardCalls(), CallProofCalls()});
    return table;
}

} // namespace emc::rpc
