/// The three networks as values (doc/consensus-rules.md, design 1).
#pragma once

#include "base/u256.h"
#include "primitives/block.h"
#include "script/address.h"

namespace emc::consensus {

using base::Hash256;
using primitives::Amount;

enum class Network : uint8_t { Main, Test, Regtest };

/// Heights from which rules hold; 1 everywhere but where `-testactivationheight` moves them on regtest.
struct Activation {
    int32_t bip34 = 1;
    int32_t bip65 = 1;
    int32_t bip66 = 1;
    int32_t csv = 1;
    int32_t segwit = 1;
    int32_t taproot = 1;
};

/// A state the makers of this program vouch for: a snapshot of it may be used before its history is checked.
struct AssumedState {
    int32_t height = 0;
    Hash256 base;
    Hash256 state; ///< the state hash of doc/snapshot.md
};

/// One network's constants. Immutable after start; everything in consensus and chain takes it by const
/// reference.
struct Params {
    Network network = Network::Main;
    std::string name;      ///< "main", "test", "regtest" as -chain takes it
    std::string subfolder; ///< below the data directory; empty on main
    uint32_t magic_be = 0; ///< the four message-start bytes, first byte highest
    uint16_t p2p_port = 0;
    uint16_t rpc_port = 0;
    uint16_t dns_port = 0;
    /// Host names that answer with addresses of nodes. Nobody runs one yet.
    std::vector<std::string> dns_seeds;
    script::AddressParams addresses;

    uint32_t pow_anchor_bits = 0;
    uint32_t pow_limit_bits = 0;
    uint32_t pos_anchor_bits = 0;
    uint32_t pos_limit_bits = 0;
    bool fixed_targets = false; ///< regtest

    int32_t maturity = 0;         ///< blocks for coinbase, coinstake and reward outputs
    int32_t kernel_depth = 0;     ///< blocks
    int32_t reorg_limit = 0;      ///< blocks; 0: off
    int64_t pow_future_sec = 0;   ///< how far a PoW header may lie ahead of the clock
    int64_t fork_choice_base = 0; ///< B of the capped PoW bonus: 2000, regtest 0
    int32_t subsidy_halving = 0;  ///< blocks; 0: the fourth-root subsidy of section 4
    Activation activation;

    /// Scripts of the blocks below this one are taken as valid (-assumevalid); nullopt: all are checked.
    std::optional<Hash256> assumed_valid;

    std::vector<AssumedState> assumed_states; ///< regtest: from -assumeutxo

    primitives::Block genesis;
    Hash256 genesis_hash;
};

[[nodiscard]] const Params& MainParams();
[[nodiscard]] const Params& TestParams();
[[nodiscard]] const Params& RegtestParams();
/// Parameters of a network by name ("main", "test", "regtest"); nullptr when unknown.
[[nodiscard]] const Params* ParamsByName(std::string_view name);

} // namespace emc::consensus
