// Proofs that a call is part of a batch on the chain. Checking one needs neither wallet nor records.
#include "codec/base58.h"
#include "consensus/params.h"
#include "interfaces/call_batches.h"
#include "interfaces/chain.h"
#include "reward/proof_file.h"
#include "rpc/calls.h"
#include "rpc/render_call.h"
#include "rpc/take.h"

namespace emc::rpc {

namespace {

Json CallProve(const Request& request)
{
    std::optional<base::Hash256> batch;
    if (request.Has(1)) batch = BatchIdOf(request.Str(1));
    Json out = codec::JsonArray();
    for (const auto& proven : Take(request.Batches().Prove(request.Str(0), batch))) {
        Json row = RecordJson(proven.record);
        row.pushKV("batch", base::Hex(proven.info.id.Span()));
        row.pushKV("txid", base::ReversedHex(*proven.info.txid));
        row.pushKV("blockhash", base::ReversedHex(*proven.info.block));
        row.pushKV("height", proven.info.height);
        row.pushKV("proof", codec::Base64Encode(proven.proof));
        out.push_back(row);
    }
    return out;
}

/// What the chain says of a proof; throws what is wrong with it.
Json Verified(const Request& request, const reward::ProofFile& proof)
{
    const auto& chain = request.Chain();
    if (proof.genesis != chain.Params().genesis_hash)
        throw RpcError(Code::Verify, "the proof is for another network");
    const auto info = chain.BlockByHash(proof.block);
    if (!info || !info->in_best_chain)
        throw RpcError(Code::Verify, "block " + base::ReversedHex(proof.block) +
                                         " is not part of the best chain known here");
    const auto block = Take(chain.ReadBlock(proof.block));
    const auto batch = reward::CheckProof(proof, *block);
    if (!batch) throw RpcError(Code::Verify, std::string(reward::Text(batch.Error())));
    Json out = RecordJson(proof.record);
    out.pushKV("batch", base::Hex(reward::BatchDigest(proof.genesis, *batch).Span()));
    out.pushKV("txid", base::ReversedHex(proof.txid));
    out.pushKV("blockhash", base::ReversedHex(proof.block));
    out.pushKV("height", info->height);
    out.pushKV("confirmations", info->confirmations);
    return out;
}

Json CallVerify(const Request& request)
{
    const auto bytes = codec::Base64Decode(request.Str(0));
    if (!bytes) throw RpcError(Code::Parameter, "proof: base64 as call_prove gives it is expected");
    const auto proof = reward::ParseProof(*bytes);
    if (!proof) throw RpcError(Code::Parameter, "proof: " + std::string(reward::Text(proof.Error())));
    Json out = codec::JsonObject();
    try {
        const Json verified = Verified(request, *proof);
        out.pushKV("valid", true);
        out.pushKV("call", verified);
    } catch (const RpcError& error) {
        if (error.ErrorCode() != static_cast<int>(Code::Verify)) throw;
        out.pushKV("valid", false);
        out.pushKV("reason", std::string(error.what()));
    }
    return out;
}

} // namespace

std::vector<CallSpec> CallProofCalls()
{
    return {
        {"call_prove",
         "Calls",
         CallKind::Slow,
         "Proves that a call is part of a batch that stands in a block. Who gets the proof learns this call "
         "and "
         "nothing of the others.",
         {{"callid", ArgType::String, "", "as in SIP"},
          {"batch", ArgType::String, "-", "id; left out: all batches that stand in a block"}},
         "[ { the call as in call_show, batch, txid, blockhash, height, proof: base64 } ]",
         "a84b4c76e66710@pc33.example.com",
         CallProve},
        {"call_verify",
         "Calls",
         CallKind::Slow,
         "Checks the proof of a call against the chain; needs no wallet and no records.",
         {{"proof", ArgType::String, "", "base64"}},
         "{ valid, reason: why not, call: { as in call_show, batch, txid, blockhash, height, confirmations } "
         "}",
         "ZWNw/wE…",
         CallVerify},
    };
}

} // namespace emc::rpc
