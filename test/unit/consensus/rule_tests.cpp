// The table of rules: ids, texts, names of errors.
#include "consensus/rule.h"
#include "reward/claim.h"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <set>

namespace emc::test {

using consensus::Rule;
using consensus::RuleResult;

BOOST_AUTO_TEST_SUITE(consensus_rules)

BOOST_AUTO_TEST_CASE(every_rule_has_its_own_id_and_a_text)
{
    std::set<std::string_view> ids;
    for (int i = 1; i < static_cast<int>(Rule::Count); ++i) {
        const auto rule = static_cast<Rule>(i);
        BOOST_CHECK(ids.insert(consensus::Id(rule)).second);
        BOOST_CHECK(!consensus::Text(rule).empty());
        BOOST_CHECK(!consensus::Bip22(rule).empty());
        BOOST_CHECK(consensus::RuleById(consensus::Id(rule)) == rule);
    }
    BOOST_CHECK(consensus::RuleById("X-99") == Rule::Ok);
    BOOST_CHECK(consensus::Id(Rule::Ok).empty());
    BOOST_CHECK_EQUAL(consensus::Id(Rule::TxSize), "T-03");
}

BOOST_AUTO_TEST_CASE(name_errors_keep_their_ids)
{
    for (int i = 0; i <= static_cast<int>(names::NameError::VerOwner); ++i) {
        const auto error = static_cast<names::NameError>(i);
        BOOST_CHECK_EQUAL(consensus::Id(consensus::RuleOf(error)), names::RuleId(error));
        BOOST_CHECK(consensus::StageOf(consensus::RuleOf(error)) == consensus::Stage::Name);
    }
}

BOOST_AUTO_TEST_CASE(reward_errors_have_rules_of_their_own)
{
    std::set<Rule> rules;
    for (int i = 0; i <= static_cast<int>(reward::RewardError::Budget); ++i) {
        const Rule rule = consensus::RuleOf(static_cast<reward::RewardError>(i));
        BOOST_CHECK(consensus::StageOf(rule) == consensus::Stage::Reward);
        BOOST_CHECK(rules.insert(rule).second);
    }
    BOOST_CHECK(*rules.rbegin() == static_cast<Rule>(static_cast<int>(Rule::Count) - 1));
}

BOOST_AUTO_TEST_CASE(descriptions)
{
    const RuleResult plain = consensus::Broken(Rule::TxNoInputs).error;
    BOOST_CHECK_EQUAL(consensus::RejectReason(plain), "bad-txns-vin-empty");
    BOOST_CHECK_EQUAL(consensus::Describe(plain), "bad-txns-vin-empty, T-01: a transaction has an input");
    BOOST_CHECK(!plain.mutated);
    const RuleResult version = consensus::Broken(Rule::HeaderVersion, "0x00000003").error;
    BOOST_CHECK_EQUAL(consensus::RejectReason(version), "bad-version(0x00000003)");
    const RuleResult script = consensus::Broken(Rule::ScriptFailed, "False; input 1 of ab").error;
    BOOST_CHECK_EQUAL(consensus::RejectReason(script), "mandatory-script-verify-flag-failed (False)");
    const RuleResult copy = consensus::BrokenCopy(Rule::BlockMerkleRoot, "x").error;
    BOOST_CHECK(copy.mutated);
    BOOST_CHECK(copy.stage == consensus::Stage::Block);
    BOOST_CHECK_EQUAL(consensus::Describe(copy),
                      "bad-txnmrklroot, B-03: the header names the transactions' merkle root (x)");
}

BOOST_AUTO_TEST_CASE(the_rule_book_lists_every_rule)
{
    std::ifstream in(EMC_CONSENSUS_RULES, std::ios::binary | std::ios::ate);
    BOOST_REQUIRE(in.good());
    std::string book(static_cast<size_t>(in.tellg()), '\0');
    in.seekg(0);
    in.read(book.data(), static_cast<std::streamsize>(book.size()));
    for (int i = 1; i < static_cast<int>(Rule::Count); ++i) {
        const auto rule = static_cast<Rule>(i);
        const std::string id(consensus::Id(rule));
        const size_t at = book.find("| " + id + " | `");
        BOOST_CHECK_MESSAGE(at != std::string::npos, id << " is not in the book");
        if (at == std::string::npos) continue;
        const std::string row = book.substr(at, book.find('\n', at) - at);
        BOOST_CHECK_MESSAGE(row.find(consensus::Text(rule)) != std::string::npos, id << ": another sentence");
        BOOST_CHECK_MESSAGE(row.find(consensus::Bip22(rule)) != std::string::npos,
                            id << ": another reject string");
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
