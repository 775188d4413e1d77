/// Many name operations: a hundred in a transaction.
#pragma once

#include "interfaces/wallet.h"

namespace emc::qt {

using NameChanges = std::vector<interfaces::WalletNamesApi::NameChange>;

/// The cost of all together; the expiry of those that live longest.
[[nodiscard]] interfaces::Result<interfaces::WalletNamesApi::NamePreview>
PreviewAll(interfaces::WalletApi& wallet, const NameChanges& changes);

/// Sends them, one transaction after the other; the last one's id. What was sent before a failure stays sent,
/// and the failure says how many names that were.
[[nodiscard]] interfaces::Result<base::Hash256> SendAll(interfaces::WalletApi& wallet,
                                                        const NameChanges& changes);

} // namespace emc::qt
