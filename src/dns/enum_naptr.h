/// Routes of a number to NAPTR records (RFC 3403, RFC 6116).
#pragma once

#include "dns/wire.h"
#include "names/resolve.h"

namespace emc::dns {

/// True when every conforming matcher, POSIX or Perl-like, reads the expression alike and, when the
/// replacement has back-references, fills the groups alike: anchored at both ends, at most one part of
/// variable length, no alternatives, no repeated or nested groups.
[[nodiscard]] bool ReadAlikeEverywhere(std::string_view ere, bool has_back_references);

/// The REGEXP field to serve: the record's own text when it is read alike everywhere, else the expanded form
/// "!^.*$!uri!". nullopt when neither fits into 255 bytes.
[[nodiscard]] std::optional<std::string> NaptrRegexp(const names::ResolvedRoute& route);

/// Order, preference, "u", service, regexp, root; nullopt when a field is too long.
[[nodiscard]] std::optional<Bytes> NaptrRdata(const names::ResolvedRoute& route);

} // namespace emc::dns
