#pragma once
// Call records, batches and reward transactions for tests.

#include "reward/call_tree.h"
#include "reward/claim.h"
#include "script/address.h"
#include "script/sign.h"
#include "unit/names/map_view.h"

namespace emc::test {

inline constexpr int64_t REWARD_MTP = 1'800'000'000;
inline constexpr int32_t REWARD_HEIGHT = 10'000;

inline reward::CallRecord CallOf(uint8_t tag, uint64_t seconds = 61)
{
    reward::CallRecord record;
    record.salt.fill(tag);
    record.caller = 18009359935;
    record.callee = 442079460000;
    record.call_id = "call-" + std::to_string(tag) + "@192.0.2.7";
    record.start = 1'799'000'000'000 + tag;
    record.answer = record.start + 2'500;
    record.end = record.answer + seconds * 1'000;
    record.q850 = 16;
    record.sip = 200;
    return record;
}

/// A P2PKH or P2WPKH owner with its key.
struct Owner {
    crypto::PrivateKey key;
    base::Bytes script;

    explicit Owner(uint8_t tag, bool segwit = true)
    {
        key = *crypto::PrivateKey::From(base::Bytes(32, tag));
        const base::Hash160 id = key.Public().Id();
        script = segwit ? script::PayToWitnessKeyHash(id) : script::PayToPubKeyHash(id);
    }
};

class MapWatermarks final : public reward::WatermarkView
{
public:
    std::map<reward::CallPair, uint32_t> ends;

    [[nodiscard]] std::optional<uint32_t> EndOf(const reward::CallPair& pair) const override
    {
        const auto found = ends.find(pair);
        if (found == ends.end()) return std::nullopt;
        return found->second;
    }
};

/// A state in which a reward of 1 EMC is valid; tests change one thing at a time, then Check().
struct RewardCase {
    Owner caller{1};
    Owner callee{2, false};
    base::Hash256 genesis;
    MapView names;
    MapWatermarks watermarks;
    reward::CallBatch batch;
    std::vector<reward::SpentValue> spent;
    primitives::Amount bond_out = 0;
    primitives::Amount share = primitives::COIN / 5;
    base::Bytes paid_to;     ///< owner script in vout[0]
    base::Bytes shared_with; ///< script of vout[1]
    int32_t height = REWARD_HEIGHT;
    int64_t mtp = REWARD_MTP;

    RewardCase()
    {
        genesis.bytes.fill(7);
        batch.pair = {{18009359935, 0}, {442079460000, 3}};
        batch.period_start = static_cast<uint32_t>(REWARD_MTP - 2 * reward::SEC_PER_DAY);
        batch.period_end = static_cast<uint32_t>(REWARD_MTP - reward::SEC_PER_DAY);
        batch.calls = 50;
        batch.minutes = 100;
        batch.root.bytes.fill(9);
        batch.claim = primitives::COIN;
        SetName(batch.pair.caller, caller.script);
        SetName(batch.pair.callee, callee.script);
        // 5 % of 20 EMC for a year is 1 EMC.
        spent.push_back({20 * primitives::COIN, 31'536'000, callee.script});
        bond_out = 20 * primitives::COIN;
        paid_to = callee.script;
        shared_with = caller.script;
    }

    RewardCase(const RewardCase&) = delete;
    RewardCase& operator=(const RewardCase&) = delete;

    void SetName(const reward::BatchParty& party, const base::Bytes& owner)
    {
        names::NameRecord record;
        record.owner_script = owner;
        record.born_height = height - reward::NAME_AGE_BLOCKS;
        record.expiry = height;
        names.records[party.Name()] = record;
    }

    void Sign()
    {
        const base::Hash256 digest = reward::BatchDigest(genesis, batch);
        batch.caller_signature = caller.key.SignCompact(digest);
        batch.callee_signature = callee.key.SignCompact(digest);
    }

    [[nodiscard]] primitives::TxRef Tx() const
    {
        primitives::MutableTransaction tx;
        tx.version = primitives::REWARD_TX_VERSION;
        for (size_t i = 0; i < spent.size(); ++i) {
            tx.inputs.emplace_back();
            tx.inputs.back().prevout.txid.bytes.fill(static_cast<uint8_t>(i + 1));
        }
        tx.outputs.push_back({bond_out, reward::WriteRewardScript(batch, paid_to)});
        tx.outputs.push_back({share, shared_with});
        return primitives::MakeTx(std::move(tx));
    }

    [[nodiscard]] base::Expected<reward::Reward, reward::RewardError> CheckUnsigned() const
    {
        const auto claimed =
            reward::CheckRewardClaim(*Tx(), spent, {height, mtp, &genesis, &names, &watermarks});
        if (!claimed) return base::Unexpected(claimed.Error());
        if (!claimed->signatures.Hold()) return base::Unexpected(reward::RewardError::Signature);
        return claimed->reward;
    }

    [[nodiscard]] base::Expected<reward::Reward, reward::RewardError> Check()
    {
        Sign();
        return CheckUnsigned();
    }
};

} // namespace emc::test
