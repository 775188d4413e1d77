#include "p2p/wire/fields.h"

namespace emc::p2p {

std::string Text(const WireError& error)
{
    const std::string where = std::string(error.message) + ": " + std::string(error.field);
    switch (error.fault) {
    case WireFault::UnknownCommand:
        return "unknown message";
    case WireFault::Malformed:
        return where + " ends early or is not in its shortest form";
    case WireFault::OverLimit:
        return where + " is above " + std::to_string(error.limit);
    case WireFault::BadValue:
        return where + " has no meaning; expected " + std::to_string(error.limit);
    case WireFault::Trailing:
        return where + " is followed by " + std::to_string(error.limit) + " bytes too many";
    }
    return where;
}

size_t FieldReader::Count(std::string_view name, size_t limit, size_t min_item_bytes)
{
    const uint64_t count = Field(name).CompactSize(UINT64_MAX);
    Require(count <= limit, WireFault::OverLimit, limit);
    Require(count <= m_in.Remaining() / min_item_bytes, WireFault::Malformed);
    return m_in.Ok() ? static_cast<size_t>(count) : 0;
}

base::ByteSpan FieldReader::Sized(std::string_view name, size_t limit)
{
    return Field(name).Take(Count(name, limit, 1));
}

void FieldReader::Require(bool ok, WireFault fault, uint64_t limit)
{
    if (ok || !m_in.Ok()) return;
    m_error.fault = fault;
    m_error.limit = limit;
    m_in.Fail();
}

std::optional<WireError> FieldReader::Finish()
{
    if (m_in.Ok() && m_in.Remaining() > 0) Require(false, WireFault::Trailing, m_in.Remaining());
    if (m_in.Ok()) return std::nullopt;
    return m_error;
}

} // namespace emc::p2p
