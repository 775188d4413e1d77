#pragma once
// A second, slow reading of what expressions mean, for comparison: matching straight from the definition, on
// trees that are made from bytes and written out as text.

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emc::test {

/// A random expression as a tree.
struct ModelNode {
    enum class Kind { Byte, Any, Set, Begin, End, Concat, Either, Group } kind = Kind::Byte;
    char byte = 'a';
    std::string members; ///< Set: its bytes
    bool negated = false;
    std::vector<ModelNode> children;
    int group = 0;
    int least = 1;
    int most = 1; ///< −1: unbounded
};

/// Takes decisions from bytes; zeros when they run out.
class ModelSource
{
public:
    ModelSource(const uint8_t* data, size_t size) : m_data(data), m_size(size) {}

    unsigned Pick(unsigned choices)
    {
        if (m_size == 0) return 0;
        --m_size;
        return *m_data++ % choices;
    }

    [[nodiscard]] bool Empty() const { return m_size == 0; }

private:
    const uint8_t* m_data;
    size_t m_size;
};

class ModelMaker
{
public:
    explicit ModelMaker(ModelSource& source) : m_source(source) {}

    ModelNode Make() { return Alternatives(0); }

    [[nodiscard]] int Groups() const { return m_groups; }

private:
    ModelNode Alternatives(int depth)
    {
        const unsigned count = m_source.Pick(4) == 3 ? 2 : 1;
        ModelNode node;
        node.kind = ModelNode::Kind::Either;
        for (unsigned i = 0; i < count; ++i)
            node.children.push_back(Branch(depth));
        return node;
    }

    ModelNode Branch(int depth)
    {
        ModelNode node;
        node.kind = ModelNode::Kind::Concat;
        const unsigned count = 1 + m_source.Pick(3);
        for (unsigned i = 0; i < count; ++i)
            node.children.push_back(Piece(depth));
        return node;
    }

    ModelNode Piece(int depth)
    {
        ModelNode node;
        const unsigned what = m_source.Pick(12);
        if (what == 0 || what == 1) {
            node.kind = what == 0 ? ModelNode::Kind::Begin : ModelNode::Kind::End;
            return node;
        }
        if (what <= 5 && depth < 4 && m_groups < 9) {
            node.kind = ModelNode::Kind::Group;
            node.group = ++m_groups;
            node.children.push_back(Alternatives(depth + 1));
        } else if (what == 6) {
            node.kind = ModelNode::Kind::Any;
        } else if (what == 7) {
            node.kind = ModelNode::Kind::Set;
            node.negated = m_source.Pick(2) == 1;
            node.members = m_source.Pick(2) == 1 ? "ab" : "bc";
        } else {
            node.byte = static_cast<char>('a' + m_source.Pick(3));
        }
        Quantify(node);
        return node;
    }

    void Quantify(ModelNode& node)
    {
        switch (m_source.Pick(8)) {
        case 0:
            node.least = 0, node.most = -1;
            break;
        case 1:
            node.least = 1, node.most = -1;
            break;
        case 2:
            node.least = 0, node.most = 1;
            break;
        case 3:
            if (node.kind == ModelNode::Kind::Group) break;
            node.least = static_cast<int>(m_source.Pick(3));
            node.most = node.least + static_cast<int>(m_source.Pick(3));
            break;
        default:
            break;
        }
    }

    ModelSource& m_source;
    int m_groups = 0;
};

/// The expression's text.
inline std::string ModelText(const ModelNode& node)
{
    std::string out;
    switch (node.kind) {
    case ModelNode::Kind::Byte:
        out = node.byte;
        break;
    case ModelNode::Kind::Any:
        out = ".";
        break;
    case ModelNode::Kind::Set:
        out = (node.negated ? "[^" : "[") + node.members + "]";
        break;
    case ModelNode::Kind::Begin:
        return "^";
    case ModelNode::Kind::End:
        return "$";
    case ModelNode::Kind::Concat:
        for (const ModelNode& child : node.children)
            out += ModelText(child);
        return out;
    case ModelNode::Kind::Either:
        for (const ModelNode& child : node.children)
            out += (out.empty() ? "" : "|") + ModelText(child);
        return out;
    case ModelNode::Kind::Group:
        out = "(" + ModelText(node.children[0]) + ")";
        break;
    }
    if (node.least == 1 && node.most == 1) return out;
    if (node.most == -1) return out + (node.least == 0 ? "*" : "+");
    if (node.least == 0 && node.most == 1) return out + "?";
    return out + "{" + std::to_string(node.least) + "," + std::to_string(node.most) + "}";
}

/// Matches by trying everything.
class ModelMatcher
{
public:
    using Spans = std::array<std::optional<std::pair<size_t, size_t>>, 10>;

    explicit ModelMatcher(std::string_view subject) : m_subject(subject) {}

    /// False after too many steps: then the case says nothing.
    [[nodiscard]] bool Finished() const { return m_steps < LIMIT; }

    std::optional<Spans> Find(const ModelNode& root)
    {
        for (size_t begin = 0; begin <= m_subject.size(); ++begin) {
            for (size_t end = m_subject.size() + 1; end-- > begin;) {
                if (!Matches(root, begin, end)) continue;
                m_spans = {};
                m_spans[0] = {begin, end};
                Assign(root, begin, end);
                return m_spans;
            }
        }
        return std::nullopt;
    }

private:
    static constexpr int LIMIT = 20'000;

    /// Without the quantifier.
    bool MatchesOnce(const ModelNode& node, size_t i, size_t j)
    {
        switch (node.kind) {
        case ModelNode::Kind::Byte:
            return j == i + 1 && m_subject[i] == node.byte;
        case ModelNode::Kind::Any:
            return j == i + 1;
        case ModelNode::Kind::Set:
            return j == i + 1 && (node.members.find(m_subject[i]) != std::string::npos) != node.negated;
        case ModelNode::Kind::Begin:
            return i == j && i == 0;
        case ModelNode::Kind::End:
            return i == j && i == m_subject.size();
        case ModelNode::Kind::Concat:
            return PartsMatch(node, 0, i, j);
        case ModelNode::Kind::Either:
            return std::any_of(node.children.begin(), node.children.end(),
                               [&](const ModelNode& child) { return Matches(child, i, j); });
        case ModelNode::Kind::Group:
            return Matches(node.children[0], i, j);
        }
        return false;
    }

    bool Matches(const ModelNode& node, size_t i, size_t j) { return Turns(node, 0, i, j); }

    /// [i, j) in further turns after `done` ones.
    bool Turns(const ModelNode& node, int done, size_t i, size_t j)
    {
        if (++m_steps > LIMIT) return false;
        if (done >= node.least && i == j) return true;
        if (node.most >= 0 && done >= node.most) return false;
        if (i == j) return MatchesOnce(node, i, i); // empty turns may fill up to `least`
        for (size_t k = j; k > i; --k) {
            if (MatchesOnce(node, i, k) && Turns(node, std::min(done + 1, 20), k, j)) return true;
        }
        return false;
    }

    bool PartsMatch(const ModelNode& node, size_t part, size_t i, size_t j)
    {
        if (++m_steps > LIMIT) return false;
        if (part == node.children.size()) return i == j;
        for (size_t k = i; k <= j; ++k) {
            if (Matches(node.children[part], i, k) && PartsMatch(node, part + 1, k, j)) return true;
        }
        return false;
    }

    void Assign(const ModelNode& node, size_t i, size_t j)
    {
        const bool loop = node.most == -1;
        if (!loop || i == j) {
            if (node.kind == ModelNode::Kind::Group || node.kind == ModelNode::Kind::Concat ||
                node.kind == ModelNode::Kind::Either) {
                if (MatchesOnce(node, i, j)) AssignOnce(node, i, j);
            }
            return;
        }
        while (i < j) {
            size_t k = j;
            while (k > i && !(MatchesOnce(node, i, k) && Turns(node, 1, k, j)))
                --k;
            if (k == i) return;
            Clear(node);
            AssignOnce(node, i, k);
            i = k;
        }
    }

    void AssignOnce(const ModelNode& node, size_t i, size_t j)
    {
        if (node.kind == ModelNode::Kind::Group) {
            m_spans[static_cast<size_t>(node.group)] = {i, j};
            Assign(node.children[0], i, j);
        } else if (node.kind == ModelNode::Kind::Either) {
            const auto branch = std::find_if(node.children.begin(), node.children.end(),
                                             [&](const ModelNode& child) { return Matches(child, i, j); });
            if (branch != node.children.end()) Assign(*branch, i, j);
        } else if (node.kind == ModelNode::Kind::Concat) {
            for (size_t part = 0; part < node.children.size(); ++part) {
                size_t k = j;
                while (!(Matches(node.children[part], i, k) && PartsMatch(node, part + 1, k, j))) {
                    if (k == i) return;
                    --k;
                }
                Assign(node.children[part], i, k);
                i = k;
            }
        }
    }

    void Clear(const ModelNode& node)
    {
        if (node.kind == ModelNode::Kind::Group) m_spans[static_cast<size_t>(node.group)].reset();
        for (const ModelNode& child : node.children)
            Clear(child);
    }

    std::string_view m_subject;
    Spans m_spans;
    int m_steps = 0;
};

} // namespace emc::test
