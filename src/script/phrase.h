/// Recovery phrases (BIP 39), English words.
#pragma once

#include "base/expected.h"
#include "crypto/secure_bytes.h"

namespace emc::script {

/// Words for 16, 20, 24, 28 or 32 bytes of randomness; empty for other lengths. The caller wipes it.
[[nodiscard]] std::string PhraseOf(base::ByteSpan entropy);
/// The randomness behind a phrase: 12, 15, 18, 21 or 24 words in any case, separated by blanks. The error is
/// a sentence that says which word is none, or that the last one does not fit.
[[nodiscard]] base::Expected<crypto::SecureBytes, std::string> EntropyOf(std::string_view phrase);
/// The 64-byte seed of a tree; the phrase is taken in its normal form. `passphrase` is ASCII: other texts
/// would need Unicode's NFKD, see IsPlainText.
[[nodiscard]] crypto::SecureBytes SeedOfPhrase(base::ByteSpan entropy, std::string_view passphrase);
/// Printable ASCII, which is its own normal form.
[[nodiscard]] bool IsPlainText(std::string_view text);

} // namespace emc::script
