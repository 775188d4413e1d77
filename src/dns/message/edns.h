/// Options of EDNS: those of a question that this server heeds, and those of an answer (RFC 6891 §6.1.2).
#pragma once

#include "base/bytes.h"

namespace emc::dns {

using base::Bytes;
using base::ByteSpan;

enum class OptionCode : uint16_t {
    Nsid = 3,           ///< RFC 5001
    Cookie = 10,        ///< RFC 7873
    Keepalive = 11,     ///< RFC 7828
    Padding = 12,       ///< RFC 7830
    ExtendedError = 15, ///< RFC 8914
};

/// Reasons beside an rcode (RFC 8914 §4).
enum class ExtendedError : uint16_t {
    None = 0xffff, ///< never on the wire
    NotReady = 14,
    Prohibited = 18,
    NotAuthoritative = 20,
    NotSupported = 21,
};

inline constexpr size_t CLIENT_COOKIE_BYTES = 8;
inline constexpr size_t MIN_SERVER_COOKIE_BYTES = 8;
inline constexpr size_t MAX_COOKIE_BYTES = 40; ///< both halves
inline constexpr size_t OPTION_HEADER_BYTES = 4;
inline constexpr size_t PADDING_BLOCK_BYTES = 468; ///< RFC 8467 §4.1

/// What a question asks for.
struct EdnsRequest {
    std::array<uint8_t, MAX_COOKIE_BYTES> cookie; ///< client's half, then the server's
    uint8_t cookie_bytes = 0;                     ///< 0: none; 8; or 16 to 40
    bool nsid = false;
    bool keepalive = false;

    [[nodiscard]] ByteSpan ClientCookie() const { return {cookie.data(), CLIENT_COOKIE_BYTES}; }

    [[nodiscard]] ByteSpan ServerCookie() const
    {
        return {cookie.data() + CLIENT_COOKIE_BYTES, cookie_bytes - CLIENT_COOKIE_BYTES};
    }
};

/// Reads OPT's data. False when an option exceeds it, or has a length its RFC forbids: then FORMERR is due.
/// Of several cookies the first counts (RFC 7873 §5.2); unknown options are passed over.
[[nodiscard]] bool ReadOptions(ByteSpan data, EdnsRequest& out);

/// Options of an answer, without heap.
class ReplyOptions
{
public:
    static constexpr size_t CAPACITY = 160;

    void Clear() { m_size = 0; }

    /// Appends one; what exceeds the capacity is left out.
    void Add(OptionCode code, ByteSpan data);

    [[nodiscard]] ByteSpan Span() const { return {m_bytes.data(), m_size}; }

private:
    std::array<uint8_t, CAPACITY> m_bytes;
    size_t m_size = 0;
};

} // namespace emc::dns
