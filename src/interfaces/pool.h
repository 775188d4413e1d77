/// The mempool as others see it.
#pragma once

#include "base/expected.h"
#include "base/function.h"
#include "interfaces/types.h"

namespace emc::interfaces {

/// Hands transactions to the node.
class Broadcaster
{
public:
    virtual ~Broadcaster() = default;

    struct Accepted {
        Hash256 txid;
        Amount fee = 0;
        Amount burned = 0;
        size_t vsize = 0;
    };

    /// Checks and, unless `test_only`, adds to the pool and relays. `max_fee_per_kvb` 0: no limit.
    /// Failure codes −25 (inputs missing), −26 (rule; the message holds rule id and text), −27 (already in
    /// chain).
    struct Options {
        bool test_only = false;
        Amount max_fee_per_kvb = 0;
    };

    [[nodiscard]] virtual base::Expected<Accepted, Failure> Submit(const primitives::TxRef& tx,
                                                                   const Options& options) = 0;
};

/// Reads the mempool. Any thread.
class PoolReader
{
public:
    virtual ~PoolReader() = default;
    [[nodiscard]] virtual PoolInfo Info() const = 0;
    [[nodiscard]] virtual primitives::TxRef Get(const Hash256& txid) const = 0;
    [[nodiscard]] virtual std::optional<PoolEntry> Entry(const Hash256& txid) const = 0;
    [[nodiscard]] virtual std::vector<PoolEntry> Entries() const = 0;
    /// The pool transaction that spends an outpoint; nullopt when none does.
    [[nodiscard]] virtual std::optional<Hash256> SpenderOf(const primitives::OutPoint& outpoint) const = 0;
    [[nodiscard]] virtual std::vector<PendingName> PendingNames() const = 0;
    [[nodiscard]] virtual std::optional<PendingName> PendingNameOf(std::string_view name) const = 0;
    /// Feerate in units per 1000 virtual bytes that enters now.
    [[nodiscard]] virtual Amount MinFeeRate() const = 0;
};

/// Makes blocks (regtest and small networks).
class BlockMaker
{
public:
    virtual ~BlockMaker() = default;

    struct Options {
        Bytes coinbase_script;
        uint64_t max_tries = 1'000'000;
        /// generateblock: exactly these transactions, in this order; nullopt: from the pool.
        std::optional<std::vector<primitives::TxRef>> transactions;
        bool submit = true;
        std::function<bool()> stop; ///< may be empty; asked while nonces are tried: true gives up
    };

    /// One block on the tip; its hash, or why not.
    struct Made {
        Hash256 hash;
        primitives::BlockRef block;
    };

    [[nodiscard]] virtual base::Expected<Made, Failure> MakeBlock(const Options& options) = 0;
};

} // namespace emc::interfaces
