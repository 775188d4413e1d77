// Signature hashes against the same rules written down plainly.
#include "script/sighash.h"

#include "crypto/random.h"
#include "script/opcodes.h"
#include "unit/script/sighash_model.h"
#include "unit/script/spend.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::script;

namespace {

Bytes RandomBytes(crypto::TestRandom& random, size_t most)
{
    Bytes out(random.Below(most + 1));
    random.Fill(out);
    return out;
}

struct RandomCase {
    primitives::MutableTransaction tx;
    std::vector<primitives::TxOut> spent;
    Bytes code;
    size_t input = 0;
};

RandomCase MakeCase(crypto::TestRandom& random)
{
    RandomCase out;
    out.tx.version = static_cast<int32_t>(random.Next64());
    out.tx.lock_time = static_cast<uint32_t>(random.Next64());
    const size_t inputs = 1 + random.Below(4);
    for (size_t i = 0; i < inputs; ++i) {
        primitives::TxIn input;
        random.Fill(input.prevout.txid.bytes);
        input.prevout.index = static_cast<uint32_t>(random.Below(9));
        input.sequence = static_cast<uint32_t>(random.Next64());
        input.script_sig = RandomBytes(random, 20);
        out.tx.inputs.push_back(input);
        out.spent.push_back({static_cast<int64_t>(random.Below(1'000'000)), RandomBytes(random, 300)});
    }
    const size_t outputs = random.Below(4);
    for (size_t i = 0; i < outputs; ++i) {
        out.tx.outputs.push_back({static_cast<int64_t>(random.Below(1'000'000)), RandomBytes(random, 700)});
    }
    constexpr std::array<uint8_t, 6> OPS = {OP_CODESEPARATOR, OP_CHECKSIG, OP_1, 0x02,
                                            OP_RETURN,        OP_PUSHDATA1};
    const size_t length = random.Below(40);
    for (size_t i = 0; i < length; ++i)
        out.code.push_back(OPS[random.Below(OPS.size())]);
    out.input = random.Below(inputs);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(script_sighash)

BOOST_AUTO_TEST_CASE(LegacyAndSegwitFollowTheModel)
{
    crypto::TestRandom random(1);
    for (int round = 0; round < 300; ++round) {
        const RandomCase c = MakeCase(random);
        const PrecomputedTx shared(c.tx, c.spent);
        for (const int32_t type :
             {0, 1, 2, 3, 0x81, 0x82, 0x83, 0x41, 0xff, static_cast<int32_t>(random.Next64())}) {
            BOOST_TEST((LegacySigHash(c.tx, c.input, c.code, type) ==
                        test::ModelLegacy(c.tx, c.input, c.code, type)),
                       type);
            const auto segwit = SegwitV0SigHash(shared, c.input, c.code, 77, type);
            BOOST_TEST((segwit == test::ModelSegwit(c.tx, c.input, c.code, 77, type)), type);
        }
    }
}

BOOST_AUTO_TEST_CASE(TaprootFollowsTheModel)
{
    crypto::TestRandom random(2);
    for (int round = 0; round < 300; ++round) {
        const RandomCase c = MakeCase(random);
        const PrecomputedTx shared(c.tx, c.spent);
        TapscriptContext context;
        random.Fill(context.leaf_hash.bytes);
        context.code_separator_pos = static_cast<uint32_t>(random.Next64());
        const std::optional<Bytes> annex =
            random.Below(2) == 0 ? std::nullopt : std::optional(RandomBytes(random, 600));
        const TapscriptContext* script = random.Below(2) == 0 ? nullptr : &context;
        for (int type = 0; type < 256; ++type) {
            const auto got = TaprootSigHash(shared, c.input, static_cast<uint8_t>(type), annex, script);
            const auto want =
                test::ModelTaproot(c.tx, c.spent, {c.input, static_cast<uint8_t>(type), annex, script});
            BOOST_TEST((got == want), type);
        }
    }
}

BOOST_AUTO_TEST_CASE(SingleWithoutItsOutputSignsOne)
{
    test::Spend spend({OP_1});
    spend.tx.outputs.resize(1);
    base::Hash256 one;
    one.bytes[0] = 1;
    BOOST_TEST((LegacySigHash(spend.tx, 1, {}, SIGHASH_SINGLE) == one));
    BOOST_TEST((LegacySigHash(spend.tx, 2, {}, SIGHASH_ALL) == one));
    BOOST_TEST((LegacySigHash(spend.tx, 1, {}, SIGHASH_ALL) != one));
    BOOST_TEST(!TaprootSigHash(spend.Precomputed(), 1, SIGHASH_SINGLE, std::nullopt, nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
