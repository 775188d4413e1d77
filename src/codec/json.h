/// JSON values: UniValue, which keeps the digits of numbers as they were written.
#pragma once

#include "base/bytes.h"
#include "base/expected.h"

#include <univalue.h>

namespace emc::codec {

using Json = UniValue;

/// Where and why a text is not JSON.
struct JsonError {
    size_t offset = 0;
    std::string reason;
};

/// Parses one strict RFC 8259 value: UTF-8 only, at most 512 levels deep, nothing but blanks around it.
[[nodiscard]] base::Expected<Json, JsonError> ParseJson(std::string_view text);
/// Compact text (indent 0) or pretty-printed.
[[nodiscard]] std::string WriteJson(const Json& value, unsigned indent = 0);
/// A JSON number without fraction and exponent that fits; nullopt for anything else.
[[nodiscard]] std::optional<int64_t> JsonInteger(const Json& value);
/// Units of 10^-8 in decimal, with exactly eight decimals: "-0.00000001".
[[nodiscard]] std::string AmountDigits(int64_t units);
/// The same as a JSON number.
[[nodiscard]] Json JsonAmount(int64_t units);
/// A decimal number (or text) with at most eight decimals as units; nullopt when it has more, is no number,
/// or does not fit.
[[nodiscard]] std::optional<int64_t> ParseAmount(std::string_view text);
/// Adds a field in constant time, without looking for one of that name: for objects with many fields. The
/// name must be new.
void AddField(Json& object, const std::string& name, const Json& value);
[[nodiscard]] Json JsonObject();
[[nodiscard]] Json JsonArray();
/// True for well-formed UTF-8 (RFC 3629) without NUL.
[[nodiscard]] bool IsUtf8(std::string_view text);

} // namespace emc::codec
