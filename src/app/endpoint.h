/// "host:port" as options write it.
#pragma once

#include "base/expected.h"

#include <cstdint>
#include <string>

namespace emc::app {

struct Endpoint {
    std::string host;
    uint16_t port = 0;
};

/// Reads "127.0.0.1", "127.0.0.1:8000", "[::1]:8000", "::1" or "name:8000"; without a port `fallback_port`
/// stands. The host is not looked at. The error says what is wrong with the text.
[[nodiscard]] base::Expected<Endpoint, std::string> ParseEndpoint(const std::string& text,
                                                                  uint16_t fallback_port);

} // namespace emc::app
