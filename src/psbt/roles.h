/// What is done with a PSBT between its making and the finished transaction: the roles of BIP 174 as pure
/// functions. The scripts they see are owner scripts: the prefix of a name output is no part of what is
/// signed.
#pragma once

#include "psbt/psbt.h"

namespace emc::script {
struct SigningProvider;
}

namespace emc::psbt {

using primitives::Amount;

/// The output an input spends, with its owner script, from the previous transaction or the output the input
/// brings along; nullopt when neither is there, or when they contradict each other.
[[nodiscard]] std::optional<primitives::TxOut> SpentOutput(const Psbt& psbt, size_t input);
/// It has a script_sig or witness that is final. Says nothing about whether it is right.
[[nodiscard]] bool IsFinal(const FieldMap& input);

// --- Updater ---

/// Notes which output an input spends: `previous` (may be null) if it has to be there for signing, and
/// `spent`, with the owner script, when it is witness output. Keeps what is there.
void AddSpent(Psbt& psbt, size_t input, const primitives::TxRef& previous, const primitives::TxOut& spent,
              const script::SigningProvider& provider);

enum class Derivations { With, Without };

/// Adds scripts, script trees and, if asked, ways to keys that the provider knows.
void UpdateInput(Psbt& psbt, size_t input, const script::SigningProvider& provider, Derivations derivations);
void UpdateOutput(Psbt& psbt, size_t output, const script::SigningProvider& provider,
                  Derivations derivations);

// --- Signer ---

/// Adds a signature of every key the provider has to each input that is not final. `hash_type`: nullopt signs
/// with what an input asks for, else with all (Taproot: default). Inputs whose output is not known, whose
/// scripts do not fit, or that need their previous transaction and lack it are left alone. Gives the number
/// of new signatures; the error is a sentence (an input asks for another hash type).
[[nodiscard]] base::Expected<size_t, std::string> Sign(Psbt& psbt, const script::SigningProvider& provider,
                                                       std::optional<int> hash_type = std::nullopt);

// --- Combiner ---

/// One PSBT with what all know. They must be about the same transaction.
[[nodiscard]] base::Expected<Psbt, std::string> Combine(const std::vector<Psbt>& parts);
/// One PSBT with the inputs and outputs of all, in their order. No input may stand in two of them. Version:
/// the highest (a name operation stays one); lock time: the lowest.
[[nodiscard]] base::Expected<Psbt, std::string> Join(const std::vector<Psbt>& parts);

// --- Finalizer, extractor ---

/// Puts final script_sig and witness into each input whose signatures suffice, and takes away what was needed
/// for them. True when all inputs are final.
[[nodiscard]] bool Finalize(Psbt& psbt);
/// The finished transaction; nullopt unless every input is final and spends its output by the rules.
[[nodiscard]] std::optional<primitives::MutableTransaction> Extract(const Psbt& psbt);

// --- Looking at it ---

/// Who has to act next.
enum class Role : uint8_t { Updater, Signer, Finalizer, Extractor };
[[nodiscard]] std::string_view RoleName(Role role);

struct InputState {
    bool has_spent = false;
    bool is_final = false;
    Role next = Role::Updater;
    std::vector<base::Hash160> missing_keys;       ///< hashes of keys whose place in a tree is not known
    std::vector<base::Hash160> missing_signatures; ///< hashes of keys that could still sign
    std::optional<base::Hash160> missing_redeem_script;
    std::optional<base::Hash256> missing_witness_script;
};

struct State {
    std::vector<InputState> inputs;
    Role next = Role::Extractor; ///< the first that has to act on any input
    std::optional<Amount> fee;   ///< for miners, without what names burn; unless outputs are missing
    Amount burned = 0;           ///< name fees
    std::optional<size_t> vsize; ///< of the finished transaction, estimated
    std::string error;           ///< a sentence when it can never become valid
};

[[nodiscard]] State Analyze(const Psbt& psbt);

} // namespace emc::psbt
