// REST: transactions, blocks, headers, filters.
#include "codec/writer.h"
#include "interfaces/chain.h"
#include "rpc/render.h"
#include "rpc/rest_parts.h"

#include <charconv>

namespace emc::rpc {

namespace {

using interfaces::BlockInfo;

constexpr uint8_t BASIC_FILTER = 0; // BIP 158
constexpr const char* DEFAULT_COUNT = "5";

const interfaces::ChainReader& Chain(const RestRequest& request)
{
    return *request.services.chain;
}

/// A call's hex, in the form asked for.
HttpReply BytesOfCall(const RestRequest& request, std::string_view call, std::vector<Json> args)
{
    const Json hex = request.Call(call, std::move(args));
    return RestBytes(request.format, base::FromHex(hex.get_str()).value_or(base::Bytes{}));
}

HttpReply Block(const RestRequest& request, int verbosity)
{
    const auto hash = RestRequest::Hash(request.what);
    if (!Chain(request).BlockByHash(hash)) throw RestError(404, request.what + " not found");
    if (const auto stored = Chain(request).ReadBlock(hash); !stored) {
        throw RestError(404, request.what + " not available: " + stored.Error().message);
    } else if (request.format != RestFormat::JsonText) {
        return RestBytes(request.format, primitives::Serialize(**stored));
    }
    return RestJson(request.Call("getblock", {request.what, verbosity}));
}

/// The two ways to say how many headers: "<count>/<hash>" and "<hash>?count=<count>".
struct Span {
    std::string hash;
    size_t count = 0;
};

Span SpanOf(const RestRequest& request, const std::string& text)
{
    const auto slash = text.find('/');
    if (slash == std::string::npos) {
        return {text, request.Count(request.Query("count").value_or(DEFAULT_COUNT))};
    }
    if (text.find('/', slash + 1) != std::string::npos) {
        throw RestError(400, "Invalid URI format. Expected <hash>.<ext>?count=<count>");
    }
    return {text.substr(slash + 1), request.Count(text.substr(0, slash))};
}

/// So many blocks of the best chain from that one on; none when it is not there.
std::vector<BlockInfo> BlocksFrom(const RestRequest& request, const Span& span)
{
    std::vector<BlockInfo> out;
    auto info = Chain(request).BlockByHash(RestRequest::Hash(span.hash));
    while (info && info->in_best_chain && out.size() < span.count) {
        const auto next = info->next_hash;
        out.push_back(std::move(*info));
        info = next ? Chain(request).BlockByHash(*next) : std::nullopt;
    }
    return out;
}

/// Splits "basic/<rest>".
std::string BehindFilterType(const RestRequest& request)
{
    const auto slash = request.what.find('/');
    if (slash == std::string::npos) {
        throw RestError(400, "Invalid URI format. Expected <filtertype>/<blockhash>");
    }
    const std::string type = request.what.substr(0, slash);
    if (type != "basic") throw RestError(400, "Unknown filtertype " + type);
    return request.what.substr(slash + 1);
}

} // namespace

HttpReply RestTx(const RestRequest& request)
{
    static_cast<void>(RestRequest::Hash(request.what));
    try {
        if (request.format == RestFormat::JsonText)
            return RestJson(request.Call("getrawtransaction", {request.what, 1}));
        return BytesOfCall(request, "getrawtransaction", {request.what, 0});
    } catch (const RpcError& e) {
        if (e.ErrorCode() != static_cast<int>(Code::AddressOrKey)) throw;
        throw RestError(404, request.what + " not found");
    }
}

HttpReply RestBlock(const RestRequest& request)
{
    return Block(request, 3);
}

HttpReply RestBlockTxids(const RestRequest& request)
{
    return Block(request, 1);
}

HttpReply RestHeaders(const RestRequest& request)
{
    Json list = codec::JsonArray();
    base::Bytes bytes;
    for (const auto& info : BlocksFrom(request, SpanOf(request, request.what))) {
        if (request.format == RestFormat::JsonText) {
            list.push_back(HeaderJson(info));
            continue;
        }
        const Json hex = request.Call("getblockheader", {base::ReversedHex(info.hash), false});
        codec::Writer(bytes).Raw(base::FromHex(hex.get_str()).value_or(base::Bytes{}));
    }
    return request.format == RestFormat::JsonText ? RestJson(list) : RestBytes(request.format, bytes);
}

HttpReply RestBlockHash(const RestRequest& request)
{
    int32_t height = -1;
    const char* last = request.what.data() + request.what.size();
    const auto [end, error] = std::from_chars(request.what.data(), last, height);
    if (error != std::errc{} || end != last || height < 0)
        throw RestError(400, "Invalid height: " + request.what);
    const auto info = Chain(request).BlockByHeight(height);
    if (!info) throw RestError(404, "Block height out of range");
    const std::string hex = base::ReversedHex(info->hash);
    if (request.format == RestFormat::Binary) return RestBytes(request.format, info->hash.Span());
    if (request.format == RestFormat::Hex) return {200, hex + "\n", "text/plain", {}};
    Json out = codec::JsonObject();
    out.pushKV("blockhash", hex);
    return RestJson(out);
}

HttpReply RestFilter(const RestRequest& request)
{
    const std::string hash = BehindFilterType(request);
    const auto block = RestRequest::Hash(hash);
    const Json found = request.Call("getblockfilter", {hash});
    Json out = codec::JsonObject();
    out.pushKV("filter", found["filter"].get_str());
    if (request.format == RestFormat::JsonText) return RestJson(out);
    base::Bytes bytes;
    codec::Writer writer(bytes);
    writer.U8(BASIC_FILTER);
    writer.Raw(block.Span());
    writer.Sized(base::FromHex(found["filter"].get_str()).value_or(base::Bytes{}));
    return RestBytes(request.format, bytes);
}

HttpReply RestFilterHeaders(const RestRequest& request)
{
    const Span span = SpanOf(request, BehindFilterType(request));
    Json list = codec::JsonArray();
    base::Bytes bytes;
    for (const auto& info : BlocksFrom(request, span)) {
        const Json found = request.Call("getblockfilter", {base::ReversedHex(info.hash)});
        list.push_back(found["header"]);
        codec::Writer(bytes).Raw(RestRequest::Hash(found["header"].get_str()).Span());
    }
    return request.format == RestFormat::JsonText ? RestJson(list) : RestBytes(request.format, bytes);
}

} // namespace emc::rpc
