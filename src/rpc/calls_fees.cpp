#include "interfaces/fees.h"
#include "interfaces/pool.h"
#include "rpc/calls.h"
#include "rpc/send_args.h"

#include <cmath>

namespace emc::rpc {

namespace {

using interfaces::FeeRange;

const interfaces::FeeReader& Fees(const Request& request)
{
    const auto* fees = request.Pool().Fees();
    if (fees == nullptr) throw RpcError(Code::Misc, "This node estimates no fees");
    return *fees;
}

Json Messages(const char* text)
{
    Json out = codec::JsonArray();
    out.push_back(text);
    return out;
}

Json EstimateSmartFee(const Request& request)
{
    const auto blocks = TargetOf(request.Int(0));
    const auto mode = FeeModeOf(request.Str(1, "unset"));
    const auto estimate = Fees(request).EstimateFee(blocks, mode);
    Json out = codec::JsonObject();
    out.pushKV("feerate", codec::JsonAmount(estimate.per_kvb));
    if (!estimate.from_history) {
        out.pushKV("errors", Messages("Insufficient data or no feerate found: too few transactions were seen "
                                      "for an estimate. feerate is the least that enters the mempool now"));
    }
    out.pushKV("blocks", estimate.blocks);
    return out;
}

double Rounded(double weight)
{
    return std::round(weight * 100) / 100;
}

Json RangeJson(const FeeRange& range)
{
    Json out = codec::JsonObject();
    out.pushKV("startrange", std::round(range.from_per_kvb));
    out.pushKV("endrange", std::round(range.to_per_kvb));
    out.pushKV("withintarget", Rounded(range.within_target));
    out.pushKV("totalconfirmed", Rounded(range.confirmed));
    out.pushKV("inmempool", Rounded(range.in_pool));
    out.pushKV("leftmempool", Rounded(range.left_unconfirmed));
    return out;
}

Json EstimateRawFee(const Request& request)
{
    const auto blocks = TargetOf(request.Int(0));
    const double threshold = request.Decimal(1, 0.95);
    if (!(threshold >= 0 && threshold <= 1)) throw RpcError(Code::Parameter, "Invalid threshold: 0 to 1");
    Json out = codec::JsonObject();
    for (const auto& horizon : Fees(request).FeeHistory(blocks, threshold)) {
        Json row = codec::JsonObject();
        if (horizon.per_kvb)
            row.pushKV("feerate", codec::JsonAmount(static_cast<int64_t>(std::ceil(*horizon.per_kvb))));
        row.pushKV("decay", horizon.decay);
        row.pushKV("scale", horizon.scale_blocks);
        if (horizon.pass) row.pushKV("pass", RangeJson(*horizon.pass));
        if (horizon.fail) row.pushKV("fail", RangeJson(*horizon.fail));
        if (!horizon.per_kvb)
            row.pushKV("errors", Messages("Insufficient data or no feerate found which meets threshold"));
        out.pushKV(std::string(horizon.name), row);
    }
    return out;
}

} // namespace

const CallTable& FeeCalls()
{
    static const CallTable table = {
        {"estimatesmartfee",
         "Util",
         CallKind::Quick,
         "The fee rate that usually gets a transaction into a block within so many blocks, learnt from those "
         "that came before.",
         {{"conf_target", ArgType::Number, "", "blocks, 1 to 1008; a day has 168"},
          {"estimate_mode", ArgType::String, "conservative",
           "economical: follows the last hours; conservative: remembers longer; unset: conservative"}},
         "{ feerate (EMC per kvB), errors: [ text ], blocks (that it holds for) }\n"
         "While too little is known, feerate is the least that enters the mempool, and errors says so.",
         "6",
         EstimateSmartFee},
        {"estimaterawfee",
         "Hidden",
         CallKind::Quick,
         "What estimatesmartfee is made of.",
         {{"conf_target", ArgType::Number, "", "blocks, 1 to 1008"},
          {"threshold", ArgType::Decimal, "0.95", "share of transactions that has to be in time"}},
         "{ short, medium, long: { feerate, decay, scale, pass, fail, errors } }; pass, fail: { startrange, "
         "endrange (units per kvB),\n"
         "  withintarget, totalconfirmed, inmempool, leftmempool }: the lowest range of fee rates that is "
         "good "
         "enough, the one below",
         "6 0.9",
         EstimateRawFee},
    };
    return table;
}

} // namespace emc::rpc
