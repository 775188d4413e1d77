/// ElligatorSwift: public keys as 64 bytes that look random (BIP 324).
#pragma once

#include "crypto/keys.h"

namespace emc::crypto {

/// Two field numbers u and t, highest byte first. Every such string is some key.
using EllSwiftKey = std::array<uint8_t, 64>;
using FieldBytes = std::array<uint8_t, 32>;

/// The x coordinate a string stands for (XSwiftEC).
[[nodiscard]] XOnlyKey EllSwiftDecode(const EllSwiftKey& key);
/// The t that gives x together with u, along one of eight ways; nullopt where that way does not lead. x must
/// be on the curve. variant is 0 – 7 (XSwiftECInv).
[[nodiscard]] std::optional<FieldBytes> EllSwiftInverse(const FieldBytes& u, const XOnlyKey& x,
                                                        unsigned variant);
/// One of the many strings for a key, chosen by `random`.
[[nodiscard]] EllSwiftKey EllSwiftEncode(const PrivateKey& key, base::RandomSource& random);

/// The x coordinate of the shared point; nullopt when `other` is not on the curve (a decoded key always is).
[[nodiscard]] std::optional<XOnlyKey> EcdhX(const PrivateKey& own, const XOnlyKey& other);

enum class EllSwiftSide : uint8_t { Initiator, Responder };

/// BIP 324's shared secret: a tagged hash of the initiator's string, the responder's string and the shared x.
/// `side` is ours.
[[nodiscard]] base::Hash256 EllSwiftSecret(const PrivateKey& own, const EllSwiftKey& own_key,
                                           const EllSwiftKey& other_key, EllSwiftSide side);

} // namespace emc::crypto
