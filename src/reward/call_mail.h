/// Mail between the owners of two telephone numbers, carried by nodes that cannot read it (doc/network.md).
#pragma once

#include "crypto/keys.h"
#include "reward/call_pair.h"

namespace emc::reward {

using base::ByteSpan;
using base::Hash256;

inline constexpr size_t MAX_MAIL_BODY_BYTES = 262'144;
inline constexpr size_t HELLO_BYTES = 8;
/// Mail lives no longer.
inline constexpr int64_t MAX_MAIL_LIFE_SEC = 3'600;

enum class MailKind : uint8_t {
    Hello = 1,  ///< to everybody: its signature tells the key letters to the sender are sealed with
    Letter = 2, ///< to one number
};

struct CallMail {
    MailKind kind = MailKind::Hello;
    BatchParty from;
    BatchParty to;                        ///< of a letter; zeros in a hello
    uint32_t expiry = 0;                  ///< unix seconds
    Bytes body;                           ///< of a letter: see SealLetter; of a hello: HELLO_BYTES by chance
    crypto::CompactSignature signature{}; ///< by the owner of `from`

    bool operator==(const CallMail&) const = default;
};

void WriteMail(codec::Writer& out, const CallMail& mail);
/// The reader fails unless kind, numbers and sizes fit together. Signature and expiry are not judged.
[[nodiscard]] CallMail ReadMail(codec::Reader& in);
/// What the sender signs: tagged hash "EMC/callmail" of the genesis hash and all but the signature.
[[nodiscard]] Hash256 MailDigest(const Hash256& genesis, const CallMail& mail);

/// Content sealed for the owner of a key: a fresh key's public half (33 bytes), then ChaCha20-Poly1305 under
/// the tagged hash "EMC/callmail/key" of the shared secret (ECDH) and that half. Filled up to a multiple of
/// 1024 bytes, so that the number of calls does not show. `content` has at most MAX_LETTER_BYTES (checked).
[[nodiscard]] Bytes SealLetter(const crypto::PublicKey& owner, ByteSpan content, base::RandomSource& random);
inline constexpr size_t MAX_LETTER_BYTES = 260'000;
/// The fresh key of a letter, for the owner's ECDH; nullopt when there is none.
[[nodiscard]] std::optional<crypto::PublicKey> LetterKey(ByteSpan body);
/// The content; nullopt when it was sealed for another key, or is damaged.
[[nodiscard]] std::optional<Bytes> OpenLetter(const Hash256& secret, ByteSpan body);

} // namespace emc::reward
