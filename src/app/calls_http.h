/// Takes call records that SIP servers post (-callhttp).
#pragma once

#include "base/expected.h"
#include "base/memory.h"

#include <string>

namespace emc::base {
class Logger;
class RandomSource;
} // namespace emc::base

namespace emc::interfaces {
class CallBook;
}

namespace emc::app {

/// Answers POST /calls (FreeSWITCH's JSON and XML) and POST /calls/<format>: 200 once the records are on
/// disk, so that a server that is told anything else keeps them and tries again. Runs from Start to
/// destruction.
class CallsHttp
{
public:
    struct Options {
        std::string where; ///< "127.0.0.1:9334", "[::1]:9334", or "1" for the first
        std::string auth;  ///< "user:password"
    };

    /// `book` and `log` must outlive it. The error is a sentence.
    [[nodiscard]] static base::Expected<std::unique_ptr<CallsHttp>, std::string>
    Start(const Options& options, interfaces::CallBook& book, base::RandomSource& random, base::Logger& log);

    struct Impl;
    explicit CallsHttp(std::unique_ptr<Impl> impl);
    ~CallsHttp();
    CallsHttp(const CallsHttp&) = delete;
    CallsHttp& operator=(const CallsHttp&) = delete;

private:
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::app
