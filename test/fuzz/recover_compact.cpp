// Key recovery: a key that comes out must verify the signature it was recovered from.
#include "base/check.h"
#include "crypto/keys.h"

#include <secp256k1.h>

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace emc;
    // The digest, then the signature.
    if (size < 32) return 0;
    const base::ByteSpan input(data, size);
    const base::Hash256 hash = *base::Hash256::From(input.first(32));
    const base::ByteSpan compact = input.subspan(32);
    const auto key = crypto::RecoverCompact(hash, compact);
    const bool low = crypto::IsCompactLowS(compact);
    if (!key) return 0;
    EMC_CHECK(compact.size() == 65);
    EMC_CHECK(key->IsOnCurve());
    EMC_CHECK(key->IsCompressed() == (compact[0] >= 31));
    secp256k1_ecdsa_signature signature{};
    EMC_CHECK(secp256k1_ecdsa_signature_parse_compact(secp256k1_context_static, &signature,
                                                      compact.data() + 1) == 1);
    base::Bytes der(72);
    size_t der_size = der.size();
    EMC_CHECK(secp256k1_ecdsa_signature_serialize_der(secp256k1_context_static, der.data(), &der_size,
                                                      &signature) == 1);
    der.resize(der_size);
    EMC_CHECK(crypto::IsStrictDer(der));
    EMC_CHECK(crypto::IsLowS(der) == low);
    EMC_CHECK(crypto::VerifyEcdsa(*key, hash, der));
    return 0;
}
