/// From the body of an HTTP request to the body of its reply: JSON-RPC 1.0 and 2.0, batches, named arguments.
#pragma once

#include "rpc/call.h"

namespace emc::base {
class Logger;
}

namespace emc::rpc {

struct Reply {
    int http_status = 200;
    std::string body; ///< empty for notifications (status 204)
};

/// Runs calls against the rooms of this process. Any thread, many at once.
class Dispatcher
{
public:
    /// `early` serves the calls that work before the node is ready.
    Dispatcher(const Services& early, base::Logger& log);
    ~Dispatcher();
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    /// A parsed body, and where it may run.
    struct Job {
        Json body;
        std::string wallet; ///< from the URL, empty when none was named
        CallKind kind = CallKind::Slow;
        std::optional<Reply> early; ///< already answered: the body was no JSON
    };

    /// Parses; Quick only for a single call of that kind.
    [[nodiscard]] Job Prepare(std::string_view body, std::string wallet) const;
    [[nodiscard]] Reply Run(const Job& job) const;
    /// Does the job, a batch as a whole, make only calls of `allowed` (sorted names)?
    [[nodiscard]] static bool OnlyCalls(const Job& job, const std::vector<std::string>& allowed);

    /// Until this is called, every call but help, uptime and stop answers −28. Call once.
    void EndWarmup(const Services& services);
    /// The rooms, once EndWarmup was called; nullptr before.
    [[nodiscard]] const Services* Ready() const;
    [[nodiscard]] const CallFigures& Figures() const;

private:
    struct Outcome {
        std::string result; ///< JSON text
        std::optional<Json> error;
        int http_status = 200;
    };

    [[nodiscard]] Reply RunBatch(const Job& job) const;
    [[nodiscard]] Outcome Execute(const Json& request, const std::string& wallet) const;
    [[nodiscard]] Json Call(const Json& request, const std::string& wallet) const;
    [[nodiscard]] std::optional<std::string> RunOne(const Json& request, const std::string& wallet,
                                                    int& status) const;

    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace emc::rpc
