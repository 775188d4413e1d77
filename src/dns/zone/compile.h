/// From chain state to compiled entries: numbers through names/resolve.h, domains through their text.
#pragma once

#include "dns/zone/entry.h"
#include "dns/zone/zone_config.h"
#include "enum/number.h"

namespace emc::base {
template <typename T>
class Snapshot;
}

namespace emc::script {
struct AddressParams;
}

namespace emc::interfaces {
struct NameInfo;
class NameReader;
} // namespace emc::interfaces

namespace emc::names {
class NameView;
class RevocationPolicy;
struct Judgement;
struct NameContext;
struct NameRecord;
struct RecordToJudge;
struct Resolution;
struct TollFreeList;
} // namespace emc::names

namespace emc::dns {

using TollFreeLists = std::vector<names::TollFreeList>;

/// The moment for which something is compiled.
struct Moment {
    int32_t height = 0;  ///< of the tip: a name is live while this is at most its expiry
    int64_t now_sec = 0; ///< the later of the tip's median time and the local clock
};

struct RecordMemo;

struct Compiled {
    Bytes entry;                      ///< empty: no such name; may also be absent (see EntryView)
    std::vector<std::string> depends; ///< names of verifiers and buckets looked at
    int32_t expired_at = NEVER;       ///< the highest expiry among names looked at that are over

    static constexpr int32_t NEVER = -1;
};

/// How long an answer stands that was refused because a revocation list is missing.
inline constexpr int64_t RETRY_SEC = 60;

struct SignedFind;

/// Const and thread-safe as the reader and the policy are.
class Compiler
{
public:
    struct Parts {
        const ZoneConfig* config = nullptr;
        const interfaces::NameReader* names = nullptr;
        const script::AddressParams* addresses = nullptr;
        const names::RevocationPolicy* policy = nullptr;
        const base::Snapshot<std::vector<std::string>>* trust = nullptr; ///< null: as the configuration says
    };

    explicit Compiler(const Parts& parts) : m_parts(parts) {}

    /// All records of one number, in byte order, as a scan gave them.
    using Group = std::vector<interfaces::NameInfo>;

    /// Prefix of the chain names of a number's slots: "enum:18009359935:".
    [[nodiscard]] static std::string SlotPrefix(const Zone& zone, const enumrec::Number& number);
    [[nodiscard]] Group ReadGroup(const Zone& zone, const enumrec::Number& number) const;

    struct NumberRequest {
        const Zone* zone = nullptr;
        enumrec::Number number;
        const Group* group = nullptr;             ///< every slot of the number
        const TollFreeLists* toll_free = nullptr; ///< null: not asked
    };

    /// The routes of a number with all reasons, before they are compiled.
    [[nodiscard]] names::Resolution Resolve(const NumberRequest& request, const Moment& moment,
                                            RecordMemo& memo) const;
    /// What the signatures of a record in the ENUM zone are worth, each by itself.
    [[nodiscard]] names::Judgement Judge(const enumrec::Number& number, const names::RecordToJudge& record,
                                         const Moment& moment) const;
    /// `group` must hold every slot of the number.
    [[nodiscard]] Compiled CompileNumber(const Zone& zone, const enumrec::Number& number, const Group& group,
                                         const Moment& moment, RecordMemo& memo) const;
    /// The routes toll-free lists give; nothing when no rule fits.
    [[nodiscard]] Compiled CompileTollFree(const Zone& zone, const enumrec::Number& number,
                                           const TollFreeLists& lists, const Moment& moment) const;
    /// `key`: wire labels of the domain, lower case, at least two. `known`: its record when it has been read
    /// already.
    [[nodiscard]] Compiled CompileDomain(const Zone& zone, ByteSpan key, const Moment& moment,
                                         RecordMemo& memo, const interfaces::NameInfo* known = nullptr) const;
    /// Is there a live longer number below these digits? Reads at most 64 names; signatures are not judged.
    [[nodiscard]] bool HasNumbersBelow(const Zone& zone, std::string_view digits, const Moment& moment) const;

    /// Verifiers whose signatures count at present.
    [[nodiscard]] std::vector<std::string> Trusted() const;

    [[nodiscard]] const ZoneConfig& Config() const { return *m_parts.config; }

    [[nodiscard]] const interfaces::NameReader& Names() const { return *m_parts.names; }

private:
    [[nodiscard]] names::NameContext ContextAt(const Moment& moment, const names::NameView& view) const;
    [[nodiscard]] bool SignatureHolds(const std::string& name, std::string_view signature,
                                      const Moment& moment, RecordMemo& memo, SignedFind& find) const;
    [[nodiscard]] std::optional<interfaces::NameInfo>
    FindSigned(const std::string& base, const Moment& moment, RecordMemo& memo, SignedFind& find) const;
    /// Notes which of the names the entry depends on are over.
    void NoteExpiredParts(const Moment& moment, RecordMemo& memo, Compiled& out) const;
    [[nodiscard]] const std::optional<names::NameRecord>& Recall(const std::string& name,
                                                                 RecordMemo& memo) const;

    Parts m_parts;
};

/// Could any rule of these lists apply to the number? No heap.
[[nodiscard]] bool TollFreeApplies(const TollFreeLists& lists, const enumrec::Number& number);

/// Wire labels in lower case for the domain of a `dns:` name's text ("example.coin"), as a question would ask
/// for it; nullopt when no question can.
[[nodiscard]] std::optional<Bytes> DomainKey(std::string_view domain);

} // namespace emc::dns
