// From text to descriptor.
#include "script/descriptor.h"

#include <algorithm>

namespace emc::script {

namespace {

using base::Unexpected;
using Function = Descriptor::Function;
using Expression = Descriptor::Expression;
template <typename T>
using Result = base::Expected<T, std::string>;

constexpr size_t CHECKSUM_CHARS = 8;
constexpr size_t MAX_BARE_KEYS = 3;
constexpr size_t MAX_LEAF_KEYS = 999; // what fits OP_CHECKSIGADD and the stack limit
constexpr size_t MAX_TREE_DEPTH_HERE = 128;

// Where an expression stands.
enum class Place : uint8_t { Top, Sh, Wsh, Tr };

struct FunctionRow {
    std::string_view name;
    Function function;
    bool top, sh, wsh, tr; // where it may stand
};

constexpr std::array<FunctionRow, 11> FUNCTIONS = {{
    {"addr", Function::Addr, true, false, false, false},
    {"raw", Function::Raw, true, false, false, false},
    {"pk", Function::Pk, true, true, true, true},
    {"pkh", Function::Pkh, true, true, true, false},
    {"wpkh", Function::Wpkh, true, true, false, false},
    {"combo", Function::Combo, true, false, false, false},
    {"multi", Function::Multi, true, true, true, false},
    {"sortedmulti", Function::SortedMulti, true, true, true, false},
    {"multi_a", Function::MultiA, false, false, false, true},
    {"sortedmulti_a", Function::SortedMultiA, false, false, false, true},
    {"tr", Function::Tr, true, false, false, false},
}};

bool Allows(const FunctionRow& row, Place place)
{
    switch (place) {
    case Place::Top:
        return row.top;
    case Place::Sh:
        return row.sh;
    case Place::Wsh:
        return row.wsh;
    case Place::Tr:
        return row.tr;
    }
    return false;
}

std::string_view PlaceName(Place place)
{
    switch (place) {
    case Place::Top:
        return "the top level";
    case Place::Sh:
        return "sh()";
    case Place::Wsh:
        return "wsh()";
    case Place::Tr:
        return "the tree of tr()";
    }
    return "";
}

std::string Quoted(std::string_view text)
{
    return "\"" + std::string(text) + "\"";
}

KeyPlace KeyPlaceOf(Function function, Place place)
{
    if (place == Place::Tr || function == Function::Tr) return KeyPlace::XOnly;
    return place == Place::Wsh || function == Function::Wpkh ? KeyPlace::Compressed : KeyPlace::Any;
}

// What is between the brackets of "name(…)"; nullopt when the text is not exactly one call of that name.
std::optional<std::string_view> Arguments(std::string_view text, std::string_view name)
{
    if (text.size() < name.size() + 2 || !text.starts_with(name) || text[name.size()] != '(')
        return std::nullopt;
    int depth = 0;
    for (size_t i = name.size(); i < text.size(); ++i) {
        if (text[i] == '(') ++depth;
        if (text[i] == ')' && --depth == 0) {
            if (i + 1 != text.size()) return std::nullopt;
            return text.substr(name.size() + 1, i - name.size() - 1);
        }
    }
    return std::nullopt;
}

// Begins like a fragment of miniscript, with or without wrappers before it ("v:older(10)").
bool IsMiniscript(std::string_view text)
{
    constexpr std::string_view FRAGMENTS[] = {"pk_k",      "pk_h",    "older", "after", "sha256", "hash256",
                                              "ripemd160", "hash160", "andor", "and_v", "and_b",  "and_n",
                                              "or_b",      "or_c",    "or_d",  "or_i",  "thresh"};
    const std::string_view name = text.substr(0, text.find('('));
    if (name == text) return false;
    const size_t colon = name.find(':');
    return colon != std::string_view::npos ||
           std::find(std::begin(FRAGMENTS), std::end(FRAGMENTS), name) != std::end(FRAGMENTS);
}

// Cuts the part before the first comma off the front.
std::string_view CutArgument(std::string_view& rest)
{
    const size_t comma = rest.find(',');
    const std::string_view out = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    return out;
}

// Length of the script multi() makes.
size_t MultiScriptBytes(const Expression& multi)
{
    size_t bytes = 3;
    for (const auto& key : multi.keys)
        bytes += key.Size() + 1;
    return bytes;
}

std::optional<std::string> CheckMulti(const Expression& multi, size_t threshold, Place place)
{
    const size_t keys = multi.keys.size();
    const size_t most = place == Place::Tr ? MAX_LEAF_KEYS : size_t{MAX_MULTISIG_KEYS};
    if (keys == 0 || keys > most) {
        return "A multisig has 1 to " + std::to_string(most) + " keys here, this one has " +
               std::to_string(keys) + ".";
    }
    if (threshold > keys) {
        return "A multisig cannot ask for " + std::to_string(threshold) + " signatures of " +
               std::to_string(keys) + " keys.";
    }
    if (place == Place::Top && keys > MAX_BARE_KEYS) {
        return "A multisig outside sh() and wsh() has at most 3 keys, this one has " + std::to_string(keys) +
               ".";
    }
    if (place == Place::Sh && MultiScriptBytes(multi) > MAX_ELEMENT_BYTES) {
        return "The script inside sh() has " + std::to_string(MultiScriptBytes(multi)) +
               " bytes, at most 520 fit.";
    }
    return std::nullopt;
}

} // namespace

/// Builds one descriptor.
class DescriptorParser
{
public:
    explicit DescriptorParser(const AddressParams& params) { m_out.m_params = params; }

    [[nodiscard]] Result<Descriptor> Run(std::string_view text)
    {
        Place place = Place::Top;
        if (const auto inside = Arguments(text, "sh")) {
            m_out.m_in_sh = true;
            text = *inside;
            place = Place::Sh;
        }
        if (const auto inside = Arguments(text, "wsh")) {
            m_out.m_in_wsh = true;
            text = *inside;
            place = Place::Wsh;
        }
        if (Arguments(text, "sh") || Arguments(text, "wsh")) {
            const std::string name(text.substr(0, text.find('(')));
            return Unexpected(name + "() cannot stand inside " + std::string(PlaceName(place)) + ".");
        }
        auto inner = ParseExpression(text, place);
        if (!inner) return Unexpected(inner.Error());
        m_out.m_inner = *std::move(inner);
        return std::move(m_out);
    }

private:
    [[nodiscard]] Result<Expression> ParseExpression(std::string_view text, Place place)
    {
        for (const FunctionRow& row : FUNCTIONS) {
            const auto arguments = Arguments(text, row.name);
            if (!arguments) continue;
            if (!Allows(row, place)) {
                return Unexpected(std::string(row.name) + "() cannot stand inside " +
                                  std::string(PlaceName(place)) + ".");
            }
            return ParseArguments(row.function, *arguments, place);
        }
        if (IsMiniscript(text)) {
            return Unexpected(Quoted(text) +
                              " is miniscript, which is not supported: wsh() takes pk, pkh, multi and "
                              "sortedmulti, the tree of tr() pk, multi_a and sortedmulti_a.");
        }
        return Unexpected(Quoted(text) + " is no descriptor function with its brackets.");
    }

    [[nodiscard]] Result<Expression> ParseArguments(Function function, std::string_view text, Place place)
    {
        Expression out;
        out.function = function;
        switch (function) {
        case Function::Addr:
            return ParseAddress(text);
        case Function::Raw: {
            auto bytes = base::FromHex(text);
            if (!bytes) return Unexpected(std::string("The script inside raw() is not hex."));
            out.script = *std::move(bytes);
            return out;
        }
        case Function::Multi:
        case Function::SortedMulti:
        case Function::MultiA:
        case Function::SortedMultiA:
            return ParseMulti(function, text, place);
        case Function::Tr: {
            const std::string_view tree = text;
            const std::string_view key = CutArgument(text);
            const bool comma = key.size() != tree.size();
            if (comma) {
                if (auto problem = ParseTree(text)) return Unexpected(*std::move(problem));
            }
            text = key;
            break;
        }
        default:
            break;
        }
        auto key = KeyExpression::Parse(m_out.m_params, text, KeyPlaceOf(function, place));
        if (!key) return Unexpected(key.Error());
        out.keys.push_back(*std::move(key));
        return out;
    }

    [[nodiscard]] Result<Expression> ParseAddress(std::string_view text) const
    {
        auto script = DecodeAddress(m_out.m_params, text);
        if (!script) return Unexpected(script.Error());
        Expression out;
        out.function = Function::Addr;
        out.address = text;
        out.script = *std::move(script);
        return out;
    }

    [[nodiscard]] Result<Expression> ParseMulti(Function function, std::string_view text, Place place) const
    {
        Expression out;
        out.function = function;
        const std::string_view number = CutArgument(text);
        size_t threshold = 0;
        for (const char c : number) {
            if (c < '0' || c > '9' || threshold > MAX_LEAF_KEYS)
                threshold = 2 * MAX_LEAF_KEYS;
            else
                threshold = threshold * 10 + static_cast<size_t>(c - '0');
        }
        if (threshold == 0 || threshold > MAX_LEAF_KEYS) {
            return Unexpected("The number of signatures " + Quoted(number) + " must be 1 to 999.");
        }
        while (!text.empty()) {
            const bool more = text.find(',') != std::string_view::npos;
            auto key = KeyExpression::Parse(m_out.m_params, CutArgument(text), KeyPlaceOf(function, place));
            if (!key) return Unexpected(key.Error());
            out.keys.push_back(*std::move(key));
            if (more && text.empty())
                return Unexpected(std::string("A key is missing behind the last comma."));
        }
        if (auto problem = CheckMulti(out, threshold, place)) return Unexpected(*std::move(problem));
        out.threshold = static_cast<int>(threshold);
        return out;
    }

    // "leaf" or "{tree,tree}". `open` tells for each open brace whether its second half is being read.
    [[nodiscard]] std::optional<std::string> ParseTree(std::string_view text)
    {
        std::vector<bool> open;
        do {
            while (text.starts_with('{')) {
                open.push_back(false);
                if (open.size() > MAX_TREE_DEPTH_HERE) return "The tree of tr() is deeper than 128.";
                text.remove_prefix(1);
            }
            const size_t end = LeafEnd(text);
            auto leaf = ParseExpression(text.substr(0, end), Place::Tr);
            if (!leaf) return leaf.Error();
            m_out.m_tree.push_back({open.size(), *std::move(leaf)});
            text.remove_prefix(end);
            while (!open.empty() && open.back()) {
                if (!text.starts_with('}')) return "A \"}\" is missing in the tree of tr().";
                text.remove_prefix(1);
                open.pop_back();
            }
            if (!open.empty()) {
                if (!text.starts_with(',')) return "A \",\" is missing in the tree of tr().";
                text.remove_prefix(1);
                open.back() = true;
            }
        } while (!open.empty());
        if (!text.empty()) return "Behind the tree of tr() stands " + Quoted(text) + ".";
        return std::nullopt;
    }

    // End of the call at the front of a tree.
    static size_t LeafEnd(std::string_view text)
    {
        int depth = 0;
        for (size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '(') ++depth;
            if (text[i] == ')' && --depth == 0) return i + 1;
            if (depth == 0 && (text[i] == ',' || text[i] == '}')) return i;
        }
        return text.size();
    }

    Descriptor m_out;
};

base::Expected<Descriptor, std::string> Descriptor::Parse(const AddressParams& params, std::string_view text,
                                                          bool require_checksum)
{
    const size_t hash = text.find('#');
    const std::string_view body = text.substr(0, hash);
    const auto wanted = DescriptorChecksum(body);
    if (!wanted)
        return Unexpected(std::string("The descriptor has a character that no descriptor may have."));
    if (hash == std::string_view::npos) {
        if (require_checksum) return Unexpected(std::string("The checksum behind \"#\" is missing."));
    } else {
        const std::string_view given = text.substr(hash + 1);
        if (given.find('#') != std::string_view::npos) {
            return Unexpected(std::string("The descriptor has more than one \"#\"."));
        }
        if (given.size() != CHECKSUM_CHARS) {
            return Unexpected("A checksum has 8 characters, this one has " + std::to_string(given.size()) +
                              ".");
        }
        if (given != *wanted) {
            return Unexpected("The checksum " + Quoted(given) + " does not fit, it should be " +
                              Quoted(*wanted) + ".");
        }
    }
    return DescriptorParser(params).Run(body);
}

} // namespace emc::script
