/// What admission and following the chain share. Only for this room.
#pragma once

#include "base/thread.h"
#include "mempool/graph.h"
#include "mempool/pool.h"

namespace emc::mempool {

struct Mempool::Candidate {
    mempool::Entry entry;
    std::vector<primitives::Coin> spent;
    TxidSet replaced; ///< conflicting entries with everything that rests on them
};

struct Mempool::Waiting {
    TxRef tx;
    bool was_here = false; ///< it waited in the pool before; the rest is of that time
    int64_t time = 0;
    int32_t height = 0;
    uint32_t script_flags = 0;
    double estimated_rate = 0; ///< the fee estimator follows it at this rate; 0: it does not
};

struct Mempool::Loading {
    base::StopFlag stop;
    std::atomic<bool> begun{false}; ///< files of the last run are not replaced before they were looked at
    std::atomic<bool> done{true};
    base::Thread thread;
};

} // namespace emc::mempool
