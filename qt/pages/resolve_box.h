/// What callers get for a number, and why.
#pragma once

#include "qt/desk.h"

#include <QWidget>

class QLabel;
class QLineEdit;

namespace emc::names {
struct Resolution;
}

namespace emc::qt {

class Hint;

class ResolveBox : public QWidget
{
    Q_OBJECT

public:
    ResolveBox(Desk& desk, QWidget* parent);

private:
    void Ask();
    void Show(const names::Resolution& resolution);

    Desk& m_desk;
    QLineEdit* m_number;
    Hint* m_hint;
    QLabel* m_answer;
    int m_asked = 0;
};

} // namespace emc::qt
