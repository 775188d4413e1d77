#include "qt/pages/earnings_plot.h"

#include "qt/text.h"

#include <QDate>
#include <QLocale>
#include <QPainter>
#include <algorithm>

namespace emc::qt {

namespace {

constexpr int LINES = 7; ///< height, in lines of text
constexpr double BAR_PART = 0.7;

} // namespace

EarningsPlot::EarningsPlot(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("earnings_plot"));
    setMinimumHeight(fontMetrics().height() * LINES);
}

void EarningsPlot::Show(std::vector<Month> months)
{
    m_months = std::move(months);
    QStringList lines;
    for (const auto& month : m_months)
        lines << QStringLiteral("%1-%2: %3")
                     .arg(month.year)
                     .arg(month.month, 2, 10, QLatin1Char('0'))
                     .arg(AmountWithUnit(month.earned));
    setToolTip(lines.join(QLatin1Char('\n')));
    setAccessibleDescription(toolTip());
    update();
}

void EarningsPlot::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const int text = fontMetrics().height();
    const QRectF area = QRectF(rect()).adjusted(0, text * 1.5, 0, -text * 1.5);
    painter.setPen(palette().color(QPalette::WindowText));
    if (m_months.empty()) {
        painter.drawText(rect(), Qt::AlignCenter, tr("No reward has been confirmed yet."));
        return;
    }
    primitives::Amount most = 1;
    for (const auto& month : m_months)
        most = std::max(most, month.earned);
    painter.drawText(QRectF(rect()).adjusted(0, 0, 0, -area.height()), Qt::AlignLeft | Qt::AlignTop,
                     tr("Earned a month, at most %1").arg(AmountWithUnit(most)));
    const double width = area.width() / static_cast<double>(m_months.size());
    for (size_t i = 0; i < m_months.size(); ++i) {
        const auto& month = m_months[i];
        const double height = area.height() * static_cast<double>(month.earned) / static_cast<double>(most);
        const double left = area.left() + width * (static_cast<double>(i) + (1 - BAR_PART) / 2);
        painter.fillRect(QRectF(left, area.bottom() - height, width * BAR_PART, height),
                         palette().color(QPalette::Highlight));
        painter.drawText(
            QRectF(area.left() + width * static_cast<double>(i), area.bottom(), width, text * 1.5),
            Qt::AlignCenter, QLocale().standaloneMonthName(month.month, QLocale::ShortFormat));
    }
    painter.drawLine(area.bottomLeft(), area.bottomRight());
}

} // namespace emc::qt
