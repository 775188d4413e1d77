#include "qt/pages/receive.h"

#include "qt/content_table.h"
#include "qt/form.h"
#include "qt/qr.h"
#include "qt/text.h"
#include "qt/uri.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace emc::qt {

namespace {

using interfaces::WalletHistoryApi;

constexpr int QR_SIDE = 220;

/// A line of the addresses given out so far.
struct KnownStyle {
    enum Column { Label, Address, Received };

    static QVariant Cell(const WalletHistoryApi::Received& one, int column, int role)
    {
        if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
        return column == Label     ? FromUtf8(one.label)
               : column == Address ? FromUtf8(one.address)
                                   : AmountPlain(one.amount);
    }

    static QByteArray Key(const WalletHistoryApi::Received& one)
    {
        return QByteArray::fromStdString(one.address);
    }
};

using KnownTable = RowContent<WalletHistoryApi::Received, KnownStyle>;

std::shared_ptr<const KnownTable> ReadKnown(const interfaces::WalletApi& wallet, int column,
                                            Qt::SortOrder order)
{
    using Received = WalletHistoryApi::Received;
    std::vector<std::shared_ptr<const Received>> rows;
    for (auto& one : wallet.ReceivedByScript(0, interfaces::Generated::None)) {
        if (!one.address.empty() && one.mine)
            rows.push_back(std::make_shared<const Received>(std::move(one)));
    }
    SortRows(rows, order, [column](const auto& a, const auto& b) {
        return BeforeBy(*a, *b, column, &Received::label, &Received::address, &Received::amount);
    });
    return std::make_shared<const KnownTable>(std::move(rows));
}

} // namespace

ReceivePage::ReceivePage(Desk& desk, QWidget* parent) : Page(desk, QStringLiteral("receive"), parent)
{
    m_known = new ContentModel({{tr("Label")}, {tr("Address")}, {tr("Received so far"), true}}, this);
    m_known_view = new ContentView(
        *m_known, {QStringLiteral("receive_known"), {36, 72}, KnownStyle::Label, Qt::DescendingOrder}, this);
    m_known_view->setSelectionMode(QAbstractItemView::SingleSelection);
    auto* row = new QHBoxLayout;
    row->addWidget(Form(), 1);
    row->addWidget(Shown());
    auto* column = new QVBoxLayout(this);
    column->addLayout(row);
    column->addWidget(m_known_view, 1);
    connect(m_known_view, &ContentView::SelectionChanged, this, &ReceivePage::Choose);
    connect(m_known_view, &ContentView::SortingChanged, this, &ReceivePage::Reload);
    connect(&desk, &Desk::WalletChanged, this, &ReceivePage::Reload);
    connect(&desk, &Desk::WalletSwitched, this, [this] {
        m_address.clear();
        m_known->SetContent(nullptr);
        Show();
    });
    Show();
}

QWidget* ReceivePage::Form()
{
    auto* out = new QWidget(this);
    auto* form = new QFormLayout(out);
    m_label = new QLineEdit(out);
    m_label->setObjectName(QStringLiteral("receive_label"));
    m_label->setPlaceholderText(tr("who will pay"));
    AddRow(form, tr("&Label:"), m_label);
    m_amount = new QLineEdit(out);
    m_amount->setObjectName(QStringLiteral("receive_amount"));
    m_amount->setPlaceholderText(tr("left open"));
    m_amount_hint = new Hint(QStringLiteral("receive_amount_hint"), out);
    AddRow(form, tr("&Amount (EMC):"), m_amount, m_amount_hint);
    m_message = new QLineEdit(out);
    m_message->setObjectName(QStringLiteral("receive_message"));
    m_message->setPlaceholderText(tr("shown to the payer"));
    AddRow(form, tr("&Message:"), m_message);
    m_type = new QComboBox(out);
    m_type->setObjectName(QStringLiteral("receive_type"));
    using interfaces::AddressType;
    m_type->addItem(tr("Segwit (bech32), cheapest to spend"), static_cast<int>(AddressType::Bech32));
    m_type->addItem(tr("Taproot (bech32m)"), static_cast<int>(AddressType::Bech32m));
    m_type->addItem(tr("Segwit inside P2SH, for older wallets"), static_cast<int>(AddressType::P2shSegwit));
    m_type->addItem(tr("Legacy, for verifiers and signed messages"), static_cast<int>(AddressType::Legacy));
    AddRow(form, tr("&Type:"), m_type);
    m_make = Button(tr("&New address"), QStringLiteral("receive_make"), out);
    form->addRow(QString(), m_make);
    m_hint = new Hint(QStringLiteral("receive_hint"), out);
    form->addRow(m_hint);
    connect(m_make, &QPushButton::clicked, this, &ReceivePage::Make);
    connect(m_amount, &QLineEdit::textChanged, this, &ReceivePage::Show);
    connect(m_message, &QLineEdit::textChanged, this, &ReceivePage::Show);
    return out;
}

QWidget* ReceivePage::Shown()
{
    auto* out = new QWidget(this);
    auto* column = new QVBoxLayout(out);
    m_picture = new QLabel(out);
    m_picture->setObjectName(QStringLiteral("receive_qr"));
    m_picture->setAlignment(Qt::AlignCenter);
    m_picture->setMinimumSize(QR_SIDE, QR_SIDE);
    m_uri = Selectable(out, QStringLiteral("receive_uri"));
    auto* copy = Button(tr("&Copy link"), QStringLiteral("receive_copy"), out);
    auto* copy_address = Button(tr("Copy a&ddress"), QStringLiteral("receive_copy_address"), out);
    auto* row = new QHBoxLayout;
    row->addWidget(copy);
    row->addWidget(copy_address);
    column->addWidget(m_picture);
    column->addWidget(m_uri);
    column->addLayout(row);
    out->setMaximumWidth(QR_SIDE * 2);
    connect(copy, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(m_uri->text()); });
    connect(copy_address, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_address); });
    return out;
}

void ReceivePage::Make()
{
    const auto type = static_cast<interfaces::AddressType>(m_type->currentData().toInt());
    m_desk.WithWallet(
        this,
        [type, label = ToUtf8(m_label->text().trimmed())](interfaces::WalletApi& wallet) {
            return wallet.NewAddress(type, label, false);
        },
        [this](interfaces::Result<std::string> address) {
            m_hint->Problem(address ? QString() : Sentence(address.Error().message));
            if (!address) return;
            m_known_view->clearSelection(); // which would be shown again when the table is filled
            m_address = FromUtf8(*address);
            Show();
        });
}

void ReceivePage::Show()
{
    Payment payment;
    payment.address = m_address;
    payment.label = m_label->text().trimmed();
    payment.message = m_message->text().trimmed();
    m_amount_hint->Problem({});
    if (!m_amount->text().trimmed().isEmpty()) {
        const auto amount = ReadAmount(m_amount->text());
        if (amount)
            payment.amount = *amount;
        else
            m_amount_hint->Problem(amount.Error());
    }
    m_make->setEnabled(m_desk.Wallet() != nullptr);
    m_uri->setText(m_address.isEmpty() ? tr("Make an address to show it here.") : WriteUri(payment));
    if (m_address.isEmpty())
        m_picture->clear();
    else
        m_picture->setPixmap(QrPicture(m_uri->text(), QR_SIDE));
}

void ReceivePage::Choose()
{
    const auto table = std::dynamic_pointer_cast<const KnownTable>(m_known->Content());
    const auto rows = m_known_view->SelectedRows();
    if (!table || rows.empty()) return;
    const auto& one = table->At(rows.front());
    const QString address = FromUtf8(one.address);
    if (address == m_address) return; // what was typed since stays
    m_address = address;
    m_label->setText(FromUtf8(one.label));
    Show();
}

void ReceivePage::Reload()
{
    if (m_desk.Wallet() == nullptr) return;
    const int asked = ++m_asked;
    m_desk.Work().Run(
        this,
        [api = m_desk.Wallet()->Api(), column = m_known_view->SortColumn(),
         order = m_known_view->SortOrder()] { return ReadKnown(*api, column, order); },
        [this, asked](std::shared_ptr<const KnownTable> table) {
            if (asked == m_asked) m_known->SetContent(std::move(table));
        });
}

} // namespace emc::qt
