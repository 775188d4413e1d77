// Reads an expression into its tree; the grammar and its exact readings are in doc/enum.md.
#include "enum/ere_program.h"

#include <algorithm>

namespace emc::enumrec {

namespace {

constexpr int MAX_GROUPS = 9;
constexpr int MAX_DEPTH = 4;
constexpr int MAX_POSITIONS = 512;
constexpr uint16_t MAX_INTERVAL = 16;
constexpr uint8_t FIRST_PRINTABLE = 0x20;
constexpr uint8_t LAST_PRINTABLE = 0x7e;
constexpr std::string_view ESCAPABLE = R"(^.[]$()|*+?{}\)";

bool IsUpper(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}

bool IsLower(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}

bool IsDigit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

bool IsHexLetter(uint8_t c)
{
    return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// The character classes of POSIX with their ASCII members.
struct CharacterClass {
    std::string_view name;
    bool (*has)(uint8_t);
};

constexpr CharacterClass CLASSES[] = {
    {"alnum", [](uint8_t c) { return IsUpper(c) || IsLower(c) || IsDigit(c); }},
    {"alpha", [](uint8_t c) { return IsUpper(c) || IsLower(c); }},
    {"blank", [](uint8_t c) { return c == ' ' || c == '\t'; }},
    {"cntrl", [](uint8_t c) { return c < FIRST_PRINTABLE || c == 0x7f; }},
    {"digit", [](uint8_t c) { return IsDigit(c); }},
    {"graph", [](uint8_t c) { return c > FIRST_PRINTABLE && c <= LAST_PRINTABLE; }},
    {"lower", [](uint8_t c) { return IsLower(c); }},
    {"print", [](uint8_t c) { return c >= FIRST_PRINTABLE && c <= LAST_PRINTABLE; }},
    {"punct",
     [](uint8_t c) { return c > ' ' && c <= LAST_PRINTABLE && !IsUpper(c) && !IsLower(c) && !IsDigit(c); }},
    {"space", [](uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }},
    {"upper", [](uint8_t c) { return IsUpper(c); }},
    {"xdigit", [](uint8_t c) { return IsDigit(c) || IsHexLetter(c); }},
};

/// Both cases of every letter in the set.
void FoldCase(ByteSet& set)
{
    for (uint8_t upper = 'A'; upper <= 'Z'; ++upper) {
        const auto lower = static_cast<uint8_t>(upper + ('a' - 'A'));
        if (set.Has(upper)) set.Add(lower);
        if (set.Has(lower)) set.Add(upper);
    }
}

} // namespace

/// Recursive descent over the text; recursion is as deep as groups are.
class EreParser
{
public:
    EreParser(std::string_view text, bool ignore_case, Ere::Program& program)
        : m_text(text), m_ignore_case(ignore_case), m_program(program)
    {}

    /// The root's index; nullopt when Failure() tells why not.
    [[nodiscard]] std::optional<uint32_t> Run()
    {
        for (size_t i = 0; i < m_text.size(); ++i) {
            const auto byte = static_cast<uint8_t>(m_text[i]);
            if (byte < FIRST_PRINTABLE || byte > LAST_PRINTABLE) return Fail(EreError::BadByte, i);
        }
        if (m_text.empty()) return Fail(EreError::Empty, 0);
        const auto root = Alternatives(0);
        if (root && m_pos < m_text.size()) return Fail(EreError::UnmatchedParenthesis, m_pos);
        return root;
    }

    [[nodiscard]] const EreFailure& Failure() const { return m_failure; }

private:
    std::nullopt_t Fail(EreError error, size_t offset)
    {
        m_failure = {error, offset};
        return std::nullopt;
    }

    [[nodiscard]] bool At(char c) const { return m_pos < m_text.size() && m_text[m_pos] == c; }

    uint32_t AddNode(const EreNode& node)
    {
        m_program.nodes.push_back(node);
        return static_cast<uint32_t>(m_program.nodes.size() - 1);
    }

    /// A node over these children; the only child itself when there is one.
    uint32_t AddParent(EreKind kind, const std::vector<uint32_t>& children)
    {
        if (children.size() == 1) return children[0];
        EreNode node;
        node.kind = kind;
        return AddParent(node, children);
    }

    uint32_t AddParent(EreNode node, const std::vector<uint32_t>& children)
    {
        node.first = static_cast<uint32_t>(m_program.children.size());
        node.count = static_cast<uint32_t>(children.size());
        node.has_groups = node.kind == EreKind::Group;
        for (const uint32_t child : children)
            node.has_groups = node.has_groups || m_program.nodes[child].has_groups;
        m_program.children.insert(m_program.children.end(), children.begin(), children.end());
        return AddNode(node);
    }

    /// branch *( "|" branch ), up to a closing parenthesis or the end.
    std::optional<uint32_t> Alternatives(int depth)
    {
        std::vector<uint32_t> branches;
        for (;;) {
            const auto branch = Branch(depth);
            if (!branch) return std::nullopt;
            branches.push_back(*branch);
            if (!At('|')) break;
            ++m_pos;
        }
        return AddParent(EreKind::Either, branches);
    }

    std::optional<uint32_t> Branch(int depth)
    {
        std::vector<uint32_t> pieces;
        while (m_pos < m_text.size() && m_text[m_pos] != '|' && m_text[m_pos] != ')') {
            const auto piece = Piece(depth);
            if (!piece) return std::nullopt;
            pieces.push_back(*piece);
        }
        if (pieces.empty()) {
            const bool stray = At(')') && depth == 0;
            return Fail(stray ? EreError::UnmatchedParenthesis : EreError::EmptyAlternative, m_pos);
        }
        return AddParent(EreKind::Concat, pieces);
    }

    /// An atom with its quantifier, or an anchor.
    std::optional<uint32_t> Piece(int depth)
    {
        const char c = m_text[m_pos];
        if (c == '^' || c == '$') {
            ++m_pos;
            if (AtQuantifier()) return Fail(EreError::QuantifierWithoutAtom, m_pos);
            EreNode anchor;
            anchor.kind = c == '^' ? EreKind::Begin : EreKind::End;
            return AddNode(anchor);
        }
        if (AtQuantifier()) return Fail(EreError::QuantifierWithoutAtom, m_pos);
        const int positions_before = m_program.positions;
        const auto atom = c == '(' ? Group(depth) : SingleByte();
        if (!atom) return std::nullopt;
        const size_t quantifier = m_pos;
        const auto piece = Quantified(*atom, positions_before);
        if (!piece) return std::nullopt;
        if (m_pos != quantifier && AtQuantifier()) return Fail(EreError::RepeatedQuantifier, m_pos);
        if (m_program.positions > MAX_POSITIONS) return Fail(EreError::TooManyPositions, m_pos);
        return piece;
    }

    [[nodiscard]] bool AtQuantifier() const { return At('*') || At('+') || At('?') || At('{'); }

    std::optional<uint32_t> Group(int depth)
    {
        const size_t start = m_pos;
        if (m_program.groups == MAX_GROUPS) return Fail(EreError::TooManyGroups, start);
        if (depth == MAX_DEPTH) return Fail(EreError::TooDeep, start);
        ++m_pos;
        EreNode group;
        group.kind = EreKind::Group;
        group.group = static_cast<uint8_t>(++m_program.groups);
        const auto inner = Alternatives(depth + 1);
        if (!inner) return std::nullopt;
        if (!At(')')) return Fail(EreError::UnmatchedParenthesis, start);
        ++m_pos;
        return AddParent(group, {*inner});
    }

    /// A literal, an escaped literal, "." or a bracket.
    std::optional<uint32_t> SingleByte()
    {
        EreNode node;
        node.kind = EreKind::Byte;
        char c = m_text[m_pos];
        if (c == '[') return Bracket();
        if (c == '\\') {
            ++m_pos;
            if (m_pos == m_text.size() || ESCAPABLE.find(m_text[m_pos]) == std::string_view::npos) {
                return Fail(EreError::BadEscape, m_pos - 1);
            }
            c = m_text[m_pos];
        } else if (c == '.') {
            node.kind = EreKind::Any;
        }
        ++m_pos;
        ++m_program.positions;
        node.byte = static_cast<uint8_t>(c);
        if (m_ignore_case && node.kind == EreKind::Byte && (IsUpper(node.byte) || IsLower(node.byte))) {
            ByteSet both;
            both.Add(node.byte);
            FoldCase(both);
            return AddSet(both);
        }
        return AddNode(node);
    }

    uint32_t AddSet(const ByteSet& set)
    {
        EreNode node;
        node.kind = EreKind::Set;
        node.set = static_cast<uint32_t>(m_program.sets.size());
        m_program.sets.push_back(set);
        return AddNode(node);
    }

    std::optional<uint32_t> Bracket()
    {
        const size_t start = m_pos++;
        const bool negated = At('^');
        if (negated) ++m_pos;
        ByteSet set;
        for (bool first = true;; first = false) {
            if (m_pos >= m_text.size()) return Fail(EreError::UnmatchedBracket, start);
            if (m_text[m_pos] == ']' && !first) break;
            if (!BracketItem(set, first, start)) return std::nullopt;
        }
        ++m_pos;
        if (m_ignore_case) FoldCase(set);
        if (negated) {
            for (uint64_t& word : set.words)
                word = ~word;
        }
        ++m_program.positions;
        return AddSet(set);
    }

    /// A character, a range or a class.
    bool BracketItem(ByteSet& set, bool first, size_t start)
    {
        const auto fail = [&](EreError error, size_t offset) {
            m_failure = {error, offset};
            return false;
        };
        const auto next = [&](size_t ahead) {
            return m_pos + ahead < m_text.size() ? m_text[m_pos + ahead] : '\0';
        };
        const char low = m_text[m_pos];
        if (low == '[' && (next(1) == '.' || next(1) == '=')) return fail(EreError::BadBracket, m_pos);
        const bool is_class = low == '[' && next(1) == ':';
        if (is_class && !AddClass(set)) return false;
        if (low == '-' && !first && next(1) != ']') return fail(EreError::BadBracket, m_pos);
        if (!is_class) ++m_pos;
        const bool range = At('-') && next(1) != ']';
        if (!range) {
            if (!is_class) set.Add(static_cast<uint8_t>(low));
            return true;
        }
        if (next(1) == '\0') return fail(EreError::UnmatchedBracket, start);
        const char high = next(1);
        const bool named = high == '[' && (next(2) == '.' || next(2) == '=' || next(2) == ':');
        if (is_class || named || high < low) return fail(EreError::BadBracket, m_pos);
        for (char c = low; c <= high; ++c)
            set.Add(static_cast<uint8_t>(c));
        m_pos += 2;
        return true;
    }

    /// "[:name:]"
    bool AddClass(ByteSet& set)
    {
        const size_t begin = m_pos + 2;
        const size_t end = m_text.find(":]", begin);
        const std::string_view name = end == std::string_view::npos ? "" : m_text.substr(begin, end - begin);
        for (const CharacterClass& known : CLASSES) {
            if (known.name != name) continue;
            for (int c = 0; c < 128; ++c) {
                if (known.has(static_cast<uint8_t>(c))) set.Add(static_cast<uint8_t>(c));
            }
            m_pos = end + 2;
            return true;
        }
        m_failure = {EreError::BadBracket, m_pos};
        return false;
    }

    /// The atom under the quantifier that follows, if one does. Counts its positions.
    std::optional<uint32_t> Quantified(uint32_t atom, int positions_before)
    {
        if (!AtQuantifier()) return atom;
        EreNode repeat;
        repeat.kind = EreKind::Repeat;
        repeat.most = UNBOUNDED;
        switch (m_text[m_pos]) {
        case '*':
            break;
        case '+':
            repeat.least = 1;
            break;
        case '?':
            repeat.most = 1;
            break;
        default:
            if (m_program.nodes[atom].kind == EreKind::Group) return Fail(EreError::BadInterval, m_pos);
            if (!Interval(repeat)) return std::nullopt;
            m_program.positions = positions_before + repeat.most;
            if (repeat.most == 0) return AddNode(EreNode{});
            return AddParent(repeat, {atom});
        }
        ++m_pos;
        return AddParent(repeat, {atom});
    }

    /// "{m}" or "{m,n}"
    bool Interval(EreNode& repeat)
    {
        const size_t start = m_pos++;
        auto least = Bound();
        auto most = least;
        if (least && At(',')) {
            ++m_pos;
            most = Bound();
        }
        if (!least || !most || !At('}') || *least > *most || *most > MAX_INTERVAL) {
            m_failure = {EreError::BadInterval, start};
            return false;
        }
        ++m_pos;
        repeat.least = *least;
        repeat.most = *most;
        return true;
    }

    /// A decimal number without leading zero; its value is cut off above MAX_INTERVAL.
    std::optional<uint16_t> Bound()
    {
        const size_t start = m_pos;
        uint16_t value = 0;
        while (m_pos < m_text.size() && IsDigit(static_cast<uint8_t>(m_text[m_pos]))) {
            value = static_cast<uint16_t>(std::min(value * 10 + (m_text[m_pos] - '0'), MAX_INTERVAL + 1));
            ++m_pos;
        }
        const size_t digits = m_pos - start;
        if (digits == 0 || (digits > 1 && m_text[start] == '0')) return std::nullopt;
        return value;
    }

    std::string_view m_text;
    bool m_ignore_case;
    Ere::Program& m_program;
    size_t m_pos = 0;
    EreFailure m_failure;
};

namespace {

/// Marks unbounded repetitions of groups inside one another; `inside` tells that one is above.
void MarkLoops(Ere::Program& program, uint32_t index, bool inside)
{
    EreNode& node = program.nodes[index];
    if (node.IsGroupLoop(program)) {
        node.looped = inside;
        inside = true;
    }
    for (uint32_t i = 0; i < node.count; ++i)
        MarkLoops(program, program.children[node.first + i], inside);
}

} // namespace

std::string_view Text(EreError error)
{
    switch (error) {
    case EreError::Empty:
        return "expression is empty";
    case EreError::BadByte:
        return "byte outside the printable ASCII characters";
    case EreError::UnmatchedParenthesis:
        return "parenthesis without its partner (a literal one is written \\( or \\))";
    case EreError::UnmatchedBracket:
        return "bracket is not closed (a literal one is written \\[)";
    case EreError::BadBracket:
        return "bracket with a descending or unclear range, an unknown class, [. .] or [= =]";
    case EreError::BadEscape:
        return "backslash before something else than ^ . [ ] $ ( ) | * + ? { } or backslash";
    case EreError::QuantifierWithoutAtom:
        return "quantifier without anything to repeat (a literal plus is written \\+)";
    case EreError::RepeatedQuantifier:
        return "two quantifiers on one item";
    case EreError::BadInterval:
        return "interval is not {m} or {m,n} with m <= n <= 16 behind a single character";
    case EreError::EmptyAlternative:
        return "empty group or alternative";
    case EreError::TooManyGroups:
        return "more than 9 groups";
    case EreError::TooDeep:
        return "groups nested deeper than 4";
    case EreError::TooManyPositions:
        return "expression is longer than 512 positions when expanded";
    }
    return "";
}

base::Expected<Ere, EreFailure> Ere::Compile(std::string_view text, bool ignore_case)
{
    auto program = std::make_shared<Program>();
    EreParser parser(text, ignore_case, *program);
    const auto root = parser.Run();
    if (!root) return base::Unexpected(parser.Failure());
    program->root = *root;
    MarkLoops(*program, *root, false);
    return Ere(std::move(program));
}

} // namespace emc::enumrec
