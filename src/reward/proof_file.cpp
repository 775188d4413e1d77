#include "reward/proof_file.h"

#include "primitives/block.h"

#include <algorithm>

namespace emc::reward {

using base::Unexpected;

namespace {

constexpr std::array<uint8_t, 4> MAGIC{'e', 'c', 'p', 0xff};
constexpr uint8_t PROOF_VERSION = 1;
constexpr uint64_t MAX_CALLS = UINT32_MAX;
constexpr size_t MAX_PATH = 32; // of a tree with so many leaves
constexpr uint64_t MS = 1'000;

} // namespace

std::string_view Text(ProofError error)
{
    switch (error) {
    case ProofError::Encoding:
        return "no proof of a call, or cut off, or with bytes left over";
    case ProofError::Version:
        return "written in a newer form than 1";
    case ProofError::Record:
        return "the call record in the proof is none";
    case ProofError::NoReward:
        return "the block holds no such reward transaction";
    case ProofError::Numbers:
        return "the rewarded batch is of other numbers, another period or another number of calls";
    case ProofError::Tree:
        return "the call is not part of the rewarded batch";
    }
    return "";
}

Bytes WriteProof(const ProofFile& file)
{
    Bytes out;
    codec::Writer writer(out);
    writer.Raw(MAGIC);
    writer.U8(PROOF_VERSION);
    writer.Raw(file.genesis.Span());
    writer.Raw(file.txid.Span());
    writer.Raw(file.block.Span());
    writer.Sized(EncodeCallRecord(file.record));
    writer.U32(static_cast<uint32_t>(file.proof.index));
    writer.U32(static_cast<uint32_t>(file.proof.count));
    writer.U8(static_cast<uint8_t>(file.proof.path.size()));
    for (const Hash256& sibling : file.proof.path)
        writer.Raw(sibling.Span());
    return out;
}

base::Expected<ProofFile, ProofError> ParseProof(ByteSpan in)
{
    if (in.size() > MAX_PROOF_BYTES) return Unexpected(ProofError::Encoding);
    codec::Reader reader(in);
    const ByteSpan magic = reader.Take(MAGIC.size());
    if (!std::equal(magic.begin(), magic.end(), MAGIC.begin(), MAGIC.end()))
        return Unexpected(ProofError::Encoding);
    const uint8_t version = reader.U8();
    if (reader.Ok() && version != PROOF_VERSION) return Unexpected(ProofError::Version);
    ProofFile file;
    file.genesis = reader.Hash();
    file.txid = reader.Hash();
    file.block = reader.Hash();
    const ByteSpan record = reader.TakeSized();
    file.proof.index = reader.U32();
    file.proof.count = reader.U32();
    const size_t path = reader.U8();
    if (path > MAX_PATH) return Unexpected(ProofError::Encoding);
    for (size_t i = 0; i < path; ++i)
        file.proof.path.push_back(reader.Hash());
    if (!reader.Done()) return Unexpected(ProofError::Encoding);
    auto call = DecodeCallRecord(record);
    if (!call) return Unexpected(ProofError::Record);
    file.record = std::move(*call);
    return file;
}

base::Expected<CallBatch, ProofError> CheckProof(const ProofFile& file, const primitives::Block& block)
{
    const auto found = std::find_if(block.transactions.begin(), block.transactions.end(),
                                    [&](const auto& tx) { return tx->Txid() == file.txid; });
    if (found == block.transactions.end() || (*found)->Version() != primitives::REWARD_TX_VERSION ||
        (*found)->Outputs().empty()) {
        return Unexpected(ProofError::NoReward);
    }
    const auto output = ParseRewardOutput((*found)->Outputs()[0].script_pubkey);
    if (!output) return Unexpected(ProofError::NoReward);
    const CallBatch& batch = output->batch;
    const CallRecord& record = file.record;
    if (record.caller != batch.pair.caller.number || record.callee != batch.pair.callee.number ||
        record.end < batch.period_start * MS || record.end >= batch.period_end * MS ||
        file.proof.count != batch.calls) {
        return Unexpected(ProofError::Numbers);
    }
    if (!VerifyCallProof(CallLeaf(EncodeCallRecord(record)), file.proof, batch.root))
        return Unexpected(ProofError::Tree);
    return batch;
}

} // namespace emc::reward
