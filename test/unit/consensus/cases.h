// The cases of test/vectors/consensus: each rule with blocks (or transactions) that keep and break it.
#pragma once

#include "unit/consensus/world.h"

namespace emc::test {

/// Cases of one file.
class CaseList
{
public:
    /// A block that keeps the rule (and all others).
    void Accept(consensus::Rule rule, const std::string& tests, const World& world,
                const primitives::Block& block);
    /// A block that breaks this rule first.
    void Reject(consensus::Rule rule, const std::string& tests, const World& world,
                const primitives::Block& block);
    /// The same, with a fault that only this copy of the block has.
    void RejectCopy(consensus::Rule rule, const std::string& tests, const World& world,
                    const primitives::Block& block);
    /// A transaction alone.
    void AcceptTx(consensus::Rule rule, const std::string& tests, const MutableTransaction& tx);
    void RejectTx(consensus::Rule rule, const std::string& tests, const MutableTransaction& tx);

    /// One object a case: "id", "rule", "tests", "in", "expected".
    const codec::Json& Rows() const { return m_cases; }

    /// The file's text.
    std::string Text(const std::string& comment) const;

private:
    struct Verdict {
        bool valid = true;
        bool mutated = false;
    };

    void Add(consensus::Rule rule, const std::string& tests, codec::Json in, Verdict verdict);

    codec::Json m_cases = codec::JsonArray();
    std::map<std::string, int> m_numbers;
};

/// A file of the vectors and what makes it.
struct CaseFile {
    std::string name;
    std::string comment;
    void (*fill)(CaseList& out);
};

const std::vector<CaseFile>& CaseFiles();

void HeaderCases(CaseList& out);
void AuxPowCases(CaseList& out);
void BlockCases(CaseList& out);
void TransactionCases(CaseList& out);
void ConnectCases(CaseList& out);
void NameCases(CaseList& out);
void EnumCases(CaseList& out);
void StakeCases(CaseList& out);
void RewardCases(CaseList& out);

} // namespace emc::test
