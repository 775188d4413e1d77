#include "dns/secure/zone_key.h"

#include "codec/base58.h"
#include "crypto/random.h"
#include "crypto/sha256.h"
#include "dns/records/files.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace emc::dns {

namespace {

constexpr std::string_view HEAD = "ECDSAP256SHA256 ";
constexpr uint16_t FLAGS_KSK = 257;
constexpr uint8_t PROTOCOL = 3;
constexpr uint8_t DIGEST_SHA256 = 2;
constexpr size_t MAX_FILE_BYTES = 256;

uint16_t TagOf(ByteSpan dnskey)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < dnskey.size(); ++i)
        sum += i % 2 == 0 ? uint32_t{dnskey[i]} << 8 : uint32_t{dnskey[i]};
    return static_cast<uint16_t>(sum + (sum >> 16));
}

void WipeText(std::string& text)
{
    crypto::Wipe({reinterpret_cast<uint8_t*>(text.data()), text.size()});
}

} // namespace

std::string_view Text(ZoneKeyError error)
{
    switch (error) {
    case ZoneKeyError::Missing:
        return "there is no key; make one with the call dnskeygen";
    case ZoneKeyError::Mode:
        return "the file of the key must be readable by its owner alone (chmod 600)";
    case ZoneKeyError::Damaged:
        return "the file of the key is damaged";
    case ZoneKeyError::Exists:
        return "there is a key already; move its file away first if it is to be replaced";
    case ZoneKeyError::CannotWrite:
        return "the file of the key cannot be written";
    }
    return "";
}

ZoneKey::ZoneKey(std::string_view zone, crypto::P256Key key) : m_key(std::move(key))
{
    m_owner = NameFromText(zone).value_or(Bytes{0});
    AppendU16(m_dnskey, FLAGS_KSK);
    m_dnskey.push_back(PROTOCOL);
    m_dnskey.push_back(ALGORITHM_ECDSAP256SHA256);
    const crypto::P256Public& open = m_key.Public();
    m_dnskey.insert(m_dnskey.end(), open.begin(), open.end());
    m_tag = TagOf(m_dnskey);
    Bytes covered = m_owner;
    covered.insert(covered.end(), m_dnskey.begin(), m_dnskey.end());
    const base::Hash256 digest = crypto::Sha256Of(covered);
    AppendU16(m_ds, m_tag);
    m_ds.push_back(ALGORITHM_ECDSAP256SHA256);
    m_ds.push_back(DIGEST_SHA256);
    m_ds.insert(m_ds.end(), digest.begin(), digest.end());
}

base::Expected<ZoneKey, ZoneKeyError> ZoneKey::Create(const std::string& path, std::string_view zone,
                                                      base::RandomSource& random)
{
    const std::string folder = path.substr(0, path.rfind('/'));
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return base::Unexpected(ZoneKeyError::CannotWrite);
    const int fd = open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) return base::Unexpected(errno == EEXIST ? ZoneKeyError::Exists : ZoneKeyError::CannotWrite);
    ZoneKey out(zone, crypto::P256Key::Generate(random));
    std::string text = std::string(HEAD) + base::Hex(out.m_key.Secret()) + "\n";
    const bool written =
        write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(fd) == 0;
    WipeText(text);
    if (close(fd) == 0 && written) return out;
    unlink(path.c_str());
    return base::Unexpected(ZoneKeyError::CannotWrite);
}

base::Expected<ZoneKey, ZoneKeyError> ZoneKey::Load(const std::string& path, std::string_view zone)
{
    struct stat info {};

    if (stat(path.c_str(), &info) != 0) return base::Unexpected(ZoneKeyError::Missing);
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) return base::Unexpected(ZoneKeyError::Mode);
    auto text = ReadSmallFile(path, MAX_FILE_BYTES);
    if (!text) return base::Unexpected(ZoneKeyError::Damaged);
    std::optional<crypto::P256Key> key;
    if (text->starts_with(HEAD) && text->ends_with('\n')) {
        const std::string_view digits = std::string_view(*text).substr(HEAD.size());
        if (auto secret = base::FromHex(digits.substr(0, digits.size() - 1))) {
            key = crypto::P256Key::From(*secret);
            crypto::Wipe(*secret);
        }
    }
    WipeText(*text);
    if (!key) return base::Unexpected(ZoneKeyError::Damaged);
    return ZoneKey(zone, std::move(*key));
}

std::string ZoneKey::DsText() const
{
    return NameToText(m_owner) + ". 3600 IN DS " + std::to_string(m_tag) + " 13 2 " +
           base::Hex(ByteSpan(m_ds).subspan(4));
}

std::string ZoneKey::DnskeyText() const
{
    return NameToText(m_owner) + ". 3600 IN DNSKEY 257 3 13 " +
           codec::Base64Encode(ByteSpan(m_dnskey).subspan(4));
}

} // namespace emc::dns
