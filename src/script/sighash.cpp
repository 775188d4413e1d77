#include "script/sighash.h"

#include "script/hash_writer.h"
#include "script/opcodes.h"

namespace emc::script {

namespace {

using base::Hash256;
using primitives::MutableTransaction;
using primitives::TxIn;
using primitives::TxOut;

constexpr int OUTPUT_MASK = 0x1f;

// What a hash type, as legacy and BIP 143 hashes read it, leaves out.
struct Scope {
    bool anyone;
    bool none;
    bool single;

    explicit Scope(int32_t hash_type)
        : anyone((hash_type & SIGHASH_ANYONECANPAY) != 0), none((hash_type & OUTPUT_MASK) == SIGHASH_NONE),
          single((hash_type & OUTPUT_MASK) == SIGHASH_SINGLE)
    {}
};

Hash256 One()
{
    Hash256 out;
    out.bytes[0] = 1;
    return out;
}

// The script as legacy signatures commit to it: without its OP_CODESEPARATORs. Bytes behind a broken push
// stay.
void WriteWithoutSeparators(HashWriter& out, ByteSpan script)
{
    size_t separators = 0;
    {
        ScriptReader reader(script);
        while (const auto instruction = reader.Next())
            separators += instruction->opcode == OP_CODESEPARATOR ? 1 : 0;
    }
    if (separators == 0) {
        out.Sized(script);
        return;
    }
    out.CompactSize(script.size() - separators);
    ScriptReader reader(script);
    size_t written = 0;
    while (const auto instruction = reader.Next()) {
        if (instruction->opcode != OP_CODESEPARATOR) continue;
        out.Raw(script.subspan(written, reader.Position() - 1 - written));
        written = reader.Position();
    }
    out.Raw(script.subspan(written));
}

struct LegacyInput {
    const MutableTransaction& tx;
    size_t signing;
    ByteSpan script_code;
    Scope scope;
};

void WriteLegacyInput(HashWriter& out, const LegacyInput& in, size_t index)
{
    const TxIn& input = in.tx.inputs[index];
    out.Out(input.prevout);
    if (index == in.signing) {
        WriteWithoutSeparators(out, in.script_code);
    } else {
        out.CompactSize(0);
    }
    const bool free_sequence = index != in.signing && (in.scope.single || in.scope.none);
    out.U32(free_sequence ? 0 : input.sequence);
}

HashWriter& WriteBase(HashWriter& out, const MutableTransaction& tx)
{
    return out.U32(static_cast<uint32_t>(tx.version));
}

} // namespace

PrecomputedTx::PrecomputedTx(const MutableTransaction& tx, std::vector<TxOut> spent)
    : m_tx(tx), m_spent(std::move(spent))
{
    HashWriter prevouts;
    HashWriter sequences;
    HashWriter outputs;
    for (const TxIn& input : tx.inputs) {
        prevouts.Out(input.prevout);
        sequences.U32(input.sequence);
    }
    for (const TxOut& output : tx.outputs)
        outputs.Out(output);
    prevouts_sha = prevouts.Single();
    sequences_sha = sequences.Single();
    outputs_sha = outputs.Single();
    prevouts_d = crypto::Sha256Of(prevouts_sha.Span());
    sequences_d = crypto::Sha256Of(sequences_sha.Span());
    outputs_d = crypto::Sha256Of(outputs_sha.Span());
    if (m_spent.empty()) return;
    HashWriter amounts;
    HashWriter scripts;
    for (const TxOut& output : m_spent) {
        amounts.U64(static_cast<uint64_t>(output.value));
        scripts.Sized(output.script_pubkey);
    }
    amounts_sha = amounts.Single();
    scripts_sha = scripts.Single();
}

Hash256 LegacySigHash(const MutableTransaction& tx, size_t input, ByteSpan script_code, int32_t hash_type)
{
    const Scope scope(hash_type);
    if (input >= tx.inputs.size() || (scope.single && input >= tx.outputs.size())) return One();
    const LegacyInput in{tx, input, script_code, scope};
    HashWriter out;
    WriteBase(out, tx);
    out.CompactSize(scope.anyone ? 1 : tx.inputs.size());
    if (scope.anyone) {
        WriteLegacyInput(out, in, input);
    } else {
        for (size_t i = 0; i < tx.inputs.size(); ++i)
            WriteLegacyInput(out, in, i);
    }
    const size_t outputs = scope.none ? 0 : scope.single ? input + 1 : tx.outputs.size();
    out.CompactSize(outputs);
    for (size_t i = 0; i < outputs; ++i) {
        // With SINGLE the outputs before the one signed are blank.
        static const TxOut BLANK;
        out.Out(scope.single && i != input ? BLANK : tx.outputs[i]);
    }
    return out.U32(tx.lock_time).U32(static_cast<uint32_t>(hash_type)).Double();
}

Hash256 SegwitV0SigHash(const PrecomputedTx& tx, size_t input, ByteSpan script_code, primitives::Amount value,
                        int32_t hash_type)
{
    const Scope scope(hash_type);
    const MutableTransaction& fields = tx.Tx();
    const TxIn& own = fields.inputs[input];
    const Hash256 zero;
    HashWriter out;
    WriteBase(out, fields);
    out.Raw((scope.anyone ? zero : tx.prevouts_d).Span());
    out.Raw((scope.anyone || scope.single || scope.none ? zero : tx.sequences_d).Span());
    out.Out(own.prevout).Sized(script_code).U64(static_cast<uint64_t>(value)).U32(own.sequence);
    if (scope.single && input < fields.outputs.size()) {
        out.Raw(HashWriter().Out(fields.outputs[input]).Double().Span());
    } else {
        out.Raw((scope.single || scope.none ? zero : tx.outputs_d).Span());
    }
    return out.U32(fields.lock_time).U32(static_cast<uint32_t>(hash_type)).Double();
}

std::optional<Hash256> TaprootSigHash(const PrecomputedTx& tx, size_t input, uint8_t hash_type,
                                      const std::optional<Bytes>& annex, const TapscriptContext* script)
{
    static const crypto::Sha256 TAGGED = crypto::TaggedHasher("TapSighash");
    const bool anyone = (hash_type & SIGHASH_ANYONECANPAY) != 0;
    const int kind = hash_type & ~SIGHASH_ANYONECANPAY;
    if (kind > SIGHASH_SINGLE || (anyone && kind == SIGHASH_DEFAULT)) return std::nullopt;
    const MutableTransaction& fields = tx.Tx();
    EMC_CHECK(input < fields.inputs.size() && tx.Spent().size() == fields.inputs.size());
    if (kind == SIGHASH_SINGLE && input >= fields.outputs.size()) return std::nullopt;

    HashWriter out(TAGGED);
    out.U8(0).U8(hash_type);
    WriteBase(out, fields).U32(fields.lock_time);
    if (!anyone) {
        out.Raw(tx.prevouts_sha.Span()).Raw(tx.amounts_sha.Span());
        out.Raw(tx.scripts_sha.Span()).Raw(tx.sequences_sha.Span());
    }
    if (kind == SIGHASH_DEFAULT || kind == SIGHASH_ALL) out.Raw(tx.outputs_sha.Span());
    out.U8(static_cast<uint8_t>((script != nullptr ? 2 : 0) | (annex ? 1 : 0)));
    if (anyone) {
        out.Out(fields.inputs[input].prevout).Out(tx.Spent()[input]).U32(fields.inputs[input].sequence);
    } else {
        out.U32(static_cast<uint32_t>(input));
    }
    if (annex) out.Raw(HashWriter().Sized(*annex).Single().Span());
    if (kind == SIGHASH_SINGLE) out.Raw(HashWriter().Out(fields.outputs[input]).Single().Span());
    if (script != nullptr) out.Raw(script->leaf_hash.Span()).U8(0).U32(script->code_separator_pos);
    return out.Single();
}

} // namespace emc::script
