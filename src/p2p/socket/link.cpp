#include "p2p/socket/link.h"

#include <algorithm>

namespace emc::p2p {

std::string_view Text(LinkKind kind)
{
    switch (kind) {
    case LinkKind::Inbound:
        return "inbound";
    case LinkKind::OutboundFull:
        return "outbound-full-relay";
    case LinkKind::OutboundBlocks:
        return "block-relay-only";
    case LinkKind::Manual:
        return "manual";
    case LinkKind::Feeler:
        return "feeler";
    case LinkKind::AddressFetch:
        break;
    }
    return "addr-fetch";
}

std::string_view Text(LinkTransport transport)
{
    switch (transport) {
    case LinkTransport::Detecting:
        return "detecting";
    case LinkTransport::V1:
        return "v1";
    case LinkTransport::V2:
        break;
    }
    return "v2";
}

std::optional<OpenRequest> RequestFor(const std::string& node, uint16_t default_port)
{
    OpenRequest request;
    request.kind = LinkKind::Manual;
    request.name = node;
    request.endpoint = ParseEndpoint(node, default_port);
    if (request.endpoint) return request;
    const auto is_host = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-';
    };
    const size_t colon = node.find(':');
    const std::string host = node.substr(0, colon);
    if (host.empty() || !std::all_of(host.begin(), host.end(), is_host)) return std::nullopt;
    request.port = default_port;
    if (colon != std::string::npos) {
        const std::string port = node.substr(colon + 1);
        if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos)
            return std::nullopt;
        const int number = std::stoi(port);
        if (number < 1 || number > UINT16_MAX) return std::nullopt;
        request.port = static_cast<uint16_t>(number);
    }
    return request;
}

} // namespace emc::p2p
