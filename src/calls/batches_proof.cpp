/// Proofs of single calls.
#include "calls/batches.h"
#include "consensus/params.h"
#include "interfaces/chain.h"
#include "reward/proof_file.h"

namespace emc::calls {

using interfaces::BatchInfo;
using interfaces::BatchState;
using interfaces::ProvenCall;

Batches::Result<std::vector<ProvenCall>> Batches::Prove(const std::string& call_id,
                                                        const std::optional<Hash256>& batch)
{
    interfaces::BatchFilter filter;
    filter.state = BatchState::Confirmed;
    const auto confirmed = List(filter);
    if (!confirmed) return base::Unexpected(confirmed.Error());
    std::vector<ProvenCall> out;
    for (const BatchInfo& info : *confirmed) {
        if (batch && info.id != *batch) continue;
        const auto file = m_store.File(info.id);
        if (!file) return Failed(file.Error());
        std::vector<Hash256> leaves;
        for (size_t i = 0; i < file->records.size(); ++i) {
            if (file->records[i].call_id != call_id) continue;
            if (leaves.empty()) {
                for (const auto& record : file->records)
                    leaves.push_back(reward::CallLeaf(reward::EncodeCallRecord(record)));
            }
            reward::ProofFile proof;
            proof.genesis = m_deps.chain.Params().genesis_hash;
            proof.txid = *info.txid;
            proof.block = *info.block;
            proof.record = file->records[i];
            proof.proof = {i, leaves.size(), reward::TreePath(leaves, i)};
            out.push_back({info, file->records[i], reward::WriteProof(proof)});
        }
    }
    if (out.empty())
        return Wrong("no call " + call_id + " is part of " + (batch ? "this batch" : "a batch") +
                     " that stands in a block");
    return out;
}

} // namespace emc::calls
