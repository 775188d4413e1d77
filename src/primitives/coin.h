/// An unspent output as the chain keeps it.
#pragma once

#include "primitives/transaction.h"

namespace emc::primitives {

struct Coin {
    TxOut out;               ///< script_pubkey is the *owner script*: a name or reward prefix is removed
    int32_t height = 0;      ///< of the block that made it
    bool generated = false;  ///< made by a coinbase, coinstake or reward transaction: maturity applies
    bool had_prefix = false; ///< the output's script began with a name or reward prefix

    bool operator==(const Coin&) const = default;
};

} // namespace emc::primitives
