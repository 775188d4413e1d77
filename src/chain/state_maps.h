/// What a StateCache holds in memory. Internal to its implementation.
#pragma once

#include "base/mutex.h"
#include "base/random.h"
#include "base/snapshot.h"
#include "chain/state_cache.h"
#include "chain/watermark_changes.h"
#include "crypto/hash.h"
#include "storage/schema.h"

#include <atomic>
#include <unordered_map>

namespace emc::chain {

using base::Bytes;
using names::NameRecord;
using primitives::Coin;
using primitives::OutPoint;

using WriteLock = base::LockGuard<base::SharedMutex<base::LockRank::Leaf>>;
using ReadLock = base::SharedLockGuard<base::SharedMutex<base::LockRank::Leaf>>;

// What an entry costs in memory beside its text and scripts: hash node, bucket share, allocator.
inline constexpr size_t COIN_ENTRY_BYTES = 176;
inline constexpr size_t NAME_ENTRY_BYTES = 480;

[[nodiscard]] inline size_t CoinBytes(const Coin& coin)
{
    return COIN_ENTRY_BYTES + coin.out.script_pubkey.capacity();
}

[[nodiscard]] inline Bytes CoinKeyOf(const OutPoint& outpoint)
{
    return storage::CoinKey(outpoint.txid, outpoint.index);
}

/// What memory holds of the state, and the lock before it.
struct StateCache::Maps {
    struct CoinEntry {
        Coin coin;
        bool present = false;
        bool dirty = false;
        bool in_store = false; ///< the store may have a row for it
    };

    struct NameEntry {
        std::shared_ptr<const NameRecord> current;
        std::shared_ptr<const NameRecord> stored;
        bool dirty = false;
    };

    struct TextHasher {
        uint64_t k0 = 0, k1 = 0;

        size_t operator()(const std::string& text) const
        {
            return static_cast<size_t>(crypto::SipHash24(k0, k1, base::AsBytes(text)));
        }
    };

    struct BlockTimes {
        int64_t time = 0;
        int64_t median = 0;
    };

    using CoinMap = std::unordered_map<OutPoint, CoinEntry, primitives::OutPointHasher>;
    using NameMap = std::unordered_map<std::string, NameEntry, TextHasher>;
    using OutpointNames =
        std::unordered_map<OutPoint, std::optional<std::string>, primitives::OutPointHasher>;

    Maps(std::shared_ptr<storage::KvStore> first_store, base::RandomSource& random)
        : store(std::move(first_store)), tip(std::make_shared<const interfaces::Tip>()),
          committed(std::make_shared<const CommittedState>()),
          coins(0, primitives::OutPointHasher{random.Next64()}),
          names(0, TextHasher{random.Next64(), random.Next64()}),
          outpoint_names(0, primitives::OutPointHasher{random.Next64()})
    {}

    void PutCoin(const OutPoint& outpoint, const Coin& coin) EMC_REQUIRES(mutex);
    void RemoveCoin(const OutPoint& outpoint) EMC_REQUIRES(mutex);
    void SetName(const std::string& name, const std::optional<NameRecord>& from,
                 const std::optional<NameRecord>& to) EMC_REQUIRES(mutex);
    void SetWatermark(const reward::CallPair& pair, std::optional<uint32_t> from, std::optional<uint32_t> to)
        EMC_REQUIRES(mutex);
    void SetTip(const NewTip& next_tip) EMC_REQUIRES(mutex);
    void StartAt(const NewTip& at, std::span<const NewTip> ancestors, const Totals& totals)
        EMC_REQUIRES(mutex);
    void Commit(const std::shared_ptr<storage::KvStore>& of, NameTotals totals);

    std::shared_ptr<storage::KvStore> Store() const
    {
        const ReadLock lock(mutex);
        return store;
    }

    std::atomic<bool> read_failed{false};
    std::atomic<int64_t> supply{0};
    mutable base::SharedMutex<base::LockRank::Leaf> mutex;
    std::shared_ptr<storage::KvStore> store EMC_GUARDED_BY(mutex); ///< never null
    base::Snapshot<interfaces::Tip> tip;
    base::Snapshot<CommittedState> committed;
    CoinMap coins EMC_GUARDED_BY(mutex);
    NameMap names EMC_GUARDED_BY(mutex);
    OutpointNames outpoint_names EMC_GUARDED_BY(mutex); ///< differences to the store only
    WatermarkChanges watermarks EMC_GUARDED_BY(mutex);
    std::vector<BlockTimes> times EMC_GUARDED_BY(mutex); ///< of the best chain by height
    // Writer only:
    int64_t next_stored_end = 0; ///< each watermark of the store that ends before has a change; 0: not known
    int64_t asked_next_end = 0;  ///< what next_stored_end becomes when the block in question is applied
    size_t coin_bytes = 0;
    size_t name_bytes = 0;
    size_t dirty_bytes = 0;
    bool dirty = false;
};

} // namespace emc::chain
