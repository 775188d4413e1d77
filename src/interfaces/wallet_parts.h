/// What few calls of a wallet need: labels of everything, devices that sign.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace emc::interfaces {

/// What can have a label (BIP 329). Numbers stand in files.
enum class LabelKind : uint8_t {
    Tx = 0,      ///< txid
    Address = 1, ///< address
    PublicKey = 2,
    Input = 3,        ///< txid:index
    Output = 4,       ///< txid:index
    ExtPublicKey = 5, ///< xpub
};

struct LabelLine {
    LabelKind kind = LabelKind::Tx;
    std::string ref;                  ///< as the kind says; hex in lower case
    std::optional<std::string> label; ///< nullopt: as it is
    std::optional<bool> spendable;    ///< of an output; false: kept from being chosen
};

/// A device that signs.
struct SignerDevice {
    std::string fingerprint; ///< of its seed, eight hex digits
    std::string name;
};

} // namespace emc::interfaces
