#include "names/transition.h"

#include "enum/record.h"
#include "enum/verifier.h"
#include "script/solver.h"

#include <algorithm>
#include <limits>
#include <set>

namespace emc::names {

namespace {

constexpr int SIG_LINE_COST = 4;

base::Unexpected<NameFailure> Refuse(NameError error, size_t index, std::string detail = {})
{
    return base::Unexpected(NameFailure{error, index, std::move(detail)});
}

std::string Where(std::string_view rule, size_t line, std::string_view text)
{
    std::string out(rule);
    if (line != 0) out += ", line " + std::to_string(line);
    return out + ": " + std::string(text);
}

template <typename T>
base::Expected<void, NameFailure> FromRecord(const base::Expected<T, enumrec::RecordFailure>& parsed,
                                             size_t output)
{
    if (parsed) return {};
    const enumrec::RecordFailure& failure = parsed.Error();
    std::string detail = Where(enumrec::RuleId(failure.error), failure.line, enumrec::Text(failure.error));
    if (!failure.detail.empty()) detail += " (" + failure.detail + ")";
    return Refuse(NameError::EnumValue, output, std::move(detail));
}

/// P2PKH or P2WPKH, the owners whose signatures can be checked without a script.
bool IsKeyHashScript(ByteSpan script)
{
    const script::ScriptType type = script::Solve(script).type;
    return type == script::ScriptType::PubKeyHash || type == script::ScriptType::WitnessV0KeyHash;
}

/// Name and value of one operation against the grammars (E-01, E-02, V-01, V-02).
base::Expected<void, NameFailure> CheckGrammar(const NameOp& op, size_t output)
{
    const auto name = enumrec::ParseRecordName(op.name);
    if (!name) return Refuse(NameError::EnumName, output);
    if (op.kind == OpKind::Delete) return {};
    const std::string_view value = base::AsText(op.value);
    switch (name->kind) {
    case enumrec::NameKind::Free:
        return {};
    case enumrec::NameKind::Number:
        return FromRecord(enumrec::ParseRecord(value, *name->number), output);
    case enumrec::NameKind::TollFree:
        return FromRecord(enumrec::ParseTollFree(value), output);
    case enumrec::NameKind::Verifier:
        break;
    }
    if (const auto parsed = enumrec::ParseVerifier(value); !parsed) {
        const enumrec::VerifierFailure& failure = parsed.Error();
        return Refuse(NameError::VerValue, output,
                      Where(enumrec::RuleId(failure.error), failure.line, enumrec::Text(failure.error)));
    }
    if (!IsKeyHashScript(op.owner_script)) return Refuse(NameError::VerOwner, output);
    return {};
}

/// Signature lines of an operation that must be verified: all but those that stand in the live record of the
/// same owner.
std::vector<enumrec::SigLine> LinesToVerify(const NameOp& op, const NameRecord* current)
{
    std::vector<enumrec::SigLine> lines = enumrec::SignatureLines(base::AsText(op.value));
    if (lines.empty() || current == nullptr || current->owner_script != op.owner_script) return lines;
    const auto old = enumrec::SignatureLines(base::AsText(current->value));
    std::erase_if(lines, [&](const enumrec::SigLine& line) {
        return std::any_of(old.begin(), old.end(),
                           [&](const auto& other) { return other.text == line.text; });
    });
    return lines;
}

/// The number a name of the form enum:number:slot is for.
std::optional<enumrec::RecordName> AsNumberName(const std::string& name)
{
    auto parsed = enumrec::ParseRecordName(name);
    if (!parsed || parsed->kind != enumrec::NameKind::Number) return std::nullopt;
    return parsed;
}

std::optional<NameRecord> LiveRecord(std::string_view name, const NameContext& context)
{
    auto record = context.view->Get(name);
    if (!record || !record->LiveAt(context.height)) return std::nullopt;
    return record;
}

/// Slot order and signatures of a number's record (E-03 … E-05).
base::Expected<void, NameFailure> CheckNumberRecord(const IndexedOp& indexed, const NameRecord* live,
                                                    const NameContext& context)
{
    const NameOp& op = indexed.op;
    const auto name = AsNumberName(op.name);
    if (op.kind == OpKind::Delete || !name) return {};
    if (op.kind == OpKind::New && name->slot > 0 &&
        !LiveRecord(enumrec::RecordNameOf(*name->number, name->slot - 1), context)) {
        return Refuse(NameError::EnumSlotGap, indexed.output);
    }
    for (const enumrec::SigLine& line : LinesToVerify(op, live)) {
        const auto verifier = LiveRecord(line.sig.verifier, context);
        if (!verifier) {
            return Refuse(NameError::SigVerifierMissing, indexed.output,
                          Where(RuleId(NameError::SigVerifierMissing), line.line, line.sig.verifier));
        }
        if (!VerifySig(line.sig, *name->number, op.owner_script, verifier->owner_script, context)) {
            return Refuse(NameError::SigWrong, indexed.output,
                          Where(RuleId(NameError::SigWrong), line.line, line.sig.verifier));
        }
    }
    return {};
}

bool Spends(const primitives::Transaction& tx, const primitives::OutPoint& outpoint)
{
    return std::any_of(tx.Inputs().begin(), tx.Inputs().end(),
                       [&](const primitives::TxIn& input) { return input.prevout == outpoint; });
}

/// The change one operation makes (N-11 … N-14, E-03 … E-05).
base::Expected<NameDelta, NameFailure> Apply(const primitives::Transaction& tx, const IndexedOp& indexed,
                                             const NameContext& context)
{
    const NameOp& op = indexed.op;
    NameDelta delta;
    delta.name = op.name;
    delta.kind = op.kind;
    delta.days = op.days;
    delta.before = context.view->Get(op.name);
    const bool live = delta.before && delta.before->LiveAt(context.height);
    if (op.kind == OpKind::New) {
        if (live) return Refuse(NameError::NewOfLiveName, indexed.output);
    } else {
        if (!live) return Refuse(NameError::NotLive, indexed.output);
        if (!Spends(tx, delta.before->outpoint)) return Refuse(NameError::NotOwnerInput, indexed.output);
    }
    if (op.kind == OpKind::Delete) return delta;

    const int64_t from = op.kind == OpKind::New ? context.height : delta.before->expiry;
    const int64_t expiry = from + op.days * BLOCKS_PER_DAY;
    const int64_t latest = int64_t{context.height} + MAX_EXPIRY_AHEAD;
    if (expiry > latest || expiry > std::numeric_limits<int32_t>::max()) {
        return Refuse(NameError::ExpiryTooFar, indexed.output);
    }
    if (const auto ok = CheckNumberRecord(indexed, live ? &*delta.before : nullptr, context); !ok) {
        return base::Unexpected(ok.Error());
    }
    NameRecord after;
    after.outpoint = {tx.Txid(), static_cast<uint32_t>(indexed.output)};
    after.value = op.value;
    after.owner_script = op.owner_script;
    after.born_height = op.kind == OpKind::New ? context.height : delta.before->born_height;
    after.updated_height = context.height;
    after.expiry = static_cast<int32_t>(expiry);
    delta.after = std::move(after);
    return delta;
}

} // namespace

base::Expected<void, NameFailure> CheckGeneratedVersion(const primitives::Transaction& tx)
{
    if (tx.Version() == primitives::NAME_TX_VERSION || tx.Version() == primitives::REWARD_TX_VERSION) {
        return Refuse(NameError::WrongTxKind, 0);
    }
    return {};
}

base::Expected<std::vector<IndexedOp>, NameFailure> CheckNameOutputs(const primitives::Transaction& tx)
{
    if (tx.IsCoinbase()) {
        if (const auto ok = CheckGeneratedVersion(tx); !ok) return base::Unexpected(ok.Error());
    }
    std::vector<IndexedOp> ops;
    if (tx.Version() != primitives::NAME_TX_VERSION) return ops;
    std::set<std::string_view> names;
    ops.reserve(tx.Outputs().size()); // the views in `names` look into elements that must not move
    for (size_t i = 0; i < tx.Outputs().size(); ++i) {
        auto parsed = ParseNameOutput(tx.Outputs()[i].script_pubkey);
        if (!parsed) return Refuse(parsed.Error(), i);
        if (!parsed->op) continue;
        ops.push_back({i, std::move(*parsed->op)});
        if (const auto ok = CheckGrammar(ops.back().op, i); !ok) return base::Unexpected(ok.Error());
        if (!names.insert(ops.back().op.name).second) return Refuse(NameError::RepeatedInTx, i);
    }
    if (ops.empty()) return Refuse(NameError::NoNameOutput, 0);
    return ops;
}

base::Expected<std::vector<NameDelta>, NameFailure> CheckTransition(const primitives::Transaction& tx,
                                                                    const std::vector<IndexedOp>& ops,
                                                                    const std::vector<SpentName>& spent_names,
                                                                    const NameContext& context)
{
    for (const SpentName& spent : spent_names) {
        if (!LiveRecord(spent.name, context)) continue;
        const bool has_op = std::any_of(ops.begin(), ops.end(), [&](const IndexedOp& indexed) {
            return indexed.op.kind != OpKind::New && indexed.op.name == spent.name;
        });
        if (!has_op) return Refuse(NameError::SpentWithoutOp, spent.input, spent.name);
    }
    std::vector<NameDelta> deltas;
    deltas.reserve(ops.size());
    for (const IndexedOp& indexed : ops) {
        auto delta = Apply(tx, indexed, context);
        if (!delta) return base::Unexpected(delta.Error());
        deltas.push_back(std::move(*delta));
    }
    return deltas;
}

int NameSigOpCost(const std::vector<IndexedOp>& ops)
{
    size_t lines = 0;
    for (const IndexedOp& indexed : ops) {
        if (indexed.op.kind == OpKind::Delete || !AsNumberName(indexed.op.name)) continue;
        lines += enumrec::SignatureLines(base::AsText(indexed.op.value)).size();
    }
    return static_cast<int>(lines) * SIG_LINE_COST;
}

int NameSigOpCost(const std::vector<IndexedOp>& ops, const NameContext& context)
{
    size_t lines = 0;
    for (const IndexedOp& indexed : ops) {
        if (indexed.op.kind == OpKind::Delete || !AsNumberName(indexed.op.name)) continue;
        const auto live = LiveRecord(indexed.op.name, context);
        lines += LinesToVerify(indexed.op, live ? &*live : nullptr).size();
    }
    return static_cast<int>(lines) * SIG_LINE_COST;
}

struct BlockNames::Impl {
    std::set<std::string, std::less<>> names;
    std::set<primitives::OutPoint> live_outputs;
};

BlockNames::BlockNames() : m_impl(std::make_unique<Impl>()) {}

BlockNames::~BlockNames() = default;

base::Expected<void, NameFailure> BlockNames::Add(const primitives::Transaction& tx,
                                                  const std::vector<IndexedOp>& ops)
{
    for (size_t i = 0; i < tx.Inputs().size(); ++i) {
        if (m_impl->live_outputs.contains(tx.Inputs()[i].prevout))
            return Refuse(NameError::SpentInSameBlock, i);
    }
    for (const IndexedOp& indexed : ops) {
        if (m_impl->names.contains(indexed.op.name))
            return Refuse(NameError::RepeatedInBlock, indexed.output);
    }
    for (const IndexedOp& indexed : ops) {
        m_impl->names.insert(indexed.op.name);
        if (indexed.op.kind == OpKind::Delete) continue;
        m_impl->live_outputs.insert({tx.Txid(), static_cast<uint32_t>(indexed.output)});
    }
    return {};
}

} // namespace emc::names
