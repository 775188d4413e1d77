/// Strict check of JSON text before it is turned into values.
#pragma once

#include "codec/json.h"

namespace emc::codec {

/// Deepest nesting of arrays and objects.
inline constexpr size_t MAX_JSON_DEPTH = 512;

/// The first place where `text` is no RFC 8259 value, or nullopt when it is one.
[[nodiscard]] std::optional<JsonError> FindJsonError(std::string_view text);

/// Bytes of the well-formed UTF-8 character at the front of `text` (RFC 3629): 1 to 4; 0 when there is none.
[[nodiscard]] size_t Utf8Length(std::string_view text);

} // namespace emc::codec
