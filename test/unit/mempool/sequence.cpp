#include "unit/mempool/sequence.h"

#include "base/check.h"
#include "crypto/hash.h"
#include "script/script.h"
#include "script/solver.h"

#include <algorithm>
#include <cstdio>

namespace emc::test {

using names::OpKind;

namespace {

constexpr size_t START_COINS = 60;
constexpr size_t KEPT_LEVELS = 6;
constexpr size_t MOST_COINS = 150;
const base::Bytes ANYBODY = {0x74, 0x91}; // DEPTH NOT
const base::Bytes PUSHED = {2, 0x74, 0x91};

bool IsPlain(const primitives::TxOut& output)
{
    return output.script_pubkey == ANYBODY;
}

} // namespace

PoolSequence::PoolSequence(const PoolOptions& options) : m_options(options), m_naive(options)
{
    m_clock.SetMockTime(m_now);
    chain::ChainOptions chain_options;
    chain_options.blocks_dir = "/n/blocks";
    chain_options.state_dir = "/n/state";
    chain_options.block_chunk_bytes = 0;
    chain_options.script_threads = 0;
    chain_options.signature_cache_bytes = 65'536;
    const auto fatal = [](const chain::FatalError&) { EMC_CHECK(false && "the chain failed"); };
    auto opened = chain::Chain::Open(chain_options, {m_params, m_clock, m_log, m_random, fatal, &m_files});
    EMC_CHECK(opened);
    m_chain = std::move(*opened);
    m_levels.push_back({std::make_shared<const primitives::Block>(m_params.genesis),
                        m_params.genesis_hash,
                        0,
                        m_params.genesis.header.time,
                        {}});
    m_pool = std::make_unique<mempool::Mempool>(*m_chain, m_clock, m_log, m_options);
    m_subscription = m_chain->Events().Subscribe("sequence", *this, 100'000);
    for (int i = 0; i < 3; ++i)
        Extend({});
    // From here on everything is anybody's, so that nothing has to be signed.
    const auto& first = m_chain->Reader().BlockByHeight(1);
    const auto block = m_chain->Reader().ReadBlock(first->hash);
    const auto& coinbase = (*block)->transactions[0];
    const Own own{{coinbase->Txid(), 0}, coinbase->Outputs()[0]};
    primitives::MutableTransaction fan;
    fan.inputs.push_back({own.outpoint, {}, primitives::SEQUENCE_FINAL, {}});
    for (size_t i = 0; i < START_COINS; ++i)
        fan.outputs.push_back({own.out.value / static_cast<Amount>(START_COINS), ANYBODY});
    Extend({m_builder.Sign(std::move(fan), {own})});
    EMC_CHECK(State().coins.size() >= START_COINS);
    for (size_t i = 0; i < KEPT_LEVELS; ++i) // no reorganisation reaches down to where the coins come from
        Extend({});
    // Coinbases stay out of the game: they are not anybody's.
    for (auto& level : m_levels)
        std::erase_if(level.state.coins, [](const auto& coin) { return !IsPlain(coin.second); });
}

PoolSequence::~PoolSequence()
{
    m_subscription.reset();
    m_pool.reset();
}

void PoolSequence::OnTxAdded(const TxRef& tx)
{
    const base::LockGuard lock(m_mutex);
    m_told.insert(tx->Txid());
}

void PoolSequence::OnTxRemoved(const TxRef& tx, interfaces::RemovalReason)
{
    const base::LockGuard lock(m_mutex);
    m_told.erase(tx->Txid());
}

PoolSequence::Level PoolSequence::Make(const Level& parent, const std::vector<TxRef>& txs)
{
    Level out;
    out.height = parent.height + 1;
    out.time = parent.time + 600;
    out.state = parent.state;
    // The fees stay unclaimed: a coinbase may take less than it could.
    out.block = m_builder.MakeBlock({parent.hash, out.height, out.time, ++m_tag}, txs, 50 * primitives::COIN);
    out.hash = out.block->header.Hash();
    for (const auto& tx : out.block->transactions) {
        if (!tx->IsCoinbase()) out.state.Apply(*tx);
    }
    return out;
}

void PoolSequence::Extend(const std::vector<TxRef>& txs)
{
    Level level = Make(m_levels.back(), txs);
    const auto verdict = m_chain->AcceptBlock(level.block);
    if (!verdict.in_best_chain) {
        std::fprintf(stderr, "block refused: %s\n", consensus::Describe(verdict.rule).c_str());
        EMC_CHECK(false && "a block of the pool's choice must connect");
    }
    m_levels.push_back(std::move(level));
    if (m_levels.size() > KEPT_LEVELS) m_levels.pop_front();
    m_naive.Connected(*m_levels.back().block);
    m_naive.NewTip(State(), m_now);
    m_pool->SyncToTip();
    ++blocks;
}

std::vector<Own> PoolSequence::Choose(base::RandomSource& choices) const
{
    std::vector<Own> confirmed;
    std::vector<Own> waiting;
    for (const auto& [outpoint, output] : State().coins) {
        const bool name = State().IsNameCoin(outpoint);
        if (output.value > 0 && (!name || choices.Below(8) == 0)) confirmed.push_back({outpoint, output});
    }
    for (const auto& [txid, entry] : m_naive.Entries()) {
        for (uint32_t i = 0; i < entry.tx->Outputs().size(); ++i) {
            if (entry.tx->Outputs()[i].value > 0) waiting.push_back({{txid, i}, entry.tx->Outputs()[i]});
        }
    }
    std::vector<Own> out;
    const uint64_t count = 1 + choices.Below(5) / 3;
    for (uint64_t i = 0; i < count; ++i) {
        const auto& from = waiting.empty() || choices.Below(2) == 0 ? confirmed : waiting;
        if (from.empty()) continue;
        const Own own = from[choices.Below(from.size())];
        const bool twice = std::any_of(out.begin(), out.end(),
                                       [&](const Own& other) { return other.outpoint == own.outpoint; });
        if (!twice) out.push_back(own);
    }
    if (choices.Below(40) == 0) out.push_back({{Hash256{}, 1}, {1'000, ANYBODY}}); // never existed
    return out;
}

TxRef PoolSequence::RandomTx(base::RandomSource& choices) const
{
    auto from = Choose(choices);
    primitives::MutableTransaction tx;
    Amount left = 0;
    if (choices.Below(6) == 0) {
        tx.version = primitives::NAME_TX_VERSION;
        const std::string name = "test:" + std::to_string(choices.Below(6));
        const auto live = State().names.find(name);
        const bool update = live != State().names.end() && choices.Below(4) != 0;
        const bool there = update && std::any_of(from.begin(), from.end(), [&](const Own& own) {
                               return own.outpoint == live->second;
                           });
        if (update && !there) from.push_back({live->second, State().coins.at(live->second)});
        auto op = m_builder.Op(update ? OpKind::Update : OpKind::New, name, update ? 0 : 3'000, "value");
        op.owner_script = script::PayToScriptHash(crypto::Hash160Of(ANYBODY)); // names want an address
        tx.outputs.push_back({10'000, names::WriteNameScript(op)});
        left -= 10'000 + names::NameFee(op);
    }
    for (const auto& own : from) {
        const bool replaceable = choices.Below(4) != 0;
        tx.inputs.push_back({own.outpoint,
                             IsPlain(own.out) ? base::Bytes{} : PUSHED,
                             replaceable ? 0xfffffffd : primitives::SEQUENCE_FINAL,
                             {}});
        left += own.out.value;
    }
    const uint64_t kind = choices.Below(20);
    const Amount fee = kind == 0 ? 0 : static_cast<Amount>(choices.Below(kind < 12 ? 1'500 : 12'000));
    left -= fee;
    if (from.empty() || left < 1'000) return nullptr;
    const uint64_t outputs = 1 + choices.Below(State().coins.size() < MOST_COINS ? 4 : 1);
    for (uint64_t i = 0; i < outputs; ++i)
        tx.outputs.push_back({left / static_cast<Amount>(outputs), ANYBODY});
    // What dividing left over goes to the first, so that the fee is as meant; some bulk makes sizes differ.
    tx.outputs.back().value += left % static_cast<Amount>(outputs);
    if (choices.Below(8) == 0) {
        base::Bytes data(static_cast<size_t>(choices.Below(1'500)), 0x51);
        data.insert(data.begin(), script::OP_RETURN);
        if (choices.Below(4) == 0) data.assign(60, script::OP_CHECKSIG);
        tx.outputs.push_back({0, std::move(data)});
    }
    return primitives::MakeTx(std::move(tx));
}

void PoolSequence::SubmitRandom(base::RandomSource& choices)
{
    TxRef tx;
    const uint64_t again = choices.Below(30);
    if (again == 0 && !m_naive.Entries().empty()) {
        tx = std::next(m_naive.Entries().begin(),
                       static_cast<std::ptrdiff_t>(choices.Below(m_naive.Entries().size())))
                 ->second.tx;
    } else if (again == 1) {
        const auto& txs = m_levels.back().block->transactions;
        tx = txs[choices.Below(txs.size())];
        if (tx->IsCoinbase()) return;
    } else {
        tx = RandomTx(choices);
    }
    if (!tx) return;
    const bool test_only = choices.Below(10) == 0;
    const auto got = m_pool->Submit(tx, {.test_only = test_only});
    const auto expected = m_naive.Submit(tx, State(), m_now, test_only);
    const std::string answer = got ? "" : got.Error().message;
    if (got.HasValue() != expected.empty() || !answer.starts_with(expected)) {
        std::fprintf(stderr, "expected \"%s\", the pool says \"%s\"\n", expected.c_str(), answer.c_str());
        EMC_CHECK(false && "pool and naive pool judge a transaction differently");
    }
    ++answers[expected];
}

/// What the pool would put into a block goes into one.
void PoolSequence::MineChosen(base::RandomSource& choices)
{
    const size_t weight = 1'000 + choices.Below(12'000);
    const auto sigops = static_cast<int64_t>(choices.Below(600));
    const auto chosen = m_pool->Select(weight, sigops);
    EMC_CHECK(chosen.tip == m_levels.back().hash);
    const auto expected = m_naive.Select(weight, sigops);
    EMC_CHECK(chosen.transactions.size() == expected.size());
    for (size_t i = 0; i < expected.size(); ++i)
        EMC_CHECK(chosen.transactions[i]->Txid() == expected[i]);
    if (choices.Below(4) == 0) Extend(chosen.transactions);
}

/// A block with a transaction that is not of the pool and may exclude some that are.
void PoolSequence::MineStranger(base::RandomSource& choices)
{
    NaivePool empty(m_options);
    for (int attempt = 0; attempt < 5; ++attempt) {
        const TxRef tx = RandomTx(choices);
        if (!tx || m_naive.Entries().contains(tx->Txid())) continue;
        const auto answer = empty.Submit(tx, State(), m_now, true);
        if (!answer.empty() && answer != "min relay fee not met") continue;
        Extend({tx});
        return;
    }
}

void PoolSequence::Reorganise(base::RandomSource& choices)
{
    const auto depth = static_cast<size_t>(1 + choices.Below(3));
    if (m_levels.size() <= depth + 1) return;
    const size_t fork = m_levels.size() - 1 - depth;
    std::vector<TxRef> lost;
    for (size_t i = fork + 1; i < m_levels.size(); ++i) {
        const auto& txs = m_levels[i].block->transactions;
        lost.insert(lost.end(), txs.begin() + 1, txs.end());
    }
    std::set<Hash256> kept; // no more is remembered than the pool may hold
    uint64_t usage = 0;
    for (const auto& tx : lost) {
        usage += 600 + tx->TotalSize() + 120 * tx->Inputs().size();
        if (usage <= m_options.max_usage_bytes) kept.insert(tx->Txid());
    }
    std::deque<Level> branch{m_levels[fork]};
    // Some of the lost transactions are in the new branch too.
    for (size_t i = 0; i <= depth; ++i) {
        std::vector<TxRef> txs;
        NaivePool empty(m_options);
        for (const auto& tx : lost) {
            if (choices.Below(3) != 0) continue;
            if (empty.Submit(tx, branch.back().state, m_now, true).empty()) {
                txs.push_back(tx);
                break; // one alone cannot stand in another's way
            }
        }
        branch.push_back(Make(branch.back(), txs));
        const auto verdict = m_chain->AcceptBlock(branch.back().block);
        EMC_CHECK(verdict.Good() && verdict.in_best_chain == (i == depth));
        for (const auto& tx : txs)
            std::erase(lost, tx);
    }
    m_levels.erase(m_levels.begin() + static_cast<std::ptrdiff_t>(fork), m_levels.end());
    for (auto& level : branch) {
        m_naive.Connected(*level.block);
        m_levels.push_back(std::move(level));
    }
    std::erase_if(lost, [&](const TxRef& tx) { return !kept.contains(tx->Txid()); });
    m_naive.Reorganised(lost, State(), m_now);
    while (m_levels.size() > KEPT_LEVELS)
        m_levels.pop_front();
    m_pool->SyncToTip();
    ++reorganisations;
}

void PoolSequence::Step(base::RandomSource& choices)
{
    const uint64_t kind = choices.Below(200);
    if (kind < 180) {
        SubmitRandom(choices);
    } else if (kind < 188) {
        m_now += static_cast<int64_t>(choices.Below(3'000));
        m_clock.SetMockTime(m_now);
    } else if (kind < 194) {
        MineChosen(choices);
    } else if (kind < 197) {
        MineStranger(choices);
    } else if (kind < 198) {
        Reorganise(choices);
    } else {
        Compare();
    }
}

void PoolSequence::Compare()
{
    const auto entries = m_pool->Entries();
    const auto& naive = m_naive.Entries();
    const auto info = m_pool->Info();
    EMC_CHECK(entries.size() == naive.size() && info.count == naive.size());
    EMC_CHECK(info.usage == m_naive.Usage() && info.usage <= m_options.max_usage_bytes);
    EMC_CHECK(info.min_fee_per_kvb == std::max(m_options.relay_rate_per_kvb, m_naive.RollingMinimum(m_now)));
    std::set<Hash256> plain;
    for (const auto& tx : m_pool->Transactions())
        EMC_CHECK(plain.insert(tx->Txid()).second && naive.contains(tx->Txid()));
    EMC_CHECK(plain.size() == naive.size());
    std::map<std::string, Hash256> pending;
    std::set<Hash256> present;
    Amount fees = 0;
    uint64_t bytes = 0;
    for (const auto& entry : entries) {
        const auto found = naive.find(entry.tx->Txid());
        EMC_CHECK(found != naive.end());
        const auto& mine = found->second;
        present.insert(found->first);
        EMC_CHECK(entry.fee == mine.fee && entry.burned == names::NameFees(mine.ops));
        EMC_CHECK(entry.time == mine.time);
        auto ancestors = m_naive.Ancestors(*mine.tx);
        ancestors.insert(found->first);
        const auto descendants = m_naive.Descendants({found->first});
        const auto sums = [&](const NaivePool::Txids& some, uint64_t& vsize, Amount& fee) {
            for (const auto& txid : some) {
                vsize += naive.at(txid).vsize;
                fee += naive.at(txid).fee;
            }
        };
        uint64_t up_vsize = 0;
        uint64_t down_vsize = 0;
        Amount up_fee = 0;
        Amount down_fee = 0;
        sums(ancestors, up_vsize, up_fee);
        sums(descendants, down_vsize, down_fee);
        EMC_CHECK(entry.ancestor_count == ancestors.size() && entry.descendant_count == descendants.size());
        EMC_CHECK(entry.ancestor_size == up_vsize && entry.descendant_size == down_vsize);
        EMC_CHECK(entry.ancestor_fees == up_fee && entry.descendant_fees == down_fee);
        std::set<Hash256> parents;
        for (const auto& input : mine.tx->Inputs()) {
            EMC_CHECK(m_pool->SpenderOf(input.prevout) == found->first);
            if (naive.contains(input.prevout.txid)) parents.insert(input.prevout.txid);
        }
        EMC_CHECK(parents == std::set<Hash256>(entry.depends.begin(), entry.depends.end()));
        for (const auto& parent : parents)
            EMC_CHECK(present.contains(parent)); // parents are listed first
        for (const auto& op : mine.ops)
            EMC_CHECK(pending.emplace(op.op.name, found->first).second); // one for each name
        fees += mine.fee;
        bytes += mine.vsize;
    }
    EMC_CHECK(info.total_fee == fees && info.bytes == bytes);
    EMC_CHECK(m_pool->PendingNames().size() == pending.size());
    for (const auto& [name, txid] : pending) {
        const auto found = m_pool->PendingNameOf(name);
        EMC_CHECK(found && found->txid == txid && found->op.name == name);
    }
    for (const auto& [outpoint, output] : State().coins) {
        const auto spender = m_pool->SpenderOf(outpoint);
        EMC_CHECK(!spender || naive.contains(*spender));
    }
    m_subscription->Drain();
    const base::LockGuard lock(m_mutex);
    EMC_CHECK(m_told == present);
}

} // namespace emc::test
