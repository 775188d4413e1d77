#include "qt/name_files.h"

#include "codec/csv.h"
#include "names/op_codec.h"
#include "qt/table_file.h"
#include "qt/text.h"

#include <QFile>

namespace emc::qt {

namespace {

using base::Unexpected;
using Changes = std::vector<interfaces::WalletNamesApi::NameChange>;

constexpr qint64 MAX_FILE_BYTES = 64 << 20;
const std::string BASE64 = "base64:"; // NOLINT(cert-err58-cpp): fits into the string itself

/// Names and values hold any bytes: as they are where a table can hold them and no spreadsheet takes them for
/// a formula, else in base64.
std::string Field(base::ByteSpan bytes)
{
    const std::string_view text = base::AsText(bytes);
    const bool exact = ToUtf8(FromUtf8(text)) == text && !text.starts_with(BASE64);
    if (exact && !codec::BeginsFormula(text)) return std::string(text);
    const QByteArray raw(reinterpret_cast<const char*>(bytes.data()), static_cast<int>(bytes.size()));
    return BASE64 + raw.toBase64().toStdString();
}

/// nullopt: "base64:" and then none.
std::optional<base::Bytes> FieldBytes(const std::string& text)
{
    if (!text.starts_with(BASE64)) return base::ToBytes(text);
    const auto decoded = QByteArray::fromBase64Encoding(QByteArray::fromStdString(text.substr(BASE64.size())),
                                                        QByteArray::AbortOnBase64DecodingErrors);
    if (decoded.decodingStatus != QByteArray::Base64DecodingStatus::Ok) return std::nullopt;
    return base::Bytes((*decoded).begin(), (*decoded).end());
}

base::Expected<interfaces::WalletNamesApi::NameChange, QString>
ReadChange(const std::vector<std::string>& fields)
{
    if (fields.size() < 3) return Unexpected(Words::tr("needs a name, a value and days"));
    interfaces::WalletNamesApi::NameChange out;
    out.kind = names::OpKind::New;
    const auto name = FieldBytes(fields[0]);
    auto value = FieldBytes(fields[1]);
    if (!name || !value) return Unexpected(Words::tr("the name or the value is not base64"));
    if (name->empty() || name->size() > names::MAX_NAME_BYTES)
        return Unexpected(Words::tr("a name has 1 to %1 bytes").arg(names::MAX_NAME_BYTES));
    if (value->size() > names::MAX_VALUE_BYTES)
        return Unexpected(Words::tr("a value has at most %1 bytes").arg(names::MAX_VALUE_BYTES));
    out.name = base::AsText(*name);
    out.value = std::move(*value);
    bool number = false;
    out.days = FromUtf8(fields[2]).trimmed().toInt(&number);
    if (!number || out.days < 1 || out.days > names::MAX_DAYS)
        return Unexpected(Words::tr("days are a number from 1 to %1").arg(names::MAX_DAYS));
    return out;
}

} // namespace

base::Expected<int, QString> WriteNames(const NameTable& table, const QString& path)
{
    codec::CsvTable out;
    for (const char* title : {"name", "value", "days", "status", "address"})
        out.Plain(title);
    out.EndLine();
    for (int row = 0; row < table.Rows(); ++row) {
        const auto& line = table.At(row);
        out.Plain(Field(base::AsBytes(line.own->info.name)))
            .Plain(Field(LatestValue(*line.own)))
            .Number(static_cast<int64_t>(line.days_left))
            .Text(ToUtf8(StatusText(line.status)))
            .Text(line.own->address)
            .EndLine();
    }
    return WriteTable(out, table.Rows(), path);
}

base::Expected<Changes, QString> ReadNames(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Unexpected(Words::tr("%1 cannot be read: %2.").arg(path, file.errorString()));
    if (file.size() > MAX_FILE_BYTES) return Unexpected(Words::tr("%1 is too large.").arg(path));
    constexpr std::string_view BYTE_ORDER_MARK = "\xef\xbb\xbf"; // some spreadsheets begin with it
    const std::string bytes = file.readAll().toStdString();
    std::string_view text = bytes;
    if (text.starts_with(BYTE_ORDER_MARK)) text.remove_prefix(BYTE_ORDER_MARK.size());
    codec::CsvReader reader(text);
    Changes out;
    const auto refused = [&](const QString& why) {
        return Unexpected(Words::tr("%1, line %2: %3.").arg(path).arg(reader.Line()).arg(why));
    };
    for (auto row = reader.Next(true); row != codec::CsvReader::Row::End; row = reader.Next(true)) {
        if (row == codec::CsvReader::Row::Broken) return refused(FromUtf8(reader.Problem()));
        const auto& fields = reader.Fields();
        const bool titles = reader.Line() == 1 && fields.front() == "name";
        const bool empty = fields.size() == 1 && fields.front().empty();
        if (titles || empty) continue;
        auto change = ReadChange(fields);
        if (!change) return refused(change.Error());
        out.push_back(std::move(*change));
    }
    if (out.empty()) return Unexpected(Words::tr("%1 holds no names.").arg(path));
    return out;
}

} // namespace emc::qt
