/// The web page of call records, batches and rewards (-callweb).
#pragma once

#include "base/expected.h"
#include "base/memory.h"

#include <string>

namespace emc::base {
class Logger;
class RandomSource;
} // namespace emc::base

namespace emc::rpc {
struct Services;
}

namespace emc::app {

/// Serves the files of src/app/web and answers their questions with the calls of JSON-RPC that only read.
/// Whoever shows the token gets a cookie for the browser; both end with this object. Requests must name an
/// address or localhost, so that no foreign name can be made to lead here. Runs from Start to destruction.
class CallsWeb
{
public:
    struct Options {
        std::string where;      ///< "127.0.0.1:9335", "[::1]:9335", or "1" for the first
        std::string token_file; ///< written for the owner alone, removed at the end
    };

    /// What `services` names and `log` must outlive it. The error is a sentence.
    [[nodiscard]] static base::Expected<std::unique_ptr<CallsWeb>, std::string>
    Start(const Options& options, const rpc::Services& services, base::RandomSource& random,
          base::Logger& log);

    struct Impl;
    explicit CallsWeb(std::unique_ptr<Impl> impl);
    ~CallsWeb();
    CallsWeb(const CallsWeb&) = delete;
    CallsWeb& operator=(const CallsWeb&) = delete;

private:
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::app
