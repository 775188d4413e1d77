#include "unit/consensus/cases.h"

namespace emc::test {

using codec::Json;

void CaseList::Add(consensus::Rule rule, const std::string& tests, Json in, Verdict verdict)
{
    const std::string rule_id(consensus::Id(rule));
    const std::string key = rule_id + (verdict.valid ? "-accept-" : "-reject-");
    Json expected = codec::JsonObject();
    expected.pushKV("valid", verdict.valid);
    if (!verdict.valid) {
        expected.pushKV("rule", rule_id);
        expected.pushKV("mutated", verdict.mutated);
    }
    Json row = codec::JsonObject();
    row.pushKV("id", key + std::to_string(++m_numbers[key]));
    row.pushKV("rule", rule_id);
    row.pushKV("tests", tests);
    row.pushKV("in", std::move(in));
    row.pushKV("expected", std::move(expected));
    m_cases.push_back(std::move(row));
}

namespace {

Json BlockInput(const World& world, const primitives::Block& block)
{
    Json in = world.ToJson();
    in.pushKV("block", PackHex(primitives::Serialize(block)));
    return in;
}

Json TxInput(const MutableTransaction& tx)
{
    Bytes bytes;
    codec::Writer writer(bytes);
    // Without inputs the form with witness cannot be told from the one without.
    const auto mode = tx.HasWitness() ? primitives::WitnessMode::With : primitives::WitnessMode::Without;
    primitives::Write(writer, tx, mode);
    Json in = codec::JsonObject();
    in.pushKV("transaction", PackHex(bytes));
    return in;
}

} // namespace

void CaseList::Accept(consensus::Rule rule, const std::string& tests, const World& world,
                      const primitives::Block& block)
{
    Add(rule, tests, BlockInput(world, block), {});
}

void CaseList::Reject(consensus::Rule rule, const std::string& tests, const World& world,
                      const primitives::Block& block)
{
    Add(rule, tests, BlockInput(world, block), {.valid = false});
}

void CaseList::RejectCopy(consensus::Rule rule, const std::string& tests, const World& world,
                          const primitives::Block& block)
{
    Add(rule, tests, BlockInput(world, block), {.valid = false, .mutated = true});
}

void CaseList::AcceptTx(consensus::Rule rule, const std::string& tests, const MutableTransaction& tx)
{
    Add(rule, tests, TxInput(tx), {});
}

void CaseList::RejectTx(consensus::Rule rule, const std::string& tests, const MutableTransaction& tx)
{
    Add(rule, tests, TxInput(tx), {.valid = false});
}

std::string CaseList::Text(const std::string& comment) const
{
    // One case a line, so that changes show as lines.
    std::string out = "{\"comment\": " + codec::WriteJson(Json(comment)) + ",\n\"cases\": [\n";
    for (size_t i = 0; i < m_cases.size(); ++i) {
        out += codec::WriteJson(m_cases[i]) + (i + 1 < m_cases.size() ? ",\n" : "\n");
    }
    return out + "]}\n";
}

const std::vector<CaseFile>& CaseFiles()
{
    static const std::vector<CaseFile> FILES = {
        {"header.json", "rules of headers", HeaderCases},
        {"auxpow.json", "rules of merged-mining proofs", AuxPowCases},
        {"block.json", "rules of blocks without their coins", BlockCases},
        {"transaction.json", "rules of single transactions", TransactionCases},
        {"connect.json", "rules of blocks against their coins", ConnectCases},
        {"names.json", "rules of name operations", NameCases},
        {"enum.json", "rules of enum: and ver: records", EnumCases},
        {"stake.json", "rules of proof of stake", StakeCases},
        {"reward.json", "rules of call-minute rewards", RewardCases},
    };
    return FILES;
}

} // namespace emc::test
