#include "qt/wallet_model.h"

#include "interfaces/chain.h"
#include "qt/courier.h"
#include "qt/node_model.h"
#include "qt/text.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace emc::qt {

namespace {

constexpr size_t PAGE = 1'000; ///< lines
/// Blocks from the tip within which transactions are read again each time. A reorganisation is never deeper
/// unless the operator says so; then the whole history is read again.
constexpr int32_t UNSETTLED = 100;

std::shared_ptr<const WalletState> ReadWallet(interfaces::WalletApi& wallet, const interfaces::Rooms& rooms,
                                              HistoryReader& reader)
{
    auto out = std::make_shared<WalletState>();
    out->height = rooms.chain->GetTip().height;
    wallet.Sync();
    out->balances = wallet.GetBalances(1);
    out->info = wallet.GetInfo();
    out->history = reader.Read(wallet, out->height);
    NameRows names;
    for (auto& name : wallet.ListNames({}))
        names.push_back(std::make_shared<const interfaces::OwnName>(std::move(name)));
    out->names = std::make_shared<const NameRows>(std::move(names));
    return out;
}

} // namespace

void HistoryReader::Add(const interfaces::WalletTx& tx, TxRows& to) const
{
    for (const auto& part : tx.parts) {
        TxRow row;
        row.txid = tx.txid;
        row.vout = part.vout;
        row.time = tx.time;
        row.height = tx.height;
        row.conflicted = tx.confirmations < 0;
        row.abandoned = tx.abandoned;
        row.category = part.category;
        row.address = part.address;
        row.label = part.label;
        row.name_op = part.name_op;
        row.comment = tx.comment;
        row.amount = part.amount;
        row.fee = tx.from_me ? tx.fee : 0;
        to.push_back(std::make_shared<const TxRow>(std::move(row)));
    }
}

void HistoryReader::ReadPages(const interfaces::WalletApi& wallet, TxRows& to) const
{
    // What comes meanwhile stands in front and moves lines that were read into the next page.
    std::set<std::tuple<base::Hash256, uint32_t, std::string>> read;
    for (size_t skip = 0;; skip += PAGE) {
        TxRows page;
        for (const auto& tx : wallet.ListTransactions({.count = PAGE, .skip = skip}))
            Add(tx, page);
        for (const auto& row : page) {
            if (read.emplace(row->txid, row->vout, row->category).second) to.push_back(row);
        }
        if (page.size() < PAGE) return;
    }
}

std::shared_ptr<const TxRows> HistoryReader::Read(const interfaces::WalletApi& wallet, int32_t tip_height)
{
    if (tip_height < m_settled_height) {
        m_settled.clear();
        m_settled_height = -1;
    }
    auto out = std::make_shared<TxRows>();
    if (m_settled_height < 0) {
        ReadPages(wallet, *out);
    } else {
        const auto fresh = wallet.TransactionsSince(m_settled_height); // oldest first
        for (auto tx = fresh.rbegin(); tx != fresh.rend(); ++tx)
            Add(*tx, *out);
        out->insert(out->end(), m_settled.begin(), m_settled.end());
    }
    const int32_t settle = tip_height - UNSETTLED;
    if (settle > m_settled_height) {
        m_settled.clear();
        std::copy_if(out->begin(), out->end(), std::back_inserter(m_settled),
                     [settle](const auto& row) { return row->height >= 0 && row->height <= settle; });
        m_settled_height = settle;
    }
    return out;
}

WalletModel::WalletModel(std::shared_ptr<interfaces::WalletApi> wallet, NodeModel& node, Courier& courier)
    : m_wallet(std::move(wallet)), m_node(node), m_courier(courier)
{
    connect(&node, &NodeModel::Stirred, this, &WalletModel::Refresh);
    connect(&node, &NodeModel::Changed, this, [this] {
        if (m_state && m_state->info.scanning) Refresh();
    });
    Refresh();
}

QString WalletModel::Name() const
{
    return FromUtf8(m_wallet->Name());
}

void WalletModel::Refresh()
{
    if (m_reading) {
        m_again = true;
        return;
    }
    m_reading = true;
    m_again = false;
    m_courier.Run(
        this,
        [wallet = m_wallet, rooms = m_node.Rooms(), reader = m_reader] {
            return ReadWallet(*wallet, rooms, *reader);
        },
        [this](std::shared_ptr<const WalletState> state) {
            m_reading = false;
            m_state = std::move(state);
            Q_EMIT Changed();
            if (m_again) Refresh();
        });
}

} // namespace emc::qt
