#include "qt/pages/history.h"

#include "codec/csv.h"
#include "qt/ask.h"
#include "qt/form.h"
#include "qt/table_file.h"
#include "qt/text.h"
#include "qt/unlock.h"

#include <QComboBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace emc::qt {

namespace {

QString DetailsText(const TxLine& line)
{
    const auto& row = *line.row;
    QStringList out;
    const auto add = [&out](const QString& title, const QString& text) {
        if (!text.isEmpty()) out << title + QLatin1Char(' ') + text;
    };
    add(Words::tr("What:"), WhatText(row));
    add(Words::tr("When:"), TimeText(row.time));
    add(Words::tr("State:"), StateText(row, line.tip_height));
    add(Words::tr("Amount:"), AmountWithUnit(row.amount));
    if (row.fee != 0) add(Words::tr("Fee of the transaction:"), AmountWithUnit(row.fee));
    add(Words::tr("Address:"), FromUtf8(row.address));
    add(Words::tr("Label:"), FromUtf8(row.label));
    add(Words::tr("Comment:"), FromUtf8(row.comment));
    if (row.height >= 0) add(Words::tr("Block:"), QString::number(row.height));
    add(Words::tr("Transaction:"), FromUtf8(base::ReversedHex(row.txid)));
    add(Words::tr("Output:"), QString::number(row.vout));
    return out.join(QLatin1Char('\n'));
}

base::Expected<int, QString> WriteHistory(const TxTable& table, const QString& path)
{
    codec::CsvTable out;
    for (const char* title : {"time", "what", "label", "address", "amount", "fee", "block", "txid", "output"})
        out.Plain(title);
    out.EndLine();
    const auto amount = [](primitives::Amount value) {
        return ToUtf8(AmountPlain(value).replace(QStringLiteral("−"), QStringLiteral("-")));
    };
    for (int i = 0; i < table.Rows(); ++i) {
        const auto& row = *table.At(i).row;
        out.Plain(ToUtf8(QDateTime::fromSecsSinceEpoch(row.time, Qt::UTC).toString(Qt::ISODate)))
            .Text(ToUtf8(WhatText(row)))
            .Text(row.label)
            .Text(row.address)
            .Plain(amount(row.amount))
            .Plain(amount(row.fee))
            .Plain(row.height < 0 ? std::string() : std::to_string(row.height))
            .Plain(base::ReversedHex(row.txid))
            .Number(row.vout)
            .EndLine();
    }
    return WriteTable(out, table.Rows(), path);
}

} // namespace

HistoryPage::HistoryPage(Desk& desk, QWidget* parent) : Page(desk, QStringLiteral("history"), parent)
{
    m_model = new ContentModel(
        {{tr("Time")}, {tr("What")}, {tr("Label and address")}, {tr("Amount"), true}, {tr("State")}}, this);
    m_view = new ContentView(
        *m_model, {QStringLiteral("history_table"), {22, 34, 50, 20}, TxStyle::Time, Qt::DescendingOrder},
        this);
    auto* column = new QVBoxLayout(this);
    column->addWidget(Filters());
    column->addWidget(m_view, 1);
    column->addWidget(Buttons());
    connect(&desk, &Desk::WalletChanged, this, &HistoryPage::Refill);
    connect(&desk, &Desk::WalletSwitched, this, [this] { m_model->SetContent(nullptr); });
    connect(m_view, &ContentView::SortingChanged, this, &HistoryPage::Refill);
    connect(m_view, &QTableView::doubleClicked, this, &HistoryPage::Details);
}

QWidget* HistoryPage::Filters()
{
    constexpr int DAY = 86'400;
    auto* out = new QWidget(this);
    auto* row = new QHBoxLayout;
    m_search = new QLineEdit(out);
    m_search->setObjectName(QStringLiteral("history_search"));
    m_search->setPlaceholderText(tr("Search in labels, addresses, names, comments, transactions"));
    m_search->setClearButtonEnabled(true);
    m_category = new QComboBox(out);
    m_category->setObjectName(QStringLiteral("history_category"));
    m_category->setAccessibleName(tr("Kind of transaction"));
    m_category->addItem(tr("All"), QString());
    m_category->addItem(tr("Received"), QStringLiteral("receive"));
    m_category->addItem(tr("Sent"), QStringLiteral("send"));
    m_category->addItem(tr("Mined or minted"), QStringLiteral("generate"));
    m_category->addItem(tr("Names"), QStringLiteral("name"));
    m_since = new QComboBox(out);
    m_since->setAccessibleName(tr("Since"));
    m_since->addItem(tr("Since ever"), 0);
    m_since->addItem(tr("Last day"), DAY);
    m_since->addItem(tr("Last week"), 7 * DAY);
    m_since->addItem(tr("Last month"), 30 * DAY);
    m_since->addItem(tr("Last year"), 365 * DAY);
    m_least = new QLineEdit(out);
    m_least->setObjectName(QStringLiteral("history_least"));
    m_least->setPlaceholderText(tr("Least amount"));
    row->addWidget(m_search, 1);
    row->addWidget(m_category);
    row->addWidget(m_since);
    row->addWidget(m_least);
    m_least_hint = new Hint(QStringLiteral("history_least_hint"), out);
    auto* column = new QVBoxLayout(out);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(row);
    column->addWidget(m_least_hint);
    connect(m_search, &QLineEdit::textChanged, this, &HistoryPage::Refill);
    connect(m_least, &QLineEdit::textChanged, this, &HistoryPage::Refill);
    connect(m_category, QOverload<int>::of(&QComboBox::currentIndexChanged), this, &HistoryPage::Refill);
    connect(m_since, QOverload<int>::of(&QComboBox::currentIndexChanged), this, &HistoryPage::Refill);
    return out;
}

QWidget* HistoryPage::Buttons()
{
    auto* out = new QWidget(this);
    auto* row = new QHBoxLayout(out);
    row->setContentsMargins(0, 0, 0, 0);
    const auto add = [&](const QString& text, const char* name, void (HistoryPage::*action)()) {
        auto* button = Button(text, QLatin1String(name), out);
        row->addWidget(button);
        connect(button, &QPushButton::clicked, this, action);
    };
    add(tr("&Details"), "history_details", &HistoryPage::Details);
    add(tr("&Label…"), "history_label", &HistoryPage::EditLabel);
    add(tr("&Raise the fee"), "history_bump", &HistoryPage::Bump);
    add(tr("&Give up"), "history_abandon", &HistoryPage::Abandon);
    row->addStretch();
    add(tr("E&xport…"), "history_export", &HistoryPage::Export);
    return out;
}

void HistoryPage::Refill()
{
    auto* wallet = m_desk.Wallet();
    if (wallet == nullptr || !wallet->State()) return;
    TxFilter filter;
    filter.text = m_search->text().trimmed();
    filter.category = m_category->currentData().toString();
    const int64_t age = m_since->currentData().toLongLong();
    if (age != 0) filter.since = m_desk.Node().State().now_sec - age;
    m_least_hint->Problem({});
    if (!m_least->text().trimmed().isEmpty()) {
        const auto least = ReadAmount(m_least->text());
        if (!least)
            m_least_hint->Problem(least.Error());
        else
            filter.least = *least;
    }
    filter.column = m_view->SortColumn();
    filter.order = m_view->SortOrder();
    const int filled = ++m_filled;
    m_desk.Work().Run(
        this,
        [state = wallet->State(), filter] { return MakeTxTable(*state->history, state->height, filter); },
        [this, filled](std::shared_ptr<const TxTable> table) {
            if (filled == m_filled) m_model->SetContent(std::move(table));
        });
}

std::vector<TxLine> HistoryPage::Selected() const
{
    std::vector<TxLine> out;
    const auto table = std::dynamic_pointer_cast<const TxTable>(m_model->Content());
    if (!table) return out;
    for (const int row : m_view->SelectedRows())
        out.push_back(table->At(row));
    return out;
}

void HistoryPage::Details()
{
    const auto selected = Selected();
    if (selected.empty()) return;
    Tell(this, tr("Transaction"), DetailsText(selected.front()), false);
}

void HistoryPage::EditLabel()
{
    const auto selected = Selected();
    if (selected.empty() || selected.front().row->address.empty()) return;
    const auto& row = *selected.front().row;
    const AskedField field{tr("Label of %1:").arg(FromUtf8(row.address)), FromUtf8(row.label), {}};
    AskFields(this, tr("Label"), {field}, [this, address = row.address](const QStringList& texts) {
        m_desk.WithWallet(
            this,
            [address, text = ToUtf8(texts.front())](interfaces::WalletApi& wallet) {
                return wallet.SetLabel(address, text);
            },
            [this](interfaces::Result<void> done) {
                if (!done) Tell(this, tr("Label"), Sentence(done.Error().message));
            });
    });
}

void HistoryPage::Abandon()
{
    const auto selected = Selected();
    if (selected.empty()) return;
    const auto abandon = [this, txid = selected.front().row->txid] {
        m_desk.WithWallet(
            this, [txid](interfaces::WalletApi& wallet) { return wallet.Abandon(txid); },
            [this](interfaces::Result<void> done) {
                if (!done) Tell(this, tr("Give up"), Sentence(done.Error().message));
            });
    };
    Confirm(this, tr("Give up?"),
            tr("Its coins become free again. If somebody has kept the transaction, it may still be mined."),
            tr("&Give up"), abandon);
}

void HistoryPage::Bump()
{
    const auto selected = Selected();
    if (selected.empty()) return;
    using Bumped = interfaces::WalletMoneyApi::Bumped;
    const auto txid = selected.front().row->txid;
    const auto commit = [this](const Bumped& bumped) {
        WithKeys(
            m_desk, this,
            [tx = bumped.tx](interfaces::WalletApi& wallet) -> interfaces::Result<base::Hash256> {
                auto signed_tx = wallet.SignTransaction(tx, 0);
                if (!signed_tx) return base::Unexpected(signed_tx.Error());
                return wallet.Commit(primitives::MakeTx(std::move(signed_tx->tx)), {});
            },
            [this](interfaces::Result<base::Hash256> sent) {
                if (!sent) return Tell(this, tr("Raise the fee"), Sentence(sent.Error().message));
                Q_EMIT Said(tr("Replaced by transaction %1").arg(FromUtf8(base::ReversedHex(*sent))));
            });
    };
    m_desk.WithWallet(
        this, [txid](interfaces::WalletApi& wallet) { return wallet.Bump(txid, {}); },
        [this, commit](interfaces::Result<Bumped> bumped) {
            if (!bumped) return Tell(this, tr("Raise the fee"), Sentence(bumped.Error().message));
            const QString text = tr("The fee becomes %1 instead of %2.")
                                     .arg(AmountWithUnit(bumped->fee), AmountWithUnit(bumped->old_fee));
            Confirm(this, tr("Raise the fee"), text, tr("&Raise"),
                    [commit, bumped = *bumped] { commit(bumped); });
        });
}

void HistoryPage::Export()
{
    const auto table = std::dynamic_pointer_cast<const TxTable>(m_model->Content());
    if (!table) return;
    AskNewFile(this, tr("Export transactions"), QStringLiteral("transactions.csv"), tr("Tables (*.csv)"),
               [this, table](const QString& path) {
                   m_desk.Work().Run(
                       this, [table, path] { return WriteHistory(*table, path); },
                       [this, path](base::Expected<int, QString> written) {
                           if (!written) return Tell(this, tr("Export transactions"), written.Error());
                           Q_EMIT Said(tr("%n line(s) written to %1", nullptr, *written).arg(path));
                       });
               });
}

} // namespace emc::qt
