// The find stage: from the question's name to the entry that answers it.
#include "dns/answer/answer.h"
#include "dns/records/record_memo.h"
#include "interfaces/chain.h"
#include "names/resolve.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr uint16_t POINTER_BASE = 0xc000;
constexpr size_t MAX_POINTER = 0x3fff;

} // namespace

uint16_t Answerer::PointerTo(size_t label) const
{
    return static_cast<uint16_t>(POINTER_BASE + m_asked.at + m_asked.name->label_at[label]);
}

/// Sets m_name: the asked name, without the gateway suffix if it ends in it.
void Answerer::StripSuffix()
{
    const WireName& asked = *m_asked.name;
    m_name = &asked;
    const GatewaySuffix& suffix = m_parts.config->suffix;
    if (suffix.tail.empty()) return;
    for (size_t label = 0; label < asked.labels; ++label) {
        const ByteSpan tail = asked.Suffix(label);
        if (tail.size() != suffix.tail.size()) continue;
        if (!std::ranges::equal(tail, suffix.tail)) return;
        std::array<uint8_t, MAX_NAME_BYTES + MAX_LABEL_BYTES + 1> labels;
        const size_t kept = asked.label_at[label];
        std::copy_n(asked.bytes.begin(), kept, labels.begin());
        std::copy(suffix.replacement.begin(), suffix.replacement.end(),
                  labels.begin() + static_cast<std::ptrdiff_t>(kept));
        if (m_stripped.Assign({labels.data(), kept + suffix.replacement.size()})) m_name = &m_stripped;
        return;
    }
}

/// Is the last of so many links a name that the chain has been at before?
bool Answerer::AskedBefore(size_t links) const
{
    const ByteSpan name = m_aliases[links - 1].Suffix(0);
    if (std::ranges::equal(name, m_query.name.Suffix(0))) return true;
    return std::any_of(m_aliases.begin(), m_aliases.begin() + static_cast<std::ptrdiff_t>(links - 1),
                       [name](const WireName& other) { return std::ranges::equal(name, other.Suffix(0)); });
}

/// Adds what the targets of a CNAME lead to, as long as they are names served here (RFC 1034 §4.3.2). The
/// last name decides between data, no data and NXDOMAIN (RFC 6604).
void Answerer::FollowAliases()
{
    for (size_t links = 1; links <= MAX_ALIASES && m_outcome.alias_at != 0; ++links) {
        const size_t at = m_outcome.alias_at;
        m_outcome.alias_at = 0;
        WireName& target = m_aliases[links - 1];
        size_t end = at;
        if (at > MAX_POINTER - MAX_NAME_BYTES || !ReadName(m_writer.Written(), end, target, false)) return;
        if (AskedBefore(links)) return;
        m_asked = {&target, at};
        Find();
        if (m_outcome.rcode == Rcode::Refused || m_outcome.rcode == Rcode::ServFail) {
            m_outcome.rcode = Rcode::NoError; // somebody else's name; the resolver goes on there
            return;
        }
        Build();
    }
}

/// Sets m_outcome from m_asked.
void Answerer::Find()
{
    m_outcome = {};
    StripSuffix();
    // The gateway suffix itself is the top of a zone, too; who delegates it here asks for its SOA and NS.
    const bool at_gateway = m_name == &m_stripped && m_name->labels == 0;
    m_outcome.at_apex = at_gateway;
    m_outcome.apex = PointerTo(0);
    // The local line without a name is the gateway's; the root is nobody's here.
    const bool is_root = m_asked.name->labels == 0;
    if (m_parts.local != nullptr && !is_root && FindLocal()) return;
    if (at_gateway) return;
    const Zone* zone =
        m_name->labels == 0 ? nullptr : m_parts.config->Find(m_name->Label(m_name->labels - 1u));
    if (zone == nullptr || (!zone->IsEnum() && m_name->labels > zone->limit)) {
        m_outcome.rcode = Rcode::Refused;
        return;
    }
    if (!m_parts.chain->ready.load(std::memory_order_acquire)) {
        m_outcome.rcode = Rcode::ServFail;
        return;
    }
    m_outcome.apex = PointerTo(m_name->labels - 1u);
    m_outcome.zone = zone;
    if (m_name->labels == 1) {
        m_outcome.at_apex = true;
    } else if (zone->IsEnum()) {
        FindNumber(*zone);
    } else {
        FindDomain(*zone);
    }
}

bool Answerer::FindLocal()
{
    m_local_hold = m_parts.local->Load();
    if (!m_local_hold) return false;
    const LocalZone::Found found = m_local_hold->Find(*m_name);
    if (!found.entry) return false;
    m_outcome.entry = found.entry;
    m_outcome.apex = PointerTo(found.first_label);
    return true;
}

Answerer::DigitScan Answerer::ScanDigits(const Zone& zone) const
{
    DigitScan out;
    uint64_t natural_step = 1;
    const size_t labels = m_name->labels - 1u;
    out.undotted = labels == 1;
    for (size_t i = labels; i-- > 0;) {
        const std::string_view label = m_name->Label(i);
        if (label.size() != 1) out.dotted = false;
        for (size_t j = label.size(); j-- > 0;) {
            const auto digit = static_cast<uint64_t>(label[j] - '0');
            if (digit > 9) {
                out.dotted = false;
                out.undotted = false;
                continue;
            }
            if (out.digits == zone.limit) continue;
            if (out.digits == 0 && digit == 0) out.possible = false;
            if (++out.digits > enumrec::MAX_DIGITS) {
                out.possible = false;
                out.undotted = false;
                return out;
            }
            out.value = out.value * 10 + digit;
            out.natural += digit * natural_step;
            natural_step *= 10;
        }
    }
    if (out.digits == 0) out.possible = false;
    return out;
}

void Answerer::FindNumber(const Zone& zone)
{
    const DigitScan scan = ScanDigits(zone);
    if (scan.possible) {
        if ((m_outcome.entry = LookUpNumber(zone, scan.value))) return;
    }
    const bool natural = m_parts.config->natural_order && scan.undotted && m_name->Label(0)[0] != '0';
    if (natural && (m_outcome.entry = LookUpNumber(zone, scan.natural))) return;
    if (scan.possible && (m_outcome.entry = LookUpTollFree(zone, scan.value))) return;
    if (natural && (m_outcome.entry = LookUpTollFree(zone, scan.natural))) return;
    if (!scan.possible || !scan.dotted || !IsEmptyNonTerminal(zone, scan)) m_outcome.rcode = Rcode::NxDomain;
}

bool Answerer::IsEmptyNonTerminal(const Zone& zone, const DigitScan& scan)
{
    // Toll-free rules are patterns: below four digits any name may lead to one of their numbers.
    if (scan.digits < enumrec::MIN_DIGITS && !m_parts.toll_free->Load()->empty()) return true;
    const ZoneStore& store = *m_parts.store;
    if (store.HoldsAllNumbers()) return store.HasNumbersBelow(zone.index, scan.value, scan.digits);
    return MayWait() && m_parts.compiler->HasNumbersBelow(zone, std::to_string(scan.value), m_moment);
}

template <typename F>
EntryView Answerer::LookUpSlowly(ByteSpan key, F compile)
{
    const uint64_t hash = m_parts.store->HashOf(key);
    const uint64_t generation = m_parts.store->Generation();
    auto known = m_misses.Find(hash, key, generation);
    if (known && !known->empty() && !EntryView(known->data()).ValidAt(m_moment.height, m_moment.now_sec)) {
        known.reset();
    }
    if (!known) {
        if (!MayWait()) return {};
        m_counters.slow.Add();
        known = m_misses.Remember(hash, key, generation, compile());
    }
    if (known->empty() || EntryView(known->data()).IsAbsent()) return {};
    return EntryView(known->data());
}

template <typename F>
EntryView Answerer::LookUp(ByteSpan key, bool store_is_complete, F compile)
{
    ZoneStore::Found found = m_parts.store->Find(key);
    if (found.entry && found.entry.ValidAt(m_moment.height, m_moment.now_sec)) {
        m_hold = std::move(found.hold);
        return found.entry.IsAbsent() ? EntryView() : found.entry;
    }
    if (!found.entry && store_is_complete) return {};
    return LookUpSlowly(key, compile);
}

EntryView Answerer::LookUpNumber(const Zone& zone, uint64_t value)
{
    const auto number = enumrec::Number::FromValue(value);
    if (!number) return {};
    const NumberKey key = MakeNumberKey(zone.index, value);
    return LookUp(key, m_parts.store->HoldsAllNumbers(), [&] {
        const Compiler& compiler = *m_parts.compiler;
        RecordMemo memo;
        return compiler.CompileNumber(zone, *number, compiler.ReadGroup(zone, *number), m_moment, memo).entry;
    });
}

EntryView Answerer::LookUpTollFree(const Zone& zone, uint64_t value)
{
    const auto lists = m_parts.toll_free->Load();
    if (lists->empty()) return {};
    const auto number = enumrec::Number::FromValue(value);
    if (!number || !TollFreeApplies(*lists, *number)) return {};
    NumberKey key = MakeNumberKey(zone.index, value);
    key[0] |= 0x40; // apart from the number's own entry
    return LookUpSlowly(
        key, [&] { return m_parts.compiler->CompileTollFree(zone, *number, *lists, m_moment).entry; });
}

EntryView Answerer::LookUpDomain(const Zone& zone, size_t first_label)
{
    const ByteSpan key = m_name->Suffix(first_label);
    return LookUp(key, m_parts.store->HoldsAllNames(), [&] {
        RecordMemo memo;
        return m_parts.compiler->CompileDomain(zone, key, m_moment, memo).entry;
    });
}

/// From the second-level name downward: a label named in SD leads on, otherwise a delegation answers for
/// everything below, otherwise the name itself does.
void Answerer::FindDomain(const Zone& zone)
{
    size_t at = m_name->labels - 2u;
    for (;;) {
        m_outcome.entry = LookUpDomain(zone, at);
        if (!m_outcome.entry) {
            // A name that others are below exists, without records (RFC 8020), unless a signature is missing.
            const bool unsigned_one = zone.kind == ZoneKind::Signed && at + 2u == m_name->labels;
            if (unsigned_one || !m_parts.store->HasNamesBelow(m_name->Suffix(0)))
                m_outcome.rcode = Rcode::NxDomain;
            return;
        }
        if (at == 0) return;
        if (!m_outcome.entry.HasSubdomain(m_name->Label(at - 1))) break;
        --at;
    }
    if (m_outcome.entry.Find(RrType::Referral)) {
        m_outcome.referral = true;
        m_outcome.cut = PointerTo(at);
    }
}

} // namespace emc::dns
