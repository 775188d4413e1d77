/// Record types that describe services: elements of `dns:` values to RDATA (grammar in doc/dns-operator.md).
#pragma once

#include "dns/message/wire.h"

namespace emc::dns {

/// `order preference flags service regexp replacement` between blanks (RFC 3403). Either the regexp or the
/// replacement says where to go, the other one is "" or a dot. A regexp must be one every client can apply.
[[nodiscard]] std::optional<Bytes> NaptrFromText(std::string_view text);

/// `priority target {key[=value]}` between blanks (RFC 9460); target . stands for the owner itself. Keys are
/// put in order; priority 0 takes none.
[[nodiscard]] std::optional<Bytes> ServiceBindingFromText(std::string_view text);

/// `priority weight target` between blanks (RFC 7553); the target is a URI of visible ASCII.
[[nodiscard]] std::optional<Bytes> UriFromText(std::string_view text);

} // namespace emc::dns
