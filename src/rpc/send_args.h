/// Arguments of calls that spend: fees, coins, change, recipients.
#pragma once

#include "interfaces/wallet.h"
#include "rpc/call.h"

namespace emc::rpc {

using SendOptions = interfaces::WalletMoneyApi::SendOptions;

/// Blocks to wait for, 1 to 1008; throws −8.
[[nodiscard]] int32_t TargetOf(int64_t blocks);
/// "economical", "conservative" or "unset", which is conservative, in any case of letters; throws −8.
[[nodiscard]] interfaces::FeeMode FeeModeOf(std::string mode);

/// The options object of fundrawtransaction, walletcreatefundedpsbt, send, sendall and bumpfee.
struct SpendOptions {
    SendOptions send;
    std::vector<size_t> subtract_fee_from; ///< positions of outputs
    std::optional<int64_t> lock_time;
    bool add_to_wallet = true;
    bool as_psbt = false;
};

/// Reads argument `i` (an object, or nothing); throws −3 for a key that is none, −8 for a value out of range.
[[nodiscard]] SpendOptions SpendOptionsOf(const Request& request, size_t i);

/// conf_target, estimate_mode and fee_rate as positional arguments; the index of each. Without any of them
/// the wallet's own fee rate counts.
struct FeeArgs {
    size_t conf_target;
    size_t estimate_mode;
    size_t fee_rate;
};

void ReadFeeArgs(const Request& request, const FeeArgs& at, SendOptions& options);
/// { address: amount } with the addresses that bear the fee: list of addresses or, for sendmany, argument
/// null.
[[nodiscard]] std::vector<interfaces::Recipient> RecipientsOf(const Json& amounts, const Json& subtract_from,
                                                              const Request& request);
/// "legacy", "p2sh-segwit", "bech32" (also "") or "bech32m"; throws −5.
[[nodiscard]] interfaces::AddressType AddressTypeOf(const std::string& text);
/// An amount above 0 or −3.
[[nodiscard]] primitives::Amount PositiveAmount(const Request& request, size_t i);

} // namespace emc::rpc
