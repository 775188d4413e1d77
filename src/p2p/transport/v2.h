/// The encrypted transport (BIP 324): handshake, packets, and telling an old peer from a new one.
#pragma once

#include "base/expected.h"
#include "p2p/transport/v1.h"
#include "p2p/transport/v2_cipher.h"

namespace emc::p2p {

inline constexpr size_t V2_KEY_BYTES = 64;
inline constexpr size_t MAX_GARBAGE_BYTES = 4'095;
/// Contents of a packet: the type byte, a name in full, the longest payload.
inline constexpr size_t MAX_V2_CONTENTS = 1 + MAX_COMMAND_BYTES + MAX_PAYLOAD_BYTES;

/// Faults after which the connection has no meaning any more.
enum class V2Error : uint8_t {
    NoTerminator,  ///< more than MAX_GARBAGE_BYTES of garbage
    PacketTooLong, ///< above MAX_V2_CONTENTS
    NotAuthentic,  ///< changed on the way, or not this peer's
};

[[nodiscard]] std::string_view Text(V2Error error);

/// One side of one connection, bytes in and bytes out. Holds at most one packet and never more than has come.
/// One thread.
class V2Transport
{
public:
    struct Options {
        crypto::EllSwiftSide side = crypto::EllSwiftSide::Initiator;
        uint32_t magic_be = 0;    ///< as in consensus::Params
        size_t garbage_bytes = 0; ///< at most MAX_GARBAGE_BYTES; random, to hide the key's length
    };

    /// `random` must outlive this: a responder makes its key when it knows that it needs one.
    V2Transport(const Options& options, base::RandomSource& random);

    /// Takes bytes from the front of `in` until a message is whole or `in` is empty; call again while bytes
    /// are left. Decoys are dropped. After an error every further call gives the same one. When a responder
    /// finds an old peer, nothing more is taken: see IsV1.
    [[nodiscard]] base::Expected<std::optional<RawMessage>, V2Error> Feed(base::ByteSpan& in);
    /// What is to be sent for the handshake now; ask after construction and after every Feed. Empty when
    /// there is nothing.
    [[nodiscard]] base::Bytes TakeHandshake();

    /// Messages may be sent: the handshake's own bytes have been handed out.
    [[nodiscard]] bool CanSend() const { return m_cipher != nullptr && m_handshake.empty(); }

    /// One message as a packet; CanSend must hold.
    [[nodiscard]] base::Bytes Seal(std::string_view command, base::ByteSpan payload);
    /// A packet the other side drops; CanSend must hold. At most MAX_V2_CONTENTS bytes.
    [[nodiscard]] base::Bytes SealDecoy(size_t bytes);

    /// A responder's peer speaks the old framing; everything it has sent so far is to be fed to a V1Receiver.
    /// (An initiator learns it by being disconnected before anything came: see HasReceived.)
    [[nodiscard]] bool IsV1() const { return m_state == State::V1; }

    [[nodiscard]] const base::Bytes& V1Bytes() const { return m_buffer; }

    /// Whether the other side has sent anything; when an initiator is disconnected before, the peer is old.
    [[nodiscard]] bool HasReceived() const { return m_received; }

    /// Both sides' number for this connection; nullopt until the keys are exchanged.
    [[nodiscard]] std::optional<base::Hash256> SessionId() const;

    [[nodiscard]] size_t BufferedBytes() const { return m_buffer.size(); }

private:
    enum class State : uint8_t { KeyOrV1, Key, Garbage, Version, Messages, V1, Failed };

    /// Makes a key and puts it, and garbage behind it, into what is to be sent.
    void SendKey();
    void TakeKeyOrV1(base::ByteSpan& in);
    void TakeKey(base::ByteSpan& in);
    void TakeGarbage(base::ByteSpan& in);
    /// A whole packet's contents; nothing yet, or a decoy, or an error (in m_error).
    [[nodiscard]] std::optional<base::Bytes> TakePacket(base::ByteSpan& in);
    void Fail(V2Error error);

    const Options m_options;
    base::RandomSource& m_random;
    crypto::PrivateKey m_private;
    crypto::EllSwiftKey m_own_key{};
    base::Bytes m_own_garbage;
    std::unique_ptr<V2Cipher> m_cipher;
    base::Bytes m_handshake; ///< to be sent
    State m_state;
    V2Error m_error = V2Error::NotAuthentic;
    bool m_received = false;
    base::Bytes m_buffer;             ///< of the part that is being received
    base::Bytes m_aad;                ///< the other side's garbage, until its first packet
    std::optional<uint32_t> m_length; ///< of the packet that is being received
};

} // namespace emc::p2p
