/// REST: reading by GET without a password (-rest), below /rest/. doc/rest.md has the paths.
#pragma once

#include "rpc/http_server.h"

namespace emc::rpc {

struct Services;

[[nodiscard]] bool IsRestPath(std::string_view path);
/// Before the body is read: refuses methods and bodies that no path takes.
[[nodiscard]] HttpAction RestGate(const HttpRequest& request);
/// The answer; 400 and 404 with a reason as text. `services` null: the node is starting, 503. Any thread, may
/// read from disk.
[[nodiscard]] HttpReply RestAnswer(const Services* services, const HttpRequest& request);

} // namespace emc::rpc
