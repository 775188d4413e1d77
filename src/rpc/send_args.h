/// Arguments of calls that spend: fees, coins, change, recipients.
#pragma once

#include "interfaces/wallet.h"
#include "rpc/call.h"

namespace emc::rpc {

// Arguments that several calls have.
inline constexpr ArgSpec CONF_TARGET_ARG{"conf_target", ArgType::Number, "-",
                                         "blocks to wait for: takes the fee rate estimatesmartfee gives"};
inline constexpr ArgSpec ESTIMATE_MODE_ARG{"estimate_mode", ArgType::String, "unset",
                                           "unset, economical or conservative"};
inline constexpr ArgSpec FEE_RATE_ARG{
    "fee_rate", ArgType::Decimal, "-",
    "units of 10^-8 EMC per virtual byte; else as settxfee or -paytxfee say"};
inline constexpr ArgSpec REPLACEABLE_ARG{"replaceable", ArgType::Bool, "true",
                                         "may be replaced by one that pays more (BIP 125)"};
inline constexpr ArgSpec AVOID_REUSE_ARG{
    "avoid_reuse", ArgType::Bool, "-",
    "true: spend all coins of an address or none; false: also what the wallet keeps apart (default: as the\n"
    "wallet avoids reuse, or not)"};

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
    std::vector<std::pair<primitives::OutPoint, size_t>> weights; ///< told by the caller
    Json solving_data; ///< { pubkeys, scripts, descriptors } or null
};

/// Reads argument `i` (an object, or nothing); throws −3 for a key that is none, −8 for a value out of range.
[[nodiscard]] SpendOptions SpendOptionsOf(const Request& request, size_t i);

/// Looks up inputs of others, of which the options tell weight or scripts: `inputs` of the transaction and
/// those of the options. Throws −8 for one that is missing or spent, −5 for solving data that is none.
void FindForeignInputs(const Request& request, const std::vector<primitives::TxIn>& inputs,
                       SpendOptions& options);
/// Spends all coins of an address or none, and none that a wallet which avoids reuse keeps apart; or both.
void SetAvoidReuse(bool on, interfaces::WalletMoneyApi::CoinControl& coins);
/// Notes the weight in an element of a list of inputs, if there is one.
void ReadWeight(const Json& input, SpendOptions& options);

/// conf_target, estimate_mode and fee_rate as positional arguments; the index of each. Without any of them
/// the wallet's own fee rate counts.
struct FeeArgs {
    size_t conf_target;
    size_t estimate_mode;
    size_t fee_rate;
};

void ReadFeeArgs(const Request& request, const FeeArgs& at, SendOptions& options);

/// What sendtoaddress and sendtoname say alike behind whom they pay: amount, comments, who bears the fee, how
/// it is found.
struct PaymentArgs {
    interfaces::Recipient recipient; ///< its script is `to`
    SendOptions options;
};

[[nodiscard]] PaymentArgs ReadPayment(const Request& request, base::Bytes to);
/// { address: amount } with the addresses that bear the fee: list of addresses or, for sendmany, argument
/// null.
[[nodiscard]] std::vector<interfaces::Recipient> RecipientsOf(const Json& amounts, const Json& subtract_from,
                                                              const Request& request);
/// "legacy", "p2sh-segwit", "bech32" (also "") or "bech32m"; throws −5.
[[nodiscard]] interfaces::AddressType AddressTypeOf(const std::string& text);
/// An amount above 0 or −3.
[[nodiscard]] primitives::Amount PositiveAmount(const Request& request, size_t i);

} // namespace emc::rpc
