/// What rewards brought, month by month.
#pragma once

#include "primitives/amount.h"

#include <QWidget>

namespace emc::qt {

class EarningsPlot : public QWidget
{
    Q_OBJECT

public:
    explicit EarningsPlot(QWidget* parent);

    struct Month {
        int year = 0, month = 0;
        primitives::Amount earned = 0;
    };

    /// Oldest first, without gaps.
    void Show(std::vector<Month> months);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<Month> m_months;
};

} // namespace emc::qt
