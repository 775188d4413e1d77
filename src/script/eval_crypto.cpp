// Op codes that hash and check signatures.
#include "crypto/hash.h"
#include "crypto/sha256.h"
#include "script/eval.h"
#include "script/opcodes.h"

namespace emc::script {

namespace {

// What one signature check costs a tapscript's weight (BIP 342).
constexpr int64_t SIGNATURE_WEIGHT = 50;

Error Hash(Machine& machine, uint8_t opcode)
{
    if (machine.stack.Empty()) return Error::InvalidStackOperation;
    const ByteSpan in = machine.stack.Top().Span();
    Element out;
    switch (opcode) {
    case OP_RIPEMD160:
        out = Element::Copy(crypto::Ripemd160(in).Span());
        break;
    case OP_SHA1:
        out = Element::Copy(crypto::Sha1(in));
        break;
    case OP_SHA256:
        out = Element::Copy(crypto::Sha256Of(in).Span());
        break;
    case OP_HASH160:
        out = Element::Copy(crypto::Hash160Of(in).Span());
        break;
    default:
        out = Element::Copy(crypto::Sha256d(in).Span());
        break; // OP_HASH256
    }
    machine.stack.Pop();
    machine.stack.Push(out);
    return Error::Ok;
}

Error CodeSeparator(Machine& machine, uint8_t)
{
    machine.code_start = machine.next_byte;
    machine.separator_index = machine.op_index;
    return Error::Ok;
}

// The part of the script that signatures cover. Copied only when a signature must be cut out of it.
class ScriptCode
{
public:
    explicit ScriptCode(const Machine& machine) : m_code(machine.setup.script.subspan(machine.code_start)) {}

    // Old scripts cannot sign their own signature: it is cut out first.
    [[nodiscard]] Error CutOut(const Machine& machine, ByteSpan signature)
    {
        if (machine.setup.version != SigVersion::Base) return Error::Ok;
        const Bytes needle = ScriptBuilder().Push(signature).Take();
        Bytes shorter;
        if (FindAndDelete(m_code, needle, shorter) == 0) return Error::Ok;
        m_owned = std::move(shorter);
        m_code = m_owned;
        return machine.Has(VERIFY_CONST_SCRIPTCODE) ? Error::SigFindAndDelete : Error::Ok;
    }

    [[nodiscard]] ByteSpan Span() const { return m_code; }

private:
    ByteSpan m_code;
    Bytes m_owned;
};

struct Check {
    Error error = Error::Ok;
    bool good = false;
};

// Forms first, then the signature itself.
Check CheckOne(const Machine& machine, ByteSpan signature, ByteSpan key, ByteSpan script_code)
{
    if (const Error e = CheckSignatureForm(signature, machine.setup.flags); e != Error::Ok) return {e, false};
    if (const Error e = CheckKeyForm(key, machine.setup.flags, machine.setup.version); e != Error::Ok) {
        return {e, false};
    }
    if (signature.empty()) return {};
    const auto version = machine.setup.version == SigVersion::WitnessV0 ? SignatureChecker::Version::WitnessV0
                                                                        : SignatureChecker::Version::Legacy;
    return {Error::Ok, machine.setup.checker.CheckEcdsa(signature, key, script_code, version)};
}

Check CheckEcdsa(const Machine& machine, ByteSpan signature, ByteSpan key)
{
    ScriptCode code(machine);
    if (const Error e = code.CutOut(machine, signature); e != Error::Ok) return {e, false};
    const Check check = CheckOne(machine, signature, key, code.Span());
    if (check.error == Error::Ok && !check.good && machine.Has(VERIFY_NULLFAIL) && !signature.empty()) {
        return {Error::SigNullFail, false};
    }
    return check;
}

Check CheckTapscript(Machine& machine, ByteSpan signature, ByteSpan key)
{
    TapscriptRun& run = *machine.setup.tapscript;
    const bool present = !signature.empty();
    if (present) {
        run.weight_left -= SIGNATURE_WEIGHT;
        if (run.weight_left < 0) return {Error::TapscriptValidationWeight, false};
    }
    if (key.empty()) return {Error::PubkeyType, false};
    if (key.size() != 32) {
        // Unknown kinds of key verify with everything, so that a later rule can give them a meaning.
        const bool refuse = machine.Has(VERIFY_DISCOURAGE_UPGRADABLE_PUBKEYTYPE);
        return {refuse ? Error::DiscourageUpgradablePubkeyType : Error::Ok, present};
    }
    if (!present) return {};
    const TapscriptContext context{run.leaf_hash, machine.separator_index};
    const Error error = machine.setup.checker.CheckSchnorr(signature, key, *run.annex, &context);
    return {error, error == Error::Ok};
}

Check CheckAny(Machine& machine, ByteSpan signature, ByteSpan key)
{
    if (machine.setup.version == SigVersion::Tapscript) return CheckTapscript(machine, signature, key);
    return CheckEcdsa(machine, signature, key);
}

Error CheckSig(Machine& machine, uint8_t opcode)
{
    if (machine.stack.Size() < 2) return Error::InvalidStackOperation;
    const Check check = CheckAny(machine, machine.stack.Top(1).Span(), machine.stack.Top(0).Span());
    if (check.error != Error::Ok) return check.error;
    machine.stack.Pop(2);
    if (opcode == OP_CHECKSIGVERIFY) return check.good ? Error::Ok : Error::CheckSigVerify;
    machine.stack.Push(Element::Bool(check.good));
    return Error::Ok;
}

Error CheckSigAdd(Machine& machine, uint8_t)
{
    if (machine.setup.version != SigVersion::Tapscript) return Error::BadOpcode;
    if (machine.stack.Size() < 3) return Error::InvalidStackOperation;
    const auto sum = machine.Number(machine.stack.Top(1));
    if (!sum) return Error::NumberOverflow;
    const Check check = CheckTapscript(machine, machine.stack.Top(2).Span(), machine.stack.Top(0).Span());
    if (check.error != Error::Ok) return check.error;
    machine.stack.Pop(3);
    machine.stack.Push(Element::Number(*sum + (check.good ? 1 : 0)));
    return Error::Ok;
}

// Where the operands of OP_CHECKMULTISIG lie, as depths below the top: n, n keys, m, m signatures, dummy.
struct MultiSig {
    size_t keys = 0;
    size_t signatures = 0;

    [[nodiscard]] static size_t FirstKey() { return 1; }

    [[nodiscard]] size_t FirstSignature() const { return keys + 2; }

    [[nodiscard]] size_t Dummy() const { return keys + signatures + 2; }
};

Error ReadMultiSig(Machine& machine, MultiSig& out)
{
    const Stack& stack = machine.stack;
    if (stack.Empty()) return Error::InvalidStackOperation;
    const auto keys = machine.Number(stack.Top());
    if (!keys) return Error::NumberOverflow;
    if (*keys < 0 || *keys > MAX_MULTISIG_KEYS) return Error::PubkeyCount;
    if (!machine.CountOps(static_cast<int>(*keys))) return Error::OpCount;
    out.keys = static_cast<size_t>(*keys);
    if (stack.Size() < out.keys + 2) return Error::InvalidStackOperation;
    const auto signatures = machine.Number(stack.Top(out.keys + 1));
    if (!signatures) return Error::NumberOverflow;
    if (*signatures < 0 || *signatures > *keys) return Error::SigCount;
    out.signatures = static_cast<size_t>(*signatures);
    return stack.Size() < out.Dummy() + 1 ? Error::InvalidStackOperation : Error::Ok;
}

// Signatures must come in the order of their keys: each key is tried once.
Check MatchSignatures(const Machine& machine, const MultiSig& multi, ByteSpan script_code)
{
    size_t signature = 0;
    size_t key = 0;
    while (signature < multi.signatures) {
        if (multi.signatures - signature > multi.keys - key) return {};
        const Check check = CheckOne(machine, machine.stack.Top(multi.FirstSignature() + signature).Span(),
                                     machine.stack.Top(MultiSig::FirstKey() + key).Span(), script_code);
        if (check.error != Error::Ok) return check;
        if (check.good) ++signature;
        ++key;
    }
    return {Error::Ok, true};
}

Error CheckMultiSig(Machine& machine, uint8_t opcode)
{
    if (machine.setup.version == SigVersion::Tapscript) return Error::TapscriptCheckMultiSig;
    MultiSig multi;
    if (const Error e = ReadMultiSig(machine, multi); e != Error::Ok) return e;
    ScriptCode code(machine);
    for (size_t i = 0; i < multi.signatures; ++i) {
        const ByteSpan signature = machine.stack.Top(multi.FirstSignature() + i).Span();
        if (const Error e = code.CutOut(machine, signature); e != Error::Ok) return e;
    }
    const Check check = MatchSignatures(machine, multi, code.Span());
    if (check.error != Error::Ok) return check.error;
    if (!check.good && machine.Has(VERIFY_NULLFAIL)) {
        for (size_t i = 0; i < multi.signatures; ++i) {
            if (machine.stack.Top(multi.FirstSignature() + i).size() != 0) return Error::SigNullFail;
        }
    }
    // The original took one element too many; since then it is there and must be empty (BIP 147).
    if (machine.Has(VERIFY_NULLDUMMY) && machine.stack.Top(multi.Dummy()).size() != 0)
        return Error::SigNullDummy;
    machine.stack.Pop(multi.Dummy() + 1);
    if (opcode == OP_CHECKMULTISIGVERIFY) return check.good ? Error::Ok : Error::CheckMultiSigVerify;
    machine.stack.Push(Element::Bool(check.good));
    return Error::Ok;
}

} // namespace

size_t FindAndDelete(ByteSpan script, ByteSpan needle, Bytes& out)
{
    if (needle.empty()) return 0;
    size_t found = 0;
    size_t kept = 0; // everything before this is in `out` or cut
    size_t at = 0;
    const auto keep = [&](size_t end) {
        const ByteSpan part = script.subspan(kept, end - kept);
        out.insert(out.end(), part.begin(), part.end());
    };
    for (;;) {
        const ByteSpan rest = script.subspan(at);
        if (rest.size() >= needle.size() && std::equal(needle.begin(), needle.end(), rest.begin())) {
            keep(at);
            at += needle.size();
            kept = at;
            ++found;
            continue;
        }
        ScriptReader reader(rest);
        if (!reader.Next()) break;
        at += reader.Position();
    }
    if (found > 0) keep(script.size());
    return found;
}

void RegisterCrypto(HandlerTable& table)
{
    for (const uint8_t opcode : {uint8_t{OP_RIPEMD160}, uint8_t{OP_SHA1}, uint8_t{OP_SHA256},
                                 uint8_t{OP_HASH160}, uint8_t{OP_HASH256}}) {
        table[opcode] = Hash;
    }
    table[OP_CODESEPARATOR] = CodeSeparator;
    table[OP_CHECKSIG] = CheckSig;
    table[OP_CHECKSIGVERIFY] = CheckSig;
    table[OP_CHECKSIGADD] = CheckSigAdd;
    table[OP_CHECKMULTISIG] = CheckMultiSig;
    table[OP_CHECKMULTISIGVERIFY] = CheckMultiSig;
}

} // namespace emc::script
