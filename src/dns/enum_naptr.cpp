#include "dns/enum_naptr.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr size_t MAX_STRING_BYTES = 255;

/// Walks an expression our own parser accepted and notes what other matchers may read differently.
class AlikeScan
{
public:
    explicit AlikeScan(std::string_view ere) : m_ere(ere) {}

    /// False at the first construct whose meaning differs between matchers.
    [[nodiscard]] bool Run()
    {
        for (m_pos = 0; m_pos < m_ere.size(); ++m_pos) {
            if (!Step(m_ere[m_pos])) return false;
        }
        return true;
    }

    /// One variable part between anchors at most: then only one way to match exists.
    [[nodiscard]] bool OneWay() const
    {
        return m_variable <= 1 && !m_alternatives && !m_odd_groups && m_ere.starts_with('^') &&
               m_ere.ends_with('$') && m_final_anchor;
    }

private:
    bool Step(char c)
    {
        switch (c) {
        case '^':
            return m_pos == 0;
        case '$':
            return m_final_anchor = m_pos + 1 == m_ere.size();
        case ' ':
        case ']':
        case '}':
            return false;
        case '\\':
            return ++m_pos < m_ere.size();
        case '[':
            return Bracket();
        case '{':
            return Interval();
        case '|':
            return m_alternatives = true;
        case '*':
        case '+':
        case '?':
            return Variable();
        case '(':
            if (++m_depth > 1) m_odd_groups = true;
            return true;
        case ')':
            --m_depth;
            return true;
        default:
            return true;
        }
    }

    bool Variable()
    {
        ++m_variable;
        if (m_pos > 0 && m_ere[m_pos - 1] == ')') m_odd_groups = true;
        return true;
    }

    /// Plain sets and ranges only: classes, backslashes and a leading ] are where libraries disagree.
    bool Bracket()
    {
        const size_t end = m_ere.find(']', m_pos + 1);
        if (end == std::string_view::npos) return false;
        std::string_view inside = m_ere.substr(m_pos + 1, end - m_pos - 1);
        if (inside.starts_with('^')) inside.remove_prefix(1);
        m_pos = end;
        return !inside.empty() && inside.find_first_of("[\\ ") == std::string_view::npos;
    }

    bool Interval()
    {
        const size_t end = m_ere.find('}', m_pos);
        if (end == std::string_view::npos) return false;
        const bool repeats_group = m_pos > 0 && m_ere[m_pos - 1] == ')';
        if (repeats_group) m_odd_groups = true;
        const std::string_view bounds = m_ere.substr(m_pos + 1, end - m_pos - 1);
        const size_t comma = bounds.find(',');
        if (comma != std::string_view::npos && bounds.substr(0, comma) != bounds.substr(comma + 1))
            ++m_variable;
        m_pos = end;
        return true;
    }

    std::string_view m_ere;
    size_t m_pos = 0;
    int m_depth = 0;
    int m_variable = 0;
    bool m_alternatives = false;
    bool m_odd_groups = false;
    bool m_final_anchor = false;
};

void AppendString(Bytes& out, std::string_view text)
{
    out.push_back(static_cast<uint8_t>(text.size()));
    out.insert(out.end(), text.begin(), text.end());
}

} // namespace

bool ReadAlikeEverywhere(std::string_view ere, bool has_back_references)
{
    AlikeScan scan(ere);
    return scan.Run() && (!has_back_references || scan.OneWay());
}

std::optional<std::string> NaptrRegexp(const names::ResolvedRoute& route)
{
    const bool has_back_references = route.route.replacement.find('\\') != std::string::npos;
    std::string own = route.route.Regexp();
    const bool own_fits = own.size() <= MAX_STRING_BYTES;
    if (own_fits && ReadAlikeEverywhere(route.route.ere, has_back_references)) return own;
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
