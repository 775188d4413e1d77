/// How often calls are made, how long they take, and which run at present.
#pragma once

#include "base/memory.h"
#include "interfaces/metrics.h"

#include <string_view>
#include <vector>

namespace emc::rpc {

/// Any thread, many at once.
class CallFigures final : public interfaces::MetricSource
{
public:
    CallFigures();
    ~CallFigures() override;
    CallFigures(const CallFigures&) = delete;
    CallFigures& operator=(const CallFigures&) = delete;

    /// A call that runs while this object lives.
    class Run
    {
    public:
        /// `position`: place of the call in AllCalls.
        Run(CallFigures& figures, size_t position);
        ~Run();
        Run(const Run&) = delete;
        Run& operator=(const Run&) = delete;

        /// It gave a result; a call without this counts as failed.
        void Succeed() { m_good = true; }

    private:
        CallFigures& m_figures;
        const size_t m_position;
        const int64_t m_begin_us;
        bool m_good = false;
    };

    struct Running {
        std::string_view method;
        int64_t duration_us = 0;
    };

    /// The calls that run now, the one that asks included; oldest first.
    [[nodiscard]] std::vector<Running> Present() const;

    void WriteMetrics(interfaces::MetricSink& sink) const override;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::rpc
