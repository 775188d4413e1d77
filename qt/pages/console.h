/// Calls typed by hand, with completion; secrets are not kept.
#pragma once

#include "qt/desk.h"

#include <QStringList>
#include <QWidget>

class QLineEdit;
class QPlainTextEdit;

namespace emc::qt {

class ConsoleView : public QWidget
{
    Q_OBJECT

public:
    ConsoleView(Desk& desk, QWidget* parent);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void Run();
    void Recall(int step);

    Desk& m_desk;
    QPlainTextEdit* m_output;
    QLineEdit* m_line;
    QStringList m_history; ///< oldest first; without lines that hold secrets
    int m_place = 0;       ///< in the history; its size: the line being typed
    bool m_running = false;
};

} // namespace emc::qt
