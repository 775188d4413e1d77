/// Name operations as output scripts (doc/consensus-rules.md, design 5; rule ids N-*).
#pragma once

#include "base/expected.h"
#include "primitives/transaction.h"

namespace emc::names {

using base::Bytes;
using base::ByteSpan;

inline constexpr size_t MAX_NAME_BYTES = 512;
inline constexpr size_t MAX_VALUE_BYTES = 20'480;
inline constexpr int MAX_DAYS = 36'500;
inline constexpr int BLOCKS_PER_DAY = 168;
/// Expiry may lie at most this many blocks ahead.
inline constexpr int MAX_EXPIRY_AHEAD = 6'132'000;

enum class OpKind : uint8_t { New = 1, Update = 2, Delete = 3 };
/// "name_new", "name_update", "name_delete"
[[nodiscard]] std::string_view OpName(OpKind kind);

struct NameOp {
    OpKind kind = OpKind::New;
    std::string name; ///< raw bytes
    int64_t days = 0; ///< 0 for Delete
    Bytes value;      ///< empty for Delete
    Bytes owner_script;

    bool operator==(const NameOp&) const = default;
};

/// Why a script that begins like a name operation is none, or an operation is invalid. Rule ids in brackets.
enum class NameError : uint8_t {
    BadPrefix,       ///< [N-01] pushes not as the format demands
    BadDays,         ///< [N-02] not a minimal number of at most 4 bytes
    BadChunks,       ///< [N-03] value chunks or drops wrong
    BadOwner,        ///< [N-05] owner script of another kind than P2PKH, P2SH, P2WPKH, P2WSH, witness v1–16
    NameSize,        ///< [N-06]
    ValueSize,       ///< [N-07]
    DaysRange,       ///< [N-08]
    NoNameOutput,    ///< [N-04] version 0x0666 without any name operation
    RepeatedInTx,    ///< [N-09]
    RepeatedInBlock, ///< [N-10]
    ExpiryTooFar,    ///< [N-14]
    NewOfLiveName,   ///< [N-11]
    NotLive,         ///< [N-12] UPDATE or DELETE of a name that is not live
    NotOwnerInput,   ///< [N-13] UPDATE or DELETE that does not spend the name's current output
    SpentWithoutOp,  ///< [N-15] a live name's output spent without an operation on it
    SpentInSameBlock,   ///< [N-16] output of a NEW or UPDATE spent in its own block
    WrongTxKind,        ///< [N-17] coinbase or coinstake of version 0x0666 or 0x0CA1
    EnumName,           ///< [E-01] name under enum: or ver: that breaks the grammar
    EnumValue,          ///< [E-02] with a rule of its own for each reason, see enumrec::RuleId
    EnumSlotGap,        ///< [E-03] slot N without a live slot N−1
    SigVerifierMissing, ///< [E-04] SIG line names a verifier that is not live
    SigWrong,           ///< [E-05] SIG line does not verify
    VerValue,           ///< [V-01] with a rule of its own for each reason, see enumrec::RuleId
    VerOwner,           ///< [V-02] ver: record whose owner is not P2PKH or P2WPKH
};
[[nodiscard]] std::string_view Text(NameError error);
/// The rule an operation of this kind breaks: "N-01" … (doc/enum.md).
[[nodiscard]] std::string_view RuleId(NameError error);

/// A script read as a name output of a version-0x0666 transaction.
struct ParsedOutput {
    std::optional<NameOp> op; ///< absent: an ordinary script
};

/// Ordinary scripts give no op; scripts that begin 51|52|53 75 must parse or give an error (rules N-01 …
/// N-03, N-05). Also checks sizes and days ranges (N-06 … N-08; they need no state).
[[nodiscard]] base::Expected<ParsedOutput, NameError> ParseNameOutput(ByteSpan script);
/// The output script of an operation. Fields must be in range (checked).
[[nodiscard]] Bytes WriteNameScript(const NameOp& op);

/// The owner script of output `index` of a transaction: the script without its name or reward prefix, or the
/// script itself. Malformed prefixes are returned whole (such transactions are invalid anyway). `had_prefix`
/// tells which.
struct OwnerScript {
    ByteSpan script;
    bool had_prefix = false;
};

[[nodiscard]] OwnerScript OwnerScriptOf(int32_t tx_version, size_t index, ByteSpan script);
/// True for the owner scripts rule N-05 allows.
[[nodiscard]] bool IsOwnerScript(ByteSpan script);

} // namespace emc::names
