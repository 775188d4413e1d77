#include "fake_node.h"

#include "base/check.h"
#include "names/op_codec.h"

#include <algorithm>
#include <set>

namespace emc::test {

using base::Hash256;
using interfaces::Failure;
using primitives::OutPoint;

class FakeNode::Handle final : public interfaces::Subscription
{
public:
    Handle(FakeNode& node, interfaces::EventSink& sink) : m_node(node), m_sink(sink) {}

    ~Handle() override { std::erase(m_node.m_sinks, &m_sink); }

    void Drain() override
    {
        if (!m_node.m_held) m_node.Deliver();
    }

private:
    FakeNode& m_node;
    interfaces::EventSink& m_sink;
};

base::Bytes ScriptOf(const std::string& address)
{
    auto script = script::DecodeAddress(consensus::RegtestParams().addresses, address);
    EMC_CHECK(script.HasValue());
    return *script;
}

namespace {

/// Keys of different nodes differ.
uint64_t NextSeed()
{
    static uint64_t seed = 0;
    return ++seed;
}

} // namespace

FakeNode::FakeNode() : random(NextSeed())
{
    clock.SetMockTime(1'700'000'000);
    const auto& params = consensus::RegtestParams();
    m_blocks[params.genesis_hash] = {std::make_shared<primitives::Block>(params.genesis), 0,
                                     std::make_shared<std::vector<names::NameDelta>>()};
    m_chain = {params.genesis_hash};
}

FakeNode::~FakeNode() = default;

void FakeNode::Emit(Event event)
{
    m_waiting.push_back(std::move(event));
    if (!m_held) Deliver();
}

void FakeNode::Deliver()
{
    m_held = false;
    while (!m_waiting.empty()) {
        const Event event = std::move(m_waiting.front());
        m_waiting.pop_front();
        for (auto* sink : m_sinks)
            event(*sink);
    }
}

void FakeNode::LoseEvents()
{
    m_waiting.clear();
    m_held = false;
    for (auto* sink : m_sinks)
        sink->OnMissed();
}

void FakeNode::ConnectCoins(const primitives::Transaction& tx, int32_t height, bool generated)
{
    for (const auto& input : tx.Inputs()) {
        const auto it = m_coins.find(input.prevout);
        if (it == m_coins.end()) continue;
        m_spent[it->first] = it->second;
        m_coins.erase(it);
    }
    for (uint32_t i = 0; i < tx.Outputs().size(); ++i) {
        const auto& output = tx.Outputs()[i];
        const auto owner = names::OwnerScriptOf(tx.Version(), i, output.script_pubkey);
        m_coins[{tx.Txid(), i}] = {{output.value, base::Bytes(owner.script.begin(), owner.script.end())},
                                   height,
                                   generated,
                                   owner.had_prefix};
    }
}

void FakeNode::ConnectNames(const primitives::Transaction& tx, int32_t height,
                            std::vector<names::NameDelta>& deltas)
{
    if (tx.Version() != primitives::NAME_TX_VERSION) return;
    for (uint32_t i = 0; i < tx.Outputs().size(); ++i) {
        const auto parsed = names::ParseNameOutput(tx.Outputs()[i].script_pubkey);
        if (!parsed || !parsed->op) continue;
        const auto& op = *parsed->op;
        names::NameDelta delta;
        delta.name = op.name;
        delta.kind = op.kind;
        delta.days = op.days;
        if (const auto it = m_names.find(op.name); it != m_names.end()) delta.before = it->second;
        const bool renewed = op.kind == names::OpKind::Update && delta.before;
        const auto added = static_cast<int32_t>(op.days) * names::BLOCKS_PER_DAY;
        if (op.kind == names::OpKind::Delete) {
            m_names.erase(op.name);
        } else {
            delta.after =
                names::NameRecord{{tx.Txid(), i},  op.value,
                                  op.owner_script, renewed ? delta.before->born_height : height,
                                  height,          (renewed ? delta.before->expiry : height) + added};
            m_names[op.name] = *delta.after;
        }
        deltas.push_back(std::move(delta));
    }
}

Hash256 FakeNode::Mine(const base::Bytes& coinbase_script, const std::vector<TxRef>& more, bool with_pool)
{
    const auto height = static_cast<int32_t>(m_chain.size());
    primitives::MutableTransaction coinbase;
    coinbase.inputs.resize(1);
    codec::Writer(coinbase.inputs[0].script_sig).U32(++m_salt);
    coinbase.outputs.push_back({50 * primitives::COIN, coinbase_script});
    primitives::Block block;
    block.transactions.push_back(primitives::MakeTx(coinbase));
    block.transactions.insert(block.transactions.end(), more.begin(), more.end());
    const std::vector<TxRef> taken = with_pool ? std::exchange(m_pool, {}) : std::vector<TxRef>{};
    block.transactions.insert(block.transactions.end(), taken.begin(), taken.end());
    block.header.prev_hash = m_chain.back();
    block.header.time = static_cast<uint32_t>(clock.NowSec());
    block.header.nonce = ++m_salt;
    const Hash256 hash = block.header.Hash();
    auto deltas = std::make_shared<std::vector<names::NameDelta>>();
    std::set<OutPoint> spent;
    for (size_t i = 0; i < block.transactions.size(); ++i) {
        for (const auto& input : block.transactions[i]->Inputs())
            spent.insert(input.prevout);
        ConnectCoins(*block.transactions[i], height, i == 0);
        ConnectNames(*block.transactions[i], height, *deltas);
    }
    const auto ref = std::make_shared<const primitives::Block>(std::move(block));
    m_blocks[hash] = {ref, height, deltas};
    m_chain.push_back(hash);
    // Transactions of the pool that this block makes impossible.
    std::vector<TxRef> lost;
    for (const auto& tx : m_pool) {
        const bool impossible = std::any_of(tx->Inputs().begin(), tx->Inputs().end(), [&](const auto& input) {
            return spent.contains(input.prevout) ||
                   std::count(lost.begin(), lost.end(), Get(input.prevout.txid)) > 0;
        });
        if (impossible) lost.push_back(tx);
    }
    interfaces::BlockConnected event;
    event.block = ref;
    event.hash = hash;
    event.height = height;
    event.names = deltas;
    event.tip = GetTip();
    Emit([event](interfaces::EventSink& sink) {
        sink.OnBlockConnected(event);
        sink.OnTip(event.tip);
    });
    for (const auto& tx : taken)
        Emit([tx](interfaces::EventSink& sink) { sink.OnTxRemoved(tx, interfaces::RemovalReason::Block); });
    for (const auto& tx : lost)
        DropFromPool(tx->Txid(), interfaces::RemovalReason::Conflict);
    return hash;
}

void FakeNode::MineMany(int count, const base::Bytes& coinbase_script)
{
    for (int i = 0; i < count; ++i)
        Mine(coinbase_script);
}

void FakeNode::Pop(bool back_to_pool)
{
    const Hash256 hash = m_chain.back();
    const Stored& stored = m_blocks.at(hash);
    m_chain.pop_back();
    const auto& txs = stored.block->transactions;
    for (auto tx = txs.rbegin(); tx != txs.rend(); ++tx) {
        for (uint32_t i = 0; i < (*tx)->Outputs().size(); ++i)
            m_coins.erase({(*tx)->Txid(), i});
        for (const auto& input : (*tx)->Inputs()) {
            const auto it = m_spent.find(input.prevout);
            if (it == m_spent.end()) continue;
            m_coins[it->first] = it->second;
            m_spent.erase(it);
        }
    }
    for (auto delta = stored.deltas->rbegin(); delta != stored.deltas->rend(); ++delta) {
        m_names.erase(delta->name);
        if (delta->before) m_names[delta->name] = *delta->before;
    }
    interfaces::BlockDisconnected event;
    event.block = stored.block;
    event.hash = hash;
    event.height = stored.height;
    event.names = stored.deltas;
    event.tip = GetTip();
    Emit([event](interfaces::EventSink& sink) {
        sink.OnBlockDisconnected(event);
        sink.OnTip(event.tip);
    });
    if (!back_to_pool) return;
    for (size_t i = 1; i < txs.size(); ++i)
        AddToPool(txs[i]);
}

TxRef FakeNode::Gift(const base::Bytes& script, Amount value)
{
    primitives::MutableTransaction tx;
    tx.inputs.resize(1);
    random.Fill(tx.inputs[0].prevout.txid.bytes);
    tx.inputs[0].prevout.index = 0;
    tx.outputs.push_back({value, script});
    return primitives::MakeTx(tx);
}

void FakeNode::AddToPool(const TxRef& tx)
{
    m_pool.push_back(tx);
    Emit([tx](interfaces::EventSink& sink) { sink.OnTxAdded(tx); });
}

void FakeNode::DropFromPool(const Hash256& txid, interfaces::RemovalReason reason)
{
    const TxRef tx = Get(txid);
    if (!tx) return;
    std::erase(m_pool, tx);
    Emit([tx, reason](interfaces::EventSink& sink) { sink.OnTxRemoved(tx, reason); });
}

std::optional<primitives::Coin> FakeNode::GetCoin(const OutPoint& outpoint) const
{
    const auto it = m_coins.find(outpoint);
    if (it == m_coins.end()) return std::nullopt;
    return it->second;
}

interfaces::Tip FakeNode::GetTip() const
{
    interfaces::Tip tip;
    tip.hash = m_chain.back();
    tip.height = static_cast<int32_t>(m_chain.size()) - 1;
    tip.header_height = tip.height;
    tip.time = static_cast<int64_t>(m_blocks.at(tip.hash).block->header.time);
    tip.median_time = tip.time;
    tip.initial_download = false;
    return tip;
}

interfaces::BlockInfo FakeNode::InfoOf(const Hash256& hash, const Stored& stored) const
{
    interfaces::BlockInfo info;
    info.hash = hash;
    info.header = stored.block->header;
    info.height = stored.height;
    const auto height = static_cast<size_t>(stored.height);
    info.in_best_chain = height < m_chain.size() && m_chain[height] == hash;
    info.has_data = true;
    return info;
}

std::optional<interfaces::BlockInfo> FakeNode::BlockByHash(const Hash256& hash) const
{
    const auto it = m_blocks.find(hash);
    if (it == m_blocks.end()) return std::nullopt;
    return InfoOf(hash, it->second);
}

std::optional<interfaces::BlockInfo> FakeNode::BlockByHeight(int32_t height) const
{
    if (height < 0 || static_cast<size_t>(height) >= m_chain.size()) return std::nullopt;
    return BlockByHash(m_chain[static_cast<size_t>(height)]);
}

base::Expected<primitives::BlockRef, Failure> FakeNode::ReadBlock(const Hash256& hash) const
{
    const auto it = m_blocks.find(hash);
    if (it == m_blocks.end()) return base::Unexpected(Failure{-5, "unknown"});
    if (on_read) on_read();
    return it->second.block;
}

base::Expected<std::vector<std::vector<primitives::Coin>>, Failure>
FakeNode::ReadSpentCoins(const Hash256&) const
{
    return base::Unexpected(Failure{-1, "not kept"});
}

std::optional<bool> FakeNode::FilterMatches(const base::Hash256& block,
                                            std::span<const base::Bytes> scripts) const
{
    if (!filters) return std::nullopt;
    const auto has = [&](base::ByteSpan script) {
        return std::any_of(scripts.begin(), scripts.end(),
                           [&](const base::Bytes& one) { return std::ranges::equal(one, script); });
    };
    for (const auto& tx : m_blocks.at(block).block->transactions) {
        for (const auto& input : tx->Inputs()) {
            const auto it = m_spent.find(input.prevout);
            if (it != m_spent.end() && has(it->second.out.script_pubkey)) return true;
        }
        for (size_t i = 0; i < tx->Outputs().size(); ++i) {
            if (has(names::OwnerScriptOf(tx->Version(), i, tx->Outputs()[i].script_pubkey).script))
                return true;
        }
    }
    return false;
}

std::optional<interfaces::NameInfo> FakeNode::Find(std::string_view name) const
{
    const auto it = m_names.find(name);
    if (it == m_names.end()) return std::nullopt;
    return interfaces::NameInfo{it->first, it->second, it->second.LiveAt(GetTip().height)};
}

std::unique_ptr<interfaces::Subscription> FakeNode::Subscribe(std::string_view, interfaces::EventSink& sink,
                                                              size_t)
{
    m_sinks.push_back(&sink);
    return std::make_unique<Handle>(*this, sink);
}

base::Expected<interfaces::Broadcaster::Accepted, Failure> FakeNode::Submit(const TxRef& tx, const Options&)
{
    if (!refusal.empty()) return base::Unexpected(Failure{-26, refusal});
    Accepted out;
    out.txid = tx->Txid();
    if (Get(out.txid)) return out;
    for (const auto& input : tx->Inputs()) {
        if (SpenderOf(input.prevout)) return base::Unexpected(Failure{-26, "txn-mempool-conflict"});
        if (!m_coins.contains(input.prevout) && !Get(input.prevout.txid))
            return base::Unexpected(Failure{-25, "bad-txns-inputs-missingorspent"});
    }
    AddToPool(tx);
    return out;
}

TxRef FakeNode::Get(const Hash256& txid) const
{
    const auto it =
        std::find_if(m_pool.begin(), m_pool.end(), [&](const auto& tx) { return tx->Txid() == txid; });
    return it == m_pool.end() ? nullptr : *it;
}

std::optional<interfaces::PoolEntry> FakeNode::Entry(const Hash256& txid) const
{
    const auto tx = Get(txid);
    if (!tx) return std::nullopt;
    interfaces::PoolEntry entry;
    entry.tx = tx;
    return entry;
}

std::vector<interfaces::PoolEntry> FakeNode::Entries() const
{
    std::vector<interfaces::PoolEntry> out;
    for (const auto& tx : m_pool) {
        out.push_back(*Entry(tx->Txid()));
        out.back().ancestor_count = out.size();
    }
    return out;
}

std::optional<Hash256> FakeNode::SpenderOf(const OutPoint& outpoint) const
{
    for (const auto& tx : m_pool) {
        for (const auto& input : tx->Inputs()) {
            if (input.prevout == outpoint) return tx->Txid();
        }
    }
    return std::nullopt;
}

std::vector<interfaces::PendingName> FakeNode::PendingNames() const
{
    std::vector<interfaces::PendingName> out;
    for (const auto& tx : m_pool) {
        if (tx->Version() != primitives::NAME_TX_VERSION) continue;
        for (uint32_t i = 0; i < tx->Outputs().size(); ++i) {
            const auto parsed = names::ParseNameOutput(tx->Outputs()[i].script_pubkey);
            if (parsed && parsed->op) out.push_back({*parsed->op, tx->Txid(), i, 0});
        }
    }
    return out;
}

std::optional<interfaces::PendingName> FakeNode::PendingNameOf(std::string_view name) const
{
    for (const auto& pending : PendingNames()) {
        if (pending.op.name == name) return pending;
    }
    return std::nullopt;
}

} // namespace emc::test
