/// The interpreter's stack. Elements never change, so they are views of the script or witness they came from,
/// or hold their few bytes themselves; nothing an op code makes is longer than a hash.
#pragma once

#include "base/check.h"
#include "script/script.h"

namespace emc::script {

/// One element. Cheap to copy. What it views must outlive it.
class Element
{
public:
    Element() = default;

    /// Views bytes that belong to somebody else.
    [[nodiscard]] static Element View(ByteSpan bytes)
    {
        Element out;
        out.m_view = bytes.data();
        out.m_size = static_cast<uint32_t>(bytes.size());
        return out;
    }

    /// Keeps a copy of at most 32 bytes.
    [[nodiscard]] static Element Copy(ByteSpan bytes)
    {
        EMC_CHECK(bytes.size() <= INLINE_BYTES);
        Element out;
        std::copy(bytes.begin(), bytes.end(), out.m_inline.begin());
        out.m_size = static_cast<uint32_t>(bytes.size());
        return out;
    }

    /// A script number in its shortest form.
    [[nodiscard]] static Element Number(int64_t value);

    [[nodiscard]] static Element Bool(bool value) { return Number(value ? 1 : 0); }

    [[nodiscard]] ByteSpan Span() const { return {m_view != nullptr ? m_view : m_inline.data(), m_size}; }

    [[nodiscard]] size_t size() const { return m_size; }

    /// False for the empty element, zeros, and zeros with the sign bit.
    [[nodiscard]] bool AsBool() const;

private:
    static constexpr size_t INLINE_BYTES = 32;

    const uint8_t* m_view = nullptr;
    uint32_t m_size = 0;
    std::array<uint8_t, INLINE_BYTES> m_inline{};
};

/// Elements, last in first out. Asking deeper than Size() is a bug of the caller.
class Stack
{
public:
    /// Makes room for what usual scripts need.
    void Reserve() { m_items.reserve(USUAL_ITEMS); }

    [[nodiscard]] size_t Size() const { return m_items.size(); }

    [[nodiscard]] bool Empty() const { return m_items.empty(); }

    /// The element `depth` below the top; 0 is the top.
    [[nodiscard]] const Element& Top(size_t depth = 0) const
    {
        EMC_CHECK(depth < m_items.size());
        return m_items[m_items.size() - 1 - depth];
    }

    void Push(const Element& element) { m_items.push_back(element); }

    void Pop(size_t count = 1)
    {
        EMC_CHECK(count <= m_items.size());
        m_items.resize(m_items.size() - count);
    }

    /// Pushes a copy of the element `depth` below the top.
    void Pick(size_t depth)
    {
        const Element copy = Top(depth);
        m_items.push_back(copy);
    }

    /// Moves the element `depth` below the top to the top.
    void Roll(size_t depth);
    /// Inserts an element so that `depth` elements stay above it.
    void InsertBelow(size_t depth, const Element& element);
    /// Takes away the element `depth` below the top.
    void Erase(size_t depth);

private:
    static constexpr size_t USUAL_ITEMS = 16;

    std::vector<Element> m_items;
};

/// Which branches of nested OP_IFs run. Only the outermost branch that does not run matters: inside it
/// nothing does.
class Branches
{
public:
    [[nodiscard]] bool Empty() const { return m_depth == 0; }

    [[nodiscard]] bool Running() const { return m_skipping == 0; }

    void Enter(bool taken)
    {
        ++m_depth;
        if (!taken && Running()) m_skipping = m_depth;
    }

    /// The other branch of the innermost OP_IF.
    void Toggle()
    {
        if (Running()) {
            m_skipping = m_depth;
        } else if (m_skipping == m_depth) {
            m_skipping = 0;
        }
    }

    void Leave()
    {
        if (m_skipping == m_depth) m_skipping = 0;
        --m_depth;
    }

private:
    size_t m_depth = 0;
    size_t m_skipping = 0; ///< depth of the outermost branch that is skipped, 0: none
};

} // namespace emc::script
