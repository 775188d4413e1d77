// Lenient DER parsing: no fault on any input, and agreement with the library's strict parser where that one
// accepts.
#include "base/check.h"
#include "crypto/der.h"
#include "crypto/keys.h"

#include <secp256k1.h>

#include <algorithm>
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
    if (crypto::IsStrictDer(input)) {
        EMC_CHECK(library_accepts && numbers.has_value());
        std::array<uint8_t, 64> expected{};
        secp256k1_ecdsa_signature_serialize_compact(secp256k1_context_static, expected.data(), &strict);
        // The library makes zero of a number out of range and keeps the other one; such signatures never
        // verify.
        const auto null = [](base::ByteSpan in) {
            return std::all_of(in.begin(), in.end(), [](uint8_t byte) { return byte == 0; });
        };
        const base::ByteSpan both(expected);
        if (!null(both.first(32)) && !null(both.last(32))) {
            EMC_CHECK(*numbers == expected);
            const int high = secp256k1_ecdsa_signature_normalize(secp256k1_context_static, nullptr, &strict);
            EMC_CHECK(crypto::IsLowS(input) == (high == 0));
        }
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
