/// What a transaction does to names and what it claims for calls, as JSON for those who listen.
#pragma once

#include "interfaces/types.h"

#include <string>
#include <vector>

namespace emc::script {
struct AddressParams;
}

namespace emc::notify {

/// Where a transaction stands.
struct Place {
    std::string_view state; ///< "mempool", "connected", "disconnected"
    int32_t height = -1;    ///< of the block; −1 in the mempool
    base::Hash256 block;    ///< null in the mempool
};

/// One operation on a name.
struct NameNews {
    std::string name; ///< raw bytes
    std::string op;   ///< "name_new" …
    std::string json;
};

/// The name operations of a transaction, in the order of its outputs.
[[nodiscard]] std::vector<NameNews> NamesOf(const primitives::Transaction& tx, const Place& place,
                                            const script::AddressParams& addresses);
/// The rewarded call batch; empty when the transaction is no reward.
[[nodiscard]] std::string RewardOf(const primitives::Transaction& tx, const Place& place);

} // namespace emc::notify
