/// IPv4 and IPv6 addresses and networks, as operators write them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emc::base {

/// An address as 16 bytes; IPv4 as ::ffff:a.b.c.d.
using IpBytes = std::array<uint8_t, 16>;
/// nullopt when the text is neither IPv4 nor IPv6.
[[nodiscard]] std::optional<IpBytes> ParseIp(const std::string& text);
/// The inverse: dotted for ::ffff:a.b.c.d, else the shortest IPv6 form (RFC 5952).
[[nodiscard]] std::string IpText(const IpBytes& ip);
/// True for ::ffff:a.b.c.d.
[[nodiscard]] bool IsMappedV4(const IpBytes& ip);

/// "127.0.0.1", "10.0.0.0/8", "10.0.0.0/255.0.0.0", "fd00::/8". Value type.
class Subnet
{
public:
    [[nodiscard]] static std::optional<Subnet> Parse(std::string_view text);
    [[nodiscard]] bool Contains(const IpBytes& ip) const;
    /// "10.0.0.0/8": the base address and the number of bits that count.
    [[nodiscard]] std::string Text() const;

    bool operator==(const Subnet&) const = default;

private:
    IpBytes m_base{};
    IpBytes m_mask{};
};

} // namespace emc::base
