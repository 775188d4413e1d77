#include "script/solver.h"

#include "script/encoding.h"
#include "script/opcodes.h"

namespace emc::script {

namespace {

// A count from 1 to 20 pushed in shortest form; 0 when it is none.
int CountFrom(const Instruction& instruction)
{
    if (instruction.opcode >= OP_1 && instruction.opcode <= OP_16) return instruction.opcode - OP_1 + 1;
    if (instruction.opcode > OP_PUSHDATA4 || !IsMinimalPush(instruction)) return 0;
    const auto value = DecodeScriptNumber(instruction.data);
    return value && *value >= 1 && *value <= MAX_MULTISIG_KEYS ? static_cast<int>(*value) : 0;
}

std::optional<Solution> AsMultiSig(ByteSpan script)
{
    if (script.empty() || script.back() != OP_CHECKMULTISIG) return std::nullopt;
    ScriptReader reader(script);
    auto instruction = reader.Next();
    const int required = instruction ? CountFrom(*instruction) : 0;
    if (required == 0) return std::nullopt;
    Solution out;
    out.type = ScriptType::MultiSig;
    out.parts.push_back({static_cast<uint8_t>(required)});
    int keys = 0;
    for (;;) {
        instruction = reader.Next();
        if (!instruction) return std::nullopt;
        if (!crypto::PublicKey::From(instruction->data)) break;
        out.parts.emplace_back(instruction->data.begin(), instruction->data.end());
        ++keys;
    }
    if (CountFrom(*instruction) != keys || keys < required) return std::nullopt;
    if (reader.Position() + 1 != script.size()) return std::nullopt;
    out.parts.push_back({static_cast<uint8_t>(keys)});
    return out;
}

std::optional<ByteSpan> AsPubKey(ByteSpan script)
{
    if (script.size() != 35 && script.size() != 67) return std::nullopt;
    if (script[0] != script.size() - 2 || script.back() != OP_CHECKSIG) return std::nullopt;
    const ByteSpan key = script.subspan(1, script.size() - 2);
    if (!crypto::PublicKey::From(key)) return std::nullopt;
    return key;
}

bool IsPayToPubKeyHash(ByteSpan script)
{
    return script.size() == 25 && script[0] == OP_DUP && script[1] == OP_HASH160 && script[2] == 20 &&
           script[23] == OP_EQUALVERIFY && script[24] == OP_CHECKSIG;
}

Solution Single(ScriptType type, ByteSpan part, int version = -1)
{
    Solution out;
    out.type = type;
    out.parts.emplace_back(part.begin(), part.end());
    out.witness_version = version;
    return out;
}

Solution FromWitness(const WitnessProgram& witness)
{
    ScriptType type = ScriptType::WitnessUnknown;
    if (witness.version == 0 && witness.program.size() == 20) {
        type = ScriptType::WitnessV0KeyHash;
    } else if (witness.version == 0 && witness.program.size() == 32) {
        type = ScriptType::WitnessV0ScriptHash;
    } else if (witness.version == 1 && witness.program.size() == 32) {
        type = ScriptType::WitnessV1Taproot;
    } else if (witness.version == 0) {
        return {};
    }
    return Single(type, witness.program, witness.version);
}

} // namespace

std::string_view TypeName(ScriptType type)
{
    switch (type) {
    case ScriptType::NonStandard:
        return "nonstandard";
    case ScriptType::PubKey:
        return "pubkey";
    case ScriptType::PubKeyHash:
        return "pubkeyhash";
    case ScriptType::ScriptHash:
        return "scripthash";
    case ScriptType::MultiSig:
        return "multisig";
    case ScriptType::NullData:
        return "nulldata";
    case ScriptType::WitnessV0KeyHash:
        return "witness_v0_keyhash";
    case ScriptType::WitnessV0ScriptHash:
        return "witness_v0_scripthash";
    case ScriptType::WitnessV1Taproot:
        return "witness_v1_taproot";
    case ScriptType::WitnessUnknown:
        return "witness_unknown";
    }
    return "nonstandard";
}

bool IsPayToScriptHash(ByteSpan script)
{
    return script.size() == 23 && script[0] == OP_HASH160 && script[1] == 20 && script[22] == OP_EQUAL;
}

std::optional<WitnessProgram> AsWitnessProgram(ByteSpan script)
{
    if (script.size() < 4 || script.size() > 42) return std::nullopt;
    if (script[0] != OP_0 && (script[0] < OP_1 || script[0] > OP_16)) return std::nullopt;
    if (script[1] + size_t{2} != script.size()) return std::nullopt;
    return WitnessProgram{script[0] == OP_0 ? 0 : script[0] - OP_1 + 1, script.subspan(2)};
}

Solution Solve(ByteSpan script)
{
    if (IsPayToScriptHash(script)) return Single(ScriptType::ScriptHash, script.subspan(2, 20));
    if (const auto witness = AsWitnessProgram(script)) return FromWitness(*witness);
    if (!script.empty() && script[0] == OP_RETURN && IsPushOnly(script.subspan(1))) {
        Solution out;
        out.type = ScriptType::NullData;
        return out;
    }
    if (const auto key = AsPubKey(script)) return Single(ScriptType::PubKey, *key);
    if (IsPayToPubKeyHash(script)) return Single(ScriptType::PubKeyHash, script.subspan(3, 20));
    if (auto multi = AsMultiSig(script)) return *std::move(multi);
    return {};
}

Bytes PayToPubKeyHash(const base::Hash160& id)
{
    return ScriptBuilder()
        .Op(OP_DUP)
        .Op(OP_HASH160)
        .Push(id.Span())
        .Op(OP_EQUALVERIFY)
        .Op(OP_CHECKSIG)
        .Take();
}

Bytes PayToScriptHash(const base::Hash160& id)
{
    return ScriptBuilder().Op(OP_HASH160).Push(id.Span()).Op(OP_EQUAL).Take();
}

Bytes PayToPubKey(const crypto::PublicKey& key)
{
    return ScriptBuilder().Push(key.Span()).Op(OP_CHECKSIG).Take();
}

Bytes PayToWitnessKeyHash(const base::Hash160& id)
{
    return PayToWitness(0, id.Span());
}

Bytes PayToWitnessScriptHash(const base::Hash256& id)
{
    return PayToWitness(0, id.Span());
}

Bytes PayToTaproot(const crypto::XOnlyKey& output_key)
{
    return PayToWitness(1, output_key.Span());
}

Bytes PayToWitness(int version, ByteSpan program)
{
    return ScriptBuilder().Number(version).Push(program).Take();
}

Bytes MultiSigScript(int required, const std::vector<crypto::PublicKey>& keys)
{
    ScriptBuilder out;
    out.Number(required);
    for (const auto& key : keys)
        out.Push(key.Span());
    return out.Number(static_cast<int64_t>(keys.size())).Op(OP_CHECKMULTISIG).Take();
}

} // namespace emc::script
