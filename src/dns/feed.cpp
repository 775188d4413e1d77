#include "dns/feed.h"

#include <algorithm>
#include <chrono>

namespace emc::dns {

namespace {

constexpr size_t MAX_NOTED_NAMES = 500'000;
constexpr size_t MAX_EXPIRED = 100'000;
constexpr int32_t EXPIRED_BLOCKS = 1000;
constexpr auto TICK = std::chrono::seconds(1);

} // namespace

Feed::Feed(const Parts& parts) : m_parts(parts) {}

Feed::~Feed()
{
    Stop();
}

void Feed::Start()
{
    m_parts.local->Refresh();
    {
        const base::LockGuard lock(m_mutex);
        m_stopped = false;
    }
    NoteTip(m_parts.compiler->Names().NamesTip());
    m_parts.toll_free->Refresh(Now().next_height);
    m_thread = base::Thread("dns-feed", [this] { Run(); });
}

void Feed::Stop()
{
    m_stop.Request();
    {
        const base::LockGuard lock(m_mutex);
        m_stopped = true;
        m_wake.notify_all();
        m_done.notify_all();
    }
    m_thread.Join();
}

void Feed::WaitIdle()
{
    const base::LockGuard lock(m_mutex);
    const uint64_t ticket = m_noted;
    while (m_carried < ticket && !m_stopped)
        m_done.wait(m_mutex);
}

Moment Feed::Now() const
{
    const ChainState& chain = *m_parts.chain;
    return {chain.next_height.load(std::memory_order_relaxed),
            std::max(m_parts.clock->NowSec(), chain.median_time.load(std::memory_order_relaxed))};
}

void Feed::NoteNames(const std::vector<names::NameDelta>& deltas)
{
    const base::LockGuard lock(m_mutex);
    if (m_work.names.size() + deltas.size() > MAX_NOTED_NAMES) {
        m_work.names.clear();
        m_work.rebuild = true;
        return;
    }
    for (const names::NameDelta& delta : deltas)
        m_work.names.insert(delta.name);
}

void Feed::OnBlockConnected(const interfaces::BlockConnected& event)
{
    // During the initial download nothing is served; the full pass at its end reads everything.
    if (!event.names || (event.tip.initial_download && !m_parts.chain->ready.load())) return;
    NoteNames(*event.names);
}

void Feed::OnBlockDisconnected(const interfaces::BlockDisconnected& event)
{
    if (!event.names || (event.tip.initial_download && !m_parts.chain->ready.load())) return;
    NoteNames(*event.names);
}

void Feed::NoteTip(const interfaces::Tip& tip)
{
    ChainState& chain = *m_parts.chain;
    chain.next_height.store(tip.height + 1);
    chain.median_time.store(tip.median_time);
    const base::LockGuard lock(m_mutex);
    if (!tip.initial_download && !chain.ready.load()) {
        chain.ready.store(true); // stays so: a tip without new blocks is still served
        m_work.rebuild = true;
    }
    m_work.tip_changed = true;
    ++m_noted;
    m_wake.notify_all();
}

void Feed::OnTip(const interfaces::Tip& tip)
{
    NoteTip(tip);
    const base::LockGuard lock(m_mutex);
    const uint64_t ticket = m_noted;
    while (m_carried < ticket && !m_building && !m_work.rebuild && !m_stopped)
        m_done.wait(m_mutex);
}

void Feed::OnMissed()
{
    const base::LockGuard lock(m_mutex);
    m_work.rebuild = true;
    ++m_noted;
    m_wake.notify_all();
}

void Feed::Run()
{
    for (;;) {
        Work work;
        uint64_t ticket = 0;
        {
            const base::LockGuard lock(m_mutex);
            if (!m_work.Any() && !m_stopped) m_wake.wait_for(m_mutex, TICK);
            if (m_stopped) return;
            if (m_work.Any()) {
                std::swap(work, m_work);
                m_building = work.rebuild;
            }
            ticket = m_noted;
            m_done.notify_all();
        }
        Process(std::move(work));
        const base::LockGuard lock(m_mutex);
        m_building = false;
        m_carried = ticket;
        m_done.notify_all();
    }
}

void Feed::Process(Work work)
{
    const Moment now = Now();
    m_parts.local->Refresh();
    if (m_parts.toll_free->Refresh(now.next_height)) m_parts.store->BumpGeneration();
    if (!m_parts.chain->ready.load()) return;
    const bool height_fell = now.next_height < m_last_height;
    m_last_height = now.next_height;
    m_memo.clear();
    if (work.rebuild || !m_built) {
        Build();
        return;
    }
    ApplyNames(work.names);
    RefreshDue(height_fell);
    // Names read on the slow path may have changed without an entry in the store.
    if (work.tip_changed) m_parts.store->BumpGeneration();
}

const Zone* Feed::ZoneOf(ByteSpan key) const
{
    const ZoneConfig& config = m_parts.compiler->Config();
    if (IsNumberKey(key))
        return ZoneOfKey(key) < config.zones.size() ? &config.zones[ZoneOfKey(key)] : nullptr;
    std::string_view last;
    for (; !key.empty(); key = key.subspan(size_t{1} + key[0]))
        last = base::AsText(key.subspan(1, key[0]));
    return config.Find(last);
}

std::optional<Feed::Target> Feed::DomainTarget(std::string_view domain) const
{
    const size_t colon = domain.rfind(':');
    const std::string_view plain = domain.substr(0, colon);
    auto key = DomainKey(plain);
    if (!key || plain.find('.') == std::string_view::npos) return std::nullopt;
    const Zone* zone = ZoneOf(*key);
    if (zone == nullptr || zone->IsEnum()) return std::nullopt;
    const bool second_level = plain.find('.') == plain.rfind('.');
    const bool numbered = zone->kind == ZoneKind::Signed && second_level;
    if (numbered != (colon != std::string_view::npos)) return std::nullopt;
    return Target{zone, std::move(*key)};
}

/// The key whose entry a chain name contributes to; nullopt for names no zone serves.
std::optional<Feed::Target> Feed::TargetOf(std::string_view name) const
{
    const size_t colon = name.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view prefix = name.substr(0, colon);
    if (prefix == "dns") return DomainTarget(name.substr(colon + 1));
    const Zone* zone = m_parts.compiler->Config().Find(prefix);
    if (zone == nullptr || !zone->IsEnum()) return std::nullopt;
    const auto record = enumrec::ParseRecordName("enum" + std::string(name.substr(colon)));
    if (!record || record->kind != enumrec::NameKind::Number) return std::nullopt;
    const NumberKey key = MakeNumberKey(zone->index, record->number->Value());
    return Target{zone, base::Bytes(key.begin(), key.end())};
}

base::Bytes Feed::Take(Compiled compiled)
{
    for (std::string& name : compiled.depends)
        m_depends.insert(std::move(name));
    return std::move(compiled.entry);
}

base::Bytes Feed::Compile(const Target& target)
{
    const Compiler& compiler = *m_parts.compiler;
    if (!IsNumberKey(target.key))
        return Take(compiler.CompileDomain(*target.zone, target.key, Now(), m_memo));
    const auto number = enumrec::Number::FromValue(NumberOfKey(target.key));
    if (!number) return {};
    const auto group = compiler.ReadGroup(*target.zone, *number);
    return Take(compiler.CompileNumber(*target.zone, *number, group, Now(), m_memo));
}

void Feed::Recompile(const std::vector<base::Bytes>& keys)
{
    std::vector<ZoneStore::Change> changes;
    for (const base::Bytes& key : keys) {
        const Zone* zone = ZoneOf(key);
        if (zone != nullptr) changes.push_back({key, Compile({zone, key})});
    }
    m_parts.store->Apply(changes);
}

void Feed::ApplyNames(const std::set<std::string>& names)
{
    std::vector<base::Bytes> keys;
    uint64_t dependents = 0;
    for (const std::string& name : names) {
        if (m_depends.contains(name)) {
            dependents |= DependencyBit(name);
            m_parts.revocation->Forget(name);
        }
        if (auto target = TargetOf(name)) keys.push_back(std::move(target->key));
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    Recompile(keys);
    if (dependents != 0) RefreshDependents(dependents);
}

void Feed::RefreshDependents(uint64_t bits)
{
    for (size_t i = 0; i < SHARD_COUNT && !m_stop.Requested(); ++i) {
        const auto shard = m_parts.store->ShardAt(i);
        if (!shard) continue;
        std::vector<base::Bytes> keys;
        shard->ForEach([&](const EntryView& entry) {
            if ((entry.Depends() & bits) != 0) keys.emplace_back(entry.Key().begin(), entry.Key().end());
        });
        Recompile(keys);
    }
}

/// Looks again at what has run out by height or time, and after a reorganisation at what had run out above.
void Feed::RefreshDue(bool height_fell)
{
    const Moment now = Now();
    if (height_fell) {
        std::vector<base::Bytes> keys;
        for (const auto& [last_height, key] : m_expired) {
            if (last_height >= now.next_height) keys.push_back(key);
        }
        Recompile(keys);
    }
    std::erase_if(m_expired, [&](const auto& item) { return item.first < now.next_height - EXPIRED_BLOCKS; });
    for (size_t i = 0; i < SHARD_COUNT && !m_stop.Requested(); ++i) {
        const auto shard = m_parts.store->ShardAt(i);
        if (!shard) continue;
        if (now.next_height <= shard->MinValidHeight() && now.now_sec <= int64_t{shard->MinValidSec()})
            continue;
        std::vector<base::Bytes> keys;
        shard->ForEach([&](const EntryView& entry) {
            if (entry.ValidAt(now.next_height, now.now_sec)) return;
            keys.emplace_back(entry.Key().begin(), entry.Key().end());
            if (entry.ValidHeight() < now.next_height && m_expired.size() < MAX_EXPIRED) {
                m_expired.emplace_back(entry.ValidHeight(), keys.back());
            }
        });
        Recompile(keys);
    }
}

} // namespace emc::dns
