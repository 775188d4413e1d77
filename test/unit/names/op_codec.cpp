#include "names/op_codec.h"

#include "unit/names/sample.h"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace emc;
using namespace emc::names;

namespace {

std::optional<NameError> ErrorOf(ByteSpan script)
{
    const auto parsed = ParseNameOutput(script);
    if (parsed) return std::nullopt;
    return parsed.Error();
}

std::optional<NameError> ErrorOfHex(std::string_view hex)
{
    return ErrorOf(*base::FromHex(hex));
}

const std::string OWNER = "0014" + std::string(40, '1');

} // namespace

BOOST_AUTO_TEST_SUITE(names_op_codec)

BOOST_AUTO_TEST_CASE(writes_what_it_reads)
{
    for (const size_t size : {0u, 1u, 75u, 76u, 255u, 256u, 519u, 520u, 521u, 1040u, 1041u, 1560u, 20'480u}) {
        for (const OpKind kind : {OpKind::New, OpKind::Update, OpKind::Delete}) {
            NameOp op = test::Op(kind, std::string(size % 512 + 1, 'n'), 365, std::string(size, 'v'));
            const Bytes script = WriteNameScript(op);
            const auto parsed = ParseNameOutput(script);
            BOOST_REQUIRE(parsed && parsed->op);
            BOOST_CHECK(*parsed->op == op);
            const auto owner = OwnerScriptOf(primitives::NAME_TX_VERSION, 5, script);
            BOOST_CHECK(owner.had_prefix);
            BOOST_CHECK(base::ToText(owner.script) == base::ToText(op.owner_script));
            BOOST_CHECK(!OwnerScriptOf(2, 5, script).had_prefix);
        }
    }
    const std::string owner_01 = "0014" + base::Hex(Bytes(20, 1));
    BOOST_CHECK_EQUAL(base::Hex(WriteNameScript(test::Op(OpKind::New, "nm1", 10, "hello"))),
                      "5175036e6d31010a6d0568656c6c6f75" + owner_01);
    BOOST_CHECK_EQUAL(base::Hex(WriteNameScript(test::Op(OpKind::Update, "nm1", 0, ""))),
                      "5275036e6d31006d0075" + owner_01);
    BOOST_CHECK_EQUAL(base::Hex(WriteNameScript(test::Op(OpKind::Delete, "nm1"))),
                      "5375036e6d3175" + owner_01);
}

BOOST_AUTO_TEST_CASE(each_reason)
{
    BOOST_CHECK(!ErrorOfHex("5175036e6d31010a6d0568656c6c6f75" + OWNER));
    const std::pair<std::string, NameError> cases[] = {
        {"5175", NameError::BadPrefix},
        {"517551010a6d0075" + OWNER, NameError::BadPrefix},
        {"51754c036e6d31010a6d0075" + OWNER, NameError::BadPrefix},
        {"51754c", NameError::BadPrefix},
        {"51754d05", NameError::BadPrefix},
        {"51754e00000000", NameError::BadPrefix},
        {"5375016e6d" + OWNER, NameError::BadPrefix},
        {"5175016e010a750075" + OWNER, NameError::BadPrefix},
        {"5175016e5a6d0075" + OWNER, NameError::BadDays},
        {"5175016e01006d0075" + OWNER, NameError::BadDays},
        {"5175016e0501000000006d0075" + OWNER, NameError::BadDays},
        {"5175016e", NameError::BadDays},
        {"5175016e010a6d75" + OWNER, NameError::BadChunks},
        {"5175016e010a6d00006d" + OWNER, NameError::BadChunks},
        {"5175016e010a6d006d" + OWNER, NameError::BadChunks},
        {"5175016e010a6d0141014175" + OWNER, NameError::BadChunks},
        {"5175016e010a6d4c0075" + OWNER, NameError::BadChunks},
        {"5175016e010a6d4d090275", NameError::BadChunks},
        {"5175016e010a6d01", NameError::BadChunks},
        {"5175016e010a6d0075", NameError::BadOwner},
        {"5175016e010a6d007551", NameError::BadOwner},
        {"5175016e010a6d00750015" + std::string(42, '1'), NameError::BadOwner},
        {"517500010a6d0075" + OWNER, NameError::NameSize},
        {"5375"
         "00"
         "75" +
             OWNER,
         NameError::NameSize},
        {"5175016e006d0075" + OWNER, NameError::DaysRange},
        {"5175016e01816d0075" + OWNER, NameError::DaysRange},
        {"5275016e03958e006d0075" + OWNER, NameError::DaysRange},
    };
    for (const auto& [hex, error] : cases)
        BOOST_CHECK_MESSAGE(ErrorOfHex(hex) == error, hex);

    // 513 bytes of name, 20481 bytes of value, a piece of 521 bytes, too few drops
    std::string long_name = "51754d0102" + std::string(513 * 2, '6') + "010a6d0075" + OWNER;
    BOOST_CHECK(ErrorOfHex(long_name) == NameError::NameSize);
    const std::string piece = "4d0802" + std::string(520 * 2, '6');
    std::string pieces;
    for (int i = 0; i < 39; ++i)
        pieces += piece;
    std::string drops;
    for (int i = 0; i < 20; ++i)
        drops += "6d";
    const std::string head = "5175016e010a6d";
    BOOST_CHECK(ErrorOfHex(head + pieces + "4cc9" + std::string(201 * 2, '6') + drops + OWNER) ==
                NameError::ValueSize);
    BOOST_CHECK(!ErrorOfHex(head + pieces + "4cc8" + std::string(200 * 2, '6') + drops + OWNER));
    BOOST_CHECK(ErrorOfHex(head + "4d0902" + std::string(521 * 2, '6') + "75" + OWNER) ==
                NameError::BadChunks);
    BOOST_CHECK(ErrorOfHex(head + piece + piece + "75" + OWNER) == NameError::BadChunks);
    BOOST_CHECK(!ErrorOfHex(head + piece + piece + "6d" + OWNER));
    BOOST_CHECK(!ErrorOfHex(head + piece + piece + piece + "6d75" + OWNER));
    BOOST_CHECK(!ErrorOfHex("5275016e006d0075" + OWNER));
}

BOOST_AUTO_TEST_CASE(ordinary_scripts)
{
    for (const std::string hex : {"", "51", "5176", "5075", "5475", "76a914", "015175"}) {
        const Bytes script = *base::FromHex(hex);
        const auto parsed = ParseNameOutput(script);
        BOOST_CHECK_MESSAGE(parsed && !parsed->op, hex);
        const auto owner = OwnerScriptOf(primitives::NAME_TX_VERSION, 0, script);
        BOOST_CHECK(!owner.had_prefix && owner.script.size() == script.size());
    }
    const Bytes malformed = *base::FromHex("5175");
    BOOST_CHECK(!OwnerScriptOf(primitives::NAME_TX_VERSION, 0, malformed).had_prefix);
}

BOOST_AUTO_TEST_CASE(reward_prefix)
{
    const Bytes script = *base::FromHex("54754ccf" + std::string(207 * 2, 'a') + "75" + OWNER);
    const auto owner = OwnerScriptOf(primitives::REWARD_TX_VERSION, 0, script);
    BOOST_CHECK(owner.had_prefix);
    BOOST_CHECK_EQUAL(base::Hex(owner.script), OWNER);
    BOOST_CHECK(!OwnerScriptOf(primitives::REWARD_TX_VERSION, 1, script).had_prefix);
    BOOST_CHECK(!OwnerScriptOf(primitives::NAME_TX_VERSION, 0, script).had_prefix);
    for (const size_t changed : {0u, 1u, 2u, 3u, 211u}) {
        Bytes other = script;
        other[changed] ^= 1;
        BOOST_CHECK(!OwnerScriptOf(primitives::REWARD_TX_VERSION, 0, other).had_prefix);
    }
    const Bytes cut(script.begin(), script.begin() + 212);
    BOOST_CHECK(!OwnerScriptOf(primitives::REWARD_TX_VERSION, 0, cut).had_prefix);
}

BOOST_AUTO_TEST_CASE(owner_scripts)
{
    base::Hash160 id;
    BOOST_CHECK(IsOwnerScript(script::PayToPubKeyHash(id)));
    BOOST_CHECK(IsOwnerScript(script::PayToScriptHash(id)));
    BOOST_CHECK(IsOwnerScript(script::PayToWitnessKeyHash(id)));
    BOOST_CHECK(IsOwnerScript(script::PayToWitnessScriptHash({})));
    const Bytes two(2), forty(40), long_program(41), odd(33);
    BOOST_CHECK(IsOwnerScript(script::PayToWitness(1, two)));
    BOOST_CHECK(IsOwnerScript(script::PayToWitness(16, forty)));
    BOOST_CHECK(!IsOwnerScript(script::ScriptBuilder().Op(script::OP_1).Push(long_program).Take()));
    BOOST_CHECK(!IsOwnerScript(script::ScriptBuilder().Op(script::OP_0).Push(odd).Take()));
    BOOST_CHECK(!IsOwnerScript({}));
    for (const size_t changed : {0u, 1u, 2u, 23u, 24u}) {
        Bytes other = script::PayToPubKeyHash(id);
        other[changed] ^= 1;
        BOOST_CHECK(!IsOwnerScript(other));
    }
}

BOOST_AUTO_TEST_CASE(texts)
{
    std::set<std::string_view> rules;
    for (int i = 0; i <= static_cast<int>(NameError::VerOwner); ++i) {
        const auto error = static_cast<NameError>(i);
        BOOST_CHECK(!Text(error).empty());
        BOOST_CHECK(rules.insert(RuleId(error)).second);
    }
    BOOST_CHECK_EQUAL(RuleId(NameError::BadOwner), "N-05");
    BOOST_CHECK_EQUAL(RuleId(NameError::SigWrong), "E-05");
    BOOST_CHECK_EQUAL(OpName(OpKind::New), "name_new");
    BOOST_CHECK_EQUAL(OpName(OpKind::Update), "name_update");
    BOOST_CHECK_EQUAL(OpName(OpKind::Delete), "name_delete");
    BOOST_CHECK_EQUAL(OpName(static_cast<OpKind>(9)), "");
}

BOOST_AUTO_TEST_SUITE_END()
