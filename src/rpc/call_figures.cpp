#include "rpc/call_figures.h"

#include "base/clock.h"
#include "base/mutex.h"
#include "rpc/call.h"

#include <algorithm>
#include <array>
#include <atomic>

namespace emc::rpc {

namespace {

constexpr double US_PER_SEC = 1e6;
/// Ends of the histogram's steps; the last one has none.
constexpr std::array<int64_t, 7> STEPS_US = {100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

using Counter = std::atomic<uint64_t>;

void Add(Counter& counter, uint64_t amount = 1)
{
    counter.fetch_add(amount, std::memory_order_relaxed);
}

double Read(const Counter& counter)
{
    return static_cast<double>(counter.load(std::memory_order_relaxed));
}

} // namespace

struct CallFigures::Impl {
    struct Of {
        Counter made{0}, failed{0}, us{0};
    };

    struct Begun {
        size_t position = 0;
        int64_t begin_us = 0;
    };

    std::vector<Of> calls = std::vector<Of>(AllCalls().size());
    std::array<Counter, STEPS_US.size() + 1> steps{};
    mutable base::Mutex<base::LockRank::Leaf> mutex;
    std::vector<Begun> running EMC_GUARDED_BY(mutex); // as many as there are threads, in no order
};

CallFigures::CallFigures() : m_impl(std::make_unique<Impl>()) {}

CallFigures::~CallFigures() = default;

CallFigures::Run::Run(CallFigures& figures, size_t position)
    : m_figures(figures), m_position(position), m_begin_us(base::SteadyMicros())
{
    auto& impl = *m_figures.m_impl;
    const base::LockGuard lock(impl.mutex);
    impl.running.push_back({m_position, m_begin_us});
}

CallFigures::Run::~Run()
{
    auto& impl = *m_figures.m_impl;
    const int64_t took = std::max<int64_t>(base::SteadyMicros() - m_begin_us, 0);
    auto& of = impl.calls[m_position];
    Add(of.made);
    if (!m_good) Add(of.failed);
    Add(of.us, static_cast<uint64_t>(took));
    const auto step = std::lower_bound(STEPS_US.begin(), STEPS_US.end(), took) - STEPS_US.begin();
    Add(impl.steps[static_cast<size_t>(step)]);
    const base::LockGuard lock(impl.mutex);
    const auto mine =
        std::find_if(impl.running.begin(), impl.running.end(), [this](const Impl::Begun& begun) {
            return begun.position == m_position && begun.begin_us == m_begin_us;
        });
    *mine = impl.running.back();
    impl.running.pop_back();
}

std::vector<CallFigures::Running> CallFigures::Present() const
{
    std::vector<Impl::Begun> begun;
    {
        const base::LockGuard lock(m_impl->mutex);
        begun = m_impl->running;
    }
    std::sort(begun.begin(), begun.end(),
              [](const auto& a, const auto& b) { return a.begin_us < b.begin_us; });
    const int64_t now = base::SteadyMicros();
    std::vector<Running> out;
    for (const auto& call : begun)
        out.push_back({AllCalls()[call.position]->name, std::max<int64_t>(now - call.begin_us, 0)});
    return out;
}

void CallFigures::WriteMetrics(interfaces::MetricSink& sink) const
{
    using Kind = interfaces::MetricSink::Kind;
    const auto table = [&](const char* name, const char* help, Counter Impl::Of::*which, double unit) {
        sink.Family(name, Kind::Counter, help);
        for (size_t i = 0; i < m_impl->calls.size(); ++i) {
            const double value = Read(m_impl->calls[i].*which);
            if (value != 0) sink.Value("method=\"" + std::string(AllCalls()[i]->name) + "\"", value / unit);
        }
    };
    table("emercoin_rpc_calls_total", "Calls of JSON-RPC and REST by method", &Impl::Of::made, 1);
    table("emercoin_rpc_errors_total", "Those that ended with an error", &Impl::Of::failed, 1);
    table("emercoin_rpc_call_seconds_total", "Time they took", &Impl::Of::us, US_PER_SEC);
    sink.Family("emercoin_rpc_latency_seconds", Kind::Histogram, "Time of one call");
    double below = 0;
    for (size_t i = 0; i < m_impl->steps.size(); ++i) {
        below += Read(m_impl->steps[i]);
        const std::string end =
            i < STEPS_US.size() ? std::to_string(static_cast<double>(STEPS_US[i]) / US_PER_SEC) : "+Inf";
        sink.Part("_bucket", "le=\"" + end + "\"", below);
    }
    double us = 0;
    for (const auto& of : m_impl->calls)
        us += Read(of.us);
    sink.Part("_sum", "", us / US_PER_SEC);
    sink.Part("_count", "", below);
    sink.Family("emercoin_rpc_running", Kind::Gauge, "Calls that run now");
    sink.Value("", static_cast<double>(Present().size()));
}

} // namespace emc::rpc
