#include "qt/pages/traffic.h"

#include "qt/text.h"

#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>
#include <algorithm>

namespace emc::qt {

namespace {

constexpr size_t SECONDS = 600;
constexpr int MARGIN = 8;

} // namespace

TrafficView::TrafficView(Desk& desk, QWidget* parent) : QWidget(parent), m_desk(desk)
{
    m_text = new QLabel(this);
    m_text->setObjectName(QStringLiteral("traffic_text"));
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_text);
    column->addStretch();
    setMinimumHeight(fontMetrics().height() * 10);
    connect(&desk.Node(), &NodeModel::Changed, this, &TrafficView::Take);
}

void TrafficView::Take()
{
    const auto& state = m_desk.Node().State();
    if (!m_first) {
        m_rates.push_back({static_cast<double>(state.bytes_received - m_in),
                           static_cast<double>(state.bytes_sent - m_out)});
        if (m_rates.size() > SECONDS) m_rates.pop_front();
    }
    m_first = false;
    m_in = state.bytes_received;
    m_out = state.bytes_sent;
    const Rate now = m_rates.empty() ? Rate{} : m_rates.back();
    m_text->setText(
        tr("Last ten minutes. Now: %1/s received (filled), %2/s sent (line). Since the start: %3 and %4.")
            .arg(BytesText(now.in), BytesText(now.out), BytesText(static_cast<double>(m_in)),
                 BytesText(static_cast<double>(m_out))));
    update();
}

void TrafficView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF area =
        QRectF(rect()).adjusted(MARGIN, m_text->geometry().bottom() + MARGIN, -MARGIN, -MARGIN);
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(area);
    double most = 1;
    for (const auto& rate : m_rates)
        most = std::max({most, rate.in, rate.out});
    const auto at = [&](size_t i, double value) {
        const double x = area.right() - static_cast<double>(m_rates.size() - 1 - i) * area.width() / SECONDS;
        return QPointF(x, area.bottom() - value / most * area.height());
    };
    if (m_rates.size() < 2) return;
    QPainterPath in(QPointF(at(0, 0).x(), area.bottom()));
    QPainterPath out(at(0, m_rates[0].out));
    for (size_t i = 0; i < m_rates.size(); ++i) {
        in.lineTo(at(i, m_rates[i].in));
        out.lineTo(at(i, m_rates[i].out));
    }
    in.lineTo(QPointF(area.right(), area.bottom()));
    QColor fill = palette().color(QPalette::Highlight);
    fill.setAlphaF(0.4F);
    painter.fillPath(in, fill);
    painter.setPen(QPen(palette().color(QPalette::WindowText), 1.5));
    painter.drawPath(out);
    painter.drawText(area.adjusted(MARGIN, MARGIN, 0, 0), BytesText(most) + QStringLiteral("/s"));
}

} // namespace emc::qt
