/// Blocks, transactions, scripts and names as JSON, in the shapes of Bitcoin Core and Emercoin Core.
#pragma once

#include "consensus/params.h"
#include "interfaces/types.h"
#include "rpc/call.h"

namespace emc::rpc {

/// How bytes that may be no text are shown (the `valuetype` argument).
enum class ValueType : uint8_t { Text, Hex, Base64 };
/// "" and "text" give Text; throws −8 for anything but text, hex and base64.
[[nodiscard]] ValueType ParseValueType(const std::string& text);
/// Bytes in that form. As text they must be UTF-8: others are shown as hex.
[[nodiscard]] std::string EncodeValue(base::ByteSpan value, ValueType type);
/// Adds `key`; and `key`_encoding = "hex" when bytes asked for as text are no UTF-8.
void PushValue(Json& object, const std::string& key, base::ByteSpan value, ValueType type);
/// Inverse of EncodeValue for arguments; throws −8 with what is wrong.
[[nodiscard]] base::Bytes DecodeValue(const std::string& text, ValueType type);

/// What CoinOf gives as the height of a coin that is in no block yet.
inline constexpr int32_t MEMPOOL_HEIGHT = -1;

/// 1.0 for bits 1d00ffff, as Bitcoin counts.
[[nodiscard]] double Difficulty(uint32_t bits);
/// scriptPubKey object of an output; name outputs show owner address, type name_… and the operation.
[[nodiscard]] Json OutputScriptJson(const primitives::Transaction& tx, size_t index,
                                    const consensus::Params& params);

struct TxJsonOptions {
    const std::vector<primitives::Coin>* spent = nullptr; ///< by input: adds prevouts and fee
    bool prevouts = false;                                ///< show them (verbosity 3 of getblock)
    bool name_fields = false;                             ///< nvsname, nvsvalue (getrawtransaction 2)
    bool hex = true;
};

/// What a transaction pays, and what its name operations burn.
struct TxFee {
    primitives::Amount fee = 0;
    primitives::Amount burned = 0;
};

/// nullopt for the coinbase, and unless `spent` holds the coin of every input.
[[nodiscard]] std::optional<TxFee> FeeOf(const primitives::Transaction& tx,
                                         const std::vector<primitives::Coin>* spent);
[[nodiscard]] Json TxJson(const primitives::Transaction& tx, const consensus::Params& params,
                          const TxJsonOptions& options);
[[nodiscard]] Json HeaderJson(const interfaces::BlockInfo& info);
/// verbosity 1: txids, 2: transactions with fees, 3: also prevouts.
[[nodiscard]] Json BlockJson(const primitives::Block& block, const interfaces::BlockInfo& info,
                             const consensus::Params& params, int verbosity,
                             const std::vector<std::vector<primitives::Coin>>* spent);
/// The coin of an unspent output, of the chain or of a transaction in the mempool; nullopt when unknown.
/// Those of the mempool have height MEMPOOL_HEIGHT.
[[nodiscard]] std::optional<primitives::Coin> CoinOf(const Services& rooms,
                                                     const primitives::OutPoint& outpoint);
[[nodiscard]] std::optional<primitives::Coin> CoinOf(const Request& request,
                                                     const primitives::OutPoint& outpoint);
/// scriptPubKey object of a coin: the owner's script, type name_… when it holds a name.
[[nodiscard]] Json CoinScriptJson(const primitives::Coin& coin, const consensus::Params& params);
/// Parses a transaction argument; throws −22.
[[nodiscard]] primitives::TxRef TxFromHex(const std::string& hex);
/// Owner's address, "" for scripts without one.
[[nodiscard]] std::string AddressText(const consensus::Params& params, base::ByteSpan script);
/// isscript, iswitness, witness_version and witness_program of an output script.
void PushAddressKind(Json& object, base::ByteSpan script);
/// The script of an address argument; throws −5 with the reason.
[[nodiscard]] base::Bytes ScriptOfAddress(const consensus::Params& params, const std::string& address);
/// The private key a text (WIF) stands for; throws −5 for others, and says which network's it is.
[[nodiscard]] crypto::PrivateKey SecretOf(const consensus::Params& params, const std::string& text);
/// The descriptor addr(…) or raw(…) of an output script, with its checksum. (calls_descriptors.cpp)
[[nodiscard]] std::string DescriptorOf(const consensus::Params& params, base::ByteSpan script);
/// Indices of descriptors, both ends included: an end, or [ begin, end ]. −8 otherwise.
/// (calls_descriptors.cpp)
[[nodiscard]] std::pair<uint32_t, uint32_t> IndexRange(const Json& range);

} // namespace emc::rpc
