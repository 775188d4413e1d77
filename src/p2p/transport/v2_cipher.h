/// Keys and packets of the encrypted transport (BIP 324), once both sides' keys are known.
#pragma once

#include "base/memory.h"
#include "crypto/ellswift.h"
#include "crypto/forward_cipher.h"

namespace emc::p2p {

inline constexpr size_t V2_LENGTH_BYTES = 3;
inline constexpr size_t V2_HEADER_BYTES = 1;
/// What a packet adds to its contents.
inline constexpr size_t V2_OVERHEAD_BYTES = V2_LENGTH_BYTES + V2_HEADER_BYTES + crypto::AEAD_TAG_BYTES;
inline constexpr size_t V2_TERMINATOR_BYTES = 16;
/// The longest contents the length field can say.
inline constexpr size_t V2_MAX_CONTENTS = (1u << 24) - 1;

using V2Terminator = std::array<uint8_t, V2_TERMINATOR_BYTES>;

enum class V2Kind : uint8_t { Genuine, Decoy };

/// One connection's ciphers. One thread.
class V2Cipher
{
public:
    struct Keys {
        const crypto::PrivateKey& own;
        const crypto::EllSwiftKey& own_key;
        const crypto::EllSwiftKey& other_key;
        crypto::EllSwiftSide side;
        uint32_t magic_be; ///< as in consensus::Params
    };

    explicit V2Cipher(const Keys& keys);

    /// What both sides can compare to be sure that nobody stands between them.
    [[nodiscard]] const base::Hash256& SessionId() const { return m_session_id; }

    [[nodiscard]] const V2Terminator& OwnTerminator() const { return m_own_terminator; }

    [[nodiscard]] const V2Terminator& OtherTerminator() const { return m_other_terminator; }

    /// The next packet. At most V2_MAX_CONTENTS bytes; `aad` is the garbage for the first packet, else empty.
    [[nodiscard]] base::Bytes Encrypt(base::ByteSpan contents, base::ByteSpan aad, V2Kind kind);
    /// The length of the next packet's contents from its first V2_LENGTH_BYTES bytes. Once per packet.
    [[nodiscard]] uint32_t DecryptLength(std::array<uint8_t, V2_LENGTH_BYTES> length);

    struct Packet {
        V2Kind kind = V2Kind::Genuine;
        base::Bytes contents;
    };

    /// What follows the length: header, contents, tag. nullopt when it was not the other side who made it.
    [[nodiscard]] std::optional<Packet> Decrypt(base::ByteSpan sealed, base::ByteSpan aad);

private:
    std::unique_ptr<crypto::ForwardStream> m_send_length;
    std::unique_ptr<crypto::ForwardStream> m_receive_length;
    std::unique_ptr<crypto::ForwardAead> m_send;
    std::unique_ptr<crypto::ForwardAead> m_receive;
    base::Hash256 m_session_id;
    V2Terminator m_own_terminator{};
    V2Terminator m_other_terminator{};
};

} // namespace emc::p2p
