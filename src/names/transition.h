/// Which operation may change which name, and into what (rules N-*, E-*, V-*).
#pragma once

#include "base/memory.h"
#include "names/state.h"

namespace emc::enumrec {
class Number;
struct Sig;
} // namespace emc::enumrec

namespace emc::script {
struct AddressParams;
class SignatureCache;
} // namespace emc::script

namespace emc::names {

/// Everything a name rule may depend on: the state before the block.
struct NameContext {
    int32_t height = 0;             ///< of the block the transaction is in
    const NameView* view = nullptr; ///< names before the block
    const script::AddressParams* addresses = nullptr;
    script::SignatureCache* cache = nullptr; ///< may be null
};

/// A refused transaction: which output or input, why.
struct NameFailure {
    NameError error{};
    size_t index = 0;   ///< output (or input for spending rules)
    std::string detail; ///< e.g. line and reason of a value
};

/// Checks the outputs of a version-0x0666 transaction that need no state: parse, sizes, grammar of names and
/// values, names once per transaction. Returns the operations by output index; none for transactions of other
/// versions. Rules N-01 … N-09, N-17 for a coinbase, E-01, E-02, V-01, V-02.
struct IndexedOp {
    size_t output = 0;
    NameOp op;
};

[[nodiscard]] base::Expected<std::vector<IndexedOp>, NameFailure>
CheckNameOutputs(const primitives::Transaction& tx);
/// Rule N-17: a coinbase or coinstake (position decides, so the caller says it is one) has neither version
/// 0x0666 nor 0x0CA1.
[[nodiscard]] base::Expected<void, NameFailure> CheckGeneratedVersion(const primitives::Transaction& tx);

/// Checks every operation against the state and gives the changes. For a transaction of any version: also
/// that no live name's output among `spent_names` (names whose current output is spent, with the input's
/// index) goes without its operation. Rules N-11 … N-15, E-03 … E-05; the grammar (N-01 … N-09, E-01, E-02,
/// V-*) is CheckNameOutputs'.
struct SpentName {
    size_t input = 0;
    std::string name;
};

[[nodiscard]] base::Expected<std::vector<NameDelta>, NameFailure>
CheckTransition(const primitives::Transaction& tx, const std::vector<IndexedOp>& ops,
                const std::vector<SpentName>& spent_names, const NameContext& context);

/// Sigop cost of the SIG lines in these operations, 4 for each, without regard to the state: an upper bound.
[[nodiscard]] int NameSigOpCost(const std::vector<IndexedOp>& ops);
/// Sigop cost that counts in a block: 4 for each SIG line that CheckTransition verifies, so none for lines
/// that stand unchanged in the live record of the same owner (doc/consensus-rules.md, design 2 and 6).
[[nodiscard]] int NameSigOpCost(const std::vector<IndexedOp>& ops, const NameContext& context);

/// Names one block may hold: each at most once (N-10), outputs of its NEW and UPDATE unspent to its end
/// (N-16). Feed it the block's transactions in order. One thread.
class BlockNames
{
public:
    BlockNames();
    ~BlockNames();
    BlockNames(const BlockNames&) = delete;
    BlockNames& operator=(const BlockNames&) = delete;
    /// Takes in a transaction with its operations as CheckNameOutputs gave them; on an error nothing is taken
    /// in.
    [[nodiscard]] base::Expected<void, NameFailure> Add(const primitives::Transaction& tx,
                                                        const std::vector<IndexedOp>& ops);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// What is burned for one operation, in units. Rule N-20. Fields must be in range (checked).
[[nodiscard]] primitives::Amount NameFee(const NameOp& op);
/// Sum over a transaction's operations.
[[nodiscard]] primitives::Amount NameFees(const std::vector<IndexedOp>& ops);

/// Does this SIG line verify for number and owner, signed by the verifier's owner script? Expiry is not
/// judged.
[[nodiscard]] bool VerifySig(const enumrec::Sig& sig, const enumrec::Number& number, ByteSpan owner_script,
                             ByteSpan verifier_script, const NameContext& context);

/// A signature counts while it has no expiry or its expiry lies after `now_sec`.
[[nodiscard]] bool SigCounts(const enumrec::Sig& sig, int64_t now_sec);

} // namespace emc::names
