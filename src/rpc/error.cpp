#include "rpc/error.h"

#include "interfaces/types.h"

namespace emc::rpc {

RpcError::RpcError(Code code, const std::string& message)
    : std::runtime_error(message), m_code(static_cast<int>(code))
{}

RpcError::RpcError(const interfaces::Failure& failure)
    : std::runtime_error(failure.message), m_code(failure.code)
{}

} // namespace emc::rpc
