// Which expressions mean the same to every library in use (POSIX and Perl-like ones).
#include "enum/record.h"

#include <algorithm>

namespace emc::enumrec {

namespace {

/// What was seen on the way through an expression.
struct Shape {
    bool plain = true; ///< only forms that compile and match alike everywhere
    bool begins_anchored = false;
    bool ends_anchored = false;
    bool alternatives = false;
    bool repeated_group = false;
};

bool IsAlphaNum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool IsQuantifier(char c)
{
    return c == '*' || c == '+' || c == '?' || c == '{';
}

/// Steps over a bracket of letters, digits, plus and ranges between them; false for any other.
bool PlainBracket(std::string_view ere, size_t& i)
{
    const size_t begin = i + 1;
    for (i = begin; i < ere.size() && ere[i] != ']'; ++i) {
        const bool hyphen = ere[i] == '-' && i > begin && i + 1 < ere.size() && ere[i + 1] != ']';
        const bool negation = ere[i] == '^' && i == begin;
        if (!IsAlphaNum(ere[i]) && ere[i] != '+' && !hyphen && !negation) return false;
    }
    return i > begin;
}

Shape ReadShape(std::string_view ere)
{
    Shape shape;
    for (size_t i = 0; i < ere.size(); ++i) {
        const char c = ere[i];
        const char next = i + 1 < ere.size() ? ere[i + 1] : '\0';
        if (c == '\\') {
            ++i;
            if (next == ']' || next == '}') shape.plain = false;
        } else if (c == '[') {
            if (!PlainBracket(ere, i)) shape.plain = false;
        } else if (c == '^' || c == '$') {
            (c == '^' ? shape.begins_anchored : shape.ends_anchored) = true;
            if (i != (c == '^' ? 0 : ere.size() - 1)) shape.plain = false;
        } else if (c == '|') {
            shape.alternatives = true;
        } else if (c == ')') {
            if (IsQuantifier(next)) shape.repeated_group = true;
        } else if (c == '{') {
            const size_t end = ere.find('}', i);
            if (next == '0' || end == std::string_view::npos) shape.plain = false;
            i = std::min(end, ere.size() - 1);
        } else if (!IsAlphaNum(c) && std::string_view("+.*?(").find(c) == std::string_view::npos) {
            shape.plain = false;
        }
    }
    return shape;
}

} // namespace

bool LibrariesAgree(const E2u& route)
{
    const Shape shape = ReadShape(route.ere);
    if (route.ignore_case || !shape.plain) return false;
    if (route.replacement.find('\\') == std::string::npos) return true;
    return shape.begins_anchored && shape.ends_anchored && !shape.alternatives && !shape.repeated_group;
}

} // namespace emc::enumrec
