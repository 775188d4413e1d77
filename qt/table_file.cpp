#include "qt/table_file.h"

#include "codec/csv.h"
#include "qt/text.h"

#include <QSaveFile>

namespace emc::qt {

base::Expected<int, QString> WriteTable(const codec::CsvTable& table, int rows, const QString& path)
{
    QSaveFile file(path);
    const bool written =
        file.open(QIODevice::WriteOnly) &&
        file.write(table.Content().data(), static_cast<qint64>(table.Content().size())) >= 0 && file.commit();
    if (!written)
        return base::Unexpected(Words::tr("%1 cannot be written: %2.").arg(path, file.errorString()));
    return rows;
}

} // namespace emc::qt
