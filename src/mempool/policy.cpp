#include "mempool/policy.h"

#include "names/op_codec.h"
#include "script/script.h"
#include "script/solver.h"

#include <algorithm>

namespace emc::mempool {

namespace {

using base::Unexpected;
using script::ScriptType;

constexpr uint32_t MAX_REPLACEABLE_SEQUENCE = 0xfffffffd;
/// Bytes of an input that spends a legacy or a witness output, for the dust limit.
constexpr size_t LEGACY_INPUT_BYTES = 148;
constexpr size_t WITNESS_INPUT_BYTES = 67;
constexpr int MAX_STANDARD_MULTISIG_KEYS = 3;

base::Expected<void, std::string> CheckOutput(const primitives::Transaction& tx, size_t index,
                                              size_t& data_outputs)
{
    const auto& output = tx.Outputs()[index];
    const auto owner = names::OwnerScriptOf(tx.Version(), index, output.script_pubkey);
    const auto solution = script::Solve(owner.script);
    if (solution.type == ScriptType::NonStandard) return Unexpected(std::string("scriptpubkey"));
    if (solution.type == ScriptType::MultiSig && solution.parts.size() > MAX_STANDARD_MULTISIG_KEYS + 2) {
        return Unexpected(std::string("scriptpubkey"));
    }
    if (solution.type == ScriptType::NullData) {
        if (output.script_pubkey.size() > MAX_DATA_SCRIPT_BYTES)
            return Unexpected(std::string("scriptpubkey"));
        if (++data_outputs > 1) return Unexpected(std::string("multi-op-return"));
        return {};
    }
    if (output.value < DustThreshold(owner.script)) return Unexpected(std::string("dust"));
    return {};
}

} // namespace

size_t PolicyVsize(const primitives::Transaction& tx, int64_t sigop_cost)
{
    const auto by_sigops = static_cast<size_t>(sigop_cost * BYTES_PER_SIGOP);
    return (std::max(tx.Weight(), by_sigops) + 3) / 4;
}

Amount DustThreshold(base::ByteSpan owner_script)
{
    if (script::IsUnspendable(owner_script)) return 0;
    const size_t output = 8 + codec::CompactSizeBytes(owner_script.size()) + owner_script.size();
    const size_t input = script::AsWitnessProgram(owner_script) ? WITNESS_INPUT_BYTES : LEGACY_INPUT_BYTES;
    return DUST_RATE_PER_KVB * static_cast<Amount>(output + input) / 1000;
}

base::Expected<void, std::string> CheckStandard(const primitives::Transaction& tx)
{
    const int32_t version = tx.Version();
    if (version != 1 && version != 2 && version != TRUC_TX_VERSION &&
        version != primitives::NAME_TX_VERSION && version != primitives::REWARD_TX_VERSION) {
        return Unexpected(std::string("version"));
    }
    if (tx.Weight() > MAX_STANDARD_WEIGHT) return Unexpected(std::string("tx-size"));
    if (tx.BaseSize() < MIN_STANDARD_BASE_BYTES) return Unexpected(std::string("tx-size-small"));
    for (const auto& input : tx.Inputs()) {
        if (input.script_sig.size() > MAX_STANDARD_SCRIPT_SIG_BYTES)
            return Unexpected(std::string("scriptsig-size"));
        if (!script::IsPushOnly(input.script_sig)) return Unexpected(std::string("scriptsig-not-pushonly"));
    }
    size_t data_outputs = 0;
    size_t prefixed = 0;
    for (size_t i = 0; i < tx.Outputs().size(); ++i) {
        if (auto checked = CheckOutput(tx, i, data_outputs); !checked) return checked;
        if (names::OwnerScriptOf(version, i, tx.Outputs()[i].script_pubkey).had_prefix) ++prefixed;
    }
    if (prefixed > MAX_STANDARD_NAME_OUTPUTS) return Unexpected(std::string("too-many-names"));
    return {};
}

bool IsTruc(const primitives::Transaction& tx)
{
    return tx.Version() == TRUC_TX_VERSION;
}

bool SignalsReplacement(const primitives::Transaction& tx)
{
    return IsTruc(tx) || std::any_of(tx.Inputs().begin(), tx.Inputs().end(), [](const auto& input) {
               return input.sequence <= MAX_REPLACEABLE_SEQUENCE;
           });
}

} // namespace emc::mempool
