#include "p2p/transport/v2_cipher.h"

#include "base/check.h"
#include "codec/writer.h"
#include "crypto/hash.h"
#include "crypto/random.h"

#include <algorithm>

namespace emc::p2p {
namespace {

constexpr uint8_t DECOY_BIT = 0x80;

/// The keys HKDF makes of the shared secret, by label.
class Derivation
{
public:
    Derivation(const base::Hash256& secret, uint32_t magic_be)
        : m_secret(secret), m_salt(base::ToBytes("bitcoin_v2_shared_secret"))
    {
        codec::Writer(m_salt).U32Big(magic_be);
    }

    ~Derivation() { crypto::Wipe(m_secret.bytes); }

    Derivation(const Derivation&) = delete;
    Derivation& operator=(const Derivation&) = delete;

    [[nodiscard]] crypto::Key32 Key(std::string_view label) const
    {
        crypto::Key32 out{};
        crypto::HkdfSha256(m_secret.Span(), m_salt, base::AsBytes(label), out);
        return out;
    }

private:
    base::Hash256 m_secret;
    base::Bytes m_salt;
};

} // namespace

V2Cipher::V2Cipher(const Keys& keys)
{
    const Derivation derive(crypto::EllSwiftSecret(keys.own, keys.own_key, keys.other_key, keys.side),
                            keys.magic_be);
    const bool initiator = keys.side == crypto::EllSwiftSide::Initiator;
    const std::string_view send_length = initiator ? "initiator_L" : "responder_L";
    const std::string_view receive_length = initiator ? "responder_L" : "initiator_L";
    m_send_length = std::make_unique<crypto::ForwardStream>(derive.Key(send_length));
    m_receive_length = std::make_unique<crypto::ForwardStream>(derive.Key(receive_length));
    m_send = std::make_unique<crypto::ForwardAead>(derive.Key(initiator ? "initiator_P" : "responder_P"));
    m_receive = std::make_unique<crypto::ForwardAead>(derive.Key(initiator ? "responder_P" : "initiator_P"));
    m_session_id.bytes = derive.Key("session_id");
    const crypto::Key32 terminators = derive.Key("garbage_terminators");
    V2Terminator& first = initiator ? m_own_terminator : m_other_terminator;
    V2Terminator& second = initiator ? m_other_terminator : m_own_terminator;
    std::copy_n(terminators.begin(), V2_TERMINATOR_BYTES, first.begin());
    std::copy_n(terminators.begin() + V2_TERMINATOR_BYTES, V2_TERMINATOR_BYTES, second.begin());
}

base::Bytes V2Cipher::Encrypt(base::ByteSpan contents, base::ByteSpan aad, V2Kind kind)
{
    EMC_CHECK(contents.size() <= V2_MAX_CONTENTS);
    std::array<uint8_t, V2_LENGTH_BYTES> length{};
    for (size_t i = 0; i < length.size(); ++i)
        length[i] = static_cast<uint8_t>(contents.size() >> (8 * i));
    m_send_length->Crypt(length);
    base::Bytes plain;
    plain.reserve(V2_HEADER_BYTES + contents.size());
    plain.push_back(kind == V2Kind::Decoy ? DECOY_BIT : uint8_t{0});
    plain.insert(plain.end(), contents.begin(), contents.end());
    const base::Bytes sealed = m_send->Seal(aad, plain);
    base::Bytes out;
    out.reserve(length.size() + sealed.size());
    codec::Writer writer(out);
    writer.Raw(length);
    writer.Raw(sealed);
    return out;
}

uint32_t V2Cipher::DecryptLength(std::array<uint8_t, V2_LENGTH_BYTES> length)
{
    m_receive_length->Crypt(length);
    uint32_t out = 0;
    for (size_t i = length.size(); i-- > 0;)
        out = out << 8 | length[i];
    return out;
}

std::optional<V2Cipher::Packet> V2Cipher::Decrypt(base::ByteSpan sealed, base::ByteSpan aad)
{
    auto plain = m_receive->Open(aad, sealed);
    if (!plain || plain->size() < V2_HEADER_BYTES) return std::nullopt;
    Packet out;
    out.kind = ((*plain)[0] & DECOY_BIT) != 0 ? V2Kind::Decoy : V2Kind::Genuine;
    plain->erase(plain->begin());
    out.contents = std::move(*plain);
    return out;
}

} // namespace emc::p2p
