/// All compiled entries: 1,024 immutable shards behind atomic pointers, replaced one by one.
#pragma once

#include "base/snapshot.h"
#include "dns/zone/below_index.h"
#include "dns/zone/prefix_index.h"
#include "dns/zone/shard.h"

namespace emc::dns {

/// Where the chain stands, for judging how long entries hold. Any thread.
struct ChainState {
    std::atomic<int32_t> height{0}; ///< of the tip
    std::atomic<int64_t> median_time{0};
    std::atomic<bool> ready{false}; ///< initial download is over
};

/// Readers on any thread, without a lock; one writer.
class ZoneStore
{
public:
    struct Options {
        size_t max_bytes = 0;
        size_t zones = 0;  ///< length of the zone list
        uint64_t key0 = 0; ///< secret of the hash, unknown to strangers
        uint64_t key1 = 0;
    };

    explicit ZoneStore(const Options& options);

    struct Found {
        std::shared_ptr<const Shard> hold; ///< keeps the entry alive
        EntryView entry;                   ///< empty when not there
    };

    [[nodiscard]] uint64_t HashOf(ByteSpan key) const;
    [[nodiscard]] Found Find(ByteSpan key) const;

    /// Every number (name) of the served zones is in here, so a miss means that it does not exist.
    [[nodiscard]] bool HoldsAllNumbers() const { return m_all_numbers.load(std::memory_order_acquire); }

    [[nodiscard]] bool HoldsAllNames() const { return m_all_names.load(std::memory_order_acquire); }

    /// Is a longer number below these digits? Exact while HoldsAllNumbers().
    [[nodiscard]] bool HasNumbersBelow(uint8_t zone_index, uint64_t value, unsigned digits) const;

    /// Is a name below this domain (wire labels, at least two)? Exact while HoldsAllNames().
    [[nodiscard]] bool HasNamesBelow(ByteSpan domain) const { return m_below.Has(HashOf(domain)); }

    /// Grows with every change of any answer.
    [[nodiscard]] uint64_t Generation() const { return m_generation.load(std::memory_order_acquire); }

    [[nodiscard]] uint64_t Names() const { return m_names.load(std::memory_order_relaxed); }

    [[nodiscard]] uint64_t Bytes() const { return m_bytes.load(std::memory_order_relaxed); }

    /// The shard an entry with this hash lies in.
    [[nodiscard]] static size_t ShardOf(uint64_t hash)
    {
        return static_cast<size_t>(hash) & (SHARD_COUNT - 1);
    }

    [[nodiscard]] std::shared_ptr<const Shard> ShardAt(size_t index) const { return m_shards[index].Load(); }

    /// Writer: new entry for a key, or none.
    struct Change {
        base::Bytes key;
        base::Bytes entry; ///< empty: the key has no answer
    };

    /// Writer: carries changes out shard by shard. When memory runs out new entries are left to the slow
    /// path.
    void Apply(const std::vector<Change>& changes);

    /// Writer: says that something outside the shards has changed answers.
    void BumpGeneration() { m_generation.fetch_add(1, std::memory_order_acq_rel); }

    /// Writer: drops everything; until the next load all answers take the slow path.
    void Clear();

    /// Fills an empty store. One thread.
    class Loader
    {
    public:
        /// Clears the store first.
        explicit Loader(ZoneStore& store);
        ~Loader();
        /// False when memory is used up and the entry was left out.
        bool Add(ByteSpan entry);
        /// Publishes all shards and the two promises.
        void Finish(bool all_numbers, bool all_names);

    private:
        struct State;
        ZoneStore& m_store;
        std::unique_ptr<State> m_state;
    };

private:
    struct HashedChange {
        uint64_t hash = 0;
        const Change* change = nullptr;
    };

    /// Changes of one shard, sorted by hash, each key once.
    void ReplaceShard(size_t index, std::span<const HashedChange> changes);
    /// Notes that a key came or went, for the indexes of what lies below.
    void Note(ByteSpan key, bool before, bool after);
    void FlushNoted();

    struct Noted {
        std::vector<uint64_t> added;
        std::vector<uint64_t> removed;
    };

    Options m_options;
    std::array<base::Snapshot<Shard>, SHARD_COUNT> m_shards;
    std::vector<std::unique_ptr<PrefixIndex>> m_prefixes; ///< by zone index
    std::vector<Noted> m_noted_numbers;                   ///< writer only, by zone index
    BelowIndex m_below;
    Noted m_noted_domains; ///< writer only, hashes of the domains above the names
    std::atomic<bool> m_all_numbers{false};
    std::atomic<bool> m_all_names{false};
    std::atomic<uint64_t> m_generation{1};
    std::atomic<uint64_t> m_names{0};
    std::atomic<uint64_t> m_bytes{0};
};

} // namespace emc::dns
