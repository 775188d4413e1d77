/// Tables people keep: files of comma-separated values.
#pragma once

#include "base/expected.h"

#include <QString>

namespace emc::codec {
class CsvTable;
}

namespace emc::qt {

/// Writes a table of `rows` rows to a file, whole or not at all. The number of rows, or a sentence. Any
/// thread.
[[nodiscard]] base::Expected<int, QString> WriteTable(const codec::CsvTable& table, int rows,
                                                      const QString& path);

} // namespace emc::qt
