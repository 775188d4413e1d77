/// Byte strings and fixed-size byte arrays: the words every other room speaks in.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emc::base {

using Bytes = std::vector<uint8_t>;
using ByteSpan = std::span<const uint8_t>;

/// N raw bytes with value semantics, ordered bytewise. `Tag` keeps kinds of the same size apart.
template <size_t N, typename Tag>
struct ByteArray {
    static constexpr size_t SIZE = N;
    std::array<uint8_t, N> bytes{};

    auto operator<=>(const ByteArray&) const = default;
    bool operator==(const ByteArray&) const = default;

    [[nodiscard]] const uint8_t* data() const { return bytes.data(); }

    [[nodiscard]] uint8_t* data() { return bytes.data(); }

    [[nodiscard]] static constexpr size_t size() { return N; }

    [[nodiscard]] auto begin() const { return bytes.begin(); }

    [[nodiscard]] auto end() const { return bytes.end(); }

    [[nodiscard]] ByteSpan Span() const { return ByteSpan(bytes); }

    /// True when every byte is zero.
    [[nodiscard]] bool IsNull() const { return bytes == std::array<uint8_t, N>{}; }

    /// Copies exactly N bytes; nullopt for any other length.
    [[nodiscard]] static std::optional<ByteArray> From(ByteSpan in)
    {
        if (in.size() != N) return std::nullopt;
        ByteArray out;
        std::memcpy(out.bytes.data(), in.data(), N);
        return out;
    }
};

struct Hash256Tag;
struct Hash160Tag;
/// 32 bytes in hashing order. RPC shows block hashes and txids reversed: see ReversedHex.
using Hash256 = ByteArray<32, Hash256Tag>;
using Hash160 = ByteArray<20, Hash160Tag>;

/// Spreads hashes over buckets; for hash maps whose keys no stranger can choose freely.
struct HashOfHash {
    template <size_t N, typename Tag>
    size_t operator()(const ByteArray<N, Tag>& h) const
    {
        static_assert(N >= sizeof(size_t));
        size_t out = 0;
        std::memcpy(&out, h.bytes.data(), sizeof(out));
        return out;
    }
};

/// Lower-case hex, two digits a byte, in the order given.
[[nodiscard]] std::string Hex(ByteSpan in);
/// Decodes pairs of hex digits of either case; nullopt on an odd length or any other character.
[[nodiscard]] std::optional<Bytes> FromHex(std::string_view text);
/// Hex of the bytes back to front, as RPC shows block hashes and txids.
[[nodiscard]] std::string ReversedHex(const Hash256& hash);
/// Inverse of ReversedHex; nullopt unless 64 hex digits.
[[nodiscard]] std::optional<Hash256> HashFromReversedHex(std::string_view text);

/// Views text as bytes and bytes as text. The result lives as long as the argument.
[[nodiscard]] inline ByteSpan AsBytes(std::string_view text)
{
    return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

[[nodiscard]] inline std::string_view AsText(ByteSpan in)
{
    return {reinterpret_cast<const char*>(in.data()), in.size()};
}

[[nodiscard]] inline Bytes ToBytes(std::string_view text)
{
    return Bytes(text.begin(), text.end());
}

[[nodiscard]] inline std::string ToText(ByteSpan in)
{
    return std::string(AsText(in));
}

} // namespace emc::base
