/// Names of the operator's own, from a file (option emcdnslocalcf). They win over the chain and over the zone
/// list.
#pragma once

#include "dns/zone/entry.h"

namespace emc::dns {

/// Immutable; any thread.
class LocalZone
{
public:
    /// One `name=value` a line, value as in `dns:` names. A name with a leading dot stands for everything
    /// below it; an empty name is the gateway itself. Lines that begin below "." (#, blank, -, *, +) or with
    /// ; and lines without = are comments. Later lines do not replace earlier ones. What cannot be read goes
    /// to `warnings`.
    [[nodiscard]] static LocalZone Parse(std::string_view text, const std::vector<Bytes>& self_names,
                                         std::vector<std::string>& warnings);

    struct Found {
        EntryView entry;        ///< empty when no line fits
        size_t first_label = 0; ///< of the question: where the line's own name begins
    };

    /// Suffix lines from the shortest to the longest, then the exact line.
    [[nodiscard]] Found Find(const WireName& name) const;

    [[nodiscard]] bool Empty() const { return m_exact.empty() && m_below.empty(); }

    [[nodiscard]] size_t Size() const { return m_exact.size() + m_below.size(); }

private:
    struct Item {
        Bytes key; ///< wire labels without root, lower case
        Bytes entry;
    };

    [[nodiscard]] static const Item* FindIn(const std::vector<Item>& items, ByteSpan key);
    static void Insert(std::vector<Item>& items, Item item);

    std::vector<Item> m_exact; ///< sorted by key
    std::vector<Item> m_below; ///< the names with a leading dot
};

} // namespace emc::dns
