// Runs test/vectors/consensus and checks that its files are what the generator writes.
#include "unit/consensus/cases.h"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <set>

namespace emc::test {

namespace {

using codec::Json;
using consensus::Rule;

std::string ReadFile(const std::string& name)
{
    std::ifstream in(std::string(EMC_CONSENSUS_VECTORS) + "/" + name, std::ios::binary | std::ios::ate);
    BOOST_REQUIRE_MESSAGE(in.good(), "cannot read " << name);
    std::string text(static_cast<size_t>(in.tellg()), '\0');
    in.seekg(0);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    return text;
}

std::string Why(const std::optional<consensus::RuleResult>& broken)
{
    return broken ? consensus::Describe(*broken) : "accepted";
}

/// The verdict on one case; the rule broken, if any.
std::optional<consensus::RuleResult> JudgeCase(const Json& in)
{
    if (in.exists("transaction")) {
        const auto bytes = UnpackHex(in["transaction"].getValStr());
        BOOST_REQUIRE(bytes);
        codec::Reader reader(*bytes);
        const primitives::Transaction tx(
            primitives::ReadTransaction(reader, primitives::WitnessMode::Without));
        BOOST_REQUIRE(reader.Done());
        const auto verdict = consensus::CheckTransaction(tx);
        if (!verdict) return verdict.Error();
        return std::nullopt;
    }
    const auto bytes = UnpackHex(in["block"].getValStr());
    BOOST_REQUIRE(bytes);
    const auto block = primitives::ParseBlock(*bytes);
    BOOST_REQUIRE(block);
    return World::FromJson(in).Judge(*block);
}

} // namespace

BOOST_AUTO_TEST_SUITE(consensus_cases)

BOOST_AUTO_TEST_CASE(vectors_hold)
{
    size_t cases = 0;
    for (const CaseFile& file : CaseFiles()) {
        const auto json = codec::ParseJson(ReadFile(file.name));
        BOOST_REQUIRE_MESSAGE(json.HasValue(), file.name);
        for (const Json& row : (*json)["cases"].getValues()) {
            const std::string id = row["id"].getValStr();
            const auto broken = JudgeCase(row["in"]);
            const Json& expected = row["expected"];
            ++cases;
            if (expected["valid"].isTrue()) {
                BOOST_CHECK_MESSAGE(!broken, id << ": " << Why(broken));
                continue;
            }
            BOOST_CHECK_MESSAGE(broken, id << ": accepted");
            if (!broken) continue;
            BOOST_CHECK_MESSAGE(consensus::Id(broken->rule) == expected["rule"].getValStr(),
                                id << ": " << Why(broken));
            BOOST_CHECK_MESSAGE(broken->mutated == expected["mutated"].isTrue(), id << ": mutated differs");
            BOOST_CHECK(broken->stage == consensus::StageOf(broken->rule));
        }
    }
    BOOST_TEST_MESSAGE(cases << " cases");
    BOOST_CHECK_GT(cases, 250U);
}

BOOST_AUTO_TEST_CASE(vectors_are_as_generated)
{
    for (const CaseFile& file : CaseFiles()) {
        CaseList cases;
        file.fill(cases);
        BOOST_CHECK_MESSAGE(cases.Text(file.comment) == ReadFile(file.name),
                            file.name << " differs: run test/unit/consensus/make_vectors");
    }
}

BOOST_AUTO_TEST_CASE(every_rule_has_vectors)
{
    // Rules that no whole block can show: the chain's own, forms the reader refuses, and one kept for safety.
    const std::set<Rule> elsewhere = {
        Rule::HeaderParentUnknown, Rule::HeaderParentInvalid, Rule::HeaderKnownInvalid,
        Rule::HeaderForkDepth,     Rule::AuxMissing,          Rule::AuxSize,
        Rule::AuxCoinbaseShape,    Rule::AuxBranchLength,     Rule::FeeRange};
    std::set<std::string> seen;
    for (const CaseFile& file : CaseFiles()) {
        const auto json = codec::ParseJson(ReadFile(file.name));
        for (const Json& row : (*json)["cases"].getValues()) {
            seen.insert(row["rule"].getValStr() + (row["expected"]["valid"].isTrue() ? "+" : "-"));
        }
    }
    for (int i = 1; i < static_cast<int>(Rule::Count); ++i) {
        const auto rule = static_cast<Rule>(i);
        if (elsewhere.contains(rule)) continue;
        const std::string id(consensus::Id(rule));
        BOOST_CHECK_MESSAGE(seen.contains(id + "+"), id << " has no accept case");
        BOOST_CHECK_MESSAGE(seen.contains(id + "-"), id << " has no reject case");
    }
}

BOOST_AUTO_TEST_CASE(packed_hex)
{
    const Bytes runs = [] {
        Bytes out{1, 2};
        out.insert(out.end(), 64, uint8_t{7});
        out.push_back(3);
        out.insert(out.end(), 63, uint8_t{8});
        return out;
    }();
    BOOST_CHECK_EQUAL(PackHex(runs).substr(0, 11), "0102(07*64)");
    BOOST_CHECK(UnpackHex(PackHex(runs)) == runs);
    for (const char* bad : {"0", "(", "(07)", "(07*)x", "(0x*5)", "(07*5", "01)"}) {
        BOOST_CHECK_MESSAGE(!UnpackHex(bad), bad);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
