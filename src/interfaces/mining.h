/// Work for miners, staking and the built-in miner, as RPC and GUI see them. Implemented in the mining room;
/// any thread.
#pragma once

#include "base/expected.h"
#include "interfaces/types.h"

namespace emc::interfaces {

/// A block on the tip that lacks its work alone.
struct Work {
    primitives::BlockRef block; ///< its coinbase stands for the miner's: commitment in the last output
    int32_t height = 0;
    int64_t min_time = 0;               ///< unix seconds: smallest time the block may have
    Amount reward = 0;                  ///< most the coinbase may pay
    std::vector<Amount> tx_fees;        ///< of each transaction behind the coinbase
    std::vector<int64_t> tx_sigop_cost; ///< of each
    std::string id;                     ///< for WaitForOther
};

class WorkSource
{
public:
    virtual ~WorkSource() = default;
    /// Paying as much as the pool allows now.
    [[nodiscard]] virtual base::Expected<Work, Failure> GetWork() = 0;
    /// Returns when the tip is another than when this id was given out; after a minute also when the pool is.
    /// At once for a text that is no id, when too many wait already, or the process stops.
    virtual void WaitForOther(const std::string& id) = 0;
    /// Would this block be accepted but for its work? nullopt when it would, else the reason in BIP 22's and
    /// BIP 23's words.
    [[nodiscard]] virtual std::optional<std::string> Propose(const primitives::BlockRef& block) = 0;

    /// Targets the next block must have, one for each kind.
    struct Targets {
        uint32_t pow_bits = 0;
        uint32_t pos_bits = 0;
    };

    [[nodiscard]] virtual Targets NextTargets() const = 0;

    /// Of the block GetWork made last.
    struct Size {
        uint64_t transactions = 0; ///< without the coinbase
        uint64_t weight = 0;
    };

    [[nodiscard]] virtual std::optional<Size> LastSize() const = 0;

    /// Work for the miners of another chain.
    struct AuxWork {
        Hash256 hash; ///< what the parent's coinbase commits to
        Hash256 previous;
        int32_t height = 0;
        uint32_t bits = 0;
        Amount reward = 0;
    };

    /// A block that pays this script and waits for a merged-mining proof; the same one while it pays nearly
    /// as much as a new one would.
    [[nodiscard]] virtual base::Expected<AuxWork, Failure> GetAuxWork(const Bytes& script) = 0;
    /// The block behind an AuxWork; nullptr when it was not given out here or its parent is no longer the
    /// tip.
    [[nodiscard]] virtual primitives::BlockRef FindAux(const Hash256& hash) const = 0;
};

/// The miner inside the node, for small networks.
class MinerControl
{
public:
    virtual ~MinerControl() = default;

    struct Info {
        bool running = false;
        int threads = 0;           ///< as asked for
        double hashes_per_sec = 0; ///< of the last second, all threads
        uint64_t blocks_found = 0; ///< since the node started
        std::string problem;       ///< why it does not get on; empty
    };

    /// `threads` 0: stops; negative: as many as there are processors. Blocks pay this script from now on.
    virtual void Mine(int threads, const Bytes& script) = 0;
    [[nodiscard]] virtual Info GetInfo() const = 0;
};

/// Staking with the coins of the loaded wallets.
class StakingControl
{
public:
    virtual ~StakingControl() = default;

    struct Info {
        bool enabled = false;             ///< switched on
        bool staking = false;             ///< kernels are being searched
        std::vector<std::string> reasons; ///< why not, for people
        Amount weight = 0;                ///< units that stake now
        Amount reserve = 0;               ///< units that are kept back
        double network_weight = 0;        ///< units, estimated from the last day's blocks
        double chance_per_slot = 0;       ///< of all coins together
        double expected_sec = 0;          ///< until a block is found; 0: never
        uint64_t coins = 0;               ///< that stake now
        int64_t searched_until = 0;       ///< time of the last slot that was tried; 0: none
        int64_t next_slot = 0;            ///< time of the next one
        int32_t next_coin_height = 0;     ///< block from which one more coin stakes; 0: none waits
        uint64_t found = 0;               ///< blocks since the node started
        uint64_t accepted = 0;            ///< of them in the best chain when they were made
        uint32_t bits = 0;                ///< target of the next block of stake
        int64_t search_us = 0;            ///< computing time of the searches so far
    };

    [[nodiscard]] virtual Info GetInfo() const = 0;
    virtual void Enable(bool on) = 0;
    /// What the wallets together keep back, units; not remembered beyond the process.
    virtual void SetReserve(Amount reserve) = 0;

    /// A coin of a wallet.
    struct Coin {
        std::string wallet;
        primitives::OutPoint outpoint;
        Amount value = 0;
        Bytes script;
        int32_t height = 0;
        int64_t age_sec = 0;        ///< as the reward counts it
        int32_t stakes_from = 0;    ///< height of the first block it may find
        double chance_per_slot = 0; ///< once it may
        Amount reward = 0;          ///< if it found the next block
        std::string reason;         ///< why it does not stake; empty
    };

    [[nodiscard]] virtual std::vector<Coin> Coins(const std::string& wallet) const = 0;
};

} // namespace emc::interfaces
