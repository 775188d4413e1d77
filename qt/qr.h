/// QR codes.
#pragma once

#include <QPixmap>
#include <QString>

class QWidget;

namespace emc::qt {

/// A picture of about `side` pixels with its quiet zone, black on white; null when the text is too long.
[[nodiscard]] QPixmap QrPicture(const QString& text, int side);
/// A window with the code, or a sentence when there is none.
void ShowQr(const QString& text, QWidget* parent);

} // namespace emc::qt
