/// Command lines of the operator with values in them. What strangers chose never becomes part of the line: it
/// is handed over in the environment, and the line refers to it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emc::notify {

/// A value that a command line may name.
struct CommandValue {
    char letter;               ///< "s" for %s
    std::string_view variable; ///< "EMC_TXID"
    std::string text;
    bool plain =
        true; ///< made of letters, digits, "-" and "_" by this program: written into the line as it is
};

/// A command for /bin/sh.
struct Command {
    std::string line;
    std::vector<std::string> environment; ///< "NAME=value", beside what the process has
};

/// Puts values in place of %x, once, from left to right; %% is a percent sign, and other letters stay as they
/// are. A value that is not plain becomes one word however the line quotes it: "${EMC_NAME}" bare,
/// ${EMC_NAME} within double quotes, '"${EMC_NAME}"' within single ones. All values are in the environment,
/// too; those that no variable can hold (with NUL) or that are no UTF-8 are there as hex, with a variable
/// <NAME>_ENCODING=hex.
[[nodiscard]] Command Expand(std::string_view pattern, std::span<const CommandValue> values);

} // namespace emc::notify
