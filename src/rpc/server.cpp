#include "rpc/server.h"

#include "base/clock.h"

namespace emc::rpc {

namespace {

constexpr int64_t REFUSAL_SPACING_US = 250'000;
constexpr int64_t MAX_REFUSAL_DELAY_US = 16'000'000;
constexpr std::string_view WALLET_PREFIX = "/wallet/";

HttpReply PlainReply(int status, std::string text)
{
    return HttpReply{status, std::move(text), "text/plain", {}};
}

HttpReply ToHttp(Reply reply)
{
    return HttpReply{reply.http_status, std::move(reply.body), "application/json", {}};
}

} // namespace

RpcServer::RpcServer(Options options, Services early, base::RandomSource& random, base::Logger& log)
    : m_options(std::move(options)), m_random(random), m_log(log), m_dispatcher(early, log)
{}

RpcServer::~RpcServer()
{
    Stop();
}

base::Expected<void, std::string> RpcServer::Start()
{
    m_http = std::make_unique<HttpServer>(
        m_options.http, [this](HttpRequest&& request) { return Handle(std::move(request)); }, m_log);
    auto auth = Authenticator::Make(m_options.auth, m_random);
    if (!auth) return base::Unexpected(auth.Error());
    m_auth = std::move(*auth);
    return m_http->Start();
}

void RpcServer::Stop()
{
    if (m_http) m_http->Stop();
    m_http.reset();
    if (m_auth) m_auth->RemoveCookie();
    m_auth.reset();
}

int RpcServer::RefusalDelayMs()
{
    const int64_t now = base::SteadyMicros();
    const base::LockGuard lock(m_mutex);
    if (m_next_refusal_us > now + MAX_REFUSAL_DELAY_US) return -1;
    m_next_refusal_us = std::max(now, m_next_refusal_us) + REFUSAL_SPACING_US;
    return static_cast<int>((m_next_refusal_us - now) / 1000);
}

HttpAction RpcServer::Handle(HttpRequest&& request)
{
    HttpAction action;
    std::string wallet;
    const bool for_wallet = request.path.starts_with(WALLET_PREFIX);
    if (for_wallet) wallet = request.path.substr(WALLET_PREFIX.size());
    if (request.path != "/" && !for_wallet) {
        action.now = PlainReply(404, "Nothing here; JSON-RPC is at / and /wallet/<name>\n");
        return action;
    }
    if (request.method != "POST") {
        action.now = PlainReply(405, "JSONRPC server handles only POST requests\n");
        return action;
    }
    if (!m_auth->Check(request.authorization)) {
        const int delay = RefusalDelayMs();
        if (!request.authorization.empty()) {
            EMC_LOG(m_log, Warning, None, "RPC: wrong user or password from %s", request.peer.c_str());
        }
        action.now = delay < 0 ? PlainReply(503, "") : PlainReply(401, "");
        action.now->headers.emplace_back("WWW-Authenticate", "Basic realm=\"jsonrpc\"");
        action.delay_ms = std::max(delay, 0);
        return action;
    }
    auto job = m_dispatcher.Prepare(request.body, std::move(wallet));
    if (job.early || job.kind == CallKind::Quick) {
        action.now = ToHttp(m_dispatcher.Run(job));
        return action;
    }
    auto shared = std::make_shared<const Dispatcher::Job>(std::move(job));
    action.later = [this, shared] { return ToHttp(m_dispatcher.Run(*shared)); };
    return action;
}

} // namespace emc::rpc
