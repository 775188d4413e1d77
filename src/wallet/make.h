/// The first rows of a wallet, for the node and for tools that work without one.
#pragma once

#include "wallet/wallet.h"

namespace emc::wallet {

class KeyRing;
struct RowChange; // store.h
using RowBatch = std::vector<RowChange>;

/// What is needed to make keys.
struct KeyMaking {
    interfaces::NewWallet plan;
    int64_t passphrase_ms = 500;
    base::RandomSource& random; ///< fit for keys
};

/// Rows of master key, seed and recovery phrase; the ring has them, too, and is locked when there is a
/// passphrase. With one nothing readable is among the rows. The caller wipes them. Slow with a passphrase.
[[nodiscard]] Result<RowBatch> MakeKeys(KeyRing& keys, const KeyMaking& making);
/// FLAG_… of a wallet made so.
[[nodiscard]] uint32_t FlagsOf(const interfaces::NewWallet& plan);
/// Makes a wallet without a node: `network` as in the header, birth now. Fails when there is one.
[[nodiscard]] Result<void> MakeWalletFile(const std::string& folder, const std::string& network,
                                          int64_t now_sec, const KeyMaking& making);
/// SLIP 44: Emercoin's number on main, the common one of test networks elsewhere.
[[nodiscard]] uint32_t CoinTypeOf(std::string_view network);

} // namespace emc::wallet
