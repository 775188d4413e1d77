// The accepted and refused cases of test/vectors/names/rules.json, made by the script beside it.
#include "codec/json.h"
#include "crypto/sha256.h"
#include "enum/verifier.h"
#include "unit/names/sample.h"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <set>
#include <sstream>

using namespace emc;
using codec::Json;

namespace {

Json Cases()
{
    std::ifstream in(EMC_NAMES_RULES, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    const auto parsed = codec::ParseJson(text.str());
    BOOST_REQUIRE_MESSAGE(parsed, std::string(EMC_NAMES_RULES) + " cannot be read");
    return (*parsed)["cases"];
}

/// The output of a name in the state: hash of the name, index 0.
primitives::OutPoint OutputOf(const std::string& name)
{
    return {crypto::Sha256Of(base::AsBytes(name)), 0};
}

/// A case being run: the state before the block and the block's transactions.
class Block
{
public:
    explicit Block(const Json& test) : m_height(static_cast<int32_t>(test["height"].get_int64()))
    {
        const Json& state = test["state"];
        for (const std::string& name : state.getKeys()) {
            const Json& entry = state[name];
            m_view.records[name] = test::Record(OutputOf(name), entry["value"].get_str(),
                                                *base::FromHex(entry["owner"].get_str()),
                                                static_cast<int32_t>(entry["expiry"].get_int64()));
        }
    }

    /// Rule that a transaction breaks and what is said about it; empty when it is accepted.
    std::pair<std::string, std::string> Add(const Json& fields)
    {
        const auto tx = Build(fields);
        const auto ops = names::CheckNameOutputs(*tx);
        if (!ops) return Broken(ops.Error());
        if (const auto ok = m_names.Add(*tx, *ops); !ok) return Broken(ok.Error());
        const names::NameContext context{m_height, &m_view, &m_addresses, nullptr};
        const auto deltas = names::CheckTransition(*tx, *ops, m_spent, context);
        if (!deltas) return Broken(deltas.Error());
        BOOST_CHECK_EQUAL(deltas->size(), ops->size());
        m_burned += names::NameFees(*ops);
        return {};
    }

    [[nodiscard]] primitives::Amount Burned() const { return m_burned; }

private:
    static std::pair<std::string, std::string> Broken(const names::NameFailure& failure)
    {
        return {std::string(names::RuleId(failure.error)), failure.detail};
    }

    primitives::TxRef Build(const Json& fields)
    {
        primitives::MutableTransaction tx;
        tx.version = static_cast<int32_t>(fields["version"].get_int64());
        m_spent.clear();
        for (const Json& spend : fields["spends"].getValues()) {
            const std::string what = spend.get_str();
            tx.inputs.emplace_back();
            if (what.starts_with("tx")) {
                tx.inputs.back().prevout = {m_txids[static_cast<size_t>(what[2] - '0')], 0};
            } else {
                m_spent.push_back({tx.inputs.size() - 1, what});
                tx.inputs.back().prevout = OutputOf(what);
            }
        }
        if (tx.inputs.empty()) {
            tx.inputs.resize(1);
            if (!fields["coinbase"].get_bool()) {
                tx.inputs[0].prevout = test::Out(static_cast<uint8_t>(m_txids.size() + 1), 9);
            }
        }
        for (const Json& output : fields["outputs"].getValues())
            tx.outputs.push_back({0, *base::FromHex(output.get_str())});
        auto out = primitives::MakeTx(std::move(tx));
        m_txids.push_back(out->Txid());
        return out;
    }

    int32_t m_height;
    test::MapView m_view;
    script::AddressParams m_addresses;
    names::BlockNames m_names;
    std::vector<names::SpentName> m_spent;
    std::vector<base::Hash256> m_txids;
    primitives::Amount m_burned = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(names_rules)

BOOST_AUTO_TEST_CASE(every_rule_has_cases_on_both_sides)
{
    const Json cases = Cases();
    std::set<std::string> accepted;
    std::set<std::string> refused;
    for (const Json& test : cases.getValues()) {
        const std::string id = test["id"].get_str() + ", " + test["tests"].get_str();
        const std::string rule = test["rule"].get_str();
        Block block(test);
        std::pair<std::string, std::string> broken;
        for (const Json& tx : test["transactions"].getValues()) {
            broken = block.Add(tx);
            if (!broken.first.empty()) break;
        }
        if (test["valid"].get_bool()) {
            BOOST_CHECK_MESSAGE(broken.first.empty(), id + ": " + broken.first + " " + broken.second);
            accepted.insert(rule);
        } else {
            const bool fits = broken.first == rule || broken.second.starts_with(rule);
            BOOST_CHECK_MESSAGE(fits, id + ": got " + broken.first + " " + broken.second);
            refused.insert(rule);
        }
        if (test.exists("burned")) BOOST_CHECK_EQUAL(block.Burned(), test["burned"].get_int64());
    }
    for (int i = 0; i <= static_cast<int>(names::NameError::VerOwner); ++i) {
        const auto error = static_cast<names::NameError>(i);
        if (error == names::NameError::EnumValue || error == names::NameError::VerValue) continue;
        const std::string rule(names::RuleId(error));
        BOOST_CHECK_MESSAGE(accepted.contains(rule) && refused.contains(rule), rule);
    }
    for (int i = 0; i <= static_cast<int>(enumrec::RecordError::BadTollFree); ++i) {
        const std::string rule(enumrec::RuleId(static_cast<enumrec::RecordError>(i)));
        BOOST_CHECK_MESSAGE(accepted.contains(rule) && refused.contains(rule), rule);
    }
    for (int i = 0; i <= static_cast<int>(enumrec::VerifierError::BadSrl); ++i) {
        const std::string rule(enumrec::RuleId(static_cast<enumrec::VerifierError>(i)));
        BOOST_CHECK_MESSAGE(accepted.contains(rule) && refused.contains(rule), rule);
    }
    BOOST_CHECK(accepted.contains("N-20"));
}

BOOST_AUTO_TEST_SUITE_END()
