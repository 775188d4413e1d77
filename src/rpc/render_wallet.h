/// A wallet's transactions as JSON.
#pragma once

#include "interfaces/wallet.h"
#include "rpc/render.h"

namespace emc::rpc {

/// What all rows of a transaction share: confirmations, block, txid, times.
void PushTxFields(Json& row, const interfaces::WalletTx& tx);
/// One row of listtransactions, without those fields.
[[nodiscard]] Json PartJson(const interfaces::WalletTx& tx, const interfaces::WalletTx::Part& part);

} // namespace emc::rpc
