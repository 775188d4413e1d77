/// The mempool as others see it.
#pragma once

#include "base/expected.h"
#include "base/function.h"
#include "interfaces/types.h"

#include <span>

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
        int64_t time = 0; ///< unix seconds when it came; 0: now
    };

    [[nodiscard]] virtual base::Expected<Accepted, Failure> Submit(const primitives::TxRef& tx,
                                                                   const Options& options) = 0;
};

/// What the operator of a node may do with its mempool. Any thread.
class PoolControl
{
public:
    virtual ~PoolControl() = default;
    /// Treats a transaction, which need not be here, as if it paid so much more (or less, when negative);
    /// several calls add up. Ends when it stands in a block. −8 beyond ±10,000 EMC together.
    [[nodiscard]] virtual base::Expected<void, Failure> Prioritise(const Hash256& txid, Amount delta) = 0;

    struct Priority {
        Hash256 txid;
        Amount delta = 0;
        std::optional<Amount> modified_fee; ///< of those in the pool
    };

    [[nodiscard]] virtual std::vector<Priority> Priorities() const = 0;
    /// Writes all transactions to the pool's file and gives its path. −1 when it cannot be written, or
    /// while the one of the last run is still being read.
    [[nodiscard]] virtual base::Expected<std::string, Failure> Save() = 0;

    struct ImportOptions {
        bool keep_times = true; ///< when they came, which decides when they expire
        bool apply_priorities = true;
    };

    struct Imported {
        size_t read = 0, accepted = 0, known = 0, expired = 0, refused = 0;
    };

    /// Offers the transactions of a file like that of Save. −1 when it cannot be read.
    [[nodiscard]] virtual base::Expected<Imported, Failure> Import(const std::string& path,
                                                                   const ImportOptions& options) = 0;

    /// All transactions of a package, or none, get in together.
    struct PackageResult {
        std::string error; ///< of the whole package: too many, wrong order, … ; "" when each was looked at
        /// By transaction; absent where an earlier one was refused.
        std::vector<std::optional<base::Expected<Broadcaster::Accepted, Failure>>> rows;
        Amount fees = 0;  ///< of those that were not here before
        size_t vsize = 0; ///< likewise
    };

    /// Parents before children, at most MAX_PACKAGE of them. Each pays the relay fee for itself; the rolling
    /// minimum is paid by all together. None may replace what is here.
    [[nodiscard]] virtual PackageResult SubmitPackage(std::span<const primitives::TxRef> package,
                                                      const Broadcaster::Options& options) = 0;
};

/// Transactions in a package.
inline constexpr size_t MAX_PACKAGE = 25;

class FeeReader;

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

    /// Estimates of fees; nullptr where nobody makes them.
    [[nodiscard]] virtual const FeeReader* Fees() const { return nullptr; }
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
