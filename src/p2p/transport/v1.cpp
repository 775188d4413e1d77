#include "p2p/transport/v1.h"

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/sha256.h"

#include <algorithm>

namespace emc::p2p {
namespace {

constexpr size_t MAGIC_BYTES = 4;
constexpr size_t CHECKSUM_BYTES = 4;
/// Memory for a payload grows by no more than this ahead of the bytes that have come.
constexpr size_t GROWTH_BYTES = 256 * 1024;

base::ByteSpan TakeUpTo(base::ByteSpan& in, size_t n)
{
    const base::ByteSpan taken = in.first(std::min(in.size(), n));
    in = in.subspan(taken.size());
    return taken;
}

} // namespace

std::string CommandInField(base::ByteSpan field)
{
    const auto end = std::find(field.begin(), field.end(), uint8_t{0});
    const bool good = std::all_of(field.begin(), end, [](uint8_t c) { return c >= 0x20 && c <= 0x7e; }) &&
                      std::all_of(end, field.end(), [](uint8_t c) { return c == 0; });
    return good ? std::string(field.begin(), end) : std::string{};
}

std::string_view Text(FrameError error)
{
    switch (error) {
    case FrameError::WrongMagic:
        return "the frame does not begin with this network's four bytes";
    case FrameError::TooLong:
        return "the frame announces more than 4000000 bytes";
    }
    return "";
}

base::Expected<bool, FrameError> V1Receiver::TakeHeader(base::ByteSpan& in)
{
    if (m_header.size() == V1_HEADER_BYTES) return true;
    const base::ByteSpan taken = TakeUpTo(in, V1_HEADER_BYTES - m_header.size());
    m_header.insert(m_header.end(), taken.begin(), taken.end());
    base::Bytes magic;
    codec::Writer(magic).U32Big(m_magic_be);
    const size_t known = std::min(m_header.size(), MAGIC_BYTES);
    if (!std::equal(magic.begin(), magic.begin() + static_cast<ptrdiff_t>(known), m_header.begin()))
        return base::Unexpected(FrameError::WrongMagic);
    if (m_header.size() < V1_HEADER_BYTES) return false;
    codec::Reader reader(m_header);
    static_cast<void>(reader.Take(MAGIC_BYTES + MAX_COMMAND_BYTES));
    m_length = reader.U32();
    if (m_length > MAX_PAYLOAD_BYTES) return base::Unexpected(FrameError::TooLong);
    return true;
}

base::Expected<std::optional<RawMessage>, FrameError> V1Receiver::Feed(base::ByteSpan& in)
{
    if (m_error) return base::Unexpected(*m_error);
    const auto header = TakeHeader(in);
    if (!header) {
        m_error = header.Error();
        m_header.clear();
        return base::Unexpected(*m_error);
    }
    if (!*header) return std::optional<RawMessage>{};
    const base::ByteSpan taken = TakeUpTo(in, m_length - m_payload.size());
    if (m_payload.capacity() < m_payload.size() + taken.size())
        m_payload.reserve(std::min<size_t>(m_length, m_payload.size() + taken.size() + GROWTH_BYTES));
    m_payload.insert(m_payload.end(), taken.begin(), taken.end());
    if (m_payload.size() < m_length) return std::optional<RawMessage>{};
    return std::optional<RawMessage>(Finish());
}

RawMessage V1Receiver::Finish()
{
    RawMessage out;
    const base::ByteSpan header(m_header);
    out.command = CommandInField(header.subspan(MAGIC_BYTES, MAX_COMMAND_BYTES));
    out.wire_bytes = V1_HEADER_BYTES + m_payload.size();
    const base::Hash256 digest = crypto::Sha256d(m_payload);
    if (!std::equal(digest.begin(), digest.begin() + CHECKSUM_BYTES, m_header.end() - CHECKSUM_BYTES)) {
        out.flaw = RawMessage::Flaw::BadChecksum;
    } else if (out.command.empty()) {
        out.flaw = RawMessage::Flaw::BadCommand;
    }
    out.payload = std::move(m_payload);
    m_payload = {};
    m_header.clear();
    m_length = 0;
    return out;
}

base::Bytes V1Frame(uint32_t magic_be, std::string_view command, base::ByteSpan payload)
{
    EMC_CHECK(command.size() <= MAX_COMMAND_BYTES && payload.size() <= MAX_PAYLOAD_BYTES);
    base::Bytes out;
    out.reserve(V1_HEADER_BYTES + payload.size());
    codec::Writer writer(out);
    writer.U32Big(magic_be);
    writer.Raw(base::AsBytes(command));
    out.resize(MAGIC_BYTES + MAX_COMMAND_BYTES, 0);
    writer.U32(static_cast<uint32_t>(payload.size()));
    writer.Raw(crypto::Sha256d(payload).Span().first(CHECKSUM_BYTES));
    writer.Raw(payload);
    return out;
}

} // namespace emc::p2p
