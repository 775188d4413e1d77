#include "qt/qr.h"

#include "qt/ask.h"
#include "qt/text.h"

#include <QDialog>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>
#include <memory>
#include <qrencode.h>

namespace emc::qt {

namespace {

constexpr int QUIET = 4; ///< modules around the code (ISO/IEC 18004)
constexpr int LARGE = 480;

} // namespace

QPixmap QrPicture(const QString& text, int side)
{
    const QByteArray bytes = text.toUtf8();
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit(bytes.constData(), 0, QR_ECLEVEL_L), &QRcode_free);
    if (!code) return {};
    const int modules = code->width + 2 * QUIET;
    const int scale = std::max(1, side / modules);
    QPixmap out(modules * scale, modules * scale);
    out.fill(Qt::white);
    QPainter painter(&out);
    for (int y = 0; y < code->width; ++y) {
        for (int x = 0; x < code->width; ++x) {
            if ((code->data[y * code->width + x] & 1) != 0)
                painter.fillRect((x + QUIET) * scale, (y + QUIET) * scale, scale, scale, Qt::black);
        }
    }
    return out;
}

void ShowQr(const QString& text, QWidget* parent)
{
    const auto picture = QrPicture(text, LARGE);
    if (picture.isNull())
        return Tell(parent, Words::tr("QR code"),
                    Words::tr("This is too long for a QR code; save it as a file."));
    auto* window = new QDialog(parent);
    window->setAttribute(Qt::WA_DeleteOnClose);
    window->setWindowTitle(Words::tr("QR code"));
    auto* label = new QLabel(window);
    label->setPixmap(picture);
    auto* column = new QVBoxLayout(window);
    column->addWidget(label);
    window->open();
}

} // namespace emc::qt
