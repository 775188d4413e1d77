// Call records, their trees, call batches, reward transactions.
#include "consensus/connect.h"
#include "consensus/stake.h"
#include "reward/call_tree.h"
#include "reward/car.h"
#include "reward/claim.h"
#include "script/sign.h"
#include "vectors/registry.h"

#include <algorithm>
#include <limits>

namespace emc::vectors {

namespace {

using base::Bytes;
using base::Hash256;
using codec::Json;
using reward::CallRecord;

std::string CaseId(const Json& test)
{
    return TextField(test["id"]) + " (" + TextField(test["tests"]) + ")";
}

Hash256 HashField(const Json& value)
{
    Hash256 out;
    out.bytes = HexArray<32>(value);
    return out;
}

/// Numbers above what the field holds become one the checks refuse as well.
template <typename T>
T NumberField(const Json& value)
{
    const std::string text = TextField(value);
    if (text.empty() || text[0] == '-' || text.size() > 19) return std::numeric_limits<T>::max();
    return static_cast<T>(std::min<uint64_t>(std::stoull(text), std::numeric_limits<T>::max()));
}

/// nullopt when a field cannot even be held: another version, a salt of another length, an empty codec.
std::optional<CallRecord> RecordField(const Json& value)
{
    CallRecord out;
    const Bytes salt = HexField(value["salt"]);
    if (IntField(value["version"]) != 1 || salt.size() != out.salt.size()) return std::nullopt;
    std::copy(salt.begin(), salt.end(), out.salt.begin());
    out.caller = NumberField<uint64_t>(value["caller"]);
    out.callee = NumberField<uint64_t>(value["callee"]);
    out.call_id = TextField(value["call_id"]);
    out.start = NumberField<uint64_t>(value["start"]);
    out.answer = NumberField<uint64_t>(value["answer"]);
    out.end = NumberField<uint64_t>(value["end"]);
    out.q850 = NumberField<uint16_t>(value["q850"]);
    out.sip = NumberField<uint16_t>(value["sip"]);
    if (value.exists("mos")) out.mos = NumberField<uint16_t>(value["mos"]);
    if (value.exists("codec")) {
        out.codec = TextField(value["codec"]);
        if (out.codec.empty()) return std::nullopt;
    }
    return out;
}

void CheckVerdict(Report& report, const Json& test, bool valid)
{
    report.Check(valid == test["expected"]["valid"].isTrue(), CaseId(test), valid ? "accepted" : "refused");
}

void RecordCase(const Json& test, Report& report)
{
    const Json& want = test["expected"];
    const auto record = RecordField(test["in"]["record"]);
    const bool valid = record && reward::CheckCallRecord(*record);
    if (!valid || !want["valid"].isTrue()) {
        CheckVerdict(report, test, valid);
        return;
    }
    const Bytes cbor = reward::EncodeCallRecord(*record);
    report.CheckBytes(cbor, HexField(want["cbor"]), CaseId(test));
    report.CheckBytes(reward::CallLeaf(cbor).Span(), HexField(want["leaf"]), CaseId(test));
    report.Check(reward::CallMinutes(record->answer, record->end) == NumberField<uint64_t>(want["minutes"]),
                 CaseId(test), "minutes");
}

void RecordCborCase(const Json& test, Report& report)
{
    const Bytes cbor = HexField(test["in"]["cbor"]);
    const auto record = reward::DecodeCallRecord(cbor);
    const Json& want = test["expected"];
    if (!record || !want["valid"].isTrue()) {
        CheckVerdict(report, test, record.HasValue());
        return;
    }
    report.Check(*record == RecordField(want["record"]), CaseId(test), "another record");
    report.CheckBytes(reward::EncodeCallRecord(*record), cbor, CaseId(test));
    report.CheckBytes(reward::CallLeaf(cbor).Span(), HexField(want["leaf"]), CaseId(test));
}

std::vector<Hash256> HashFields(const Json& value)
{
    std::vector<Hash256> out;
    for (const Json& item : Items(value))
        out.push_back(HashField(item));
    return out;
}

void TreeCase(const Json& test, Report& report)
{
    std::vector<CallRecord> records;
    for (const Json& item : Items(test["in"]["records"])) {
        const auto record = reward::DecodeCallRecord(HexField(item));
        if (!record) {
            report.Fail(CaseId(test), "a record is refused");
            return;
        }
        records.push_back(*record);
    }
    const Json& want = test["expected"];
    const auto tree = reward::MakeCallTree(records);
    if (!tree) {
        report.Fail(CaseId(test), "no tree");
        return;
    }
    bool paths = true;
    for (size_t i = 0; i < tree->leaves.size(); ++i) {
        const auto path = reward::TreePath(tree->leaves, i);
        paths &= path == HashFields(want["paths"][i]) &&
                 reward::VerifyCallProof(tree->leaves[i], {i, tree->leaves.size(), path}, tree->root);
    }
    report.Check(tree->leaves == HashFields(want["leaves"]), CaseId(test), "other leaves");
    report.CheckBytes(tree->root.Span(), HexField(want["root"]), CaseId(test));
    report.Check(records.size() == NumberField<size_t>(want["calls"]), CaseId(test), "calls");
    report.Check(tree->minutes == NumberField<uint64_t>(want["minutes"]), CaseId(test), "minutes");
    report.Check(paths, CaseId(test), "other paths");
}

void ProofCase(const Json& test, Report& report)
{
    const Json& in = test["in"];
    const reward::CallProof proof{NumberField<uint64_t>(in["index"]), NumberField<uint64_t>(in["calls"]),
                                  HashFields(in["path"])};
    CheckVerdict(report, test, reward::VerifyCallProof(HashField(in["leaf"]), proof, HashField(in["root"])));
}

void PlainTreeCase(const Json& test, Report& report)
{
    std::vector<Hash256> leaves;
    for (const Json& item : Items(test["in"]["data"]))
        leaves.push_back(reward::CallLeaf(HexField(item)));
    report.CheckBytes(reward::TreeRoot(leaves).Span(), HexField(test["expected"]["root"]), CaseId(test));
}

void CarCase(const Json& test, Report& report)
{
    const auto car = reward::MakeCar(HexField(test["in"]["data"]));
    report.CheckText(car.cid, TextField(test["expected"]["cid"]), CaseId(test));
    report.CheckBytes(car.bytes, HexField(test["expected"]["car"]), CaseId(test));
}

using CaseHandler = void (*)(const Json& test, Report& report);

void RunCallRecords(const VectorFile& file, Report& report)
{
    static const std::map<std::string, CaseHandler> HANDLERS = {
        {"call_record", RecordCase}, {"call_record_cbor", RecordCborCase}, {"call_tree", TreeCase},
        {"call_proof", ProofCase},   {"plain_tree", PlainTreeCase},        {"cid_car", CarCase},
    };
    for (const Json& test : Items(file.json["cases"])) {
        const auto handler = HANDLERS.find(TextField(test["op"]));
        if (handler == HANDLERS.end())
            report.Fail(CaseId(test), "no handler for this op");
        else
            handler->second(test, report);
    }
}

/// The key a valid signature shows; empty when it does not hold for the owner.
Bytes SignerOf(const crypto::CompactSignature& signature, const Hash256& digest, const Bytes& owner)
{
    if (!script::VerifyDigest(owner, digest, signature, true)) return {};
    const auto key = crypto::RecoverCompact(digest, signature);
    return Bytes(key->Span().begin(), key->Span().end());
}

void CheckFields(const reward::CallBatch& batch, const Json& want, const std::string& id, Report& report)
{
    const auto& [caller, callee] = batch.pair;
    const bool same = caller.number == NumberField<uint64_t>(want["caller"]) &&
                      caller.slot == NumberField<uint16_t>(want["caller_slot"]) &&
                      callee.number == NumberField<uint64_t>(want["callee"]) &&
                      callee.slot == NumberField<uint16_t>(want["callee_slot"]) &&
                      batch.period_start == NumberField<uint32_t>(want["period_start"]) &&
                      batch.period_end == NumberField<uint32_t>(want["period_end"]) &&
                      batch.calls == NumberField<uint32_t>(want["calls"]) &&
                      batch.minutes == NumberField<uint32_t>(want["minutes"]) &&
                      std::to_string(batch.claim) == TextField(want["claim"]);
    report.Check(same, id, "other fields");
    report.CheckBytes(batch.root.Span(), HexField(want["root"]), id);
}

void RunCallBatches(const VectorFile& file, Report& report)
{
    for (const Json& test : Items(file.json["cases"])) {
        const std::string id = CaseId(test);
        const Json& want = test["expected"];
        const Bytes payload = HexField(test["in"]["payload"]);
        const auto batch = reward::ParseBatch(payload);
        if (!batch || !want["canonical"].isTrue()) {
            report.Check(batch.has_value() == want["canonical"].isTrue(), id, batch ? "accepted" : "refused");
            continue;
        }
        CheckFields(*batch, want, id, report);
        report.CheckBytes(reward::WriteBatch(*batch), payload, id);
        const auto genesis = base::HashFromReversedHex(TextField(test["in"]["genesis_hash"]));
        const Hash256 digest = reward::BatchDigest(genesis.value_or(Hash256{}), *batch);
        report.CheckBytes(digest.Span(), HexField(want["digest"]), id);
        for (const std::string side : {"caller", "callee"}) {
            const auto& signature = side == "caller" ? batch->caller_signature : batch->callee_signature;
            const Bytes signer = SignerOf(signature, digest, HexField(test["in"][side + "_owner_script"]));
            const bool valid = want[side + "_signature_valid"].isTrue();
            report.Check(signer.empty() != valid, id, side + "'s signature");
            if (valid) report.CheckBytes(signer, HexField(want[side + "_key"]), id);
        }
    }
}

/// Rows of caller, slot, callee, slot, end.
std::map<reward::CallPair, uint32_t> WatermarksField(const Json& value)
{
    std::map<reward::CallPair, uint32_t> out;
    for (const Json& row : Items(value)) {
        const reward::CallPair pair{{NumberField<uint64_t>(row[0]), NumberField<uint16_t>(row[1])},
                                    {NumberField<uint64_t>(row[2]), NumberField<uint16_t>(row[3])}};
        out[pair] = NumberField<uint32_t>(row[4]);
    }
    return out;
}

/// The state in front of a block, as a case gives it.
class RewardState final : public consensus::NameStateView,
                          public reward::WatermarkView,
                          public consensus::ChainTimes
{
public:
    explicit RewardState(const Json& in) : height(static_cast<int32_t>(IntField(in["height"])))
    {
        if (const auto* known = consensus::ParamsByName(TextField(in["network"]))) params = *known;
        params.genesis_hash = base::HashFromReversedHex(TextField(in["genesis_hash"])).value_or(Hash256{});
        for (const std::string& at : in["mtp"].getKeys())
            m_mtp[static_cast<int32_t>(std::stol(at))] = IntField(in["mtp"][at]);
        for (const std::string& name : in["names"].getKeys()) {
            const Json& row = in["names"][name];
            names::NameRecord record;
            record.owner_script = HexField(row["owner_script"]);
            record.born_height = record.updated_height = static_cast<int32_t>(IntField(row["new_height"]));
            record.expiry = static_cast<int32_t>(IntField(row["expiry"]));
            record.outpoint = Place(row["outpoint"]);
            m_names[name] = record;
        }
        watermarks = WatermarksField(in["watermarks"]);
        for (const Json& row : Items(in["coins"])) {
            primitives::Coin coin;
            coin.out = {IntField(row["value"]), HexField(row["owner_script"])};
            coin.height = static_cast<int32_t>(IntField(row["height"]));
            coin.generated = row["coinbase_maturity"].isTrue();
            coin.had_prefix = TextField(row["prefix"]) != "none";
            coins[Place(row["outpoint"])] = coin;
        }
    }

    std::optional<names::NameRecord> Get(std::string_view name) const override
    {
        const auto found = m_names.find(name);
        if (found == m_names.end()) return std::nullopt;
        return found->second;
    }

    std::optional<std::string> NameByOutpoint(const primitives::OutPoint& outpoint) const override
    {
        for (const auto& [name, record] : m_names) {
            if (record.outpoint == outpoint) return name;
        }
        return std::nullopt;
    }

    std::optional<uint32_t> EndOf(const reward::CallPair& pair) const override
    {
        const auto found = watermarks.find(pair);
        if (found == watermarks.end()) return std::nullopt;
        return found->second;
    }

    int64_t MedianTimePast(int32_t at) const override
    {
        const auto found = m_mtp.find(at);
        return found == m_mtp.end() ? 0 : found->second;
    }

    int64_t BlockTime(int32_t at) const override { return MedianTimePast(at); }

    consensus::Params params;
    int32_t height;
    std::map<primitives::OutPoint, primitives::Coin> coins;
    std::map<reward::CallPair, uint32_t> watermarks;

private:
    static primitives::OutPoint Place(const Json& value)
    {
        const std::string text = TextField(value);
        const size_t colon = text.find(':');
        primitives::OutPoint out;
        out.txid = base::HashFromReversedHex(text.substr(0, colon)).value_or(Hash256{});
        out.index =
            static_cast<uint32_t>(std::stoul("0" + text.substr(std::min(colon, text.size() - 1) + 1)));
        return out;
    }

    std::map<int32_t, int64_t> m_mtp;
    std::map<std::string, names::NameRecord, std::less<>> m_names;
};

/// The transactions of a case, one after the other, as a block does it.
class RewardRun
{
public:
    explicit RewardRun(const Json& state) : m_state(state)
    {
        m_context.params = &m_state.params;
        m_context.height = m_state.height;
        m_context.parent_mtp = m_state.MedianTimePast(m_state.height - 1);
        m_context.names = &m_state;
        m_context.watermarks = &m_state;
        m_context.times = &m_state;
    }

    bool Add(const Bytes& bytes)
    {
        const auto tx = primitives::ParseTransaction(bytes);
        if (!tx || !consensus::CheckTransaction(*tx)) return false;
        if (!consensus::CheckNameShape(*tx, consensus::TxRole::Ordinary)) return false;
        spent.clear();
        for (const auto& input : tx->Inputs()) {
            const auto coin = m_state.coins.extract(input.prevout);
            if (coin.empty()) return false;
            spent.push_back(coin.mapped());
        }
        const auto outcome = consensus::CheckSpend(*tx, spent, m_context);
        if (!outcome) return false;
        for (uint32_t i = 0; i < tx->Outputs().size(); ++i) {
            const auto role = consensus::TxRole::Ordinary;
            if (auto coin = consensus::CoinOf(*tx, i, m_state.height, role))
                m_state.coins.emplace(primitives::OutPoint{tx->Txid(), i}, std::move(*coin));
        }
        fees += outcome->fee;
        last = outcome->reward;
        return !last || block.Add(*last);
    }

    /// The coins of `owner` among those spent last, with their ages.
    [[nodiscard]] std::vector<reward::SpentValue> Values() const
    {
        std::vector<reward::SpentValue> out;
        for (const auto& coin : spent) {
            const int64_t made = consensus::MedianTimeBefore(m_state, coin.height);
            out.push_back(
                {coin.out.value, consensus::CoinAge(made, m_context.parent_mtp), coin.out.script_pubkey});
        }
        return out;
    }

    std::vector<primitives::Coin> spent;
    primitives::Amount fees = 0;
    std::optional<reward::Reward> last;
    reward::BlockRewards block;

private:
    RewardState m_state;
    consensus::ConnectContext m_context;
};

void RewardTransactionCase(const Json& test, Report& report)
{
    const Json& want = test["expected"];
    RewardRun run(test["in"]["state"]);
    const Bytes bytes = HexField(test["in"]["tx"]);
    const bool valid = run.Add(bytes) && run.last.has_value();
    CheckVerdict(report, test, valid);
    if (!valid || !want["valid"].isTrue()) return;
    const auto tx = primitives::ParseTransaction(bytes);
    const auto& outputs = tx->Outputs();
    const auto output = reward::ParseRewardOutput(outputs[0].script_pubkey);
    primitives::Amount bond = 0;
    for (const auto& coin : run.Values()) {
        if (std::ranges::equal(coin.owner_script, output->owner_script)) bond += coin.value;
    }
    const std::string id = CaseId(test);
    report.Check(run.fees == IntField(want["fee"]), id, "fee");
    report.Check(bond == IntField(want["bond"]), id, "bond");
    report.Check(reward::AgeBound(run.Values(), output->owner_script) == IntField(want["age_bound"]), id,
                 "bound by age");
    report.Check(reward::MinuteBound(output->batch.minutes) == IntField(want["minute_bound"]), id,
                 "bound by minutes");
    report.Check(run.last->watermark.end == NumberField<uint32_t>(want["watermark"]), id, "watermark");
}

void RewardBlockCase(const Json& test, Report& report)
{
    const Json& want = test["expected"];
    RewardRun run(test["in"]["state"]);
    bool valid = true;
    for (const Json& tx : Items(test["in"]["txs"]))
        valid = valid && run.Add(HexField(tx));
    CheckVerdict(report, test, valid);
    if (!valid || !want["valid"].isTrue()) return;
    const std::string id = CaseId(test);
    report.Check(run.block.Claims() == IntField(want["claims"]), id, "claims");
    report.Check(run.fees == IntField(want["fees"]), id, "fees");
    std::map<reward::CallPair, uint32_t> made;
    for (const auto& item : run.block.All())
        made[item.watermark.pair] = item.watermark.end;
    report.Check(made == WatermarksField(want["watermarks"]), id, "watermarks");
}

void RunRewards(const VectorFile& file, Report& report)
{
    for (const Json& test : Items(file.json["cases"])) {
        const std::string op = TextField(test["op"]);
        if (op == "reward_transaction")
            RewardTransactionCase(test, report);
        else if (op == "reward_block")
            RewardBlockCase(test, report);
        else
            report.Fail(CaseId(test), "no handler for this op");
    }
}

} // namespace

std::vector<Entry> RewardEntries()
{
    return {
        {"chain/call_leaf.json", RunCallRecords},
        {"chain/call_batch.json", RunCallBatches},
        {"chain/reward.json", RunRewards},
    };
}

} // namespace emc::vectors
