/// A UDP worker: one thread, one socket, packets in batches.
#pragma once

#include "base/log.h"
#include "base/thread.h"
#include "dns/answer.h"
#include "dns/bind.h"

namespace emc::dns {

struct WorkerOptions {
    std::string name;        ///< of the thread
    bool reply_from = false; ///< bound to any address: answer from the one that was asked
    bool log_queries = false;
};

/// Runs from construction to destruction.
class Worker
{
public:
    Worker(WorkerOptions options, UdpSocket socket, const AnswerParts& parts, base::Logger& log);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    [[nodiscard]] const Counters& Counts() const { return m_counters; }

private:
    struct Batch;
    void Run();
    void LogQuery(const Answerer& answerer, ByteSpan answer);

    const WorkerOptions m_options;
    UdpSocket m_socket;
    Counters m_counters;
    const AnswerParts m_parts;
    base::Logger& m_log;
    base::StopFlag m_stop;
    base::Thread m_thread;
};

} // namespace emc::dns
