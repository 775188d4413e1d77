// Proofs that a call is part of a batch on the chain. Checking one needs neither wallet nor records.
#include "codec/base58.h"
#include "consensus/params.h"
#include "interfaces/call_batches.h"
#include "interfaces/chain.h"
#include "primitives/block.h"
#include "reward/car.h"
#include "reward/claim.h"
#include "reward/proof_file.h"
#include "rpc/calls.h"
#include "rpc/render_call.h"
#include "rpc/take.h"
#include "rpc/text_file.h"

namespace emc::rpc {

namespace {

/// A batch as CAR file in base64, with line ends.
constexpr size_t MAX_EVIDENCE_BYTES = reward::MAX_BATCH_FILE_BYTES / 2 * 3;

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

/// Where the reward of a batch stands.
struct FoundReward {
    interfaces::BlockInfo block;
    primitives::TxRef tx;
    reward::CallBatch batch;
};

/// Looks through the blocks in which the batch may have been rewarded; throws why it was not.
FoundReward FindReward(const Request& request, const base::Hash256& id, const reward::CallBatch& batch)
{
    const auto& chain = request.Chain();
    bool all_read = true;
    auto info = chain.BlockByHeight(interfaces::HeightBefore(chain, batch.period_end));
    // R-10: the parent's time counts.
    while (info && info->median_time <= batch.period_start + reward::MAX_PERIOD_AGE_SEC) {
        request.CheckStop();
        info = chain.BlockByHeight(info->height + 1);
        if (!info) break;
        const auto block = chain.ReadBlock(info->hash);
        all_read = all_read && block;
        if (!block) continue;
        for (const auto& tx : (*block)->transactions) {
            if (tx->Version() != primitives::REWARD_TX_VERSION || tx->Outputs().empty()) continue;
            const auto output = reward::ParseRewardOutput(tx->Outputs()[0].script_pubkey);
            if (output && reward::BatchDigest(chain.Params().genesis_hash, output->batch) == id)
                return {*info, tx, output->batch};
        }
    }
    throw RpcError(Code::Verify,
                   all_read ? "no block of the best chain holds the reward of this batch"
                            : "no block that is kept here holds the reward of this batch; some were pruned");
}

/// What the chain says of a batch with its records; throws what is wrong with it.
Json VerifiedBatch(const Request& request, const reward::BatchFile& file)
{
    const auto& chain = request.Chain();
    if (file.genesis != chain.Params().genesis_hash)
        throw RpcError(Code::Verify, "the batch is for another network");
    const auto id = reward::BatchDigest(file.genesis, file.batch);
    const auto found = FindReward(request, id, file.batch);
    Json out = codec::JsonObject();
    out.pushKV("id", base::Hex(id.Span()));
    out.pushKV("caller", file.batch.pair.caller.Name());
    out.pushKV("callee", file.batch.pair.callee.Name());
    out.pushKV("from", static_cast<uint64_t>(file.batch.period_start));
    out.pushKV("to", static_cast<uint64_t>(file.batch.period_end));
    out.pushKV("calls", static_cast<uint64_t>(file.batch.calls));
    out.pushKV("minutes", static_cast<uint64_t>(file.batch.minutes));
    out.pushKV("reward", codec::JsonAmount(static_cast<primitives::Amount>(found.batch.claim)));
    out.pushKV("txid", base::ReversedHex(found.tx->Txid()));
    out.pushKV("blockhash", base::ReversedHex(found.block.hash));
    out.pushKV("height", found.block.height);
    out.pushKV("confirmations", found.block.confirmations);
    return out;
}

/// A proof, or a batch as container or CAR file: in base64, or "@file".
base::Bytes Evidence(const Request& request)
{
    const std::string text = request.Str(0);
    if (text.starts_with("@")) {
        const auto file = ReadTextFile(text.substr(1), MAX_EVIDENCE_BYTES);
        if (!file) throw RpcError(Code::Parameter, "proof: " + file.Error());
        const auto bytes = base::AsBytes(*file);
        return reward::BatchBytes(*file).value_or(base::Bytes(bytes.begin(), bytes.end()));
    }
    auto bytes = reward::BatchBytes(text);
    if (!bytes)
        throw RpcError(Code::Parameter,
                       "proof: base64 as call_prove gives it, or @ and the path of a file is expected");
    return std::move(*bytes);
}

/// Throws −8 when it is no evidence at all, −25 with what the chain says against it.
void Judge(const Request& request, base::Bytes evidence, Json& out)
{
    if (reward::IsCar(evidence)) {
        auto content = reward::ReadCar(evidence);
        if (!content)
            throw RpcError(
                Code::Parameter,
                "the CAR file is cut off, a block of it does not have its CID, or it holds no batch");
        evidence = std::move(*content);
    }
    const auto batch = reward::ParseBatchFile(evidence);
    if (batch) {
        const Json seen = VerifiedBatch(request, *batch);
        out.pushKV("valid", true);
        out.pushKV("batch", seen);
        return;
    }
    if (batch.Error() != reward::BatchFileError::Magic)
        throw RpcError(Code::Parameter, "batch: " + std::string(reward::Text(batch.Error())));
    const auto proof = reward::ParseProof(evidence);
    if (!proof) throw RpcError(Code::Parameter, "proof: " + std::string(reward::Text(proof.Error())));
    const Json seen = Verified(request, *proof);
    out.pushKV("valid", true);
    out.pushKV("call", seen);
}

Json CallVerify(const Request& request)
{
    auto evidence = Evidence(request);
    Json out = codec::JsonObject();
    try {
        Judge(request, std::move(evidence), out);
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
         CallKind::Long,
         "Checks the proof of a call against the chain, or a whole batch with its records; needs no wallet "
         "and "
         "no records.",
         {{"proof", ArgType::AnyWord, "",
           "base64 of a proof, a batch or its CAR file; or @ and the path of a file"}},
         "{ valid, reason: why not, call: { as in call_show, batch, txid, blockhash, height, confirmations "
         "},\n"
         "  batch, in place of call: { id, caller, callee, from, to, calls, minutes, reward: EMC, txid, "
         "blockhash,\n    height, confirmations } }",
         "ZWNw/wE…",
         CallVerify},
    };
}

} // namespace emc::rpc
