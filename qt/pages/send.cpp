#include "qt/pages/send.h"

#include "psbt/psbt.h"
#include "qt/ask.h"
#include "qt/coin_dialog.h"
#include "qt/form.h"
#include "qt/psbt_dialog.h"
#include "qt/text.h"
#include "qt/unlock.h"
#include "qt/uri.h"
#include "script/address.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace emc::qt {

namespace {

using Money = interfaces::WalletMoneyApi;

constexpr int OWN_RATE = 0;
/// The fee is worked out when nobody has typed for so long.
constexpr int PAUSE_MS = 300;
/// Beyond this share of what is paid a fee is worth a warning.
constexpr int HIGH_FEE_PARTS = 20;

primitives::MutableTransaction Unfunded(const std::vector<interfaces::Recipient>& recipients)
{
    primitives::MutableTransaction out;
    out.version = 2;
    for (const auto& recipient : recipients)
        out.outputs.push_back({recipient.amount, recipient.script});
    return out;
}

std::vector<size_t> Subtracted(const std::vector<interfaces::Recipient>& recipients)
{
    std::vector<size_t> out;
    for (size_t i = 0; i < recipients.size(); ++i) {
        if (recipients[i].subtract_fee) out.push_back(i);
    }
    return out;
}

} // namespace

RecipientRow::RecipientRow(const script::AddressParams& addresses, int number, QWidget* parent)
    : QWidget(parent), m_addresses(addresses)
{
    auto* box = new QGroupBox(tr("Receiver %1").arg(number), this);
    auto* form = new QFormLayout(box);
    m_address = new QLineEdit(box);
    m_address->setObjectName(QStringLiteral("send_address_%1").arg(number));
    m_address_hint = new Hint(QStringLiteral("send_address_hint_%1").arg(number), box);
    qt::AddRow(form, tr("Pay &to:"), m_address, m_address_hint);
    m_label = new QLineEdit(box);
    m_label->setPlaceholderText(tr("for your own records"));
    qt::AddRow(form, tr("&Label:"), m_label);
    m_amount = new QLineEdit(box);
    m_amount->setObjectName(QStringLiteral("send_amount_%1").arg(number));
    m_amount->setPlaceholderText(QStringLiteral("0.00000000"));
    m_amount_hint = new Hint(QStringLiteral("send_amount_hint_%1").arg(number), box);
    qt::AddRow(form, tr("&Amount (EMC):"), m_amount, m_amount_hint);
    m_subtract = new QCheckBox(tr("The receiver pays the fee"), box);
    auto* remove = Button(tr("Remo&ve"), QStringLiteral("send_remove_%1").arg(number), box);
    auto* row = new QHBoxLayout;
    row->addWidget(m_subtract);
    row->addStretch();
    row->addWidget(remove);
    form->addRow(QString(), row);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(box);
    for (auto* field : {m_address, m_amount}) {
        connect(field, &QLineEdit::textChanged, this, [this] {
            static_cast<void>(Read(false));
            Q_EMIT Edited();
        });
    }
    connect(remove, &QPushButton::clicked, this, &RecipientRow::RemoveWanted);
}

void RecipientRow::Fill(const QString& address, const QString& amount, const QString& label)
{
    m_address->setText(address);
    m_amount->setText(amount);
    m_label->setText(label);
}

std::optional<interfaces::Recipient> RecipientRow::Read(bool tell)
{
    const QString address = m_address->text().trimmed();
    const QString amount = m_amount->text().trimmed();
    const auto script = script::DecodeAddress(m_addresses, ToUtf8(address));
    m_address_hint->Problem(script || (address.isEmpty() && !tell) ? QString()
                            : address.isEmpty()                    ? tr("Write the receiver's address.")
                                                                   : Sentence(script.Error()));
    const auto value = ReadAmount(amount);
    const bool nothing = value && *value == 0;
    m_amount_hint->Problem((value && !nothing) || (amount.isEmpty() && !tell) ? QString()
                           : nothing                                          ? tr("Write how much to pay.")
                                                                              : value.Error());
    if (!script || !value || nothing) return std::nullopt;
    return interfaces::Recipient{*script, *value, m_subtract->isChecked()};
}

QString RecipientRow::Label() const
{
    return m_label->text().trimmed();
}

QString RecipientRow::Address() const
{
    return m_address->text().trimmed();
}

SendPage::SendPage(Desk& desk, QWidget* parent) : Page(desk, QStringLiteral("send"), parent)
{
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* inside = new QWidget(scroll);
    m_list = new QVBoxLayout(inside);
    m_list->addStretch();
    scroll->setWidget(inside);
    m_hint = new Hint(QStringLiteral("send_hint"), this);
    auto* column = new QVBoxLayout(this);
    column->addWidget(scroll, 1);
    column->addWidget(Options());
    column->addWidget(m_hint);
    column->addWidget(Buttons());
    AddRow();
    m_pause.setSingleShot(true);
    m_pause.setInterval(PAUSE_MS);
    connect(&m_pause, &QTimer::timeout, this, &SendPage::AskFee);
    connect(&desk, &Desk::WalletSwitched, this, &SendPage::Clear);
    connect(&desk, &Desk::WalletChanged, this, [this] { m_pause.start(); });
    ShowCoins();
}

QWidget* SendPage::Options()
{
    auto* out = new QWidget(this);
    auto* form = new QFormLayout(out);
    form->setContentsMargins(0, 0, 0, 0);
    m_speed = new QComboBox(out);
    m_speed->setObjectName(QStringLiteral("send_speed"));
    m_speed->addItem(tr("Next blocks"), 2);
    m_speed->addItem(tr("About an hour"), 6);
    m_speed->addItem(tr("About a day, cheap"), 144);
    m_speed->addItem(tr("Own rate"), OWN_RATE);
    m_speed->setCurrentIndex(1);
    qt::AddRow(form, tr("&Confirmed in:"), m_speed);
    m_rate = new QLineEdit(out);
    m_rate->setObjectName(QStringLiteral("send_rate"));
    m_rate->setPlaceholderText(tr("EMC for 1000 bytes"));
    m_rate->setEnabled(false);
    m_rate_hint = new Hint(QStringLiteral("send_rate_hint"), out);
    qt::AddRow(form, tr("Fee &rate:"), m_rate, m_rate_hint);
    m_coins = new QLabel(out);
    auto* choose = Button(tr("C&hoose coins…"), QStringLiteral("send_coins"), out);
    auto* row = new QHBoxLayout;
    row->addWidget(m_coins, 1);
    row->addWidget(choose);
    form->addRow(tr("Coins:"), row);
    m_fee = Selectable(out, QStringLiteral("send_fee"));
    form->addRow(tr("Fee:"), m_fee);
    connect(m_speed, QOverload<int>::of(&QComboBox::currentIndexChanged), this,
            [this] { m_rate->setEnabled(m_speed->currentData().toInt() == OWN_RATE); });
    connect(m_speed, QOverload<int>::of(&QComboBox::currentIndexChanged), this, &SendPage::Edited);
    connect(m_rate, &QLineEdit::textChanged, this, &SendPage::Edited);
    connect(choose, &QPushButton::clicked, this, &SendPage::ChooseCoins);
    return out;
}

QWidget* SendPage::Buttons()
{
    auto* out = new QWidget(this);
    auto* row = new QHBoxLayout(out);
    row->setContentsMargins(0, 0, 0, 0);
    m_send = Button(tr("&Send…"), QStringLiteral("send_go"), out);
    m_send->setDefault(true);
    auto* add = Button(tr("&Another receiver"), QStringLiteral("send_add"), out);
    auto* clear = Button(tr("C&lear"), QStringLiteral("send_clear"), out);
    auto* make = Button(tr("Make &PSBT…"), QStringLiteral("send_psbt"), out);
    auto* load = Button(tr("L&oad PSBT…"), QStringLiteral("send_load_psbt"), out);
    row->addWidget(m_send);
    row->addWidget(add);
    row->addWidget(clear);
    row->addStretch();
    row->addWidget(make);
    row->addWidget(load);
    connect(m_send, &QPushButton::clicked, this, &SendPage::Review);
    connect(add, &QPushButton::clicked, this, [this] { AddRow(); });
    connect(clear, &QPushButton::clicked, this, &SendPage::Clear);
    connect(make, &QPushButton::clicked, this, &SendPage::MakePsbt);
    connect(load, &QPushButton::clicked, this, [this] {
        auto* dialog = new PsbtDialog(m_desk, {}, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    return out;
}

RecipientRow* SendPage::AddRow()
{
    auto* row = new RecipientRow(m_desk.Host().Addresses(), static_cast<int>(m_rows.size()) + 1, this);
    m_list->insertWidget(static_cast<int>(m_rows.size()), row);
    m_rows.push_back(row);
    connect(row, &RecipientRow::RemoveWanted, this, [this, row] { RemoveRow(row); });
    connect(row, &RecipientRow::Edited, this, &SendPage::Edited);
    Edited();
    return row;
}

void SendPage::RemoveRow(RecipientRow* row)
{
    m_rows.erase(std::find(m_rows.begin(), m_rows.end(), row));
    row->deleteLater();
    if (m_rows.empty()) AddRow();
    Edited();
}

void SendPage::Clear()
{
    while (m_rows.size() > 1)
        RemoveRow(m_rows.back());
    m_rows.front()->Fill({}, {}, {});
    m_chosen.clear();
    m_chosen_value = 0;
    m_hint->Problem({});
    ShowCoins();
    Edited();
}

base::Expected<void, QString> SendPage::Open(const QString& uri)
{
    const auto payment = ReadUri(uri);
    if (!payment) return base::Unexpected(payment.Error());
    auto* row = m_rows.back()->Address().isEmpty() ? m_rows.back() : AddRow();
    row->Fill(payment->address, payment->amount == 0 ? QString() : AmountPlain(payment->amount),
              payment->label);
    return {};
}

void SendPage::ShowCoins()
{
    m_coins->setText(m_chosen.empty()
                         ? tr("The wallet chooses.")
                         : tr("%n chosen, together %1.", nullptr, static_cast<int>(m_chosen.size()))
                               .arg(AmountWithUnit(m_chosen_value)));
}

void SendPage::ChooseCoins()
{
    if (m_desk.Wallet() == nullptr) return;
    auto* dialog = new CoinDialog(m_desk, m_chosen, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_chosen = dialog->Chosen();
        m_chosen_value = dialog->ChosenValue();
        ShowCoins();
        Edited();
    });
    dialog->open();
}

void SendPage::Edited()
{
    m_hint->Problem({});
    ++m_asked_fee;
    m_fee->clear();
    m_pause.start();
}

void SendPage::AskFee()
{
    const int asked = ++m_asked_fee;
    const auto recipients = Recipients(false);
    auto options = recipients ? SendOptions(false) : std::nullopt;
    if (!options || m_desk.Wallet() == nullptr)
        return m_fee->setText(tr("shown once there are an address and an amount"));
    options->preview = true;
    m_desk.Work().Run(
        this,
        [api = m_desk.Wallet()->Api(), recipients = *recipients, options = *options] {
            return api->FundTransaction(Unfunded(recipients), Subtracted(recipients), options);
        },
        [this, asked](const interfaces::Result<Money::Funded>& funded) {
            if (asked != m_asked_fee) return;
            if (!funded) return m_fee->setText(Sentence(funded.Error().message));
            m_fee->setText(
                tr("about %1, with %n coin(s) spent", nullptr, static_cast<int>(funded->tx.inputs.size()))
                    .arg(AmountWithUnit(funded->fee)));
        });
}

std::optional<std::vector<interfaces::Recipient>> SendPage::Recipients(bool tell)
{
    std::vector<interfaces::Recipient> out;
    bool whole = true;
    for (auto* row : m_rows) {
        const auto recipient = row->Read(tell);
        if (recipient)
            out.push_back(*recipient);
        else
            whole = false;
    }
    if (!whole) return std::nullopt;
    return out;
}

std::optional<Money::SendOptions> SendPage::SendOptions(bool tell)
{
    Money::SendOptions out;
    const int blocks = m_speed->currentData().toInt();
    m_rate_hint->Problem({});
    if (blocks != OWN_RATE) {
        out.conf_target = blocks;
    } else {
        const auto rate = ReadAmount(m_rate->text());
        if (!rate) {
            if (tell || !m_rate->text().trimmed().isEmpty()) m_rate_hint->Problem(rate.Error());
            return std::nullopt;
        }
        out.fee_per_kvb = *rate;
    }
    out.coins.inputs = m_chosen;
    out.coins.add_inputs = m_chosen.empty();
    return out;
}

template <typename Then>
void SendPage::Fund(Then then)
{
    const auto recipients = Recipients(true);
    const auto options = SendOptions(true);
    if (!recipients || !options) return;
    if (m_desk.Wallet() == nullptr) return m_hint->Problem(tr("No wallet is open."));
    m_hint->Problem({});
    m_desk.WithWallet(
        this,
        [recipients = *recipients, options = *options](interfaces::WalletApi& wallet) {
            return wallet.FundTransaction(Unfunded(recipients), Subtracted(recipients), options);
        },
        [this, then](interfaces::Result<Money::Funded> funded) {
            if (!funded) return m_hint->Problem(Sentence(funded.Error().message));
            then(*funded);
        });
}

void SendPage::Review()
{
    Fund([this](const Money::Funded& funded) { ReviewFunded(funded); });
}

void SendPage::ReviewFunded(const Money::Funded& funded)
{
    QStringList lines;
    primitives::Amount paid = 0;
    for (size_t i = 0; i < funded.tx.outputs.size(); ++i) {
        if (funded.change_position && *funded.change_position == i) continue;
        const auto& output = funded.tx.outputs[i];
        const auto address = script::EncodeAddress(m_desk.Host().Addresses(), output.script_pubkey);
        paid += output.value;
        lines << tr("%1 to %2").arg(AmountWithUnit(output.value), FromUtf8(address.value_or("?")));
    }
    lines << QString() << tr("Fee: %1").arg(AmountWithUnit(funded.fee))
          << tr("Together: %1").arg(AmountWithUnit(paid + funded.fee));
    if (funded.fee > paid / HIGH_FEE_PARTS)
        lines << QString() << tr("The fee is more than 5 % of what you pay.");
    Confirm(this, tr("Send?"), lines.join(QLatin1Char('\n')), tr("&Send"),
            [this, tx = funded.tx] { Pay(tx); });
}

void SendPage::Pay(const primitives::MutableTransaction& tx)
{
    std::vector<std::pair<std::string, std::string>> labels;
    for (const auto* row : m_rows) {
        if (!row->Label().isEmpty()) labels.emplace_back(ToUtf8(row->Address()), ToUtf8(row->Label()));
    }
    WithKeys(
        m_desk, this,
        [tx, labels](interfaces::WalletApi& wallet) -> interfaces::Result<base::Hash256> {
            auto signed_tx = wallet.SignTransaction(tx, 0);
            if (!signed_tx) return base::Unexpected(signed_tx.Error());
            if (!signed_tx->complete) {
                return base::Unexpected(interfaces::Failure{
                    -4, "This wallet cannot sign all of it; make a PSBT for whoever has the other keys"});
            }
            auto sent = wallet.Commit(primitives::MakeTx(std::move(signed_tx->tx)), {});
            if (sent) {
                for (const auto& [address, label] : labels)
                    static_cast<void>(wallet.SetLabel(address, label));
            }
            return sent;
        },
        [this](interfaces::Result<base::Hash256> sent) {
            if (!sent) return m_hint->Problem(Sentence(sent.Error().message));
            Clear();
            Q_EMIT Said(tr("Sent in transaction %1").arg(FromUtf8(base::ReversedHex(*sent))));
        });
}

void SendPage::MakePsbt()
{
    Fund([this](const Money::Funded& funded) {
        auto* dialog = new PsbtDialog(m_desk, FromUtf8(psbt::ToBase64(psbt::Create(funded.tx))), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
}

} // namespace emc::qt
