// Messages damaged in thousands of ways, the same ones for the same seed, and the side of a connection that
// sends them.
#pragma once

#include "crypto/random.h"
#include "p2p/socket/link_codec.h"
#include "p2p/wire/message.h"

namespace emc::test {

/// What to send instead of a good message.
class Damage
{
public:
    explicit Damage(uint64_t seed) : m_random(seed) {}

    /// Another payload: cut, longer, with a count that lies, with bits changed, with a part repeated, or
    /// random bytes.
    [[nodiscard]] base::Bytes Payload(const base::Bytes& good);
    /// The bytes of a whole frame or packet, one to three bits changed.
    [[nodiscard]] base::Bytes Frame(base::Bytes good);

    /// True once in `times`.
    [[nodiscard]] bool OneIn(uint64_t times) { return m_random.Below(times) == 0; }

private:
    [[nodiscard]] size_t Below(size_t end) { return static_cast<size_t>(m_random.Below(end)); }

    [[nodiscard]] base::Bytes Something(size_t bytes);
    [[nodiscard]] base::Bytes Changed(const base::Bytes& good);

    crypto::TestRandom m_random;
};

/// The dialling side of a connection: makes bytes, takes the other side's bytes of the transport's handshake.
class Sender
{
public:
    Sender(bool v2, uint32_t magic_be, base::RandomSource& random)
        : m_codec({.inbound = false, .v2 = v2, .magic_be = magic_be}, random)
    {}

    /// What is to be sent before anything else can.
    [[nodiscard]] base::Bytes Opening() { return m_codec.TakeOutgoing(); }

    /// False: what came makes no sense. What is to be sent in answer is put into `reply`.
    [[nodiscard]] bool Hear(base::ByteSpan bytes, base::Bytes& reply);
    [[nodiscard]] base::Bytes Framed(std::string_view command, base::Bytes payload);
    /// A version.
    [[nodiscard]] base::Bytes Hello(uint64_t nonce);
    /// version, wtxidrelay, verack.
    [[nodiscard]] base::Bytes Hands(uint64_t nonce);

    /// Messages that came.
    std::vector<p2p::RawMessage> heard;

private:
    p2p::LinkCodec m_codec;
};

} // namespace emc::test
