#pragma once
// The three signature hashes written down plainly: everything is serialised anew, nothing is shared. Slow on
// purpose.

#include "crypto/sha256.h"
#include "script/opcodes.h"
#include "script/sighash.h"

namespace emc::test {

using base::Bytes;
using base::ByteSpan;
using base::Hash256;

inline Bytes WithoutSeparators(ByteSpan code)
{
    Bytes out;
    size_t at = 0;
    while (at < code.size()) {
        script::ScriptReader reader(code.subspan(at));
        const auto step = reader.Next();
        if (!step) break;
        const ByteSpan bytes = code.subspan(at, reader.Position());
        if (step->opcode != script::OP_CODESEPARATOR) out.insert(out.end(), bytes.begin(), bytes.end());
        at += reader.Position();
    }
    out.insert(out.end(), code.begin() + static_cast<std::ptrdiff_t>(at), code.end());
    return out;
}

/// Builds the changed transaction and serialises it.
inline Hash256 ModelLegacy(primitives::MutableTransaction tx, size_t input, ByteSpan code, int32_t type)
{
    const int kind = type & 0x1f;
    if (input >= tx.inputs.size() || (kind == 3 && input >= tx.outputs.size())) {
        Hash256 one;
        one.bytes[0] = 1;
        return one;
    }
    for (size_t i = 0; i < tx.inputs.size(); ++i) {
        tx.inputs[i].script_sig = i == input ? WithoutSeparators(code) : Bytes();
        tx.inputs[i].witness.clear();
        if (i != input && (kind == 2 || kind == 3)) tx.inputs[i].sequence = 0;
    }
    if (kind == 2) tx.outputs.clear();
    if (kind == 3) {
        tx.outputs.resize(input + 1);
        for (size_t i = 0; i < input; ++i)
            tx.outputs[i] = primitives::TxOut();
    }
    if ((type & 0x80) != 0) tx.inputs = {tx.inputs[input]};
    Bytes all;
    codec::Writer out(all);
    primitives::Write(out, tx, primitives::WitnessMode::Without);
    out.I32(type);
    return crypto::Sha256d(all);
}

struct Parts {
    Bytes prevouts, sequences, outputs, amounts, scripts;
};

inline Parts SerializeParts(const primitives::MutableTransaction& tx,
                            const std::vector<primitives::TxOut>& spent)
{
    Parts out;
    codec::Writer prevouts(out.prevouts);
    codec::Writer outputs(out.outputs);
    for (const auto& input : tx.inputs) {
        primitives::Write(prevouts, input.prevout);
        codec::Writer(out.sequences).U32(input.sequence);
    }
    for (const auto& output : tx.outputs)
        primitives::Write(outputs, output);
    for (const auto& output : spent) {
        codec::Writer(out.amounts).I64(output.value);
        codec::Writer(out.scripts).Sized(output.script_pubkey);
    }
    return out;
}

inline Bytes OneOutput(const primitives::TxOut& output)
{
    Bytes out;
    codec::Writer writer(out);
    primitives::Write(writer, output);
    return out;
}

inline Hash256 ModelSegwit(const primitives::MutableTransaction& tx, size_t input, ByteSpan code,
                           int64_t value, int32_t type)
{
    const Parts parts = SerializeParts(tx, {});
    const int kind = type & 0x1f;
    const bool anyone = (type & 0x80) != 0;
    Hash256 outputs;
    if (kind != 2 && kind != 3) outputs = crypto::Sha256d(parts.outputs);
    if (kind == 3 && input < tx.outputs.size()) outputs = crypto::Sha256d(OneOutput(tx.outputs[input]));
    Bytes all;
    codec::Writer out(all);
    out.I32(tx.version);
    out.Raw((anyone ? Hash256() : crypto::Sha256d(parts.prevouts)).Span());
    out.Raw((anyone || kind == 2 || kind == 3 ? Hash256() : crypto::Sha256d(parts.sequences)).Span());
    primitives::Write(out, tx.inputs[input].prevout);
    out.Sized(code);
    out.I64(value);
    out.U32(tx.inputs[input].sequence);
    out.Raw(outputs.Span());
    out.U32(tx.lock_time);
    out.I32(type);
    return crypto::Sha256d(all);
}

struct TaprootQuestion {
    size_t input;
    uint8_t type;
    const std::optional<Bytes>& annex;
    const script::TapscriptContext* script;
};

inline std::optional<Hash256> ModelTaproot(const primitives::MutableTransaction& tx,
                                           const std::vector<primitives::TxOut>& spent,
                                           const TaprootQuestion& q)
{
    const bool defined = q.type <= 3 || (q.type >= 0x81 && q.type <= 0x83);
    const int kind = q.type & 3;
    const bool anyone = (q.type & 0x80) != 0;
    if (!defined || (kind == 3 && q.input >= tx.outputs.size())) return std::nullopt;
    const Parts parts = SerializeParts(tx, spent);
    Bytes all;
    codec::Writer out(all);
    out.U8(0);
    out.U8(q.type);
    out.I32(tx.version);
    out.U32(tx.lock_time);
    if (!anyone) {
        for (const Bytes* part : {&parts.prevouts, &parts.amounts, &parts.scripts, &parts.sequences}) {
            out.Raw(crypto::Sha256Of(*part).Span());
        }
    }
    if (kind < 2) out.Raw(crypto::Sha256Of(parts.outputs).Span());
    out.U8(static_cast<uint8_t>((q.script != nullptr ? 2 : 0) + (q.annex ? 1 : 0)));
    if (anyone) {
        primitives::Write(out, tx.inputs[q.input].prevout);
        primitives::Write(out, spent[q.input]);
        out.U32(tx.inputs[q.input].sequence);
    } else {
        out.U32(static_cast<uint32_t>(q.input));
    }
    if (q.annex) {
        Bytes sized;
        codec::Writer(sized).Sized(*q.annex);
        out.Raw(crypto::Sha256Of(sized).Span());
    }
    if (kind == 3) out.Raw(crypto::Sha256Of(OneOutput(tx.outputs[q.input])).Span());
    if (q.script != nullptr) {
        out.Raw(q.script->leaf_hash.Span());
        out.U8(0);
        out.U32(q.script->code_separator_pos);
    }
    return crypto::TaggedHash("TapSighash", all);
}

} // namespace emc::test
