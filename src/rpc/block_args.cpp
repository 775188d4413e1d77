#include "rpc/block_args.h"

#include "base/log.h"

namespace emc::rpc {

using interfaces::BlockInfo;

BlockInfo NeedBlock(const Request& request, const base::Hash256& hash)
{
    auto info = request.Chain().BlockByHash(hash);
    if (!info) throw RpcError(Code::AddressOrKey, "Block not found");
    return *info;
}

BlockInfo NeedHeight(const Request& request, int64_t height)
{
    const auto tip = request.Chain().GetTip();
    auto info = height < 0 || height > tip.height
                    ? std::nullopt
                    : request.Chain().BlockByHeight(static_cast<int32_t>(height));
    if (!info) {
        throw RpcError(Code::Parameter,
                       base::Format("Block height out of range: the chain has heights 0 to %d", tip.height));
    }
    return *info;
}

BlockInfo BlockOf(const Request& request, size_t i)
{
    const Json& value = request.Raw(i);
    if (value.isNum()) return NeedHeight(request, request.Int(i));
    const auto hash = value.isStr() ? base::HashFromReversedHex(value.get_str()) : std::nullopt;
    if (!hash) throw RpcError(Code::Parameter, "A block is named by its hash (64 hex digits) or its height");
    return NeedBlock(request, *hash);
}

} // namespace emc::rpc
