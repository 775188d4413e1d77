#include "wallet/descriptors.h"

#include "crypto/hash.h"
#include "crypto/sha256.h"
#include "wallet/rows.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace emc::wallet {

namespace {

using base::Hash160;
using interfaces::AddressType;
using script::Descriptor;
using script::DescriptorOutputs;

struct Entry {
    DescriptorRow row;
    Descriptor form; ///< public
    std::optional<AddressType> type;
    uint32_t known = 0;                       ///< one behind the last index whose scripts are known
    mutable std::optional<Descriptor> secret; ///< made when first needed, gone when locked
};

AddressType TypeOfScript(ByteSpan script, const DescriptorOutputs& outputs)
{
    if (const auto program = script::AsWitnessProgram(script))
        return program->version == 0 ? AddressType::Bech32 : AddressType::Bech32m;
    const bool wrapped = script::IsPayToScriptHash(script) && !outputs.redeem_scripts.empty() &&
                         script::AsWitnessProgram(outputs.redeem_scripts[0]);
    return wrapped ? AddressType::P2shSegwit : AddressType::Legacy;
}

} // namespace

struct DescriptorSet::Impl {
    const script::AddressParams& params;
    const Vault& vault;
    uint32_t look_ahead;
    std::vector<Entry> entries;
    std::map<Bytes, Place, BytesLess> scripts;
    std::unordered_map<Hash160, Place, base::HashOfHash> keys;
    std::unordered_map<crypto::XOnlyKey, Place, base::HashOfHash> x_only;
    std::unordered_map<Hash160, Place, base::HashOfHash> redeem;
    std::unordered_map<Hash256, Place, base::HashOfHash> witness;

    void Know(size_t number, uint32_t index);
    void KnowAhead(size_t number);
    [[nodiscard]] const Descriptor& Best(const Entry& entry) const;
};

void DescriptorSet::Impl::Know(size_t number, uint32_t index)
{
    const auto outputs = entries[number].form.Expand(index);
    if (!outputs) return; // an index without a key is passed over
    const Place place{number, index};
    for (const auto& script : outputs->scripts)
        scripts.emplace(script, place);
    for (const auto& key : outputs->keys) {
        keys.emplace(key.key.Id(), place);
        if (const auto point = crypto::ToXOnly(key.key); outputs->taproot && point)
            x_only.emplace(point->key, place);
    }
    for (const auto& script : outputs->redeem_scripts)
        redeem.emplace(crypto::Hash160Of(script), place);
    for (const auto& script : outputs->witness_scripts)
        witness.emplace(crypto::Sha256Of(script), place);
}

/// All scripts of the range, which reaches a look-ahead beyond the next one.
void DescriptorSet::Impl::KnowAhead(size_t number)
{
    Entry& entry = entries[number];
    DescriptorRow& row = entry.row;
    if (entry.form.IsRange())
        row.end = std::max(row.end, std::min(row.next, script::HARDENED - look_ahead) + look_ahead);
    for (; entry.known < row.end; ++entry.known)
        Know(number, entry.known);
}

const Descriptor& DescriptorSet::Impl::Best(const Entry& entry) const
{
    if (vault.IsLocked()) return entry.form;
    if (!entry.secret) {
        const auto text = vault.Get(DescriptorSecretKey(DescriptorId(entry.row.text)));
        if (!text) return entry.form;
        auto parsed = Descriptor::Parse(params, base::AsText(text->Span()), false);
        if (!parsed) return entry.form;
        entry.secret = *std::move(parsed);
    }
    return *entry.secret;
}

DescriptorSet::DescriptorSet(const script::AddressParams& params, const Vault& vault, uint32_t look_ahead)
    : m_impl(std::make_unique<Impl>(Impl{params, vault, look_ahead, {}, {}, {}, {}, {}, {}}))
{}

DescriptorSet::~DescriptorSet() = default;

base::Expected<size_t, std::string> DescriptorSet::Add(const DescriptorRow& row)
{
    auto& entries = m_impl->entries;
    for (size_t i = 0; i < entries.size(); ++i) {
        DescriptorRow& known = entries[i].row;
        if (known.text != row.text) continue;
        if (row.begin < known.begin) {
            known.begin = row.begin;
            for (uint32_t index = row.begin; index < entries[i].known; ++index)
                m_impl->Know(i, index);
        }
        known.end = std::max(known.end, row.end);
        known.next = std::max(known.next, row.next);
        known.created = std::min(known.created, row.created);
        m_impl->KnowAhead(i);
        return i;
    }
    auto parsed = Descriptor::Parse(m_impl->params, row.text, false);
    if (!parsed) return base::Unexpected(parsed.Error());
    const auto first = parsed->Expand(row.begin);
    if (!first) return base::Unexpected(first.Error());
    Entry entry{row, *std::move(parsed), std::nullopt, row.begin, std::nullopt};
    if (first->scripts.size() == 1) entry.type = TypeOfScript(first->scripts[0], *first);
    entries.push_back(std::move(entry));
    m_impl->KnowAhead(entries.size() - 1);
    return entries.size() - 1;
}

size_t DescriptorSet::Count() const
{
    return m_impl->entries.size();
}

const DescriptorRow& DescriptorSet::Row(size_t number) const
{
    return m_impl->entries[number].row;
}

const Descriptor& DescriptorSet::Public(size_t number) const
{
    return m_impl->entries[number].form;
}

bool DescriptorSet::HasSecret(size_t number) const
{
    return m_impl->vault.Has(DescriptorSecretKey(DescriptorId(Row(number).text)));
}

void DescriptorSet::Lock()
{
    for (auto& entry : m_impl->entries)
        entry.secret.reset();
}

namespace {

template <typename M, typename K>
std::optional<DescriptorSet::Place> In(const M& map, const K& key)
{
    const auto it = map.find(key);
    return it == map.end() ? std::nullopt : std::optional(it->second);
}

} // namespace

size_t DescriptorSet::ScriptCount() const
{
    return m_impl->scripts.size();
}

std::vector<Bytes> DescriptorSet::Scripts() const
{
    std::vector<Bytes> out;
    out.reserve(m_impl->scripts.size());
    for (const auto& [script, place] : m_impl->scripts)
        out.push_back(script);
    return out;
}

std::optional<DescriptorSet::Place> DescriptorSet::Find(ByteSpan script) const
{
    return In(m_impl->scripts, script);
}

std::optional<DescriptorSet::Place> DescriptorSet::FindKey(const Hash160& key_id) const
{
    return In(m_impl->keys, key_id);
}

std::optional<DescriptorSet::Place> DescriptorSet::FindKey(const crypto::XOnlyKey& key) const
{
    return In(m_impl->x_only, key);
}

std::optional<DescriptorSet::Place> DescriptorSet::FindRedeem(const Hash160& script_id) const
{
    return In(m_impl->redeem, script_id);
}

std::optional<DescriptorSet::Place> DescriptorSet::FindWitness(const Hash256& script_sha) const
{
    return In(m_impl->witness, script_sha);
}

DescriptorOutputs DescriptorSet::Expand(const Place& place) const
{
    auto outputs = m_impl->Best(m_impl->entries[place.number]).Expand(place.index);
    return outputs ? *std::move(outputs) : DescriptorOutputs{};
}

std::optional<AddressType> DescriptorSet::TypeOf(size_t number) const
{
    return m_impl->entries[number].type;
}

std::optional<size_t> DescriptorSet::Active(AddressType type, bool internal) const
{
    for (size_t i = 0; i < Count(); ++i) {
        const Entry& entry = m_impl->entries[i];
        if (entry.row.active && entry.row.internal == internal && entry.type == type) return i;
    }
    return std::nullopt;
}

RowBatch DescriptorSet::SetActive(size_t number, bool active, bool internal)
{
    RowBatch rows;
    Entry& entry = m_impl->entries[number];
    const auto before = entry.type && active ? Active(*entry.type, internal) : std::nullopt;
    if (before && *before != number) {
        m_impl->entries[*before].row.active = false;
        rows.push_back(MakeRow(m_impl->entries[*before].row));
    }
    entry.row.active = active;
    entry.row.internal = internal;
    rows.push_back(MakeRow(entry.row));
    return rows;
}

std::pair<Bytes, RowChange> DescriptorSet::Next(size_t number)
{
    Entry& entry = m_impl->entries[number];
    Bytes script;
    while (script.empty() && entry.row.next < script::HARDENED &&
           (entry.form.IsRange() || entry.row.next == 0)) {
        auto scripts = entry.form.Scripts(entry.row.next++);
        if (scripts) script = std::move(scripts->front());
        m_impl->KnowAhead(number);
    }
    return {std::move(script), MakeRow(entry.row)};
}

RowBatch DescriptorSet::MarkUsed(const Place& place)
{
    Entry& entry = m_impl->entries[place.number];
    if (!entry.form.IsRange() || place.index < entry.row.next) return {};
    entry.row.next = place.index + 1;
    m_impl->KnowAhead(place.number);
    return {MakeRow(entry.row)};
}

uint64_t DescriptorSet::Unused() const
{
    uint64_t out = 0;
    for (const auto& entry : m_impl->entries) {
        if (entry.row.active) out += entry.row.end - entry.row.next;
    }
    return out;
}

RowBatch DescriptorSet::Refill(uint32_t look_ahead)
{
    m_impl->look_ahead = look_ahead;
    RowBatch rows;
    for (size_t i = 0; i < Count(); ++i) {
        const uint32_t end = m_impl->entries[i].row.end;
        m_impl->KnowAhead(i);
        if (m_impl->entries[i].row.end != end) rows.push_back(MakeRow(m_impl->entries[i].row));
    }
    return rows;
}

} // namespace emc::wallet
