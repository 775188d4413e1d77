/// Who may call: cookie file, -rpcuser/-rpcpassword, -rpcauth.
#pragma once

#include "base/expected.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emc::base {
class RandomSource;
}

namespace emc::rpc {

/// Takes as long for any two texts of one length.
[[nodiscard]] bool EqualInConstantTime(std::string_view a, std::string_view b);
/// Writes a file only its owner may read, in one step, over one that lies there. Errors are sentences.
[[nodiscard]] base::Expected<void, std::string> WriteSecretFile(const std::string& path,
                                                                std::string_view content);

/// Checks the Authorization header. Immutable after start; any thread.
class Authenticator
{
public:
    struct Options {
        std::string cookie_file; ///< path; written when user and password are not set
        std::string user;
        std::string password;
        std::vector<std::string> rpcauth; ///< "user:salt$hmac-sha256-hex"
    };

    /// Writes the cookie file (mode 0600, replaced in one step) when no password is configured. Errors are
    /// sentences.
    [[nodiscard]] static base::Expected<Authenticator, std::string> Make(const Options& options,
                                                                         base::RandomSource& random);
    /// The user of a valid "Basic …" header; nullopt otherwise. Comparison time does not depend on the
    /// secrets.
    [[nodiscard]] std::optional<std::string> Check(std::string_view header) const;
    /// Removes the cookie file if this object wrote it.
    void RemoveCookie() const;

private:
    struct Salted {
        std::string user, salt, hash;
    };

    std::string m_cookie_file;
    std::string m_plain; ///< "user:password", empty when none
    std::vector<Salted> m_salted;
};

} // namespace emc::rpc
