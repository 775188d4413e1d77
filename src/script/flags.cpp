#include "script/flags.h"

namespace emc::script {

namespace {

std::string_view EvaluationText(Error error)
{
    switch (error) {
    case Error::Ok:
        return "no error";
    case Error::EvalFalse:
        return "the script ended with false or an empty stack";
    case Error::OpReturn:
        return "OP_RETURN was run";
    case Error::ScriptSize:
        return "the script is longer than 10000 bytes";
    case Error::PushSize:
        return "an element is longer than 520 bytes";
    case Error::OpCount:
        return "more than 201 operations";
    case Error::StackSize:
        return "more than 1000 elements on the stacks";
    case Error::SigCount:
        return "number of signatures is negative or above the number of keys";
    case Error::PubkeyCount:
        return "number of keys is negative or above 20";
    case Error::Verify:
        return "OP_VERIFY found false";
    case Error::EqualVerify:
        return "OP_EQUALVERIFY found different elements";
    case Error::CheckMultiSigVerify:
        return "OP_CHECKMULTISIGVERIFY failed";
    case Error::CheckSigVerify:
        return "OP_CHECKSIGVERIFY failed";
    case Error::NumEqualVerify:
        return "OP_NUMEQUALVERIFY found different numbers";
    case Error::BadOpcode:
        return "unknown or reserved op code, or a push that runs past the end";
    case Error::DisabledOpcode:
        return "disabled op code";
    case Error::InvalidStackOperation:
        return "too few elements on the stack";
    case Error::InvalidAltStackOperation:
        return "too few elements on the alternative stack";
    case Error::UnbalancedConditional:
        return "OP_IF, OP_ELSE and OP_ENDIF do not match";
    case Error::NegativeLockTime:
        return "negative lock time";
    case Error::UnsatisfiedLockTime:
        return "the lock time is not reached";
    case Error::NumberOverflow:
        return "a number is too long or not in shortest form";
    default:
        return "";
    }
}

std::string_view FormText(Error error)
{
    switch (error) {
    case Error::SigHashType:
        return "undefined signature hash type";
    case Error::SigDer:
        return "the signature is not strict DER";
    case Error::MinimalData:
        return "a push is not in its shortest form";
    case Error::SigPushOnly:
        return "the input script does more than push";
    case Error::SigHighS:
        return "S of the signature is above half the group order";
    case Error::SigNullDummy:
        return "the extra element of OP_CHECKMULTISIG is not empty";
    case Error::PubkeyType:
        return "the key is neither compressed nor uncompressed";
    case Error::CleanStack:
        return "more than one element is left on the stack";
    case Error::MinimalIf:
        return "the argument of OP_IF or OP_NOTIF is neither empty nor 01";
    case Error::SigNullFail:
        return "a signature that failed is not empty";
    case Error::OpCodeSeparator:
        return "OP_CODESEPARATOR in a script without witness";
    case Error::SigFindAndDelete:
        return "the signature occurs in the script it signs";
    case Error::DiscourageUpgradableNops:
        return "an OP_NOP kept for upgrades was run";
    case Error::DiscourageUpgradableWitnessProgram:
        return "a witness version kept for upgrades";
    case Error::DiscourageUpgradableTaprootVersion:
        return "a Taproot leaf version kept for upgrades";
    case Error::DiscourageOpSuccess:
        return "an OP_SUCCESS kept for upgrades";
    case Error::DiscourageUpgradablePubkeyType:
        return "a key type kept for upgrades";
    default:
        return "";
    }
}

std::string_view WitnessText(Error error)
{
    switch (error) {
    case Error::WitnessProgramWrongLength:
        return "the witness program has a wrong length";
    case Error::WitnessProgramWitnessEmpty:
        return "the witness is empty";
    case Error::WitnessProgramMismatch:
        return "the witness does not fit the program";
    case Error::WitnessMalleated:
        return "a witness input must have an empty input script";
    case Error::WitnessMalleatedP2sh:
        return "a nested witness input must only push its program";
    case Error::WitnessUnexpected:
        return "witness data where no witness program is spent";
    case Error::WitnessPubkeyType:
        return "only compressed keys may be used with witness version 0";
    case Error::SchnorrSigSize:
        return "a Schnorr signature has 64 or 65 bytes";
    case Error::SchnorrSigHashType:
        return "undefined Schnorr signature hash type";
    case Error::SchnorrSig:
        return "the Schnorr signature does not verify";
    case Error::TaprootWrongControlSize:
        return "the Taproot control block has a wrong size";
    case Error::TapscriptValidationWeight:
        return "more signature checks than the witness's weight pays for";
    case Error::TapscriptCheckMultiSig:
        return "OP_CHECKMULTISIG does not exist in tapscript";
    case Error::TapscriptMinimalIf:
        return "the argument of OP_IF or OP_NOTIF must be empty or 01 in tapscript";
    default:
        return "unknown error";
    }
}

} // namespace

std::string_view Text(Error error)
{
    if (const auto text = EvaluationText(error); !text.empty()) return text;
    if (const auto text = FormText(error); !text.empty()) return text;
    return WitnessText(error);
}

} // namespace emc::script
