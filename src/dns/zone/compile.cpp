#include "dns/zone/compile.h"

#include "base/snapshot.h"
#include "dns/records/enum_naptr.h"
#include "dns/records/loose_record.h"
#include "dns/records/record_memo.h"
#include "dns/records/signed_find.h"
#include "interfaces/chain.h"
#include "names/resolve.h"
#include "names/transition.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr size_t MEMO_LIMIT = 16'384;
constexpr std::string_view ENUM_LABEL = "enum";
constexpr std::string_view ENUM_PREFIX = "enum:";

/// "enum:…" as the chain names it in this zone.
std::string ChainName(const Zone& zone, std::string_view name)
{
    if (zone.label == ENUM_LABEL) return std::string(name);
    return zone.label + ":" + std::string(name.substr(ENUM_PREFIX.size()));
}

/// Slots from the group at hand, everything else from the chain through the memo.
class GroupView final : public names::NameView
{
public:
    using Recall = std::function<const std::optional<names::NameRecord>&(const std::string&)>;

    GroupView(std::string_view slot_prefix, const Compiler::NumberRequest& request, Recall recall)
        : m_slot_prefix(slot_prefix), m_group(*request.group), m_zone(*request.zone),
          m_number(request.number), m_recall(std::move(recall))
    {}

    [[nodiscard]] std::optional<names::NameRecord> Get(std::string_view name) const override
    {
        if (!name.starts_with(ENUM_PREFIX)) return m_recall(std::string(name));
        const std::string chain_name = ChainName(m_zone, name);
        if (!chain_name.starts_with(m_slot_prefix)) return m_recall(chain_name);
        const auto at =
            std::lower_bound(m_group.begin(), m_group.end(), chain_name,
                             [](const auto& info, const std::string& wanted) { return info.name < wanted; });
        if (at == m_group.end() || at->name != chain_name) return std::nullopt;
        names::NameRecord record = at->record;
        if (m_zone.label != ENUM_LABEL)
            record.value = base::ToBytes(SoundLines(base::AsText(record.value), m_number));
        return record;
    }

private:
    std::string_view m_slot_prefix;
    const Compiler::Group& m_group;
    const Zone& m_zone;
    enumrec::Number m_number;
    Recall m_recall;
};

std::vector<int> SlotsOf(std::string_view slot_prefix, const Compiler::Group& group)
{
    std::vector<int> out;
    for (const auto& info : group) {
        const auto name = enumrec::ParseRecordName("enum:" + info.name.substr(info.name.find(':') + 1));
        if (info.name.starts_with(slot_prefix) && name && name->kind == enumrec::NameKind::Number) {
            out.push_back(name->slot);
        }
    }
    return out;
}

uint32_t ClampSec(int64_t sec)
{
    return static_cast<uint32_t>(std::clamp<int64_t>(sec, 0, std::numeric_limits<uint32_t>::max()));
}

/// One record set has one TTL (RFC 2181 §5.2): the smallest.
uint32_t SmallestTtl(const std::vector<names::ResolvedRoute>& routes)
{
    uint32_t ttl = std::numeric_limits<uint32_t>::max();
    for (const auto& route : routes)
        ttl = std::min(ttl, route.ttl_sec);
    return ttl;
}

uint64_t DependencyBits(const std::vector<std::string>& names)
{
    uint64_t out = 0;
    for (const std::string& name : names)
        out |= DependencyBit(name);
    return out;
}

/// What is kept of a name whose trusted signatures do not count at present; empty when none was looked at.
Bytes AbsentEntry(ByteSpan key, const std::vector<std::string>& depends, bool retry, const Moment& moment)
{
    if (depends.empty()) return {};
    EntryTerms terms;
    terms.depends = DependencyBits(depends);
    if (retry) terms.valid_sec = ClampSec(moment.now_sec + RETRY_SEC);
    EntryBuilder builder(key, terms);
    builder.SetAbsent();
    return std::move(builder).Finish();
}

void NoteIfOver(const names::NameRecord& record, const Moment& moment, Compiled& out)
{
    if (!record.LiveAt(moment.height)) out.expired_at = std::max(out.expired_at, record.expiry);
}

Bytes NumberEntry(ByteSpan key, const names::Resolution& resolution)
{
    std::vector<Bytes> rdata;
    for (const auto& route : resolution.routes) {
        auto data = NaptrRdata(route);
        if (data && std::find(rdata.begin(), rdata.end(), *data) == rdata.end())
            rdata.push_back(std::move(*data));
    }
    if (rdata.empty()) return {};
    EntryTerms terms;
    terms.valid_height = resolution.valid_until_height;
    terms.valid_sec = ClampSec(resolution.valid_until_sec);
    terms.depends = DependencyBits(resolution.depends);
    EntryBuilder builder(key, terms);
    builder.AddSet(RrType::Naptr, SmallestTtl(resolution.routes), rdata);
    return std::move(builder).Finish();
}

Bytes DomainEntry(ByteSpan key, const TextRecords& records, const EntryTerms& terms)
{
    EntryBuilder builder(key, terms);
    for (const TextSet& set : records.sets)
        builder.AddSet(set.type, records.ttl_sec.value_or(DEFAULT_TTL_SEC), set.rdata);
    if (!records.servers.empty()) {
        builder.AddSet(RrType::Referral, records.ttl_sec.value_or(REFERRAL_TTL_SEC), records.servers);
    }
    builder.AddSubdomains(records.subdomains, records.any_subdomain);
    return std::move(builder).Finish();
}

/// Wire labels as text; nullopt when a label holds a dot, a blank or a byte no chain name is asked for with.
std::optional<std::string> DomainText(ByteSpan key)
{
    std::string out;
    for (; !key.empty(); key = key.subspan(size_t{1} + key[0])) {
        if (!out.empty()) out += '.';
        const auto label = base::AsText(key.subspan(1, key[0]));
        if (std::any_of(label.begin(), label.end(),
                        [](char c) { return c <= 0x20 || c >= 0x7f || c == '.'; })) {
            return std::nullopt;
        }
        out += label;
    }
    return out;
}

} // namespace

std::string Compiler::SlotPrefix(const Zone& zone, const enumrec::Number& number)
{
    return zone.label + ":" + number.Digits() + ":";
}

Compiler::Group Compiler::ReadGroup(const Zone& zone, const enumrec::Number& number) const
{
    const std::string prefix = SlotPrefix(zone, number);
    Group out;
    m_parts.names->Scan(prefix, [&](const interfaces::NameInfo& info) {
        if (!std::string_view(info.name).starts_with(prefix) || out.size() > enumrec::MAX_SLOT) return false;
        out.push_back(info);
        return true;
    });
    return out;
}

const std::optional<names::NameRecord>& Compiler::Recall(const std::string& name, RecordMemo& memo) const
{
    const auto known = memo.records.find(name);
    if (known != memo.records.end()) return known->second;
    if (memo.records.size() >= MEMO_LIMIT) memo.records.clear();
    std::optional<names::NameRecord> record;
    if (auto info = m_parts.names->Find(name)) record = std::move(info->record);
    return memo.records.emplace(name, std::move(record)).first->second;
}

std::vector<std::string> Compiler::Trusted() const
{
    return m_parts.trust == nullptr ? Config().trusted : *m_parts.trust->Load();
}

void Compiler::NoteExpiredParts(const Moment& moment, RecordMemo& memo, Compiled& out) const
{
    for (const std::string& name : out.depends) {
        if (const auto& record = Recall(name, memo)) NoteIfOver(*record, moment, out);
    }
}

names::Resolution Compiler::Resolve(const NumberRequest& request, const Moment& moment,
                                    RecordMemo& memo) const
{
    const std::string prefix = SlotPrefix(*request.zone, request.number);
    const GroupView view(
        prefix, request, [&](const std::string& name) -> const auto& { return Recall(name, memo); });
    const names::ResolveRequest resolve{
        .number = request.number,
        .slots = SlotsOf(prefix, *request.group),
        .trusted = Trusted(),
        .need_signature = request.zone->kind == ZoneKind::Enum,
        .now_sec = moment.now_sec,
        .toll_free = request.toll_free,
        .policy = m_parts.policy,
    };
    return names::ResolveNumber(resolve, ContextAt(moment, view));
}

names::NameContext Compiler::ContextAt(const Moment& moment, const names::NameView& view) const
{
    names::NameContext context;
    context.height = moment.height;
    context.view = &view;
    context.addresses = m_parts.addresses;
    return context;
}

names::Judgement Compiler::Judge(const enumrec::Number& number, const names::RecordToJudge& record,
                                 const Moment& moment) const
{
    const Zone zone{ZoneKind::Enum, std::string(ENUM_LABEL), DEFAULT_DIGIT_LIMIT, 0};
    const Group group = ReadGroup(zone, number);
    const std::string prefix = SlotPrefix(zone, number);
    RecordMemo memo;
    const GroupView view(
        prefix, {.zone = &zone, .number = number, .group = &group, .toll_free = nullptr},
        [&](const std::string& name) -> const auto& { return Recall(name, memo); });
    const names::ResolveRequest request{.number = number,
                                        .slots = {},
                                        .trusted = Trusted(),
                                        .now_sec = moment.now_sec,
                                        .policy = m_parts.policy};
    return names::JudgeSignatures(record, request, ContextAt(moment, view));
}

Compiled Compiler::CompileNumber(const Zone& zone, const enumrec::Number& number, const Group& group,
                                 const Moment& moment, RecordMemo& memo) const
{
    Compiled out;
    if (group.empty()) return out;
    names::Resolution resolution =
        Resolve({.zone = &zone, .number = number, .group = &group, .toll_free = nullptr}, moment, memo);
    const NumberKey key = MakeNumberKey(zone.index, number.Value());
    out.entry = NumberEntry(key, resolution);
    if (out.entry.empty()) {
        const bool retry =
            std::any_of(resolution.refused.begin(), resolution.refused.end(), [](const auto& slot) {
                return slot.reason == names::SlotRefusal::RevocationUnknown;
            });
        out.entry = AbsentEntry(key, resolution.depends, retry, moment);
    }
    out.depends = std::move(resolution.depends);
    NoteExpiredParts(moment, memo, out);
    for (const auto& info : group)
        NoteIfOver(info.record, moment, out);
    return out;
}

Compiled Compiler::CompileTollFree(const Zone& zone, const enumrec::Number& number,
                                   const TollFreeLists& lists, const Moment& moment) const
{
    const Group none;
    RecordMemo memo;
    const NumberKey key = MakeNumberKey(zone.index, number.Value());
    Compiled out;
    out.entry = NumberEntry(
        key, Resolve({.zone = &zone, .number = number, .group = &none, .toll_free = &lists}, moment, memo));
    return out;
}

Compiled Compiler::CompileDomain(const Zone& zone, ByteSpan key, const Moment& moment, RecordMemo& memo,
                                 const interfaces::NameInfo* known) const
{
    Compiled out;
    const auto domain = DomainText(key);
    if (!domain) return out;
    const std::string name = "dns:" + *domain;
    EntryTerms terms;
    std::optional<interfaces::NameInfo> found;
    if (zone.kind == ZoneKind::Signed && CountLabels(key) == 2) {
        SignedFind find;
        found = FindSigned(name, moment, memo, find);
        known = found ? &*found : nullptr;
        out.depends = std::move(find.depends);
        out.expired_at = find.expired_at;
        NoteExpiredParts(moment, memo, out);
        terms.valid_height = find.valid_height;
        terms.depends = DependencyBits(out.depends);
        if (known == nullptr) out.entry = AbsentEntry(key, out.depends, find.waits_for_revocation, moment);
    } else if (known == nullptr) {
        found = m_parts.names->Find(name);
        known = found ? &*found : nullptr;
    }
    if (known == nullptr) return out;
    NoteIfOver(known->record, moment, out);
    if (!known->record.LiveAt(moment.height)) return out;
    terms.valid_height = std::min(terms.valid_height, known->record.expiry);
    out.entry =
        DomainEntry(key, ParseTextRecords(base::AsText(known->record.value), Config().self_names), terms);
    return out;
}

bool Compiler::HasNumbersBelow(const Zone& zone, std::string_view digits, const Moment& moment) const
{
    constexpr int MOST = 64;
    const std::string prefix = zone.label + ":" + std::string(digits);
    int seen = 0;
    bool found = false;
    m_parts.names->Scan(prefix, [&](const interfaces::NameInfo& info) {
        if (!std::string_view(info.name).starts_with(prefix) || ++seen > MOST) return false;
        const bool longer = info.name.size() > prefix.size() && info.name[prefix.size()] != ':';
        found = longer && info.record.LiveAt(moment.height);
        return !found;
    });
    return found;
}

bool TollFreeApplies(const TollFreeLists& lists, const enumrec::Number& number)
{
    const std::string digits = number.Digits(); // at most 15 bytes: no heap
    return std::any_of(lists.begin(), lists.end(), [&](const names::TollFreeList& list) {
        return digits.starts_with(list.country) &&
               std::any_of(list.rules.begin(), list.rules.end(),
                           [&](const auto& rule) { return rule.ere.MatchesWhole(digits); });
    });
}

std::optional<Bytes> DomainKey(std::string_view domain)
{
    if (domain.ends_with('.')) return std::nullopt;
    if (std::any_of(domain.begin(), domain.end(), [](char c) { return c >= 'A' && c <= 'Z'; }))
        return std::nullopt;
    auto key = NameFromText(domain);
    if (key) key->pop_back();
    return key;
}

} // namespace emc::dns
