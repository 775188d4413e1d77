#include "reward/batch.h"

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/sha256.h"
#include "enum/number.h"
#include "names/op_codec.h"
#include "script/script.h"

namespace emc::reward {

namespace {

constexpr size_t SIGNED_BYTES = 69; ///< version to root

void WriteSigned(codec::Writer& out, const CallBatch& batch)
{
    out.U8(BATCH_VERSION);
    for (const BatchParty* party : {&batch.pair.caller, &batch.pair.callee}) {
        out.U64(party->number);
        out.U16(party->slot);
    }
    out.U32(batch.period_start);
    out.U32(batch.period_end);
    out.U32(batch.calls);
    out.U32(batch.minutes);
    out.Raw(batch.root.Span());
}

bool InGrammar(const BatchParty& party)
{
    return enumrec::Number::FromValue(party.number).has_value() && party.slot <= enumrec::MAX_SLOT;
}

void TakeSignature(codec::Reader& in, crypto::CompactSignature& out)
{
    const ByteSpan bytes = in.Take(out.size());
    if (bytes.size() == out.size()) std::memcpy(out.data(), bytes.data(), out.size());
}

} // namespace

std::optional<CallBatch> ParseBatch(ByteSpan payload)
{
    codec::Reader in(payload);
    if (in.U8() != BATCH_VERSION) return std::nullopt;
    CallBatch batch;
    for (BatchParty* party : {&batch.pair.caller, &batch.pair.callee}) {
        party->number = in.U64();
        party->slot = in.U16();
        if (!InGrammar(*party)) return std::nullopt;
    }
    batch.period_start = in.U32();
    batch.period_end = in.U32();
    batch.calls = in.U32();
    batch.minutes = in.U32();
    batch.root = in.Hash();
    TakeSignature(in, batch.caller_signature);
    TakeSignature(in, batch.callee_signature);
    batch.claim = in.U64();
    if (!in.Done()) return std::nullopt;
    return batch;
}

Bytes WriteBatch(const CallBatch& batch)
{
    Bytes out;
    out.reserve(BATCH_BYTES);
    codec::Writer writer(out);
    WriteSigned(writer, batch);
    writer.Raw(batch.caller_signature);
    writer.Raw(batch.callee_signature);
    writer.U64(batch.claim);
    return out;
}

Hash256 BatchDigest(const Hash256& genesis, const CallBatch& batch)
{
    Bytes message;
    message.reserve(genesis.size() + SIGNED_BYTES);
    codec::Writer writer(message);
    writer.Raw(genesis.Span());
    WriteSigned(writer, batch);
    return crypto::TaggedHash("EMC/callbatch", message);
}

std::optional<RewardOutput> ParseRewardOutput(ByteSpan script)
{
    const names::OwnerScript owner = names::OwnerScriptOf(primitives::REWARD_TX_VERSION, 0, script);
    if (!owner.had_prefix) return std::nullopt;
    const size_t prefix = script.size() - owner.script.size(); // payload and OP_DROP are its end
    auto batch = ParseBatch(script.subspan(prefix - 1 - BATCH_BYTES, BATCH_BYTES));
    if (!batch) return std::nullopt;
    return RewardOutput{*batch, owner.script};
}

Bytes WriteRewardScript(const CallBatch& batch, ByteSpan owner_script)
{
    Bytes out{script::OP_4, script::OP_DROP, script::OP_PUSHDATA1, BATCH_BYTES};
    codec::Writer writer(out);
    writer.Raw(WriteBatch(batch));
    writer.U8(script::OP_DROP);
    writer.Raw(owner_script);
    return out;
}

} // namespace emc::reward
