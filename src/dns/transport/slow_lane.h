/// Answers to questions on connections that need the disk: a thread of their own, so that they hold up
/// neither other connections nor the questions behind them.
#pragma once

#include "dns/counters.h"
#include "dns/transport/exchange.h"
#include "dns/transport/query_log.h"

namespace emc::base {
class Logger;
}

namespace emc::dns {

struct AnswerParts;

/// Runs from construction to destruction. What waits is bounded by the connections, each of which has few
/// questions on the way.
class SlowLane
{
public:
    /// `sink`: of the query log, or null.
    SlowLane(const AnswerParts& parts, QueryLog::Sink* sink);
    ~SlowLane();
    SlowLane(const SlowLane&) = delete;
    SlowLane& operator=(const SlowLane&) = delete;

    /// Answers when its turn comes. Any thread.
    void Ask(Bytes packet, const Client& client, std::shared_ptr<ReplyStream> reply);
    [[nodiscard]] const Counters& Counts() const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::dns
