/// Asking for the passphrase when a wallet needs it.
#pragma once

#include "qt/desk.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace emc::qt {

class Hint;

/// Asks for the passphrase and opens the wallet with it; a wrong one is told below the field.
class UnlockDialog : public QDialog
{
    Q_OBJECT

public:
    using Purpose = interfaces::WalletLockApi::UnlockFor;

    /// `seconds`: how long it stays open.
    UnlockDialog(Desk& desk, Purpose purpose, int64_t seconds, QWidget* parent);

private:
    void Try();

    Desk& m_desk;
    const Purpose m_purpose;
    const int64_t m_seconds;
    QLineEdit* m_passphrase;
    Hint* m_hint;
    QPushButton* m_open;
};

inline constexpr int WALLET_LOCKED = -13;
/// How long a wallet stays open for one action.
inline constexpr int64_t ACTION_SECONDS = 60;

/// Desk::WithWallet for what needs keys: when the wallet turns out to be locked, asks for the passphrase and
/// tries once more. `job` gives an interfaces::Result. Not called when the person gives up: `done` then gets
/// the failure.
template <typename Job, typename Done>
void WithKeys(Desk& desk, QWidget* parent, Job job, Done done)
{
    desk.WithWallet(parent, job, [&desk, parent, job, done](auto result) mutable {
        if (result || result.Error().code != WALLET_LOCKED) return done(std::move(result));
        auto* ask = new UnlockDialog(desk, UnlockDialog::Purpose::Everything, ACTION_SECONDS, parent);
        ask->setAttribute(Qt::WA_DeleteOnClose);
        QObject::connect(ask, &QDialog::finished, parent,
                         [&desk, parent, job, done, result](int code) mutable {
                             if (code != QDialog::Accepted) return done(std::move(result));
                             desk.WithWallet(parent, job, done);
                         });
        ask->open();
    });
}

} // namespace emc::qt
