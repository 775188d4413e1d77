// Vectors of this chain's own rules (chain/*.json) and of block checks.
#include "consensus/auxpow.h"
#include "consensus/block_rules.h"
#include "consensus/connect.h"
#include "consensus/fork_choice.h"
#include "consensus/header_rules.h"
#include "consensus/kernel.h"
#include "consensus/stake.h"
#include "consensus/stake_rules.h"
#include "consensus/subsidy.h"
#include "vectors/registry.h"

#include <cstdio>

namespace emc::vectors {

namespace {

using base::Bytes;
using base::Hash256;
using base::U256;
using codec::Json;
using namespace consensus; // NOLINT(google-build-using-namespace): the room under test

uint32_t BitsField(const Json& value)
{
    return static_cast<uint32_t>(std::strtoul(TextField(value).c_str(), nullptr, 16));
}

std::string BitsText(uint32_t bits)
{
    std::array<char, 9> out{};
    std::snprintf(out.data(), out.size(), "%08x", bits);
    return out.data();
}

U256 NumberField(const Json& value)
{
    return U256::FromHexText(TextField(value)).value_or(U256());
}

Hash256 HashField(const Json& value)
{
    return base::HashFromReversedHex(TextField(value)).value_or(Hash256{});
}

const Params& NetworkOf(const Json& in)
{
    const Params* params = ParamsByName(TextField(in["network"]));
    return params != nullptr ? *params : MainParams();
}

/// One case of the common form.
struct Case {
    std::string id;
    const Json& in;
    const Json& expected;
    Report& report;

    void Equal(int64_t got, int64_t want) const
    {
        report.Check(got == want, id, std::to_string(got) + ", expected " + std::to_string(want));
    }

    void Text(std::string_view got, const Json& want) const { report.CheckText(got, TextField(want), id); }

    void Valid(bool got) const
    {
        report.Check(got == expected["valid"].isTrue(), id, got ? "valid" : "invalid");
    }
};

using Operation = void (*)(const Case&);
using Operations = std::map<std::string, Operation>;

void RunCases(const VectorFile& file, Report& report, const Operations& operations)
{
    for (const Json& row : Items(file.json["cases"])) {
        const auto found = operations.find(TextField(row["op"]));
        if (found == operations.end()) {
            report.Fail(TextField(row["id"]), "unknown op " + TextField(row["op"]));
            continue;
        }
        found->second({TextField(row["id"]), row["in"], row["expected"], report});
    }
}

void CompactDecode(const Case& c)
{
    const CompactTarget decoded = DecodeCompact(BitsField(c.in["bits"]));
    if (decoded.Usable() != c.expected["usable"].isTrue()) return c.report.Fail(c.id, "usable");
    if (!decoded.Usable()) return c.report.Pass();
    c.report.Check(decoded.target == NumberField(c.expected["target"]), c.id, decoded.target.ToHex());
}

void CompactEncode(const Case& c)
{
    c.Text(BitsText(EncodeCompact(NumberField(c.in["target"]))), c.expected["bits"]);
}

void PowSubsidyCase(const Case& c)
{
    const auto height = static_cast<int32_t>(IntField(c.in["height"]));
    c.Equal(PowSubsidy(NetworkOf(c.in), height, BitsField(c.in["bits"])), IntField(c.expected["subsidy"]));
}

void RunSubsidy(const VectorFile& file, Report& report)
{
    RunCases(file, report,
             {{"compact_decode", CompactDecode},
              {"compact_encode", CompactEncode},
              {"pow_subsidy", PowSubsidyCase}});
}

/// Header times from genesis on.
class ListedTimes final : public ChainTimes
{
public:
    explicit ListedTimes(const Json& times)
    {
        for (const Json& time : Items(times))
            m_times.push_back(IntField(time));
    }

    int64_t MedianTimePast(int32_t height) const override
    {
        const auto end = static_cast<size_t>(height) + 1;
        const size_t begin = end > 11 ? end - 11 : 0;
        return MedianTime(std::span(m_times).subspan(begin, end - begin));
    }

    int64_t BlockTime(int32_t height) const override { return m_times.at(static_cast<size_t>(height)); }

private:
    std::vector<int64_t> m_times;
};

void AgeFromTimes(const Case& c)
{
    const ListedTimes times(c.in["block_times"]);
    const int64_t made = MedianTimeBefore(times, static_cast<int32_t>(IntField(c.in["made_height"])));
    const int64_t spend = times.MedianTimePast(static_cast<int32_t>(IntField(c.in["spend_height"])) - 1);
    if (made != IntField(c.expected["mtp_made"])) return c.report.Fail(c.id, "mtp_made");
    if (spend != IntField(c.expected["mtp_spend"])) return c.report.Fail(c.id, "mtp_spend");
    c.Equal(CoinAge(made, spend), IntField(c.expected["age"]));
}

void CoinAgeCase(const Case& c)
{
    c.Equal(CoinAge(IntField(c.in["mtp_made"]), IntField(c.in["mtp_spend"])), IntField(c.expected["age"]));
}

/// Values and ages, and the sum of the values.
std::pair<std::vector<AgedValue>, Amount> AgedInputs(const Json& in)
{
    std::vector<AgedValue> out;
    Amount sum = 0;
    for (const Json& row : Items(in["inputs"])) {
        out.push_back({IntField(row["value"]), IntField(row["age"])});
        sum += out.back().value;
    }
    return {out, sum};
}

void StakeRewardCase(const Case& c)
{
    c.Equal(MaxStakeReward(AgedInputs(c.in).first), IntField(c.expected["max_reward"]));
}

Amount Sum(const Json& list)
{
    Amount sum = 0;
    for (const Json& value : Items(list))
        sum += IntField(value);
    return sum;
}

void CoinstakeValue(const Case& c)
{
    const auto [inputs, sum] = AgedInputs(c.in);
    const Amount limit = sum + MaxStakeReward(inputs) + IntField(c.in["fees"]);
    const Amount outputs = IntField(c.in["output_sum"]);
    c.Valid(outputs <= limit && primitives::MoneyRange(outputs));
}

void RunStake(const VectorFile& file, Report& report)
{
    RunCases(file, report,
             {{"coin_age_from_times", AgeFromTimes},
              {"coin_age", CoinAgeCase},
              {"stake_reward", StakeRewardCase},
              {"coinstake_value", CoinstakeValue}});
}

void KernelCase(const Case& c)
{
    Kernel kernel;
    kernel.modifier = HashField(c.in["modifier"]);
    kernel.coin_block_time = static_cast<uint32_t>(IntField(c.in["coin_block_time"]));
    kernel.outpoint = {HashField(c.in["kernel_txid"]), static_cast<uint32_t>(IntField(c.in["kernel_index"]))};
    kernel.block_time = static_cast<uint32_t>(IntField(c.in["block_time"]));
    if (base::Hex(KernelPreimage(kernel)) != TextField(c.expected["preimage"]))
        return c.report.Fail(c.id, "preimage");
    const Hash256 hash = KernelHash(kernel);
    if (hash != HashField(c.expected["kernel_hash"])) return c.report.Fail(c.id, base::ReversedHex(hash));
    c.Valid(KernelMeets(hash, *TargetOf(BitsField(c.in["bits"])), IntField(c.in["value"])));
}

void KernelCompare(const Case& c)
{
    const auto target = TargetOf(BitsField(c.in["bits"]));
    c.Valid(target && KernelMeets(HashField(c.in["kernel_hash"]), *target, IntField(c.in["value"])));
}

void KernelDepth(const Case& c)
{
    c.Valid(IntField(c.in["height"]) - IntField(c.in["coin_height"]) >= NetworkOf(c.in).kernel_depth);
}

void TimeCase(const Case& c, const Params& params, bool stake)
{
    primitives::BlockHeader header;
    header.version = stake ? 4 | primitives::VERSION_POS : 4;
    header.time = static_cast<uint32_t>(IntField(c.in["time"]));
    header.bits = stake ? params.pos_limit_bits : params.pow_limit_bits;
    HeaderContext context;
    context.params = &params;
    context.height = 1000;
    context.parent_mtp = IntField(c.in["mtp"]);
    context.required_bits = header.bits;
    context.clock_sec = IntField(c.in["clock"]);
    if (stake && c.in["previous_pos_time"].isNum())
        context.last_pos_time = IntField(c.in["previous_pos_time"]);
    // Proof of work is not part of these cases.
    const bool grid = !stake || CheckHeader(header, params).HasValue();
    c.Valid(grid && CheckHeaderContext(header, context).HasValue());
}

void PosTime(const Case& c)
{
    TimeCase(c, MainParams(), true);
}

void PowTime(const Case& c)
{
    TimeCase(c, NetworkOf(c.in), false);
}

/// Walks through the blocks; stops the case at the first modifier that differs.
void StakeModifierCase(const Case& c)
{
    Hash256 modifier = GenesisModifier(HashField(c.in["genesis_hash"]));
    if (modifier != HashField(c.expected["at_genesis"])) return c.report.Fail(c.id, "at genesis");
    const auto& changes = Items(c.expected["changes"]);
    size_t seen = 0;
    int64_t pos_blocks = 0;
    for (const Json& row : Items(c.in["blocks"])) {
        const std::string kind = TextField(row[0]);
        if (kind == "pow") continue;
        for (int64_t i = 0; i < IntField(row[1]); ++i) {
            const Hash256 next = NextModifier(modifier, ++pos_blocks, HashField(row[0]));
            if (next == modifier) continue;
            modifier = next;
            const bool right = seen < changes.size() &&
                               IntField(changes[seen]["after_pos_block"]) == pos_blocks &&
                               HashField(changes[seen]["modifier"]) == modifier;
            if (!right) return c.report.Fail(c.id, "after PoS block " + std::to_string(pos_blocks));
            ++seen;
        }
    }
    c.report.Check(seen == changes.size() && modifier == HashField(c.expected["at_end"]), c.id, "at end");
}

void RunKernel(const VectorFile& file, Report& report)
{
    RunCases(file, report,
             {{"kernel", KernelCase},
              {"kernel_compare", KernelCompare},
              {"kernel_depth", KernelDepth},
              {"pos_time", PosTime},
              {"pow_time", PowTime},
              {"stake_modifier", StakeModifierCase}});
}

void BlockSignature(const Case& c)
{
    const Hash256 hash = HashField(c.in["block_hash"]);
    const Json& message = c.expected["message"];
    if (message.isStr() && base::Hex(BlockSignatureMessage(hash).Span()) != TextField(message)) {
        return c.report.Fail(c.id, "message");
    }
    primitives::TxIn input;
    input.script_sig = HexField(c.in["kernel_script_sig"]);
    for (const Json& item : Items(c.in["kernel_witness"]))
        input.witness.push_back(HexField(item));
    const auto key = SigningKey(HexField(c.in["kernel_script"]), input);
    if (!key) return c.Valid(false);
    const Json& want_key = c.expected["key"];
    if (want_key.isStr() && base::Hex(key->Span()) != TextField(want_key)) return c.report.Fail(c.id, "key");
    c.Valid(CheckBlockSignature(hash, *key, HexField(c.in["signature"])));
}

void PosCoinbase(const Case& c)
{
    const auto tx = primitives::ParseTransaction(HexField(c.in["coinbase"]));
    if (!tx) return c.report.Fail(c.id, "does not parse");
    const auto verdict = CheckStakeCoinbase(*tx, static_cast<int32_t>(IntField(c.in["height"])));
    if (!verdict && verdict.Error().mutated != c.expected["mutated"].isTrue())
        return c.report.Fail(c.id, "mutated");
    c.Valid(verdict.HasValue());
}

void RunBlockSignature(const VectorFile& file, Report& report)
{
    RunCases(file, report, {{"block_signature", BlockSignature}, {"pos_coinbase", PosCoinbase}});
}

Bytes ProofBytes(const Json& in)
{
    if (in.exists("auxpow")) return HexField(in["auxpow"]);
    Bytes out;
    for (const Json& part : Items(in["auxpow_parts"])) {
        Bytes piece = part.isObject()
                          ? Bytes(static_cast<size_t>(IntField(part["count"])), HexField(part["byte"]).at(0))
                          : HexField(part);
        out.insert(out.end(), piece.begin(), piece.end());
    }
    return out;
}

void AuxPowCase(const Case& c)
{
    Bytes bytes = HexField(c.in["header"]);
    const Bytes proof = ProofBytes(c.in);
    bytes.insert(bytes.end(), proof.begin(), proof.end());
    codec::Reader reader(bytes);
    const primitives::BlockHeader header = primitives::ReadBlockHeader(reader);
    c.Valid(reader.Done() && CheckHeader(header, RegtestParams()).HasValue());
}

void ExpectedIndex(const Case& c)
{
    const uint32_t index = ExpectedAuxIndex(static_cast<uint32_t>(IntField(c.in["nonce"])),
                                            static_cast<uint32_t>(IntField(c.in["chain_id"])),
                                            static_cast<unsigned>(IntField(c.in["branch_length"])));
    c.Equal(index, IntField(c.expected["index"]));
}

void RunAuxPow(const VectorFile& file, Report& report)
{
    RunCases(file, report, {{"auxpow", AuxPowCase}, {"expected_index", ExpectedIndex}});
}

names::NameOp OpOf(const Json& row)
{
    names::NameOp op;
    const std::string kind = TextField(row["op"]);
    op.kind = kind == "new"      ? names::OpKind::New
              : kind == "update" ? names::OpKind::Update
                                 : names::OpKind::Delete;
    op.name = base::ToText(HexField(row["name"]));
    op.days = IntField(row["days"]);
    op.value.resize(static_cast<size_t>(IntField(row["value_length"])));
    return op;
}

void NameFeeCase(const Case& c)
{
    c.Equal(names::NameFee(OpOf(c.in)), IntField(c.expected["burn"]));
}

void TxFee(const Case& c)
{
    primitives::MutableTransaction tx;
    tx.inputs.resize(1);
    tx.inputs[0].prevout.index = 0;
    for (const Json& value : Items(c.in["outputs"]))
        tx.outputs.push_back({IntField(value), {}});
    const primitives::Transaction whole(tx);
    if (!CheckTransaction(whole)) return c.Valid(false);
    std::vector<names::IndexedOp> ops;
    for (const Json& row : Items(c.in["ops"]))
        ops.push_back({ops.size(), OpOf(row)});
    const Amount burned = names::NameFees(ops);
    const auto fee = NetFee({.inputs = Sum(c.in["inputs"]),
                             .claim = IntField(c.in["claim"]),
                             .outputs = *whole.OutputSum(),
                             .burned = burned});
    if (fee && (*fee != IntField(c.expected["fee"]) || burned != IntField(c.expected["burn"]))) {
        return c.report.Fail(c.id, "fee " + std::to_string(*fee) + ", burned " + std::to_string(burned));
    }
    c.Valid(fee.HasValue());
}

void BlockLimit(const Case& c, Amount limit, const Json& outputs)
{
    if (limit != IntField(c.expected["limit"])) return c.report.Fail(c.id, "limit " + std::to_string(limit));
    c.Valid(IntField(outputs) <= limit);
}

void BlockPow(const Case& c)
{
    const auto height = static_cast<int32_t>(IntField(c.in["height"]));
    const Amount subsidy = PowSubsidy(NetworkOf(c.in), height, BitsField(c.in["bits"]));
    BlockLimit(c, subsidy + Sum(c.in["fees"]), c.in["coinbase_outputs"]);
}

void BlockPos(const Case& c)
{
    const auto [inputs, sum] = AgedInputs(c.in);
    BlockLimit(c, sum + MaxStakeReward(inputs) + Sum(c.in["fees"]), c.in["coinstake_outputs"]);
}

void RunFees(const VectorFile& file, Report& report)
{
    RunCases(
        file, report,
        {{"name_fee", NameFeeCase}, {"tx_fee", TxFee}, {"block_pow", BlockPow}, {"block_pos", BlockPos}});
}

void RunAsert(const VectorFile& file, Report& report)
{
    size_t row_number = 0;
    for (const Json& row : Items(file.json["asert"])) {
        const bool stake = TextField(row["kind"]) == "pos";
        AsertCurve curve = CurveOf(MainParams(), stake ? Kind::Pos : Kind::Pow);
        curve.anchor_bits = BitsField(row["anchor_bits"]);
        const uint32_t bits =
            AsertBits(curve, IntField(row["seconds_since_genesis"]), IntField(row["blocks_of_kind"]));
        report.CheckText(BitsText(bits), TextField(row["bits"]), "asert " + std::to_string(row_number++));
    }
}

bool SameState(const ForkState& state, const Json& row)
{
    return state.time == IntField(row["T"]) && state.pow_rate == NumberField(row["Ew"]) &&
           state.pos_rate == NumberField(row["Ep"]) && state.credit == NumberField(row["credit"]) &&
           state.trust == NumberField(row["trust"]) && state.pow_work == NumberField(row["W"]) &&
           state.pos_blocks == IntField(row["npos"]);
}

void RunForkChoice(const VectorFile& file, Report& report)
{
    size_t chain_number = 0;
    for (const Json& chain : Items(file.json["fork_choice"])) {
        Params params = MainParams();
        params.fork_choice_base = IntField(chain["bootstrap"]);
        ForkState state = ForkState::Genesis(params);
        size_t block_number = 0;
        for (const Json& row : Items(chain["blocks"])) {
            const Kind kind = TextField(row["kind"]) == "pos" ? Kind::Pos : Kind::Pow;
            const ForkState next = state.Next(params, kind, BitsField(row["bits"]),
                                              IntField(row["time"]) + params.genesis.header.time);
            const std::string id =
                "fork choice " + std::to_string(chain_number) + ", block " + std::to_string(block_number++);
            report.Check(SameState(next, row) && next.BetterThan(state), id, "state differs");
            state = next;
        }
        ++chain_number;
    }
}

void RunBlockTargets(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json["targets"])) {
        const auto bits = static_cast<uint32_t>(
            row["bits"].isStr() ? std::strtoul(TextField(row["bits"]).c_str(), nullptr, 16)
                                : IntField(row["bits"]));
        report.CheckText(DecodeCompact(bits).target.ToHex(), TextField(row["expected"]),
                         "target " + BitsText(bits));
    }
}

/// A published block under the rules that need no ancestors, its time against a clock.
bool BlockHolds(const primitives::Block& block, bool check_work, int64_t clock)
{
    if (check_work) {
        if (!CheckHeader(block.header, MainParams())) return false;
        if (block.header.time > clock + RegtestParams().pow_future_sec) return false; // Bitcoin's two hours
    }
    return CheckBlock(block).HasValue();
}

void RunCheckBlockRules(const VectorFile& file, Report& report)
{
    const bool want = file.name.find("checkblock_valid") != std::string::npos;
    for (const Json& row : Items(file.json)) {
        if (row.size() < 5) continue;
        const auto block = primitives::ParseBlock(HexField(row[4]));
        const bool holds = block && BlockHolds(*block, row[2].isTrue(), IntField(row[3]));
        report.Check(holds == want, "rules: " + TextField(row[0]), holds ? "valid" : "invalid");
    }
}

void RunCoreBlockRules(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        const auto block = primitives::ParseBlock(HexField(row["hex"]));
        report.Check(block && BlockHolds(*block, true, block->header.time), "rules: " + TextField(row["id"]),
                     "invalid");
    }
}

} // namespace

std::vector<Entry> ChainEntries()
{
    return {
        {"chain/difficulty_and_fork_choice.json", RunAsert},
        {"chain/difficulty_and_fork_choice.json", RunForkChoice},
        {"chain/subsidy.json", RunSubsidy},
        {"chain/stake.json", RunStake},
        {"chain/kernel.json", RunKernel},
        {"chain/block_signature.json", RunBlockSignature},
        {"chain/auxpow.json", RunAuxPow},
        {"chain/fees.json", RunFees},
        {"bitcoinjs/lib/block.json", RunBlockTargets},
        {"bitcoinjs/lib/core_blocks.json", RunCoreBlockRules},
        {"python-bitcoinlib/checkblock_*.json", RunCheckBlockRules},
    };
}

} // namespace emc::vectors
