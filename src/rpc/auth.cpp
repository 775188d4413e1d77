#include "rpc/auth.h"

#include "base/log.h"
#include "base/random.h"
#include "codec/base58.h"
#include "crypto/hash.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace emc::rpc {

namespace {

constexpr std::string_view COOKIE_USER = "__cookie__";

} // namespace

bool EqualInConstantTime(std::string_view a, std::string_view b)
{
    unsigned difference = a.size() == b.size() ? 0 : 1;
    for (size_t i = 0; i < a.size(); ++i) {
        const char other = b.empty() ? '\0' : b[i % b.size()];
        difference |= static_cast<unsigned char>(a[i] ^ other);
    }
    return difference == 0;
}

base::Expected<void, std::string> WriteSecretFile(const std::string& path, std::string_view content)
{
    const std::string temporary = path + ".tmp";
    static_cast<void>(unlink(temporary.c_str())); // one that lay there might be readable by others
    const int fd = open(temporary.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) return base::Unexpected("Cannot write " + temporary + ": " + std::strerror(errno));
    const bool ok = write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size());
    const int saved = errno;
    close(fd);
    if (!ok) return base::Unexpected("Cannot write " + temporary + ": " + std::strerror(saved));
    if (rename(temporary.c_str(), path.c_str()) != 0) {
        return base::Unexpected("Cannot rename " + temporary + " to " + path + ": " + std::strerror(errno));
    }
    return {};
}

base::Expected<Authenticator, std::string> Authenticator::Make(const Options& options,
                                                               base::RandomSource& random)
{
    Authenticator out;
    for (const auto& line : options.rpcauth) {
        const auto colon = line.find(':');
        const auto dollar = line.find('$', colon == std::string::npos ? 0 : colon);
        const auto hash = dollar == std::string::npos ? std::nullopt : base::FromHex(line.substr(dollar + 1));
        if (colon == std::string::npos || colon == 0 || dollar == colon + 1 || !hash || hash->size() != 32) {
            return base::Unexpected(
                "-rpcauth=" + line.substr(0, colon) +
                "… is not of the form user:salt$64-hex-digits; make one with share/rpcauth");
        }
        out.m_salted.push_back(
            {line.substr(0, colon), line.substr(colon + 1, dollar - colon - 1), base::Hex(*hash)});
    }
    if (!options.password.empty()) {
        out.m_plain = options.user + ":" + options.password;
        return out;
    }
    std::array<uint8_t, 32> secret{};
    random.Fill(secret);
    out.m_plain = std::string(COOKIE_USER) + ":" + base::Hex(secret);
    out.m_cookie_file = options.cookie_file;
    auto written = WriteSecretFile(options.cookie_file, out.m_plain);
    if (!written) return base::Unexpected(written.Error());
    return out;
}

std::optional<std::string> Authenticator::Check(std::string_view header) const
{
    constexpr std::string_view SCHEME = "Basic ";
    if (!header.starts_with(SCHEME)) return std::nullopt;
    const auto decoded = codec::Base64Decode(header.substr(SCHEME.size()));
    if (!decoded) return std::nullopt;
    const std::string text = base::ToText(*decoded);
    const auto colon = text.find(':');
    if (colon == std::string::npos) return std::nullopt;
    const std::string user = text.substr(0, colon);
    bool good = EqualInConstantTime(text, m_plain);
    for (const auto& entry : m_salted) {
        const auto hash = crypto::HmacSha256(base::AsBytes(entry.salt),
                                             base::AsBytes(std::string_view(text).substr(colon + 1)));
        const bool same_user = EqualInConstantTime(user, entry.user);
        const bool same_hash = EqualInConstantTime(base::Hex(hash.Span()), entry.hash);
        good = good || (same_user && same_hash);
    }
    if (!good) return std::nullopt;
    return user;
}

void Authenticator::RemoveCookie() const
{
    if (!m_cookie_file.empty()) static_cast<void>(unlink(m_cookie_file.c_str()));
}

} // namespace emc::rpc
