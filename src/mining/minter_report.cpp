/// What the minter tells of itself and of the coins.
#include "base/clock.h"
#include "chain/chain.h"
#include "chain/view.h"
#include "consensus/coinstake.h"
#include "consensus/header_rules.h"
#include "consensus/stake.h"
#include "consensus/target.h"
#include "interfaces/wallet.h"
#include "mining/kernel_search.h"
#include "mining/minter_impl.h"

#include <algorithm>

namespace emc::mining {

namespace {

using consensus::POS_FUTURE_SEC;
using consensus::POS_TIME_GRID_SEC;

constexpr int32_t BLOCKS_OF_ESTIMATE = 168; ///< a day

/// Stake that would have made the last day's blocks: their expected tries by the time that passed.
double NetworkWeight(const interfaces::ChainReader& chain, const interfaces::Tip& tip)
{
    const int32_t first = std::max(0, tip.height - BLOCKS_OF_ESTIMATE);
    double tries = 0; // value × times
    for (int32_t height = first + 1; height <= tip.height; ++height) {
        const auto block = chain.BlockByHeight(height);
        if (block && block->header.IsProofOfStake())
            tries += consensus::WorkOfBits(block->header.bits).ToDouble();
    }
    const auto begin = chain.BlockByHeight(first);
    const auto passed = static_cast<double>(tip.median_time - (begin ? begin->median_time : 0));
    return passed > 0 ? tries * static_cast<double>(POS_TIME_GRID_SEC) / passed : 0;
}

} // namespace

interfaces::StakingControl::Info Minter::Impl::GetInfo() const
{
    Info out;
    {
        const base::LockGuard lock(m_mutex);
        out = m_info;
        out.enabled = m_settings.enabled;
        out.reserve = m_settings.reserve;
    }
    const auto next = m_deps.chain.Next();
    out.network_weight = NetworkWeight(m_deps.chain.Reader(), next.tip);
    if (out.chance_per_slot > 0)
        out.expected_sec = static_cast<double>(POS_TIME_GRID_SEC) / out.chance_per_slot;
    const int64_t now = m_deps.clock.NowSec();
    out.next_slot = ((now + POS_FUTURE_SEC) / POS_TIME_GRID_SEC + 1) * POS_TIME_GRID_SEC;
    return out;
}

std::vector<interfaces::StakingControl::Coin> Minter::Impl::Coins(const std::string& wallet) const
{
    const auto next = m_deps.chain.Next();
    const auto view = m_deps.chain.View();
    const auto target = consensus::TargetOf(next.pos_bits).value_or(base::U256{});
    consensus::ConnectContext context;
    context.params = &m_deps.chain.Params();
    context.height = next.height;
    context.parent_mtp = next.tip.median_time;
    context.times = &view;
    std::vector<Coin> out;
    for (const auto& loaded : m_wallets.Loaded()) {
        if (loaded->Name() != wallet) continue;
        loaded->Sync();
        for (const auto& candidate : CandidatesOf(*loaded)) {
            Coin row;
            row.wallet = wallet;
            row.outpoint = candidate.outpoint;
            row.value = candidate.coin.out.value;
            row.script = candidate.coin.out.script_pubkey;
            row.height = candidate.coin.height;
            const int64_t made = consensus::MedianTimeBefore(view, row.height);
            row.age_sec = consensus::CoinAge(made, next.tip.median_time);
            row.stakes_from = candidate.stakes_from;
            row.chance_per_slot = KernelChance(target, row.value);
            row.reward = consensus::CoinstakeReward({&candidate.coin, 1}, context);
            if (candidate.locked) row.reason = "locked (lockunspent)";
            if (row.stakes_from > next.height)
                row.reason = "too young until block " + std::to_string(row.stakes_from);
            out.push_back(std::move(row));
        }
    }
    std::sort(out.begin(), out.end(), [](const Coin& a, const Coin& b) {
        return a.stakes_from != b.stakes_from ? a.stakes_from < b.stakes_from : a.outpoint < b.outpoint;
    });
    return out;
}

} // namespace emc::mining
