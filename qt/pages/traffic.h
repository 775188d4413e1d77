/// Bytes a second over time.
#pragma once

#include "qt/desk.h"

#include <QWidget>
#include <deque>

class QLabel;

namespace emc::qt {

class TrafficView : public QWidget
{
    Q_OBJECT

public:
    TrafficView(Desk& desk, QWidget* parent);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void Take();

    struct Rate {
        double in = 0, out = 0; ///< bytes a second
    };

    Desk& m_desk;
    QLabel* m_text;
    std::deque<Rate> m_rates; ///< one a second, oldest first
    uint64_t m_in = 0, m_out = 0;
    bool m_first = true;
};

} // namespace emc::qt
