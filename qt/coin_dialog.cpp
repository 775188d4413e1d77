#include "qt/coin_dialog.h"

#include "qt/form.h"
#include "qt/text.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace emc::qt {

namespace {

enum CoinColumn { Amount, Label, Address, Confirmations, Output, CoinColumns };

constexpr int MAX_CONFIRMATIONS = 9'999'999;
constexpr int INDEX_ROLE = Qt::UserRole;

using CoinLock = interfaces::WalletMoneyApi::CoinLock;

bool IsAmong(const std::vector<primitives::OutPoint>& list, const primitives::OutPoint& one)
{
    return std::find(list.begin(), list.end(), one) != list.end();
}

} // namespace

CoinDialog::CoinDialog(Desk& desk, const std::vector<primitives::OutPoint>& chosen, QWidget* parent)
    : QDialog(parent), m_desk(desk), m_chosen(chosen)
{
    setObjectName(QStringLiteral("coin_dialog"));
    setWindowTitle(tr("Choose coins"));
    m_list = new QTreeWidget(this);
    m_list->setObjectName(QStringLiteral("coins"));
    m_list->setHeaderLabels({tr("Amount"), tr("Label"), tr("Address"), tr("Confirmations"), tr("Output")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_sum = new QLabel(this);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    auto* lock = buttons->addButton(tr("&Keep back, or free"), QDialogButtonBox::ActionRole);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_list);
    column->addWidget(m_sum);
    column->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 110, fontMetrics().height() * 25);
    connect(m_list, &QTreeWidget::itemChanged, this, &CoinDialog::Sum);
    connect(lock, &QPushButton::clicked, this, &CoinDialog::ChangeLock);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    using Found = std::pair<std::vector<interfaces::WalletCoin>, std::vector<primitives::OutPoint>>;
    m_desk.Work().Run(
        this,
        [api = m_desk.Wallet()->Api()]() -> Found {
            return {api->ListCoins(0, MAX_CONFIRMATIONS), api->LockedCoins()};
        },
        [this](const Found& found) { Fill(found.first, found.second); });
}

void CoinDialog::Fill(const std::vector<interfaces::WalletCoin>& coins,
                      const std::vector<primitives::OutPoint>& locked)
{
    m_coins = coins;
    QList<QTreeWidgetItem*> items;
    for (size_t i = 0; i < coins.size(); ++i) {
        const auto& coin = coins[i];
        auto* item = new QTreeWidgetItem;
        item->setText(Amount, AmountPlain(coin.out.value));
        item->setTextAlignment(Amount, Qt::AlignRight);
        item->setText(Label, FromUtf8(coin.label));
        item->setText(Address, FromUtf8(coin.address));
        item->setText(Confirmations, QString::number(coin.confirmations));
        item->setText(Output, FromUtf8(base::ReversedHex(coin.outpoint.txid)) +
                                  QStringLiteral(":%1").arg(coin.outpoint.index));
        item->setData(Amount, INDEX_ROLE, static_cast<qulonglong>(i));
        const bool kept = IsAmong(locked, coin.outpoint);
        item->setCheckState(Amount, IsAmong(m_chosen, coin.outpoint) && !kept ? Qt::Checked : Qt::Unchecked);
        if (kept) {
            item->setIcon(Label, style()->standardIcon(QStyle::SP_DialogCancelButton));
            item->setToolTip(Label, tr("Kept back"));
            item->setFlags(item->flags() & ~Qt::ItemIsUserCheckable);
        }
        items << item;
    }
    m_list->clear();
    m_list->addTopLevelItems(items);
    for (int c = 0; c < CoinColumns - 1; ++c)
        m_list->resizeColumnToContents(c);
    Sum();
}

std::vector<primitives::OutPoint> CoinDialog::Chosen() const
{
    std::vector<primitives::OutPoint> out;
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        const auto* item = m_list->topLevelItem(i);
        if (item->checkState(Amount) == Qt::Checked)
            out.push_back(m_coins[item->data(Amount, INDEX_ROLE).toULongLong()].outpoint);
    }
    return out;
}

primitives::Amount CoinDialog::ChosenValue() const
{
    primitives::Amount out = 0;
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        const auto* item = m_list->topLevelItem(i);
        if (item->checkState(Amount) == Qt::Checked)
            out += m_coins[item->data(Amount, INDEX_ROLE).toULongLong()].out.value;
    }
    return out;
}

void CoinDialog::Sum()
{
    m_sum->setText(tr("%n coin(s) chosen, together %1", nullptr, static_cast<int>(Chosen().size()))
                       .arg(AmountWithUnit(ChosenValue())));
}

void CoinDialog::ChangeLock()
{
    const auto* item = m_list->currentItem();
    if (item == nullptr) return;
    const auto outpoint = m_coins[item->data(Amount, INDEX_ROLE).toULongLong()].outpoint;
    using Found = std::pair<std::vector<interfaces::WalletCoin>, std::vector<primitives::OutPoint>>;
    m_desk.Work().Run(
        this,
        [api = m_desk.Wallet()->Api(), outpoint]() -> Found {
            const bool locked = IsAmong(api->LockedCoins(), outpoint);
            static_cast<void>(api->LockCoins({outpoint}, locked ? CoinLock::Free : CoinLock::File));
            return {api->ListCoins(0, MAX_CONFIRMATIONS), api->LockedCoins()};
        },
        [this](const Found& found) { Fill(found.first, found.second); });
}

} // namespace emc::qt
