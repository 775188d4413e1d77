// Transactions and blocks made up for the tests of this room.
#pragma once

#include "primitives/block.h"

namespace emc::test {

/// A hash whose bytes are all `fill`.
inline base::Hash256 FilledHash(uint8_t fill)
{
    base::Hash256 out;
    out.bytes.fill(fill);
    return out;
}

/// `inputs` inputs and one output of `value`; without witness.
inline primitives::MutableTransaction SampleTransaction(size_t inputs, primitives::Amount value)
{
    primitives::MutableTransaction tx;
    for (size_t i = 0; i < inputs; ++i) {
        primitives::TxIn input;
        input.prevout = {FilledHash(static_cast<uint8_t>(i + 1)), static_cast<uint32_t>(i)};
        input.script_sig = {0x51, static_cast<uint8_t>(i)};
        input.sequence = 0xfffffffd;
        tx.inputs.push_back(std::move(input));
    }
    tx.outputs.push_back({value, base::Bytes(22, 0x14)});
    tx.lock_time = 77;
    return tx;
}

/// A transaction that spends the null outpoint.
inline primitives::MutableTransaction SampleCoinbase(uint8_t extra)
{
    primitives::MutableTransaction tx;
    primitives::TxIn input;
    input.script_sig = {0x03, 0x01, 0x02, extra};
    tx.inputs.push_back(std::move(input));
    tx.outputs.push_back({50 * primitives::COIN, base::Bytes(25, 0x76)});
    return tx;
}

inline primitives::Block SampleBlock(size_t transactions)
{
    primitives::Block block;
    block.header.version = 4;
    block.header.prev_hash = FilledHash(0xaa);
    block.header.time = 1'700'000'000;
    block.header.bits = 0x1d00ffff;
    block.header.nonce = 42;
    for (size_t i = 0; i < transactions; ++i) {
        auto tx = i == 0 ? SampleCoinbase(9)
                         : SampleTransaction(1 + i % 3, static_cast<primitives::Amount>(i) * 1000);
        if (i % 2 == 1) tx.inputs[0].witness = {base::Bytes(64, static_cast<uint8_t>(i)), base::Bytes{}};
        block.transactions.push_back(primitives::MakeTx(std::move(tx)));
    }
    block.header.merkle_root = primitives::BlockMerkleRoot(block).root;
    return block;
}

inline primitives::AuxPow SampleAuxPow(size_t coinbase_branch, size_t chain_branch)
{
    primitives::AuxPow proof;
    proof.coinbase = primitives::MakeTx(SampleCoinbase(1));
    proof.parent_hash = FilledHash(0x10);
    for (size_t i = 0; i < coinbase_branch; ++i)
        proof.coinbase_branch.push_back(FilledHash(static_cast<uint8_t>(i)));
    for (size_t i = 0; i < chain_branch; ++i)
        proof.chain_branch.push_back(FilledHash(static_cast<uint8_t>(0x80 + i)));
    proof.chain_index = 3;
    proof.parent.version = 0x20000000;
    proof.parent.time = 1'700'000'001;
    return proof;
}

template <typename T>
base::Bytes WrittenBytes(const T& value)
{
    base::Bytes out;
    codec::Writer writer(out);
    Write(writer, value);
    return out;
}

} // namespace emc::test
