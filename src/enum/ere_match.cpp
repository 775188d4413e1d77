// Matching: sets of subject positions flow through the expression's tree. A step over one byte moves the
// whole set at once, so a search costs one pass over the tree, plus at most one pass per position for
// repeated groups.
#include "enum/ere_program.h"

#include <bit>
#include <type_traits>

namespace emc::enumrec {

namespace {

constexpr size_t WORD_BITS = 64;

/// Positions 0 … 63 in one machine word.
struct NarrowSet {
    uint64_t bits = 0;

    explicit NarrowSet(size_t) {}

    void Add(size_t position) { bits |= uint64_t{1} << position; }

    [[nodiscard]] bool Has(size_t position) const { return (bits >> position & 1) != 0; }

    [[nodiscard]] bool None() const { return bits == 0; }

    void KeepOnly(const NarrowSet& other) { bits &= other.bits; }

    void Remove(const NarrowSet& other) { bits &= ~other.bits; }

    void Join(const NarrowSet& other) { bits |= other.bits; }

    void Up() { bits <<= 1; }

    void Down() { bits >>= 1; }

    [[nodiscard]] size_t Lowest() const { return static_cast<size_t>(std::countr_zero(bits)); }

    [[nodiscard]] size_t Highest() const
    {
        return WORD_BITS - 1 - static_cast<size_t>(std::countl_zero(bits));
    }
};

/// The same for subjects of any length.
struct WideSet {
    std::vector<uint64_t> words;

    explicit WideSet(size_t positions) : words((positions + WORD_BITS - 1) / WORD_BITS) {}

    void Add(size_t position)
    {
        if (position / WORD_BITS < words.size())
            words[position / WORD_BITS] |= uint64_t{1} << (position % WORD_BITS);
    }

    [[nodiscard]] bool Has(size_t position) const
    {
        return (words[position / WORD_BITS] >> (position % WORD_BITS) & 1) != 0;
    }

    [[nodiscard]] bool None() const
    {
        for (const uint64_t word : words) {
            if (word != 0) return false;
        }
        return true;
    }

    void KeepOnly(const WideSet& other)
    {
        for (size_t i = 0; i < words.size(); ++i)
            words[i] &= other.words[i];
    }

    void Remove(const WideSet& other)
    {
        for (size_t i = 0; i < words.size(); ++i)
            words[i] &= ~other.words[i];
    }

    void Join(const WideSet& other)
    {
        for (size_t i = 0; i < words.size(); ++i)
            words[i] |= other.words[i];
    }

    void Up()
    {
        for (size_t i = words.size(); i-- > 0;)
            words[i] = words[i] << 1 | (i > 0 ? words[i - 1] >> (WORD_BITS - 1) : 0);
    }

    void Down()
    {
        for (size_t i = 0; i < words.size(); ++i)
            words[i] = words[i] >> 1 | (i + 1 < words.size() ? words[i + 1] << (WORD_BITS - 1) : 0);
    }

    [[nodiscard]] size_t Lowest() const
    {
        size_t i = 0;
        while (words[i] == 0)
            ++i;
        return i * WORD_BITS + static_cast<size_t>(std::countr_zero(words[i]));
    }

    [[nodiscard]] size_t Highest() const
    {
        size_t i = words.size() - 1;
        while (words[i] == 0)
            --i;
        return i * WORD_BITS + WORD_BITS - 1 - static_cast<size_t>(std::countl_zero(words[i]));
    }
};

enum class Way { Forward, Backward };

/// One subject under one expression.
template <typename Set>
class Matcher
{
public:
    Matcher(const Ere::Program& program, std::string_view subject) : m_program(program), m_subject(subject) {}

    [[nodiscard]] Set At(size_t position) const
    {
        Set out = NoPositions();
        out.Add(position);
        return out;
    }

    [[nodiscard]] Set Everywhere() const
    {
        Set out = NoPositions();
        for (size_t i = 0; i <= m_subject.size(); ++i)
            out.Add(i);
        return out;
    }

    /// Forward: where matches of the node that begin in `from` end. Backward: where those that end in `from`
    /// begin.
    template <Way WAY>
    [[nodiscard]] Set Reach(const EreNode& node, const Set& from)
    {
        for (Set& seen : m_seen)
            seen = NoPositions();
        return Walk<WAY>(node, from);
    }

    /// The leftmost-longest match with its groups.
    [[nodiscard]] std::optional<EreMatch> Find()
    {
        const EreNode& root = m_program.nodes[m_program.root];
        const Set starts = Reach<Way::Backward>(root, Everywhere());
        if (starts.None()) return std::nullopt;
        const size_t begin = starts.Lowest();
        const size_t end = Reach<Way::Forward>(root, At(begin)).Highest();
        m_match = {};
        m_match.spans[0] = {begin, end};
        Assign(root, begin, end);
        return m_match;
    }

private:
    [[nodiscard]] Set NoPositions() const { return Set(m_subject.size() + 1); }

    [[nodiscard]] static bool Takes(const Ere::Program& program, const EreNode& node, uint8_t byte)
    {
        switch (node.kind) {
        case EreKind::Byte:
            return byte == node.byte;
        case EreKind::Set:
            return program.sets[node.set].Has(byte);
        default:
            return true;
        }
    }

    /// Positions before bytes the node takes.
    [[nodiscard]] Set Before(const EreNode& node) const
    {
        Set out = NoPositions();
        for (size_t i = 0; i < m_subject.size(); ++i) {
            if (Takes(m_program, node, static_cast<uint8_t>(m_subject[i]))) out.Add(i);
        }
        return out;
    }

    /// One byte further (or back), where it is one of those after `before`.
    template <Way WAY>
    static void Step(Set& positions, const Set& before)
    {
        if constexpr (WAY == Way::Forward) {
            positions.KeepOnly(before);
            positions.Up();
        } else {
            positions.Down();
            positions.KeepOnly(before);
        }
    }

    template <Way WAY>
    Set Walk(const EreNode& node, Set from)
    {
        switch (node.kind) {
        case EreKind::Byte:
        case EreKind::Any:
        case EreKind::Set:
            return WalkByte<WAY>(node, std::move(from));
        case EreKind::Begin:
            from.KeepOnly(At(0));
            return from;
        case EreKind::End:
            from.KeepOnly(At(m_subject.size()));
            return from;
        case EreKind::Empty:
            return from;
        case EreKind::Concat:
            return WalkConcat<WAY>(node, std::move(from));
        case EreKind::Either: {
            Set out = NoPositions();
            for (uint32_t i = 0; i < node.count; ++i)
                out.Join(Walk<WAY>(m_program.Child(node, i), from));
            return out;
        }
        case EreKind::Group:
            return Walk<WAY>(m_program.Child(node, 0), std::move(from));
        case EreKind::Repeat:
            break;
        }
        return m_program.Child(node, 0).kind == EreKind::Group ? WalkGroupRepeat<WAY>(node, std::move(from))
                                                               : WalkByteRepeat<WAY>(node, std::move(from));
    }

    /// One byte. A narrow set mostly holds few positions here: only those are looked at.
    template <Way WAY>
    Set WalkByte(const EreNode& node, Set from) const
    {
        if constexpr (std::is_same_v<Set, NarrowSet>) {
            const uint64_t off_end = WAY == Way::Forward ? uint64_t{1} << m_subject.size() : 1;
            uint64_t taken = from.bits & ~off_end;
            for (uint64_t rest = taken; rest != 0; rest &= rest - 1) {
                const auto position = static_cast<size_t>(std::countr_zero(rest));
                const char byte = m_subject[WAY == Way::Forward ? position : position - 1];
                if (!Takes(m_program, node, static_cast<uint8_t>(byte))) taken &= ~(rest & (0 - rest));
            }
            from.bits = WAY == Way::Forward ? taken << 1 : taken >> 1;
        } else {
            Step<WAY>(from, Before(node));
        }
        return from;
    }

    template <Way WAY>
    Set WalkConcat(const EreNode& node, Set from)
    {
        for (uint32_t i = 0; i < node.count && !from.None(); ++i) {
            const uint32_t child = WAY == Way::Forward ? i : node.count - 1 - i;
            from = Walk<WAY>(m_program.Child(node, child), std::move(from));
        }
        return from;
    }

    template <Way WAY>
    Set WalkByteRepeat(const EreNode& node, Set from)
    {
        const Set before = Before(m_program.Child(node, 0));
        for (uint16_t i = 0; i < node.least; ++i)
            Step<WAY>(from, before);
        Set out = from;
        for (uint32_t i = node.least; i < node.most; ++i) {
            Step<WAY>(from, before);
            if (from.None()) break;
            out.Join(from);
        }
        return out;
    }

    /// A group under ?, * or +. The body of a loop is run once from each position, however often the loop is
    /// entered: what it reached before has already gone the same way on to the loop around it.
    template <Way WAY>
    Set WalkGroupRepeat(const EreNode& node, Set from)
    {
        const EreNode& group = m_program.Child(node, 0);
        Set& seen = m_seen[group.group];
        if (node.looped) {
            from.Remove(seen);
        } else {
            seen = NoPositions();
        }
        Set out = node.least == 0 ? from : NoPositions();
        while (!from.None()) {
            seen.Join(from);
            from = Walk<WAY>(group, std::move(from));
            out.Join(from);
            if (node.most != UNBOUNDED) break;
            from.Remove(seen);
        }
        return out;
    }

    /// Sets the groups below a node that matches exactly [begin, end).
    void Assign(const EreNode& node, size_t begin, size_t end)
    {
        if (!node.has_groups) return;
        switch (node.kind) {
        case EreKind::Group:
            m_match.spans[node.group] = {begin, end};
            Assign(m_program.Child(node, 0), begin, end);
            return;
        case EreKind::Concat:
            AssignConcat(node, begin, end);
            return;
        case EreKind::Either: {
            uint32_t i = 0; // the first branch that fits; one of them does
            while (i + 1 < node.count && !Reach<Way::Forward>(m_program.Child(node, i), At(begin)).Has(end))
                ++i;
            Assign(m_program.Child(node, i), begin, end);
            return;
        }
        default:
            AssignRepeat(node, begin, end);
        }
    }

    void AssignConcat(const EreNode& node, size_t begin, size_t end)
    {
        std::vector<Set> rest_matches(node.count,
                                      NoPositions()); // from where what follows a part can match up to end
        rest_matches[node.count - 1].Add(end);
        for (uint32_t i = node.count - 1; i > 0; --i)
            rest_matches[i - 1] = Reach<Way::Backward>(m_program.Child(node, i), rest_matches[i]);
        for (uint32_t i = 0; i < node.count; ++i) {
            const EreNode& part = m_program.Child(node, i);
            Set ends = Reach<Way::Forward>(part, At(begin));
            ends.KeepOnly(rest_matches[i]);
            const size_t part_end = ends.Highest();
            Assign(part, begin, part_end);
            begin = part_end;
        }
    }

    void AssignRepeat(const EreNode& node, size_t begin, size_t end)
    {
        const EreNode& body = m_program.Child(node, 0);
        if (node.most != UNBOUNDED || begin == end) {
            if (Reach<Way::Forward>(body, At(begin)).Has(end)) Assign(body, begin, end);
            return;
        }
        Set rest_matches = Reach<Way::Backward>(node, At(end));
        rest_matches.Add(end);
        while (begin != end) {
            Set ends = Reach<Way::Forward>(body, At(begin));
            ends.KeepOnly(rest_matches);
            const size_t part_end = ends.Highest();
            Forget(body);
            Assign(body, begin, part_end);
            begin = part_end;
        }
    }

    /// Unsets the groups of an earlier turn of a loop.
    void Forget(const EreNode& node)
    {
        if (node.kind == EreKind::Group) m_match.spans[node.group].reset();
        for (uint32_t i = 0; i < node.count; ++i)
            Forget(m_program.Child(node, i));
    }

    const Ere::Program& m_program;
    std::string_view m_subject;
    std::array<Set, 10> m_seen{Set(1), Set(1), Set(1), Set(1), Set(1),
                               Set(1), Set(1), Set(1), Set(1), Set(1)};
    EreMatch m_match;
};

/// Runs `question` on the narrowest matcher that holds the subject.
template <typename Question>
auto Ask(const Ere::Program& program, std::string_view subject, Question question)
{
    if (subject.size() < WORD_BITS) {
        Matcher<NarrowSet> matcher(program, subject);
        return question(matcher);
    }
    Matcher<WideSet> matcher(program, subject);
    return question(matcher);
}

} // namespace

int Ere::Groups() const
{
    return m_program->groups;
}

int Ere::Positions() const
{
    return m_program->positions;
}

bool Ere::Search(std::string_view subject) const
{
    return Ask(*m_program, subject, [&](auto& matcher) {
        const EreNode& root = m_program->nodes[m_program->root];
        return !matcher.template Reach<Way::Forward>(root, matcher.Everywhere()).None();
    });
}

bool Ere::MatchesWhole(std::string_view subject) const
{
    return Ask(*m_program, subject, [&](auto& matcher) {
        const EreNode& root = m_program->nodes[m_program->root];
        return matcher.template Reach<Way::Forward>(root, matcher.At(0)).Has(subject.size());
    });
}

std::optional<EreMatch> Ere::Find(std::string_view subject) const
{
    return Ask(*m_program, subject, [](auto& matcher) { return matcher.Find(); });
}

std::string Substitute(std::string_view replacement, std::string_view subject, const EreMatch& match)
{
    std::string out;
    for (size_t i = 0; i < replacement.size(); ++i) {
        const bool reference = replacement[i] == '\\' && i + 1 < replacement.size() &&
                               replacement[i + 1] >= '1' && replacement[i + 1] <= '9';
        if (!reference) {
            out.push_back(replacement[i]);
            continue;
        }
        ++i;
        const auto& span = match.spans[static_cast<size_t>(replacement[i] - '0')];
        if (span) out += subject.substr(span->first, span->second - span->first);
    }
    return out;
}

} // namespace emc::enumrec
