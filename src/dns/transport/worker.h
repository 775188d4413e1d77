/// A UDP worker: one thread, one socket, packets in batches.
#pragma once

#include "base/memory.h"
#include "dns/counters.h"
#include "dns/transport/bind.h"
#include "dns/transport/query_log.h"

namespace emc::base {
class Logger;
}

namespace emc::dns {

struct AnswerParts;

struct WorkerOptions {
    std::string name;        ///< of the thread
    bool reply_from = false; ///< bound to any address: answer from the one that was asked
    bool log_queries = false;
    QueryLog::Sink* sink = nullptr; ///< null: no query log
};

/// Runs from construction to destruction.
class Worker
{
public:
    Worker(WorkerOptions options, UdpSocket socket, const AnswerParts& parts, base::Logger& log);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    [[nodiscard]] const Counters& Counts() const;

private:
    struct Batch;
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::dns
