/// Reading a message field by field, so that an error can say which one is wrong.
#pragma once

#include "base/expected.h"
#include "codec/reader.h"

namespace emc::p2p {

enum class WireFault : uint8_t {
    UnknownCommand, ///< nobody here knows this message; not an offence
    Malformed,      ///< the field ends early or is not written in its shortest form
    OverLimit,      ///< a number or length above `limit`
    BadValue,       ///< a value that has no meaning; `limit` says how many bytes or what number is right
    Trailing,       ///< bytes follow the last field
};

/// Why a message was refused. The texts live as long as the program.
struct WireError {
    WireFault fault = WireFault::Malformed;
    std::string_view message{}; ///< "headers"; empty for an unknown command
    std::string_view field{};   ///< "count"
    uint64_t limit = 0;

    bool operator==(const WireError&) const = default;
};

/// "headers: count is above 2000".
[[nodiscard]] std::string Text(const WireError& error);

/// A reader that knows what it reads. The first fault sticks. One thread.
class FieldReader
{
public:
    FieldReader(std::string_view message, base::ByteSpan payload) : m_in(payload)
    {
        m_error.message = message;
    }

    /// The reader, about to read `name`: faults from here on are this field's.
    codec::Reader& Field(std::string_view name)
    {
        if (m_in.Ok()) m_error.field = name;
        return m_in;
    }

    /// A count of items of at least `min_item_bytes` bytes each, at most `limit`.
    size_t Count(std::string_view name, size_t limit, size_t min_item_bytes);
    /// A length up to `limit`, and that many bytes.
    base::ByteSpan Sized(std::string_view name, size_t limit);
    /// Refuses the field just read unless `ok`.
    void Require(bool ok, WireFault fault, uint64_t limit = 0);

    [[nodiscard]] bool Ok() const { return m_in.Ok(); }

    [[nodiscard]] size_t Remaining() const { return m_in.Remaining(); }

    /// The error, when there is one or bytes are left over; call when the last field has been read.
    [[nodiscard]] std::optional<WireError> Finish();

private:
    codec::Reader m_in;
    WireError m_error;
};

} // namespace emc::p2p
