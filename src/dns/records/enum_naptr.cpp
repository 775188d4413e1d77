#include "dns/records/enum_naptr.h"

#include "dns/records/rdata_fields.h"
#include "names/resolve.h"

namespace emc::dns {

std::optional<std::string> NaptrRegexp(const names::ResolvedRoute& route)
{
    std::string own = route.route.Regexp();
    const bool own_fits = own.size() <= MAX_STRING_BYTES;
    if (own_fits && enumrec::LibrariesAgree(route.route)) return own;
    std::string expanded = "!^.*$!" + route.uri + "!";
    if (expanded.size() <= MAX_STRING_BYTES) return expanded;
    if (own_fits) return own;
    return std::nullopt;
}

std::optional<Bytes> NaptrRdata(const names::ResolvedRoute& route)
{
    const auto regexp = NaptrRegexp(route);
    if (!regexp || route.route.service.size() > MAX_STRING_BYTES) return std::nullopt;
    Bytes out;
    AppendU16(out, route.route.order);
    AppendU16(out, route.route.preference);
    AppendString(out, "u");
    AppendString(out, route.route.service);
    AppendString(out, *regexp);
    out.push_back(0);
    return out;
}

} // namespace emc::dns
