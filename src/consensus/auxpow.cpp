#include "consensus/auxpow.h"

#include "consensus/header_rules.h"

#include <algorithm>

namespace emc::consensus {

namespace {

constexpr std::array<uint8_t, 4> MARKER = {0xfa, 0xbe, 0x6d, 0x6d};
/// After the marker: root, u32 size, u32 nonce.
constexpr size_t TAIL_BYTES = 8;

uint32_t ChainIdOf(int32_t version)
{
    return static_cast<uint32_t>(version) >> 16;
}

uint32_t Little32(base::ByteSpan in)
{
    uint32_t out = 0;
    std::memcpy(&out, in.data(), sizeof(out));
    return out;
}

/// Where the bytes after the only marker begin; nullopt when the marker is absent or repeated.
std::optional<size_t> AfterOnlyMarker(base::ByteSpan script)
{
    const auto first = std::search(script.begin(), script.end(), MARKER.begin(), MARKER.end());
    if (first == script.end()) return std::nullopt;
    if (std::search(first + 1, script.end(), MARKER.begin(), MARKER.end()) != script.end())
        return std::nullopt;
    return static_cast<size_t>(first - script.begin()) + MARKER.size();
}

/// The commitment in the parent coinbase's first script: A-09 … A-13.
Verdict CheckCommitment(const primitives::AuxPow& proof, const Hash256& block_hash)
{
    const base::ByteSpan script = proof.coinbase->Inputs()[0].script_sig;
    const auto begin = AfterOnlyMarker(script);
    if (!begin) return BrokenCopy(Rule::AuxMarker);

    const base::ByteSpan rest = script.subspan(*begin);
    const Hash256 root = primitives::MerkleRootFromBranch(block_hash, proof.chain_branch, proof.chain_index);
    if (rest.size() < Hash256::SIZE || !std::equal(root.bytes.rbegin(), root.bytes.rend(), rest.begin())) {
        return BrokenCopy(Rule::AuxRoot);
    }
    const base::ByteSpan tail = rest.subspan(Hash256::SIZE);
    if (tail.size() < TAIL_BYTES) return BrokenCopy(Rule::AuxSizeNonce);

    const auto branch = static_cast<unsigned>(proof.chain_branch.size());
    if (Little32(tail) != uint32_t{1} << branch) return BrokenCopy(Rule::AuxTreeSize);
    if (proof.chain_index != ExpectedAuxIndex(Little32(tail.subspan(4)), AUXPOW_CHAIN_ID, branch)) {
        return BrokenCopy(Rule::AuxChainIndex);
    }
    return {};
}

} // namespace

uint32_t ExpectedAuxIndex(uint32_t nonce, uint32_t chain_id, unsigned branch_length)
{
    constexpr uint32_t FACTOR = 1'103'515'245;
    constexpr uint32_t ADDEND = 12'345;
    uint32_t mixed = nonce * FACTOR + ADDEND;
    mixed += chain_id;
    mixed = mixed * FACTOR + ADDEND;
    return mixed & ((uint32_t{1} << branch_length) - 1);
}

Verdict CheckAuxPow(const primitives::BlockHeader& header, const Params& params)
{
    if (ChainIdOf(header.version) != AUXPOW_CHAIN_ID) return Broken(Rule::AuxChainId);
    if (!header.auxpow || !header.auxpow->coinbase) return BrokenCopy(Rule::AuxMissing);
    const primitives::AuxPow& proof = *header.auxpow;
    if (ChainIdOf(proof.parent.version) == AUXPOW_CHAIN_ID) return BrokenCopy(Rule::AuxParentChainId);
    if (primitives::AuxPowSize(header) > primitives::MAX_AUXPOW_BYTES) return BrokenCopy(Rule::AuxSize);
    if (proof.coinbase->HasWitness() || proof.coinbase->Inputs().empty())
        return BrokenCopy(Rule::AuxCoinbaseShape);
    if (proof.chain_branch.size() > MAX_AUXPOW_BRANCH || proof.coinbase_branch.size() > MAX_AUXPOW_BRANCH) {
        return BrokenCopy(Rule::AuxBranchLength);
    }
    if (proof.coinbase_index != 0) return BrokenCopy(Rule::AuxCoinbaseIndex);
    if (primitives::MerkleRootFromBranch(proof.coinbase->Txid(), proof.coinbase_branch, 0) !=
        proof.parent.merkle_root) {
        return BrokenCopy(Rule::AuxCoinbaseBranch);
    }
    if (auto verdict = CheckCommitment(proof, header.Hash()); !verdict) return verdict;
    if (!MeetsWork(proof.parent.Hash(), header.bits, params)) return BrokenCopy(Rule::AuxWork);
    return {};
}

} // namespace emc::consensus
