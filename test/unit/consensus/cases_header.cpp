// Headers (H-*) and merged mining (A-*).
#include "consensus/auxpow.h"
#include "unit/consensus/cases.h"

#include <algorithm>

namespace emc::test {

using consensus::Rule;

void HeaderCases(CaseList& out)
{
    const World world;
    const Draft plain(world);
    {
        out.Accept(Rule::HeaderKinds, "neither kind bit, all other bits free", world, plain.Finish());
        Draft d(world);
        MakeStakeDraft(d);
        d.header.version |= primitives::VERSION_AUXPOW;
        primitives::AuxPow proof;
        proof.coinbase = primitives::MakeTx(Spend({OutPoint{}}, {{0, ANYONE}}));
        d.header.auxpow = std::make_shared<const primitives::AuxPow>(proof);
        out.Reject(Rule::HeaderKinds, "both kind bits", world, d.Finish());
    }
    const auto with_version = [&world](uint32_t version) {
        Draft d(world);
        d.header.version = static_cast<int32_t>(version);
        return d.Finish();
    };
    out.Accept(Rule::HeaderVersion, "version 4", world, with_version(4));
    out.Reject(Rule::HeaderVersion, "version 3", world, with_version(3));
    out.Reject(Rule::HeaderVersion, "negative version", world, with_version(0xfffffc00));
    out.Accept(Rule::HeaderTarget, "the limit itself", world, plain.Finish());
    for (const uint32_t bits : {0x20800001U, 0x00000000U, 0x2100ffffU, 0xff123456U}) {
        Draft d(world);
        d.header.bits = bits;
        d.mine = false;
        out.Reject(Rule::HeaderTarget, "negative, zero, above the limit, overflowing", world, d.Finish());
    }
    {
        out.Accept(Rule::HeaderBits, "the bits demanded", world, plain.Finish());
        Draft d(world);
        d.header.bits = 0x207ffffe;
        out.Reject(Rule::HeaderBits, "harder than demanded", world, d.Finish());
    }
    {
        out.Accept(Rule::HeaderWork, "hash meets the target", world, plain.Finish());
        primitives::Block block = plain.Finish();
        while (consensus::MeetsWork(block.header.Hash(), block.header.bits, world.params))
            ++block.header.nonce;
        out.Reject(Rule::HeaderWork, "hash above the target", world, block);
    }
    const int64_t mtp = world.MedianTimePast(world.height - 1);
    for (const int64_t above : {1, 0}) {
        Draft d(world);
        d.header.time = static_cast<uint32_t>(mtp + above);
        if (above == 1) out.Accept(Rule::HeaderTimeOld, "one second above the median", world, d.Finish());
        if (above == 0) out.Reject(Rule::HeaderTimeOld, "equal to the median", world, d.Finish());
    }
    for (const int64_t ahead : {7200, 7201}) {
        Draft d(world);
        d.header.time = static_cast<uint32_t>(world.clock_sec + ahead);
        if (ahead == 7200) out.Accept(Rule::HeaderTimeNew, "two hours ahead on regtest", world, d.Finish());
        if (ahead == 7201) out.Reject(Rule::HeaderTimeNew, "one second more", world, d.Finish());
    }
}

namespace {

/// A merged-mined block: what the parent's coinbase commits to can be changed before it is sealed.
struct MergedDraft {
    explicit MergedDraft(const World& state) : world(state), draft(state)
    {
        draft.header.version = static_cast<int32_t>(consensus::AUXPOW_CHAIN_ID << 16 | 0x104);
        block = draft.Finish();
    }

    const World& world;
    Draft draft;
    primitives::Block block;
    std::vector<Hash256> chain_branch{Filled(1), Filled(2)};
    std::vector<Hash256> coinbase_branch{Filled(3)};
    uint32_t nonce = 7;
    uint32_t size = 4;
    uint32_t coinbase_index = 0;
    uint32_t index_shift = 0;
    int32_t parent_version = 0x20000000;
    size_t padding = 0; ///< bytes before the marker
    int markers = 1;
    size_t cut = 0; ///< bytes missing at the script's end
    bool wrong_root = false;
    bool wrong_merkle = false;
    bool no_work = false;

    primitives::Block Seal() const
    {
        primitives::AuxPow proof;
        proof.chain_branch = chain_branch;
        proof.coinbase_branch = coinbase_branch;
        proof.coinbase_index = coinbase_index;
        const auto length = static_cast<unsigned>(chain_branch.size());
        proof.chain_index =
            consensus::ExpectedAuxIndex(nonce, consensus::AUXPOW_CHAIN_ID, length) + index_shift;
        Hash256 root = primitives::MerkleRootFromBranch(block.header.Hash(), chain_branch, proof.chain_index);
        if (wrong_root) root.bytes[0] ^= 1;

        Bytes script(padding, uint8_t{0x11});
        codec::Writer writer(script);
        for (int i = 0; i < markers; ++i)
            writer.U32Big(0xfabe6d6d);
        std::reverse(root.bytes.begin(), root.bytes.end());
        writer.Raw(root.Span());
        writer.U32(size);
        writer.U32(nonce);
        script.resize(script.size() - cut);

        MutableTransaction coinbase = Spend({OutPoint{}}, {{0, ANYONE}});
        coinbase.inputs[0].script_sig = script;
        proof.coinbase = primitives::MakeTx(coinbase);
        proof.parent.version = parent_version;
        proof.parent.time = block.header.time;
        proof.parent.merkle_root =
            primitives::MerkleRootFromBranch(proof.coinbase->Txid(), coinbase_branch, coinbase_index);
        if (wrong_merkle) proof.parent.merkle_root.bytes[5] ^= 1;
        while (consensus::MeetsWork(proof.parent.Hash(), block.header.bits, world.params) == no_work)
            ++proof.parent.nonce;

        primitives::Block sealed = block;
        sealed.header.auxpow = std::make_shared<const primitives::AuxPow>(proof);
        return sealed;
    }
};

} // namespace

void AuxPowCases(CaseList& out)
{
    const World world;
    const MergedDraft good(world);
    const auto vary = [&](Rule rule, const std::string& tests, auto change) {
        MergedDraft draft(world);
        change(draft);
        out.RejectCopy(rule, tests, world, draft.Seal());
    };
    using D = MergedDraft;
    for (const Rule rule : {Rule::AuxChainId, Rule::AuxSizeNonce, Rule::AuxTreeSize, Rule::AuxChainIndex,
                            Rule::AuxWork, Rule::AuxCoinbaseBranch, Rule::AuxRoot, Rule::AuxCoinbaseIndex}) {
        out.Accept(rule, "a proof that keeps every rule", world, good.Seal());
    }
    {
        D draft(world);
        draft.draft.header.version = 0x02000104;
        draft.block = draft.draft.Finish();
        out.Reject(Rule::AuxChainId, "another chain's id", world, draft.Seal());
    }
    {
        D draft(world);
        draft.parent_version = static_cast<int32_t>(0x029a0100U);
        out.Accept(Rule::AuxParentChainId, "parent of chain 666, with its bit 0x100", world, draft.Seal());
    }
    vary(Rule::AuxParentChainId, "parent with this chain's id", [](D& d) { d.parent_version = 0x0E4D0004; });
    vary(Rule::AuxCoinbaseIndex, "coinbase at index 1", [](D& d) { d.coinbase_index = 1; });
    vary(Rule::AuxCoinbaseBranch, "coinbase not in the parent", [](D& d) { d.wrong_merkle = true; });
    {
        D draft(world);
        draft.padding = 5000;
        out.Accept(Rule::AuxMarker, "marker far into the script", world, draft.Seal());
    }
    vary(Rule::AuxMarker, "no marker", [](D& d) { d.markers = 0; });
    vary(Rule::AuxMarker, "marker twice", [](D& d) { d.markers = 2; });
    vary(Rule::AuxRoot, "another root", [](D& d) { d.wrong_root = true; });
    vary(Rule::AuxRoot, "script ends within the root", [](D& d) { d.cut = 9; });
    vary(Rule::AuxSizeNonce, "script ends within size and nonce", [](D& d) { d.cut = 1; });
    vary(Rule::AuxTreeSize, "size twice the right one", [](D& d) { d.size = 8; });
    vary(Rule::AuxChainIndex, "slot of another chain", [](D& d) { d.index_shift = 1; });
    vary(Rule::AuxWork, "parent hash above the target", [](D& d) { d.no_work = true; });
    {
        D draft(world);
        draft.chain_branch.assign(30, Filled(9));
        draft.coinbase_branch.assign(30, Filled(8));
        draft.size = 1U << 30;
        out.Accept(Rule::AuxBranchLength, "two branches of 30", world, draft.Seal());
    }
    {
        D draft(world);
        draft.padding = 98'000;
        out.Accept(Rule::AuxSize, "a proof of nearly 100,000 bytes", world, draft.Seal());
    }
}

} // namespace emc::test
