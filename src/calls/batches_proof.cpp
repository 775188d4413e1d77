/// Proofs of single calls.
#include "calls/batch_parts.h"
#include "calls/batches.h"
#include "consensus/params.h"
#include "interfaces/chain.h"
#include "reward/proof_file.h"

namespace emc::calls {

using interfaces::BatchState;
using interfaces::ProvenCall;

Batches::Result<std::vector<ProvenCall>> Batches::Prove(const std::string& call_id,
                                                        const std::optional<Hash256>& batch)
{
    if (auto done = Follow(); !done) return base::Unexpected(done.Error());
    const auto rows = m_store.All();
    if (!rows) return Failed(rows.Error());
    std::vector<ProvenCall> out;
    for (const auto& [id, row] : *rows) {
        if ((batch && id != *batch) || !row.block) continue;
        auto calls = m_store.Calls(id, call_id);
        if (!calls) return Failed(calls.Error());
        if (calls->empty()) continue;
        const auto info = Describe(id, row);
        if (!info) return base::Unexpected(info.Error());
        if (info->state != BatchState::Confirmed) continue;
        for (auto& call : *calls) {
            reward::ProofFile proof;
            proof.genesis = m_deps.chain.Params().genesis_hash;
            proof.txid = *info->txid;
            proof.block = *info->block;
            proof.record = call.record;
            proof.proof = std::move(call.proof);
            out.push_back({*info, std::move(call.record), reward::WriteProof(proof)});
        }
    }
    if (out.empty())
        return Wrong("no call " + call_id + " is part of " + (batch ? "this batch" : "a batch") +
                     " that stands in a block");
    return out;
}

} // namespace emc::calls
