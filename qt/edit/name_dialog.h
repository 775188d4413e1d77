/// Registering and changing a name, with what it costs before anything is sent.
#pragma once

#include "qt/desk.h"

#include <QDialog>
#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QStackedWidget;

namespace emc::qt {

class Hint;
class NameEditor;

/// What a preview says, for people.
[[nodiscard]] QString CostText(const interfaces::WalletNamesApi::NamePreview& preview, int32_t tip_height,
                               int64_t now_sec);

class NameDialog : public QDialog
{
    Q_OBJECT

public:
    /// A new name.
    NameDialog(Desk& desk, QWidget* parent);
    /// A name that exists.
    NameDialog(Desk& desk, std::shared_ptr<const interfaces::OwnName> own, QWidget* parent);

Q_SIGNALS:
    /// It was sent; the transaction.
    void Sent(const QString& txid);

private:
    using Change = interfaces::WalletNamesApi::NameChange;

    void Build();
    [[nodiscard]] NameEditor& Editor() const;
    [[nodiscard]] std::optional<Change> Made() const;
    void ChooseEditor();
    /// Something was written: asks for the cost when the person pauses.
    void Edited();
    void AskCost();
    void Answered(const interfaces::Result<interfaces::WalletNamesApi::NamePreview>& preview);
    /// What was refused may be possible now: blocks or transactions came or went.
    void AskAgain();
    void Send();
    void SendNow(const Change& change);
    void Refused(const interfaces::Failure& failure);

    Desk& m_desk;
    std::shared_ptr<const interfaces::OwnName> m_own; ///< null for a new one
    QComboBox* m_kind;
    QStackedWidget* m_editors;
    QSpinBox* m_days;
    QLineEdit* m_owner;
    Hint* m_owner_hint;
    QLabel* m_cost;
    Hint* m_hint;
    QPushButton* m_send;
    QTimer m_wait; ///< until the person pauses
    int m_asked = 0;
    bool m_refused = false; ///< the answer to what was asked last
    bool m_stirred = false; ///< something came or went since it was asked
};

} // namespace emc::qt
