/// The text of a log line, apart from where it goes.
#pragma once

#include "base/log.h"

namespace emc::base {

/// What a log line says. `time` (RFC 3339) and `thread` are left out of the line when empty.
struct LogLine {
    LogLevel level = LogLevel::Info;
    LogCategory category = LogCategory::None;
    std::string time{};
    std::string thread{};
    std::string_view text{};
};

/// "2026-11-21T08:00:00Z [thread] [net:debug] text\n". Control characters and bytes that are no UTF-8 become
/// \xNN, so that no line can fake another one or drive a terminal.
[[nodiscard]] std::string TextLine(const LogLine& line);
/// {"time":…,"level":…,"category":…,"thread":…,"text":…} and a newline (RFC 8259). Bytes that are no UTF-8
/// are given as the characters U+0080 to U+00FF.
[[nodiscard]] std::string JsonLine(const LogLine& line);

} // namespace emc::base
