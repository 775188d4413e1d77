/// What came in since a block, by address, and which addresses belong together.
#include "consensus/params.h"
#include "wallet/spend.h"

#include <algorithm>

namespace emc::wallet {

using interfaces::WalletTx;

std::vector<WalletTx> Wallet::TransactionsSince(int32_t height) const
{
    const base::LockGuard lock(m_mutex);
    std::vector<const TransactionRow*> rows;
    m_book->ledger.Newest([&](const TransactionRow& row) {
        if (row.state != TxState::Confirmed || row.height > height) rows.push_back(&row);
        return true;
    });
    std::vector<WalletTx> out;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row)
        out.push_back(Describe(**row));
    return out;
}

std::vector<Wallet::Received> Wallet::ReceivedByScript(int32_t min_confirmations,
                                                       interfaces::Generated generated) const
{
    const base::LockGuard lock(m_mutex);
    const Book& book = *m_book;
    std::map<Bytes, Received, BytesLess> by_script;
    for (const auto& [script, label] : book.labels)
        by_script[script].label = label;
    const int32_t tip = book.ledger.TipHeight();
    book.ledger.ForEachCoin([&](const OutPoint& outpoint, const OwnCoin& coin) {
        const auto* row = book.ledger.Find(outpoint.txid);
        const bool counts = row->state == TxState::Confirmed || row->state == TxState::InPool;
        const int32_t confirmations = coin.height < 0 ? 0 : tip - coin.height + 1;
        const bool left_out =
            coin.generated &&
            (generated == interfaces::Generated::None ||
             (generated == interfaces::Generated::Mature && confirmations < m_params.maturity));
        if (!counts || coin.name || left_out || confirmations < min_confirmations) return;
        if (coin.change) return;
        auto& entry = by_script[coin.out.script_pubkey];
        const bool first = entry.txids.empty();
        entry.confirmations = first ? confirmations : std::min(entry.confirmations, confirmations);
        entry.amount += coin.out.value;
        entry.txids.push_back(outpoint.txid);
    });
    std::vector<Received> out;
    for (auto& [script, entry] : by_script) {
        std::sort(entry.txids.begin(), entry.txids.end());
        entry.txids.erase(std::unique(entry.txids.begin(), entry.txids.end()), entry.txids.end());
        entry.address = AddressOf(script);
        entry.mine = book.keys.Find(script).has_value();
        out.push_back(std::move(entry));
    }
    return out;
}

/// Addresses that were spent from together, or got each other's change, have one owner for all to see.
std::vector<std::vector<Wallet::GroupMember>> Wallet::AddressGroups() const
{
    const base::LockGuard lock(m_mutex);
    const Book& book = *m_book;
    std::map<Bytes, size_t, BytesLess> numbers;
    std::vector<size_t> parent;
    const auto number_of = [&](const Bytes& script) {
        const auto [it, fresh] = numbers.emplace(script, parent.size());
        if (fresh) parent.push_back(parent.size());
        return it->second;
    };
    const auto root_of = [&](size_t i) {
        while (parent[i] != i)
            i = parent[i] = parent[parent[i]];
        return i;
    };
    std::map<Hash256, size_t> spender; // the group all inputs of a transaction are in
    book.ledger.ForEachCoin([&](const OutPoint& outpoint, const OwnCoin& coin) {
        const size_t number = number_of(coin.out.script_pubkey);
        if (const auto txid = book.ledger.SpenderOf(outpoint)) {
            const auto [it, fresh] = spender.emplace(*txid, number);
            if (!fresh) parent[root_of(number)] = root_of(it->second);
        }
    });
    book.ledger.ForEachCoin([&](const OutPoint& outpoint, const OwnCoin& coin) {
        const auto it = spender.find(outpoint.txid);
        if (it == spender.end() || !coin.change) return;
        parent[root_of(number_of(coin.out.script_pubkey))] = root_of(it->second);
    });
    std::map<Bytes, Amount, BytesLess> balances;
    book.ledger.ForEachUnspent([&](const OutPoint&, const OwnCoin& coin) {
        if (coin.kind == CoinKind::Trusted) balances[coin.out.script_pubkey] += coin.out.value;
    });
    std::map<size_t, std::vector<GroupMember>> groups;
    for (const auto& [script, number] : numbers) {
        GroupMember member;
        member.address = AddressOf(script);
        const auto balance = balances.find(script);
        member.amount = balance == balances.end() ? 0 : balance->second;
        if (const auto label = book.labels.find(script); label != book.labels.end())
            member.label = label->second;
        groups[root_of(number)].push_back(std::move(member));
    }
    std::vector<std::vector<GroupMember>> out;
    for (auto& [number, group] : groups)
        out.push_back(std::move(group));
    return out;
}

} // namespace emc::wallet
