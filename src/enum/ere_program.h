/// The compiled form of an expression: a tree in one array, children after one another. For this room only.
#pragma once

#include "base/bytes.h"
#include "enum/ere.h"

namespace emc::enumrec {

/// A set of byte values.
struct ByteSet {
    std::array<uint64_t, 4> words{};

    void Add(uint8_t byte) { words[byte / 64] |= uint64_t{1} << (byte % 64); }

    [[nodiscard]] bool Has(uint8_t byte) const { return (words[byte / 64] >> (byte % 64) & 1) != 0; }
};

enum class EreKind : uint8_t {
    Byte,   ///< one literal byte
    Any,    ///< any byte
    Set,    ///< a byte of a set
    Begin,  ///< ^
    End,    ///< $
    Empty,  ///< what {0} leaves
    Concat, ///< children after one another
    Either, ///< one of the children
    Group,  ///< its one child, remembered
    Repeat, ///< its one child least … most times
};

inline constexpr uint16_t UNBOUNDED = 0xffff;

struct EreNode {
    EreKind kind = EreKind::Empty;
    uint8_t byte = 0;        ///< Byte
    uint8_t group = 0;       ///< Group: 1–9
    bool has_groups = false; ///< a Group is here or below
    bool looped = false;     ///< a group loop inside another one: may be entered more than once
    uint16_t least = 0;      ///< Repeat
    uint16_t most = 0;       ///< Repeat; UNBOUNDED
    uint32_t set = 0;        ///< Set: index
    uint32_t first = 0;      ///< first child in Program::children
    uint32_t count = 0;      ///< number of children

    /// A group under * or +.
    [[nodiscard]] bool IsGroupLoop(const Ere::Program& program) const;
};

struct Ere::Program {
    std::vector<EreNode> nodes;
    std::vector<uint32_t> children;
    std::vector<ByteSet> sets;
    uint32_t root = 0;
    int groups = 0;
    int positions = 0;

    [[nodiscard]] const EreNode& Child(const EreNode& node, uint32_t i) const
    {
        return nodes[children[node.first + i]];
    }
};

inline bool EreNode::IsGroupLoop(const Ere::Program& program) const
{
    return kind == EreKind::Repeat && most == UNBOUNDED && program.Child(*this, 0).kind == EreKind::Group;
}

} // namespace emc::enumrec
