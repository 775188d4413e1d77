/// The writer: everything that changes the chain. Internal to this room; users see chain/chain.h.
#pragma once

#include "chain/chain.h"
#include "chain/progress.h"
#include "chain/state_cache.h"
#include "consensus/header_rules.h"
#include "storage/schema.h"

#include <atomic>

namespace emc::storage {
class FileSystem;
class KvBatch;
class KvStore;
} // namespace emc::storage

namespace emc::chain {

class BlockIndex;
class BlockStore;
class BranchCoins;
class CheckAhead;
class HeldBlocks;
class History;
class ScriptPool;
class StakeBook;
struct BlockEntry;
struct HistoryView;
struct SnapshotFault;
struct SnapshotHead;

/// What every report of a full disk ends with.
inline constexpr std::string_view DISK_FULL_REMEDY = "; free some space and start again, nothing is lost";

/// What the error of a damaged state ends with.
inline constexpr std::string_view STATE_REMEDY = "start with -reindex-chainstate to rebuild it";

/// Beside the folder of the state, with its name in front: a state out of a snapshot in use, one that is
/// being read, one that turned out to be wrong.
inline constexpr std::string_view SNAPSHOT_SUFFIX = "_snapshot";
inline constexpr std::string_view LOADING_SUFFIX = "_loading";
inline constexpr std::string_view REFUSED_SUFFIX = "_snapshot_refused";

/// Blocks checked without the chain, on the caller's thread.
struct Prechecked {
    base::Hash256 hash;
    consensus::Verdict header;
    consensus::Verdict block;
};

/// Owns the stores and the writer thread. Functions marked [writer] run on it only, or before it is started.
class Engine
{
public:
    Engine(const ChainOptions& options, const ChainDeps& deps);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Opens the stores and brings the state to the best chain; call once, before Start.
    [[nodiscard]] base::Expected<void, OpenError> Open();
    void Start();
    /// Runs what is queued, flushes, joins.
    void Stop();

    /// Queues a job for the writer.
    void Post(std::function<void()> job);
    /// Runs a job on the writer and waits for it. On the writer itself: runs it at once.
    void Run(const std::function<void()>& job);

    [[nodiscard]] Prechecked Precheck(const primitives::Block& block) const;
    /// How much of the chain a tip has behind it, 0 … 1: of the headers known, and while the node catches up,
    /// since headers of strangers are no chain yet, of the time since genesis. Any thread.
    [[nodiscard]] double ProgressOf(const interfaces::Tip& tip) const;

    /// Until the node has caught up, at the present pace; 0: it has, or nothing is known. Any thread.
    [[nodiscard]] int64_t SecondsLeft() const { return m_seconds_left.load(); }

    /// See Chain::QueueBlock.
    void Queue(const primitives::BlockRef& block, std::function<void(const BlockVerdict&)> done);
    /// [writer] See Chain::AcceptBlock.
    [[nodiscard]] BlockVerdict AcceptBlock(const primitives::BlockRef& block, const Prechecked& prechecked);
    /// [writer] See Chain::RestoreBlock.
    [[nodiscard]] BlockVerdict Restore(const primitives::BlockRef& block, const Prechecked& prechecked);
    /// [writer]
    [[nodiscard]] BlockVerdict AcceptHeader(const primitives::BlockHeader& header);
    /// [writer]
    [[nodiscard]] BlockVerdict TestBlock(const primitives::Block& block);
    /// [writer] Nothing, or why not.
    [[nodiscard]] std::optional<std::string> Invalidate(const base::Hash256& hash);
    [[nodiscard]] std::optional<std::string> Reconsider(const base::Hash256& hash);
    [[nodiscard]] std::optional<std::string> Prefer(const base::Hash256& hash);
    /// [writer] Writes everything to disk. False after a failure, which was reported.
    bool Flush(StateCache::Keep keep);
    /// Takes the last blocks back and connects them again in memory; text of the first fault. Any thread but
    /// the writer's, which goes on meanwhile; takes as much memory as the cache may.
    [[nodiscard]] std::optional<std::string> VerifyBlocks(int level, int32_t blocks);

    /// [writer] Removes block files up to a height; the last height that is gone, −1: none. Error: why not.
    [[nodiscard]] base::Expected<int32_t, std::string> PruneTo(int32_t height);
    /// [writer] From now on old files are removed by themselves, if they are to be. `lock` (may be empty)
    /// gives the height up to which blocks are not needed by others; it runs on the writer thread.
    void StartPruning(std::function<int32_t()> lock);

    /// Every block of the best chain from this height on is stored. Any thread.
    [[nodiscard]] int32_t PruneHeight() const { return m_prune_height.load(); }

    /// State on disk that belongs to the tip as it is now or later; flushes when there is none. Any thread.
    [[nodiscard]] std::shared_ptr<const CommittedState> CommittedAtTip();

    /// The part of the chain that came with a snapshot and is not validated yet; null when there is none. Any
    /// thread.
    [[nodiscard]] std::shared_ptr<const HistoryView> HistoryNow() const;

    [[nodiscard]] const ChainOptions& Options() const { return m_options; }

    /// A state read from a file, in a store of its own that is closed.
    struct LoadedState {
        const SnapshotHead& head;
        const std::vector<primitives::PlainHeader>& headers; ///< from height 1 to the base
        std::string directory;                               ///< where the store lies
    };

    /// A state store of this network, made when missing.
    [[nodiscard]] storage::StorageResult<std::shared_ptr<storage::KvStore>>
    OpenStateStore(const std::string& directory) const;
    /// Removes a store that is not open.
    [[nodiscard]] storage::StorageResult<void> RemoveStore(const std::string& directory) const;
    /// [writer] May a snapshot of this base be loaded now? Errors: NotAhead, OtherChain, AlreadyLoaded,
    /// UnknownBase (known to be invalid).
    [[nodiscard]] base::Expected<void, SnapshotFault> MayLoad(const SnapshotHead& head) const;
    /// [writer] Makes the loaded state the one the node works on; the present one becomes the history's.
    [[nodiscard]] base::Expected<void, SnapshotFault> GoOver(const LoadedState& loaded);

    [[nodiscard]] const BlockIndex& Index() const { return *m_index; }

    [[nodiscard]] const BlockStore& Blocks() const { return *m_blocks; }

    [[nodiscard]] StateCache& State() { return *m_state; }

    /// The merged-mining proof of a block in the index; null when there is none. Any thread.
    [[nodiscard]] std::shared_ptr<const primitives::AuxPow> ProofOf(const base::Hash256& hash) const;

    /// A block that waits in memory (Outcome::Held). Any thread.
    [[nodiscard]] std::optional<KnownBlock> HeldBlock(const base::Hash256& hash) const;

    [[nodiscard]] const consensus::Params& Params() const { return m_deps.params; }

    [[nodiscard]] EventBus& Events() { return *m_events; }

    [[nodiscard]] storage::FileSystem& Files() { return m_files; }

    [[nodiscard]] base::Logger& Log() { return m_deps.log; }

    [[nodiscard]] script::SignatureCache& Signatures() { return m_signatures; }

    [[nodiscard]] bool Stopped() const;

    /// Has somebody asked the process to stop? Any thread.
    [[nodiscard]] bool StopAsked() const;

    [[nodiscard]] int32_t ReorgLimit() const;

private:
    enum class Step : uint8_t { Done, Invalid, Failed };

    struct FoundBlock;
    struct Shared;
    struct Import;

    /// What connecting a block gave.
    struct Joined {
        consensus::BlockDelta delta; ///< without `spent`
        std::vector<std::vector<primitives::Coin>> spent;
    };

    // engine.cpp
    void Loop();
    [[nodiscard]] bool WriteIndex();
    [[nodiscard]] bool FlushState(StateCache& state, StateCache::Keep keep);
    void MaybeFlush(StateCache& state, int64_t& last_us, size_t limit);
    void BatchProofs(storage::KvBatch& batch) const;
    void KeepProof(const base::Hash256& hash, const std::shared_ptr<const primitives::AuxPow>& proof);
    void Fail(const storage::StorageFailure& failure, std::string_view doing);
    void MaybeFlush();
    /// Opening only: has somebody asked to stop? Remembers a yes.
    [[nodiscard]] bool Interrupted();

    // accept.cpp
    /// Why a header may not stand on a parent (null: unknown); nothing when it may.
    [[nodiscard]] std::optional<BlockVerdict> CheckParent(const primitives::BlockHeader& header,
                                                          const consensus::Verdict& checked,
                                                          const BlockEntry* parent) const;
    [[nodiscard]] base::Expected<const BlockEntry*, BlockVerdict>
    HeaderEntry(const primitives::BlockHeader& header, const base::Hash256& hash,
                const consensus::Verdict& checked);
    [[nodiscard]] consensus::HeaderContext ContextOf(const primitives::PlainHeader& header,
                                                     const BlockEntry& parent) const;
    [[nodiscard]] consensus::Verdict CheckWithHeight(const primitives::Block& block, const BlockEntry& parent,
                                                     const consensus::Verdict& checked) const;
    /// Takes in a block that may be stored, or (`stored_at`) was found in a block file.
    [[nodiscard]] BlockVerdict Store(const primitives::BlockRef& block, const Prechecked& prechecked,
                                     const storage::FilePos* stored_at);
    [[nodiscard]] BlockVerdict Failed() const;

    // accept_stake.cpp
    /// Why a block of strangers is not stored, or not now; nothing when it may be. Stores held blocks it
    /// stands on.
    [[nodiscard]] std::optional<BlockVerdict> Admit(const primitives::BlockRef& block,
                                                    const Prechecked& prechecked);
    /// In the index or held; null when unknown.
    [[nodiscard]] const BlockEntry* FindOrHeld(const base::Hash256& hash) const;
    /// Why a new block may not stand on a parent (null: unknown), by what it shows without coins.
    [[nodiscard]] std::optional<BlockVerdict>
    CheckOn(const primitives::Block& block, const Prechecked& prechecked, const BlockEntry* parent) const;
    /// Why a proof-of-stake block of strangers must not be kept; nothing when it has proven its stake.
    [[nodiscard]] std::optional<BlockVerdict> CheckStake(const primitives::Block& block,
                                                         const Prechecked& prechecked);
    /// Are so many blocks of its stake stored that a proven block has to wait? The verdict, then.
    [[nodiscard]] std::optional<BlockVerdict> HoldBack(const primitives::BlockRef& block,
                                                       const base::Hash256& hash);
    [[nodiscard]] StakeBook& Stakes();
    [[nodiscard]] BlockVerdict StakeUnread(const storage::StorageFailure& failure);
    /// The stake modifier after a block; nothing while a block it needs is not stored.
    [[nodiscard]] storage::StorageResult<std::optional<base::Hash256>> ModifierOf(const BlockEntry& entry);
    [[nodiscard]] storage::StorageResult<primitives::BlockRef> StoredBlock(const BlockEntry& entry) const;
    [[nodiscard]] std::unique_ptr<BranchCoins> MakeBranchCoins() const;
    /// Remembers the proof of a known header.
    void TakeProof(const BlockEntry& entry, const primitives::BlockHeader& header);
    /// The block breaks a rule; so do those on it.
    void MarkBroken(const BlockEntry& entry, consensus::Rule rule);
    [[nodiscard]] BlockVerdict VerdictOf(const BlockEntry& entry, Outcome good) const;

    // activate.cpp
    /// `before`: the tip subscribers know, when it is no longer the present one.
    [[nodiscard]] bool Activate(const BlockEntry* before = nullptr);
    [[nodiscard]] bool MayReach(const BlockEntry& candidate, const BlockEntry& tip);
    /// Is the block, or one it stands on, one for which the operator lifted the reorganisation limit?
    [[nodiscard]] bool DeepAllowed(const BlockEntry& entry) const;
    [[nodiscard]] Step ConnectPath(const BlockEntry& target);
    [[nodiscard]] Step Connect(const BlockEntry& entry, const primitives::BlockRef& block);
    /// Checks a block on a state and stores what undoes it; the state is not changed.
    [[nodiscard]] base::Expected<Joined, Step> Join(const BlockEntry& entry, const primitives::Block& block,
                                                    const consensus::ConnectContext& context,
                                                    const StateCache& state);
    [[nodiscard]] Step Disconnect();
    [[nodiscard]] Step Refused(const BlockEntry& entry, const consensus::RuleResult& rule);
    [[nodiscard]] base::Expected<storage::FilePos, storage::StorageFailure> StoreUndo(const BlockEntry& entry,
                                                                                      const BlockUndo& undo);
    [[nodiscard]] primitives::BlockRef Load(const BlockEntry& entry);
    /// The block that was read; null after a failure, which is reported.
    [[nodiscard]] primitives::BlockRef Loaded(const storage::StorageResult<primitives::BlockRef>& block);
    void CompleteUndo(BlockUndo& undo, int32_t height) const;
    [[nodiscard]] StateCache::NewTip TipOf(const BlockEntry& entry);
    /// After a block was connected.
    void NoteProgress();
    [[nodiscard]] consensus::ConnectContext ConnectContextOf(const BlockEntry& parent,
                                                             const StateCache& state);
    /// Are this block's scripts taken as valid (Params::assumed_valid)?
    [[nodiscard]] bool ScriptsAssumed(const BlockEntry& entry);
    [[nodiscard]] base::Hash256 ModifierAfter(const BlockEntry& entry, const primitives::Block& block) const;

    // history_run.cpp: [writer]
    /// One slice of work on the history; true when there is more to do at once.
    bool StepHistory();
    [[nodiscard]] Step ConnectHistory(const BlockEntry& entry);
    bool CompareHistory();
    void FinishHistory();
    void PublishHistory();
    /// The snapshot is not what was promised: puts it aside for the next start and stops the writer.
    void RefuseSnapshot(const std::string& why);
    [[nodiscard]] bool MayLeaveHistory(const BlockEntry& candidate);
    [[nodiscard]] size_t CacheLimit() const;
    [[nodiscard]] base::Expected<void, SnapshotFault> InsertHeaders(const LoadedState& loaded);
    [[nodiscard]] std::unique_ptr<StateCache> CacheOn(std::shared_ptr<storage::KvStore> store);

    // open_snapshot.cpp: opening only
    [[nodiscard]] storage::StorageResult<void> OpenSnapshotStore();
    /// Notes durably that the snapshot found is not wanted any more.
    [[nodiscard]] storage::StorageResult<void> DropSnapshot();
    /// Which store the node works on, now that the one of checked blocks is open.
    [[nodiscard]] storage::StorageResult<void> ChooseState(std::shared_ptr<storage::KvStore> state);
    [[nodiscard]] storage::StorageResult<void> PutAsideSnapshot();
    [[nodiscard]] storage::StorageResult<void> OpenHistory();

    // open.cpp
    /// Runs scripts on as many threads as the options say.
    [[nodiscard]] std::unique_ptr<ScriptPool> MakePool() const;

    /// Where the state in a store stands: block and supply.
    struct Place {
        const BlockEntry* at = nullptr;
        int64_t supply = 0;
    };

    [[nodiscard]] storage::StorageResult<Place> PlaceOf(const storage::KvStore& store) const;
    [[nodiscard]] storage::StorageResult<NameTotals> NamesOf(storage::KvStore& store, const BlockEntry& at);
    [[nodiscard]] std::vector<StateCache::NewTip> TimesUpTo(const BlockEntry& entry) const;
    [[nodiscard]] storage::StorageResult<void> OpenStores();
    [[nodiscard]] storage::StorageResult<void> OpenState();
    void LogAssumed() const;
    [[nodiscard]] storage::StorageResult<void> CheckFilesExist() const;
    [[nodiscard]] storage::StorageResult<void> StoreGenesis();
    [[nodiscard]] storage::StorageResult<void> ImportBlocks();
    [[nodiscard]] storage::StorageResult<void> ImportFile(int32_t file, uint64_t from);
    void ImportBlock(const primitives::BlockRef& block, const FoundBlock& found);

    // verify.cpp
    struct Verification;
    /// Everything a block shows by itself and at its height. Any thread.
    [[nodiscard]] consensus::Verdict CheckAgain(const primitives::Block& block,
                                                const BlockEntry& parent) const;

    // prune.cpp
    /// So many of the newest blocks stay.
    [[nodiscard]] int32_t KeptBlocks() const;
    /// Greatest height of blocks that nobody needs.
    [[nodiscard]] int32_t PruneLimit() const;
    /// Removes what the target demands when a new block file was begun.
    void MaybePrune();
    /// Marks the blocks of `files` and removes these and undo files that only they needed. Blocks are marked
    /// durably before a file goes. False after a failure, which was reported.
    [[nodiscard]] bool RemoveFiles(std::vector<int32_t> files);
    /// Are the blocks on the way from the tip to the candidate there?
    [[nodiscard]] bool IsStored(const BlockEntry& candidate, const BlockEntry& tip);
    /// Opening: may this folder be opened with these options?
    [[nodiscard]] storage::StorageResult<void> CheckPruned();
    /// Opening: removes files that are marked as removed and still there.
    [[nodiscard]] storage::StorageResult<void> RemoveLeftFiles();
    void FindPruneHeight();

    const ChainOptions m_options;
    const ChainDeps m_deps;
    storage::FileSystem& m_files;
    script::SignatureCache m_signatures;
    std::unique_ptr<EventBus> m_events;
    std::unique_ptr<BlockIndex> m_index;
    std::unique_ptr<BlockStore> m_blocks;
    std::unique_ptr<storage::KvStore> m_index_store;
    std::shared_ptr<storage::KvStore> m_state_store;
    std::unique_ptr<StateCache> m_state;
    std::shared_ptr<storage::KvStore> m_history_store; ///< null unless a snapshot is in use
    std::unique_ptr<History> m_history;                ///< the same
    std::unique_ptr<ScriptPool> m_pool;
    std::unique_ptr<CheckAhead> m_ahead;         ///< null without a processor to spare
    std::unique_ptr<BranchCoins> m_branch_coins; ///< writer only; made when first needed
    std::unique_ptr<StakeBook> m_stakes;         ///< the same
    std::unique_ptr<HeldBlocks> m_held;

    // Writer only:
    std::string m_failure; ///< text of the error that stopped it
    int64_t m_last_flush_us = 0;
    int64_t m_last_history_flush_us = 0;
    std::optional<storage::SnapshotRow> m_snapshot_row; ///< while opening
    std::shared_ptr<storage::KvStore> m_snapshot_store; ///< the same
    bool m_initial_download = true;
    std::optional<Progress> m_catching_up;  ///< from the first block on that this run connects
    std::atomic<int64_t> m_seconds_left{0}; ///< any thread
    bool m_opening = true;
    bool m_interrupted = false;
    const BlockEntry* m_fresh_entry = nullptr; ///< the block just accepted, still in memory
    primitives::BlockRef m_fresh_block;
    std::optional<std::pair<const BlockEntry*, consensus::RuleResult>>
        m_refusal; ///< of the last block refused
    std::vector<const BlockEntry*>
        m_deep_allowed; ///< branches the operator let pass the reorganisation limit
    const BlockEntry* m_deep_warned = nullptr;
    const BlockEntry* m_assumed_entry = nullptr;          ///< of Params::assumed_valid, once it is known
    bool m_has_pruned = false;                            ///< some block was pruned
    std::optional<std::function<int32_t()>> m_prune_lock; ///< absent: nothing is removed by itself yet
    int32_t m_prune_checked_file = -1; ///< the block file being written when the target was last looked at
    std::atomic<int32_t> m_prune_height{0}; ///< any thread
    std::shared_ptr<Import> m_import;       ///< while block files are taken in

    std::unique_ptr<Shared> m_shared; ///< queue, thread, proofs: what other threads touch
};

} // namespace emc::chain
