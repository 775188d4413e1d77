#include "rpc/rest.h"

#include "rpc/rest_parts.h"

#include <algorithm>
#include <charconv>

namespace emc::rpc {

namespace {

constexpr std::string_view REST_PREFIX = "/rest/";
constexpr std::string_view COINS_PATH = "/rest/getutxos";
/// A body names at most 15 outputs of 36 bytes, perhaps as hex; some more, so that one too many is told so.
constexpr size_t MAX_BODY_BYTES = 4096;
constexpr size_t MAX_COUNT = 2000;

[[noreturn]] void NothingHere()
{
    throw RestError(404, "Nothing here; see doc/rest.md");
}

HttpReply RestChainInfo(const RestRequest& request)
{
    if (!request.what.empty()) NothingHere();
    return RestJson(request.Call("getblockchaininfo", {}));
}

HttpReply RestDeployments(const RestRequest& request)
{
    if (request.what.empty()) return RestJson(request.Call("getdeploymentinfo", {}));
    const std::string hash = request.what.substr(1);
    static_cast<void>(RestRequest::Hash(hash));
    return RestJson(request.Call("getdeploymentinfo", {hash}));
}

HttpReply RestPool(const RestRequest& request)
{
    if (request.what == "info") return RestJson(request.Call("getmempoolinfo", {}));
    if (request.what != "contents")
        throw RestError(400, "Invalid URI format. Expected /rest/mempool/<info|contents>.json");
    const bool verbose = request.Flag("verbose", true);
    const bool sequence = request.Flag("mempool_sequence", false);
    if (verbose && sequence) {
        throw RestError(
            400, "Verbose results cannot contain mempool sequence values. (hint: set \"verbose=false\")");
    }
    return RestJson(sequence ? request.Call("getrawmempool", {false, true})
                             : request.Call("getrawmempool", {verbose}));
}

HttpReply RestName(const RestRequest& request)
{
    Json out = request.Call("name_show", {request.what});
    if (request.Flag("history", false))
        out.pushKV("history", request.Call("name_history", {request.what, true}));
    return RestJson(out);
}

HttpReply RestNumber(const RestRequest& request)
{
    return RestJson(request.Call("enum_resolve", {request.what}));
}

struct Route {
    std::string_view path;
    std::string_view formats; ///< as the error names them
    HttpReply (*answer)(const RestRequest&);
};

constexpr std::string_view ALL_FORMATS = ".bin, .hex, .json";
constexpr std::string_view JSON_ONLY = ".json";

/// Longer paths before those they begin with.
constexpr Route ROUTES[] = {
    {"tx/", ALL_FORMATS, RestTx},
    {"block/notxdetails/", ALL_FORMATS, RestBlockTxids},
    {"block/", ALL_FORMATS, RestBlock},
    {"blockfilter/", ALL_FORMATS, RestFilter},
    {"blockfilterheaders/", ALL_FORMATS, RestFilterHeaders},
    {"blockhashbyheight/", ALL_FORMATS, RestBlockHash},
    {"chaininfo", JSON_ONLY, RestChainInfo},
    {"deploymentinfo", JSON_ONLY, RestDeployments},
    {"enum/", JSON_ONLY, RestNumber},
    {"getutxos", ALL_FORMATS, RestCoins},
    {"headers/", ALL_FORMATS, RestHeaders},
    {"mempool/", JSON_ONLY, RestPool},
    {"name/", JSON_ONLY, RestName},
};

HttpReply Refusal(int status, const std::string& text)
{
    return TextReply(status, text + "\r\n");
}

/// Takes ".json" off the path. 404 when the route has no such form.
RestFormat TakeFormat(std::string& what, std::string_view formats)
{
    const auto dot = what.rfind('.');
    const std::string ending = dot == std::string::npos ? "" : what.substr(dot);
    constexpr std::pair<std::string_view, RestFormat> ENDINGS[] = {
        {".bin", RestFormat::Binary}, {".hex", RestFormat::Hex}, {".json", RestFormat::JsonText}};
    for (const auto& [text, format] : ENDINGS) {
        if (ending != text || formats.find(text) == std::string_view::npos) continue;
        what.resize(dot);
        return format;
    }
    throw RestError(404, "output format not found (available: " + std::string(formats) + ")");
}

/// What clients of JSON-RPC learn by the code, those of REST learn by the status.
int StatusOf(int code)
{
    switch (static_cast<Code>(code)) {
    case Code::AddressOrKey:
    case Code::Wallet:
    case Code::Database:
        return 404;
    case Code::Misc:
    case Code::Type:
    case Code::Parameter:
    case Code::Deserialization:
        return 400;
    default:
        return 500;
    }
}

/// Is the path the route's own, or below it? "chaininfo" does not lead to "chaininfox".
bool Leads(const Route& route, std::string_view path)
{
    if (!path.starts_with(route.path)) return false;
    const std::string_view rest = path.substr(route.path.size());
    return route.path.ends_with('/') || rest.starts_with('/') || rest.starts_with('.') || rest.empty();
}

HttpReply Answer(const Services& services, const HttpRequest& http)
{
    const std::string_view path = std::string_view(http.path).substr(REST_PREFIX.size());
    const auto* route =
        std::find_if(std::begin(ROUTES), std::end(ROUTES), [path](const Route& r) { return Leads(r, path); });
    if (route == std::end(ROUTES)) NothingHere();
    RestRequest request{services, http, std::string(path.substr(route->path.size())), RestFormat::JsonText};
    request.format = TakeFormat(request.what, route->formats);
    return route->answer(request);
}

} // namespace

std::optional<std::string> RestRequest::Query(std::string_view key) const
{
    std::string_view rest = http.query;
    while (!rest.empty()) {
        const auto end = rest.find('&');
        const std::string_view field = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        const auto equals = field.find('=');
        if (equals == std::string_view::npos || field.substr(0, equals) != key) continue;
        std::string value;
        if (!PercentDecode(field.substr(equals + 1), value)) {
            throw RestError(400,
                            "The query's " + std::string(key) + " has a % without two hex digits behind it");
        }
        return value;
    }
    return std::nullopt;
}

size_t RestRequest::Count(const std::string& text) const
{
    size_t count = 0;
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, count);
    if (error != std::errc{} || end != last || count < 1 || count > MAX_COUNT) {
        throw RestError(400, "Header count is invalid or out of acceptable range (1-2000): " + text);
    }
    return count;
}

bool RestRequest::Flag(std::string_view key, bool fallback) const
{
    const auto text = Query(key);
    if (!text) return fallback;
    if (*text != "true" && *text != "false") {
        throw RestError(400, "The \"" + std::string(key) +
                                 "\" query parameter must be either \"true\" or \"false\".");
    }
    return *text == "true";
}

base::Hash256 RestRequest::Hash(const std::string& text)
{
    const auto hash = base::HashFromReversedHex(text);
    if (!hash) throw RestError(400, "Invalid hash: " + text);
    return *hash;
}

Json RestRequest::Call(std::string_view name, std::vector<Json> args) const
{
    const CallSpec* spec = FindCall(name);
    if (spec == nullptr) throw RestError(404, "This node has no " + std::string(name));
    return RunCall(services, *spec, std::move(args), {});
}

HttpReply RestJson(const Json& value)
{
    return {200, codec::WriteJson(value) + "\n", "application/json", {}};
}

HttpReply RestBytes(RestFormat format, base::ByteSpan bytes)
{
    if (format == RestFormat::Hex) return {200, base::Hex(bytes) + "\n", "text/plain", {}};
    return {200, base::ToText(bytes), "application/octet-stream", {}};
}

bool IsRestPath(std::string_view path)
{
    return path.starts_with(REST_PREFIX);
}

HttpAction RestGate(const HttpRequest& request)
{
    HttpAction action;
    const bool takes_body = request.path.starts_with(COINS_PATH);
    action.body_limit = takes_body ? MAX_BODY_BYTES : 0;
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (reads || (takes_body && request.method == "POST")) return action;
    action.now = Refusal(405, takes_body ? "GET, HEAD or POST" : "GET or HEAD");
    action.now->headers.emplace_back("Allow", takes_body ? "GET, HEAD, POST" : "GET, HEAD");
    return action;
}

HttpReply RestAnswer(const Services* services, const HttpRequest& request)
{
    if (services == nullptr) return Refusal(503, "Service temporarily unavailable: the node is starting");
    try {
        return Answer(*services, request);
    } catch (const RestError& e) {
        return Refusal(e.Status(), e.what());
    } catch (const RpcError& e) {
        return Refusal(StatusOf(e.ErrorCode()), e.what());
    } catch (const std::exception& e) {
        return Refusal(500, e.what());
    }
}

} // namespace emc::rpc
