// The three networks and their genesis blocks.
#include "consensus/fork_choice.h"
#include "consensus/genesis.h"
#include "consensus/header_rules.h"
#include "consensus/params.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {

namespace {

struct Expected {
    const consensus::Params& params;
    uint32_t time;
    uint32_t bits;
    uint32_t nonce;
    std::string_view hash;
};

} // namespace

BOOST_AUTO_TEST_SUITE(consensus_params)

BOOST_AUTO_TEST_CASE(genesis_blocks_are_found_again)
{
    const std::vector<Expected> rows = {
        {consensus::MainParams(), 1795248002, 0x1d00ffff, 1172890062,
         "00000000f94b135e2bbe9aa9e1c348b7760a585cdca051d628def98c8f58de01"},
        {consensus::TestParams(), 1795248000, 0x1d0fffff, 34711672,
         "000000071584545b6c6b01581489af43d63bbc3864caf7ab213bda31b7da6ec2"},
        {consensus::RegtestParams(), 1296688602, 0x207fffff, 0,
         "74de6c2a07067b360806c37c59eb9f9d79d550002c9634bfd22e61e9248c0aa5"},
    };
    for (const Expected& row : rows) {
        const auto& header = row.params.genesis.header;
        BOOST_TEST_CONTEXT(row.params.name)
        {
            const auto block = consensus::MakeGenesis({row.time, row.bits, row.nonce});
            BOOST_CHECK_EQUAL(base::ReversedHex(block.header.Hash()), row.hash);
            BOOST_CHECK_EQUAL(base::ReversedHex(row.params.genesis_hash), row.hash);
            BOOST_CHECK(header == block.header);
            BOOST_CHECK(consensus::CheckHeader(header, row.params).HasValue());
            BOOST_CHECK(primitives::BlockMerkleRoot(row.params.genesis).root == header.merkle_root);
            BOOST_CHECK_EQUAL(base::ReversedHex(header.merkle_root),
                              "26ca67c1e8c89e9e3dd839231defafd4d344ed6068b82dba7950e647b7b5f1b7");
            BOOST_CHECK_EQUAL(row.params.genesis.transactions.size(), 1U);
            // The first block of each kind carries the anchor's bits.
            const auto state = consensus::ForkState::Genesis(row.params);
            BOOST_CHECK_EQUAL(state.RequiredBits(row.params, consensus::Kind::Pow, 0),
                              row.params.pow_anchor_bits);
            BOOST_CHECK_EQUAL(state.RequiredBits(row.params, consensus::Kind::Pos, 0),
                              row.params.pos_anchor_bits);
        }
    }
}

BOOST_AUTO_TEST_CASE(networks_differ)
{
    const auto& main = consensus::MainParams();
    const auto& test = consensus::TestParams();
    const auto& regtest = consensus::RegtestParams();
    BOOST_CHECK(consensus::ParamsByName("main") == &main);
    BOOST_CHECK(consensus::ParamsByName("test") == &test);
    BOOST_CHECK(consensus::ParamsByName("regtest") == &regtest);
    BOOST_CHECK(consensus::ParamsByName("signet") == nullptr);
    BOOST_CHECK(main.subfolder.empty());
    BOOST_CHECK_EQUAL(main.magic_be, 0xe45c0d11U);
    BOOST_CHECK_EQUAL(test.magic_be, 0xe45c0d22U);
    BOOST_CHECK_EQUAL(regtest.magic_be, 0xfabfb5daU);
    BOOST_CHECK_EQUAL(main.addresses.pubkey_prefix, 33);
    BOOST_CHECK_EQUAL(main.addresses.bech32_prefix, "em");
    BOOST_CHECK_EQUAL(test.addresses.bech32_prefix, "te");
    BOOST_CHECK_EQUAL(regtest.addresses.bech32_prefix, "bcrt");
    BOOST_CHECK_EQUAL(regtest.addresses.secret_prefix, 239);
    BOOST_CHECK_EQUAL(regtest.maturity, 100);
    BOOST_CHECK_EQUAL(main.maturity, 32);
    BOOST_CHECK_EQUAL(test.maturity, 10);
    BOOST_CHECK_EQUAL(main.reorg_limit, main.kernel_depth);
    BOOST_CHECK_EQUAL(regtest.reorg_limit, 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
