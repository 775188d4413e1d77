#include "chain/chain.h"

#include "chain/block_index.h"
#include "chain/block_store.h"
#include "chain/history.h"
#include "chain/readers.h"
#include "chain/snapshots.h"
#include "chain/view.h"
#include "chain/watermark_changes.h"
#include "storage/kv_store.h"

#include <algorithm>

namespace emc::chain {

struct Chain::Impl {
    Impl(const ChainOptions& options, const ChainDeps& deps)
        : engine(options, deps), reader(engine), names(engine), control(engine), snapshots(engine)
    {}

    Engine engine;
    chain::Reader reader;
    NamesReader names;
    chain::Control control;
    chain::Snapshots snapshots;
};

Chain::Chain(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Chain::~Chain()
{
    m_impl->engine.Stop();
}

base::Expected<std::unique_ptr<Chain>, OpenError> Chain::Open(const ChainOptions& options,
                                                              const ChainDeps& deps)
{
    auto impl = std::make_unique<Impl>(options, deps);
    if (auto opened = impl->engine.Open(); !opened) return base::Unexpected(opened.Error());
    impl->engine.Start();
    return std::make_unique<Chain>(std::move(impl));
}

BlockVerdict Chain::AcceptBlock(const primitives::BlockRef& block)
{
    const auto prechecked = m_impl->engine.Precheck(*block);
    BlockVerdict verdict;
    m_impl->engine.Run([&] { verdict = m_impl->engine.AcceptBlock(block, prechecked); });
    return verdict;
}

void Chain::QueueBlock(const primitives::BlockRef& block, std::function<void(const BlockVerdict&)> done)
{
    m_impl->engine.Queue(block, std::move(done));
}

void Chain::RestoreBlock(const primitives::BlockRef& block, std::function<void(const BlockVerdict&)> done)
{
    auto& engine = m_impl->engine;
    engine.Post([&engine, block, prechecked = engine.Precheck(*block), done = std::move(done)] {
        if (!engine.StopAsked()) done(engine.Restore(block, prechecked));
    });
}

BlockVerdict Chain::AcceptHeader(const primitives::BlockHeader& header)
{
    BlockVerdict verdict;
    m_impl->engine.Run([&] { verdict = m_impl->engine.AcceptHeader(header); });
    return verdict;
}

BlockVerdict Chain::TestBlock(const primitives::BlockRef& block)
{
    BlockVerdict verdict;
    m_impl->engine.Run([&] { verdict = m_impl->engine.TestBlock(*block); });
    return verdict;
}

void Chain::StartPruning(std::function<int32_t()> needless)
{
    m_impl->engine.Run([&] { m_impl->engine.StartPruning(std::move(needless)); });
}

std::vector<Chain::MissingBlock> Chain::MissingHistory(size_t limit) const
{
    std::vector<MissingBlock> out;
    const auto history = m_impl->engine.HistoryNow();
    if (!history) return out;
    for (int32_t height = history->tip->height + 1; height <= history->base->height; ++height) {
        if (out.size() >= limit) break;
        const BlockEntry& entry = *history->base->Ancestor(height);
        if (!m_impl->engine.Index().Copy(entry).HasData()) out.push_back({height, entry.hash});
    }
    return out;
}

std::optional<KnownBlock> Chain::Find(const base::Hash256& hash) const
{
    const auto& index = m_impl->engine.Index();
    const BlockEntry* entry = index.Find(hash);
    if (entry == nullptr) return m_impl->engine.HeldBlock(hash);
    const BlockEntry now = index.Copy(*entry);
    KnownBlock out;
    out.height = now.height;
    out.previous = now.header.prev_hash;
    out.stored = now.HasData() || now.Pruned();
    out.pruned = now.Pruned();
    out.invalid = now.Invalid();
    out.in_best_chain = index.InBestChain(*entry);
    out.time = now.header.time;
    out.bytes = now.data_bytes;
    out.fork_state = now.fork_state;
    return out;
}

std::optional<base::Bytes> Chain::BlockBytes(const base::Hash256& hash) const
{
    const auto& index = m_impl->engine.Index();
    const BlockEntry* entry = index.Find(hash);
    if (entry == nullptr) return std::nullopt;
    const BlockEntry now = index.Copy(*entry);
    if (!now.HasData()) return std::nullopt;
    auto bytes = m_impl->engine.Blocks().ReadBytes(now.data, hash);
    if (!bytes) return std::nullopt;
    return std::move(*bytes);
}

interfaces::Tip Chain::GetTip() const
{
    return *m_impl->engine.State().Tip();
}

TipView Chain::View() const
{
    return TipView(m_impl->engine.State(), m_impl->engine.State().Tip());
}

NextBlock Chain::Next() const
{
    auto& engine = m_impl->engine;
    NextBlock next;
    next.tip = *engine.State().Tip();
    const BlockEntry* entry = engine.Index().Find(next.tip.hash);
    next.height = entry->height + 1;
    next.pow_bits = entry->fork_state.RequiredBits(engine.Params(), consensus::Kind::Pow, entry->height);
    next.pos_bits = entry->fork_state.RequiredBits(engine.Params(), consensus::Kind::Pos, entry->height);
    next.min_time = next.tip.median_time + 1;
    next.last_pos_time = entry->last_pos_time;
    next.stake_modifier = engine.Index().Copy(*entry).modifier;
    next.fork_state = entry->fork_state;
    return next;
}

const consensus::Params& Chain::Params() const
{
    return m_impl->engine.Params();
}

script::SignatureCache& Chain::Signatures()
{
    return m_impl->engine.Signatures();
}

EventBus& Chain::Events()
{
    return m_impl->engine.Events();
}

interfaces::ChainReader& Chain::Reader()
{
    return m_impl->reader;
}

interfaces::NameReader& Chain::Names()
{
    return m_impl->names;
}

std::vector<reward::Watermark> Chain::Watermarks()
{
    const auto committed = m_impl->engine.CommittedAtTip();
    std::vector<reward::Watermark> out;
    const uint8_t prefix = storage::PREFIX_WATERMARK;
    auto it = committed->store->Iterate(base::ByteSpan(&prefix, 1), committed->snapshot.get());
    for (; it.Valid(); it.Next()) {
        if (const auto watermark = ParseWatermark(it.Key(), it.Value())) out.push_back(*watermark);
    }
    return out;
}

interfaces::ChainControl& Chain::Control()
{
    return m_impl->control;
}

interfaces::SnapshotControl& Chain::Snapshots()
{
    return m_impl->snapshots;
}

bool Chain::Stopped() const
{
    return m_impl->engine.Stopped();
}

primitives::Amount Chain::Supply() const
{
    return m_impl->engine.State().Supply();
}

std::vector<base::Hash256> Chain::Locator() const
{
    const auto& index = m_impl->engine.Index();
    std::vector<base::Hash256> out;
    int32_t step = 1;
    const BlockEntry* walk = index.Find(GetTip().hash);
    while (walk != nullptr) {
        out.push_back(walk->hash);
        if (walk->height == 0) break;
        if (out.size() > 10) step *= 2;
        walk = walk->Ancestor(std::max(0, walk->height - step));
    }
    return out;
}

} // namespace emc::chain
