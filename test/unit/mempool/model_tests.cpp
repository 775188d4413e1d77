#include "unit/mempool/sequence.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {
namespace {

void Run(const PoolOptions& options, uint64_t seed, size_t steps, const std::vector<std::string>& must_happen)
{
    PoolSequence sequence(options);
    crypto::TestRandom choices(seed);
    for (size_t i = 0; i < steps; ++i)
        sequence.Step(choices);
    sequence.Compare();
    for (const auto& [answer, count] : sequence.answers)
        BOOST_TEST_MESSAGE(count << " × '" << answer << "'");
    BOOST_TEST_MESSAGE(sequence.blocks << " blocks, " << sequence.reorganisations << " reorganisations");
    for (const auto& answer : must_happen)
        BOOST_TEST(sequence.answers[answer] > 0, "never answered: '" << answer << "'");
    BOOST_TEST(sequence.blocks > steps / 200);
    BOOST_TEST(sequence.reorganisations > steps / 1'000);
}

const std::vector<std::string> EVERYWHERE = {"",
                                             "Already in a block",
                                             "bad-name-",
                                             "bad-txns-inputs-missingorspent",
                                             "bad-txns-spends-conflicting-tx",
                                             "insufficient fee",
                                             "min relay fee not met",
                                             "name-output-unconfirmed",
                                             "name-pending",
                                             "replacement-adds-unconfirmed",
                                             "txn-already-in-mempool",
                                             "txn-mempool-conflict"};

} // namespace

BOOST_AUTO_TEST_SUITE(model)

BOOST_AUTO_TEST_CASE(small_memory)
{
    PoolOptions options;
    options.require_standard = false;
    options.max_usage_bytes = 20'000;
    options.expiry_sec = 20'000;
    auto answers = EVERYWHERE;
    answers.insert(answers.end(), {"mempool min fee not met", "mempool full"});
    Run(options, 1, 60'000, answers);
}

BOOST_AUTO_TEST_CASE(tight_limits)
{
    PoolOptions options;
    options.require_standard = false;
    options.expiry_sec = 20'000;
    options.max_usage_bytes = 60'000;
    options.limits = {4, 1'500, 5, 2'000};
    auto answers = EVERYWHERE;
    answers.emplace_back("too-long-mempool-chain");
    Run(options, 2, 60'000, answers);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
