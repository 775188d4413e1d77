#include "p2p/net/permissions.h"

namespace emc::p2p {
namespace {

using base::Unexpected;

struct Row {
    std::string_view name;
    Permission permission;
    Permissions gives; ///< with what it includes
};

constexpr std::array<Row, 7> TABLE = {{
    {"bloomfilter", Permission::BloomFilter, Permission::BloomFilter},
    {"relay", Permission::Relay, Permission::Relay},
    {"forcerelay", Permission::ForceRelay, Permissions(Permission::ForceRelay) | Permission::Relay},
    {"download", Permission::Download, Permission::Download},
    {"noban", Permission::NoBan, Permissions(Permission::NoBan) | Permission::Download},
    {"mempool", Permission::Mempool, Permission::Mempool},
    {"addr", Permission::Addr, Permission::Addr},
}};

/// By the names of the table, "all", and the short spelling "bloom".
std::optional<Permissions> ByName(std::string_view name)
{
    Permissions all;
    for (const Row& row : TABLE) {
        if (row.name == name) return row.gives;
        all |= row.gives;
    }
    if (name == "all") return all;
    if (name == "bloom") return Permission::BloomFilter;
    return std::nullopt;
}

struct Names {
    Permissions permissions;
    bool in = false;
    bool out = false;
    std::string_view rest; ///< what follows '@'
};

enum class Directions : uint8_t { Allowed, Refused };

base::Expected<Names, std::string> ParseNames(std::string_view text, Directions directions)
{
    Names out;
    const size_t at = text.find('@');
    if (at == std::string_view::npos) {
        out.permissions = DEFAULT_PERMISSIONS;
        out.rest = text;
        return out;
    }
    out.rest = text.substr(at + 1);
    std::string_view list = text.substr(0, at);
    while (!list.empty()) {
        const size_t comma = std::min(list.find(','), list.size());
        const std::string_view name = list.substr(0, comma);
        list.remove_prefix(std::min(comma + 1, list.size()));
        if (name.empty()) continue;
        if (directions == Directions::Allowed && (name == "in" || name == "out")) {
            (name == "in" ? out.in : out.out) = true;
            continue;
        }
        const auto given = ByName(name);
        if (!given) {
            std::string known = "all";
            for (const Row& row : TABLE)
                known.append(", ").append(row.name);
            return Unexpected("'" + std::string(name) + "' in '" + std::string(text) +
                              "' is no permission; known are " + known);
        }
        out.permissions |= *given;
    }
    if (out.permissions.IsEmpty()) out.permissions = DEFAULT_PERMISSIONS;
    return out;
}

} // namespace

std::vector<std::string> Permissions::Names() const
{
    std::vector<std::string> names;
    for (const Row& row : TABLE) {
        if (Has(row.permission)) names.emplace_back(row.name);
    }
    return names;
}

Permissions Granted(const std::vector<RangePermissions>& whitelist, Direction direction,
                    const NetAddress& address)
{
    Permissions out;
    for (const auto& entry : whitelist) {
        const bool meant = direction == Direction::Incoming ? entry.incoming : entry.outgoing;
        if (meant && entry.range.Contains(address)) out |= entry.permissions;
    }
    return out;
}

base::Expected<RangePermissions, std::string> ParseWhitelist(std::string_view text)
{
    const auto names = ParseNames(text, Directions::Allowed);
    if (!names) return Unexpected(names.Error());
    const auto range = NetRange::Parse(names->rest);
    if (!range) {
        return Unexpected("'" + std::string(names->rest) + "' in '" + std::string(text) +
                          "' is neither an address nor a network such as 10.0.0.0/8");
    }
    return RangePermissions{.permissions = names->permissions,
                            .incoming = names->in || !names->out,
                            .outgoing = names->out,
                            .range = *range};
}

base::Expected<BindPermissions, std::string> ParseWhitebind(std::string_view text, uint16_t default_port)
{
    const auto names = ParseNames(text, Directions::Refused);
    if (!names) return Unexpected(names.Error());
    const auto where = ParseEndpoint(names->rest, default_port);
    if (!where) {
        return Unexpected("'" + std::string(names->rest) + "' in '" + std::string(text) +
                          "' is no address such as 127.0.0.1:6661 or [::1]:6661");
    }
    return BindPermissions{.permissions = names->permissions, .where = *where};
}

} // namespace emc::p2p
