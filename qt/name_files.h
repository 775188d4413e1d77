/// Names in files of comma-separated values (RFC 4180): columns name, value, days; a first line with the
/// titles.
#pragma once

#include "qt/names_content.h"

namespace emc::qt {

/// Writes the lines of a table; names and values that are no text, or would be a formula of a spreadsheet, as
/// base64 with "base64:" before. The number of names, or a sentence. Any thread.
[[nodiscard]] base::Expected<int, QString> WriteNames(const NameTable& table, const QString& path);

/// Reads names to be registered. The error is a sentence with the line. Any thread.
[[nodiscard]] base::Expected<std::vector<interfaces::WalletNamesApi::NameChange>, QString>
ReadNames(const QString& path);

} // namespace emc::qt
