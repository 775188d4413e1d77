// Makes valid regtest blocks, payments and name operations for tests, the crash driver and the benchmarks.
#pragma once

#include "consensus/params.h"
#include "crypto/keys.h"
#include "names/op_codec.h"
#include "primitives/block.h"
#include "primitives/coin.h"

#include <map>
#include <vector>

namespace emc::test {

using base::Hash256;
using primitives::BlockRef;
using primitives::OutPoint;
using primitives::TxRef;

/// Regtest with generated coins spendable after two blocks and a subsidy that never halves.
consensus::Params QuickRegtest();

/// An output of ours.
struct Own {
    OutPoint outpoint;
    primitives::TxOut out; ///< with the owner script
};

/// One key, one P2WPKH script. Not thread-safe.
class Builder
{
public:
    explicit Builder(const consensus::Params& params);

    const base::Bytes& Script() const { return m_script; }

    const crypto::PrivateKey& Key() const { return m_key; }

    /// A mined block. `time` must be above the parent's median. `tag` makes blocks with equal contents
    /// differ.
    struct Place {
        Hash256 parent;
        int32_t height = 0;
        uint32_t time = 0;
        uint32_t tag = 0;
    };

    BlockRef MakeBlock(const Place& place, const std::vector<TxRef>& txs,
                       primitives::Amount coinbase_value) const;
    /// A proof-of-stake block on regtest, where every kernel hash meets the target: stakes `kernel`, one of
    /// our coins, and gives it back whole as output 1 of the coinstake. `time` is a multiple of 16.
    BlockRef MakeStakeBlock(const Place& place, const Own& kernel, const std::vector<TxRef>& txs) const;
    /// Sets commitment, Merkle root and block signature of a proof-of-stake block anew.
    void SignStake(primitives::Block& block) const;
    /// With an outright wrong coinbase amount etc. the caller changes fields and mines again.
    void Mine(primitives::Block& block) const;
    /// Sets Merkle root and witness commitment anew, then mines.
    void Finish(primitives::Block& block) const;

    /// Spends `from` to `outputs` equal outputs of ours, leaving `fee`.
    TxRef Pay(const std::vector<Own>& from, size_t outputs, primitives::Amount fee) const;
    /// A transaction of version 0x0666: spends `from` (name coins too), one output per operation, change
    /// behind them.
    TxRef Names(const std::vector<Own>& from, const std::vector<names::NameOp>& ops,
                primitives::Amount fee) const;
    /// The same without outputs worked out: signs whatever is given.
    TxRef Sign(primitives::MutableTransaction tx, const std::vector<Own>& from) const;

    /// An operation of ours with the owner script filled in.
    names::NameOp Op(names::OpKind kind, const std::string& name, int64_t days,
                     const std::string& value) const;

private:
    const consensus::Params& m_params;
    crypto::PrivateKey m_key;
    base::Bytes m_script;
    base::Bytes m_script_code;
};

} // namespace emc::test
