/// Compiled entries: everything known of one name or number, its record sets wire-ready, in one run of bytes.
#pragma once

#include "dns/records/text_records.h"
#include "enum/number.h"

#include <limits>

namespace emc::dns {

inline constexpr size_t MAX_KEY_BYTES = MAX_NAME_BYTES;
inline constexpr size_t NUMBER_KEY_BYTES = 9;

/// Key of a number in the ENUM zone at a place of the zone list. Never equal to a name's key, whose first
/// byte is a label's length.
using NumberKey = std::array<uint8_t, NUMBER_KEY_BYTES>;
[[nodiscard]] NumberKey MakeNumberKey(uint8_t zone_index, uint64_t number);

[[nodiscard]] inline bool IsNumberKey(ByteSpan key)
{
    return !key.empty() && (key[0] & 0x80) != 0;
}

[[nodiscard]] uint64_t NumberOfKey(ByteSpan key);

[[nodiscard]] inline uint8_t ZoneOfKey(ByteSpan key)
{
    return key[0] & 0x7f;
}

/// How long an entry holds and what it was made from.
struct EntryTerms {
    int32_t valid_height = std::numeric_limits<int32_t>::max(); ///< last height of the tip
    uint32_t valid_sec = std::numeric_limits<uint32_t>::max();  ///< last unix second
    uint64_t depends = 0; ///< one bit for each name looked at, see DependencyBit
};

class EntryView;

/// Puts an entry together.
class EntryBuilder
{
public:
    EntryBuilder(ByteSpan key, const EntryTerms& terms);
    /// Begins with a finished entry, to add to it.
    explicit EntryBuilder(const EntryView& made);
    /// Appends a set; at most 65,535 records. `ttl` is every record's.
    void AddSet(RrType type, uint32_t ttl, const std::vector<Bytes>& rdata);
    /// The list of sub-domains: labels in lower case, and whether any label is one.
    void AddSubdomains(const std::vector<std::string>& labels, bool any);

    /// Appends records that are compiled already.
    void AddCompiled(RrType type, size_t count, ByteSpan records) { AddRaw(type, count, records); }

    /// Has the entry compiled anew after `due_sec`, for the sake of signatures that hold until `end_sec`.
    void RefreshAt(uint32_t due_sec, uint32_t end_sec);
    /// Marks the entry as one that only remembers why there is no such name.
    void SetAbsent();
    /// The finished entry; its size is a multiple of 8.
    [[nodiscard]] Bytes Finish() &&;

private:
    void AddRaw(RrType type, size_t count, ByteSpan data);

    Bytes m_bytes;
    uint16_t m_sets = 0;
};

struct RecordSet {
    RrType type = RrType::None;
    uint16_t count = 0;
    ByteSpan records; ///< compiled records owned by QUESTION_POINTER
};

/// Reads an entry in place. The bytes must come from EntryBuilder and outlive the view.
class EntryView
{
public:
    EntryView() = default;

    explicit EntryView(const uint8_t* at) : m_at(at) {}

    explicit operator bool() const { return m_at != nullptr; }

    [[nodiscard]] size_t Size() const { return Load<uint32_t>(8); }

    /// The whole entry.
    [[nodiscard]] ByteSpan Span() const { return {m_at, Size()}; }

    [[nodiscard]] ByteSpan Key() const { return {m_at + HEADER, m_at[20]}; }

    [[nodiscard]] uint64_t Depends() const { return Load<uint64_t>(0); }

    [[nodiscard]] int32_t ValidHeight() const { return Load<int32_t>(12); }

    [[nodiscard]] uint32_t ValidSec() const { return Load<uint32_t>(16); }

    /// The last second in which copies of its answers may live: ValidSec, unless that is there for the sake
    /// of signatures alone.
    [[nodiscard]] uint32_t EndSec() const;

    [[nodiscard]] bool ValidAt(int32_t height, int64_t now_sec) const
    {
        return height <= ValidHeight() && now_sec <= int64_t{ValidSec()};
    }

    /// True for an entry that stands for a name without answers, kept to be looked at again when what it
    /// depends on changes or its time is over.
    [[nodiscard]] bool IsAbsent() const;
    [[nodiscard]] std::optional<RecordSet> Find(RrType type) const;
    /// The first set that may be in an answer; nullopt for entries without records.
    [[nodiscard]] std::optional<RecordSet> First() const;

    /// Calls `visit(RecordSet)` for every set, those that are never on the wire included.
    template <typename F>
    void ForEachSet(F visit) const
    {
        const auto sets = Load<uint16_t>(22);
        size_t at = HEADER + m_at[20];
        for (uint16_t i = 0; i < sets; ++i) {
            const auto bytes = Load<uint32_t>(at + 4);
            visit(RecordSet{static_cast<RrType>(Load<uint16_t>(at)),
                            Load<uint16_t>(at + 2),
                            {m_at + at + SET_HEADER, bytes}});
            at += SET_HEADER + bytes;
        }
    }

    /// Does the list of sub-domains name this label (lower case)?
    [[nodiscard]] bool HasSubdomain(std::string_view label) const;
    /// Does it name all labels?
    [[nodiscard]] bool HasAnySubdomain() const;

private:
    friend class EntryBuilder;
    static constexpr size_t HEADER = 24; // depends 8, size 4, height 4, time 4, key size 1, flags 1, sets 2
    static constexpr size_t SET_HEADER = 8; // type 2, count 2, bytes 4

    template <typename T>
    [[nodiscard]] T Load(size_t offset) const
    {
        T out{};
        std::memcpy(&out, m_at + offset, sizeof(T));
        return out;
    }

    const uint8_t* m_at = nullptr;
};

/// The name a key stands for in the zone with this label, in wire form with root label; a number's digits
/// from the last to the first (RFC 6116 §3.2).
[[nodiscard]] Bytes NameOfKey(ByteSpan key, std::string_view zone_label);

/// Is `name` (wire, lower case, with root label) that name? No heap.
[[nodiscard]] bool IsNameOfKey(ByteSpan key, std::string_view zone_label, ByteSpan name);

/// The bit that stands for a name in EntryTerms::depends.
[[nodiscard]] uint64_t DependencyBit(std::string_view name);

} // namespace emc::dns
