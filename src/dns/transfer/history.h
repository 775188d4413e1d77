/// What the zones are and how they came to be so: the present content with its serial, and what the latest
/// changes were.
#pragma once

#include "base/function.h"
#include "base/snapshot.h"
#include "dns/transfer/serials.h"
#include "dns/transfer/zone_content.h"
#include "dns/zone/listener.h"

namespace emc::base {
class Logger;
}

namespace emc::dns {

class Compiler;

/// From one serial of a zone to the next. Records as AppendZoneRecords writes them.
struct ZoneDelta {
    uint32_t from = 0;
    uint32_t to = 0;
    Bytes removed;
    Bytes added;

    [[nodiscard]] size_t Size() const { return sizeof(ZoneDelta) + removed.size() + added.size(); }
};

/// Everything transfers are made from, at one moment. Immutable; any thread.
struct TransferState {
    std::shared_ptr<const ZoneView> view; ///< null while the store does not hold every name

    struct PerZone {
        uint32_t serial = 0;
        std::vector<std::shared_ptr<const ZoneDelta>> deltas; ///< without gaps, up to `serial`
    };

    std::vector<PerZone> zones; ///< by zone index
};

/// Follows the feed.
class ZoneHistory final : public ChangeListener
{
public:
    static constexpr size_t MAX_DELTAS = 512;   ///< for each zone
    static constexpr size_t MAX_KEYS = 200'000; ///< changed at once; with more, copies are made anew

    struct Parts {
        const ZoneConfig* config = nullptr;
        const ZoneStore* store = nullptr;
        const Compiler* compiler = nullptr; ///< knows whose signatures count
        ZoneSerials* serials = nullptr;
        base::Logger* log = nullptr;
        size_t max_bytes = size_t{32} << 20; ///< of all deltas together
    };

    explicit ZoneHistory(const Parts& parts);

    void OnRebuild() override;

    void OnChanged(const std::vector<base::Bytes>& keys) override;
    void OnSettled(const base::Hash256& tip, int32_t height) override;

    /// Null before the first complete content.
    [[nodiscard]] std::shared_ptr<const TransferState> State() const { return m_state.Load(); }

    /// Called by OnSettled, in the feed's thread, when some serial has grown or the first content is there.
    void SetOnNews(std::function<void()> on_news) { m_on_news = std::move(on_news); }

private:
    void PublishAnew(const base::Hash256& tip, int32_t height);
    void PublishChanges(int32_t height);
    [[nodiscard]] std::vector<ZoneDelta> Differences(const ZoneView& before, const ZoneView& after) const;
    void Trim(TransferState& state) const;

    const Parts m_parts;
    base::Snapshot<TransferState> m_state;
    std::function<void()> m_on_news;

    // The feed's thread only.
    std::vector<base::Bytes> m_changed;
    bool m_rebuilt = true;
    bool m_resumed = false; ///< serials are this run's
    bool m_save_failed = false;
    bool m_told_incomplete = false;
    base::Hash256 m_tip;
};

/// Moves records that are in both runs out of both: what is left is what changed.
void KeepDifferences(Bytes& removed, Bytes& added);

} // namespace emc::dns
