/// GET /health on the RPC port, without a password: may a load balancer send users here?
#pragma once

#include "rpc/http_server.h"

namespace emc::interfaces {
class NodeControl;
}

namespace emc::rpc {

struct Services;

inline constexpr std::string_view HEALTH_PATH = "/health";

/// 200 when the node has caught up with the chain, 503 with the reason otherwise; the body is JSON.
/// `services` null: the node is starting. `node` may be null. Quick, any thread.
[[nodiscard]] HttpReply HealthAnswer(const Services* services, const interfaces::NodeControl* node,
                                     const HttpRequest& request);

} // namespace emc::rpc
