// Lenient DER parsing: no fault on any input, and agreement with the library's strict parser where that one
// accepts.
#include "base/check.h"
#include "crypto/der.h"
#include "crypto/keys.h"

#include <secp256k1.h>

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace emc;
    const base::ByteSpan input(data, size);
    const auto numbers = crypto::ParseDerLax(input);
    secp256k1_ecdsa_signature strict{};
    const uint8_t none = 0;
    const bool library_accepts = secp256k1_ecdsa_signature_parse_der(secp256k1_context_static, &strict,
                                                                     size > 0 ? data : &none, size) == 1;
    if (crypto::IsStrictDer(input)) EMC_CHECK(numbers.has_value());
    if (library_accepts) {
        EMC_CHECK(numbers.has_value());
        std::array<uint8_t, 64> expected{};
        secp256k1_ecdsa_signature_serialize_compact(secp256k1_context_static, expected.data(), &strict);
        // Both make zero of numbers out of range; the library does so for each of r and s that is not 1 … n
        // − 1.
        secp256k1_ecdsa_signature again{};
        if (secp256k1_ecdsa_signature_parse_compact(secp256k1_context_static, &again, numbers->data()) == 1) {
            EMC_CHECK(*numbers == expected || numbers->front() == 0);
        }
        EMC_CHECK(crypto::IsLowS(input) ==
                  (secp256k1_ecdsa_signature_normalize(secp256k1_context_static, nullptr, &strict) == 0));
    }
    if (numbers) {
        base::Bytes longer(input.begin(), input.end());
        longer.push_back(0x55);
        EMC_CHECK(crypto::ParseDerLax(longer) == numbers);
        EMC_CHECK(!crypto::IsStrictDer(longer) || !crypto::IsStrictDer(input));
    } else {
        EMC_CHECK(!crypto::IsLowS(input));
    }
    static const crypto::PublicKey key = crypto::PrivateKey::From(base::Bytes(32, 1))->Public();
    const bool verifies = crypto::VerifyEcdsa(key, base::Hash256(), input);
    EMC_CHECK(!verifies || numbers.has_value());
    return 0;
}
