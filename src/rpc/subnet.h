/// IPv4 and IPv6 networks, for -rpcallowip.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emc::rpc {

/// An address as 16 bytes; IPv4 as ::ffff:a.b.c.d. nullopt when the text is neither.
using IpBytes = std::array<uint8_t, 16>;
[[nodiscard]] std::optional<IpBytes> ParseIp(const std::string& text);

/// "127.0.0.1", "10.0.0.0/8", "10.0.0.0/255.0.0.0", "fd00::/8".
class Subnet
{
public:
    [[nodiscard]] static std::optional<Subnet> Parse(std::string_view text);
    [[nodiscard]] bool Contains(const IpBytes& ip) const;

private:
    IpBytes m_base{};
    IpBytes m_mask{};
};

} // namespace emc::rpc
