/// Values as people read them, and texts people typed.
#pragma once

#include "base/expected.h"
#include "interfaces/types.h"

#include <QCoreApplication>
#include <QString>

namespace emc::qt {

/// UTF-8; invalid bytes show as U+FFFD.
[[nodiscard]] QString FromUtf8(std::string_view text);
[[nodiscard]] std::string ToUtf8(const QString& text);

/// "1,234.50000000 EMC": all eight decimals, groups of three.
[[nodiscard]] QString AmountWithUnit(primitives::Amount value);
/// The same without groups and unit, "+" for gains when `sign`.
[[nodiscard]] QString AmountPlain(primitives::Amount value, bool sign = false);
/// Reads "1.5", "1,5" or "1 234.5"; the error is a sentence for the field.
[[nodiscard]] base::Expected<primitives::Amount, QString> ReadAmount(const QString& text);

/// Local date and time, by the system's habit.
[[nodiscard]] QString TimeText(int64_t unix_sec);
/// "3 d 4 h", "2 min 10 s": the two largest parts.
[[nodiscard]] QString DurationText(double seconds);
/// "12.4 MB"
[[nodiscard]] QString BytesText(double bytes);

/// Bytes of a name or value in one line: control characters and invalid bytes as \xNN, cut with … after
/// `max` characters.
[[nodiscard]] QString OneLine(base::ByteSpan bytes, int max = 120);

/// "+1 800 935 9935" style is left to people: the digits with a plus.
[[nodiscard]] QString NumberText(uint64_t number);

/// What a failure says, with its first letter in upper case and a full stop.
[[nodiscard]] QString Sentence(std::string_view message);

/// Gives `tr` to functions outside of windows.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(emc::qt::Words)
};

} // namespace emc::qt
