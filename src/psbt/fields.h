/// Types of fields and what is in them (BIP 174, BIP 371, BIP 373).
#pragma once

#include "psbt/psbt.h"
#include "script/descriptor_key.h"

namespace emc::psbt {

/// Types of the global map.
enum Global : uint8_t {
    GLOBAL_TX = 0x00,
    GLOBAL_XPUB = 0x01,
    GLOBAL_LAST_OF_V2 = 0x06,
    GLOBAL_VERSION = 0xfb,
};

/// Types of an input's map.
enum In : uint8_t {
    IN_PREVIOUS_TX = 0x00,
    IN_SPENT_OUTPUT = 0x01, ///< "witness UTXO"; of a name output: the owner script
    IN_PARTIAL_SIG = 0x02,
    IN_SIGHASH_TYPE = 0x03,
    IN_REDEEM_SCRIPT = 0x04,
    IN_WITNESS_SCRIPT = 0x05,
    IN_DERIVATION = 0x06,
    IN_FINAL_SCRIPT_SIG = 0x07,
    IN_FINAL_WITNESS = 0x08,
    IN_RESERVES = 0x09,
    IN_RIPEMD160 = 0x0a,
    IN_SHA256 = 0x0b,
    IN_HASH160 = 0x0c,
    IN_HASH256 = 0x0d,
    IN_FIRST_OF_V2 = 0x0e,
    IN_LAST_OF_V2 = 0x12,
    IN_TAP_KEY_SIG = 0x13,
    IN_TAP_SCRIPT_SIG = 0x14,
    IN_TAP_LEAF = 0x15,
    IN_TAP_DERIVATION = 0x16,
    IN_TAP_INTERNAL_KEY = 0x17,
    IN_TAP_ROOT = 0x18,
    IN_MUSIG_KEYS = 0x1a,
    IN_MUSIG_NONCE = 0x1b,
    IN_MUSIG_SIG = 0x1c,
};

/// Types of an output's map.
enum Out : uint8_t {
    OUT_REDEEM_SCRIPT = 0x00,
    OUT_WITNESS_SCRIPT = 0x01,
    OUT_DERIVATION = 0x02,
    OUT_FIRST_OF_V2 = 0x03,
    OUT_LAST_OF_V2 = 0x04,
    OUT_TAP_INTERNAL_KEY = 0x05,
    OUT_TAP_TREE = 0x06,
    OUT_TAP_DERIVATION = 0x07,
    OUT_MUSIG_KEYS = 0x08,
};

/// In every map.
inline constexpr uint8_t PROPRIETARY = 0xfc;

[[nodiscard]] std::optional<script::KeyOrigin> ReadOrigin(ByteSpan value);
[[nodiscard]] Bytes WriteOrigin(const script::KeyOrigin& origin);

struct TapOrigin {
    std::vector<Hash256> leaves; ///< hashes of the leaves the key signs
    script::KeyOrigin origin;
};

[[nodiscard]] std::optional<TapOrigin> ReadTapOrigin(ByteSpan value);
[[nodiscard]] Bytes WriteTapOrigin(const TapOrigin& origin);

[[nodiscard]] std::optional<primitives::Witness> ReadWitness(ByteSpan value);
[[nodiscard]] Bytes WriteWitness(const primitives::Witness& witness);
[[nodiscard]] std::optional<primitives::TxOut> ReadOutput(ByteSpan value);
[[nodiscard]] Bytes WriteOutput(const primitives::TxOut& output);

/// Leaves of a Taproot tree, left to right; nullopt when the bytes are none.
struct TreeLeaf {
    uint8_t depth = 0;
    uint8_t version = 0;
    Bytes script;
};

[[nodiscard]] std::optional<std::vector<TreeLeaf>> ReadTree(ByteSpan value);

/// Which map a field stands in, for messages and checks.
enum class Place : uint8_t { Global, Input, Output };
/// What is wrong with the form of a field: a few words ("has a key of 34 bytes, 1 is right"); nullopt when it
/// is good, or of a type this program does not know.
[[nodiscard]] std::optional<std::string> CheckField(Place place, const Field& field);

} // namespace emc::psbt
