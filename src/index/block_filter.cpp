#include "index/block_filter.h"

#include "codec/reader.h"
#include "crypto/sha256.h"
#include "names/op_codec.h"
#include "script/opcodes.h"

namespace emc::index {

std::vector<base::Bytes> ScriptsOf(const primitives::Block& block,
                                   const std::vector<std::vector<primitives::Coin>>& spent)
{
    std::vector<base::Bytes> out;
    for (const auto& tx : block.transactions) {
        const auto& outputs = tx->Outputs();
        for (size_t i = 0; i < outputs.size(); ++i) {
            const auto script = names::OwnerScriptOf(tx->Version(), i, outputs[i].script_pubkey).script;
            if (script.empty() || script[0] == script::OP_RETURN) continue;
            out.emplace_back(script.begin(), script.end());
        }
    }
    for (const auto& coins : spent) {
        for (const auto& coin : coins) {
            if (!coin.out.script_pubkey.empty()) out.push_back(coin.out.script_pubkey);
        }
    }
    return out;
}

codec::GcsParams BasicFilterParams(const base::Hash256& block)
{
    codec::Reader reader(block.Span());
    codec::GcsParams params;
    params.key0 = reader.U64();
    params.key1 = reader.U64();
    return params;
}

base::Bytes BasicFilter(const base::Hash256& block, std::span<const base::Bytes> scripts)
{
    return codec::EncodeGcs(BasicFilterParams(block), scripts);
}

base::Hash256 FilterHeader(base::ByteSpan filter, const base::Hash256& previous_header)
{
    const auto filter_hash = crypto::Sha256d(filter);
    base::Bytes both(filter_hash.begin(), filter_hash.end());
    both.insert(both.end(), previous_header.begin(), previous_header.end());
    return crypto::Sha256d(both);
}

} // namespace emc::index
