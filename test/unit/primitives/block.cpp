#include "primitives/block.h"

#include "unit/primitives/sample.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::primitives;

namespace {

base::Bytes Hex(std::string_view text)
{
    return base::FromHex(text).value();
}

// The header of Bitcoin's first block.
constexpr std::string_view GENESIS_HEADER = "0100000000000000000000000000000000000000000000000000000000000000"
                                            "000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3"
                                            "888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c";

bool AuxPowParses(const base::Bytes& bytes)
{
    codec::Reader in(bytes);
    (void)ReadAuxPow(in);
    return in.Done();
}

} // namespace

BOOST_AUTO_TEST_SUITE(block)

BOOST_AUTO_TEST_CASE(a_known_header)
{
    const auto bytes = Hex(GENESIS_HEADER);
    codec::Reader in(bytes);
    const auto header = ReadBlockHeader(in);
    BOOST_TEST(in.Done());
    BOOST_TEST(base::ReversedHex(header.Hash()) ==
               "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f");
    BOOST_TEST(header.version == 1);
    BOOST_TEST(header.prev_hash.IsNull());
    BOOST_TEST(header.time == 1231006505u);
    BOOST_TEST(header.bits == 0x1d00ffffu);
    BOOST_TEST(header.nonce == 2083236893u);
    BOOST_TEST(!header.IsAuxPow());
    BOOST_TEST(!header.IsProofOfStake());
    BOOST_TEST((Serialize(header) == bytes));
    BOOST_TEST(AuxPowSize(header) == 0u);
}

BOOST_AUTO_TEST_CASE(blocks_come_back)
{
    for (const size_t count : {size_t{0}, size_t{1}, size_t{2}, size_t{7}, size_t{300}}) {
        const Block block = test::SampleBlock(count);
        const auto bytes = Serialize(block);
        const auto back = ParseBlock(bytes);
        BOOST_REQUIRE(back);
        BOOST_TEST(back->transactions.size() == count);
        BOOST_TEST((back->header.Hash() == block.header.Hash()));
        BOOST_TEST((Serialize(*back) == bytes));
        const size_t stripped = Serialize(block, WitnessMode::Without).size();
        BOOST_TEST(BlockWeight(block) == 3 * stripped + bytes.size());
    }
}

BOOST_AUTO_TEST_CASE(broken_blocks)
{
    auto bytes = Serialize(test::SampleBlock(3));
    for (size_t length = 0; length < bytes.size(); ++length) {
        BOOST_TEST(ParseBlock(base::ByteSpan(bytes).first(length)) == nullptr, length);
    }
    bytes.push_back(0);
    BOOST_TEST(ParseBlock(bytes) == nullptr);
    bytes.pop_back();
    bytes[80] = 0xfc; // more transactions than bytes
    BOOST_TEST(ParseBlock(bytes) == nullptr);
}

BOOST_AUTO_TEST_CASE(merged_mining_headers)
{
    for (const size_t branch : {size_t{0}, size_t{1}, size_t{30}}) {
        Block block = test::SampleBlock(2);
        const auto plain_hash = block.header.Hash();
        block.header.version |= VERSION_AUXPOW;
        block.header.auxpow = std::make_shared<const AuxPow>(test::SampleAuxPow(branch, 30 - branch));
        BOOST_TEST(block.header.IsAuxPow());
        BOOST_TEST((block.header.Hash() != plain_hash));
        const auto header_bytes = Serialize(block.header);
        BOOST_TEST(header_bytes.size() == 80 + AuxPowSize(block.header));
        // The hash covers the 80 bytes only.
        codec::Reader first(base::ByteSpan(header_bytes).first(80));
        BOOST_TEST((ReadPlainHeader(first).Hash() == block.header.Hash()));

        const auto bytes = Serialize(block);
        const auto back = ParseBlock(bytes);
        BOOST_REQUIRE(back);
        BOOST_REQUIRE(back->header.auxpow);
        BOOST_TEST(back->header.auxpow->coinbase_branch.size() == branch);
        BOOST_TEST(back->header.auxpow->chain_branch.size() == 30 - branch);
        BOOST_TEST(back->header.auxpow->chain_index == 3u);
        BOOST_TEST((back->header.auxpow->parent == block.header.auxpow->parent));
        BOOST_TEST((Serialize(*back) == bytes));
        const size_t stripped = Serialize(block, WitnessMode::Without).size();
        BOOST_TEST(BlockWeight(block) == 3 * stripped + bytes.size());
    }
}

BOOST_AUTO_TEST_CASE(broken_proofs)
{
    const auto good = test::WrittenBytes(test::SampleAuxPow(2, 3));
    BOOST_TEST(AuxPowParses(good));
    for (size_t length = 0; length < good.size(); ++length) {
        BOOST_TEST(!AuxPowParses(base::Bytes(good.begin(), good.begin() + static_cast<ptrdiff_t>(length))),
                   length);
    }
    BOOST_TEST(!AuxPowParses(test::WrittenBytes(test::SampleAuxPow(31, 0))));
    BOOST_TEST(!AuxPowParses(test::WrittenBytes(test::SampleAuxPow(0, 31))));

    AuxPow proof = test::SampleAuxPow(0, 0);
    auto fields = test::SampleCoinbase(1);
    fields.inputs.clear();
    proof.coinbase = MakeTx(fields);
    BOOST_TEST(!AuxPowParses(test::WrittenBytes(proof)));

    // A parent coinbase with its witness.
    fields = test::SampleCoinbase(1);
    fields.inputs[0].witness = {base::Bytes(32)};
    proof.coinbase = MakeTx(fields);
    auto with_witness = Serialize(*proof.coinbase);
    const auto whole = test::WrittenBytes(proof);
    with_witness.insert(with_witness.end(),
                        whole.begin() + static_cast<ptrdiff_t>(proof.coinbase->BaseSize()), whole.end());
    BOOST_TEST(!AuxPowParses(with_witness));
    BOOST_TEST(AuxPowParses(whole));
}

BOOST_AUTO_TEST_CASE(the_largest_proof)
{
    AuxPow proof = test::SampleAuxPow(0, 0);
    auto fields = test::SampleCoinbase(1);
    BlockHeader header;
    header.auxpow = std::make_shared<const AuxPow>(proof);
    // Grow the output's script until the proof has exactly the size; its length then takes five bytes more
    // than now.
    const size_t room = MAX_AUXPOW_BYTES - AuxPowSize(header);
    fields.outputs[0].script_pubkey.resize(fields.outputs[0].script_pubkey.size() + room - 4, 0x6a);
    proof.coinbase = MakeTx(fields);
    header.auxpow = std::make_shared<const AuxPow>(proof);
    BOOST_TEST(AuxPowSize(header) == MAX_AUXPOW_BYTES);
    BOOST_TEST(AuxPowParses(test::WrittenBytes(proof)));
    fields.outputs[0].script_pubkey.push_back(0);
    proof.coinbase = MakeTx(fields);
    BOOST_TEST(!AuxPowParses(test::WrittenBytes(proof)));
}

BOOST_AUTO_TEST_CASE(kinds_of_headers)
{
    BlockHeader header;
    header.version = VERSION_POS;
    BOOST_TEST(header.IsProofOfStake());
    BOOST_TEST(!header.IsAuxPow());
    const auto stake = Serialize(header);
    BOOST_TEST(stake.size() == 80u);
    // The bit of merged mining without a proof behind it does not parse.
    header.version = VERSION_POS | VERSION_AUXPOW;
    auto bytes = stake;
    bytes[1] = 3;
    codec::Reader in(bytes);
    (void)ReadBlockHeader(in);
    BOOST_TEST(!in.Ok());
}

BOOST_AUTO_TEST_SUITE_END()
