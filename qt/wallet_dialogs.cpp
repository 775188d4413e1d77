#include "qt/wallet_dialogs.h"

#include "qt/form.h"
#include "qt/main_window.h"
#include "qt/passphrase_dialog.h"
#include "qt/text.h"
#include "qt/unlock.h"
#include "qt/words_dialog.h"

#include <QDateTime>
#include <QFileDialog>
#include <QInputDialog>
#include <QSettings>

namespace emc::qt {

namespace {

using WalletPtr = std::shared_ptr<interfaces::WalletApi>;

/// Looks at a wallet that was made or loaded, or says why there is none.
auto ShowLoaded(Desk& desk, QWidget* parent, const QString& title)
{
    return [&desk, parent, title](const interfaces::Result<WalletPtr>& wallet) {
        if (!wallet) return Tell(parent, title, Sentence(wallet.Error().message));
        desk.Show(*wallet);
    };
}

bool HasWallets(Desk& desk, QWidget* parent)
{
    if (desk.Rooms().wallets != nullptr) return true;
    Tell(parent, Words::tr("Wallet"), Words::tr("This node runs without wallets (-disablewallet)."));
    return false;
}

bool HasWallet(Desk& desk, QWidget* parent)
{
    if (desk.Wallet() != nullptr) return true;
    Tell(parent, Words::tr("Wallet"), Words::tr("No wallet is open."));
    return false;
}

QString AskName(QWidget* parent, const QString& title)
{
    return QInputDialog::getText(parent, title, Words::tr("Name of the wallet:")).trimmed();
}

} // namespace

QString WalletTitle(const interfaces::WalletApi& wallet)
{
    const auto name = wallet.Name();
    return name.empty() ? Words::tr("default") : FromUtf8(name);
}

QString BackupKey(const interfaces::WalletApi& wallet)
{
    return QStringLiteral("backup/") + QString::fromLatin1(QByteArray::fromStdString(wallet.Name()).toHex());
}

void NewWallet(Desk& desk, QWidget* parent)
{
    if (!HasWallets(desk, parent)) return;
    const QString name = AskName(parent, Words::tr("New wallet"));
    if (name.isEmpty()) return;
    auto* dialog = new PassphraseDialog(PassphraseDialog::Mode::Optional, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QDialog::accepted, parent, [&desk, parent, dialog, name] {
        interfaces::NewWallet plan;
        plan.passphrase = ToUtf8(dialog->NewOne());
        desk.Work().Run(
            parent,
            [wallets = desk.Rooms().wallets, name = ToUtf8(name), plan] {
                return wallets->Create(name, plan);
            },
            ShowLoaded(desk, parent, Words::tr("New wallet")));
    });
    dialog->open();
}

void LoadWallet(Desk& desk, QWidget* parent)
{
    if (!HasWallets(desk, parent)) return;
    const QString title = Words::tr("Load wallet");
    desk.Work().Run(
        parent, [wallets = desk.Rooms().wallets] { return wallets->OnDisk(); },
        [&desk, parent, title](const std::vector<std::string>& names) {
            QStringList rows;
            for (const auto& name : names)
                rows << (name.empty() ? Words::tr("default") : FromUtf8(name));
            if (rows.isEmpty()) return Tell(parent, title, Words::tr("There are no wallets in the folder."));
            bool given = false;
            const QString chosen =
                QInputDialog::getItem(parent, title, Words::tr("Wallet:"), rows, 0, false, &given);
            if (!given) return;
            const auto name = names[static_cast<size_t>(rows.indexOf(chosen))];
            desk.Work().Run(
                parent,
                [wallets = desk.Rooms().wallets, name] {
                    auto loaded = wallets->Load(name);
                    if (loaded) static_cast<void>(wallets->SetLoadOnStart(name, true));
                    return loaded;
                },
                ShowLoaded(desk, parent, title));
        });
}

void RestoreWallet(Desk& desk, QWidget* parent)
{
    if (!HasWallets(desk, parent)) return;
    const QString title = Words::tr("Restore a backup");
    const QString path = QFileDialog::getOpenFileName(parent, title);
    if (path.isEmpty()) return;
    const QString name = AskName(parent, title);
    if (name.isEmpty()) return;
    desk.Work().Run(
        parent,
        [wallets = desk.Rooms().wallets, name = ToUtf8(name), path = ToUtf8(path)] {
            return wallets->Restore(name, path);
        },
        ShowLoaded(desk, parent, title));
}

void CloseWallet(Desk& desk, QWidget* parent)
{
    if (!HasWallet(desk, parent)) return;
    const auto name = desk.Wallet()->Api()->Name();
    desk.Work().Run(
        parent,
        [wallets = desk.Rooms().wallets, name] {
            auto closed = wallets->Unload(name);
            if (closed) static_cast<void>(wallets->SetLoadOnStart(name, false));
            return closed;
        },
        [&desk, parent](const interfaces::Result<void>& closed) {
            if (!closed) return Tell(parent, Words::tr("Close wallet"), Sentence(closed.Error().message));
            desk.Show(nullptr);
        });
}

void EncryptWallet(Desk& desk, QWidget* parent)
{
    if (!HasWallet(desk, parent) || !desk.Wallet()->State()) return;
    const bool change = desk.Wallet()->State()->info.encrypted;
    const QString title = change ? Words::tr("Change the passphrase") : Words::tr("Encrypt");
    auto* dialog = new PassphraseDialog(
        change ? PassphraseDialog::Mode::Change : PassphraseDialog::Mode::Encrypt, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QDialog::accepted, parent, [&desk, parent, dialog, change, title] {
        desk.WithWallet(
            parent,
            [change, before = ToUtf8(dialog->OldOne()),
             after = ToUtf8(dialog->NewOne())](interfaces::WalletApi& wallet) {
                return change ? wallet.ChangePassphrase(before, after) : wallet.Encrypt(after);
            },
            [parent, title, change](const interfaces::Result<void>& done) {
                if (!done) return Tell(parent, title, Sentence(done.Error().message));
                Tell(parent, title,
                     change ? Words::tr("The passphrase was changed. Backups keep the one they had.")
                            : Words::tr("The wallet is encrypted and locked. Make a new backup; older ones "
                                        "are not encrypted."),
                     false);
            });
    });
    dialog->open();
}

void LockWallet(Desk& desk, QWidget* parent)
{
    if (!HasWallet(desk, parent)) return;
    desk.WithWallet(
        parent, [](interfaces::WalletApi& wallet) { return wallet.Lock(); },
        [parent](const interfaces::Result<void>& done) {
            if (!done) Tell(parent, Words::tr("Lock"), Sentence(done.Error().message));
        });
}

void UnlockWallet(Desk& desk, QWidget* parent)
{
    if (!HasWallet(desk, parent)) return;
    auto* dialog = new UnlockDialog(desk, UnlockDialog::Purpose::Everything, ACTION_SECONDS, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void BackupWallet(Desk& desk, QWidget* parent)
{
    if (!HasWallet(desk, parent)) return;
    const QString title = Words::tr("Backup");
    const QString name = QStringLiteral("wallet-%1.dat")
                             .arg(QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd")));
    const QString path = QFileDialog::getSaveFileName(parent, title, name);
    if (path.isEmpty()) return;
    const QString key = BackupKey(*desk.Wallet()->Api());
    desk.WithWallet(
        parent, [path = ToUtf8(path)](interfaces::WalletApi& wallet) { return wallet.Backup(path); },
        [parent, title, path, key](const interfaces::Result<void>& done) {
            if (!done) return Tell(parent, title, Sentence(done.Error().message));
            QSettings().setValue(key, QDateTime::currentDateTime());
            Tell(parent, title,
                 Words::tr("%1 was written, read again and is whole. Keep it on another device.").arg(path),
                 false);
        });
}

void ShowWords(Desk& desk, QWidget* parent)
{
    if (!HasWallet(desk, parent)) return;
    WithKeys(
        desk, parent, [](interfaces::WalletApi& wallet) { return wallet.Phrase(); },
        [parent](const interfaces::Result<std::string>& phrase) {
            if (!phrase)
                return Tell(parent, Words::tr("Words to write down"), Sentence(phrase.Error().message));
            auto* dialog = new WordsDialog(FromUtf8(*phrase), parent);
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            dialog->open();
        });
}

void SignMessage(Desk& desk, QWidget* parent)
{
    if (!HasWallet(desk, parent)) return;
    const QString title = Words::tr("Sign a message");
    const QString address =
        QInputDialog::getText(parent, title, Words::tr("Legacy address of this wallet:")).trimmed();
    if (address.isEmpty()) return;
    bool given = false;
    const QString message = QInputDialog::getMultiLineText(parent, title, Words::tr("Message:"), {}, &given);
    if (!given) return;
    WithKeys(
        desk, parent,
        [address = ToUtf8(address), message = ToUtf8(message)](interfaces::WalletApi& wallet) {
            return wallet.SignMessage(address, message);
        },
        [parent, title](const interfaces::Result<std::string>& signature) {
            Tell(parent, title, signature ? FromUtf8(*signature) : Sentence(signature.Error().message),
                 !signature);
        });
}

void AskLink(MainWindow& window)
{
    const QString link =
        QInputDialog::getText(&window, Words::tr("Open link"), QStringLiteral("emercoin:")).trimmed();
    if (!link.isEmpty())
        window.Open(link.startsWith(QStringLiteral("emercoin:")) ? link : QStringLiteral("emercoin:") + link);
}

} // namespace emc::qt
