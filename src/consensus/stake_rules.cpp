#include "consensus/stake_rules.h"

#include "consensus/block_rules.h"
#include "crypto/hash.h"
#include "crypto/sha256.h"
#include "script/interpreter.h"
#include "script/solver.h"

#include <algorithm>

namespace emc::consensus {

namespace {

constexpr size_t SIGNATURE_BYTES = 64;
constexpr size_t COMMITMENT_SCRIPT_BYTES = 38;
constexpr uint8_t ANNEX_TAG = 0x50;
/// Longest push whose op code is its length.
constexpr uint8_t MAX_DIRECT_PUSH = 0x4b;

/// A key in one of the three forms a kernel may show: 02/03 and 32 bytes, 04 and 64 bytes.
std::optional<crypto::PublicKey> ShownKey(base::ByteSpan bytes)
{
    const bool compressed = bytes.size() == 33 && (bytes[0] == 0x02 || bytes[0] == 0x03);
    const bool full = bytes.size() == 65 && bytes[0] == 0x04;
    if (!compressed && !full) return std::nullopt;
    return crypto::PublicKey::From(bytes);
}

/// The key push of a script of exactly two direct pushes.
std::optional<crypto::PublicKey> KeyFromScriptSig(base::ByteSpan script_sig)
{
    script::ScriptReader reader(script_sig);
    const auto signature = reader.Next();
    const auto key = reader.Next();
    if (!signature || !key || !reader.AtEnd()) return std::nullopt;
    const auto direct = [](const script::Instruction& in) {
        return in.opcode >= 1 && in.opcode <= MAX_DIRECT_PUSH;
    };
    if (!direct(*signature) || !direct(*key)) return std::nullopt;
    return ShownKey(key->data);
}

/// The key of a P2WPKH spend.
std::optional<crypto::PublicKey> KeyFromWitness(const primitives::TxIn& input)
{
    if (!input.script_sig.empty() || input.witness.size() != 2) return std::nullopt;
    return ShownKey(input.witness[1]);
}

bool IsKeyPathSpend(const primitives::TxIn& input)
{
    const primitives::Witness& witness = input.witness;
    if (!input.script_sig.empty()) return false;
    const bool annex = witness.size() >= 2 && !witness.back().empty() && witness.back()[0] == ANNEX_TAG;
    return witness.size() - (annex ? 1 : 0) == 1;
}

base::Expected<crypto::XOnlyKey, RuleResult> FromShownKey(const std::optional<crypto::PublicKey>& key,
                                                          base::ByteSpan hash)
{
    if (!key) return Broken(Rule::StakeKernelSpend);
    const base::Hash160 id = key->Id();
    if (!std::equal(id.begin(), id.end(), hash.begin(), hash.end())) return Broken(Rule::StakeKernelSpend);
    const auto even = crypto::ToXOnly(*key);
    if (!even) return Broken(Rule::StakeKernelSpend);
    return even->key;
}

} // namespace

Verdict CheckStakeCoinbase(const Transaction& coinbase, int32_t height)
{
    base::Bytes script = HeightScript(height);
    script.push_back(script::OP_0);
    if (coinbase.Inputs()[0].script_sig != script) return Broken(Rule::StakeCoinbaseScript);
    const auto& outputs = coinbase.Outputs();
    const bool committed = outputs.size() == 1 && outputs[0].value == 0 && WitnessCommitmentIndex(coinbase) &&
                           outputs[0].script_pubkey.size() == COMMITMENT_SCRIPT_BYTES;
    if (!committed) return Broken(Rule::StakeCoinbaseOutput);
    const primitives::Witness& witness = coinbase.Inputs()[0].witness;
    if (witness.size() != 2 || witness[0].size() != Hash256::SIZE || witness[1].size() != SIGNATURE_BYTES) {
        return BrokenCopy(Rule::StakeCoinbaseWitness);
    }
    return {};
}

Verdict CheckCoinstakeShape(const Transaction& coinstake)
{
    const auto& outputs = coinstake.Outputs();
    if (outputs.size() < 2) return Broken(Rule::StakeCoinstake, "fewer than two outputs");
    if (outputs[0].value != 0 || !outputs[0].script_pubkey.empty()) {
        return Broken(Rule::StakeCoinstake, "first output not empty");
    }
    return {};
}

base::Expected<crypto::XOnlyKey, RuleResult> SigningKey(base::ByteSpan kernel_script,
                                                        const primitives::TxIn& kernel_input)
{
    const script::Solution solution = script::Solve(kernel_script);
    switch (solution.type) {
    case script::ScriptType::PubKeyHash:
        return FromShownKey(KeyFromScriptSig(kernel_input.script_sig), solution.parts[0]);
    case script::ScriptType::WitnessV0KeyHash:
        return FromShownKey(KeyFromWitness(kernel_input), solution.parts[0]);
    case script::ScriptType::WitnessV1Taproot:
        if (!IsKeyPathSpend(kernel_input)) return Broken(Rule::StakeKernelSpend);
        return *crypto::XOnlyKey::From(solution.parts[0]);
    default:
        return Broken(Rule::StakeKernelScript);
    }
}

Hash256 BlockSignatureMessage(const Hash256& block_hash)
{
    return crypto::TaggedHash("EMC/block", block_hash.Span());
}

bool CheckBlockSignature(const Hash256& block_hash, const crypto::XOnlyKey& key, base::ByteSpan signature64,
                         script::SignatureCache* cache)
{
    return signature64.size() == SIGNATURE_BYTES &&
           script::VerifySchnorrOnce(cache, true, key, BlockSignatureMessage(block_hash), signature64);
}

} // namespace emc::consensus
