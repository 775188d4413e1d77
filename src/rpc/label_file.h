/// Files of labels as BIP 329 describes them: a JSON object in each line.
#pragma once

#include "base/expected.h"
#include "interfaces/wallet_parts.h"

#include <vector>

namespace emc::consensus {
struct Params;
}

namespace emc::rpc {

[[nodiscard]] std::string LabelFileText(const std::vector<interfaces::LabelLine>& labels);

/// What a file holds.
struct LabelFile {
    std::vector<interfaces::LabelLine> labels;
    std::vector<size_t> lines;                               ///< of the file, from 1; one for each label
    std::vector<std::pair<size_t, std::string>> passed_over; ///< lines of types that are not known
};

/// Reads such a text. Blank lines and fields that are not known are passed over. The error names the line:
/// "line 3: …". `params`: of the network the addresses and keys belong to.
[[nodiscard]] base::Expected<LabelFile, std::string> ParseLabelFile(const consensus::Params& params,
                                                                    std::string_view text);

} // namespace emc::rpc
