#include "app/calls_http.h"

#include "app/endpoint.h"
#include "base/log.h"
#include "base/subnet.h"
#include "interfaces/calls.h"
#include "rpc/auth.h"
#include "rpc/http_server.h"

#include <memory>

namespace emc::app {

namespace {

constexpr uint16_t CALLS_PORT = 9334;
constexpr std::string_view PATH = "/calls";
constexpr int REFUSAL_DELAY_MS = 500;
constexpr int PARAMETER = -8;
/// A record of a MiB, each byte of it percent-encoded.
constexpr size_t MAX_BODY_BYTES = size_t{3} << 20;
constexpr size_t MAX_WAITING_BYTES = size_t{64} << 20;
constexpr unsigned MAX_CONNECTIONS = 64;

} // namespace

struct CallsHttp::Impl {
    interfaces::CallBook& book;
    base::Logger& log;
    std::optional<rpc::Authenticator> auth;
    std::unique_ptr<rpc::HttpServer> http;

    [[nodiscard]] rpc::HttpAction Gate(const rpc::HttpRequest& request) const;
    [[nodiscard]] rpc::HttpReply Take(const rpc::HttpRequest& request) const;
};

CallsHttp::CallsHttp(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

CallsHttp::~CallsHttp() = default;

rpc::HttpAction CallsHttp::Impl::Gate(const rpc::HttpRequest& request) const
{
    if (request.path != PATH && !request.path.starts_with(std::string(PATH) + "/"))
        return {rpc::TextReply(404, "call records come to /calls or /calls/<format>\n"), {}, 0};
    if (request.method != "POST") {
        auto page = rpc::TextReply(405, "call records come by POST\n");
        page.headers.emplace_back("Allow", "POST");
        return {std::move(page), {}, 0};
    }
    if (auth->Check(request.authorization)) return {};
    if (!request.authorization.empty()) {
        EMC_LOG(log, Warning, Calls, "call records: wrong user or password from %s", request.peer.c_str());
    }
    auto page = rpc::TextReply(401, "the user and password of -callhttpauth are needed\n");
    page.headers.emplace_back("WWW-Authenticate", "Basic realm=\"calls\"");
    return {std::move(page), {}, request.authorization.empty() ? 0 : REFUSAL_DELAY_MS};
}

rpc::HttpReply CallsHttp::Impl::Take(const rpc::HttpRequest& request) const
{
    const std::string format =
        request.path.size() > PATH.size() ? request.path.substr(PATH.size() + 1) : std::string();
    const auto taken = book.Post(request.body, format);
    if (taken) {
        return rpc::TextReply(200, base::Format("added %llu, known %llu, unanswered %llu\n",
                                                static_cast<unsigned long long>(taken->added),
                                                static_cast<unsigned long long>(taken->known),
                                                static_cast<unsigned long long>(taken->unanswered)));
    }
    EMC_LOG(log, Warning, Calls, "call records: %s posted%s%s: %s", request.peer.c_str(),
            request.query.empty() ? "" : " ", request.query.c_str(), taken.Error().message.c_str());
    return rpc::TextReply(taken.Error().code == PARAMETER ? 400 : 503, taken.Error().message + "\n");
}

base::Expected<std::unique_ptr<CallsHttp>, std::string> CallsHttp::Start(const Options& wanted,
                                                                         interfaces::CallBook& book,
                                                                         base::RandomSource& random,
                                                                         base::Logger& log)
{
    const auto endpoint = ParseEndpoint(wanted.where == "1" ? "127.0.0.1" : wanted.where, CALLS_PORT);
    if (!endpoint) return base::Unexpected("-callhttp: " + endpoint.Error());
    if (!base::ParseIp(endpoint->host)) {
        return base::Unexpected("-callhttp=" + wanted.where + ": an address like 127.0.0.1:9334 is expected");
    }
    const size_t colon = wanted.auth.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == wanted.auth.size()) {
        return base::Unexpected(std::string("-callhttp needs -callhttpauth=<user>:<password>, which the SIP "
                                            "server sends"));
    }
    rpc::Authenticator::Options secret;
    secret.user = wanted.auth.substr(0, colon);
    secret.password = wanted.auth.substr(colon + 1);
    auto auth = rpc::Authenticator::Make(secret, random);
    if (!auth) return base::Unexpected("-callhttpauth: " + auth.Error());
    auto impl = std::make_unique<Impl>(Impl{book, log, std::move(*auth), nullptr});
    rpc::HttpServer::Options options;
    options.listen.push_back({endpoint->host, endpoint->port});
    // Whoever can reach the address may try: it is the operator's choice, and this computer's own by default.
    options.allow = {*base::Subnet::Parse("0.0.0.0/0"), *base::Subnet::Parse("::/0")};
    options.loops = 1;
    options.workers = 2;
    options.max_connections = MAX_CONNECTIONS;
    options.limits.body_bytes = MAX_BODY_BYTES;
    options.total_body_bytes = MAX_WAITING_BYTES;
    rpc::HttpHandlers handlers;
    handlers.gate = [raw = impl.get()](rpc::HttpRequest& request) { return raw->Gate(request); };
    handlers.handle = [raw = impl.get()](rpc::HttpRequest&& request) -> rpc::HttpAction {
        auto shared = std::make_shared<const rpc::HttpRequest>(std::move(request));
        return {std::nullopt, [raw, shared] { return raw->Take(*shared); }, 0};
    };
    impl->http = std::make_unique<rpc::HttpServer>(std::move(options), std::move(handlers), log);
    if (auto started = impl->http->Start(); !started)
        return base::Unexpected("-callhttp: " + started.Error());
    return std::make_unique<CallsHttp>(std::move(impl));
}

} // namespace emc::app
