#include "base/text.h"
#include "codec/base58.h"
#include "crypto/random.h"
#include "dns/records/files.h"
#include "dns/transfer/tsig.h"

#include <algorithm>
#include <sys/stat.h>

namespace emc::dns {

namespace {

constexpr std::string_view BLANKS = " \t\r";
constexpr size_t MAX_KEYS = 256;
constexpr size_t MAX_FILE_BYTES = 256 * 1024;

std::optional<TsigAlgorithm> AlgorithmOf(std::string_view text)
{
    if (text == "hmac-sha256") return TsigAlgorithm::HmacSha256;
    if (text == "hmac-sha384") return TsigAlgorithm::HmacSha384;
    if (text == "hmac-sha512") return TsigAlgorithm::HmacSha512;
    return std::nullopt;
}

base::Unexpected<TsigKeyFailure> Failed(TsigKeyError error, std::string_view where)
{
    return base::Unexpected(TsigKeyFailure{error, std::string(where)});
}

} // namespace

TsigKey::~TsigKey()
{
    crypto::Wipe(secret);
}

std::string_view Text(TsigKeyError error)
{
    switch (error) {
    case TsigKeyError::Form:
        return "a key is name:algorithm:base64";
    case TsigKeyError::Name:
        return "the name of a key must be a domain name";
    case TsigKeyError::Algorithm:
        return "the algorithm of a key must be hmac-sha256, hmac-sha384 or hmac-sha512";
    case TsigKeyError::Secret:
        return "the secret of a key must be 16 to 512 bytes in base64";
    case TsigKeyError::Twice:
        return "the name of a key must not come twice, and there are at most 256 keys";
    case TsigKeyError::FileMode:
        return "the file of keys must be readable by its owner alone (chmod 600)";
    case TsigKeyError::FileUnreadable:
        return "the file of keys cannot be read or is larger than 256 KiB";
    }
    return "";
}

base::Expected<void, TsigKeyFailure> TsigKeys::Add(std::string_view text)
{
    const size_t first = text.find(':');
    const size_t second = first == std::string_view::npos ? first : text.find(':', first + 1);
    if (second == std::string_view::npos) return Failed(TsigKeyError::Form, text.substr(0, first));
    const std::string_view name = base::Trim(text.substr(0, first), BLANKS);
    TsigKey key;
    auto wire = NameFromText(name);
    if (!wire) return Failed(TsigKeyError::Name, name);
    key.name = std::move(*wire);
    LowerCase(key.name);
    const auto algorithm = AlgorithmOf(base::Trim(text.substr(first + 1, second - first - 1), BLANKS));
    if (!algorithm) return Failed(TsigKeyError::Algorithm, name);
    key.algorithm = *algorithm;
    auto secret = codec::Base64Decode(base::Trim(text.substr(second + 1), BLANKS));
    if (!secret || secret->size() < MIN_SECRET_BYTES || secret->size() > MAX_SECRET_BYTES)
        return Failed(TsigKeyError::Secret, name);
    key.secret = std::move(*secret);
    if (Find(key.name) != nullptr || m_keys.size() == MAX_KEYS) return Failed(TsigKeyError::Twice, name);
    m_keys.push_back(std::move(key));
    return {};
}

base::Expected<void, TsigKeyFailure> TsigKeys::AddFile(const std::string& path)
{
    struct stat info {};

    if (stat(path.c_str(), &info) != 0) return Failed(TsigKeyError::FileUnreadable, path);
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) return Failed(TsigKeyError::FileMode, path);
    auto text = ReadSmallFile(path, MAX_FILE_BYTES);
    if (!text) return Failed(TsigKeyError::FileUnreadable, path);
    size_t number = 0;
    std::string_view rest = *text;
    base::Expected<void, TsigKeyFailure> out;
    while (!rest.empty() && out) {
        const size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = base::Trim(rest.substr(0, end), BLANKS);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        ++number;
        if (line.empty() || line.front() == '#') continue;
        if (auto added = Add(line); !added)
            out = Failed(added.Error().error, path + " line " + std::to_string(number));
    }
    crypto::Wipe({reinterpret_cast<uint8_t*>(text->data()), text->size()});
    return out;
}

const TsigKey* TsigKeys::Find(ByteSpan name) const
{
    for (const TsigKey& key : m_keys) {
        if (std::ranges::equal(key.name, name)) return &key;
    }
    return nullptr;
}

} // namespace emc::dns
