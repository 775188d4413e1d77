// REST: which of these outputs are unspent (BIP 64).
#include "codec/reader.h"
#include "codec/writer.h"
#include "interfaces/chain.h"
#include "interfaces/pool.h"
#include "rpc/render.h"
#include "rpc/rest_parts.h"

#include <charconv>

namespace emc::rpc {

namespace {

using primitives::Coin;
using primitives::OutPoint;

constexpr size_t MAX_OUTPOINTS = 15;
constexpr size_t OUTPOINT_BYTES = 36;
constexpr uint32_t POOL_HEIGHT = 0x7fff'ffff; // BIP 64: in no block yet
constexpr std::string_view CHECK_POOL = "checkmempool";

struct Question {
    std::vector<OutPoint> outpoints;
    bool with_pool = false;
};

OutPoint OutPointOf(const std::string& text)
{
    const auto dash = text.find('-');
    OutPoint out;
    const char* last = text.data() + text.size();
    const char* digits = dash == std::string::npos ? last : text.data() + dash + 1;
    const auto [end, error] = std::from_chars(digits, last, out.index);
    const auto txid = base::HashFromReversedHex(text.substr(0, dash));
    if (error != std::errc{} || end != last || !txid) {
        throw RestError(400, "Parse error: '" + text + "' is not <txid>-<n>");
    }
    out.txid = *txid;
    return out;
}

/// "/checkmempool/<txid>-<n>/<txid>-<n>"
Question QuestionOfPath(std::string_view path)
{
    Question out;
    while (path.starts_with('/')) {
        path.remove_prefix(1);
        const std::string part(path.substr(0, path.find('/')));
        path.remove_prefix(part.size());
        if (part == CHECK_POOL && out.outpoints.empty() && !out.with_pool) {
            out.with_pool = true;
        } else {
            out.outpoints.push_back(OutPointOf(part));
        }
    }
    return out;
}

/// The body: one byte for the mempool, a count, and so many outpoints.
Question QuestionOfBody(base::ByteSpan body)
{
    codec::Reader in(body);
    Question out;
    out.with_pool = in.U8() != 0;
    const size_t count = in.Count(OUTPOINT_BYTES);
    for (size_t i = 0; i < count; ++i) {
        OutPoint outpoint;
        outpoint.txid = in.Hash();
        outpoint.index = in.U32();
        out.outpoints.push_back(outpoint);
    }
    if (!in.Done())
        throw RestError(400, "Parse error: the body is not one byte, a count and so many outpoints");
    return out;
}

Question QuestionOf(const RestRequest& request)
{
    Question out = QuestionOfPath(request.what);
    std::string body = request.http.body;
    if (!body.empty() && request.format != RestFormat::JsonText) {
        if (!out.outpoints.empty()) {
            throw RestError(400, "Combination of URI scheme inputs and raw post data is not allowed");
        }
        base::Bytes bytes = base::ToBytes(body);
        if (request.format == RestFormat::Hex) {
            while (body.ends_with('\n') || body.ends_with('\r'))
                body.pop_back();
            auto decoded = base::FromHex(body);
            if (!decoded) throw RestError(400, "Parse error: the body is not hex");
            bytes = std::move(*decoded);
        }
        out = QuestionOfBody(bytes);
    }
    if (out.outpoints.empty()) throw RestError(400, "Error: empty request");
    if (out.outpoints.size() > MAX_OUTPOINTS) {
        throw RestError(400, "Error: max outpoints exceeded (max: " + std::to_string(MAX_OUTPOINTS) +
                                 ", tried: " + std::to_string(out.outpoints.size()) + ")");
    }
    return out;
}

std::optional<Coin> Find(const RestRequest& request, const OutPoint& outpoint, bool with_pool)
{
    const auto* pool = request.services.pool;
    if (!with_pool || pool == nullptr) return request.services.chain->GetCoin(outpoint);
    if (pool->SpenderOf(outpoint)) return std::nullopt;
    return CoinOf(request.services, outpoint);
}

uint32_t HeightOf(const Coin& coin)
{
    return coin.height == MEMPOOL_HEIGHT ? POOL_HEIGHT : static_cast<uint32_t>(coin.height);
}

base::Bytes Packed(const std::vector<Coin>& coins, base::ByteSpan bitmap, const interfaces::Tip& tip)
{
    base::Bytes out;
    codec::Writer writer(out);
    writer.I32(tip.height);
    writer.Raw(tip.hash.Span());
    writer.Sized(bitmap);
    writer.CompactSize(coins.size());
    for (const auto& coin : coins) {
        writer.U32(0); // the transaction's version, which no longer is kept
        writer.U32(HeightOf(coin));
        writer.I64(coin.out.value);
        writer.Sized(coin.out.script_pubkey);
    }
    return out;
}

} // namespace

HttpReply RestCoins(const RestRequest& request)
{
    const Question question = QuestionOf(request);
    const auto& chain = *request.services.chain;
    const auto tip = chain.GetTip();
    std::vector<Coin> coins;
    std::string digits;
    base::Bytes bitmap((question.outpoints.size() + 7) / 8);
    for (size_t i = 0; i < question.outpoints.size(); ++i) {
        auto coin = Find(request, question.outpoints[i], question.with_pool);
        digits += coin ? '1' : '0';
        if (!coin) continue;
        bitmap[i / 8] = static_cast<uint8_t>(bitmap[i / 8] | (1u << (i % 8)));
        coins.push_back(std::move(*coin));
    }
    if (request.format != RestFormat::JsonText) return RestBytes(request.format, Packed(coins, bitmap, tip));
    Json list = codec::JsonArray();
    for (const auto& coin : coins) {
        Json row = codec::JsonObject();
        row.pushKV("height", static_cast<int64_t>(HeightOf(coin)));
        row.pushKV("value", codec::JsonAmount(coin.out.value));
        row.pushKV("scriptPubKey", CoinScriptJson(coin, chain.Params()));
        list.push_back(row);
    }
    Json out = codec::JsonObject();
    out.pushKV("chainHeight", tip.height);
    out.pushKV("chaintipHash", base::ReversedHex(tip.hash));
    out.pushKV("bitmap", digits);
    out.pushKV("utxos", list);
    return RestJson(out);
}

} // namespace emc::rpc
