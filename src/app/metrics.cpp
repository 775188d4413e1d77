#include "app/metrics.h"

#include "app/endpoint.h"
#include "base/log.h"
#include "base/subnet.h"
#include "rpc/http_parse.h"
#include "rpc/http_server.h"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <unistd.h>

namespace emc::app {

namespace {

constexpr std::string_view EXPOSITION_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

constexpr uint16_t METRICS_PORT = 9332;

class TextSink final : public interfaces::MetricSink
{
public:
    void Family(std::string_view name, Kind kind, std::string_view help) override
    {
        constexpr const char* KINDS[] = {"counter", "gauge", "histogram"};
        m_family = name;
        m_text += "# HELP " + m_family + " " + std::string(help) + "\n# TYPE " + m_family + " " +
                  KINDS[static_cast<size_t>(kind)] + "\n";
    }

    void Value(std::string_view labels, double value) override { Part("", labels, value); }

    void Part(std::string_view suffix, std::string_view labels, double value) override
    {
        m_text += m_family + std::string(suffix);
        if (!labels.empty()) m_text += "{" + std::string(labels) + "}";
        m_text += base::Format(" %.17g\n", value);
    }

    [[nodiscard]] std::string Take() { return std::move(m_text); }

private:
    std::string m_family;
    std::string m_text;
};

/// Memory, processor time and open files of the process.
void WriteProcess(interfaces::MetricSink& sink)
{
    using Kind = interfaces::MetricSink::Kind;
    uint64_t pages = 0;
    uint64_t resident = 0;
    std::ifstream("/proc/self/statm") >> pages >> resident;
    sink.Family("process_resident_memory_bytes", Kind::Gauge, "Memory in RAM");
    const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
    sink.Value("", static_cast<double>(resident * page));
    sink.Family("process_virtual_memory_bytes", Kind::Gauge, "Addresses in use");
    sink.Value("", static_cast<double>(pages * page));
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    sink.Family("process_cpu_seconds_total", Kind::Counter, "Processor time used");
    sink.Value("", static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9);
    std::error_code gone;
    const std::filesystem::directory_iterator files("/proc/self/fd", gone);
    sink.Family("process_open_fds", Kind::Gauge, "Open files and sockets");
    sink.Value("", static_cast<double>(std::distance(begin(files), end(files))));
}

} // namespace

std::string MetricsText(const std::vector<const interfaces::MetricSource*>& sources)
{
    TextSink sink;
    WriteProcess(sink);
    for (const interfaces::MetricSource* source : sources)
        source->WriteMetrics(sink);
    return sink.Take();
}

struct MetricsServer::Impl {
    std::vector<const interfaces::MetricSource*> sources;
    std::unique_ptr<rpc::HttpServer> http;
};

MetricsServer::MetricsServer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

MetricsServer::~MetricsServer() = default;

base::Expected<std::unique_ptr<MetricsServer>, std::string>
MetricsServer::Start(const std::string& where, std::vector<const interfaces::MetricSource*> sources,
                     base::Logger& log)
{
    const auto endpoint = ParseEndpoint(where == "1" ? "127.0.0.1" : where, METRICS_PORT);
    if (!endpoint) return base::Unexpected("-metrics: " + endpoint.Error());
    if (!base::ParseIp(endpoint->host)) {
        return base::Unexpected("-metrics=" + where + ": an address like 127.0.0.1:9332 is expected");
    }
    auto impl = std::make_unique<Impl>();
    impl->sources = std::move(sources);
    rpc::HttpServer::Options options;
    options.listen.push_back({endpoint->host, endpoint->port});
    // Whoever can reach the address may read: it is the operator's choice, and this computer's own by
    // default.
    options.allow = {*base::Subnet::Parse("0.0.0.0/0"), *base::Subnet::Parse("::/0")};
    options.loops = 1;
    options.workers = 1;
    options.max_connections = 16;
    options.limits.body_bytes = 0;
    rpc::HttpHandlers handlers;
    handlers.gate = [](rpc::HttpRequest& request) -> rpc::HttpAction {
        if (request.path != "/metrics") return {rpc::TextReply(404, "see /metrics\n"), {}, 0};
        if (request.method != "GET" && request.method != "HEAD")
            return {rpc::TextReply(405, "GET alone\n"), {}, 0};
        return {};
    };
    handlers.handle = [raw = impl.get()](rpc::HttpRequest&&) -> rpc::HttpAction {
        return {std::nullopt,
                [raw] { return rpc::TextReply(200, MetricsText(raw->sources), EXPOSITION_FORMAT); }, 0};
    };
    impl->http = std::make_unique<rpc::HttpServer>(std::move(options), std::move(handlers), log);
    if (auto started = impl->http->Start(); !started) {
        return base::Unexpected("-metrics: " + started.Error());
    }
    return std::make_unique<MetricsServer>(std::move(impl));
}

} // namespace emc::app
