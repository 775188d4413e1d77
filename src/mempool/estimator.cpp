#include "mempool/estimator.h"

#include "codec/reader.h"
#include "codec/writer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>

namespace emc::mempool {

namespace {

using interfaces::FeeHorizon;
using interfaces::FeeMode;
using interfaces::FeeRange;

/// Buckets grow by a tenth each, from the usual floor to 0.1 EMC per kvB; the ends take what lies beyond.
constexpr size_t BUCKETS = 98;
constexpr double LOWEST_PER_KVB = 1'000;
constexpr double GROWTH = 1.1;
/// A range of buckets says something when this much weight is in it.
constexpr double ENOUGH = 10;
/// Shares that have to be in time.
constexpr double USUALLY = 0.85;
constexpr double NEARLY_ALWAYS = 0.95;
/// Smaller weights are forgotten: they would stay for ever, and mean nothing.
constexpr double TINY = 1e-6;
/// No transaction pays more per kvB; a file that says so is damaged.
constexpr double HIGHEST_PER_KVB = 1e17;
constexpr double SANE = 1e30;

struct Plan {
    std::string_view name;
    int32_t scale;    ///< blocks in a period
    int32_t periods;  ///< waiting times up to so many are told apart
    double half_life; ///< in blocks
};

constexpr std::array<Plan, 3> PLANS = {{
    {"short", 1, 12, 18},
    {"medium", 2, 24, 168},  // a day
    {"long", 24, 42, 1'176}, // a week
}};

double DecayOf(const Plan& plan)
{
    return std::exp2(-1 / plan.half_life);
}

size_t BucketOf(double per_kvb)
{
    if (!(per_kvb > LOWEST_PER_KVB)) return 0;
    const double place = std::log(per_kvb / LOWEST_PER_KVB) / std::log(GROWTH);
    return std::min(BUCKETS - 1, static_cast<size_t>(place));
}

double LowerEnd(size_t bucket)
{
    return bucket == 0 ? 0 : LOWEST_PER_KVB * std::pow(GROWTH, static_cast<double>(bucket));
}

using Row = std::array<double, BUCKETS>;
using Counts = std::array<uint32_t, BUCKETS>;

/// What one horizon remembers.
struct Memory {
    explicit Memory(const Plan& p)
        : plan(&p), within(static_cast<size_t>(p.periods)), failed(static_cast<size_t>(p.periods))
    {}

    /// Periods that have begun after so many blocks.
    [[nodiscard]] int32_t PeriodsOf(int32_t blocks) const { return (blocks + plan->scale - 1) / plan->scale; }

    [[nodiscard]] bool Reaches(int32_t blocks) const { return blocks <= plan->scale * plan->periods; }

    const Plan* plan;
    Row confirmed{};
    Row rates{};             ///< their fee rates, summed
    std::vector<Row> within; ///< [n]: confirmed within n + 1 periods
    std::vector<Row> failed; ///< [n]: left after more than n + 1 periods
};

struct Question {
    int32_t blocks;
    double threshold;
};

} // namespace

struct FeeEstimator::State {
    State()
    {
        for (const auto& plan : PLANS)
            memories.emplace_back(plan);
    }

    [[nodiscard]] FeeHorizon Ask(const Memory& memory, const Question& question) const;
    [[nodiscard]] std::optional<double> Rate(size_t memory, int32_t blocks, double threshold) const;
    [[nodiscard]] Counts WaitingLongerThan(int32_t blocks) const;
    void TakeBack(int32_t entered, size_t bucket);

    int32_t best = -1; ///< height of the highest block counted
    std::vector<Memory> memories;
    std::map<int32_t, Counts> waiting; ///< in the pool now, by the height at which they came
};

FeeEstimator::FeeEstimator() : m_state(std::make_unique<State>()) {}

FeeEstimator::~FeeEstimator() = default;

void FeeEstimator::State::TakeBack(int32_t entered, size_t bucket)
{
    const auto it = waiting.find(entered);
    if (it == waiting.end() || it->second[bucket] == 0) return;
    --it->second[bucket];
    if (std::all_of(it->second.begin(), it->second.end(), [](uint32_t n) { return n == 0; }))
        waiting.erase(it);
}

void FeeEstimator::Entered(int32_t height, double per_kvb)
{
    ++m_state->waiting[height][BucketOf(per_kvb)];
}

void FeeEstimator::Forget(int32_t entered, double per_kvb)
{
    m_state->TakeBack(entered, BucketOf(per_kvb));
}

void FeeEstimator::Left(int32_t entered, double per_kvb, int32_t now)
{
    const size_t bucket = BucketOf(per_kvb);
    m_state->TakeBack(entered, bucket);
    for (auto& memory : m_state->memories) {
        const int32_t waited = std::min((now - entered) / memory.plan->scale, memory.plan->periods);
        for (int32_t n = 0; n < waited; ++n)
            memory.failed[static_cast<size_t>(n)][bucket] += 1;
    }
}

void FeeEstimator::NextBlock(int32_t height)
{
    if (height <= m_state->best) return;
    m_state->best = height;
    for (auto& memory : m_state->memories) {
        const double decay = DecayOf(*memory.plan);
        const auto fade = [decay](Row& row) {
            for (double& weight : row)
                weight = weight * decay < TINY ? 0 : weight * decay;
        };
        fade(memory.confirmed);
        for (double& rate : memory.rates)
            rate *= decay;
        for (size_t i = 0; i < BUCKETS; ++i) {
            if (memory.confirmed[i] == 0) memory.rates[i] = 0;
        }
        std::for_each(memory.within.begin(), memory.within.end(), fade);
        std::for_each(memory.failed.begin(), memory.failed.end(), fade);
    }
}

void FeeEstimator::Confirmed(int32_t entered, double per_kvb, int32_t now)
{
    const size_t bucket = BucketOf(per_kvb);
    m_state->TakeBack(entered, bucket);
    if (now != m_state->best || now <= entered) return;
    for (auto& memory : m_state->memories) {
        memory.confirmed[bucket] += 1;
        memory.rates[bucket] += per_kvb;
        for (int32_t n = memory.PeriodsOf(now - entered) - 1; n < memory.plan->periods; ++n)
            memory.within[static_cast<size_t>(n)][bucket] += 1;
    }
}

Counts FeeEstimator::State::WaitingLongerThan(int32_t blocks) const
{
    Counts out{};
    for (const auto& [height, counts] : waiting) {
        if (best - height < blocks) break;
        for (size_t i = 0; i < BUCKETS; ++i)
            out[i] += counts[i];
    }
    return out;
}

/// From the dearest bucket down, in ranges that hold enough to judge: the answer is the usual rate within the
/// lowest range that is good enough. One that is not grows downwards: what is left of an old spike does not
/// hide the many who got in below it since.
FeeHorizon FeeEstimator::State::Ask(const Memory& memory, const Question& question) const
{
    FeeHorizon out;
    out.name = memory.plan->name;
    out.scale_blocks = memory.plan->scale;
    out.decay = DecayOf(*memory.plan);
    const auto target = static_cast<size_t>(memory.PeriodsOf(question.blocks) - 1);
    const Counts stuck = WaitingLongerThan(question.blocks);
    FeeRange range;
    size_t top = BUCKETS;
    for (size_t i = BUCKETS; i-- > 0;) {
        range.within_target += memory.within[target][i];
        range.confirmed += memory.confirmed[i];
        range.left_unconfirmed += memory.failed[target][i];
        range.in_pool += stuck[i];
        const double all = range.confirmed + range.left_unconfirmed + range.in_pool;
        if (all < ENOUGH) continue;
        range.from_per_kvb = LowerEnd(i);
        range.to_per_kvb = top == BUCKETS ? LowerEnd(BUCKETS - 1) * GROWTH : LowerEnd(top);
        if (range.within_target < question.threshold * all) {
            if (!out.fail) out.fail = range;
            continue;
        }
        out.pass = range;
        out.fail.reset();
        double below = 0; // the bucket with the middle of the weight
        size_t middle = i;
        for (; middle + 1 < top && below + memory.confirmed[middle] < range.confirmed / 2; ++middle)
            below += memory.confirmed[middle];
        if (memory.confirmed[middle] > 0) out.per_kvb = memory.rates[middle] / memory.confirmed[middle];
        range = {};
        top = i;
    }
    return out;
}

std::optional<double> FeeEstimator::State::Rate(size_t memory, int32_t blocks, double threshold) const
{
    return Ask(memories[memory], {blocks, threshold}).per_kvb;
}

std::optional<FeeEstimator::Answer> FeeEstimator::Estimate(int32_t blocks, FeeMode mode) const
{
    const auto& memories = m_state->memories;
    std::optional<double> rate;
    size_t used = 0;
    for (size_t i = 0; i < memories.size() && !rate; ++i) {
        if (!memories[i].Reaches(blocks)) continue;
        rate = m_state->Rate(i, blocks, USUALLY);
        used = i;
    }
    if (!rate) return std::nullopt;
    // What sufficed for less time suffices for more: a shorter memory has forgotten old spikes.
    for (size_t i = 0; i < used; ++i) {
        const int32_t reach = std::min(blocks, memories[i].plan->scale * memories[i].plan->periods);
        if (const auto recent = m_state->Rate(i, reach, USUALLY)) rate = std::min(*rate, *recent);
    }
    const int32_t twice = std::min(blocks * 2, interfaces::MAX_FEE_TARGET);
    for (size_t i = used; mode == FeeMode::Conservative && i < memories.size(); ++i) {
        if (!memories[i].Reaches(twice)) continue;
        if (const auto careful = m_state->Rate(i, twice, NEARLY_ALWAYS)) rate = std::max(*rate, *careful);
    }
    return Answer{*rate, memories[used].PeriodsOf(blocks) * memories[used].plan->scale};
}

std::vector<FeeHorizon> FeeEstimator::History(int32_t blocks, double threshold) const
{
    std::vector<FeeHorizon> out;
    for (const auto& memory : m_state->memories) {
        if (memory.Reaches(blocks)) out.push_back(m_state->Ask(memory, {blocks, threshold}));
    }
    return out;
}

namespace {

void WriteRow(codec::Writer& out, const Row& row)
{
    for (const double weight : row)
        out.U64(std::bit_cast<uint64_t>(weight));
}

Row ReadRow(codec::Reader& in)
{
    Row row;
    for (double& weight : row) {
        weight = std::bit_cast<double>(in.U64());
        if (!(weight >= 0 && weight <= SANE)) in.Fail();
    }
    return row;
}

/// Does every weight of `part` stand within the one of `whole`, but for rounding?
bool Within(const Row& part, const Row& whole)
{
    return std::equal(part.begin(), part.end(), whole.begin(),
                      [](double a, double b) { return a <= b * (1 + 1e-9) + 1e-9; });
}

bool ReadMemory(codec::Reader& in, Memory& memory)
{
    memory.confirmed = ReadRow(in);
    memory.rates = ReadRow(in);
    for (Row& row : memory.within)
        row = ReadRow(in);
    for (Row& row : memory.failed)
        row = ReadRow(in);
    if (!in.Ok()) return false;
    for (size_t i = 0; i < BUCKETS; ++i) {
        if (memory.rates[i] > memory.confirmed[i] * HIGHEST_PER_KVB) return false;
    }
    for (size_t n = 0; n < memory.within.size(); ++n) {
        const bool last = n + 1 == memory.within.size();
        if (!Within(memory.within[n], last ? memory.confirmed : memory.within[n + 1])) return false;
        if (!last && !Within(memory.failed[n + 1], memory.failed[n])) return false;
    }
    return true;
}

} // namespace

base::Bytes FeeEstimator::Serialize() const
{
    base::Bytes bytes;
    codec::Writer out(bytes);
    out.I32(m_state->best);
    out.U32(static_cast<uint32_t>(BUCKETS));
    for (const auto& memory : m_state->memories) {
        out.U32(static_cast<uint32_t>(memory.plan->scale));
        out.U32(static_cast<uint32_t>(memory.plan->periods));
        WriteRow(out, memory.confirmed);
        WriteRow(out, memory.rates);
        for (const Row& row : memory.within)
            WriteRow(out, row);
        for (const Row& row : memory.failed)
            WriteRow(out, row);
    }
    return bytes;
}

bool FeeEstimator::Load(base::ByteSpan bytes)
{
    codec::Reader in(bytes);
    State fresh;
    fresh.best = in.I32();
    if (fresh.best < -1 || in.U32() != BUCKETS) return false;
    for (auto& memory : fresh.memories) {
        const bool same = in.U32() == static_cast<uint32_t>(memory.plan->scale) &&
                          in.U32() == static_cast<uint32_t>(memory.plan->periods);
        if (!same || !ReadMemory(in, memory)) return false;
    }
    if (!in.Done()) return false;
    fresh.waiting = std::move(m_state->waiting);
    *m_state = std::move(fresh);
    return true;
}

} // namespace emc::mempool
