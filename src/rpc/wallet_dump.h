/// The text file of dumpwallet: a line for each key, "WIF time label=… # addr=… hdkeypath=…", and comments.
/// Blanks and unusual characters of a label are written %20.
#pragma once

#include "interfaces/wallet.h"

namespace emc::rpc {

/// What stands at the top.
struct DumpHead {
    int32_t height = 0;
    std::string block;
    std::string birth; ///< time, as in the lines
};

/// Writes a new file for its owner alone; a sentence when that fails.
[[nodiscard]] std::string WriteDump(const std::string& path, const DumpHead& head,
                                    const std::vector<interfaces::WalletApi::KeyLine>& keys);

using DumpedKey = interfaces::WalletApi::LabelledSecret;

/// The keys of such a file; the error names file and line.
[[nodiscard]] base::Expected<std::vector<DumpedKey>, std::string> ReadDump(const std::string& path);
/// The same for its text.
[[nodiscard]] base::Expected<std::vector<DumpedKey>, std::string> ParseDump(std::string_view text);

} // namespace emc::rpc
