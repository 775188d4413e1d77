/// Arguments that describe transactions: inputs, outputs, name operations, hash types.
#pragma once

#include "interfaces/wallet.h"
#include "rpc/call.h"

namespace emc::rpc {

/// EMC per kvB a transaction given to the node may pay when the caller names no maxfeerate.
inline constexpr primitives::Amount DEFAULT_MAX_FEE_RATE = primitives::COIN / 10;

/// An unsigned transaction from the arguments inputs, outputs, locktime and replaceable of
/// createrawtransaction, of which the first has index `first`. Throws with what is wrong.
[[nodiscard]] primitives::MutableTransaction TxOfArgs(const Request& request, size_t first);
/// [ { txid, vout, sequence } ]; others get `default_sequence`.
void AddInputs(primitives::MutableTransaction& tx, const Json& inputs, uint32_t default_sequence);
/// [ { address: amount } or { "data": hex } or { "name": operation } ], or one object of them.
void AddOutputs(primitives::MutableTransaction& tx, const Json& outputs, const Request& request);
/// The txid and vout of an object; throws −8 with what is wrong.
[[nodiscard]] primitives::OutPoint OutPointOf(const Json& object);
/// A name operation as in the list of name_updatemany:
/// { NEW|UPDATE|DELETE: name, value, days, toaddress, valuetype }.
[[nodiscard]] interfaces::WalletNamesApi::NameChange NameChangeOf(const Json& item, const Request& request);
/// The value of a name as the arguments value and valuetype give it: a text, hex, base64, or "file" with a
/// path below the folder of -namefiles; throws −8 with what is wrong.
[[nodiscard]] base::Bytes NameValueOf(const std::string& text, const std::string& type,
                                      const Request& request);
/// An element of prevtxs: { txid, vout, scriptPubKey, amount }; throws with what is wrong.
[[nodiscard]] std::pair<primitives::OutPoint, primitives::TxOut> PreviousOutputOf(const Json& item);
/// "ALL", "NONE|ANYONECANPAY", "DEFAULT" …; throws −8.
[[nodiscard]] int HashTypeOf(const std::string& text);
/// Inverse of HashTypeOf; hexadecimal when it has no name.
[[nodiscard]] std::string HashTypeText(uint32_t type);
/// A text field of an object; "" when it is not there; throws −3 when it is no text.
[[nodiscard]] std::string TextField(const Json& object, const std::string& key);

} // namespace emc::rpc
