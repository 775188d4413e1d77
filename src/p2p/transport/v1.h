/// The unencrypted framing: magic, name, length, checksum, payload.
#pragma once

#include "base/bytes.h"
#include "base/expected.h"
#include "p2p/wire/limits.h"

namespace emc::p2p {

inline constexpr size_t V1_HEADER_BYTES = 4 + MAX_COMMAND_BYTES + 4 + 4;

/// A message as either transport hands it over: not parsed yet.
struct RawMessage {
    /// Why it must not be parsed although the connection can go on.
    enum class Flaw : uint8_t { None, BadChecksum, BadCommand };

    std::string command;
    base::Bytes payload;
    size_t wire_bytes = 0; ///< with its frame
    Flaw flaw = Flaw::None;
};

/// The name in a padded field; empty when a byte is not printable ASCII or something follows a zero.
[[nodiscard]] std::string CommandInField(base::ByteSpan field);

/// Faults after which the stream has no meaning any more.
enum class FrameError : uint8_t {
    WrongMagic, ///< another network, or no frame starts here
    TooLong,    ///< the announced payload is above MAX_PAYLOAD_BYTES
};

[[nodiscard]] std::string_view Text(FrameError error);

/// Takes a stream apart. Holds at most the header and the payload bytes that have come, never what a length
/// only promises. One thread.
class V1Receiver
{
public:
    /// `magic_be` as in consensus::Params: first byte of the wire highest.
    explicit V1Receiver(uint32_t magic_be) : m_magic_be(magic_be) {}

    /// Takes bytes from the front of `in` until a message is whole or `in` is empty; call again while bytes
    /// are left. A bad checksum or name costs that message alone (see RawMessage::Flaw); after an error every
    /// further call gives the same one.
    [[nodiscard]] base::Expected<std::optional<RawMessage>, FrameError> Feed(base::ByteSpan& in);

    /// Bytes held of a message that is not whole.
    [[nodiscard]] size_t BufferedBytes() const { return m_header.size() + m_payload.size(); }

private:
    /// True when the header is whole and good.
    [[nodiscard]] base::Expected<bool, FrameError> TakeHeader(base::ByteSpan& in);
    [[nodiscard]] RawMessage Finish();

    uint32_t m_magic_be;
    base::Bytes m_header;
    base::Bytes m_payload;
    uint32_t m_length = 0; ///< announced, once the header is whole
    std::optional<FrameError> m_error;
};

/// Frames a payload. `command` has at most MAX_COMMAND_BYTES bytes.
[[nodiscard]] base::Bytes V1Frame(uint32_t magic_be, std::string_view command, base::ByteSpan payload);

} // namespace emc::p2p
