/// Routes of a number to NAPTR records (RFC 3403, RFC 6116).
#pragma once

#include "dns/message/wire.h"

namespace emc::names {
struct ResolvedRoute;
}

namespace emc::dns {

/// The REGEXP field to serve: the record's own text when it means the same to all libraries in use, else the
/// expanded form
/// "!^.*$!uri!". nullopt when neither fits into 255 bytes.
[[nodiscard]] std::optional<std::string> NaptrRegexp(const names::ResolvedRoute& route);

/// Order, preference, "u", service, regexp, root; nullopt when a field is too long.
[[nodiscard]] std::optional<Bytes> NaptrRdata(const names::ResolvedRoute& route);

} // namespace emc::dns
