/// A new passphrase, twice, with a hint how strong it is.
#pragma once

#include <QDialog>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace emc::qt {

class Hint;

/// How hard a passphrase is to guess, in bits; an estimate from its length and its kinds of characters.
[[nodiscard]] int PassphraseBits(const QString& passphrase);

class PassphraseDialog : public QDialog
{
    Q_OBJECT

public:
    enum class Mode { Encrypt, Change, Optional };

    PassphraseDialog(Mode mode, QWidget* parent);

    [[nodiscard]] QString OldOne() const;
    [[nodiscard]] QString NewOne() const;

    /// What was given does not do: the dialog stays, with a sentence below the field it concerns.
    void Refuse(const QString& sentence);

Q_SIGNALS:
    /// The button was pressed. Whoever asked closes the dialog, or refuses.
    void Given();

private:
    void Check();

    const Mode m_mode;
    QLineEdit* m_old;
    Hint* m_old_hint;
    QLineEdit* m_new;
    QLineEdit* m_again;
    QProgressBar* m_strength;
    Hint* m_hint;
    QPushButton* m_ok;
};

} // namespace emc::qt
