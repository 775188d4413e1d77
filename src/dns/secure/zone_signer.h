/// Signed zones: their keys, and signatures made ahead for compiled entries.
#pragma once

#include "dns/secure/rrsig.h"
#include "dns/zone/entry.h"
#include "dns/zone/zone_config.h"

namespace emc::dns {

/// How long signatures made ahead hold, and when they are made anew.
inline constexpr int64_t ENTRY_SIGNED_SEC = int64_t{14} * 86'400;
inline constexpr int64_t ENTRY_REFRESH_SEC = int64_t{10} * 86'400; ///< at the earliest
inline constexpr int64_t ENTRY_JITTER_SEC = int64_t{2} * 86'400;   ///< at the latest that much later
inline constexpr int64_t CLOCK_SLACK_SEC = 3600; ///< clocks of resolvers may be this much behind

/// From when to when a signature made now holds.
[[nodiscard]] SignedSpan SpanFrom(int64_t now_sec, int64_t holds_sec);

/// Immutable; any thread.
class ZoneSigners
{
public:
    /// Loads the keys of these zones from `folder` (files <zone>.key). Errors are sentences.
    [[nodiscard]] static base::Expected<std::unique_ptr<ZoneSigners>, std::string>
    Load(const ZoneConfig& config, const std::vector<std::string>& zones, const std::string& folder);

    /// Where the key of a zone lies.
    [[nodiscard]] static std::string KeyPath(const std::string& folder, std::string_view zone);

    /// The key of a zone; nullptr when it is not signed.
    [[nodiscard]] const ZoneKey* KeyOf(const Zone& zone) const { return m_keys[zone.index].get(); }

    /// Unknown to strangers, for tables they can feed.
    [[nodiscard]] uint64_t Salt() const { return m_salt; }

    /// The entry with signatures over its sets; the entry as it is for zones that are not signed and for
    /// names without answers. It is due for new ones when its ValidSec has passed.
    [[nodiscard]] Bytes SignEntry(const Zone& zone, Bytes entry, int64_t now_sec) const;

private:
    std::array<std::unique_ptr<const ZoneKey>, MAX_ZONES> m_keys;
    uint64_t m_salt = 0;
};

/// The RRSIG over a type among those of an entry, as a compiled record; empty when there is none.
[[nodiscard]] ByteSpan SignatureIn(const EntryView& entry, RrType covered);

} // namespace emc::dns
