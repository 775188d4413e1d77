/// Keeps the zone store in step with the chain: one full pass at start, then only what blocks change.
#pragma once

#include "base/thread.h"
#include "dns/local_file.h"
#include "dns/revocation.h"
#include "dns/toll_free.h"
#include "dns/zone_store.h"
#include "interfaces/events.h"

#include <set>
#include <unordered_set>

namespace emc::dns {

/// Own thread; the chain's callbacks only note what has changed and, outside the full pass, wait until it is
/// carried out, so that whoever waits for the chain's events sees the new answers.
class Feed final : public interfaces::EventSink
{
public:
    struct Parts {
        const Compiler* compiler = nullptr;
        ZoneStore* store = nullptr;
        ChainState* chain = nullptr;
        TollFreeSources* toll_free = nullptr;
        LocalFile* local = nullptr;
        PatientRevocation* revocation = nullptr;
        const base::Clock* clock = nullptr;
        base::Logger* log = nullptr;
    };

    explicit Feed(const Parts& parts);
    ~Feed() override;

    /// Takes the tip as it is now and begins.
    void Start();
    /// Ends the thread; a full pass is given up. Callbacks return at once from then on.
    void Stop();
    /// Waits until everything noted so far is carried out, a full pass included, or Stop.
    void WaitIdle();

    void OnBlockConnected(const interfaces::BlockConnected& event) override;
    void OnBlockDisconnected(const interfaces::BlockDisconnected& event) override;
    void OnTip(const interfaces::Tip& tip) override;
    void OnMissed() override;

private:
    /// What there is to do.
    struct Work {
        std::set<std::string> names;
        bool tip_changed = false;
        bool rebuild = false;

        [[nodiscard]] bool Any() const { return tip_changed || rebuild; }
    };

    struct Target {
        const Zone* zone = nullptr;
        Bytes key;
    };

    void Run();
    void Process(Work work);
    void NoteNames(const std::vector<names::NameDelta>& deltas);
    void NoteTip(const interfaces::Tip& tip);
    [[nodiscard]] Moment Now() const;

    void Build();
    [[nodiscard]] bool BuildNumbers(const Zone& zone, ZoneStore::Loader& loader);
    [[nodiscard]] bool BuildDomains(ZoneStore::Loader& loader);
    void Progress(bool done);

    [[nodiscard]] std::optional<Target> TargetOf(std::string_view name) const;
    [[nodiscard]] std::optional<Target> DomainTarget(std::string_view domain) const;
    [[nodiscard]] const Zone* ZoneOf(ByteSpan key) const;
    [[nodiscard]] base::Bytes Compile(const Target& target);
    base::Bytes Take(Compiled compiled);
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
    std::vector<std::pair<int32_t, base::Bytes>>
        m_expired; ///< keys that lately ran out, with their last height
    int32_t m_last_height = -1;
    bool m_built = false;
    uint64_t m_seen = 0;
    int64_t m_build_began_us = 0;
    int64_t m_progress_us = 0;

    base::Thread m_thread;
};

} // namespace emc::dns
