// Random claims in random blocks against the rules written down once more, as plainly as possible: each claim
// is judged alike, taking a block back gives the state before it, and what was claimed stays below its
// bounds.
#include "consensus/reward_rules.h"
#include "unit/consensus/world.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <random>
#include <set>

namespace emc::test {
namespace {

using consensus::Rule;
using primitives::COIN;

__extension__ using Wide = __int128;

constexpr int64_t DAY = 86'400;
constexpr int64_t SPACING = 6 * 3'600; // so that 60 days pass within 240 blocks
constexpr int32_t MATURITY = 5;
constexpr int64_t YEAR = 365 * DAY;
constexpr int64_t HUNDRED_YEARS = 100 * YEAR;
constexpr int OWNERS = 4;
constexpr Amount BLOCK_BUDGET = 50 * COIN;

/// A number's record, with the key of its owner.
struct Party {
    reward::BatchParty name;
    int owner = 0;
};

struct Attempt {
    reward::CallBatch batch;
    MutableTransaction tx;
    bool good_signatures = true;
    bool returns_bond = true;
    Amount share = 0;
};

class Game
{
public:
    explicit Game(uint64_t seed) : m_rng(seed)
    {
        world.spacing = SPACING;
        world.params.maturity = MATURITY;
        for (const int number : {1, 2, 3, 4, 5}) // the fifth number is the first owner's, too
            AddParty(number, number == 5 ? 1 : number, 500, 1'000'000);
        AddParty(6, 3, 950, 1'000'000); // young in the beginning
        AddParty(7, 4, 500, 1'400);     // gone later
        for (int owner = 1; owner <= OWNERS; ++owner) {
            for (int i = 0; i < 6; ++i)
                world.AddCoin(static_cast<Amount>(1 + Below(60'000)) * COIN, Script(owner), 900);
        }
        m_start_value = Value();
    }

    World world;
    size_t operations = 0;
    size_t accepted = 0;
    size_t undone = 0;
    std::map<Rule, size_t> refused;
    Amount claimed = 0;

    /// One block with up to eight claims; those that break a rule are found one by one and left out.
    void PlayBlock()
    {
        std::set<OutPoint> used;
        std::vector<Attempt> attempts;
        for (uint64_t i = 1 + Below(8); i > 0; --i) {
            if (auto attempt = RandomAttempt(used)) attempts.push_back(std::move(*attempt));
        }
        primitives::Block block = Assemble(attempts, used);
        while (true) {
            const auto [place, rule] = Expected(attempts);
            const auto delta = Connect(block);
            if (!rule) {
                BOOST_REQUIRE_MESSAGE(delta.HasValue(), (delta ? "" : consensus::Describe(delta.Error())));
                operations += attempts.size();
                accepted += attempts.size();
                CheckMoney(attempts, *delta);
                Apply(block, *delta);
                return;
            }
            ++operations;
            ++refused[*rule];
            BOOST_REQUIRE(!delta.HasValue());
            BOOST_REQUIRE_MESSAGE(delta.Error().rule == *rule, consensus::Describe(delta.Error())
                                                                   << " where rule "
                                                                   << static_cast<int>(*rule) << " breaks");
            attempts.erase(attempts.begin() + static_cast<std::ptrdiff_t>(place));
            block.transactions.erase(block.transactions.begin() + 1 + static_cast<std::ptrdiff_t>(place));
        }
    }

    /// Some blocks forward and back again.
    void Excursion()
    {
        const auto coins = world.coins;
        const auto marks = world.watermarks;
        const int32_t height = world.height;
        const Amount claims = claimed;
        for (uint64_t i = 1 + Below(12); i > 0; --i)
            PlayBlock();
        while (world.height > height)
            Undo();
        BOOST_REQUIRE((world.coins == coins));
        BOOST_REQUIRE((world.watermarks == marks));
        claimed = claims;
        ++undone;
    }

    /// Coin age that never was cannot have been paid for.
    void CheckTotals() const
    {
        const int64_t elapsed = Mtp() - world.MedianTimePast(899);
        const Wide most = Wide{5} * (m_start_value + claimed) * elapsed / HUNDRED_YEARS;
        BOOST_REQUIRE(claimed <= most);
        BOOST_REQUIRE(Value() == m_start_value + m_minted);
        for (const auto& [pair, end] : world.watermarks)
            BOOST_REQUIRE(int64_t{end} >= m_horizon);
    }

private:
    struct Step {
        primitives::Block block;
        consensus::BlockDelta delta;
        int64_t horizon = 0;
    };

    uint64_t Below(uint64_t n) { return m_rng() % n; }

    bool OneIn(uint64_t n) { return Below(n) == 0; }

    /// Owners have both kinds of scripts. Made once: a key's public part takes longer than judging a claim.
    static const Bytes& Script(int owner)
    {
        static const auto SCRIPTS = [] {
            std::array<Bytes, OWNERS> out;
            for (int i = 1; i <= OWNERS; ++i)
                out[static_cast<size_t>(i - 1)] = i % 2 == 0 ? KeyHashScript(i) : WitnessKeyHashScript(i);
            return out;
        }();
        return SCRIPTS.at(static_cast<size_t>(owner - 1));
    }

    void AddParty(int number, int owner, int32_t born, int32_t expiry)
    {
        const reward::BatchParty name{static_cast<uint64_t>(18'009'350'000 + number), 0};
        world.AddName(name.Name(), expiry, Script(owner));
        world.records.find(name.Name())->second.born_height = born;
        m_parties.push_back({name, owner});
    }

    [[nodiscard]] int64_t Mtp() const { return world.MedianTimePast(world.height - 1); }

    [[nodiscard]] Amount Value() const
    {
        Amount sum = 0;
        for (const auto& [outpoint, coin] : world.coins)
            sum += coin.out.value;
        return sum;
    }

    [[nodiscard]] int64_t AgeOf(const Coin& coin) const
    {
        return std::clamp<int64_t>(Mtp() - world.MedianTimePast(coin.height - 1), 0, YEAR);
    }

    /// 5 % a year of the inputs that are this owner's.
    [[nodiscard]] Amount AgeBound(const MutableTransaction& tx, int owner) const
    {
        Wide sum = 0;
        for (const auto& input : tx.inputs) {
            const Coin& coin = world.coins.at(input.prevout);
            if (coin.out.script_pubkey == Script(owner)) sum += Wide{coin.out.value} * AgeOf(coin);
        }
        return static_cast<Amount>(5 * sum / HUNDRED_YEARS);
    }

    [[nodiscard]] int OwnerOf(const reward::BatchParty& name) const
    {
        for (const Party& party : m_parties) {
            if (party.name == name) return party.owner;
        }
        return 0;
    }

    /// A coin of the owner that no other transaction of the block spends.
    std::optional<OutPoint> PickCoin(int owner, std::set<OutPoint>& used)
    {
        std::vector<OutPoint> mine;
        for (const auto& [outpoint, coin] : world.coins) {
            const bool ripe = !coin.generated || world.height - coin.height >= MATURITY || OneIn(50);
            const bool name = coin.had_prefix && !coin.generated;
            if (ripe && !name && coin.out.script_pubkey == Script(owner) && !used.contains(outpoint))
                mine.push_back(outpoint);
        }
        if (mine.empty()) return std::nullopt;
        const OutPoint chosen = mine[Below(mine.size())];
        used.insert(chosen);
        return chosen;
    }

    void RandomPeriod(reward::CallBatch& batch)
    {
        // Mostly where the pair's last one ended, at times over it, too late, too old or too long.
        const int64_t length = OneIn(20) ? 31 * DAY + static_cast<int64_t>(Below(2))
                                         : static_cast<int64_t>(1 + Below(static_cast<uint64_t>(DAY)));
        const auto last = world.EndOf(batch.pair);
        int64_t start = Mtp() - 2 * DAY;
        if (last && !OneIn(8)) start = int64_t{*last} - (OneIn(6) ? 1 : 0);
        if (OneIn(15)) start = Mtp() - 60 * DAY - static_cast<int64_t>(Below(2));
        if (OneIn(15)) start = Mtp() - length + static_cast<int64_t>(Below(2));
        batch.period_start = static_cast<uint32_t>(start);
        batch.period_end = static_cast<uint32_t>(OneIn(100) ? start : start + length);
    }

    std::optional<Attempt> RandomAttempt(std::set<OutPoint>& used)
    {
        Attempt out;
        const Party& caller = m_parties[Below(m_parties.size())];
        const Party& callee = m_parties[Below(m_parties.size())];
        out.batch.pair = {caller.name, callee.name};
        if (OneIn(60)) out.batch.pair.caller.slot = 7; // a record that is not there
        RandomPeriod(out.batch);
        out.batch.calls = static_cast<uint32_t>(1 + Below(3'000));
        out.batch.minutes =
            OneIn(40) ? out.batch.calls - 1 : static_cast<uint32_t>(out.batch.calls + Below(4'000));
        out.batch.root = Filled(static_cast<uint8_t>(Below(256)));
        Amount bond = 0;
        std::vector<OutPoint> inputs;
        for (uint64_t i = OneIn(60) ? 0 : 1 + Below(3); i > 0; --i) {
            if (const auto coin = PickCoin(callee.owner, used)) {
                inputs.push_back(*coin);
                bond += world.coins.at(*coin).out.value;
            }
        }
        Amount foreign = 0;
        if (const auto coin = inputs.empty() || OneIn(10) ? PickCoin(caller.owner, used) : std::nullopt) {
            inputs.push_back(*coin);
            const Amount value = world.coins.at(*coin).out.value;
            (caller.owner == callee.owner ? bond : foreign) += value;
        }
        if (inputs.empty()) return std::nullopt;
        out.tx = Spend(inputs, {});
        out.tx.version = primitives::REWARD_TX_VERSION;
        const Amount by_minutes = Amount{out.batch.minutes} * (COIN / 100);
        const Amount most = std::min(by_minutes, AgeBound(out.tx, callee.owner));
        Amount claim = OneIn(3) ? most : 1 + static_cast<Amount>(Below(static_cast<uint64_t>(most) + 1));
        if (OneIn(12)) claim = most + 1;
        if (OneIn(80)) claim = 0;
        out.batch.claim = static_cast<uint64_t>(claim);
        out.returns_bond = !OneIn(40) || bond == 0;
        out.share = claim / 5 - (OneIn(40) && claim >= 5 ? 1 : 0);
        out.tx.outputs = {{bond - (out.returns_bond ? 0 : 1), {}}, {out.share, Script(caller.owner)}};
        if (foreign > 0) out.tx.outputs.push_back({foreign, Script(caller.owner)});
        out.good_signatures = !OneIn(30);
        Finish(out, callee.owner);
        return out;
    }

    /// Signs only what gets as far as its signatures, and that once.
    void Finish(Attempt& attempt, int callee)
    {
        if (attempt.good_signatures && !ExpectedAlone(attempt)) {
            const Hash256 digest = reward::BatchDigest(world.params.genesis_hash, attempt.batch);
            attempt.batch.caller_signature = Key(OwnerOf(attempt.batch.pair.caller)).SignCompact(digest);
            attempt.batch.callee_signature = Key(callee).SignCompact(digest);
        }
        attempt.tx.outputs[0].script_pubkey = reward::WriteRewardScript(attempt.batch, Script(callee));
    }

    /// The rule the transaction breaks by itself, in the order in which rules are looked at.
    [[nodiscard]] std::optional<Rule> ExpectedAlone(const Attempt& attempt) const
    {
        const auto& batch = attempt.batch;
        const int64_t start = batch.period_start;
        const int64_t end = batch.period_end;
        const auto claim = static_cast<Amount>(batch.claim);
        if (batch.pair.caller.number == batch.pair.callee.number) return Rule::RewardSameNumber;
        if (end <= start || end - start > 31 * DAY) return Rule::RewardPeriod;
        if (batch.calls > batch.minutes || batch.minutes > 1'440 * batch.calls ||
            batch.minutes > 1'000'000 * ((end - start + DAY - 1) / DAY))
            return Rule::RewardTotals;
        if (claim < 1 || claim > Amount{batch.minutes} * 1'000'000) return Rule::RewardClaimMinutes;
        if (attempt.share < claim / 5) return Rule::RewardCallerShare;
        for (const auto& input : attempt.tx.inputs) {
            const Coin& coin = world.coins.at(input.prevout);
            if (coin.generated && world.height - coin.height < MATURITY) return Rule::InputImmature;
        }
        for (const auto& party : {batch.pair.caller, batch.pair.callee}) {
            const auto record = world.records.find(party.Name());
            if (record == world.records.end() || record->second.expiry < world.height ||
                record->second.born_height > world.height - 168)
                return Rule::RewardNameNotLive;
        }
        const int caller = OwnerOf(batch.pair.caller);
        const int callee = OwnerOf(batch.pair.callee);
        if (caller == callee) return Rule::RewardOwners;
        if (end > Mtp() || start < Mtp() - 60 * DAY) return Rule::RewardPeriodTime;
        const auto last = world.watermarks.find(batch.pair);
        if (last != world.watermarks.end() && start < int64_t{last->second}) return Rule::RewardWatermark;
        const bool bonded =
            std::any_of(attempt.tx.inputs.begin(), attempt.tx.inputs.end(), [&](const auto& in) {
                return world.coins.at(in.prevout).out.script_pubkey == Script(callee);
            });
        if (!bonded || !attempt.returns_bond) return Rule::RewardBond;
        if (claim > AgeBound(attempt.tx, callee)) return Rule::RewardClaimAge;
        if (!attempt.good_signatures) return Rule::RewardSignature;
        return std::nullopt;
    }

    struct Verdict {
        size_t place = 0;
        std::optional<Rule> rule;
    };

    /// The first claim of a block that breaks a rule.
    [[nodiscard]] Verdict Expected(const std::vector<Attempt>& attempts) const
    {
        std::set<reward::CallPair> pairs;
        Amount sum = 0;
        for (size_t i = 0; i < attempts.size(); ++i) {
            const auto& batch = attempts[i].batch;
            if (const auto rule = ExpectedAlone(attempts[i])) return {i, rule};
            if (!pairs.insert(batch.pair).second) return {i, Rule::RewardPairTwice};
            sum += static_cast<Amount>(batch.claim);
            if (sum > BLOCK_BUDGET) return {i, Rule::RewardBudget};
        }
        return {};
    }

    /// Claims, behind them a payment that gathers the coins of an owner with many.
    primitives::Block Assemble(const std::vector<Attempt>& attempts, std::set<OutPoint>& used)
    {
        primitives::Block block;
        Draft draft(world);
        block.transactions.push_back(primitives::MakeTx(MutableTransaction(draft.coinbase)));
        for (const auto& attempt : attempts)
            block.transactions.push_back(primitives::MakeTx(MutableTransaction(attempt.tx)));
        const int owner = static_cast<int>(1 + Below(OWNERS));
        std::vector<OutPoint> many;
        Amount sum = 0;
        for (const auto& [outpoint, coin] : world.coins) {
            const bool ripe = !coin.generated || world.height - coin.height >= MATURITY;
            const bool name = coin.had_prefix && !coin.generated;
            if (!ripe || name || coin.out.script_pubkey != Script(owner) || used.contains(outpoint)) continue;
            if (coin.out.value > COIN) continue;
            many.push_back(outpoint);
            sum += coin.out.value;
        }
        if (many.size() < 10 || sum == 0) return block;
        block.transactions.push_back(primitives::MakeTx(Spend(many, {{sum, Script(owner)}})));
        return block;
    }

    base::Expected<consensus::BlockDelta, consensus::RuleResult> Connect(const primitives::Block& block) const
    {
        consensus::InlineScriptRunner runner;
        consensus::ConnectContext context;
        context.params = &world.params;
        context.height = world.height;
        context.parent_mtp = Mtp();
        context.coins = &world;
        context.names = &world;
        context.watermarks = &world;
        context.ended = &world;
        context.times = &world;
        context.runner = &runner;
        context.assumed_valid = true; // scripts of inputs are not what is tried here
        return consensus::ConnectBlock(block, context);
    }

    void CheckMoney(const std::vector<Attempt>& attempts, const consensus::BlockDelta& delta)
    {
        Amount sum = 0;
        for (const auto& attempt : attempts)
            sum += static_cast<Amount>(attempt.batch.claim);
        BOOST_REQUIRE(sum <= BLOCK_BUDGET);
        BOOST_REQUIRE(delta.claims == sum);
        BOOST_REQUIRE(delta.burned == 0);
        // The coinbase takes nothing: what outputs leave of the claims is gone.
        BOOST_REQUIRE(delta.supply_change == delta.claims - delta.fees);
        claimed += sum;
    }

    void Apply(const primitives::Block& block, const consensus::BlockDelta& delta)
    {
        for (const auto& outpoint : delta.removed)
            BOOST_REQUIRE(world.coins.erase(outpoint) == 1);
        for (const auto& made : delta.created)
            BOOST_REQUIRE(world.coins.emplace(made.outpoint, made.coin).second);
        for (const auto& change : delta.watermarks)
            Set(change.pair, change.before, change.after);
        m_minted += delta.supply_change;
        m_horizon = Mtp() - 60 * DAY;
        m_steps.push_back({block, delta, m_horizon});
        ++world.height;
    }

    void Undo()
    {
        const auto& [block, delta, horizon] = m_steps.back();
        for (const auto& made : delta.created)
            BOOST_REQUIRE(world.coins.erase(made.outpoint) == 1);
        for (size_t t = 1; t < block.transactions.size(); ++t) {
            const auto& inputs = block.transactions[t]->Inputs();
            BOOST_REQUIRE(delta.spent[t].size() == inputs.size());
            for (size_t i = 0; i < inputs.size(); ++i)
                BOOST_REQUIRE(world.coins.emplace(inputs[i].prevout, delta.spent[t][i]).second);
        }
        for (auto change = delta.watermarks.rbegin(); change != delta.watermarks.rend(); ++change)
            Set(change->pair, change->after, change->before);
        m_minted -= delta.supply_change;
        m_steps.pop_back();
        m_horizon = m_steps.empty() ? 0 : m_steps.back().horizon;
        --world.height;
    }

    void Set(const reward::CallPair& pair, std::optional<uint32_t> from, std::optional<uint32_t> to)
    {
        BOOST_REQUIRE((world.EndOf(pair) == from));
        world.watermarks.erase(pair);
        if (to) world.watermarks[pair] = *to;
    }

    std::mt19937_64 m_rng;
    std::vector<Party> m_parties;
    std::vector<Step> m_steps;
    Amount m_start_value = 0;
    Amount m_minted = 0; ///< of all blocks that are connected
    int64_t m_horizon = 0;
};

constexpr int BLOCKS = 600; // 150 days

/// Plays from the genesis on, at most BLOCKS blocks and `most` claims.
void Play(Game& game, size_t most)
{
    for (int block = 1; block <= BLOCKS && game.operations < most; ++block) {
        game.PlayBlock();
        if (block % 20 == 0) game.Excursion();
        if (block % 50 == 0) game.CheckTotals();
    }
    game.CheckTotals();
}

} // namespace

BOOST_AUTO_TEST_SUITE(reward_model)

/// EMC_REWARD_OPERATIONS: claims to judge; EMC_REWARD_SEED: where to begin.
BOOST_AUTO_TEST_CASE(claims_against_the_rules_written_plainly)
{
    const uint64_t wanted = NumberFromEnvironment("EMC_REWARD_OPERATIONS", 12'000);
    const uint64_t first = NumberFromEnvironment("EMC_REWARD_SEED", 1);
    uint64_t operations = 0;
    size_t accepted = 0;
    size_t undone = 0;
    std::map<Rule, size_t> refused;
    for (uint64_t seed = first; operations < wanted; ++seed) {
        BOOST_TEST_CONTEXT("EMC_REWARD_SEED=" << seed)
        {
            Game game(seed);
            Play(game, wanted - operations);
            BOOST_REQUIRE(game.operations > 0U);
            operations += game.operations;
            accepted += game.accepted;
            undone += game.undone;
            for (const auto& [rule, count] : game.refused)
                refused[rule] += count;
        }
    }
    BOOST_TEST_MESSAGE(operations << " claims, " << accepted << " accepted, " << undone << " ways back");
    BOOST_TEST(accepted > operations / 10);
    BOOST_TEST(undone > 10U);
    for (const Rule rule :
         {Rule::InputImmature, Rule::RewardSameNumber, Rule::RewardPeriod, Rule::RewardTotals,
          Rule::RewardClaimMinutes, Rule::RewardCallerShare, Rule::RewardNameNotLive, Rule::RewardOwners,
          Rule::RewardSignature, Rule::RewardPeriodTime, Rule::RewardWatermark, Rule::RewardBond,
          Rule::RewardClaimAge, Rule::RewardPairTwice, Rule::RewardBudget}) {
        BOOST_TEST_MESSAGE("rule " << static_cast<int>(rule) << " broken by " << refused[rule]);
        BOOST_TEST(refused[rule] > 0U, "rule " << static_cast<int>(rule));
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
