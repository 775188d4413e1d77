#include "consensus/header_rules.h"
#include "interfaces/chain.h"
#include "interfaces/mining.h"
#include "interfaces/node.h"
#include "interfaces/wallet.h"
#include "primitives/amount.h"
#include "rpc/calls.h"
#include "rpc/render.h"

#include <cmath>

namespace emc::rpc {

namespace {

using consensus::POS_TIME_GRID_SEC;

constexpr int64_t SECONDS_PER_DAY = 86'400;
constexpr int64_t BLOCKS_PER_DAY = 168;

double InEmc(double units)
{
    return units / static_cast<double>(primitives::COIN);
}

Json GetStakingInfo(const Request& request)
{
    const auto info = request.Staking().GetInfo();
    const auto tip = request.Chain().GetTip();
    Json reasons = codec::JsonArray();
    for (const auto& reason : info.reasons)
        reasons.push_back(reason);
    Json out = codec::JsonObject();
    out.pushKV("enabled", info.enabled);
    out.pushKV("staking", info.staking);
    out.pushKV("reasons", reasons);
    out.pushKV("coins", info.coins);
    out.pushKV("weight", codec::JsonAmount(info.weight));
    out.pushKV("reserve", codec::JsonAmount(info.reserve));
    out.pushKV("netstakeweight", InEmc(info.network_weight));
    out.pushKV("difficulty", Difficulty(info.bits));
    out.pushKV("chance_per_slot", info.chance_per_slot);
    out.pushKV("expectedtime", static_cast<int64_t>(std::llround(info.expected_sec)));
    out.pushKV("search_until", info.searched_until);
    out.pushKV("search_ms", info.search_us / 1'000);
    out.pushKV("next_slot", info.next_slot);
    if (info.next_coin_height > 0) {
        const int64_t blocks = std::max<int64_t>(0, info.next_coin_height - tip.height);
        out.pushKV("next_coin_height", info.next_coin_height);
        out.pushKV("next_coin_in", blocks * SECONDS_PER_DAY / BLOCKS_PER_DAY);
    }
    out.pushKV("blocks_found", info.found);
    out.pushKV("blocks_accepted", info.accepted);
    return out;
}

/// Probability of at least one block within so many seconds.
double ChanceWithin(double per_slot, int64_t seconds)
{
    const auto slots = static_cast<double>(seconds / POS_TIME_GRID_SEC);
    return 1.0 - std::pow(1.0 - per_slot, slots);
}

Json CoinJson(const interfaces::StakingControl::Coin& coin, const consensus::Params& params,
              int32_t next_height)
{
    Json chances = codec::JsonObject();
    chances.pushKV("10min", ChanceWithin(coin.chance_per_slot, 600));
    chances.pushKV("24h", ChanceWithin(coin.chance_per_slot, SECONDS_PER_DAY));
    chances.pushKV("30d", ChanceWithin(coin.chance_per_slot, 30 * SECONDS_PER_DAY));
    chances.pushKV("90d", ChanceWithin(coin.chance_per_slot, 90 * SECONDS_PER_DAY));
    Json out = codec::JsonObject();
    out.pushKV("txid", base::ReversedHex(coin.outpoint.txid));
    out.pushKV("vout", static_cast<int64_t>(coin.outpoint.index));
    out.pushKV("address", AddressText(params, coin.script));
    out.pushKV("amount", codec::JsonAmount(coin.value));
    out.pushKV("confirmations", next_height - coin.height);
    out.pushKV("age", coin.age_sec);
    const bool stakes = coin.reason.empty();
    out.pushKV("weight", codec::JsonAmount(stakes ? coin.value : 0));
    out.pushKV("stakes", stakes);
    if (!stakes) out.pushKV("reason", coin.reason);
    out.pushKV("stakes_from", coin.stakes_from);
    const int64_t blocks = std::max<int64_t>(0, coin.stakes_from - next_height);
    out.pushKV("stakes_in", blocks * SECONDS_PER_DAY / BLOCKS_PER_DAY);
    out.pushKV("chance", chances);
    const double wait = static_cast<double>(POS_TIME_GRID_SEC) / std::max(coin.chance_per_slot, 1e-15);
    out.pushKV("expectedtime", static_cast<int64_t>(std::llround(wait)));
    out.pushKV("reward", codec::JsonAmount(coin.reward));
    return out;
}

Json ListMinting(const Request& request)
{
    const int64_t count = request.IntIn(0, -1, INT64_MAX, -1);
    const int64_t from = request.IntIn(1, 0, INT64_MAX, 0);
    const auto coins = request.Staking().Coins(request.Wallet()->Name());
    const int32_t next_height = request.Chain().GetTip().height + 1;
    Json out = codec::JsonArray();
    for (size_t i = static_cast<size_t>(from); i < coins.size(); ++i) {
        if (count >= 0 && out.size() >= static_cast<size_t>(count)) break;
        out.push_back(CoinJson(coins[i], request.Chain().Params(), next_height));
    }
    return out;
}

Json ReserveBalance(const Request& request)
{
    auto& staking = request.Staking();
    if (request.Has(0)) {
        const bool reserve = request.Bool(0);
        if (reserve && !request.Has(1)) throw RpcError(Code::Parameter, "Give the amount to reserve");
        if (!reserve && request.Has(1))
            throw RpcError(Code::Parameter, "An amount goes with true only; false keeps nothing back");
        const auto amount = reserve ? request.Amount(1) : 0;
        if (amount < 0) throw RpcError(Code::Parameter, "The amount to reserve cannot be negative");
        staking.SetReserve(amount);
    }
    const auto amount = staking.GetInfo().reserve;
    Json out = codec::JsonObject();
    out.pushKV("reserve", amount > 0);
    out.pushKV("amount", codec::JsonAmount(amount));
    return out;
}

Json SetStaking(const Request& request)
{
    request.Staking().Enable(request.Bool(0));
    return Json();
}

} // namespace

const CallTable& StakingCalls()
{
    static const CallTable table = {
        {"getstakinginfo",
         "Staking",
         CallKind::Quick,
         "What staking does, may expect, and why it does not go on.",
         {},
         "{ enabled, staking, reasons: [ why not ], coins, weight: EMC that stake, reserve, netstakeweight: "
         "EMC that\n"
         "  made the last day's blocks, difficulty, chance_per_slot: of the next 16 seconds, expectedtime: "
         "seconds\n"
         "  until a block on average, search_until, search_ms: computing time so far, next_slot, "
         "next_coin_height,\n"
         "  next_coin_in: seconds, about, blocks_found, blocks_accepted }",
         "",
         GetStakingInfo},
        {"listminting",
         "Staking",
         CallKind::Slow,
         "The wallet's coins with their chances to find blocks, those that stake first.",
         {{"count", ArgType::Number, "-1", "at most so many; -1: all"},
          {"from", ArgType::Number, "0", "leave so many out"}},
         "[ { txid, vout, address, amount, confirmations, age: seconds as the reward counts them, weight, "
         "stakes,\n"
         "  reason, stakes_from: height, stakes_in: seconds, about, chance: { 10min, 24h, 30d, 90d }, "
         "expectedtime,\n"
         "  reward: if it found the next block } ]",
         "",
         ListMinting},
        {"reservebalance",
         "Staking",
         CallKind::Quick,
         "Tells or sets how much is never staked, until the node stops; -reservebalance sets it for good.",
         {{"reserve", ArgType::Bool, "-", "true: keep the amount back, false: keep nothing back"},
          {"amount", ArgType::Amount, "-", "EMC of all wallets together"}},
         "{ reserve, amount }",
         "true 100",
         ReserveBalance},
        {"setstaking",
         "Staking",
         CallKind::Quick,
         "Switches staking on or off until the node stops; -staking sets it for good.",
         {{"staking", ArgType::Bool, "", "on or off"}},
         "null",
         "false",
         SetStaking},
    };
    return table;
}

} // namespace emc::rpc
