/// Who has to do what next.
#include "names/transition.h"
#include "psbt/path.h"
#include "psbt/roles.h"
#include "script/sign.h"

#include <algorithm>

namespace emc::psbt {

namespace {

using base::Hash160;
using script::ScriptType;

constexpr size_t WITNESS_SCALE = 4;

void NoteKey(const FieldMap& map, const Hash160& id, InputState& state)
{
    const auto signatures = map.OfType(IN_PARTIAL_SIG);
    const bool is_signed = std::any_of(signatures.begin(), signatures.end(), [&id](const Field& field) {
        return crypto::PublicKey::From(field.KeyData())->Id() == id;
    });
    if (is_signed) return;
    state.missing_signatures.push_back(id);
    if (!KeyIn(map, id)) state.missing_keys.push_back(id);
}

void NoteKeys(const FieldMap& map, const Path& path, InputState& state)
{
    const auto& parts = path.solution.parts;
    switch (path.solution.type) {
    case ScriptType::PubKeyHash:
        NoteKey(map, *Hash160::From(parts[0]), state);
        return;
    case ScriptType::PubKey:
        NoteKey(map, crypto::PublicKey::From(parts[0])->Id(), state);
        state.missing_keys.clear(); // the script has the key itself
        return;
    case ScriptType::MultiSig:
        for (size_t i = 1; i + 1 < parts.size(); ++i)
            NoteKey(map, crypto::PublicKey::From(parts[i])->Id(), state);
        state.missing_keys.clear();
        return;
    default:
        return;
    }
}

InputState Look(const Psbt& psbt, const Psbt& finished, size_t input)
{
    InputState out;
    const FieldMap& map = psbt.inputs[input];
    const auto spent = SpentOutput(psbt, input);
    out.has_spent = spent.has_value();
    out.is_final = IsFinal(map);
    if (out.is_final) {
        out.next = Role::Extractor;
        return out;
    }
    if (!spent) return out;
    if (IsFinal(finished.inputs[input])) {
        out.next = Role::Finalizer;
        return out;
    }
    const auto provider = ProviderOf(map, {});
    const Path path = FindPath(spent->script_pubkey, provider);
    out.missing_redeem_script = path.missing_redeem_script;
    out.missing_witness_script = path.missing_witness_script;
    if (!path.Known()) return out;
    NoteKeys(map, path, out);
    out.next = out.missing_keys.empty() ? Role::Signer : Role::Updater;
    return out;
}

// Weight of the finished transaction; nullopt when an input's cannot be told.
std::optional<size_t> WeightOf(const Psbt& psbt, const Psbt& finished)
{
    primitives::MutableTransaction tx = psbt.tx;
    size_t signatures = 0; // what the inputs that are not final will add
    bool witness = false;
    for (size_t i = 0; i < psbt.inputs.size(); ++i) {
        const FieldMap& map = finished.inputs[i];
        if (const Bytes* script = map.Find(IN_FINAL_SCRIPT_SIG)) tx.inputs[i].script_sig = *script;
        if (const Bytes* items = map.Find(IN_FINAL_WITNESS)) tx.inputs[i].witness = *ReadWitness(*items);
        if (IsFinal(map)) continue;
        const auto spent = SpentOutput(psbt, i);
        if (!spent) return std::nullopt;
        const auto provider = ProviderOf(map, {});
        const size_t weight = script::EstimateInputWeight(provider, spent->script_pubkey);
        if (weight == 0) return std::nullopt;
        constexpr size_t EMPTY_INPUT_WEIGHT = 41 * WITNESS_SCALE;
        signatures += weight - EMPTY_INPUT_WEIGHT;
        witness = witness || FindPath(spent->script_pubkey, provider).kind != Kind::Legacy;
    }
    const bool counted = tx.HasWitness();
    return primitives::Transaction(std::move(tx)).Weight() + signatures + (witness && !counted ? 2 : 0);
}

void LookAtMoney(const Psbt& psbt, const Psbt& finished, State& out)
{
    Amount in = 0;
    for (const auto& spent : SpentOutputs(psbt)) {
        if (spent.value < 0) return;
        in += spent.value;
        if (!primitives::MoneyRange(spent.value) || !primitives::MoneyRange(in)) {
            out.error = "An input spends more than there can be.";
            return;
        }
    }
    const primitives::Transaction tx(psbt.tx);
    const auto sum = tx.OutputSum();
    if (!sum) {
        out.error = "The amounts of the outputs are out of range.";
        return;
    }
    for (const auto& output : tx.Outputs()) {
        if (tx.Version() != primitives::NAME_TX_VERSION) break;
        const auto parsed = names::ParseNameOutput(output.script_pubkey);
        if (parsed && parsed->op) out.burned += names::NameFee(*parsed->op);
    }
    out.fee = in - *sum - out.burned;
    if (*out.fee < 0) {
        out.error = "The outputs and name fees are more than the inputs bring.";
        out.fee.reset();
        return;
    }
    if (const auto weight = WeightOf(psbt, finished))
        out.vsize = (*weight + WITNESS_SCALE - 1) / WITNESS_SCALE;
}

} // namespace

std::string_view RoleName(Role role)
{
    switch (role) {
    case Role::Updater:
        return "updater";
    case Role::Signer:
        return "signer";
    case Role::Finalizer:
        return "finalizer";
    case Role::Extractor:
        return "extractor";
    }
    return "";
}

State Analyze(const Psbt& psbt)
{
    State out;
    Psbt finished = psbt;
    (void)Finalize(finished);
    for (size_t i = 0; i < psbt.inputs.size(); ++i) {
        out.inputs.push_back(Look(psbt, finished, i));
        out.next = std::min(out.next, out.inputs.back().next);
    }
    LookAtMoney(psbt, finished, out);
    return out;
}

} // namespace emc::psbt
