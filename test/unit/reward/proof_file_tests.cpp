// Proofs of calls: every call of a batch is proven, nothing that was changed is.
#include "primitives/block.h"
#include "reward/batch_file.h"
#include "reward/proof_file.h"
#include "unit/reward/sample.h"

#include <boost/test/unit_test.hpp>

namespace emc::reward {
namespace {

/// A block with the reward of a batch of seven calls.
struct Fixture {
    test::RewardCase reward;
    BatchFile batch;
    primitives::Block block;
    std::vector<Hash256> leaves;

    Fixture()
    {
        batch.batch = reward.batch;
        batch.batch.period_start = 1'799'000'000;
        batch.batch.period_end = 1'799'086'400;
        for (uint8_t i = 1; i <= 7; ++i)
            batch.records.push_back(test::CallOf(i));
        BOOST_REQUIRE(SetTotals(batch));
        for (const auto& record : batch.records)
            leaves.push_back(CallLeaf(EncodeCallRecord(record)));
        reward.batch = batch.batch;
        primitives::MutableTransaction other;
        other.inputs.resize(1);
        other.outputs.push_back({1, {}});
        block.transactions = {primitives::MakeTx(other), reward.Tx()};
    }

    [[nodiscard]] ProofFile Proof(size_t place) const
    {
        ProofFile out;
        out.txid = block.transactions[1]->Txid();
        out.record = batch.records[place];
        out.proof = {place, leaves.size(), TreePath(leaves, place)};
        return out;
    }

    void Refused(ProofError error, const ProofFile& proof) const
    {
        const auto checked = CheckProof(proof, block);
        BOOST_REQUIRE(!checked.HasValue());
        BOOST_TEST((checked.Error() == error));
        BOOST_TEST(!Text(error).empty());
    }
};

BOOST_FIXTURE_TEST_SUITE(proof_file, Fixture)

BOOST_AUTO_TEST_CASE(every_call_is_proven)
{
    for (size_t i = 0; i < leaves.size(); ++i) {
        const Bytes bytes = WriteProof(Proof(i));
        const auto parsed = ParseProof(bytes);
        BOOST_REQUIRE(parsed.HasValue());
        BOOST_TEST((WriteProof(*parsed) == bytes));
        const auto checked = CheckProof(*parsed, block);
        BOOST_REQUIRE(checked.HasValue());
        BOOST_TEST((checked->root == batch.batch.root));
        for (size_t size = 0; size < bytes.size(); ++size)
            BOOST_REQUIRE(!ParseProof({bytes.data(), size}).HasValue());
    }
}

BOOST_AUTO_TEST_CASE(nothing_else_is)
{
    ProofFile proof = Proof(3);
    proof.record.end += 1;
    Refused(ProofError::Tree, proof);
    proof = Proof(3);
    proof.record.salt[0] ^= 1;
    Refused(ProofError::Tree, proof);
    proof = Proof(3);
    proof.proof.index = 2;
    Refused(ProofError::Tree, proof);
    proof = Proof(3);
    proof.proof.path.pop_back();
    Refused(ProofError::Tree, proof);
    proof = Proof(3);
    proof.proof.count = 8;
    Refused(ProofError::Numbers, proof);
    proof = Proof(3);
    proof.record.caller = 4930123456;
    Refused(ProofError::Numbers, proof);
    proof = Proof(3);
    proof.record.end = 1'799'086'400'000;
    Refused(ProofError::Numbers, proof);
    proof = Proof(3);
    proof.txid = block.transactions[0]->Txid();
    Refused(ProofError::NoReward, proof);
    proof.txid.bytes.fill(1);
    Refused(ProofError::NoReward, proof);
}

BOOST_AUTO_TEST_CASE(other_bytes)
{
    Bytes bytes = WriteProof(Proof(0));
    const auto error = [&] { return ParseProof(bytes).Error(); };
    bytes.push_back(0);
    BOOST_TEST((error() == ProofError::Encoding));
    bytes.pop_back();
    bytes[4] = 2;
    BOOST_TEST((error() == ProofError::Version));
    bytes[4] = 1;
    bytes[0] = 'x';
    BOOST_TEST((error() == ProofError::Encoding));
    bytes[0] = 'e';
    bytes[5 + 3 * 32 + 1] ^= 1; // of the record
    BOOST_TEST((error() == ProofError::Record));
    bytes.resize(MAX_PROOF_BYTES + 1);
    BOOST_TEST((error() == ProofError::Encoding));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::reward
