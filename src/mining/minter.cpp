#include "base/clock.h"
#include "base/log.h"
#include "chain/chain.h"
#include "chain/view.h"
#include "consensus/header_rules.h"
#include "interfaces/net.h"
#include "interfaces/wallet.h"
#include "mempool/pool.h"
#include "mining/kernel_search.h"
#include "mining/minter_impl.h"

#include <algorithm>

namespace emc::mining {

namespace {

using consensus::POS_FUTURE_SEC;
using consensus::POS_TIME_GRID_SEC;
using primitives::Amount;

/// How long it takes at most until a wallet that was unlocked or a time that has come is seen.
constexpr int64_t LOOK_MS = 500;
/// Times before the present one that are tried on a new tip, some 17 minutes.
constexpr int64_t TIMES_BACK = 64;
constexpr double SECONDS_PER_DAY = 86'400;
/// Of a stake that is joined, the kernel included.
constexpr size_t MAX_JOINED = 50;
/// No part of a stake that is cut is smaller.
constexpr Amount MIN_PART = primitives::COIN;

/// The greatest time a block of stake may have now.
int64_t LatestSlot(int64_t now)
{
    return (now + POS_FUTURE_SEC) / POS_TIME_GRID_SEC * POS_TIME_GRID_SEC;
}

base::U256 PosTarget(const chain::NextBlock& next)
{
    return consensus::TargetOf(next.pos_bits).value_or(base::U256{});
}

/// Days until a coin of this value finds a block, on average.
double DaysOf(const base::U256& target, Amount value)
{
    const double chance = KernelChance(target, value);
    return chance > 0 ? static_cast<double>(POS_TIME_GRID_SEC) / chance / SECONDS_PER_DAY : 1e9;
}

bool SmallerFirst(Amount a, const primitives::OutPoint& at, Amount b, const primitives::OutPoint& bt)
{
    return a != b ? a < b : at < bt;
}

} // namespace

Minter::Impl::Impl(const MinterOptions& options, interfaces::WalletsApi& wallets, const MiningDeps& deps)
    : m_options(options), m_wallets(wallets), m_deps(deps), m_builder(deps.chain, deps.pool, deps.clock)
{
    const base::LockGuard lock(m_mutex);
    m_settings.enabled = options.enabled;
    m_settings.reserve = options.reserve;
}

Minter::Impl::~Impl()
{
    m_deps.watch.Stop();
    m_thread.Join();
}

void Minter::Impl::Start()
{
    m_thread = base::Thread("minter", [this] { Run(); });
}

void Minter::Impl::Enable(bool on)
{
    {
        const base::LockGuard lock(m_mutex);
        m_settings.enabled = on;
        ++m_settings.changes;
    }
    m_deps.watch.Poke();
}

void Minter::Impl::SetReserve(Amount reserve)
{
    {
        const base::LockGuard lock(m_mutex);
        m_settings.reserve = reserve;
        ++m_settings.changes;
    }
    m_deps.watch.Poke();
}

void Minter::Impl::Run()
{
    while (!m_deps.watch.Stopped()) {
        const uint64_t seen = m_deps.watch.Count();
        if (!Turn()) m_deps.watch.Wait(seen, LOOK_MS);
    }
}

std::vector<std::string> Minter::Impl::WhyNot(const chain::NextBlock& next, const Settings& settings) const
{
    std::vector<std::string> out;
    if (!settings.enabled) out.emplace_back("staking is switched off (-staking=0 or setstaking false)");
    if (m_deps.chain.Stopped()) out.emplace_back("the node takes no blocks any longer, see debug.log");
    if (next.tip.initial_download && !m_options.while_syncing)
        out.emplace_back("the chain is still being loaded");
    if (m_options.min_peers > 0) {
        uint64_t peers = 0;
        if (m_deps.net != nullptr) {
            const auto info = m_deps.net->Info();
            peers = info.connections_in + info.connections_out;
        }
        if (peers < m_options.min_peers) {
            out.push_back("connected to " + std::to_string(peers) + " nodes, -stakingpeers wants at least " +
                          std::to_string(m_options.min_peers));
        }
    }
    return out;
}

std::vector<std::shared_ptr<interfaces::WalletApi>>
Minter::Impl::Signers(std::vector<std::string>& reasons) const
{
    auto loaded = m_wallets.Loaded();
    std::vector<std::string> problems;
    std::erase_if(loaded, [&problems](const auto& wallet) {
        const auto can = wallet->CanStake();
        if (!can) problems.push_back("wallet \"" + wallet->Name() + "\": " + can.Error().message);
        return !can;
    });
    if (!loaded.empty()) return loaded;
    if (problems.empty()) problems.emplace_back("no wallet is loaded");
    reasons.insert(reasons.end(), problems.begin(), problems.end());
    return loaded;
}

std::vector<Minter::Impl::Candidate> Minter::Impl::CandidatesOf(interfaces::WalletApi& wallet) const
{
    const auto& params = m_deps.chain.Params();
    std::vector<Candidate> out;
    for (auto& coin : wallet.StakeCoins()) {
        Candidate row;
        row.wallet = wallet.Name();
        row.outpoint = coin.outpoint;
        const int32_t ripe = coin.coin.generated ? params.maturity : 0;
        row.stakes_from = coin.coin.height + std::max(params.kernel_depth, ripe);
        row.locked = coin.locked;
        row.coin = std::move(coin.coin);
        out.push_back(std::move(row));
    }
    return out;
}

void Minter::Impl::KeepReserve(std::vector<Candidate>& candidates, Amount kept_back)
{
    if (kept_back <= 0) return;
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return SmallerFirst(a.coin.out.value, a.outpoint, b.coin.out.value, b.outpoint);
    });
    auto first = candidates.begin();
    for (; first != candidates.end() && kept_back > 0; ++first)
        kept_back -= first->coin.out.value;
    candidates.erase(candidates.begin(), first);
}

void Minter::Impl::Renew(const chain::NextBlock& next, const Settings& settings,
                         const std::vector<std::shared_ptr<interfaces::WalletApi>>& signers)
{
    const bool same_tip = m_round.tip == next.tip.hash;
    const int64_t searched = same_tip && m_round.settings == settings.changes ? m_round.searched_until : 0;
    m_round.tip = next.tip.hash;
    m_round.settings = settings.changes;
    m_round.searched_until = searched;
    m_round.candidates.clear();
    Amount kept_back = settings.reserve; // less what is free anyway
    int32_t next_height = 0;
    for (const auto& wallet : signers) {
        wallet->Sync();
        auto coins = CandidatesOf(*wallet);
        kept_back -= wallet->GetBalances(0).trusted;
        for (auto& coin : coins) {
            if (coin.locked) continue;
            if (coin.stakes_from > next.height) {
                next_height = next_height == 0 ? coin.stakes_from : std::min(next_height, coin.stakes_from);
                continue;
            }
            kept_back += coin.coin.out.value;
            m_round.candidates.push_back(std::move(coin));
        }
    }
    KeepReserve(m_round.candidates, kept_back);
    const auto view = m_deps.chain.View();
    std::vector<StakeCoin> coins;
    Amount weight = 0;
    double chance = 0;
    const auto target = PosTarget(next);
    for (const auto& candidate : m_round.candidates) {
        const Amount value = candidate.coin.out.value;
        coins.push_back(
            {candidate.outpoint, static_cast<uint32_t>(view.BlockTime(candidate.coin.height)), value});
        weight += value;
        chance += KernelChance(target, value);
    }
    m_round.search = std::make_unique<KernelSearch>(next.stake_modifier, target, coins);
    const base::LockGuard lock(m_mutex);
    m_info.weight = weight;
    m_info.coins = coins.size();
    m_info.chance_per_slot = std::min(1.0, chance);
    m_info.next_coin_height = next_height;
}

bool Minter::Impl::Turn()
{
    Settings settings;
    {
        const base::LockGuard lock(m_mutex);
        settings = m_settings;
    }
    const auto next = m_deps.chain.Next();
    auto reasons = WhyNot(next, settings);
    const auto signers = Signers(reasons);
    std::string names;
    for (const auto& wallet : signers)
        names += wallet->Name() + "\n";
    const bool blocked = !reasons.empty();
    const bool stale = m_round.search == nullptr || m_round.tip != next.tip.hash ||
                       m_round.settings != settings.changes || m_round.wallets != names;
    if (!blocked && stale) {
        m_round.wallets = names;
        Renew(next, settings, signers);
    }
    if (!blocked && m_round.candidates.empty())
        reasons.emplace_back(
            "no coin stakes now: none is old enough, or -reservebalance keeps all of them back");
    {
        const base::LockGuard lock(m_mutex);
        m_info.staking = reasons.empty();
        m_info.bits = next.pos_bits;
        if (blocked) {
            m_info.weight = 0;
            m_info.coins = 0;
            m_info.chance_per_slot = 0;
            m_info.next_coin_height = 0;
        }
        m_info.reasons = std::move(reasons);
    }
    if (blocked) m_round.search.reset(); // to be made anew when there is no reason any longer
    return !blocked && !m_round.candidates.empty() && Search(next);
}

bool Minter::Impl::Search(const chain::NextBlock& next)
{
    const int64_t latest = LatestSlot(m_deps.clock.NowSec());
    const int64_t grid_start =
        (next.min_time + POS_TIME_GRID_SEC - 1) / POS_TIME_GRID_SEC * POS_TIME_GRID_SEC;
    int64_t first = std::max(grid_start, latest - TIMES_BACK * POS_TIME_GRID_SEC);
    if (next.last_pos_time) first = std::max(first, *next.last_pos_time + POS_TIME_GRID_SEC);
    first = std::max(first, m_round.searched_until + POS_TIME_GRID_SEC);
    bool made = false;
    const auto go_on = [&] {
        return !made && !m_deps.watch.Stopped() && m_deps.chain.GetTip().hash == next.tip.hash;
    };
    for (int64_t time = first; time <= latest && go_on(); time += POS_TIME_GRID_SEC) {
        const int64_t begin_us = base::SteadyMicros();
        const auto time32 = static_cast<uint32_t>(time);
        auto kernel = m_round.search->Find(time32);
        const int64_t took_us = base::SteadyMicros() - begin_us;
        for (; kernel && go_on(); kernel = m_round.search->Find(time32, *kernel + 1))
            made = Mint(next, *kernel, time32);
        m_round.searched_until = time;
        const base::LockGuard lock(m_mutex);
        m_info.search_us += took_us;
    }
    if (m_deps.chain.GetTip().hash != next.tip.hash) return true; // look at the new tip at once
    const base::LockGuard lock(m_mutex);
    m_info.searched_until = std::max(latest, m_round.searched_until);
    return false;
}

StakeOptions Minter::Impl::Plan(const chain::NextBlock& next, size_t kernel, uint32_t time) const
{
    const auto target = PosTarget(next);
    const Candidate& first = m_round.candidates[kernel];
    StakeOptions out;
    out.time = time;
    out.max_weight = m_options.max_weight;
    out.outpoints = {first.outpoint};
    out.coins = {first.coin};
    Amount total = first.coin.out.value;
    const bool rare = m_options.combine_days > 0 && DaysOf(target, total) > m_options.combine_days;
    for (const auto& other : m_round.candidates) {
        if (!rare || out.outpoints.size() >= MAX_JOINED) break;
        if (other.wallet != first.wallet || other.outpoint == first.outpoint) continue;
        if (other.coin.out.script_pubkey != first.coin.out.script_pubkey) continue;
        if (DaysOf(target, total + other.coin.out.value) < m_options.combine_days) continue;
        total += other.coin.out.value;
        out.outpoints.push_back(other.outpoint);
        out.coins.push_back(other.coin);
    }
    const bool frequent = m_options.split_days > 0 && DaysOf(target, total) < m_options.split_days;
    if (frequent && total >= 2 * MIN_PART) out.outputs = 2;
    return out;
}

base::Expected<primitives::BlockRef, interfaces::Failure>
Minter::Impl::MakeBlock(const chain::NextBlock& next, size_t kernel, uint32_t time) const
{
    const auto& name = m_round.candidates[kernel].wallet;
    const auto loaded = m_wallets.Loaded();
    const auto wallet =
        std::find_if(loaded.begin(), loaded.end(), [&](const auto& w) { return w->Name() == name; });
    if (wallet == loaded.end())
        return base::Unexpected(interfaces::Failure{-18, "the wallet is not loaded any longer"});
    const auto options = Plan(next, kernel, time);
    auto made = m_builder.BuildStake(next, options);
    auto& txs = made.block.transactions;
    auto coinstake = (*wallet)->SignCoinstake(txs[1]->Fields());
    if (!coinstake) return base::Unexpected(coinstake.Error());
    txs[1] = primitives::MakeTx(std::move(*coinstake));
    FinishBlock(made.block);
    const auto& script = options.coins.front().out.script_pubkey;
    auto signature = (*wallet)->SignStakeBlock(script, made.block.header.Hash());
    if (!signature) return base::Unexpected(signature.Error());
    auto coinbase = txs[0]->Fields();
    coinbase.inputs[0].witness.back() = std::move(*signature);
    txs[0] = primitives::MakeTx(std::move(coinbase));
    return std::make_shared<const primitives::Block>(std::move(made.block));
}

bool Minter::Impl::Mint(const chain::NextBlock& next, size_t kernel, uint32_t time)
{
    const Candidate& coin = m_round.candidates[kernel];
    if (m_deps.pool.SpenderOf(coin.outpoint)) return false; // being spent: the next block takes it
    const auto block = MakeBlock(next, kernel, time);
    if (!block) {
        EMC_LOG(m_deps.log, Warning, Mining, "coin %s:%u found a block, which could not be made: %s",
                base::ReversedHex(coin.outpoint.txid).c_str(), coin.outpoint.index,
                block.Error().message.c_str());
        return false;
    }
    const std::string hash = base::ReversedHex((*block)->header.Hash());
    const auto verdict = m_deps.chain.AcceptBlock(*block);
    {
        const base::LockGuard lock(m_mutex);
        ++m_info.found;
        if (verdict.in_best_chain) ++m_info.accepted;
    }
    if (!verdict.Good()) {
        const std::string why = verdict.text.empty() ? consensus::Describe(verdict.rule) : verdict.text;
        EMC_LOG(m_deps.log, Warning, Mining, "block %s of own stake was not taken: %s", hash.c_str(),
                why.c_str());
        return false;
    }
    EMC_LOG(m_deps.log, Info, Mining, "staked block %s at height %d with coin %s:%u, time %u", hash.c_str(),
            next.height, base::ReversedHex(coin.outpoint.txid).c_str(), coin.outpoint.index, time);
    return verdict.in_best_chain;
}

Minter::Minter(const MinterOptions& options, interfaces::WalletsApi& wallets, const MiningDeps& deps)
    : m_impl(std::make_unique<Impl>(options, wallets, deps))
{}

Minter::~Minter() = default;

void Minter::Start()
{
    m_impl->Start();
}

Minter::Info Minter::GetInfo() const
{
    return m_impl->GetInfo();
}

void Minter::Enable(bool on)
{
    m_impl->Enable(on);
}

void Minter::SetReserve(primitives::Amount reserve)
{
    m_impl->SetReserve(reserve);
}

std::vector<Minter::Coin> Minter::Coins(const std::string& wallet) const
{
    return m_impl->Coins(wallet);
}

} // namespace emc::mining
