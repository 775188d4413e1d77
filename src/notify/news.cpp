#include "notify/news.h"

#include "codec/json.h"
#include "names/op_codec.h"
#include "reward/batch.h"
#include "script/address.h"

namespace emc::notify {

namespace {

using codec::Json;

/// Bytes as text; as hex, with `key`_encoding beside it, when they are no UTF-8.
void PushBytes(Json& out, const std::string& key, base::ByteSpan bytes)
{
    const bool text = codec::IsUtf8(base::AsText(bytes));
    out.pushKV(key, text ? base::ToText(bytes) : base::Hex(bytes));
    if (!text) out.pushKV(key + "_encoding", "hex");
}

void PushPlace(Json& out, const primitives::Transaction& tx, const Place& place)
{
    out.pushKV("state", std::string(place.state));
    out.pushKV("txid", base::ReversedHex(tx.Txid()));
    out.pushKV("height", place.height);
    if (!place.block.IsNull()) out.pushKV("block", base::ReversedHex(place.block));
}

} // namespace

std::vector<NameNews> NamesOf(const primitives::Transaction& tx, const Place& place,
                              const script::AddressParams& addresses)
{
    std::vector<NameNews> out;
    if (tx.Version() != primitives::NAME_TX_VERSION) return out;
    for (size_t i = 0; i < tx.Outputs().size(); ++i) {
        const auto parsed = names::ParseNameOutput(tx.Outputs()[i].script_pubkey);
        if (!parsed || !parsed->op) continue;
        const auto& op = *parsed->op;
        Json json = codec::JsonObject();
        PushPlace(json, tx, place);
        json.pushKV("vout", static_cast<uint64_t>(i));
        json.pushKV("op", std::string(names::OpName(op.kind)));
        PushBytes(json, "name", base::AsBytes(op.name));
        if (op.kind != names::OpKind::Delete) {
            PushBytes(json, "value", op.value);
            json.pushKV("days", op.days);
        }
        if (const auto address = script::EncodeAddress(addresses, op.owner_script))
            json.pushKV("address", *address);
        out.push_back({op.name, std::string(names::OpName(op.kind)), codec::WriteJson(json)});
    }
    return out;
}

std::string RewardOf(const primitives::Transaction& tx, const Place& place)
{
    if (tx.Version() != primitives::REWARD_TX_VERSION || tx.Outputs().empty()) return {};
    const auto output = reward::ParseRewardOutput(tx.Outputs().front().script_pubkey);
    if (!output) return {};
    const auto& batch = output->batch;
    Json json = codec::JsonObject();
    PushPlace(json, tx, place);
    json.pushKV("caller", batch.pair.caller.Name());
    json.pushKV("callee", batch.pair.callee.Name());
    json.pushKV("period_start", static_cast<int64_t>(batch.period_start));
    json.pushKV("period_end", static_cast<int64_t>(batch.period_end));
    json.pushKV("calls", static_cast<int64_t>(batch.calls));
    json.pushKV("minutes", static_cast<int64_t>(batch.minutes));
    json.pushKV("claim", codec::JsonAmount(static_cast<int64_t>(batch.claim)));
    json.pushKV("root", base::ReversedHex(batch.root));
    return codec::WriteJson(json);
}

} // namespace emc::notify
