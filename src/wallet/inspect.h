/// Wallet files from outside: what is in them, as text and back, and what a damaged one still gives. For
/// tools; no node needed.
#pragma once

#include "wallet/store.h"

namespace emc::wallet {

/// Counts rows and looks at each.
struct Inventory {
    uint32_t version = 0; ///< 0: no header
    std::string network;
    int64_t birth_time = 0;
    uint32_t flags = 0;
    bool encrypted = false;
    bool seed = false;
    bool phrase = false;
    uint64_t imported = 0;
    uint64_t descriptors = 0;
    uint64_t labels = 0;
    uint64_t transactions = 0;
    uint64_t unknown = 0;             ///< of kinds this version does not know
    std::vector<std::string> damaged; ///< rows that cannot be read: their keys in hex, the first hundred

    void Add(ByteSpan key, ByteSpan value);
};

/// Does a row of this key read?
[[nodiscard]] bool IsReadable(ByteSpan key, ByteSpan value);

/// First line of a dump, a line for each row, and the SHA-256 of all that.
[[nodiscard]] std::string DumpText(const RowBatch& rows);
/// The rows of a dump; the error says which line is wrong, or that the checksum is.
[[nodiscard]] base::Expected<RowBatch, std::string> ParseDumpText(std::string_view text);
/// Makes a wallet of rows: when it is cut short there is none, and nothing is in the way of another try.
[[nodiscard]] base::Expected<void, StoreFailure> CreateFrom(const std::string& folder, const RowBatch& rows);
/// What can be read of a file with damaged pages. The file is not changed; its log is not looked at.
[[nodiscard]] base::Expected<RowBatch, StoreFailure> SalvageRows(const std::string& path);

} // namespace emc::wallet
