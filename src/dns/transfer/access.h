/// Who may copy zones, and who is told that they have changed.
#pragma once

#include "base/subnet.h"
#include "dns/transfer/tsig.h"

namespace emc::dns {

/// One entry of -emcdnsxfr: where both are given, both must fit.
struct TransferRule {
    std::optional<base::Subnet> subnet;
    std::optional<Bytes> key; ///< name in wire form

    [[nodiscard]] bool Allows(const base::IpBytes& ip, const TsigKey* signed_by) const;
};

/// One entry of -emcdnsnotify.
struct NotifyTarget {
    base::IpBytes ip{};
    uint16_t port = 53;
    const TsigKey* key = nullptr;

    /// "192.0.2.53:53" or "[2001:db8::53]:53".
    [[nodiscard]] std::string Text() const;
};

/// "192.0.2.0/24", "key:name", or both with a comma between; nullopt when it is neither or the key is not
/// known.
[[nodiscard]] std::optional<TransferRule> ParseTransferRule(std::string_view text, const TsigKeys& keys);
/// "192.0.2.53", "192.0.2.53:5353" or "[2001:db8::53]:53", with ",key:name" behind for a signed message.
[[nodiscard]] std::optional<NotifyTarget> ParseNotifyTarget(std::string_view text, const TsigKeys& keys);

} // namespace emc::dns
