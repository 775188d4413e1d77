/// Unwraps results of the node's interfaces inside call handlers.
#pragma once

#include "base/expected.h"
#include "interfaces/types.h"
#include "rpc/error.h"

namespace emc::rpc {

/// The value, or the failure thrown as an RPC error.
template <typename T>
T Take(base::Expected<T, interfaces::Failure> result)
{
    if (!result) throw RpcError(result.Error());
    return std::move(*result);
}

/// Throws the failure, if any, as an RPC error.
inline void Take(const base::Expected<void, interfaces::Failure>& result)
{
    if (!result) throw RpcError(result.Error());
}

} // namespace emc::rpc
