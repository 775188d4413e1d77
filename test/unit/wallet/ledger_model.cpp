#include "unit/wallet/ledger_model.h"

#include "names/op_codec.h"

#include <algorithm>

namespace emc::test {

bool ModelIsMine(base::ByteSpan owner_script)
{
    return !owner_script.empty() && owner_script.back() % 2 == 0;
}

wallet::Owner ModelOwner(base::ByteSpan owner_script)
{
    using wallet::Owner;
    if (!ModelIsMine(owner_script)) return Owner::Others;
    return owner_script[owner_script.size() / 2] % 3 == 0 ? Owner::Change : Owner::Wallet;
}

namespace {

bool MineAt(const primitives::Transaction& tx, size_t index)
{
    return ModelIsMine(names::OwnerScriptOf(tx.Version(), index, tx.Outputs()[index].script_pubkey).script);
}

std::optional<names::NameOp> OpAt(const primitives::Transaction& tx, size_t index)
{
    if (tx.Version() != primitives::NAME_TX_VERSION) return std::nullopt;
    const auto parsed = names::ParseNameOutput(tx.Outputs()[index].script_pubkey);
    return parsed ? parsed->op : std::nullopt;
}

bool Stands(TxState state)
{
    return state == TxState::Confirmed || state == TxState::InPool;
}

} // namespace

std::set<OutPoint> LedgerModel::SpentBy(const primitives::Transaction& tx)
{
    std::set<OutPoint> out;
    for (const auto& input : tx.Inputs()) {
        if (!input.prevout.IsNull()) out.insert(input.prevout);
    }
    return out;
}

void LedgerModel::AddFreed(Freed& freed, const primitives::Transaction& tx)
{
    for (const auto& outpoint : SpentBy(tx))
        freed.emplace(outpoint, tx.Txid());
}

bool LedgerModel::IsOwnOutput(const OutPoint& outpoint) const
{
    const auto it = known.find(outpoint.txid);
    return it != known.end() && outpoint.index < it->second.tx->Outputs().size() &&
           MineAt(*it->second.tx, outpoint.index);
}

size_t LedgerModel::Lines() const
{
    size_t lines = 0;
    for (const auto& [txid, entry] : known) {
        const auto& tx = *entry.tx;
        const bool from_me = std::any_of(tx.Inputs().begin(), tx.Inputs().end(),
                                         [this](const auto& input) { return IsOwnOutput(input.prevout); });
        for (size_t i = 0; i < tx.Outputs().size(); ++i) {
            const auto whose =
                ModelOwner(names::OwnerScriptOf(tx.Version(), i, tx.Outputs()[i].script_pubkey).script);
            if (from_me && whose != wallet::Owner::Change) ++lines;
            if (whose == wallet::Owner::Wallet || (whose == wallet::Owner::Change && !from_me)) ++lines;
        }
    }
    return lines;
}

bool LedgerModel::Concerns(const primitives::Transaction& tx) const
{
    for (size_t i = 0; i < tx.Outputs().size(); ++i) {
        if (MineAt(tx, i)) return true;
    }
    return std::any_of(tx.Inputs().begin(), tx.Inputs().end(),
                       [this](const auto& input) { return IsOwnOutput(input.prevout); });
}

void LedgerModel::Hear(const TxRef& tx, bool generated)
{
    auto& entry = known[tx->Txid()];
    if (!entry.tx) {
        entry.tx = tx;
        entry.generated = generated;
    }
    entry.abandoned = false;
    entry.lost = false;
}

int32_t LedgerModel::HeightOf(const Hash256& txid) const
{
    for (size_t height = 0; height < chain.size(); ++height) {
        for (const auto& tx : chain[height].txs) {
            if (tx->Txid() == txid) return static_cast<int32_t>(height);
        }
    }
    return -1;
}

std::set<LedgerModel::Spender> LedgerModel::ChainSpenders() const
{
    std::set<Spender> out;
    for (const auto& block : chain) {
        for (const auto& tx : block.txs) {
            for (const auto& outpoint : SpentBy(*tx))
                out.emplace(outpoint, tx->Txid());
        }
    }
    return out;
}

/// Does something in the chain, or something known in the pool, spend the same?
bool LedgerModel::Beaten(const Known& entry, const std::set<Spender>& chain_spenders) const
{
    for (const auto& outpoint : SpentBy(*entry.tx)) {
        auto it = chain_spenders.lower_bound({outpoint, Hash256{}});
        for (; it != chain_spenders.end() && it->first == outpoint; ++it) {
            if (it->second != entry.tx->Txid()) return true;
        }
        for (const auto& [txid, other] : known) {
            if (txid != entry.tx->Txid() && pool.contains(txid) && SpentBy(*other.tx).contains(outpoint))
                return true;
        }
    }
    return false;
}

bool LedgerModel::ParentIn(const Known& entry, std::initializer_list<TxState> states) const
{
    for (const auto& outpoint : SpentBy(*entry.tx)) {
        const auto parent = known.find(outpoint.txid);
        if (parent == known.end()) continue;
        if (std::find(states.begin(), states.end(), parent->second.state) != states.end()) return true;
    }
    return false;
}

void LedgerModel::AssignStates()
{
    const auto chain_spenders = ChainSpenders();
    for (auto& [txid, entry] : known) {
        if (HeightOf(txid) >= 0) {
            entry.state = TxState::Confirmed;
        } else if (pool.contains(txid)) {
            entry.state = TxState::InPool;
        } else if (entry.abandoned) {
            entry.state = TxState::Abandoned;
        } else if (entry.generated || entry.lost || Beaten(entry, chain_spenders)) {
            entry.state = TxState::Conflicted;
        } else {
            entry.state = TxState::Inactive;
        }
    }
    for (bool again = true; again;) {
        again = false;
        for (auto& [txid, entry] : known) {
            if (entry.state != TxState::Inactive || !ParentIn(entry, {TxState::Conflicted})) continue;
            entry.state = TxState::Conflicted;
            again = true;
        }
    }
}

/// A loss in the pool is forgotten when what it was lost to, or the loss of a parent, is gone and nothing
/// else stands against the transaction.
bool LedgerModel::ClearLost(const std::map<Hash256, TxState>& before, const Freed& freed)
{
    const auto chain_spenders = ChainSpenders();
    bool cleared = false;
    for (auto& [txid, entry] : known) {
        if (!entry.lost || Beaten(entry, chain_spenders)) continue;
        if (ParentIn(entry, {TxState::Conflicted, TxState::Abandoned})) continue;
        bool touched = false;
        const Hash256& own = entry.tx->Txid();
        for (const auto& outpoint : SpentBy(*entry.tx)) {
            const auto parent = before.find(outpoint.txid);
            const bool was_out = parent != before.end() && (parent->second == TxState::Conflicted ||
                                                            parent->second == TxState::Abandoned);
            touched = touched || was_out || std::any_of(freed.begin(), freed.end(), [&](const auto& one) {
                          return one.first == outpoint && one.second != own;
                      });
        }
        if (!touched) continue;
        entry.lost = false;
        cleared = true;
    }
    return cleared;
}

void LedgerModel::Recompute(const Freed& freed)
{
    std::map<Hash256, TxState> before;
    for (const auto& [txid, entry] : known)
        before[txid] = entry.state;
    do {
        AssignStates();
    } while (ClearLost(before, freed));
}

bool LedgerModel::Trusted(const Known& entry) const
{
    if (entry.state == TxState::Confirmed) return true;
    if (entry.state != TxState::InPool) return false;
    return std::all_of(entry.tx->Inputs().begin(), entry.tx->Inputs().end(), [this](const auto& input) {
        return IsOwnOutput(input.prevout) && Trusted(known.at(input.prevout.txid));
    });
}

CoinKind LedgerModel::KindOf(const Known& entry, const OutPoint& outpoint) const
{
    if (!Stands(entry.state)) return CoinKind::None;
    for (const auto& [txid, other] : known) {
        const bool counts = Stands(other.state) || other.state == TxState::Inactive;
        if (counts && SpentBy(*other.tx).contains(outpoint)) return CoinKind::None;
    }
    const auto op = OpAt(*entry.tx, outpoint.index);
    if (entry.state == TxState::InPool) {
        if (op) return CoinKind::Name;
        return Trusted(entry) ? CoinKind::Trusted : CoinKind::Pending;
    }
    if (entry.generated && Tip() + 1 - HeightOf(outpoint.txid) < MODEL_MATURITY) return CoinKind::Immature;
    if (!op || op->kind == names::OpKind::Delete) return CoinKind::Trusted;
    const auto until = told.find(outpoint);
    return until == told.end() || until->second >= Tip() + 1 ? CoinKind::Name : CoinKind::Trusted;
}

std::map<OutPoint, CoinKind> LedgerModel::Coins() const
{
    std::map<OutPoint, CoinKind> out;
    for (const auto& [txid, entry] : known) {
        for (uint32_t i = 0; i < entry.tx->Outputs().size(); ++i) {
            const OutPoint outpoint{txid, i};
            if (MineAt(*entry.tx, i)) out[outpoint] = KindOf(entry, outpoint);
        }
    }
    return out;
}

std::set<std::string> LedgerModel::ConfirmedNames() const
{
    std::set<std::string> out;
    for (const auto& [txid, entry] : known) {
        if (entry.state != TxState::Confirmed) continue;
        for (size_t i = 0; i < entry.tx->Outputs().size(); ++i) {
            const auto op = OpAt(*entry.tx, i);
            if (op && MineAt(*entry.tx, i)) out.insert(op->name);
        }
    }
    return out;
}

std::set<OutPoint> LedgerModel::Untold() const
{
    std::set<OutPoint> out;
    for (const auto& [txid, entry] : known) {
        if (entry.state != TxState::Confirmed) continue;
        for (uint32_t i = 0; i < entry.tx->Outputs().size(); ++i) {
            const OutPoint outpoint{txid, i};
            const auto op = OpAt(*entry.tx, i);
            if (!op || op->kind == names::OpKind::Delete || !MineAt(*entry.tx, i) || told.contains(outpoint))
                continue;
            const bool gone = std::any_of(known.begin(), known.end(), [&](const auto& other) {
                return other.second.state == TxState::Confirmed &&
                       SpentBy(*other.second.tx).contains(outpoint);
            });
            if (!gone) out.insert(outpoint);
        }
    }
    return out;
}

} // namespace emc::test
