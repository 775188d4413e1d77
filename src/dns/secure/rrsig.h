/// Signatures over record sets (RFC 4034 §3) and the records that deny names (§4, RFC 4470).
#pragma once

#include "dns/secure/zone_key.h"

namespace emc::dns {

/// From when to when a signature holds, unix seconds.
struct SignedSpan {
    uint32_t inception = 0;
    uint32_t expiration = 0;
};

/// A set in the form compiled entries have: each record behind two bytes of owner, the owner apart.
struct SetToSign {
    ByteSpan owner;   ///< wire name with root label, lower case
    ByteSpan records; ///< one or more, all of one type and TTL; names in their data without pointers
};

inline constexpr size_t RRSIG_FIXED_BYTES = 18;
inline constexpr uint16_t DNSKEY_TTL_SEC = 3600;

/// RDATA of RRSIG.
[[nodiscard]] Bytes SignSet(const ZoneKey& key, const SetToSign& set, const SignedSpan& span);
/// What SignSet signs, from the signer's name on: canonical form, sorted (RFC 4034 §6). Equal for equal sets.
[[nodiscard]] Bytes CanonicalSet(const SetToSign& set);
/// RDATA of RRSIG over what CanonicalSet gave.
[[nodiscard]] Bytes SignCanonical(const ZoneKey& key, ByteSpan owner, ByteSpan canonical,
                                  const SignedSpan& span);

/// RDATA of NSEC: the next name (wire, with root label) and the types of the owner, NSEC and RRSIG among
/// them.
[[nodiscard]] Bytes NsecData(ByteSpan next, std::vector<uint16_t> types);

/// Two names around a name and all below it, with no other name of a zone between them. Names in zones
/// consist of bytes 0x21–0x7e.
struct Gap {
    Bytes before; ///< wire with root label; owner of the NSEC
    Bytes after;
};

/// nullopt when the name is too long for names around it. `name`: wire with root label, lower case.
[[nodiscard]] std::optional<Gap> GapAround(ByteSpan name);
/// The first name that can be below a name; nullopt when there is no room.
[[nodiscard]] std::optional<Bytes> FirstBelow(ByteSpan name);
/// Canonical order of names (RFC 4034 §6.1): negative, zero or positive.
[[nodiscard]] int CompareNames(ByteSpan a, ByteSpan b);

} // namespace emc::dns
