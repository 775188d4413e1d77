/// Signatures for answers: those made ahead are copied, the others are made when they are needed, remembered,
/// and bounded in number.
#pragma once

#include "dns/secure/zone_signer.h"

namespace emc::dns {

/// One worker's. One thread.
class AnswerSigner
{
public:
    static constexpr size_t PLACES = 4096; ///< signatures remembered, about 200 bytes each
    static constexpr int64_t SIGNED_SEC = int64_t{7} * 86'400;
    static constexpr int64_t REMEMBERED_SEC = 86'400;
    static constexpr uint32_t MOST_PER_SEC = 4000; ///< made each second; a tenth of a core

    explicit AnswerSigner(const ZoneSigners& zones) : m_zones(zones) {}

    /// For the answers until the next call.
    void SetNow(int64_t now_sec);

    [[nodiscard]] const ZoneKey* KeyOf(const Zone& zone) const { return m_zones.KeyOf(zone); }

    /// A compiled RRSIG record over the set; empty when too many have been made this second. Valid until the
    /// next call.
    [[nodiscard]] ByteSpan Sign(const ZoneKey& key, const SetToSign& set);

    /// NSEC records with their signatures, complete with owners, that deny a name and the wildcard beside it
    /// (RFC 4470); empty when too many signatures have been made or the name leaves no room.
    [[nodiscard]] Bytes DenyName(const ZoneKey& key, ByteSpan name);
    /// The same for the types a name does not have; `types`: those it has.
    [[nodiscard]] Bytes DenyTypes(const ZoneKey& key, ByteSpan name, const std::vector<uint16_t>& types);

private:
    struct Place {
        uint64_t hash = 0;
        int64_t made_sec = 0;
        Bytes record;
    };

    [[nodiscard]] bool AppendNsec(Bytes& out, const ZoneKey& key, ByteSpan owner, const Bytes& data);

    const ZoneSigners& m_zones;
    std::vector<Place> m_places; ///< made at the first use
    int64_t m_now_sec = 0;
    int64_t m_counted_sec = 0;
    uint32_t m_made = 0; ///< in that second
};

/// Types of the sets of an entry that a question may ask for.
[[nodiscard]] std::vector<uint16_t> TypesOf(const EntryView& entry);

} // namespace emc::dns
