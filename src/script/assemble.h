/// Scripts from text, as people write them on a command line.
#pragma once

#include "base/bytes.h"
#include "base/expected.h"

#include <string>

namespace emc::script {

/// Words separated by blanks: op codes with or without OP_ ("OP_DUP", "HASH160"), whole numbers from −2^31 +
/// 1 to 2^31 − 1 as their shortest push, 0x… as raw bytes of the script, '…' as a push of that text, other
/// hex of even length and at least two digits that is no number as a push. The error names the word.
[[nodiscard]] base::Expected<base::Bytes, std::string> AssembleScript(std::string_view text);

} // namespace emc::script
