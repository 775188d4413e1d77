#include "qt/uri.h"

#include "qt/text.h"

#include <QUrl>
#include <QUrlQuery>

namespace emc::qt {

namespace {

const QString SCHEME = QStringLiteral("emercoin");

} // namespace

base::Expected<Payment, QString> ReadUri(const QString& text)
{
    QString plain = text.trimmed();
    plain.replace(QStringLiteral("://"), QStringLiteral(":"));
    const QUrl url(plain, QUrl::StrictMode);
    if (!url.isValid() || url.scheme() != SCHEME)
        return base::Unexpected(Words::tr("'%1' is no emercoin: address.").arg(text));
    Payment out;
    out.address = url.path();
    if (out.address.isEmpty()) return base::Unexpected(Words::tr("This link names no address."));
    for (const auto& [key, value] : QUrlQuery(url).queryItems(QUrl::FullyDecoded)) {
        if (key == QStringLiteral("amount")) {
            const auto amount = ReadAmount(value);
            if (!amount) return base::Unexpected(Words::tr("The link's amount '%1' is wrong.").arg(value));
            out.amount = *amount;
        } else if (key == QStringLiteral("label")) {
            out.label = value;
        } else if (key == QStringLiteral("message")) {
            out.message = value;
        } else if (key.startsWith(QStringLiteral("req-"))) {
            return base::Unexpected(
                Words::tr("The link asks for '%1', which this version does not know.").arg(key));
        }
    }
    return out;
}

QString WriteUri(const Payment& payment)
{
    QUrlQuery query;
    if (payment.amount != 0) query.addQueryItem(QStringLiteral("amount"), AmountPlain(payment.amount));
    const auto add = [&query](const QString& key, const QString& value) {
        if (!value.isEmpty()) query.addQueryItem(key, QString::fromLatin1(QUrl::toPercentEncoding(value)));
    };
    add(QStringLiteral("label"), payment.label);
    add(QStringLiteral("message"), payment.message);
    QString out = SCHEME + QLatin1Char(':') + payment.address;
    if (!query.isEmpty()) out += QLatin1Char('?') + query.query(QUrl::FullyEncoded);
    return out;
}

} // namespace emc::qt
