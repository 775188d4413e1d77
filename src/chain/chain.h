/// The chain: block index, block files, coins and names, one writer thread. Start reading here.
///
/// All changes run on one writer thread in the order they were asked for. Readers use the immutable tip
/// snapshot, the state at the tip (TipView) or the committed store; none of them can stall the writer
/// (doc/storage.md).
#pragma once

#include "chain/events.h"
#include "chain/options.h"
#include "consensus/fork_choice.h"
#include "consensus/rule.h"
#include "interfaces/chain.h"
#include "interfaces/snapshot.h"

namespace emc::script {
class SignatureCache;
}

namespace emc::reward {
struct Watermark;
}

namespace emc::chain {

class TipView;

/// What became of a block or header.
enum class Outcome : uint8_t {
    Accepted, ///< new; a block is stored and, if it makes the best chain, connected
    Known,    ///< had it already and found nothing wrong with it
    Invalid,  ///< breaks `rule`; its hash is remembered as invalid once its header is in the index
    Mutated,  ///< this copy breaks `rule`, the hash may still be good
    Waiting,  ///< not usable now: a block before it is missing, its time lies too far ahead; see `rule`
    Held,     ///< good as far as is known, but two blocks with its stake are stored: waits in memory, for a
              ///< while, until something proven is built on it. `rule` is Ok
    Failed,   ///< this computer failed (disk); `rule` is Ok, text says what
};

struct BlockVerdict {
    Outcome outcome = Outcome::Accepted;
    consensus::RuleResult rule; ///< Ok when Accepted
    int32_t height = -1;        ///< of the block, −1 when unknown
    bool in_best_chain = false; ///< after the call
    std::string text;           ///< of Failed

    [[nodiscard]] bool Good() const { return outcome == Outcome::Accepted || outcome == Outcome::Known; }
};

/// What the index says of a block, for those who decide what to ask peers for.
struct KnownBlock {
    int32_t height = 0;
    base::Hash256 previous;
    bool stored = false; ///< the block is here, or was before it was pruned
    bool pruned = false; ///< it was here
    bool held = false;   ///< in memory only, see Outcome::Held; may be gone at the next look
    bool invalid = false;
    bool in_best_chain = false;
    uint32_t time = 0;  ///< of the header
    uint32_t bytes = 0; ///< of the stored block
    consensus::ForkState fork_state;

    /// Nobody need send it, and blocks on it can be judged.
    [[nodiscard]] bool Here() const { return stored || held; }
};

/// What a block made on the tip has to carry.
struct NextBlock {
    interfaces::Tip tip; ///< the parent
    int32_t height = 0;  ///< of the new block
    uint32_t pow_bits = 0;
    uint32_t pos_bits = 0;
    int64_t min_time = 0; ///< parent's median time + 1
    std::optional<int64_t> last_pos_time;
    base::Hash256 stake_modifier;    ///< after the parent
    consensus::ForkState fork_state; ///< of the parent
};

/// One chain. Any thread may call anything unless a function says otherwise; event sinks may call it too.
class Chain
{
public:
    /// Opens or creates the stores, rolls the state to the best chain the block files hold and starts the
    /// writer. Takes as long as that needs. Errors name the path and what to do; a damaged file is left as it
    /// is.
    [[nodiscard]] static base::Expected<std::unique_ptr<Chain>, OpenError> Open(const ChainOptions& options,
                                                                                const ChainDeps& deps);
    /// Finishes queued requests, writes everything to disk, joins the threads. Subscriptions must be gone
    /// before.
    ~Chain();
    Chain(const Chain&) = delete;
    Chain& operator=(const Chain&) = delete;

    /// Checks a block, stores it, and moves the tip if it makes a better chain. Waits for the verdict.
    /// Not from the writer thread.
    [[nodiscard]] BlockVerdict AcceptBlock(const primitives::BlockRef& block);
    /// Without waiting, and not once the process stops. `done` (may be empty) runs on the writer: be quick.
    void QueueBlock(const primitives::BlockRef& block, std::function<void(const BlockVerdict&)> done);
    /// Stores a block again that was pruned; what undoes it does not come back. Without waiting. `done` runs
    /// on the writer: Accepted; Known when it is not pruned, Mutated when this copy of it is damaged.
    void RestoreBlock(const primitives::BlockRef& block, std::function<void(const BlockVerdict&)> done);
    /// Checks a header and adds it to the index. Waits. Only for proof-of-stake headers the operator vouches
    /// for: making one costs nothing, those of strangers come in with their blocks.
    [[nodiscard]] BlockVerdict AcceptHeader(const primitives::BlockHeader& header);
    /// Would this block connect on the tip? Work, proof of stake signature and the merged-mining proof are
    /// not asked for; nothing is stored. Waiting when its parent is not the tip. Waits.
    [[nodiscard]] BlockVerdict TestBlock(const primitives::BlockRef& block);

    /// Lets old block files go by themselves when ChainOptions::prune_target_bytes is set; before, none does.
    /// `needless` (may be empty) gives the height up to which no one else has to read blocks; it runs on the
    /// writer thread and must return soon. Waits until a function given earlier is no longer used.
    void StartPruning(std::function<int32_t()> needless);

    struct MissingBlock {
        int32_t height = 0;
        base::Hash256 hash;

        bool operator==(const MissingBlock&) const = default;
    };

    /// Blocks below a loaded snapshot that are not stored, lowest first, at most `limit`: what to fetch when
    /// nothing newer is missing. Empty when no history is to be checked.
    [[nodiscard]] std::vector<MissingBlock> MissingHistory(size_t limit) const;

    /// nullopt when it is neither in the index nor held.
    [[nodiscard]] std::optional<KnownBlock> Find(const base::Hash256& hash) const;
    /// A stored block as peers are sent it, with witness, for who passes it on unread: of its bytes only the
    /// header is compared with the hash. nullopt when it is not here, pruned or unreadable.
    [[nodiscard]] std::optional<base::Bytes> BlockBytes(const base::Hash256& hash) const;
    /// Lock-free.
    [[nodiscard]] interfaces::Tip GetTip() const;
    /// The state at the tip; see TipView.
    [[nodiscard]] TipView View() const;
    /// For block templates and stakers; consistent in itself.
    [[nodiscard]] NextBlock Next() const;
    [[nodiscard]] const consensus::Params& Params() const;
    /// Verified signatures, shared with the mempool.
    [[nodiscard]] script::SignatureCache& Signatures();

    [[nodiscard]] EventBus& Events();
    [[nodiscard]] interfaces::ChainReader& Reader();
    [[nodiscard]] interfaces::NameReader& Names();
    /// Of call rewards, all, by pair, as of the tip; empty when the disk failed.
    [[nodiscard]] std::vector<reward::Watermark> Watermarks();
    [[nodiscard]] interfaces::ChainControl& Control();
    [[nodiscard]] interfaces::SnapshotControl& Snapshots();
    /// True after a fatal error was reported: blocks are refused.
    [[nodiscard]] bool Stopped() const;
    /// Sum of all coins at the tip, in units.
    [[nodiscard]] primitives::Amount Supply() const;
    /// Hashes of the best chain for a locator: tip first, steps doubling after ten, genesis last.
    [[nodiscard]] std::vector<base::Hash256> Locator() const;

    struct Impl;
    /// For Open.
    explicit Chain(std::unique_ptr<Impl> impl);

private:
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::chain
