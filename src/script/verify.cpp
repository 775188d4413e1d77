// How input scripts, output scripts and witnesses come together: BIP 16, 141, 143, 341, 342.
#include "crypto/hash.h"
#include "crypto/sha256.h"
#include "script/eval.h"
#include "script/opcodes.h"
#include "script/solver.h"
#include "script/taproot.h"

namespace emc::script {

namespace {

using base::Unexpected;
using primitives::Witness;

constexpr int64_t TAPSCRIPT_FREE_WEIGHT = 50;
constexpr uint8_t LEAF_VERSION_MASK = 0xfe;

// One verification: the rules and who answers questions.
struct Job {
    Flags flags;
    const SignatureChecker& checker;

    [[nodiscard]] bool Has(Flags flag) const { return (flags & flag) != 0; }
};

// The elements a witness leaves for its script, without what BIP 141 and 341 take from the end.
using Items = std::span<const Bytes>;

Error Evaluate(const Job& job, Stack& stack, ByteSpan script)
{
    return Machine(stack, {script, job.flags, SigVersion::Base, job.checker, nullptr}).Run();
}

Error RunWitnessScript(const Job& job, Items items, ByteSpan script, SigVersion version, TapscriptRun* run)
{
    if (run != nullptr && items.size() > MAX_STACK_ITEMS) return Error::StackSize;
    Stack stack;
    stack.Reserve();
    for (const Bytes& item : items) {
        if (item.size() > MAX_ELEMENT_BYTES) return Error::PushSize;
        stack.Push(Element::View(item));
    }
    const Error error = Machine(stack, {script, job.flags, version, job.checker, run}).Run();
    if (error != Error::Ok) return error;
    if (stack.Size() != 1) return Error::CleanStack;
    return stack.Top().AsBool() ? Error::Ok : Error::EvalFalse;
}

Error VerifyKeyHash(const Job& job, ByteSpan program, Items items)
{
    if (items.size() != 2) return Error::WitnessProgramMismatch;
    std::array<uint8_t, 25> script = {OP_DUP, OP_HASH160, 20};
    std::copy(program.begin(), program.end(), script.begin() + 3);
    script[23] = OP_EQUALVERIFY;
    script[24] = OP_CHECKSIG;
    return RunWitnessScript(job, items, script, SigVersion::WitnessV0, nullptr);
}

Error VerifyScriptHash(const Job& job, ByteSpan program, Items items)
{
    if (items.empty()) return Error::WitnessProgramWitnessEmpty;
    const base::Hash256 hash = crypto::Sha256Of(items.back());
    if (!std::equal(program.begin(), program.end(), hash.begin())) return Error::WitnessProgramMismatch;
    return RunWitnessScript(job, items.first(items.size() - 1), items.back(), SigVersion::WitnessV0, nullptr);
}

// Error::Ok with `succeed` set when an OP_SUCCESS decides.
Error ScanTapscript(const Job& job, ByteSpan script, bool& succeed)
{
    ScriptReader reader(script);
    while (const auto instruction = reader.Next()) {
        if (!IsOpSuccess(instruction->opcode)) continue;
        if (job.Has(VERIFY_DISCOURAGE_OP_SUCCESS)) return Error::DiscourageOpSuccess;
        succeed = true;
        return Error::Ok;
    }
    return reader.Broken() ? Error::BadOpcode : Error::Ok;
}

int64_t WitnessBytes(const Witness& witness)
{
    size_t bytes = codec::CompactSizeBytes(witness.size());
    for (const Bytes& item : witness)
        bytes += codec::CompactSizeBytes(item.size()) + item.size();
    return static_cast<int64_t>(bytes);
}

Error VerifyTaproot(const Job& job, ByteSpan program, const Witness& witness)
{
    if (!job.Has(VERIFY_TAPROOT)) return Error::Ok;
    if (witness.empty()) return Error::WitnessProgramWitnessEmpty;
    Items items = witness;
    std::optional<Bytes> annex;
    if (items.size() >= 2 && !items.back().empty() && items.back()[0] == ANNEX_TAG) {
        annex = items.back();
        items = items.first(items.size() - 1);
    }
    if (items.size() == 1) return job.checker.CheckSchnorr(items[0], program, annex, nullptr);

    const ByteSpan control = items.back();
    const ByteSpan script = items[items.size() - 2];
    items = items.first(items.size() - 2);
    if (!IsControlSize(control.size())) return Error::TaprootWrongControlSize;
    const auto leaf_version = static_cast<uint8_t>(control[0] & LEAF_VERSION_MASK);
    const base::Hash256 leaf_hash = TapLeafHash(leaf_version, script);
    if (!CommitsTo(*crypto::XOnlyKey::From(program), control, leaf_hash))
        return Error::WitnessProgramMismatch;
    if (leaf_version != TAPSCRIPT_LEAF_VERSION) {
        const bool refuse = job.Has(VERIFY_DISCOURAGE_UPGRADABLE_TAPROOT_VERSION);
        return refuse ? Error::DiscourageUpgradableTaprootVersion : Error::Ok;
    }
    bool succeed = false;
    if (const Error e = ScanTapscript(job, script, succeed); e != Error::Ok || succeed) return e;
    TapscriptRun run{leaf_hash, &annex, WitnessBytes(witness) + TAPSCRIPT_FREE_WEIGHT};
    return RunWitnessScript(job, items, script, SigVersion::Tapscript, &run);
}

Error VerifyWitnessProgram(const Job& job, const WitnessProgram& program, const Witness& witness, bool nested)
{
    if (program.version == 0) {
        if (program.program.size() == 20) return VerifyKeyHash(job, program.program, witness);
        if (program.program.size() == 32) return VerifyScriptHash(job, program.program, witness);
        return Error::WitnessProgramWrongLength;
    }
    if (program.version == 1 && program.program.size() == 32 && !nested) {
        return VerifyTaproot(job, program.program, witness);
    }
    const bool refuse = job.Has(VERIFY_DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM);
    return refuse ? Error::DiscourageUpgradableWitnessProgram : Error::Ok;
}

// Leaves `stack` as BIP 141 wants it judged by the clean-stack rule: the program's one element.
struct Outcome {
    Error error = Error::Ok;
    bool used_witness = false;
    size_t left = 0; // elements on the stack
};

Outcome VerifyRedeemScript(const Job& job, Stack& stack, ByteSpan script_sig, const Witness& witness)
{
    // The hash of the element was found equal, so it is there.
    const Element redeem = stack.Top();
    stack.Pop();
    if (const Error e = Evaluate(job, stack, redeem.Span()); e != Error::Ok) return {e};
    if (stack.Empty() || !stack.Top().AsBool()) return {Error::EvalFalse};
    const auto program = AsWitnessProgram(redeem.Span());
    if (!job.Has(VERIFY_WITNESS) || !program) return {Error::Ok, false, stack.Size()};
    const Bytes only_push = ScriptBuilder().Push(redeem.Span()).Take();
    if (!std::equal(only_push.begin(), only_push.end(), script_sig.begin(), script_sig.end())) {
        return {Error::WitnessMalleatedP2sh};
    }
    return {VerifyWitnessProgram(job, *program, witness, true), true, 1};
}

Outcome VerifyOutput(const Job& job, ByteSpan script_sig, ByteSpan script_pubkey, const Witness& witness)
{
    Stack stack;
    stack.Reserve();
    if (const Error e = Evaluate(job, stack, script_sig); e != Error::Ok) return {e};
    const bool p2sh = job.Has(VERIFY_P2SH) && IsPayToScriptHash(script_pubkey);
    Stack after_input;
    if (p2sh) after_input = stack;
    if (const Error e = Evaluate(job, stack, script_pubkey); e != Error::Ok) return {e};
    if (stack.Empty() || !stack.Top().AsBool()) return {Error::EvalFalse};
    if (p2sh) {
        if (!IsPushOnly(script_sig)) return {Error::SigPushOnly};
        return VerifyRedeemScript(job, after_input, script_sig, witness);
    }
    const auto program = AsWitnessProgram(script_pubkey);
    if (!job.Has(VERIFY_WITNESS) || !program) return {Error::Ok, false, stack.Size()};
    if (!script_sig.empty()) return {Error::WitnessMalleated};
    return {VerifyWitnessProgram(job, *program, witness, false), true, 1};
}

int WitnessSigOps(const WitnessProgram& program, const Witness& witness)
{
    if (program.version != 0) return 0;
    if (program.program.size() == 20) return 1;
    if (program.program.size() == 32 && !witness.empty()) return CountSigOps(witness.back(), true);
    return 0;
}

// The last push of an input script that does nothing but push; nullopt otherwise.
std::optional<ByteSpan> RedeemScript(ByteSpan script_sig)
{
    if (!IsPushOnly(script_sig)) return std::nullopt;
    ScriptReader reader(script_sig);
    ByteSpan last;
    while (const auto instruction = reader.Next())
        last = instruction->data;
    return last;
}

} // namespace

base::Expected<void, Error> VerifyScript(ByteSpan script_sig, ByteSpan script_pubkey, const Witness& witness,
                                         Flags flags, const SignatureChecker& checker)
{
    const Job job{flags, checker};
    if (job.Has(VERIFY_SIGPUSHONLY) && !IsPushOnly(script_sig)) return Unexpected(Error::SigPushOnly);
    const Outcome outcome = VerifyOutput(job, script_sig, script_pubkey, witness);
    if (outcome.error != Error::Ok) return Unexpected(outcome.error);
    if (job.Has(VERIFY_CLEANSTACK) && outcome.left != 1) return Unexpected(Error::CleanStack);
    if (job.Has(VERIFY_WITNESS) && !outcome.used_witness && !witness.empty()) {
        return Unexpected(Error::WitnessUnexpected);
    }
    return {};
}

int InputSigOpCost(ByteSpan script_sig, ByteSpan script_pubkey, const Witness& witness)
{
    constexpr int WITNESS_SCALE = 4;
    if (const auto program = AsWitnessProgram(script_pubkey)) return WitnessSigOps(*program, witness);
    if (!IsPayToScriptHash(script_pubkey)) return 0;
    const auto redeem = RedeemScript(script_sig);
    if (!redeem) return 0;
    const int plain = CountSigOps(*redeem, true) * WITNESS_SCALE;
    const auto program = AsWitnessProgram(*redeem);
    return plain + (program ? WitnessSigOps(*program, witness) : 0);
}

} // namespace emc::script
