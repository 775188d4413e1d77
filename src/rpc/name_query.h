/// Arguments that choose names of a wallet.
#pragma once

#include "interfaces/wallet.h"
#include "rpc/call.h"

namespace emc::rpc {

/// { prefix, expires_within: blocks, mine }; throws −3 for a key that is none, −8 for a value out of range.
void ReadNameFilter(const Json& filter, int32_t height, interfaces::WalletNamesApi::NameQuery& query);

/// Positions of the arguments.
struct NameQueryArgs {
    size_t count;  ///< 0: all
    size_t start;  ///< first name
    size_t filter; ///< as ReadNameFilter reads it
};

[[nodiscard]] interfaces::WalletNamesApi::NameQuery NameQueryOf(const Request& request,
                                                                const NameQueryArgs& at);

} // namespace emc::rpc
