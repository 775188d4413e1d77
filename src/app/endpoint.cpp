#include "app/endpoint.h"

#include <charconv>

namespace emc::app {

base::Expected<Endpoint, std::string> ParseEndpoint(const std::string& text, uint16_t fallback_port)
{
    Endpoint out{text, fallback_port};
    size_t colon = std::string::npos; // before the port
    if (text.starts_with("[")) {
        const auto close = text.find(']');
        if (close == std::string::npos) return base::Unexpected("the ] is missing in '" + text + "'");
        out.host = text.substr(1, close - 1);
        if (close + 1 < text.size()) {
            if (text[close + 1] != ':')
                return base::Unexpected("behind the ] of '" + text + "' only :port may stand");
            colon = close + 1;
        }
    } else if (text.find(':') == text.rfind(':')) { // several: an IPv6 address without port
        colon = text.find(':');
        out.host = text.substr(0, colon);
    }
    if (out.host.empty()) return base::Unexpected("'" + text + "' names no host");
    if (colon == std::string::npos) return out;
    const char* begin = text.data() + colon + 1;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(begin, end, out.port);
    if (error != std::errc{} || stop != end || out.port == 0)
        return base::Unexpected("the port of '" + text + "' must be 1 to 65535");
    return out;
}

} // namespace emc::app
