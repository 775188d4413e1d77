#include "dns/zone/feed.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/thread.h"
#include "dns/records/local_file.h"
#include "dns/records/record_memo.h"
#include "dns/records/revocation.h"
#include "dns/records/toll_free.h"
#include "dns/secure/zone_signer.h"
#include "dns/zone/listener.h"
#include "dns/zone/zone_store.h"
#include "interfaces/chain.h"

#include <algorithm>
#include <malloc.h>
#include <set>
#include <unordered_set>

namespace emc::dns {

namespace {

constexpr size_t MAX_NOTED_NAMES = 500'000;
constexpr size_t MAX_EXPIRED = 100'000;
constexpr int32_t EXPIRED_BLOCKS = 1000;
constexpr int64_t TICK_MS = 1000;
/// When a shard is made anew for one entry's signatures, those of others due within this time are too.
constexpr int64_t REFRESH_TOGETHER_SEC = 6 * 3600;

constexpr size_t BATCH_NAMES = 4096;
constexpr int64_t PROGRESS_US = 5'000'000;

/// "enum:18009359935:" of "enum:18009359935:0".
std::string_view UpToLastColon(std::string_view name)
{
    return name.substr(0, name.rfind(':') + 1);
}

/// A key of which something ran out, with its last height; sought by height.
using Expired = std::pair<int32_t, base::Bytes>;

struct ByHeight {
    using is_transparent = void;

    bool operator()(const Expired& a, const Expired& b) const { return a < b; }

    bool operator()(const Expired& a, int32_t height) const { return a.first < height; }

    bool operator()(int32_t height, const Expired& b) const { return height < b.first; }
};

/// Names under a prefix in batches, read outside the callback. A batch never splits the slots of one number.
class BatchReader
{
public:
    BatchReader(const interfaces::NameReader& names, std::string prefix)
        : m_names(names), m_prefix(std::move(prefix)), m_from(m_prefix)
    {}

    /// Empty at the end.
    [[nodiscard]] std::vector<interfaces::NameInfo> Next()
    {
        std::vector<interfaces::NameInfo> out;
        if (m_done) return out;
        m_done = true;
        m_names.Scan(m_from, [&](const interfaces::NameInfo& info) {
            if (!std::string_view(info.name).starts_with(m_prefix)) return false;
            if (out.size() >= BATCH_NAMES && UpToLastColon(info.name) != UpToLastColon(out.back().name)) {
                m_from = info.name;
                m_done = false;
                return false;
            }
            out.push_back(info);
            return true;
        });
        return out;
    }

private:
    const interfaces::NameReader& m_names;
    const std::string m_prefix;
    std::string m_from;
    bool m_done = false;
};

} // namespace

class Feed::Impl
{
public:
    explicit Impl(const Parts& parts) : m_parts(parts) {}

    ~Impl() { Stop(); }

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void Start();
    void Stop();
    void WaitIdle();
    void OnBlock(const std::shared_ptr<const std::vector<names::NameDelta>>& names,
                 const interfaces::Tip& tip);
    void OnTip(const interfaces::Tip& tip);
    void OnMissed();
    void ReadAnew();

private:
    /// What there is to do.
    struct Work {
        std::set<std::string> names;
        bool tip_changed = false;
        bool rebuild = false;
        base::Hash256 tip;

        [[nodiscard]] bool Any() const { return tip_changed || rebuild; }
    };

    struct Target {
        const Zone* zone = nullptr;
        Bytes key;
    };

    void Run();
    void Process(Work work);
    void Settle();
    void NoteNames(const std::vector<names::NameDelta>& deltas);
    void NoteTip(const interfaces::Tip& tip);
    [[nodiscard]] Moment Now() const;

    void Build();
    [[nodiscard]] bool BuildNumbers(const Zone& zone, ZoneStore::Loader& loader);
    [[nodiscard]] bool BuildDomains(ZoneStore::Loader& loader);
    void Progress(bool done);

    [[nodiscard]] std::optional<Target> TargetOf(std::string_view name) const;
    [[nodiscard]] std::optional<Target> DomainTarget(std::string_view domain) const;
    [[nodiscard]] base::Bytes Compile(const Target& target);
    base::Bytes Take(const Target& target, Compiled compiled);
    void NoteExpired(int32_t last_height, const base::Bytes& key);
    void ApplyNames(const std::set<std::string>& names);
    void RefreshDependents(uint64_t bits);
    void RefreshDue(bool height_fell);
    void Recompile(const std::vector<base::Bytes>& keys);

    const Parts m_parts;
    base::Mutex<base::LockRank::Leaf> m_mutex;
    base::CondVar m_wake;
    base::CondVar m_done;
    Work m_work EMC_GUARDED_BY(m_mutex);
    uint64_t m_noted EMC_GUARDED_BY(m_mutex) = 0;   ///< tickets given out
    uint64_t m_carried EMC_GUARDED_BY(m_mutex) = 0; ///< tickets carried out
    bool m_building EMC_GUARDED_BY(m_mutex) = false;
    bool m_stopped EMC_GUARDED_BY(m_mutex) = true;
    base::StopFlag m_stop;

    // Feed thread only.
    RecordMemo m_memo;
    std::unordered_set<std::string> m_depends; ///< names whose change concerns entries
    std::set<Expired, ByHeight> m_expired;     ///< lately; a reorganisation may bring them back
    int32_t m_expired_lost = -1;               ///< of that height and below not all are noted
    int32_t m_last_height = -1;
    base::Hash256 m_tip;
    bool m_built = false;
    uint64_t m_seen = 0;
    int64_t m_build_began_us = 0;
    int64_t m_progress_us = 0;

    base::Thread m_thread;
};

void Feed::Impl::Start()
{
    m_parts.local->Refresh();
    {
        const base::LockGuard lock(m_mutex);
        m_stopped = false;
    }
    NoteTip(m_parts.compiler->Names().NamesTip());
    m_parts.toll_free->Refresh(Now().height);
    m_thread = base::Thread("dns-feed", [this] { Run(); });
}

void Feed::Impl::Stop()
{
    m_stop.Request();
    {
        const base::LockGuard lock(m_mutex);
        m_stopped = true;
        m_wake.NotifyAll();
        m_done.NotifyAll();
    }
    m_thread.Join();
}

void Feed::Impl::WaitIdle()
{
    const base::LockGuard lock(m_mutex);
    const uint64_t ticket = m_noted;
    while (m_carried < ticket && !m_stopped)
        m_done.Wait(m_mutex);
}

Moment Feed::Impl::Now() const
{
    const ChainState& chain = *m_parts.chain;
    return {chain.height.load(std::memory_order_relaxed),
            std::max(m_parts.clock->NowSec(), chain.median_time.load(std::memory_order_relaxed))};
}

void Feed::Impl::NoteNames(const std::vector<names::NameDelta>& deltas)
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

void Feed::Impl::OnBlock(const std::shared_ptr<const std::vector<names::NameDelta>>& names,
                         const interfaces::Tip& tip)
{
    // During the initial download nothing is served; the full pass at its end reads everything.
    if (names && (!tip.initial_download || m_parts.chain->ready.load())) NoteNames(*names);
}

void Feed::Impl::NoteTip(const interfaces::Tip& tip)
{
    ChainState& chain = *m_parts.chain;
    chain.height.store(tip.height);
    chain.median_time.store(tip.median_time);
    const base::LockGuard lock(m_mutex);
    if (!tip.initial_download && !chain.ready.load()) {
        chain.ready.store(true); // stays so: a tip without new blocks is still served
        m_work.rebuild = true;
    }
    m_work.tip_changed = true;
    m_work.tip = tip.hash;
    ++m_noted;
    m_wake.NotifyAll();
}

void Feed::Impl::OnTip(const interfaces::Tip& tip)
{
    NoteTip(tip);
    const base::LockGuard lock(m_mutex);
    const uint64_t ticket = m_noted;
    while (m_carried < ticket && !m_building && !m_work.rebuild && !m_stopped)
        m_done.Wait(m_mutex);
}

void Feed::Impl::OnMissed()
{
    EMC_LOG(*m_parts.log, Warning, Dns, "the DNS zone fell behind the chain and reads all names anew");
    ReadAnew();
}

void Feed::Impl::ReadAnew()
{
    const base::LockGuard lock(m_mutex);
    m_work.rebuild = true;
    ++m_noted;
    m_wake.NotifyAll();
}

void Feed::Impl::Run()
{
    for (;;) {
        Work work;
        uint64_t ticket = 0;
        {
            const base::LockGuard lock(m_mutex);
            if (!m_work.Any() && !m_stopped) m_wake.WaitFor(m_mutex, TICK_MS);
            if (m_stopped) return;
            if (m_work.Any()) {
                std::swap(work, m_work);
                m_building = work.rebuild;
            }
            ticket = m_noted;
            m_done.NotifyAll();
        }
        Process(std::move(work));
        const base::LockGuard lock(m_mutex);
        m_building = false;
        m_carried = ticket;
        m_done.NotifyAll();
    }
}

void Feed::Impl::Process(Work work)
{
    const Moment now = Now();
    m_parts.local->Refresh();
    if (m_parts.toll_free->Refresh(now.height)) m_parts.store->BumpGeneration();
    if (!m_parts.chain->ready.load()) return;
    if (work.tip_changed) m_tip = work.tip;
    const bool height_fell = now.height < m_last_height;
    m_last_height = now.height;
    m_memo = {};
    if (work.rebuild || !m_built || (height_fell && now.height <= m_expired_lost)) {
        Build();
        Settle();
        return;
    }
    ApplyNames(work.names);
    RefreshDue(height_fell);
    // Names read on the slow path may have changed without an entry in the store.
    if (work.tip_changed) m_parts.store->BumpGeneration();
    Settle();
}

/// Tells that the store stands for the tip, unless more has come in meanwhile.
void Feed::Impl::Settle()
{
    if (m_parts.listener == nullptr || !m_built || m_stop.Requested()) return;
    {
        const base::LockGuard lock(m_mutex);
        if (m_work.Any()) return;
    }
    m_parts.listener->OnSettled(m_tip, Now().height);
}

std::optional<Feed::Impl::Target> Feed::Impl::DomainTarget(std::string_view domain) const
{
    const size_t colon = domain.rfind(':');
    const std::string_view plain = domain.substr(0, colon);
    auto key = DomainKey(plain);
    if (!key || plain.find('.') == std::string_view::npos) return std::nullopt;
    const Zone* zone = m_parts.compiler->Config().OfKey(*key);
    if (zone == nullptr || zone->IsEnum()) return std::nullopt;
    const bool second_level = plain.find('.') == plain.rfind('.');
    const bool numbered = zone->kind == ZoneKind::Signed && second_level;
    if (numbered != (colon != std::string_view::npos)) return std::nullopt;
    return Target{zone, std::move(*key)};
}

/// The key whose entry a chain name contributes to; nullopt for names no zone serves.
std::optional<Feed::Impl::Target> Feed::Impl::TargetOf(std::string_view name) const
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

/// When there are too many, the oldest are forgotten: a reorganisation down to them reads all names anew.
void Feed::Impl::NoteExpired(int32_t last_height, const base::Bytes& key)
{
    if (last_height == Compiled::NEVER || last_height < Now().height - EXPIRED_BLOCKS) return;
    m_expired.emplace(last_height, key);
    if (m_expired.size() <= MAX_EXPIRED) return;
    m_expired_lost = std::max(m_expired_lost, m_expired.begin()->first);
    m_expired.erase(m_expired.begin());
}

/// The entry, with signatures if the zone has them.
base::Bytes Feed::Impl::Take(const Target& target, Compiled compiled)
{
    for (std::string& name : compiled.depends)
        m_depends.insert(std::move(name));
    NoteExpired(compiled.expired_at, target.key);
    if (m_parts.signers == nullptr) return std::move(compiled.entry);
    return m_parts.signers->SignEntry(*target.zone, std::move(compiled.entry), Now().now_sec);
}

base::Bytes Feed::Impl::Compile(const Target& target)
{
    const Compiler& compiler = *m_parts.compiler;
    if (!IsNumberKey(target.key))
        return Take(target, compiler.CompileDomain(*target.zone, target.key, Now(), m_memo));
    const auto number = enumrec::Number::FromValue(NumberOfKey(target.key));
    if (!number) return {};
    const auto group = compiler.ReadGroup(*target.zone, *number);
    return Take(target, compiler.CompileNumber(*target.zone, *number, group, Now(), m_memo));
}

void Feed::Impl::Recompile(const std::vector<base::Bytes>& keys)
{
    std::vector<ZoneStore::Change> changes;
    for (const base::Bytes& key : keys) {
        const Zone* zone = m_parts.compiler->Config().OfKey(key);
        if (zone != nullptr) changes.push_back({key, Compile({zone, key})});
    }
    m_parts.store->Apply(changes);
    if (m_parts.listener != nullptr && !keys.empty()) m_parts.listener->OnChanged(keys);
}

void Feed::Impl::ApplyNames(const std::set<std::string>& names)
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

void Feed::Impl::RefreshDependents(uint64_t bits)
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
void Feed::Impl::RefreshDue(bool height_fell)
{
    const Moment now = Now();
    if (height_fell) {
        std::vector<base::Bytes> keys;
        for (auto at = m_expired.lower_bound(now.height); at != m_expired.end(); ++at)
            keys.push_back(at->second);
        Recompile(keys);
    }
    m_expired.erase(m_expired.begin(), m_expired.lower_bound(now.height - EXPIRED_BLOCKS));
    for (size_t i = 0; i < SHARD_COUNT && !m_stop.Requested(); ++i) {
        const auto shard = m_parts.store->ShardAt(i);
        if (!shard) continue;
        if (now.height <= shard->MinValidHeight() && now.now_sec <= int64_t{shard->MinValidSec()}) continue;
        std::vector<base::Bytes> keys;
        shard->ForEach([&](const EntryView& entry) {
            const bool for_signatures = entry.EndSec() != entry.ValidSec();
            if (entry.ValidAt(now.height, now.now_sec + (for_signatures ? REFRESH_TOGETHER_SEC : 0))) return;
            keys.emplace_back(entry.Key().begin(), entry.Key().end());
        });
        Recompile(keys);
    }
}

void Feed::Impl::Progress(bool done)
{
    const int64_t now = base::SteadyMicros();
    if (!done && now - m_progress_us < PROGRESS_US) return;
    m_progress_us = now;
    const auto names = static_cast<unsigned long long>(m_seen);
    const auto kib = static_cast<unsigned long long>(m_parts.store->Bytes() / 1024);
    const double seconds = static_cast<double>(now - m_build_began_us) / 1e6;
    if (!done) {
        EMC_LOG(*m_parts.log, Info, Dns, "reading names into the DNS zone: %llu after %.0f s", names,
                seconds);
        return;
    }
    const bool whole = m_parts.store->HoldsAllNumbers() && m_parts.store->HoldsAllNames();
    EMC_LOG(*m_parts.log, Info, Dns, "DNS zone ready: %llu names read, %llu KiB, %.1f s%s", names, kib,
            seconds, whole ? "" : "; -dnscache is used up, the rest is read from disk when asked for");
}

void Feed::Impl::Build()
{
    m_build_began_us = m_progress_us = base::SteadyMicros();
    m_seen = 0;
    m_depends.clear();
    m_expired.clear();
    m_expired_lost = -1;
    if (m_parts.listener != nullptr) m_parts.listener->OnRebuild();
    ZoneStore::Loader loader(*m_parts.store);
    bool numbers = true;
    for (const Zone& zone : m_parts.compiler->Config().zones) {
        if (zone.IsEnum() && numbers) numbers = BuildNumbers(zone, loader);
    }
    const bool domains = BuildDomains(loader);
    if (m_stop.Requested()) return;
    loader.Finish(numbers, domains);
    m_built = true;
    m_memo = {};
    malloc_trim(0); // the loader's buffers, up to twice the zone, go back to the system
    Progress(true);
}

/// False when memory did not hold them all.
bool Feed::Impl::BuildNumbers(const Zone& zone, ZoneStore::Loader& loader)
{
    const Compiler& compiler = *m_parts.compiler;
    BatchReader reader(compiler.Names(), zone.label + ":");
    Compiler::Group group;
    const auto finish_group = [&] {
        if (group.empty()) return true;
        const auto target = TargetOf(group.front().name);
        base::Bytes entry;
        if (target && target->zone == &zone) {
            const auto number = enumrec::Number::FromValue(NumberOfKey(target->key));
            if (number) entry = Take(*target, compiler.CompileNumber(zone, *number, group, Now(), m_memo));
        }
        group.clear();
        return entry.empty() || loader.Add(entry);
    };
    for (auto batch = reader.Next(); !batch.empty(); batch = reader.Next()) {
        for (interfaces::NameInfo& info : batch) {
            if (!group.empty() && UpToLastColon(group.back().name) != UpToLastColon(info.name) &&
                !finish_group()) {
                return false;
            }
            group.push_back(std::move(info));
        }
        m_seen += batch.size();
        Progress(false);
        if (m_stop.Requested()) return false;
    }
    return finish_group();
}

bool Feed::Impl::BuildDomains(ZoneStore::Loader& loader)
{
    BatchReader reader(m_parts.compiler->Names(), "dns:");
    for (auto batch = reader.Next(); !batch.empty(); batch = reader.Next()) {
        for (const interfaces::NameInfo& info : batch) {
            const auto target = TargetOf(info.name);
            const bool numbered = info.name.rfind(':') != info.name.find(':');
            // Of several candidates for one signed name the first brings them all in.
            if (!target || (numbered && !info.name.ends_with(":0"))) continue;
            const auto entry =
                Take(*target, m_parts.compiler->CompileDomain(*target->zone, target->key, Now(), m_memo,
                                                              numbered ? nullptr : &info));
            if (!entry.empty() && !loader.Add(entry)) return false;
        }
        m_seen += batch.size();
        Progress(false);
        if (m_stop.Requested()) return false;
    }
    return true;
}

Feed::Feed(const Parts& parts) : m_impl(std::make_unique<Impl>(parts)) {}

Feed::~Feed() = default;

void Feed::Start()
{
    m_impl->Start();
}

void Feed::Stop()
{
    m_impl->Stop();
}

void Feed::WaitIdle()
{
    m_impl->WaitIdle();
}

void Feed::OnBlockConnected(const interfaces::BlockConnected& event)
{
    m_impl->OnBlock(event.names, event.tip);
}

void Feed::OnBlockDisconnected(const interfaces::BlockDisconnected& event)
{
    m_impl->OnBlock(event.names, event.tip);
}

void Feed::OnTip(const interfaces::Tip& tip)
{
    m_impl->OnTip(tip);
}

void Feed::ReadAnew()
{
    m_impl->ReadAnew();
}

void Feed::OnMissed()
{
    m_impl->OnMissed();
}

} // namespace emc::dns
