/// A file with a sample of the questions. Who answers only copies a few bytes into a ring of its own; a
/// thread beside writes them, so no answer ever waits for the disk or for another thread.
#pragma once

#include "base/expected.h"
#include "dns/transport/exchange.h"

namespace emc::base {
class Clock;
class Logger;
} // namespace emc::base

namespace emc::dns {

struct QueryLogOptions {
    std::string path;   ///< empty: none
    unsigned every = 1; ///< one question of so many is written
};

/// "file" or "file,1/n"; nullopt when n is no number from 1 to a thousand million.
[[nodiscard]] std::optional<QueryLogOptions> ParseQueryLog(const std::string& text);

class QueryLog
{
public:
    /// Opens the file for appending and begins to write. The error names the file and the reason.
    [[nodiscard]] static base::Expected<std::unique_ptr<QueryLog>, std::string>
    Open(const QueryLogOptions& options, const base::Clock& clock, base::Logger& log);

    struct Impl;
    explicit QueryLog(std::unique_ptr<Impl> impl);
    ~QueryLog();
    QueryLog(const QueryLog&) = delete;
    QueryLog& operator=(const QueryLog&) = delete;

    class Sink;
    /// A ring for one more thread that answers; lives as long as the log.
    [[nodiscard]] Sink* MakeSink();

private:
    std::unique_ptr<Impl> m_impl;
};

/// One thread writes, the log's thread reads. What comes while the ring is full is counted and left out.
class QueryLog::Sink
{
public:
    struct Impl;
    explicit Sink(unsigned every);
    ~Sink();
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;

    /// Notes the question answered just now, if its turn has come.
    void Note(const Query& query, const Client& client, ByteSpan answer)
    {
        if (++m_seen % m_every == 0) Write(query, client, answer);
    }

private:
    friend struct QueryLog::Impl;
    void Write(const Query& query, const Client& client, ByteSpan answer);

    const unsigned m_every;
    unsigned m_seen = 0;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::dns
