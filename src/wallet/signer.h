/// A device that keeps keys and signs, behind a program that speaks for it: commands and options as words,
/// answers as one JSON value on standard output (the command line of HWI).
#pragma once

#include "base/function.h"
#include "interfaces/wallet.h"
#include "interfaces/wallet_parts.h"

namespace emc::wallet {

using interfaces::Result;
using interfaces::SignerDevice;

/// Any thread. Each call runs the program once and waits for it; nobody should hold a lock meanwhile, since
/// people press buttons. Codes: −1 when the program cannot be run, says no, or makes no sense.
class Signer
{
public:
    /// `command`: program and first words, parted by blanks; empty: none. `network`: "main", "test" …
    /// `stop`: true when nobody waits any longer.
    Signer(std::string command, std::string network, std::function<bool()> stop);

    [[nodiscard]] bool IsSet() const { return !m_command.empty(); }

    /// All devices it finds.
    [[nodiscard]] Result<std::vector<SignerDevice>> Devices() const;
    /// The one device; −1 when there is none, or more.
    [[nodiscard]] Result<SignerDevice> OnlyDevice() const;

    struct Descriptors {
        std::vector<std::string> receive;
        std::vector<std::string> internal;
    };

    /// Public descriptors of an account.
    [[nodiscard]] Result<Descriptors> AccountDescriptors(const SignerDevice& device, uint32_t account) const;
    /// Shows the address of a descriptor on the device; the address as the device writes it.
    [[nodiscard]] Result<std::string> Display(const SignerDevice& device,
                                              const std::string& descriptor) const;
    /// Has a PSBT signed: in base64, and what comes back in base64.
    [[nodiscard]] Result<std::string> Sign(const SignerDevice& device, const std::string& psbt) const;

private:
    const std::string m_command;
    const std::string m_network;
    const std::function<bool()> m_stop;
};

} // namespace emc::wallet
