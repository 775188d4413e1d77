/// The machine-readable description of all calls (OpenRPC 1.2), made from the call table and the shapes of
/// results.
#pragma once

#include "base/expected.h"
#include "rpc/call.h"

namespace emc::rpc {

/// The document: every call with the JSON Schema (draft 7) of its arguments and of its result.
[[nodiscard]] Json OpenRpcSchema();
/// JSON Schema of a shape (rpc/shapes.h); the error says what is wrong with the notation.
[[nodiscard]] base::Expected<Json, std::string> ShapeSchema(std::string_view text);

} // namespace emc::rpc
