#include "qt/text.h"

#include <QDateTime>
#include <QLocale>
#include <cmath>

namespace emc::qt {

namespace {

constexpr int DECIMALS = 8;
constexpr int GROUP = 3;
constexpr int64_t MINUTE = 60;
constexpr int64_t HOUR = 60 * MINUTE;
constexpr int64_t DAY = 24 * HOUR;

/// "1234.50000000"
QString Digits(primitives::Amount value)
{
    const auto units = static_cast<quint64>(value < 0 ? -value : value);
    const auto coin = static_cast<quint64>(primitives::COIN);
    return QStringLiteral("%1.%2").arg(units / coin).arg(units % coin, DECIMALS, 10, QLatin1Char('0'));
}

} // namespace

QString FromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<int>(text.size()));
}

std::string ToUtf8(const QString& text)
{
    return text.toStdString();
}

QString AmountPlain(primitives::Amount value, bool sign)
{
    const QString front = value < 0           ? QStringLiteral("−")
                          : sign && value > 0 ? QStringLiteral("+")
                                              : QString();
    return front + Digits(value);
}

QString AmountWithUnit(primitives::Amount value)
{
    QString digits = Digits(value);
    for (int at = digits.indexOf(QLatin1Char('.')) - GROUP; at > 0; at -= GROUP)
        digits.insert(at, QChar(0x2009)); // thin space
    return (value < 0 ? QStringLiteral("−") : QString()) + digits + QStringLiteral(" EMC");
}

base::Expected<primitives::Amount, QString> ReadAmount(const QString& text)
{
    QString plain;
    for (const QChar c : text) {
        if (!c.isSpace()) plain += c;
    }
    if (plain.endsWith(QStringLiteral("EMC"), Qt::CaseInsensitive)) plain.chop(GROUP);
    if (plain.count(QLatin1Char(',')) + plain.count(QLatin1Char('.')) > 1) {
        return base::Unexpected(Words::tr("Write one decimal point and no separators, like 1234.5"));
    }
    plain.replace(QLatin1Char(','), QLatin1Char('.'));
    const int point = plain.indexOf(QLatin1Char('.'));
    const QString whole = point < 0 ? plain : plain.left(point);
    QString fraction = point < 0 ? QString() : plain.mid(point + 1);
    const auto is_digits = [](const QString& s) {
        return std::all_of(s.begin(), s.end(),
                           [](QChar c) { return c >= QLatin1Char('0') && c <= QLatin1Char('9'); });
    };
    if (plain.isEmpty() || (whole.isEmpty() && fraction.isEmpty()))
        return base::Unexpected(Words::tr("Write an amount in EMC, like 1.5"));
    if (!is_digits(whole) || !is_digits(fraction))
        return base::Unexpected(Words::tr("Only digits and one decimal point belong here, like 1.5"));
    if (fraction.size() > DECIMALS) return base::Unexpected(Words::tr("An amount has at most 8 decimals"));
    constexpr int MAX_WHOLE = 8; // 21 million
    if (whole.size() > MAX_WHOLE) return base::Unexpected(Words::tr("There are not that many coins"));
    fraction = fraction.leftJustified(DECIMALS, QLatin1Char('0'));
    const primitives::Amount value = whole.toLongLong() * primitives::COIN + fraction.toLongLong();
    if (!primitives::MoneyRange(value)) return base::Unexpected(Words::tr("There are not that many coins"));
    return value;
}

QString TimeText(int64_t unix_sec)
{
    if (unix_sec <= 0) return {};
    return QLocale().toString(QDateTime::fromSecsSinceEpoch(unix_sec), QLocale::ShortFormat);
}

QString DurationText(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0) return Words::tr("unknown");
    const auto all = static_cast<int64_t>(seconds);
    const auto two = [](int64_t a, const QString& a_unit, int64_t b, const QString& b_unit) {
        const QString first = QStringLiteral("%1 %2").arg(a).arg(a_unit);
        return b == 0 ? first : first + QStringLiteral(" %1 %2").arg(b).arg(b_unit);
    };
    if (all >= DAY) return two(all / DAY, Words::tr("d"), all % DAY / HOUR, Words::tr("h"));
    if (all >= HOUR) return two(all / HOUR, Words::tr("h"), all % HOUR / MINUTE, Words::tr("min"));
    if (all >= MINUTE) return two(all / MINUTE, Words::tr("min"), all % MINUTE, Words::tr("s"));
    return QStringLiteral("%1 %2").arg(all).arg(Words::tr("s"));
}

QString BytesText(double bytes)
{
    return QLocale().formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeSIFormat);
}

QString OneLine(base::ByteSpan bytes, int max)
{
    const auto text =
        QString::fromUtf8(reinterpret_cast<const char*>(bytes.data()), static_cast<int>(bytes.size()));
    QString out;
    for (const QChar c : text) {
        if (out.size() >= max) return out + QStringLiteral("…");
        if (c == QLatin1Char('\n')) {
            out += QStringLiteral(" ⏎ ");
        } else if (c.isPrint()) {
            out += c;
        } else {
            out += QStringLiteral("\\x%1").arg(c.unicode(), 2, 16, QLatin1Char('0'));
        }
    }
    return out;
}

QString NumberText(uint64_t number)
{
    return QStringLiteral("+%1").arg(number);
}

QString Sentence(std::string_view message)
{
    QString out = FromUtf8(message).trimmed();
    if (out.isEmpty()) return out;
    out[0] = out[0].toUpper();
    if (!out.endsWith(QLatin1Char('.')) && !out.endsWith(QLatin1Char('?')) && !out.endsWith(QLatin1Char('!')))
        out += QLatin1Char('.');
    return out;
}

} // namespace emc::qt
