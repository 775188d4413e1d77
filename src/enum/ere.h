/// POSIX extended regular expressions as `enum:` records may hold them: own parser, linear-time matcher.
#pragma once

#include "base/expected.h"
#include "base/memory.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emc::enumrec {

enum class EreError : uint8_t {
    Empty,
    BadByte,
    UnmatchedParenthesis,
    UnmatchedBracket,
    BadBracket,
    BadEscape,
    QuantifierWithoutAtom,
    RepeatedQuantifier,
    BadInterval,
    EmptyAlternative,
    TooManyGroups,
    TooDeep,
    TooManyPositions,
};
[[nodiscard]] std::string_view Text(EreError error);

struct EreFailure {
    EreError error{};
    size_t offset = 0; ///< byte of the expression where it shows
};

/// Byte offsets [begin, end) of the whole match (index 0) and of groups 1–9; nullopt for a group that took no
/// part.
struct EreMatch {
    std::array<std::optional<std::pair<size_t, size_t>>, 10> spans;
};

/// A compiled expression. Immutable, cheap to copy, any thread.
class Ere
{
public:
    [[nodiscard]] static base::Expected<Ere, EreFailure> Compile(std::string_view text,
                                                                 bool ignore_case = false);

    [[nodiscard]] int Groups() const;
    /// Positions when expanded, at most 512 (doc/enum.md).
    [[nodiscard]] int Positions() const;
    /// Does it match somewhere in the subject? Time at most positions × length; no heap for subjects up to 63
    /// bytes.
    [[nodiscard]] bool Search(std::string_view subject) const;
    /// Does it match the whole subject?
    [[nodiscard]] bool MatchesWhole(std::string_view subject) const;
    /// POSIX leftmost-longest match with submatches: each part, from left to right, takes the longest string
    /// that lets the rest match; a null string counts as longer than no match. No backtracking; time at most
    /// positions × length².
    [[nodiscard]] std::optional<EreMatch> Find(std::string_view subject) const;

    /// The compiled form; complete only inside this room.
    struct Program;

private:
    explicit Ere(std::shared_ptr<const Program> program) : m_program(std::move(program)) {}

    std::shared_ptr<const Program> m_program;
};

/// Fills `\1`…`\9` of a replacement with the groups of a match (empty for groups that took no part).
[[nodiscard]] std::string Substitute(std::string_view replacement, std::string_view subject,
                                     const EreMatch& match);

} // namespace emc::enumrec
