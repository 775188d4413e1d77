/// Calls as people type them: words become arguments by the call's row in the table.
#pragma once

#include "base/expected.h"
#include "rpc/call.h"

namespace emc::rpc {

/// `params` of a request. A word is taken as text or read as JSON, as the type of its argument says; without
/// a row (an unknown call) all are texts. `named`: words are name=value, others fill "args". The error is a
/// sentence that quotes the word.
[[nodiscard]] base::Expected<Json, std::string> ParamsOf(const CallSpec* spec,
                                                         const std::vector<std::string>& words, bool named);

/// Splits a line at blanks. Single quotes keep everything as it is; double quotes keep blanks; a backslash
/// outside single quotes keeps the next byte. The error is a sentence.
[[nodiscard]] base::Expected<std::vector<std::string>, std::string> SplitWords(std::string_view line);

} // namespace emc::rpc
