#include "qt/name_files.h"

#include "names/op_codec.h"
#include "qt/text.h"

#include <QFile>
#include <QSaveFile>

namespace emc::qt {

namespace {

using base::Unexpected;
using Changes = std::vector<interfaces::WalletNamesApi::NameChange>;

constexpr qint64 MAX_FILE_BYTES = 64 << 20;
const QString BASE64 = QStringLiteral("base64:");

QString ValueText(const base::Bytes& value)
{
    const QString text = FromUtf8(base::AsText(value));
    const bool exact = ToUtf8(text) == base::AsText(value) && !text.startsWith(BASE64);
    if (exact) return text;
    return BASE64 + QString::fromLatin1(QByteArray(reinterpret_cast<const char*>(value.data()),
                                                   static_cast<int>(value.size()))
                                            .toBase64());
}

/// nullopt: "base64:" and then none.
std::optional<base::Bytes> ValueBytes(const QString& text)
{
    if (!text.startsWith(BASE64)) return base::ToBytes(ToUtf8(text));
    const auto decoded = QByteArray::fromBase64Encoding(text.mid(BASE64.size()).toLatin1(),
                                                        QByteArray::AbortOnBase64DecodingErrors);
    if (decoded.decodingStatus != QByteArray::Base64DecodingStatus::Ok) return std::nullopt;
    return base::Bytes((*decoded).begin(), (*decoded).end());
}

base::Expected<interfaces::WalletNamesApi::NameChange, QString> ReadChange(const QStringList& fields)
{
    if (fields.size() < 3) return Unexpected(Words::tr("needs a name, a value and days"));
    interfaces::WalletNamesApi::NameChange out;
    out.kind = names::OpKind::New;
    out.name = ToUtf8(fields[0]);
    if (out.name.empty() || out.name.size() > names::MAX_NAME_BYTES)
        return Unexpected(Words::tr("a name has 1 to %1 bytes").arg(names::MAX_NAME_BYTES));
    auto value = ValueBytes(fields[1]);
    if (!value) return Unexpected(Words::tr("the value is not base64"));
    if (value->size() > names::MAX_VALUE_BYTES)
        return Unexpected(Words::tr("a value has at most %1 bytes").arg(names::MAX_VALUE_BYTES));
    out.value = std::move(*value);
    bool number = false;
    out.days = fields[2].trimmed().toInt(&number);
    if (!number || out.days < 1 || out.days > names::MAX_DAYS)
        return Unexpected(Words::tr("days are a number from 1 to %1").arg(names::MAX_DAYS));
    return out;
}

} // namespace

QString CsvLine(const QStringList& fields)
{
    QStringList out;
    for (QString field : fields) {
        const bool quote = field.contains(QLatin1Char(',')) || field.contains(QLatin1Char('"')) ||
                           field.contains(QLatin1Char('\n')) || field.contains(QLatin1Char('\r'));
        field.replace(QLatin1Char('"'), QStringLiteral("\"\""));
        out << (quote ? QLatin1Char('"') + field + QLatin1Char('"') : field);
    }
    return out.join(QLatin1Char(',')) + QStringLiteral("\r\n");
}

std::optional<std::vector<QStringList>> ReadCsv(const QString& text)
{
    std::vector<QStringList> out;
    QStringList record;
    QString field;
    bool quoted = false;
    const auto end_field = [&] {
        record << field;
        field.clear();
    };
    const auto end_record = [&] {
        if (!record.isEmpty() || !field.isEmpty()) {
            end_field();
            out.push_back(record);
        }
        record.clear();
    };
    for (int i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (quoted) {
            if (c != QLatin1Char('"'))
                field += c;
            else if (i + 1 < text.size() && text[i + 1] == QLatin1Char('"'))
                field += text[++i];
            else
                quoted = false;
        } else if (c == QLatin1Char('"') && field.isEmpty()) {
            quoted = true;
        } else if (c == QLatin1Char(',')) {
            end_field();
        } else if (c == QLatin1Char('\n')) {
            end_record();
        } else if (c != QLatin1Char('\r')) {
            field += c;
        }
    }
    if (quoted) return std::nullopt;
    end_record();
    return out;
}

base::Expected<int, QString> WriteNames(const NameTable& table, const QString& path)
{
    QSaveFile file(path);
    const auto problem = [&] {
        return Unexpected(Words::tr("%1 cannot be written: %2.").arg(path, file.errorString()));
    };
    if (!file.open(QIODevice::WriteOnly)) return problem();
    file.write(CsvLine({QStringLiteral("name"), QStringLiteral("value"), QStringLiteral("days"),
                        QStringLiteral("status"), QStringLiteral("address")})
                   .toUtf8());
    for (int row = 0; row < table.Rows(); ++row) {
        const auto& line = table.At(row);
        file.write(CsvLine({FromUtf8(line.own->info.name), ValueText(line.own->info.record.value),
                            QString::number(static_cast<int>(line.days_left)), StatusText(line.status),
                            FromUtf8(line.own->address)})
                       .toUtf8());
    }
    if (!file.commit()) return problem();
    return table.Rows();
}

base::Expected<Changes, QString> ReadNames(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Unexpected(Words::tr("%1 cannot be read: %2.").arg(path, file.errorString()));
    if (file.size() > MAX_FILE_BYTES) return Unexpected(Words::tr("%1 is too large.").arg(path));
    const auto records = ReadCsv(QString::fromUtf8(file.readAll()));
    if (!records) return Unexpected(Words::tr("%1: a quotation mark is not closed.").arg(path));
    Changes out;
    for (size_t i = 0; i < records->size(); ++i) {
        const auto& fields = (*records)[i];
        if (i == 0 && fields.value(0) == QStringLiteral("name")) continue;
        auto change = ReadChange(fields);
        if (!change)
            return Unexpected(Words::tr("%1, record %2: %3.").arg(path).arg(i + 1).arg(change.Error()));
        out.push_back(std::move(*change));
    }
    if (out.empty()) return Unexpected(Words::tr("%1 holds no names.").arg(path));
    return out;
}

} // namespace emc::qt
