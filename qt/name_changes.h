/// Many name operations: a hundred in a transaction.
#pragma once

#include "interfaces/pool.h"
#include "interfaces/wallet.h"

namespace emc::qt {

using NameChanges = std::vector<interfaces::WalletNamesApi::NameChange>;

/// The cost of all together; the expiry of those that live longest. A name with an operation in `pool` is
/// refused with a sentence for people.
[[nodiscard]] interfaces::Result<interfaces::WalletNamesApi::NamePreview>
PreviewAll(interfaces::WalletApi& wallet, const interfaces::PoolReader& pool, const NameChanges& changes);

/// Sends them, one transaction after the other; the last one's id. What was sent before a failure stays sent,
/// and the failure says how many names that were. Refuses as PreviewAll does.
[[nodiscard]] interfaces::Result<base::Hash256>
SendAll(interfaces::WalletApi& wallet, const interfaces::PoolReader& pool, const NameChanges& changes);

} // namespace emc::qt
