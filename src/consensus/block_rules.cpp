#include "consensus/block_rules.h"

#include "consensus/stake_rules.h"
#include "crypto/sha256.h"
#include "script/script.h"

#include <algorithm>

namespace emc::consensus {

namespace {

using primitives::Block;

/// OP_RETURN, a push of 36 bytes, the four bytes of BIP 141.
constexpr std::array<uint8_t, 6> COMMITMENT_HEADER = {script::OP_RETURN, 0x24, 0xaa, 0x21, 0xa9, 0xed};
constexpr size_t COMMITMENT_BYTES = COMMITMENT_HEADER.size() + Hash256::SIZE;
constexpr size_t HEADER_BYTES = 80;

bool IsCommitment(base::ByteSpan script)
{
    return script.size() >= COMMITMENT_BYTES &&
           std::equal(COMMITMENT_HEADER.begin(), COMMITMENT_HEADER.end(), script.begin());
}

Hash256 CommitmentHash(const Hash256& witness_root, base::ByteSpan reserved)
{
    base::Bytes joined(witness_root.begin(), witness_root.end());
    joined.insert(joined.end(), reserved.begin(), reserved.end());
    return crypto::Sha256d(joined);
}

Verdict CheckMerkle(const Block& block)
{
    const primitives::MerkleResult merkle = primitives::BlockMerkleRoot(block);
    if (merkle.root != block.header.merkle_root) return BrokenCopy(Rule::BlockMerkleRoot);
    if (merkle.mutated) return BrokenCopy(Rule::BlockDuplicateTx);
    return {};
}

Verdict CheckLength(const Block& block)
{
    if (block.transactions.empty()) return Broken(Rule::BlockEmpty);
    size_t bytes = HEADER_BYTES + codec::CompactSizeBytes(block.transactions.size());
    for (const auto& tx : block.transactions)
        bytes += tx->BaseSize();
    if (bytes * WITNESS_SCALE > MAX_BLOCK_WEIGHT) return Broken(Rule::BlockLength);
    return {};
}

Verdict CheckPlaces(const Block& block)
{
    if (!block.transactions[0]->IsCoinbase()) return Broken(Rule::BlockNoCoinbase);
    for (size_t i = 1; i < block.transactions.size(); ++i) {
        if (block.transactions[i]->IsCoinbase()) return Broken(Rule::BlockSecondCoinbase);
    }
    if (!block.header.IsProofOfStake()) return {};
    if (block.transactions.size() < 2) return Broken(Rule::StakeCoinstake, "no second transaction");
    return CheckCoinstakeShape(*block.transactions[1]);
}

/// Prefixes where and which transaction.
Verdict InTransaction(const Verdict& verdict, const Transaction& tx)
{
    RuleResult result = verdict.Error();
    result.detail += (result.detail.empty() ? "" : "; ") + ("transaction " + base::ReversedHex(tx.Txid()));
    return base::Unexpected(std::move(result));
}

Verdict CheckTransactions(const Block& block)
{
    names::BlockNames names;
    int64_t sigops = 0;
    for (size_t i = 0; i < block.transactions.size(); ++i) {
        const Transaction& tx = *block.transactions[i];
        if (const auto shape = CheckTransaction(tx); !shape) return InTransaction(shape, tx);
        const auto ops = CheckNameShape(tx, RoleOf(block, i));
        if (!ops) return InTransaction(base::Unexpected(ops.Error()), tx);
        if (const auto ok = names.Add(tx, *ops); !ok) return InTransaction(BrokenName(ok.Error()), tx);
        sigops += LegacySigOps(tx);
    }
    if (sigops * WITNESS_SCALE > MAX_BLOCK_SIGOPS_COST) return Broken(Rule::BlockLegacySigOps);
    return {};
}

bool HasWitness(const Block& block)
{
    return std::any_of(block.transactions.begin(), block.transactions.end(),
                       [](const auto& tx) { return tx->HasWitness(); });
}

bool BeginsWithHeight(const Transaction& coinbase, int32_t height)
{
    const base::Bytes want = HeightScript(height);
    const base::Bytes& script = coinbase.Inputs()[0].script_sig;
    return script.size() >= want.size() && std::equal(want.begin(), want.end(), script.begin());
}

Verdict CheckWitness(const Block& block)
{
    const Transaction& coinbase = *block.transactions[0];
    const auto index = WitnessCommitmentIndex(coinbase);
    if (!index) {
        if (HasWitness(block)) return BrokenCopy(Rule::BlockWitnessUnexpected);
        return {};
    }
    const primitives::Witness& witness = coinbase.Inputs()[0].witness;
    // A stake block's witness has a second item; its shape is checked with the coinbase.
    const size_t items = block.header.IsProofOfStake() ? 2 : 1;
    if (witness.size() != items || witness[0].size() != Hash256::SIZE) {
        return BrokenCopy(Rule::BlockWitnessReserved);
    }
    const Hash256 expected = CommitmentHash(primitives::WitnessMerkleRoot(block), witness[0]);
    const base::ByteSpan script = coinbase.Outputs()[*index].script_pubkey;
    const auto committed = script.subspan(COMMITMENT_HEADER.size(), Hash256::SIZE);
    if (!std::equal(expected.begin(), expected.end(), committed.begin())) {
        return BrokenCopy(Rule::BlockWitnessCommitment);
    }
    return {};
}

Verdict CheckWeight(const Block& block)
{
    const size_t weight = primitives::BlockWeight(block);
    if (weight <= MAX_BLOCK_WEIGHT) return {};
    // With a shorter merged-mining proof the same hash may be valid.
    const size_t proof_weight = primitives::AuxPowSize(block.header) * WITNESS_SCALE;
    if (weight - proof_weight <= MAX_BLOCK_WEIGHT) return BrokenCopy(Rule::BlockWeight);
    return Broken(Rule::BlockWeight);
}

} // namespace

std::optional<size_t> WitnessCommitmentIndex(const Transaction& coinbase)
{
    for (size_t i = coinbase.Outputs().size(); i-- > 0;) {
        if (IsCommitment(coinbase.Outputs()[i].script_pubkey)) return i;
    }
    return std::nullopt;
}

primitives::TxOut MakeWitnessCommitment(const Hash256& witness_root, const Hash256& reserved)
{
    const Hash256 hash = CommitmentHash(witness_root, reserved.Span());
    primitives::TxOut out;
    out.value = 0;
    out.script_pubkey.resize(COMMITMENT_BYTES);
    const auto end = std::copy(COMMITMENT_HEADER.begin(), COMMITMENT_HEADER.end(), out.script_pubkey.begin());
    std::copy(hash.begin(), hash.end(), end);
    return out;
}

base::Bytes HeightScript(int32_t height)
{
    return script::ScriptBuilder().Number(height).Take();
}

Verdict CheckBlock(const Block& block)
{
    if (auto verdict = CheckMerkle(block); !verdict) return verdict;
    if (auto verdict = CheckLength(block); !verdict) return verdict;
    if (auto verdict = CheckPlaces(block); !verdict) return verdict;
    return CheckTransactions(block);
}

Verdict CheckBlockContext(const Block& block, const BlockContext& context)
{
    const Activation& active = context.params->activation;
    const bool stake = block.header.IsProofOfStake();
    const int64_t cutoff = context.height >= active.csv ? context.parent_mtp : int64_t{block.header.time};
    for (const auto& tx : block.transactions) {
        if (!IsFinal(*tx, context.height, cutoff)) {
            return Broken(Rule::BlockNotFinal, "transaction " + base::ReversedHex(tx->Txid()));
        }
    }
    if (context.height >= active.bip34 && !BeginsWithHeight(*block.transactions[0], context.height)) {
        return Broken(Rule::BlockHeight);
    }
    if (stake) {
        if (auto verdict = CheckStakeCoinbase(*block.transactions[0], context.height); !verdict)
            return verdict;
    }
    if (stake || context.height >= active.segwit) {
        if (auto verdict = CheckWitness(block); !verdict) return verdict;
    } else if (HasWitness(block)) {
        return BrokenCopy(Rule::BlockWitnessUnexpected);
    }
    return CheckWeight(block);
}

} // namespace emc::consensus
