/// What the files that build transactions share. For wallet_*.cpp only.
#pragma once

#include "wallet/book.h"
#include "wallet/select.h"
#include "wallet/wallet_impl.h"

#include <span>

namespace emc::wallet {

/// May be replaced (BIP 125) and lets the lock time count.
inline constexpr uint32_t SEQUENCE_REPLACEABLE = 0xfffffffd;
inline constexpr uint32_t SEQUENCE_LOCKTIME = 0xfffffffe;
inline constexpr size_t WITNESS_SCALE = 4;
/// Of a P2WPKH change output, and of an input that spends it later.
inline constexpr size_t CHANGE_OUTPUT_VSIZE = 31;
inline constexpr size_t CHANGE_INPUT_VSIZE = 68;
/// What the counts of inputs and outputs may add when coins are chosen.
inline constexpr size_t COUNT_SLACK_VSIZE = 3;
/// Change below this is left to the miner.
inline constexpr Amount MIN_CHANGE = 1'000;
/// Outputs below this cost more than they hold.
inline constexpr Amount MIN_OUTPUT = 546;
/// Units per 1000 virtual bytes; above it nothing could be paid within -maxtxfee anyway.
inline constexpr Amount MAX_FEE_RATE = primitives::COIN * 1'000;

/// Rounded up.
[[nodiscard]] constexpr Amount FeeFor(Amount rate_per_kvb, size_t vsize)
{
    return (rate_per_kvb * static_cast<Amount>(vsize) + 999) / 1000;
}

/// "txid:index".
[[nodiscard]] std::string OutPointText(const OutPoint& outpoint);
/// The failure for an output below MIN_OUTPUT.
[[nodiscard]] base::Unexpected<Failure> TooSmall(Amount amount);
/// Name fees of the operations in a transaction.
[[nodiscard]] Amount BurnedBy(const primitives::MutableTransaction& tx);

/// Where a draft stands while inputs and change are added.
struct Wallet::Funds {
    Amount wanted = 0; ///< outputs and name fees
    Amount have = 0;   ///< inputs so far
    bool receiver_pays = false;
    bool with_change = false;
    Amount fee = 0;
};

struct Wallet::Offer {
    std::vector<Candidate> candidates;
    /// What each candidate stands for; empty: for its own coin alone.
    std::vector<std::vector<OutPoint>> groups;

    [[nodiscard]] std::span<const OutPoint> CoinsOf(size_t i) const
    {
        return groups.empty() ? std::span(&candidates[i].outpoint, 1) : std::span(groups[i]);
    }
};

} // namespace emc::wallet
