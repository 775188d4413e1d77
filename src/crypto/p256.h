/// ECDSA over the curve P-256 with SHA-256 (FIPS 186-4), through OpenSSL: the signatures of DNSSEC (RFC
/// 6605).
#pragma once

#include "base/memory.h"
#include "base/random.h"

namespace emc::crypto {

/// x and y, 32 bytes each.
using P256Public = std::array<uint8_t, 64>;
/// r and s, 32 bytes each.
using P256Signature = std::array<uint8_t, 64>;

/// A private key. Const methods: any thread. Its memory is wiped when it dies.
class P256Key
{
public:
    /// nullopt unless 32 bytes of a number in 1 … n−1.
    [[nodiscard]] static std::optional<P256Key> From(base::ByteSpan secret);
    [[nodiscard]] static P256Key Generate(base::RandomSource& random);
    ~P256Key();
    P256Key(P256Key&&) noexcept;
    P256Key& operator=(P256Key&&) noexcept;

    [[nodiscard]] const P256Public& Public() const;
    /// The 32 bytes From takes.
    [[nodiscard]] base::ByteSpan Secret() const;
    /// With a fresh random nonce each time.
    [[nodiscard]] P256Signature Sign(base::ByteSpan message) const;

private:
    struct Parts;
    explicit P256Key(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

/// False for anything that is no signature or no point of the curve, too.
[[nodiscard]] bool VerifyP256(const P256Public& key, base::ByteSpan message, const P256Signature& signature);

} // namespace emc::crypto
