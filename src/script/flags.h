/// Which script rules are in force, and why a script failed.
#pragma once

#include <cstdint>
#include <string_view>

namespace emc::script {

/// Bit set of rules; combine with |.
using Flags = uint32_t;

inline constexpr Flags VERIFY_NONE = 0;
inline constexpr Flags VERIFY_P2SH = 1u << 0;        ///< BIP 16
inline constexpr Flags VERIFY_STRICTENC = 1u << 1;   ///< defined hash types and key forms only
inline constexpr Flags VERIFY_DERSIG = 1u << 2;      ///< BIP 66
inline constexpr Flags VERIFY_LOW_S = 1u << 3;       ///< BIP 62 rule 5
inline constexpr Flags VERIFY_NULLDUMMY = 1u << 4;   ///< BIP 147
inline constexpr Flags VERIFY_SIGPUSHONLY = 1u << 5; ///< BIP 62 rule 2
inline constexpr Flags VERIFY_MINIMALDATA = 1u << 6; ///< BIP 62 rules 3 and 4
inline constexpr Flags VERIFY_DISCOURAGE_UPGRADABLE_NOPS = 1u << 7;
inline constexpr Flags VERIFY_CLEANSTACK = 1u << 8;           ///< BIP 62 rule 6
inline constexpr Flags VERIFY_CHECKLOCKTIMEVERIFY = 1u << 9;  ///< BIP 65
inline constexpr Flags VERIFY_CHECKSEQUENCEVERIFY = 1u << 10; ///< BIP 112
inline constexpr Flags VERIFY_WITNESS = 1u << 11;             ///< BIP 141
inline constexpr Flags VERIFY_DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM = 1u << 12;
inline constexpr Flags VERIFY_MINIMALIF = 1u << 13;
inline constexpr Flags VERIFY_NULLFAIL = 1u << 14;
inline constexpr Flags VERIFY_WITNESS_PUBKEYTYPE = 1u << 15;
inline constexpr Flags VERIFY_CONST_SCRIPTCODE = 1u << 16;
inline constexpr Flags VERIFY_TAPROOT = 1u << 17; ///< BIPs 341 and 342
inline constexpr Flags VERIFY_DISCOURAGE_UPGRADABLE_TAPROOT_VERSION = 1u << 18;
inline constexpr Flags VERIFY_DISCOURAGE_OP_SUCCESS = 1u << 19;
inline constexpr Flags VERIFY_DISCOURAGE_UPGRADABLE_PUBKEYTYPE = 1u << 20;

/// Rules every block must follow (all active from block 1).
inline constexpr Flags CONSENSUS_FLAGS = VERIFY_P2SH | VERIFY_DERSIG | VERIFY_NULLDUMMY |
                                         VERIFY_CHECKLOCKTIMEVERIFY | VERIFY_CHECKSEQUENCEVERIFY |
                                         VERIFY_WITNESS | VERIFY_TAPROOT;
/// Rules the mempool and the wallet add.
inline constexpr Flags STANDARD_FLAGS =
    CONSENSUS_FLAGS | VERIFY_STRICTENC | VERIFY_MINIMALDATA | VERIFY_DISCOURAGE_UPGRADABLE_NOPS |
    VERIFY_CLEANSTACK | VERIFY_MINIMALIF | VERIFY_NULLFAIL | VERIFY_LOW_S |
    VERIFY_DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM | VERIFY_WITNESS_PUBKEYTYPE | VERIFY_CONST_SCRIPTCODE |
    VERIFY_DISCOURAGE_UPGRADABLE_TAPROOT_VERSION | VERIFY_DISCOURAGE_OP_SUCCESS |
    VERIFY_DISCOURAGE_UPGRADABLE_PUBKEYTYPE;

enum class Error : uint8_t {
    Ok,
    Unknown,
    EvalFalse,
    OpReturn,
    ScriptSize,
    PushSize,
    OpCount,
    StackSize,
    SigCount,
    PubkeyCount,
    Verify,
    EqualVerify,
    CheckMultiSigVerify,
    CheckSigVerify,
    NumEqualVerify,
    BadOpcode,
    DisabledOpcode,
    InvalidStackOperation,
    InvalidAltStackOperation,
    UnbalancedConditional,
    NegativeLockTime,
    UnsatisfiedLockTime,
    NumberOverflow,
    SigHashType,
    SigDer,
    MinimalData,
    SigPushOnly,
    SigHighS,
    SigNullDummy,
    PubkeyType,
    CleanStack,
    MinimalIf,
    SigNullFail,
    DiscourageUpgradableNops,
    DiscourageUpgradableWitnessProgram,
    DiscourageUpgradableTaprootVersion,
    DiscourageOpSuccess,
    DiscourageUpgradablePubkeyType,
    WitnessProgramWrongLength,
    WitnessProgramWitnessEmpty,
    WitnessProgramMismatch,
    WitnessMalleated,
    WitnessMalleatedP2sh,
    WitnessUnexpected,
    WitnessPubkeyType,
    SchnorrSigSize,
    SchnorrSigHashType,
    SchnorrSig,
    TaprootWrongControlSize,
    TapscriptValidationWeight,
    TapscriptCheckMultiSig,
    TapscriptMinimalIf,
    OpCodeSeparator,
    SigFindAndDelete,
};

/// A sentence for people.
[[nodiscard]] std::string_view Text(Error error);

} // namespace emc::script
