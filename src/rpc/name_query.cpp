#include "rpc/name_query.h"

#include "interfaces/chain.h"
#include "names/transition.h"

namespace emc::rpc {

using interfaces::WalletNamesApi;

void ReadNameFilter(const Json& filter, int32_t height, WalletNamesApi::NameQuery& query)
{
    for (size_t i = 0; i < filter.size(); ++i) {
        const auto& key = filter.getKeys()[i];
        const auto& value = filter.getValues()[i];
        if (key == "prefix" && value.isStr()) {
            query.prefix = value.get_str();
        } else if (key == "expires_within" && value.isNum()) {
            const int64_t blocks = value.get_int64();
            if (blocks < 0 || blocks > names::MAX_EXPIRY_AHEAD)
                throw RpcError(Code::Parameter, "expires_within is out of range: 0 to 6132000 blocks");
            query.expires_by = height + static_cast<int32_t>(blocks);
        } else if (key == "mine" && value.isBool()) {
            query.mine_only = value.get_bool();
        } else {
            throw RpcError(Code::Type, "Unexpected key or type of value: " + key);
        }
    }
}

WalletNamesApi::NameQuery NameQueryOf(const Request& request, const NameQueryArgs& at)
{
    WalletNamesApi::NameQuery out;
    out.from = request.Str(at.start);
    if (const int64_t count = request.IntIn(at.count, 0, INT32_MAX, 0); count > 0)
        out.count = static_cast<size_t>(count);
    if (request.Has(at.filter)) ReadNameFilter(request.Raw(at.filter), request.Chain().GetTip().height, out);
    return out;
}

} // namespace emc::rpc
