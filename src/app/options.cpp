#include "app/options.h"

#include "base/text.h"
#include "codec/json.h"
#include "primitives/amount.h"

#include <algorithm>
#include <charconv>

namespace emc::app {

namespace {

using base::Unexpected;

constexpr std::string_view BLANKS = " \t\r";
constexpr std::string_view SECTIONS[] = {"main", "test", "regtest"};
constexpr size_t MAX_SUGGESTION_DISTANCE = 3;

std::optional<int64_t> ParseInteger(std::string_view text)
{
    int64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

std::optional<bool> ParseBool(std::string_view text)
{
    if (text.empty() || text == "1" || text == "true" || text == "yes" || text == "on") return true;
    if (text == "0" || text == "false" || text == "no" || text == "off") return false;
    return std::nullopt;
}

} // namespace

size_t EditDistance(std::string_view a, std::string_view b)
{
    std::vector<size_t> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

const OptionSpec* Options::FindSpec(std::string_view name) const
{
    for (const auto& spec : m_table) {
        if (spec.name == name) return &spec;
    }
    return nullptr;
}

bool Options::Knows(const std::vector<OptionSpec>& table, std::string_view name)
{
    return std::any_of(table.begin(), table.end(), [name](const OptionSpec& spec) {
        return spec.name == name || (name.starts_with("no") && spec.name == name.substr(2));
    });
}

std::string Options::Suggestion(std::string_view name) const
{
    std::string_view best;
    size_t distance = MAX_SUGGESTION_DISTANCE + 1;
    for (const auto& spec : m_table) {
        const size_t d = EditDistance(name, spec.name);
        if (d < distance) {
            distance = d;
            best = spec.name;
        }
    }
    return best.empty() ? "see -help" : "did you mean -" + std::string(best) + "?";
}

base::Expected<void, std::string> Options::Add(Store& store, std::string_view name, std::string value,
                                               bool has_value, const std::string& where)
{
    const OptionSpec* spec = FindSpec(name);
    bool negated = false;
    if (spec == nullptr && name.starts_with("no")) {
        spec = FindSpec(name.substr(2));
        negated = spec != nullptr;
    }
    if (spec == nullptr && IsObsoleteOption(name)) {
        m_obsolete.emplace_back(name);
        return {};
    }
    if (spec == nullptr) {
        return Unexpected(where + ": there is no option '" + std::string(name) + "'; " + Suggestion(name));
    }
    if (!spec->alias_of.empty()) spec = FindSpec(spec->alias_of);
    if (!has_value && !negated && spec->type != OptionType::Bool) {
        return Unexpected(where + ": option '" + std::string(spec->name) + "' needs a value, like -" +
                          std::string(spec->name) + "=" + std::string(spec->argument));
    }
    if (negated) {
        const auto off = ParseBool(value);
        if (!off)
            return Unexpected(where + ": '" + std::string(name) + "' takes 1 or 0, not '" + value + "'");
        value = *off ? "0" : "1";
        if (*off && spec->type == OptionType::Text) value.clear();
    }
    auto& values = store[std::string(spec->name)];
    if (!spec->multiple) values.clear();
    values.push_back(std::move(value));
    return {};
}

base::Expected<void, std::string> Options::ParseArguments(const std::vector<std::string>& arguments)
{
    for (size_t i = 0; i < arguments.size(); ++i) {
        std::string_view argument = arguments[i];
        if (argument.empty() || argument[0] != '-' || argument == "-") {
            m_words.assign(arguments.begin() + static_cast<std::ptrdiff_t>(i), arguments.end());
            break;
        }
        argument.remove_prefix(argument.starts_with("--") ? 2 : 1);
        const auto equals = argument.find('=');
        const bool has_value = equals != std::string_view::npos;
        auto added = Add(m_command_line, argument.substr(0, equals),
                         has_value ? std::string(argument.substr(equals + 1)) : std::string(), has_value,
                         "Command line");
        if (!added) return added;
    }
    return {};
}

base::Expected<void, std::string> Options::AddLine(std::string_view line, std::string& section,
                                                   const std::string& where,
                                                   const std::vector<OptionSpec>& others)
{
    const auto known = [](const std::string& name) {
        return std::find(std::begin(SECTIONS), std::end(SECTIONS), name) != std::end(SECTIONS);
    };
    if (line.front() == '[' && line.back() == ']') {
        section = line.substr(1, line.size() - 2);
        if (known(section)) return {};
        return Unexpected(where + ": section [" + section + "] is not one of [main], [test], [regtest]");
    }
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) {
        return Unexpected(where + ": '" + std::string(line) + "' is not of the form name=value");
    }
    std::string_view name = base::Trim(line.substr(0, equals), BLANKS);
    if (name.starts_with("-")) return Unexpected(where + ": options in the file are written without dash");
    std::string target = section;
    if (const auto dot = name.find('.'); dot != std::string_view::npos) {
        target = name.substr(0, dot);
        name.remove_prefix(dot + 1);
        if (!known(target)) {
            return Unexpected(where + ": '" + target +
                              ".' before an option is not one of main., test., regtest.");
        }
    }
    const OptionSpec* spec = FindSpec(name);
    if (spec != nullptr && spec->line_only) {
        return Unexpected(where + ": option '" + std::string(name) + "' works on the command line only");
    }
    if (!Knows(m_table, name) && Knows(others, name)) return {};
    return Add(target.empty() ? m_file : m_sections[target], name,
               std::string(base::Trim(line.substr(equals + 1), BLANKS)), true, where);
}

base::Expected<void, std::string> Options::ParseFile(const std::string& path, std::string_view text,
                                                     const std::vector<OptionSpec>& others)
{
    std::string section;
    for (size_t number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        const std::string_view line = base::Trim(text.substr(0, end), BLANKS);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.empty() || line[0] == '#' || line[0] == ';') continue;
        auto added = AddLine(line, section, path + " line " + std::to_string(number), others);
        if (!added) return added;
    }
    return {};
}

std::vector<std::string> Options::Values(std::string_view name) const
{
    const OptionSpec* spec = FindSpec(name);
    std::vector<std::string> out;
    const auto take = [&](const Store& store) {
        const auto it = store.find(name);
        if (it == store.end()) return;
        if (spec->multiple) {
            out.insert(out.end(), it->second.begin(), it->second.end());
        } else if (out.empty()) {
            out = it->second;
        }
    };
    if (spec == nullptr) return out;
    take(m_command_line);
    if (const auto it = m_sections.find(m_network); it != m_sections.end()) take(it->second);
    if (!spec->per_network || m_network == "main") take(m_file);
    return out;
}

std::string Options::Text(std::string_view name, std::string_view fallback) const
{
    const auto values = Values(name);
    return values.empty() ? std::string(fallback) : values.front();
}

bool Options::Bool(std::string_view name, bool fallback) const
{
    const auto values = Values(name);
    return values.empty() ? fallback : ParseBool(values.front()).value_or(fallback);
}

int64_t Options::Int(std::string_view name, int64_t fallback) const
{
    const auto values = Values(name);
    return values.empty() ? fallback : ParseInteger(values.front()).value_or(fallback);
}

int64_t Options::Amount(std::string_view name, int64_t fallback) const
{
    const auto values = Values(name);
    return values.empty() ? fallback : codec::ParseAmount(values.front()).value_or(fallback);
}

std::vector<std::string> Options::List(std::string_view name) const
{
    auto values = Values(name);
    std::erase(values, "");
    return values;
}

base::Expected<void, std::string> Options::CheckOne(const OptionSpec& spec, const std::string& value) const
{
    const std::string option = "-" + std::string(spec.name);
    if (spec.type == OptionType::Bool && !ParseBool(value)) {
        return Unexpected(option + " takes 1 or 0, not '" + value + "'");
    }
    if (spec.type == OptionType::Integer) {
        const auto number = ParseInteger(value);
        if (!number) return Unexpected(option + " takes a whole number, not '" + value + "'");
        if (spec.low < spec.high && (*number < spec.low || *number > spec.high)) {
            return Unexpected(option + " must be between " + std::to_string(spec.low) + " and " +
                              std::to_string(spec.high) + ", not " + value);
        }
    }
    if (spec.type == OptionType::Amount) {
        const auto amount = codec::ParseAmount(value);
        if (!amount) {
            return Unexpected(option + " takes an amount in EMC with at most eight decimals, not '" + value +
                              "'");
        }
        if (!primitives::MoneyRange(*amount))
            return Unexpected(option + " must be between 0 and " +
                              std::to_string(primitives::MAX_MONEY / primitives::COIN) + " EMC, not " +
                              value);
    }
    if (spec.never_empty && value.empty()) {
        return Unexpected(option + " needs a value, like " + option + "=" + std::string(spec.argument));
    }
    return {};
}

base::Expected<void, std::string> Options::Check() const
{
    for (const auto& spec : m_table) {
        for (const auto& value : Values(spec.name)) {
            auto checked = CheckOne(spec, value);
            if (!checked) return checked;
        }
    }
    return {};
}

std::vector<std::string> Options::Warnings() const
{
    std::vector<std::string> out;
    for (const auto& name : m_obsolete)
        out.push_back("Option '" + name + "' has no effect in this program");
    if (m_network == "main") return out;
    for (const auto& [name, values] : m_file) {
        const OptionSpec* spec = FindSpec(name);
        if (spec != nullptr && spec->per_network) {
            out.push_back("Option '" + name + "' outside a section holds for main only; put it under [" +
                          m_network + "]");
        }
    }
    return out;
}

namespace {

void AppendWrapped(std::string& out, std::string_view text)
{
    constexpr size_t WIDTH = 79;
    const std::string indent(7, ' ');
    std::string line = indent;
    while (!text.empty()) {
        const auto blank = text.find(' ');
        const std::string_view word = text.substr(0, blank);
        if (line.size() + word.size() + 1 > WIDTH) {
            out += line + "\n";
            line = indent;
        }
        if (line.size() > indent.size()) line += ' ';
        line += word;
        text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
    }
    out += line + "\n";
}

} // namespace

std::string OptionsHelp(const std::vector<OptionSpec>& table)
{
    std::string out;
    std::string_view group;
    for (const auto& spec : table) {
        if (!spec.alias_of.empty()) continue;
        if (spec.group != group) {
            group = spec.group;
            out += (out.empty() ? "" : "\n") + std::string(group) + ":\n\n";
        }
        out += "  -" + std::string(spec.name);
        if (!spec.argument.empty()) out += "=" + std::string(spec.argument);
        out += "\n";
        std::string text(spec.help);
        if (!spec.fallback.empty()) text += " (default: " + std::string(spec.fallback) + ")";
        if (spec.low < spec.high)
            text += " [" + std::to_string(spec.low) + " to " + std::to_string(spec.high) + "]";
        if (spec.multiple) text += ". May be given several times";
        AppendWrapped(out, text);
    }
    return out;
}

} // namespace emc::app
