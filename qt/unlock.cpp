#include "qt/unlock.h"

#include "qt/form.h"
#include "qt/text.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace emc::qt {

UnlockDialog::UnlockDialog(Desk& desk, Purpose purpose, int64_t seconds, QWidget* parent)
    : QDialog(parent), m_desk(desk), m_purpose(purpose), m_seconds(seconds)
{
    setObjectName(QStringLiteral("unlock"));
    setWindowTitle(tr("Unlock wallet"));
    auto* text = new QLabel(purpose == Purpose::Minting
                                ? tr("Opens the wallet for staking only: nothing can be paid from it.")
                                : tr("The wallet is locked. Its passphrase opens it for a minute."),
                            this);
    text->setWordWrap(true);
    m_passphrase = new QLineEdit(this);
    m_passphrase->setObjectName(QStringLiteral("passphrase"));
    m_passphrase->setEchoMode(QLineEdit::Password);
    m_hint = new Hint(QStringLiteral("passphrase_hint"), this);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_open = buttons->addButton(tr("&Unlock"), QDialogButtonBox::AcceptRole);
    m_open->setObjectName(QStringLiteral("unlock_go"));
    m_open->setDefault(true);
    m_open->setEnabled(false);
    auto* form = new QFormLayout;
    AddRow(form, tr("&Passphrase:"), m_passphrase, m_hint);
    auto* column = new QVBoxLayout(this);
    column->addWidget(text);
    column->addLayout(form);
    column->addWidget(buttons);
    connect(m_passphrase, &QLineEdit::textChanged, this, [this](const QString& typed) {
        m_open->setEnabled(!typed.isEmpty());
        m_hint->Problem({});
    });
    connect(buttons, &QDialogButtonBox::accepted, this, &UnlockDialog::Try);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void UnlockDialog::Try()
{
    m_open->setEnabled(false);
    std::string passphrase = ToUtf8(m_passphrase->text());
    m_desk.WithWallet(
        this,
        [passphrase, purpose = m_purpose, seconds = m_seconds](interfaces::WalletApi& wallet) {
            return wallet.Unlock(passphrase, seconds, purpose);
        },
        [this](interfaces::Result<void> opened) {
            if (opened) {
                m_passphrase->clear();
                accept();
                return;
            }
            m_hint->Problem(Sentence(opened.Error().message));
            m_open->setEnabled(true);
            m_passphrase->selectAll();
            m_passphrase->setFocus();
        });
}

} // namespace emc::qt
