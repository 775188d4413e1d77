#include "qt/psbt_dialog.h"

#include "interfaces/pool.h"
#include "psbt/psbt.h"
#include "psbt/roles.h"
#include "qt/ask.h"
#include "qt/form.h"
#include "qt/qr.h"
#include "qt/text.h"
#include "qt/unlock.h"
#include "script/address.h"

#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QFile>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QVBoxLayout>

namespace emc::qt {

namespace {

constexpr qint64 MAX_FILE_BYTES = 32 << 20;
const QString FILES = QStringLiteral("PSBT (*.psbt)");

/// A container with what the wallet added, and whether all inputs are complete.
struct Signed {
    QString text;
    bool complete = false;
};

interfaces::Result<Signed> SignText(interfaces::WalletApi& wallet, const std::string& text)
{
    auto container = psbt::ParseBase64(text);
    if (!container) return base::Unexpected(interfaces::Failure{-22, container.Error()});
    const auto complete = wallet.ProcessPsbt(*container, {});
    if (!complete) return base::Unexpected(complete.Error());
    return Signed{FromUtf8(psbt::ToBase64(*container)), *complete};
}

} // namespace

PsbtDialog::PsbtDialog(Desk& desk, const QString& text, QWidget* parent) : QDialog(parent), m_desk(desk)
{
    setObjectName(QStringLiteral("psbt_dialog"));
    setWindowTitle(tr("Partially signed transaction"));
    m_text = new QPlainTextEdit(text, this);
    m_text->setObjectName(QStringLiteral("psbt_text"));
    m_text->setPlaceholderText(tr("Paste base64, or load a file"));
    m_text->setTabChangesFocus(true);
    m_summary = Selectable(this, QStringLiteral("psbt_summary"));
    m_hint = new Hint(QStringLiteral("psbt_hint"), this);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    const auto add = [&](const QString& title, const char* name) {
        auto* button = buttons->addButton(title, QDialogButtonBox::ActionRole);
        button->setObjectName(QLatin1String(name));
        return button;
    };
    m_sign = add(tr("&Sign"), "psbt_sign");
    m_broadcast = add(tr("Send to the &network"), "psbt_broadcast");
    auto* load = add(tr("&Load…"), "psbt_load");
    auto* save = add(tr("Sa&ve…"), "psbt_save");
    auto* copy = add(tr("&Copy"), "psbt_copy");
    auto* picture = add(tr("&QR code"), "psbt_qr");
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_text, 1);
    column->addWidget(m_summary);
    column->addWidget(m_hint);
    column->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 100, fontMetrics().height() * 25);
    connect(m_text, &QPlainTextEdit::textChanged, this, &PsbtDialog::Check);
    connect(m_sign, &QPushButton::clicked, this, &PsbtDialog::Sign);
    connect(m_broadcast, &QPushButton::clicked, this, &PsbtDialog::Broadcast);
    connect(load, &QPushButton::clicked, this, &PsbtDialog::Load);
    connect(save, &QPushButton::clicked, this, &PsbtDialog::Save);
    connect(copy, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_text->toPlainText()); });
    connect(picture, &QPushButton::clicked, this, [this] { ShowQr(m_text->toPlainText().trimmed(), this); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    Check();
}

void PsbtDialog::Check()
{
    m_summary->clear();
    m_hint->Problem({});
    m_sign->setEnabled(false);
    m_broadcast->setEnabled(false);
    const std::string text = ToUtf8(m_text->toPlainText().trimmed());
    if (text.empty()) return;
    const auto container = psbt::ParseBase64(text);
    if (!container) return m_hint->Problem(Sentence(container.Error()));
    QStringList lines;
    for (const auto& output : container->tx.outputs) {
        const auto address = script::EncodeAddress(m_desk.Host().Addresses(), output.script_pubkey);
        lines << tr("%1 to %2")
                     .arg(AmountWithUnit(output.value),
                          FromUtf8(address.value_or("a script without an address")));
    }
    auto finished = *container;
    const bool complete = psbt::Finalize(finished);
    lines << tr("%n input(s)", nullptr, static_cast<int>(container->tx.inputs.size())) +
                 (complete ? tr(", all signed") : tr(", signatures are missing"));
    m_summary->setText(lines.join(QLatin1Char('\n')));
    m_sign->setEnabled(!complete && m_desk.Wallet() != nullptr);
    m_broadcast->setEnabled(complete);
}

void PsbtDialog::Sign()
{
    WithKeys(
        m_desk, this,
        [text = ToUtf8(m_text->toPlainText().trimmed())](interfaces::WalletApi& wallet) {
            return SignText(wallet, text);
        },
        [this](interfaces::Result<Signed> done) {
            if (!done) return m_hint->Problem(Sentence(done.Error().message));
            const bool same = done->text == m_text->toPlainText().trimmed();
            m_text->setPlainText(done->text);
            if (same) m_hint->Note(tr("This wallet has no key for it, or has signed already."));
        });
}

void PsbtDialog::Broadcast()
{
    auto container = psbt::ParseBase64(ToUtf8(m_text->toPlainText().trimmed()));
    if (!container || !psbt::Finalize(*container)) return;
    auto tx = psbt::Extract(*container);
    if (!tx) return;
    Confirm(this, tr("Send?"), m_summary->text(), tr("&Send"),
            [this, ref = primitives::MakeTx(std::move(*tx))] { BroadcastNow(ref); });
}

void PsbtDialog::BroadcastNow(const primitives::TxRef& tx)
{
    auto* broadcaster = m_desk.Rooms().broadcaster;
    using Sent = base::Expected<interfaces::Broadcaster::Accepted, interfaces::Failure>;
    m_desk.Work().Run(
        this, [broadcaster, tx]() -> Sent { return broadcaster->Submit(tx, {}); },
        [this](const Sent& sent) {
            if (!sent) return m_hint->Problem(Sentence(sent.Error().message));
            m_hint->Note(tr("Sent in transaction %1").arg(FromUtf8(base::ReversedHex(sent->txid))));
            m_broadcast->setEnabled(false);
        });
}

void PsbtDialog::Load()
{
    AskFile(this, tr("Load"), FILES, [this](const QString& path) { LoadFrom(path); });
}

void PsbtDialog::LoadFrom(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return m_hint->Problem(tr("%1 cannot be read: %2.").arg(path, file.errorString()));
    const QByteArray bytes = file.read(MAX_FILE_BYTES);
    // Files hold the bytes themselves, or base64.
    m_text->setPlainText(bytes.startsWith("psbt\xff") ? QString::fromLatin1(bytes.toBase64())
                                                      : QString::fromUtf8(bytes).trimmed());
}

void PsbtDialog::Save()
{
    AskNewFile(this, tr("Save"), QStringLiteral("transaction.psbt"), FILES,
               [this](const QString& path) { SaveTo(path); });
}

void PsbtDialog::SaveTo(const QString& path)
{
    QSaveFile file(path);
    const bool written = file.open(QIODevice::WriteOnly) &&
                         file.write(QByteArray::fromBase64(m_text->toPlainText().toLatin1())) >= 0 &&
                         file.commit();
    if (!written) m_hint->Problem(tr("%1 cannot be written: %2.").arg(path, file.errorString()));
}

} // namespace emc::qt
