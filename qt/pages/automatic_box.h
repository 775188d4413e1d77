/// Settings of rewards without being asked (-callreward and its relatives), changed while the node runs.
#pragma once

#include "interfaces/call_automatic.h"
#include "qt/desk.h"

#include <QWidget>

class QCheckBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace emc::qt {

class Hint;

class AutomaticBox final : public QWidget
{
    Q_OBJECT

public:
    AutomaticBox(Desk& desk, QWidget* parent);

Q_SIGNALS:
    /// A line for the status bar.
    void Said(const QString& line);

private:
    /// Reads what counts now.
    void Reload();
    void Show(const interfaces::AutomaticMode& mode);
    /// What the fields say; nullopt, with a sentence, while one of them is wrong.
    [[nodiscard]] std::optional<interfaces::AutomaticMode> Written();
    /// The button works while the fields say something else than what counts.
    void Check();
    void Apply();
    void ShowLock();

    Desk& m_desk;
    interfaces::AutomaticMode m_now;
    QCheckBox* m_on;
    QSpinBox* m_interval_min;
    QSpinBox* m_period_hours;
    QSpinBox* m_minutes;
    QLineEdit* m_claim;
    Hint* m_claim_hint;
    Hint* m_lock_hint;
    Hint* m_hint;
    QPushButton* m_apply;
};

} // namespace emc::qt
