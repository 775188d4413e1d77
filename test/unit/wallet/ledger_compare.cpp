// How a ledger is compared with the model.
#include "unit/wallet/ledger_sim.h"

namespace emc::test {

void LedgerSim::Differ(const std::string& what)
{
    if (m_difference.empty()) m_difference = "event " + std::to_string(m_events) + ": " + what;
}

void LedgerSim::Compare(const char* event, const LedgerModel::Freed& freed)
{
    ++m_events;
    m_model.Recompute(freed);
    for (const auto& [txid, row] : m_ledger->TakeChanged()) {
        const auto change = row == nullptr ? wallet::RemoveRow(txid) : wallet::MakeRow(*row);
        if (change.value) {
            m_stored[change.key] = *change.value;
        } else {
            m_stored.erase(change.key);
        }
    }
    if (!m_difference.empty()) return;
    CompareStates();
    CompareHistory();
    CompareCoins();
    CompareNames();
    if (!m_difference.empty()) m_difference += std::string(", after ") + event;
}

void LedgerSim::CompareStates()
{
    if (m_ledger->TxCount() != m_model.known.size()) Differ("number of transactions");
    if (m_stored.size() != m_model.known.size()) Differ("number of stored rows");
    for (const auto& [txid, entry] : m_model.known) {
        const auto* row = m_ledger->Find(txid);
        if (row == nullptr) return Differ("a transaction is missing");
        if (row->state != entry.state) {
            return Differ("state " + std::to_string(static_cast<int>(row->state)) + " instead of " +
                          std::to_string(static_cast<int>(entry.state)));
        }
        const int32_t height = m_model.HeightOf(txid);
        if (entry.state == TxState::Confirmed && row->height != height) Differ("height of a transaction");
        const bool placed = !row->block.IsNull();
        if (placed != (row->height >= 0)) Differ("a block without height");
        if (entry.state == TxState::Confirmed && !placed) Differ("confirmed in no block");
        if (placed && (row->height > m_model.Tip() ||
                       m_model.chain[static_cast<size_t>(row->height)].hash != row->block))
            Differ("a block that is not in the chain");
        const auto stored = m_stored.find(wallet::MakeRow(*row).key);
        if (stored == m_stored.end() || stored->second != *wallet::MakeRow(*row).value)
            Differ("a row on disk is not the one in memory");
    }
}

void LedgerSim::CompareHistory()
{
    size_t rows = 0;
    size_t lines = 0;
    std::vector<wallet::HistoryLine> of_row;
    m_ledger->Newest([&](const wallet::TransactionRow& row) {
        m_ledger->ReadLines(row, of_row);
        lines += of_row.size();
        return ++rows != 0;
    });
    if (rows != m_model.known.size()) Differ("length of the history");
    if (lines != m_model.Lines()) Differ("lines of the history");
    size_t skip = lines + 1;
    m_ledger->Newest(skip, [&](const auto&) { return false; });
    if (skip != 1) Differ("counted lines of the history");
}

void LedgerSim::CompareCoins()
{
    std::map<OutPoint, CoinKind> unspent;
    std::map<CoinKind, Amount> sums;
    for (const auto& [outpoint, kind] : m_model.Coins()) {
        const auto* coin = m_ledger->Coin(outpoint);
        if (coin == nullptr) return Differ("a coin is missing");
        if (coin->kind != kind) {
            return Differ("coin of kind " + std::to_string(static_cast<int>(coin->kind)) + " instead of " +
                          std::to_string(static_cast<int>(kind)));
        }
        if (coin->height != m_model.HeightOf(outpoint.txid)) Differ("height of a coin");
        if (kind == CoinKind::None) continue;
        unspent[outpoint] = kind;
        sums[kind] += m_made.at(outpoint.txid)->Outputs()[outpoint.index].value;
    }
    m_ledger->ForEachUnspent([&](const OutPoint& outpoint, const wallet::OwnCoin& coin) {
        if (m_ledger->Coin(outpoint) != &coin || unspent.erase(outpoint) == 0)
            Differ("list of unspent coins");
    });
    if (!unspent.empty()) Differ("list of unspent coins is short");
    for (const auto kind : {CoinKind::Trusted, CoinKind::Pending, CoinKind::Immature, CoinKind::Name}) {
        if (m_ledger->Sum(kind) != sums[kind])
            Differ("sum of kind " + std::to_string(static_cast<int>(kind)));
    }
}

void LedgerSim::CompareNames()
{
    std::set<std::string> names;
    m_ledger->ForEachName("", [&](const wallet::Ledger::HeldName& held) {
        const bool lies = held.coin != nullptr;
        if (lies && (held.coin->kind != CoinKind::Name || m_ledger->Coin(*held.outpoint) != held.coin))
            Differ("the coin a name lies in");
        return names.emplace(held.name).second;
    });
    if (names != m_model.ConfirmedNames()) Differ("names");
    std::set<OutPoint> unknown;
    for (const auto& [outpoint, name] : m_ledger->UnknownNames())
        unknown.insert(outpoint);
    if (unknown != m_model.Untold()) Differ("names whose end is unknown");
}

} // namespace emc::test
