/// The figures of all rooms on a page of their own (-metrics), in the text format of Prometheus, version
/// 0.0.4.
#pragma once

#include "base/expected.h"
#include "base/memory.h"
#include "interfaces/metrics.h"

#include <string>
#include <vector>

namespace emc::base {
class Logger;
}

namespace emc::app {

/// The page's text, with the figures of the process itself.
[[nodiscard]] std::string MetricsText(const std::vector<const interfaces::MetricSource*>& sources);

/// Answers GET /metrics; every other path is not found. Runs from Start to destruction.
class MetricsServer
{
public:
    /// `where`: "127.0.0.1:9332", "[::1]:9332" or a port alone for 127.0.0.1. `sources` must outlive it. The
    /// error is a sentence.
    [[nodiscard]] static base::Expected<std::unique_ptr<MetricsServer>, std::string>
    Start(const std::string& where, std::vector<const interfaces::MetricSource*> sources, base::Logger& log);

    struct Impl;
    explicit MetricsServer(std::unique_ptr<Impl> impl);
    ~MetricsServer();
    MetricsServer(const MetricsServer&) = delete;
    MetricsServer& operator=(const MetricsServer&) = delete;

private:
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::app
