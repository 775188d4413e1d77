/// The content of mempool.dat, in the form version 1 of Bitcoin Core's: version, transactions with time and
/// priority, priorities of transactions that were not there, and transactions nobody had asked for yet.
#pragma once

#include "primitives/transaction.h"

namespace emc::mempool {

struct PoolFile {
    struct Row {
        primitives::TxRef tx;
        int64_t time = 0; ///< unix seconds when it came
        primitives::Amount delta = 0;
    };

    struct Delta {
        base::Hash256 txid;
        primitives::Amount delta = 0;
    };

    std::vector<Row> rows;     ///< parents before children
    std::vector<Delta> deltas; ///< of transactions that are not among the rows
};

[[nodiscard]] base::Bytes Serialize(const PoolFile& file);
/// nullopt when the bytes are cut off, of another version, or hold no transactions where some should be.
[[nodiscard]] std::optional<PoolFile> ParsePoolFile(base::ByteSpan bytes);

} // namespace emc::mempool
