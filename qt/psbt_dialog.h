/// Transactions several people or computers sign (BIP 174).
#pragma once

#include "qt/desk.h"

#include <QDialog>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace emc::qt {

class Hint;

class PsbtDialog : public QDialog
{
    Q_OBJECT

public:
    /// `text`: base64; empty: to be pasted or loaded.
    PsbtDialog(Desk& desk, const QString& text, QWidget* parent);

private:
    void Check();
    void Load();
    void LoadFrom(const QString& path);
    void Save();
    void SaveTo(const QString& path);
    void Sign();
    void Broadcast();
    void BroadcastNow(const primitives::TxRef& tx);

    Desk& m_desk;
    QPlainTextEdit* m_text;
    QLabel* m_summary;
    Hint* m_hint;
    QPushButton* m_sign;
    QPushButton* m_broadcast;
};

} // namespace emc::qt
