#include "rpc/server.h"

#include "base/log.h"
#include "rpc/call_figures.h"
#include "rpc/dispatcher.h"
#include "rpc/health.h"
#include "rpc/refusals.h"
#include "rpc/rest.h"

#include <algorithm>

namespace emc::rpc {

namespace {

constexpr std::string_view WALLET_PREFIX = "/wallet/";

HttpReply ToHttp(Reply reply)
{
    return HttpReply{reply.http_status, std::move(reply.body), "application/json", {}};
}

} // namespace

struct RpcServer::Impl {
    Impl(Options o, const Services& early, base::RandomSource& r, base::Logger& l)
        : options(std::move(o)), random(r), log(l), node(early.node), dispatcher(early, l)
    {}

    /// Path, method and password, before the body is read; sets the user.
    [[nodiscard]] HttpAction Gate(HttpRequest& request);
    [[nodiscard]] HttpAction Handle(HttpRequest&& request);

    const Options options;
    base::RandomSource& random;
    base::Logger& log;
    interfaces::NodeControl* const node;
    Dispatcher dispatcher;
    std::optional<Authenticator> auth;
    std::unique_ptr<HttpServer> http;
    RefusalPace refusals;
};

RpcServer::RpcServer(Options options, const Services& early, base::RandomSource& random, base::Logger& log)
    : m_impl(std::make_unique<Impl>(std::move(options), early, random, log))
{}

RpcServer::~RpcServer()
{
    Stop();
}

base::Expected<void, std::string> RpcServer::Start()
{
    auto& impl = *m_impl;
    auto auth = Authenticator::Make(impl.options.auth, impl.random);
    if (!auth) return base::Unexpected(auth.Error());
    impl.auth = std::move(*auth);
    HttpHandlers handlers;
    handlers.gate = [&impl](HttpRequest& request) { return impl.Gate(request); };
    handlers.handle = [&impl](HttpRequest&& request) { return impl.Handle(std::move(request)); };
    impl.http = std::make_unique<HttpServer>(impl.options.http, std::move(handlers), impl.log);
    return impl.http->Start();
}

void RpcServer::EndWarmup(const Services& services)
{
    m_impl->dispatcher.EndWarmup(services);
}

void RpcServer::Stop()
{
    auto& impl = *m_impl;
    if (impl.http) impl.http->Stop();
    impl.http.reset();
    if (impl.auth) impl.auth->RemoveCookie();
    impl.auth.reset();
}

const interfaces::MetricSource& RpcServer::Figures() const
{
    return m_impl->dispatcher.Figures();
}

uint16_t RpcServer::Port() const
{
    return m_impl->http ? m_impl->http->Port() : uint16_t{0};
}

HttpAction RpcServer::Impl::Gate(HttpRequest& request)
{
    if (options.rest && IsRestPath(request.path)) return RestGate(request);
    HttpAction action;
    if (request.path == HEALTH_PATH) {
        action.now = HealthAnswer(dispatcher.Ready(), node, request);
        return action;
    }
    if (request.path != "/" && !request.path.starts_with(WALLET_PREFIX)) {
        action.now = TextReply(404, "Nothing here; JSON-RPC is at / and /wallet/<name>\n");
        return action;
    }
    if (request.method != "POST") {
        action.now = TextReply(405, "JSON-RPC requests come by POST\n");
        action.now->headers.emplace_back("Allow", "POST");
        return action;
    }
    auto caller = auth->Check(request.authorization);
    if (caller) {
        request.user = std::move(*caller);
        return action;
    }
    const int delay = refusals.NextDelayMs();
    if (!request.authorization.empty()) {
        EMC_LOG(log, Warning, None, "RPC: wrong user or password from %s", request.peer.c_str());
    }
    action.now = delay < 0 ? TextReply(503, "Too many wrong passwords; wait a moment\n")
                           : TextReply(401, "Wrong or no user name and password; see -rpcauth, or the file "
                                            ".cookie in the data folder\n");
    action.now->headers.emplace_back("WWW-Authenticate", "Basic realm=\"jsonrpc\"");
    action.delay_ms = std::max(delay, 0);
    return action;
}

HttpAction RpcServer::Impl::Handle(HttpRequest&& request)
{
    HttpAction action;
    if (options.rest && IsRestPath(request.path)) {
        auto shared = std::make_shared<const HttpRequest>(std::move(request));
        action.later = [this, shared] { return RestAnswer(dispatcher.Ready(), *shared); };
        return action;
    }
    std::string wallet;
    if (request.path.starts_with(WALLET_PREFIX)) wallet = request.path.substr(WALLET_PREFIX.size());
    if (request.path == WALLET_PREFIX) wallet = "wallet.dat"; // the default wallet, not just any
    auto job = dispatcher.Prepare(request.body, std::move(wallet));
    const MethodSet* allowed = options.whitelist.Of(request.user);
    if (allowed != nullptr && !Dispatcher::OnlyCalls(job, *allowed)) {
        EMC_LOG(log, Warning, None, "RPC: user %s may not make this call", request.user.c_str());
        action.now = TextReply(403, "User " + request.user + " may not make this call; see -rpcwhitelist\n");
        return action;
    }
    if (job.early || job.kind == CallKind::Quick) {
        action.now = ToHttp(dispatcher.Run(job));
        return action;
    }
    action.lane = job.kind == CallKind::Long ? Lane::Long : Lane::Slow;
    auto shared = std::make_shared<const Dispatcher::Job>(std::move(job));
    action.later = [this, shared] { return ToHttp(dispatcher.Run(*shared)); };
    return action;
}

base::Expected<void, std::string> Whitelist::Add(std::string_view text)
{
    const auto colon = text.find(':');
    const std::string user(text.substr(0, colon));
    if (user.empty()) {
        return base::Unexpected("-rpcwhitelist=" + std::string(text) +
                                " names no user; it is of the form user:call,call");
    }
    std::string_view list = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    MethodSet calls;
    while (!list.empty()) {
        const auto comma = list.find(',');
        std::string_view name = list.substr(0, comma);
        while (name.starts_with(' '))
            name.remove_prefix(1);
        if (!name.empty() && FindCall(name) == nullptr) {
            return base::Unexpected("-rpcwhitelist=" + std::string(text) + ": there is no call '" +
                                    std::string(name) + "'");
        }
        if (!name.empty()) calls.emplace_back(name);
        if (comma == std::string_view::npos) break;
        list.remove_prefix(comma + 1);
    }
    std::sort(calls.begin(), calls.end());
    for (auto& [known, old_calls] : users) {
        if (known != user) continue;
        std::erase_if(old_calls, [&calls](const std::string& name) {
            return !std::binary_search(calls.begin(), calls.end(), name);
        });
        return {};
    }
    users.emplace_back(user, std::move(calls));
    return {};
}

const MethodSet* Whitelist::Of(std::string_view user) const
{
    static const MethodSet NOTHING;
    for (const auto& [known, calls] : users) {
        if (known == user) return &calls;
    }
    return deny_others ? &NOTHING : nullptr;
}

} // namespace emc::rpc
