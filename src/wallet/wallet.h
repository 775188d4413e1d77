/// One wallet: file, keys and ledger behind one mutex, kept up to date by chain events.
#pragma once

#include "base/function.h"
#include "interfaces/wallet.h"

namespace emc::base {
class Clock;
class Logger;
class RandomSource;
} // namespace emc::base

namespace emc::interfaces {
class Broadcaster;
class ChainEvents;
class ChainReader;
class IndexReader;
class NameReader;
class PoolReader;
} // namespace emc::interfaces

namespace emc::wallet {

struct StoreFailure;            // store.h
enum class StoreMode : uint8_t; // store.h

using interfaces::Failure;
using interfaces::Result;
using interfaces::WalletApi;
using primitives::Amount;

struct WalletOptions {
    uint32_t look_ahead = 100; ///< scripts known beyond the last one used, in each chain of keys
    Amount fee_rate_per_kvb = 10'000;
    Amount max_fee = primitives::COIN / 10;
    Amount name_amount = 10'000; ///< put into each name output
    bool spend_unconfirmed_change = true;
    bool avoid_partial_spends = false; ///< of an address all coins or none, always
    Amount max_aps_fee = -1;          ///< that, too, when it costs no more than this in addition; −1: never
    std::string signer;               ///< command of the external signer's program; empty: none
    bool rescan = false;              ///< look through all blocks again when opening
    int64_t passphrase_ms = 500;      ///< how long one attempt at a new passphrase takes, about
    interfaces::NewWallet fresh = {}; ///< with StoreMode::Create
    int32_t renew_before_days = 0;    ///< names that end within so many days are renewed; 0: none
    int32_t renew_days = 365;         ///< what is added then
    Amount renew_limit = primitives::COIN; ///< spent at most for it within a day of blocks
};

/// The rooms a wallet uses, all through interfaces. References outlive it.
struct WalletDeps {
    const interfaces::ChainReader& chain;
    const interfaces::NameReader& names;
    interfaces::ChainEvents& events;
    const interfaces::PoolReader& pool;
    interfaces::Broadcaster& broadcaster;
    const interfaces::IndexReader& index;
    const base::Clock& clock;
    base::RandomSource& random; ///< fit for keys
    base::Logger& log;
    std::function<bool()> stop = {}; ///< true: the node stops, long work should end; empty: never

    [[nodiscard]] bool Stopping() const;
};

/// Opens (or makes) the wallet in `folder` and follows the chain up to its tip. Codes: −4 for the file, its
/// network, version or damage.
[[nodiscard]] Result<std::shared_ptr<WalletApi>> OpenWallet(const std::string& name,
                                                            const std::string& folder, StoreMode mode,
                                                            const WalletOptions& options,
                                                            const WalletDeps& deps);

/// A failure of the wallet file as an RPC failure.
[[nodiscard]] base::Unexpected<Failure> FailWith(const StoreFailure& failure);
/// With Bitcoin Core's RPC codes.
[[nodiscard]] base::Unexpected<Failure> FailWith(int code, std::string message);

inline constexpr int CODE_MISC = -1;
inline constexpr int CODE_WALLET = -4;
inline constexpr int CODE_ADDRESS = -5;
inline constexpr int CODE_FUNDS = -6;
inline constexpr int CODE_PARAMETER = -8;
inline constexpr int CODE_LOCKED = -13;
inline constexpr int CODE_PASSPHRASE = -14;
inline constexpr int CODE_ENCRYPTION_STATE = -15;
inline constexpr int CODE_ENCRYPTION_FAILED = -16;
inline constexpr int CODE_DESERIALIZATION = -22;
inline constexpr int CODE_INTERNAL = -32603;

} // namespace emc::wallet
