#pragma once
// Digests by OpenSSL's own code, to compare with.

#include "base/bytes.h"

#include <openssl/evp.h>

namespace emc::test {

inline base::Bytes OpenSslDigest(const char* name, base::ByteSpan in)
{
    base::Bytes out(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    EVP_Digest(in.data(), in.size(), out.data(), &size, EVP_get_digestbyname(name), nullptr);
    out.resize(size);
    return out;
}

template <typename Digest>
base::Bytes AsVector(const Digest& digest)
{
    return base::Bytes(digest.begin(), digest.end());
}

inline base::Bytes Unhex(std::string_view text)
{
    return *base::FromHex(text);
}

inline base::Hash256 Unhex256(std::string_view text)
{
    return *base::Hash256::From(Unhex(text));
}

/// Bytes that differ from place to place and do not repeat after 256.
inline base::Bytes Pattern(size_t size)
{
    base::Bytes out(size);
    for (size_t i = 0; i < size; ++i)
        out[i] = static_cast<uint8_t>(i * 131 + i / 251);
    return out;
}

} // namespace emc::test
