#include "app/calls_web.h"

#include "app/endpoint.h"
#include "app/web_files.h"
#include "base/log.h"
#include "base/random.h"
#include "base/subnet.h"
#include "codec/base58.h"
#include "reward/batch_file.h"
#include "rpc/auth.h"
#include "rpc/dispatcher.h"
#include "rpc/http_server.h"
#include "rpc/refusals.h"

#include <algorithm>
#include <cstring>
#include <unistd.h>

namespace emc::app {

namespace {

using rpc::HttpAction;
using rpc::HttpReply;
using rpc::HttpRequest;

constexpr uint16_t WEB_PORT = 9335;
constexpr size_t SECRET_BYTES = 32;
constexpr unsigned MAX_CONNECTIONS = 32;
/// Searches for a batch on the chain, at a time.
constexpr unsigned SEARCHERS = 2;
constexpr size_t MAX_FORM_BYTES = 1024;
constexpr size_t MAX_QUESTION_BYTES = size_t{16} << 10;
/// A batch with all its records, in base64 with line ends.
constexpr size_t MAX_EVIDENCE_BYTES = reward::MAX_BATCH_FILE_BYTES / 2 * 3;
constexpr size_t MAX_WAITING_BYTES = 2 * MAX_EVIDENCE_BYTES;

constexpr std::string_view HOME = "/calls";
constexpr std::string_view LOGIN = "/calls/login";
constexpr std::string_view LOGOUT = "/calls/logout";
constexpr std::string_view QUESTIONS = "/calls/rpc";
constexpr std::string_view HIDDEN = " hidden"; // once in login.html
constexpr std::string_view CHECKER = "/calls/verify";

/// Nothing comes from elsewhere, nothing runs that is not one of the files, and no other page frames this
/// one.
constexpr std::string_view POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src "
                                    "'self'; connect-src 'self'; form-action "
                                    "'self'; base-uri 'none'; frame-ancestors 'none'";

/// Calls that only read; sorted.
const std::vector<std::string> READING_CALLS = {"call_batch_list", "call_list",    "call_prove",
                                                "call_show",       "call_sources", "call_stats"};

HttpReply Page(int status, std::string body, std::string_view content_type = "text/plain; charset=utf-8")
{
    HttpReply out = rpc::TextReply(status, std::move(body), content_type);
    out.headers = {{"Content-Security-Policy", std::string(POLICY)},
                   {"X-Content-Type-Options", "nosniff"},
                   {"Referrer-Policy", "same-origin"},
                   {"Cross-Origin-Resource-Policy", "same-origin"},
                   {"Cross-Origin-Opener-Policy", "same-origin"},
                   {"Cache-Control", "no-store"}};
    return out;
}

HttpAction Now(HttpReply reply, int delay_ms = 0)
{
    HttpAction out;
    out.now = std::move(reply);
    out.delay_ms = delay_ms;
    return out;
}

HttpReply File(int status, std::string_view name)
{
    const WebFile* file = FindWebFile(name);
    if (file == nullptr) return Page(404, "nothing here; the page is at /calls\n");
    return Page(status, std::string(file->content), file->content_type);
}

HttpReply Redirect(std::string cookie)
{
    auto out = Page(303, "");
    out.headers.emplace_back("Location", HOME);
    if (!cookie.empty()) out.headers.emplace_back("Set-Cookie", std::move(cookie));
    return out;
}

HttpAction OnlyBy(const char* methods)
{
    auto page = Page(405, std::string("this comes by ") + methods + "\n");
    page.headers.emplace_back("Allow", methods);
    return Now(std::move(page));
}

/// Can the Host field of a request not be a name that somebody else rules over?
bool IsOwnHost(std::string_view host)
{
    const auto parsed = ParseEndpoint(std::string(host), WEB_PORT);
    return parsed && (parsed->host == "localhost" || base::ParseIp(parsed->host));
}

/// A value in "a=1&b=2"; none of the values that are asked for needs percent-decoding.
std::string_view FieldOf(std::string_view list, std::string_view name, char separator)
{
    while (!list.empty()) {
        const size_t end = std::min(list.find(separator), list.size());
        std::string_view item = list.substr(0, end);
        list.remove_prefix(std::min(end + 1, list.size()));
        while (item.starts_with(' '))
            item.remove_prefix(1);
        if (item.starts_with(name) && item.substr(name.size()).starts_with('='))
            return item.substr(name.size() + 1);
    }
    return {};
}

std::string NewSecret(base::RandomSource& random)
{
    std::array<uint8_t, SECRET_BYTES> secret{};
    random.Fill(secret);
    return base::Hex(secret);
}

} // namespace

struct CallsWeb::Impl {
    Impl(const rpc::Services& services, base::Logger& l) : dispatcher(services, l), log(l)
    {
        dispatcher.EndWarmup(services);
    }

    [[nodiscard]] bool SignedIn(const HttpRequest& request) const;
    [[nodiscard]] HttpAction SignIn(std::string_view token, const std::string& peer);
    [[nodiscard]] HttpAction Refuse(const std::string& peer, HttpReply reply);
    [[nodiscard]] HttpAction Gate(const HttpRequest& request);
    [[nodiscard]] HttpAction GateOfPost(const HttpRequest& request);
    [[nodiscard]] HttpAction Handle(HttpRequest&& request);
    [[nodiscard]] HttpAction Ask(const std::string& body) const;

    rpc::Dispatcher dispatcher;
    base::Logger& log;
    std::string token_file;
    std::string token;
    std::string session; ///< value of the cookie
    std::string cookie;  ///< its name: browsers share cookies between the ports of a host
    rpc::RefusalPace refusals;
    std::unique_ptr<rpc::HttpServer> http;
};

CallsWeb::CallsWeb(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

CallsWeb::~CallsWeb()
{
    if (m_impl->http) m_impl->http->Stop();
    static_cast<void>(unlink(m_impl->token_file.c_str()));
}

bool CallsWeb::Impl::SignedIn(const HttpRequest& request) const
{
    return rpc::EqualInConstantTime(FieldOf(request.cookie, cookie, ';'), session);
}

HttpAction CallsWeb::Impl::Refuse(const std::string& peer, HttpReply reply)
{
    const int delay = refusals.NextDelayMs();
    EMC_LOG(log, Warning, Calls, "page of calls: wrong token from %s", peer.c_str());
    if (delay < 0) return Now(Page(503, "too many wrong tokens: try again later\n"));
    return Now(std::move(reply), delay);
}

HttpAction CallsWeb::Impl::SignIn(std::string_view given, const std::string& peer)
{
    if (!rpc::EqualInConstantTime(given, token)) {
        auto page = File(403, "login.html");
        page.body.replace(page.body.find(HIDDEN), HIDDEN.size(), ""); // its word about a wrong token
        return Refuse(peer, std::move(page));
    }
    return Now(
        Redirect(cookie + "=" + session + "; Path=" + std::string(HOME) + "; HttpOnly; SameSite=Strict"));
}

HttpAction CallsWeb::Impl::GateOfPost(const HttpRequest& request)
{
    // A browser says which page a POST comes from.
    const auto& origin = request.origin;
    if (!origin.empty() && origin != "http://" + request.host && origin != "https://" + request.host)
        return Now(Page(403, "another page sent this: " + origin + "\n"));
    HttpAction out;
    if (request.path == LOGIN) {
        out.body_limit = MAX_FORM_BYTES;
        return out;
    }
    if (request.path == LOGOUT) {
        return Now(
            Redirect(cookie + "=; Path=" + std::string(HOME) + "; HttpOnly; SameSite=Strict; Max-Age=0"));
    }
    if (request.path != QUESTIONS && request.path != CHECKER) return OnlyBy("GET");
    if (!SignedIn(request)) return Now(Page(401, "sign in at /calls\n"));
    out.body_limit = request.path == QUESTIONS ? MAX_QUESTION_BYTES : MAX_EVIDENCE_BYTES;
    return out;
}

HttpAction CallsWeb::Impl::Gate(const HttpRequest& request)
{
    if (!IsOwnHost(request.host))
        return Now(Page(403, "this page answers to an IP address or localhost, not to another name\n"));
    if (request.method == "POST") return GateOfPost(request);
    if (request.method != "GET" && request.method != "HEAD") return OnlyBy("GET, HEAD or POST");
    if (request.path == "/") return Now(Redirect({}));
    if (request.path == HOME) {
        const auto given = FieldOf(request.query, "token", '&');
        if (!given.empty()) return SignIn(given, request.peer);
        return Now(SignedIn(request) ? File(200, "calls.html") : File(401, "login.html"));
    }
    if (!request.path.starts_with(std::string(HOME) + "/")) return Now(File(404, {}));
    const std::string name = request.path.substr(HOME.size() + 1);
    if (request.path == LOGIN || request.path == LOGOUT || request.path == QUESTIONS ||
        request.path == CHECKER)
        return OnlyBy("POST");
    return Now(name.ends_with(".html") ? File(404, {}) : File(200, name));
}

HttpAction CallsWeb::Impl::Ask(const std::string& body) const
{
    auto job = dispatcher.Prepare(body, {});
    if (!job.early && !rpc::Dispatcher::OnlyCalls(job, READING_CALLS))
        return Now(Page(403, "this page may only read\n"));
    const auto as_http = [](rpc::Reply reply) {
        return Page(reply.http_status, std::move(reply.body), "application/json");
    };
    if (job.early || job.kind == rpc::CallKind::Quick) return Now(as_http(dispatcher.Run(job)));
    HttpAction out;
    out.lane = job.kind == rpc::CallKind::Long ? rpc::Lane::Long : rpc::Lane::Slow;
    auto shared = std::make_shared<const rpc::Dispatcher::Job>(std::move(job));
    out.later = [this, shared, as_http] { return as_http(dispatcher.Run(*shared)); };
    return out;
}

HttpAction CallsWeb::Impl::Handle(HttpRequest&& request)
{
    if (request.path == LOGIN) return SignIn(FieldOf(request.body, "token", '&'), request.peer);
    if (request.path == QUESTIONS) return Ask(request.body);
    // What is base64 already stays so; files come as they are.
    auto shared = std::make_shared<const HttpRequest>(std::move(request));
    HttpAction out;
    out.lane = rpc::Lane::Long;
    out.later = [this, shared] {
        rpc::Dispatcher::Job job;
        const bool is_text = reward::BatchBytes(shared->body).has_value();
        job.body = codec::JsonObject();
        job.body.pushKV("method", "call_verify");
        rpc::Json params = codec::JsonArray();
        params.push_back(is_text ? shared->body : codec::Base64Encode(base::AsBytes(shared->body)));
        job.body.pushKV("params", params);
        auto reply = dispatcher.Run(job);
        return Page(reply.http_status, std::move(reply.body), "application/json");
    };
    return out;
}

base::Expected<std::unique_ptr<CallsWeb>, std::string> CallsWeb::Start(const Options& wanted,
                                                                       const rpc::Services& services,
                                                                       base::RandomSource& random,
                                                                       base::Logger& log)
{
    const auto endpoint = ParseEndpoint(wanted.where == "1" ? "127.0.0.1" : wanted.where, WEB_PORT);
    if (!endpoint) return base::Unexpected("-callweb: " + endpoint.Error());
    if (!base::ParseIp(endpoint->host))
        return base::Unexpected("-callweb=" + wanted.where + ": an address like 127.0.0.1:9335 is expected");
    auto impl = std::make_unique<Impl>(services, log);
    impl->token = NewSecret(random);
    impl->session = NewSecret(random);
    impl->cookie = "emc_calls_" + std::to_string(endpoint->port);
    rpc::HttpServer::Options options;
    options.listen.push_back({endpoint->host, endpoint->port});
    // Whoever can reach the address may try: it is the operator's choice, and this computer's own by default.
    options.allow = {*base::Subnet::Parse("0.0.0.0/0"), *base::Subnet::Parse("::/0")};
    options.loops = 1;
    options.workers = 2;
    options.long_workers = SEARCHERS;
    options.max_connections = MAX_CONNECTIONS;
    options.limits.body_bytes = MAX_EVIDENCE_BYTES;
    options.total_body_bytes = MAX_WAITING_BYTES;
    rpc::HttpHandlers handlers;
    handlers.gate = [raw = impl.get()](HttpRequest& request) { return raw->Gate(request); };
    handlers.handle = [raw = impl.get()](HttpRequest&& request) { return raw->Handle(std::move(request)); };
    impl->http = std::make_unique<rpc::HttpServer>(std::move(options), std::move(handlers), log);
    if (auto started = impl->http->Start(); !started) return base::Unexpected("-callweb: " + started.Error());
    if (auto written = rpc::WriteSecretFile(wanted.token_file, impl->token); !written)
        return base::Unexpected("-callweb: " + written.Error());
    impl->token_file = wanted.token_file;
    const bool bracketed = endpoint->host.find(':') != std::string::npos;
    EMC_LOG(log, Info, None, "page of calls: http://%s%s%s:%u/calls, opened with the token in %s",
            bracketed ? "[" : "", endpoint->host.c_str(), bracketed ? "]" : "", impl->http->Port(),
            wanted.token_file.c_str());
    return std::make_unique<CallsWeb>(std::move(impl));
}

} // namespace emc::app
