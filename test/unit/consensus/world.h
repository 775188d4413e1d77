// A small state of the chain for tests: coins, names, evenly spaced block times; blocks built upon it.
#pragma once

#include "codec/json.h"
#include "consensus/connect.h"
#include "consensus/header_rules.h"
#include "crypto/keys.h"

#include <map>

namespace emc::test {

using base::Bytes;
using base::Hash256;
using consensus::Coin;
using consensus::OutPoint;
using primitives::Amount;
using primitives::MutableTransaction;

/// Everything a block's rules depend on. Block h has the time start + spacing × h; the median at h is the
/// time of block max(h − 5, 0).
class World final : public consensus::CoinView,
                    public consensus::NameStateView,
                    public reward::WatermarkView,
                    public reward::EndedWatermarks,
                    public consensus::ChainTimes
{
public:
    World();

    consensus::Params params; ///< regtest, unless changed
    int32_t height = 1000;    ///< of the block under test
    int64_t start = 1'700'000'000;
    int64_t spacing = 600;
    int64_t clock_sec = 0;
    std::optional<int64_t> last_pos_time;
    Hash256 modifier;
    std::map<OutPoint, Coin> coins;
    std::map<std::string, names::NameRecord, std::less<>> records;
    std::map<reward::CallPair, uint32_t> watermarks;

    std::optional<Coin> Get(const OutPoint& outpoint) const override;
    std::optional<names::NameRecord> Get(std::string_view name) const override;
    std::optional<std::string> NameByOutpoint(const OutPoint& outpoint) const override;
    std::optional<uint32_t> EndOf(const reward::CallPair& pair) const override;
    std::vector<reward::Watermark> EndedBefore(int64_t sec) const override;
    int64_t MedianTimePast(int32_t at_height) const override;
    int64_t BlockTime(int32_t at_height) const override;

    /// A coin nobody else has.
    OutPoint AddCoin(Amount value, Bytes script, int32_t made = 500);
    /// A name with its current output of 0.01 EMC; owner is key 1 as P2WPKH unless given.
    OutPoint AddName(const std::string& name, int32_t expiry, Bytes owner = {}, Bytes value = {});

    /// Every rule of a block in the order a node applies them; nothing when it holds.
    std::optional<consensus::RuleResult> Judge(const primitives::Block& block,
                                               consensus::BlockDelta* delta = nullptr) const;

    /// Headers of the blocks 1 … height − 1 with the times above; the last one is of proof of stake when
    /// last_pos_time is set, and has that time. Nobody worked for them.
    std::vector<primitives::BlockHeader> Headers() const;
    /// Hash of the last of them (of genesis at height 1).
    Hash256 ParentHash() const;

    codec::Json ToJson() const;
    /// Inverse of ToJson; an incomplete text gives an incomplete world.
    static World FromJson(const codec::Json& json);

private:
    uint32_t m_serial = 0;
};

/// A block in the making.
struct Draft {
    explicit Draft(const World& state);

    const World* world;
    MutableTransaction coinbase;
    std::vector<MutableTransaction> transactions;
    primitives::BlockHeader header;
    bool commit = true;     ///< add the witness commitment
    bool fix_merkle = true; ///< set the merkle root
    bool mine = true;       ///< find a nonce (PoW)
    int stake_key = 0;      ///< sign a PoS block with this key; 0: leave the signature as it is

    /// The finished block, on the world's last header.
    primitives::Block Finish() const;
};

/// Makes the first output of the coinbase a stake block's, adds OP_0, sets version and time.
void MakeStakeDraft(Draft& draft);

inline const Bytes ANYONE = {0x51}; ///< OP_1: everybody may spend

/// Deterministic keys 1, 2, 3 ….
crypto::PrivateKey Key(int number);
Bytes KeyHashScript(int number);        ///< P2PKH
Bytes WitnessKeyHashScript(int number); ///< P2WPKH
Bytes TaprootScript(int number);        ///< P2TR, the key itself as output key
/// Version 2, no lock time, final sequences.
MutableTransaction Spend(const std::vector<OutPoint>& inputs, std::vector<primitives::TxOut> outputs);
/// Signs what keys 1 … 5 can sign; other inputs stay as they are.
void Sign(const World& world, MutableTransaction& tx);
/// The output of an operation, 0.01 EMC.
primitives::TxOut NameOutput(names::OpKind kind, const std::string& name, int64_t days,
                             std::string_view value, Bytes owner = {});
/// A hash that is `byte` 32 times.
Hash256 Filled(uint8_t byte);

/// Hex in which runs of 64 and more equal bytes are written (xx*count).
std::string PackHex(base::ByteSpan bytes);
std::optional<Bytes> UnpackHex(std::string_view text);

} // namespace emc::test
