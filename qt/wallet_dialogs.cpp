#include "qt/wallet_dialogs.h"

#include "qt/ask.h"
#include "qt/main_window.h"
#include "qt/passphrase_dialog.h"
#include "qt/text.h"
#include "qt/unlock.h"
#include "qt/uri.h"
#include "qt/words_dialog.h"
#include "script/address.h"
#include "script/phrase.h"

#include <QDateTime>
#include <QFileInfo>
#include <QSettings>

namespace emc::qt {

namespace {

using WalletPtr = std::shared_ptr<interfaces::WalletApi>;

/// The wallet is loaded at the next start, too.
interfaces::Result<WalletPtr> Kept(interfaces::WalletsApi& wallets, interfaces::Result<WalletPtr> wallet)
{
    if (wallet) static_cast<void>(wallets.SetLoadOnStart((*wallet)->Name(), true));
    return wallet;
}

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

AskedField NameField(const QString& proposed = {})
{
    return {Words::tr("Name of the wallet:"), proposed, [](const QString& name) {
                if (name.isEmpty()) return Words::tr("Give the wallet a name.");
                if (name.startsWith(QLatin1Char('.')) || name.contains(QLatin1Char('/')))
                    return Words::tr("A name has no / in it and begins with no dot.");
                return QString();
            }};
}

AskedField WordsField()
{
    return {Words::tr("The words, with blanks between them:"),
            {},
            [](const QString& words) {
                const auto entropy = script::EntropyOf(ToUtf8(words));
                return entropy ? QString() : Sentence(entropy.Error());
            },
            true};
}

AskedField WordsPassphraseField()
{
    return {Words::tr("Their own passphrase, if they have one:"), {}, [](const QString& passphrase) {
                return script::IsPlainText(ToUtf8(passphrase))
                           ? QString()
                           : Words::tr("Only letters, digits and signs of ASCII can be used here.");
            }};
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
    const QString title = Words::tr("New wallet");
    AskFields(parent, title, {NameField()}, [&desk, parent, title](const QStringList& texts) {
        auto* dialog = new PassphraseDialog(PassphraseDialog::Mode::Optional, parent);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        QObject::connect(dialog, &PassphraseDialog::Given, parent,
                         [&desk, parent, dialog, title, name = texts.front()] {
                             interfaces::NewWallet plan;
                             plan.passphrase = ToUtf8(dialog->NewOne());
                             dialog->accept();
                             desk.Work().Run(
                                 parent,
                                 [wallets = desk.Rooms().wallets, name = ToUtf8(name), plan] {
                                     return Kept(*wallets, wallets->Create(name, plan));
                                 },
                                 ShowLoaded(desk, parent, title));
                         });
        dialog->open();
    });
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
            AskChoice(parent, title, Words::tr("Wallet:"), rows, [&desk, parent, title, names](int chosen) {
                desk.Work().Run(
                    parent,
                    [wallets = desk.Rooms().wallets, name = names[static_cast<size_t>(chosen)]] {
                        return Kept(*wallets, wallets->Load(name));
                    },
                    ShowLoaded(desk, parent, title));
            });
        });
}

void RestoreWallet(Desk& desk, QWidget* parent)
{
    if (!HasWallets(desk, parent)) return;
    const QString title = Words::tr("Restore a backup");
    AskFile(parent, title, {}, [&desk, parent, title](const QString& path) {
        const QString name = QFileInfo(path).completeBaseName();
        AskFields(parent, title, {NameField(name)}, [&desk, parent, title, path](const QStringList& texts) {
            desk.Work().Run(
                parent,
                [wallets = desk.Rooms().wallets, name = ToUtf8(texts.front()), path = ToUtf8(path)] {
                    return Kept(*wallets, wallets->Restore(name, path));
                },
                ShowLoaded(desk, parent, title));
        });
    });
}

void RestoreWords(Desk& desk, QWidget* parent)
{
    if (!HasWallets(desk, parent)) return;
    const QString title = Words::tr("Restore from words");
    const std::vector<AskedField> fields = {NameField(Words::tr("restored")), WordsField(),
                                            WordsPassphraseField()};
    AskFields(parent, title, fields, [&desk, parent, title](const QStringList& texts) {
        const auto search = [&desk, parent, title, words = ToUtf8(texts[1]), passphrase = ToUtf8(texts[2])] {
            desk.WithWallet(
                parent,
                [words, passphrase](interfaces::WalletApi& wallet) {
                    return wallet.SetPhrase(words, passphrase);
                },
                [parent, title](const interfaces::Result<void>& done) {
                    if (!done) return Tell(parent, title, Sentence(done.Error().message));
                    Tell(parent, title, Words::tr("The wallet is back; all blocks were looked through."),
                         false);
                });
        };
        desk.Work().Run(
            parent,
            [wallets = desk.Rooms().wallets, name = ToUtf8(texts[0])] {
                interfaces::NewWallet plan;
                plan.blank = true;
                return Kept(*wallets, wallets->Create(name, plan));
            },
            [&desk, parent, title, search](const interfaces::Result<WalletPtr>& made) {
                ShowLoaded(desk, parent, title)(made);
                if (made) search();
            });
    });
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
    QObject::connect(dialog, &PassphraseDialog::Given, dialog, [&desk, parent, dialog, change, title] {
        desk.WithWallet(
            dialog,
            [change, before = ToUtf8(dialog->OldOne()),
             after = ToUtf8(dialog->NewOne())](interfaces::WalletApi& wallet) {
                return change ? wallet.ChangePassphrase(before, after) : wallet.Encrypt(after);
            },
            [parent, dialog, title, change](const interfaces::Result<void>& done) {
                if (!done) return dialog->Refuse(Sentence(done.Error().message));
                dialog->accept();
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
    AskNewFile(parent, title, name, {}, [&desk, parent, title](const QString& path) {
        if (!HasWallet(desk, parent)) return;
        const QString key = BackupKey(*desk.Wallet()->Api());
        desk.WithWallet(
            parent, [path = ToUtf8(path)](interfaces::WalletApi& wallet) { return wallet.Backup(path); },
            [parent, title, path, key](const interfaces::Result<void>& done) {
                if (!done) return Tell(parent, title, Sentence(done.Error().message));
                QSettings().setValue(key, QDateTime::currentDateTime());
                Tell(parent, title,
                     Words::tr("%1 was written, read again and is whole. Keep it on another device.")
                         .arg(path),
                     false);
            });
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
    const auto problem = [&addresses = desk.Host().Addresses()](const QString& address) {
        const auto script = script::DecodeAddress(addresses, ToUtf8(address));
        return script ? QString() : Sentence(script.Error());
    };
    const std::vector<AskedField> fields = {{Words::tr("Legacy address of this wallet:"), {}, problem},
                                            {Words::tr("Message:"), {}, {}, true}};
    AskFields(parent, title, fields, [&desk, parent, title](const QStringList& texts) {
        WithKeys(
            desk, parent,
            [address = ToUtf8(texts[0]), message = ToUtf8(texts[1])](interfaces::WalletApi& wallet) {
                return wallet.SignMessage(address, message);
            },
            [parent, title](const interfaces::Result<std::string>& signature) {
                Tell(parent, title, signature ? FromUtf8(*signature) : Sentence(signature.Error().message),
                     !signature);
            });
    });
}

void AskLink(MainWindow& window)
{
    const QString scheme = QStringLiteral("emercoin:");
    const auto whole = [scheme](const QString& link) {
        return link.startsWith(scheme) ? link : scheme + link;
    };
    const auto problem = [whole](const QString& link) {
        const auto payment = ReadUri(whole(link));
        return payment ? QString() : payment.Error();
    };
    AskFields(&window, Words::tr("Open link"), {{scheme, {}, problem}},
              [&window, whole](const QStringList& texts) { window.Open(whole(texts.front())); });
}

} // namespace emc::qt
