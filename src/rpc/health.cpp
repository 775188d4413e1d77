#include "rpc/health.h"

#include "interfaces/chain.h"
#include "interfaces/node.h"
#include "rpc/call.h"

namespace emc::rpc {

HttpReply HealthAnswer(const Services* services, const interfaces::NodeControl* node,
                       const HttpRequest& request)
{
    if (request.method != "GET" && request.method != "HEAD") {
        return {405, "GET or HEAD\r\n", "text/plain", {{"Allow", "GET, HEAD"}}};
    }
    Json out = codec::JsonObject();
    std::string status = "ok";
    if (node != nullptr && node->ShutdownRequested()) {
        status = "stopping";
    } else if (services == nullptr || services->chain == nullptr) {
        status = "starting";
    } else if (services->chain->GetTip().initial_download) {
        status = "syncing";
    }
    out.pushKV("status", status);
    if (services != nullptr && services->chain != nullptr) {
        const auto tip = services->chain->GetTip();
        out.pushKV("blocks", tip.height);
        out.pushKV("headers", std::max(tip.height, tip.header_height));
    }
    HttpReply reply{status == "ok" ? 200 : 503, codec::WriteJson(out) + "\n", "application/json", {}};
    reply.headers.emplace_back("Cache-Control", "no-store");
    return reply;
}

} // namespace emc::rpc
