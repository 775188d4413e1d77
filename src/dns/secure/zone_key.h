/// The key of a signed zone: one ECDSA P-256 key that signs everything (algorithm 13, RFC 6605), kept in a
/// file.
#pragma once

#include "base/expected.h"
#include "crypto/p256.h"
#include "dns/message/wire.h"

namespace emc::dns {

enum class ZoneKeyError : uint8_t { Missing, Mode, Damaged, Exists, CannotWrite };
[[nodiscard]] std::string_view Text(ZoneKeyError error);

inline constexpr uint8_t ALGORITHM_ECDSAP256SHA256 = 13;

/// Const methods: any thread.
class ZoneKey
{
public:
    /// `zone`: one label in lower case.
    ZoneKey(std::string_view zone, crypto::P256Key key);

    /// A fresh key in a new file (mode 0600); the folder is made when it is not there. Never replaces a file.
    [[nodiscard]] static base::Expected<ZoneKey, ZoneKeyError>
    Create(const std::string& path, std::string_view zone, base::RandomSource& random);
    /// Reads what Create wrote; refuses a file others may read.
    [[nodiscard]] static base::Expected<ZoneKey, ZoneKeyError> Load(const std::string& path,
                                                                    std::string_view zone);

    /// RDATA of DNSKEY and CDNSKEY: flags 257, protocol 3, algorithm 13, x and y.
    [[nodiscard]] const Bytes& DnskeyData() const { return m_dnskey; }

    /// RDATA of DS and CDS, digest SHA-256 (RFC 4509).
    [[nodiscard]] const Bytes& DsData() const { return m_ds; }

    /// RFC 4034 appendix B.
    [[nodiscard]] uint16_t Tag() const { return m_tag; }

    /// The zone's name in wire form with root label.
    [[nodiscard]] const Bytes& Owner() const { return m_owner; }

    /// "coin. 3600 IN DS …" and "coin. 3600 IN DNSKEY …", for the parent or a trust anchor.
    [[nodiscard]] std::string DsText() const;
    [[nodiscard]] std::string DnskeyText() const;

    [[nodiscard]] crypto::P256Signature Sign(ByteSpan data) const { return m_key.Sign(data); }

private:
    crypto::P256Key m_key;
    Bytes m_owner;
    Bytes m_dnskey;
    Bytes m_ds;
    uint16_t m_tag = 0;
};

} // namespace emc::dns
