#include "qt/icons.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>

namespace emc::qt {

namespace {

constexpr qreal SIDE = 24; ///< glyphs are drawn on 24 × 24

void DrawOverview(QPainter& p)
{
    p.drawRoundedRect(QRectF(3, 3, 8, 10), 1.5, 1.5);
    p.drawRoundedRect(QRectF(3, 16, 8, 5), 1.5, 1.5);
    p.drawRoundedRect(QRectF(14, 3, 7, 5), 1.5, 1.5);
    p.drawRoundedRect(QRectF(14, 11, 7, 10), 1.5, 1.5);
}

void DrawArrow(QPainter& p, bool up)
{
    const qreal tip = up ? 4 : 16;
    const qreal from = up ? 16 : 4;
    const qreal back = up ? 9 : 11;
    p.drawLine(QPointF(12, from), QPointF(12, tip));
    p.drawLine(QPointF(12, tip), QPointF(7, back));
    p.drawLine(QPointF(12, tip), QPointF(17, back));
    p.drawLine(QPointF(4, 20.5), QPointF(20, 20.5));
}

void DrawHistory(QPainter& p)
{
    for (const qreal y : {6.0, 12.0, 18.0}) {
        p.drawEllipse(QPointF(5, y), 1, 1);
        p.drawLine(QPointF(9, y), QPointF(20, y));
    }
}

/// A telephone receiver.
void DrawReceiver(QPainter& p)
{
    QPainterPath path;
    path.moveTo(6, 3.5);
    path.lineTo(9.5, 3.5);
    path.lineTo(11, 8.5);
    path.lineTo(8.8, 10.4);
    path.cubicTo(10, 12.8, 11.2, 14, 13.6, 15.2);
    path.lineTo(15.5, 13);
    path.lineTo(20.5, 14.5);
    path.lineTo(20.5, 18);
    path.cubicTo(20.5, 19.6, 19.3, 20.6, 18, 20.5);
    path.cubicTo(10, 20, 4, 14, 3.5, 6);
    path.cubicTo(3.4, 4.7, 4.4, 3.5, 6, 3.5);
    p.drawPath(path);
}

void DrawRewards(QPainter& p)
{
    p.drawEllipse(QPointF(9, 9), 5.5, 5.5);
    p.drawArc(QRectF(9.5, 9.5, 11, 11), -150 * 16, 240 * 16);
    p.drawLine(QPointF(9, 6.5), QPointF(9, 11.5));
}

void DrawStaking(QPainter& p)
{
    for (const qreal y : {6.0, 11.0, 16.0}) {
        p.drawEllipse(QRectF(4, y, 16, 4.5));
    }
}

void DrawNode(QPainter& p)
{
    p.drawLine(QPointF(12, 6), QPointF(5, 18));
    p.drawLine(QPointF(12, 6), QPointF(19, 18));
    p.drawLine(QPointF(5, 18), QPointF(19, 18));
    p.setBrush(p.pen().color());
    for (const QPointF at : {QPointF(12, 6), QPointF(5, 18), QPointF(19, 18)})
        p.drawEllipse(at, 2, 2);
}

void DrawLock(QPainter& p, bool open)
{
    p.drawRoundedRect(QRectF(5, 11, 14, 9.5), 1.5, 1.5);
    QPainterPath bow;
    bow.moveTo(8, 11);
    bow.lineTo(8, 7.5);
    bow.cubicTo(8, 2.5, 16, 2.5, 16, 7.5);
    if (!open) bow.lineTo(16, 11);
    p.drawPath(bow);
    p.drawLine(QPointF(12, 14.5), QPointF(12, 17));
}

void DrawPeers(QPainter& p)
{
    for (const qreal x : {4.0, 9.0, 14.0, 19.0})
        p.drawLine(QPointF(x, 20), QPointF(x, 20 - (x - 1) * 0.8));
}

void Draw(QPainter& p, Glyph glyph)
{
    switch (glyph) {
    case Glyph::Overview:
        return DrawOverview(p);
    case Glyph::Send:
        return DrawArrow(p, true);
    case Glyph::Receive:
        return DrawArrow(p, false);
    case Glyph::History:
        return DrawHistory(p);
    case Glyph::Names:
        return DrawReceiver(p);
    case Glyph::Rewards:
        return DrawRewards(p);
    case Glyph::Staking:
    case Glyph::Minting:
        return DrawStaking(p);
    case Glyph::Node:
        return DrawNode(p);
    case Glyph::Locked:
        return DrawLock(p, false);
    case Glyph::Open:
        return DrawLock(p, true);
    case Glyph::Peers:
        return DrawPeers(p);
    }
}

class GlyphEngine final : public QIconEngine
{
public:
    explicit GlyphEngine(Glyph glyph) : m_glyph(glyph) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
        const QColor color = QGuiApplication::palette().color(group, QPalette::ButtonText);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->translate(rect.topLeft());
        painter->scale(rect.width() / SIDE, rect.height() / SIDE);
        painter->setPen(QPen(color, 1.7, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        Draw(*painter, m_glyph);
        painter->restore();
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap out(size);
        out.fill(Qt::transparent);
        QPainter painter(&out);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return out;
    }

    [[nodiscard]] QIconEngine* clone() const override { return new GlyphEngine(*this); }

private:
    Glyph m_glyph;
};

} // namespace

QIcon GlyphIcon(Glyph glyph)
{
    return QIcon(new GlyphEngine(glyph)); // the icon deletes it
}

QIcon ProgramIcon()
{
    QIcon out;
    for (const int side : {16, 32, 48, 64, 128, 256}) {
        QPixmap picture(side, side);
        picture.fill(Qt::transparent);
        QPainter p(&picture);
        p.setRenderHint(QPainter::Antialiasing);
        p.scale(side / SIDE, side / SIDE);
        p.setPen(Qt::NoPen);
        p.setBrush(QColor(0x6a, 0x3d, 0x9a));
        p.drawEllipse(QRectF(0.5, 0.5, 23, 23));
        p.setBrush(Qt::NoBrush);
        p.setPen(QPen(QColor(0xff, 0xff, 0xff, 0x60), 0.8));
        p.drawEllipse(QRectF(2.2, 2.2, 19.6, 19.6));
        p.translate(12, 12);
        p.scale(0.62, 0.62);
        p.translate(-12, -12);
        p.setPen(QPen(Qt::white, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        p.setBrush(Qt::white);
        DrawReceiver(p);
        out.addPixmap(picture);
    }
    return out;
}

} // namespace emc::qt
