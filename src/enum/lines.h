/// One line of a record value at a time. For this room only.
#pragma once

#include "enum/record.h"

namespace emc::enumrec {

/// What is wrong with one line.
struct LineFailure {
    RecordError error{};
    std::string detail;
};

template <typename T>
using LineResult = base::Expected<T, LineFailure>;

/// A decimal number of at most `max` without sign, blank or leading zero.
[[nodiscard]] std::optional<uint64_t> ReadDecimal(std::string_view text, uint64_t max);
/// Pieces between separators; one empty piece for empty text.
[[nodiscard]] std::vector<std::string_view> Split(std::string_view text, char separator);
/// Every byte is 0x20–0x7E.
[[nodiscard]] bool IsPrintable(std::string_view text);
/// DNS name, IPv4 or "[" IPv6 "]" as the PVP line takes them.
[[nodiscard]] bool IsHost(std::string_view host);
/// True for what begins an E2U line: "E2U+", case not regarded.
[[nodiscard]] bool IsE2uLine(std::string_view line);

/// E2U line; its expression must match `number` when one is given.
[[nodiscard]] LineResult<E2u> ParseE2u(std::string_view line, const Number* number);
/// What follows "SIG=".
[[nodiscard]] LineResult<Sig> ParseSig(std::string_view rest);
/// What follows "TTL=".
[[nodiscard]] LineResult<Ttl> ParseTtl(std::string_view rest);
/// What follows "PVP=".
[[nodiscard]] LineResult<Pvp> ParsePvp(std::string_view rest);
/// A line that begins "X-".
[[nodiscard]] LineResult<Extension> ParseExtension(std::string_view line);

} // namespace emc::enumrec
