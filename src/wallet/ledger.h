/// What the wallet's transactions add up to: own coins, running balances, history, own names. No keys, no
/// disk, no chain calls.
#pragma once

#include "base/function.h"
#include "wallet/rows.h"

#include <set>

namespace emc::wallet {

using primitives::Amount;
using primitives::OutPoint;

/// How a coin counts.
enum class CoinKind : uint8_t {
    Trusted,  ///< confirmed, or made by ourselves and in the pool
    Pending,  ///< from others, not in a block
    Immature, ///< generated, not yet spendable
    Name,     ///< lies in a live name, or in one not known to be over
    None,     ///< spent, or its transaction does not count
};

/// Whose a script is.
enum class Owner : uint8_t {
    Others,
    Wallet,
    Change, ///< the wallet's, for its change
};

/// Values of OwnCoin::live_until besides heights.
inline constexpr int32_t NAME_UNKNOWN = -2; ///< not looked up yet: counts as live
inline constexpr int32_t NAME_OVER = -1;    ///< deleted, or registered anew by somebody

struct OwnCoin {
    primitives::TxOut out;  ///< with the owner script
    int32_t height = -1;    ///< of its block; −1: none
    int32_t live_until = 0; ///< name outputs: last height at which the name is live, or a value above
    bool name = false;      ///< made with a name prefix
    bool generated = false;
    bool change = false; ///< on a script for the wallet's change
    CoinKind kind = CoinKind::None;
    size_t place = 0; ///< the ledger's own: where it stands among those that count
};

/// A line of history: an output that was paid, or came in.
struct HistoryLine {
    uint32_t vout = 0;
    ByteSpan owner; ///< script; lies in the transaction
    bool received = false;
};

/// Guarded by the wallet's mutex.
class Ledger
{
public:
    using OwnerOf = std::function<Owner(ByteSpan owner_script)>;

    /// `maturity`: blocks generated coins wait.
    Ledger(OwnerOf owner_of, int32_t maturity);
    ~Ledger();
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    /// Takes over stored transactions; the ledger is empty before. Names are unknown, nothing is noted as
    /// changed.
    void Load(std::vector<TransactionRow> rows);

    /// Does the transaction pay us or spend from us?
    [[nodiscard]] bool Concerns(const primitives::Transaction& tx) const;
    /// Adds a transaction, or moves a known one to a new state and block. Others that spend the same lose to
    /// one that is confirmed, and to one that is in the pool unless they are confirmed; with them all that
    /// depends on them. Comments, order and flags of a known transaction stay.
    void Put(TransactionRow row);
    /// A transaction of a block that does not concern us: known ones that spend the same lose.
    void NoteForeign(const primitives::Transaction& tx, const Hash256& block, int32_t height);
    /// The block left the best chain. What was in it waits again, generated coins are void, and what had lost
    /// to it may be tried again.
    void UndoBlock(const Hash256& block);
    /// Blocks that stored or current states refer to.
    [[nodiscard]] std::vector<Hash256> Blocks() const;
    /// A transaction left the mempool other than into a block. `lost`: another took its place.
    void LeavePool(const Hash256& txid, bool lost);
    /// Gives up a transaction that is Inactive or Conflicted, and all that depend on it. False for other
    /// states.
    [[nodiscard]] bool Abandon(const Hash256& txid);
    /// Gives a known transaction another comment.
    void SetComment(const Hash256& txid, const std::string& comment);
    /// Takes away a transaction that was never sent.
    void Forget(const Hash256& txid);

    /// Tells until when the name in an output is live, or NAME_OVER.
    void SetNameExpiry(const OutPoint& outpoint, int32_t live_until);
    /// Confirmed name outputs whose expiry is not known, with their names.
    [[nodiscard]] std::vector<std::pair<OutPoint, std::string>> UnknownNames() const;
    /// The best chain ends at this height now; coins ripen or names expire accordingly.
    void SetTip(int32_t height);
    /// Looks again at all outputs after keys were added.
    void Rebuild();
    /// Transactions whose stored form changed since the last call; nullptr: gone.
    [[nodiscard]] std::vector<std::pair<Hash256, const TransactionRow*>> TakeChanged();

    [[nodiscard]] const TransactionRow* Find(const Hash256& txid) const;
    [[nodiscard]] const OwnCoin* Coin(const OutPoint& outpoint) const;
    /// Coins that count, in no order.
    void ForEachUnspent(const std::function<void(const OutPoint&, const OwnCoin&)>& visit) const;
    /// Scripts that a transaction which counts has spent from. Looks at all coins.
    [[nodiscard]] std::set<Bytes, BytesLess> ScriptsSpentFrom() const;
    /// All own outputs ever seen, in no order.
    void ForEachCoin(const std::function<void(const OutPoint&, const OwnCoin&)>& visit) const;
    /// The transaction that counts and spends an outpoint.
    [[nodiscard]] std::optional<Hash256> SpenderOf(const OutPoint& outpoint) const;
    /// Other transactions of the wallet that spend what this one spends.
    [[nodiscard]] std::vector<Hash256> ConflictsOf(const primitives::Transaction& tx) const;
    [[nodiscard]] Amount Sum(CoinKind kind) const;
    [[nodiscard]] size_t TxCount() const;
    [[nodiscard]] int32_t TipHeight() const;
    /// The next number for TransactionRow::order.
    [[nodiscard]] uint64_t NextOrder() const;
    /// Newest first while `visit` returns true.
    void Newest(const std::function<bool(const TransactionRow&)>& visit) const;
    /// The same, to pass over the first `skip` lines: begins with the one that has the next line or somewhat
    /// before it, and takes the lines left out off `skip` before the first visit.
    void Newest(size_t& skip, const std::function<bool(const TransactionRow&)>& visit) const;
    /// Takes the place of what is in `out`. Change that comes back is no line; what the wallet pays to itself
    /// is two.
    void ReadLines(const TransactionRow& row, std::vector<HistoryLine>& out) const;
    /// In order of arrival.
    [[nodiscard]] std::vector<const TransactionRow*> InState(TxState state) const;

    /// Names that confirmed transactions put into our hands at some time, in byte order from `from`, while
    /// `visit` returns true. `coin`: the one the name lies in, live as far as is known; else null, and what
    /// tells of it is empty.
    struct HeldName {
        std::string_view name;
        const OutPoint* outpoint = nullptr;
        const OwnCoin* coin = nullptr;
        ByteSpan script = {}; ///< of that output, name prefix included
    };

    void ForEachName(std::string_view from, const std::function<bool(const HeldName&)>& visit) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::wallet
