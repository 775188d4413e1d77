/// The addresses of other nodes this one knows: which to try, which to tell others.
#pragma once

#include "base/memory.h"
#include "base/mutex.h"
#include "base/random.h"
#include "p2p/net/asmap.h"
#include "p2p/wire/addresses.h"
#include "storage/file_system.h"

namespace emc::p2p {

/// Addresses that were only heard of lie in "new" buckets, those this node has been connected to in "tried"
/// buckets.
inline constexpr size_t NEW_BUCKETS = 1'024;
inline constexpr size_t TRIED_BUCKETS = 256;
inline constexpr size_t BUCKET_PLACES = 64;
/// New buckets the addresses of one source's network can reach, and tried buckets those of one network can.
inline constexpr size_t NEW_BUCKETS_PER_SOURCE = 64;
inline constexpr size_t TRIED_BUCKETS_PER_GROUP = 8;
/// Places in different new buckets one address may hold.
inline constexpr size_t MAX_NEW_PLACES = 8;
/// Addresses told in one answer: this share of all, and the most.
inline constexpr size_t TELL_PERCENT = 23;
inline constexpr size_t MAX_TOLD = 1'000;
/// An address is no longer worth keeping when nobody has seen it for so long, ...
inline constexpr int64_t STALE_SEC = 30 * 24 * 60 * 60;
/// ... when it never answered and was tried this often, or failed this often over a week since it last did.
inline constexpr int MAX_FIRST_FAILURES = 3;
inline constexpr int MAX_FAILURES = 10;
inline constexpr int64_t FAILURES_SEC = 7 * 24 * 60 * 60;
/// How long an address that is to lose its tried place has to be shown alive before it does.
inline constexpr int64_t TEST_BEFORE_EVICT_SEC = 40 * 60;
/// Tried addresses waiting for another's place at a time.
inline constexpr size_t MAX_COLLISIONS = 10;
/// Bytes of the largest peers.dat that is read.
inline constexpr size_t MAX_PEERS_FILE_BYTES = 64 * 1024 * 1024;

/// A table with keyed placement: where an address may lie depends on a secret, on its network group and on
/// the group of whoever told of it, so that one who owns many addresses of few networks fills few buckets. A
/// tried address gives way to another only after a test connection to it has failed. Any thread; a mutex of
/// rank Peers, held for memory work. Times are unix seconds of the caller's clock.
class AddressManager
{
public:
    /// The map may be nullptr and must outlive the object. `random` must be fit for keys and outlive it, too.
    AddressManager(const AsMap* map, base::RandomSource& random);
    ~AddressManager();
    AddressManager(const AddressManager&) = delete;
    AddressManager& operator=(const AddressManager&) = delete;

    /// Takes addresses somebody told of; their times count as `penalty_sec` older. The number that were new.
    size_t Add(const std::vector<AddressEntry>& entries, const NetAddress& source, int64_t now_sec,
               int64_t penalty_sec = 0);
    /// A connection was opened to it and has finished the handshake. False when its tried place is taken: the
    /// one that lies there is then to be tested (see NextTest).
    bool Good(const Endpoint& endpoint, int64_t now_sec);
    /// A connection is being tried. `counts` is No while this node itself seems to be offline.
    enum class Counts : uint8_t { Yes, No };
    void Attempt(const Endpoint& endpoint, Counts counts, int64_t now_sec);
    /// A connection that had been up is closed in good order: it was alive until now.
    void Connected(const Endpoint& endpoint, int64_t now_sec);
    void SetServices(const Endpoint& endpoint, Services services);

    enum class Table : uint8_t { Any, New, Tried };

    struct Choice {
        Endpoint endpoint;
        Services services = 0;
        int64_t last_try_sec = 0; ///< 0: never
    };

    /// An address to connect to: from either table with the same chance, lately tried and failing ones less
    /// often. `kind` restricts it to one network. nullopt when there is none.
    [[nodiscard]] std::optional<Choice> Select(Table table, std::optional<NetKind> kind,
                                               int64_t now_sec) const;
    /// A tried address another one waits for, to be tested by a short connection; nullopt when none waits.
    [[nodiscard]] std::optional<Choice> NextTest() const;
    /// Decides about those that wait: the tested address was alive and stays, or it gives way.
    void ResolveCollisions(int64_t now_sec);
    /// A random selection for `addr`, without what is not worth it; `kind` restricts it to one network.
    [[nodiscard]] std::vector<AddressEntry> Tell(size_t most, size_t percent, std::optional<NetKind> kind,
                                                 int64_t now_sec) const;

    [[nodiscard]] size_t Size() const;
    [[nodiscard]] size_t CountNew() const;
    [[nodiscard]] size_t CountTried() const;

    struct Count {
        size_t fresh = 0;
        size_t tried = 0;
    };

    /// Of one network.
    [[nodiscard]] Count CountOf(NetKind kind) const;

    /// The table as the content of peers.dat and back; nullopt when it is no table. Places are kept when the
    /// map is the same, and found anew otherwise.
    [[nodiscard]] base::Bytes Serialize() const;
    [[nodiscard]] bool Deserialize(base::ByteSpan content, int64_t now_sec);
    /// Checks every place and count against every other; for tests.
    [[nodiscard]] bool IsConsistent() const;

private:
    struct Tables;
    using Mutex = base::Mutex<base::LockRank::Peers>;

    mutable Mutex m_mutex;
    std::unique_ptr<Tables> m_tables EMC_PT_GUARDED_BY(m_mutex);
};

/// Writes the table to peers.dat. Errors: DiskFull, Io, and Corrupt while a file stands there that cannot be
/// read.
[[nodiscard]] storage::StorageResult<void> SaveAddresses(const AddressManager& addresses, uint32_t magic_be,
                                                         storage::FileSystem& files, const std::string& path);
/// Reads it; a missing file leaves the table empty. Errors: Corrupt (the file is named and left as it is),
/// WrongNetwork, NewerVersion, Io.
[[nodiscard]] storage::StorageResult<void> LoadAddresses(AddressManager& addresses, uint32_t magic_be,
                                                         storage::FileSystem& files, const std::string& path,
                                                         int64_t now_sec);

/// Anchors: the block-relaying peers of the last run, connected to first in the next one.
inline constexpr size_t MAX_ANCHORS = 2;
[[nodiscard]] storage::StorageResult<void> SaveAnchors(const std::vector<Endpoint>& anchors,
                                                       uint32_t magic_be, storage::FileSystem& files,
                                                       const std::string& path);
/// Reads and removes the file, so that a bad anchor cannot stop every start; none when there is no file.
[[nodiscard]] storage::StorageResult<std::vector<Endpoint>>
LoadAnchors(uint32_t magic_be, storage::FileSystem& files, const std::string& path);

} // namespace emc::p2p
