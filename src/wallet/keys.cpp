#include "wallet/keys.h"

#include "base/check.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "script/hd_key.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace emc::wallet {

namespace {

using base::Hash160;
using script::HARDENED;

constexpr AddressType ALL_TYPES[] = {AddressType::Legacy, AddressType::P2shSegwit, AddressType::Bech32};

/// BIPs 44, 49, 84.
uint32_t PurposeOf(AddressType type)
{
    switch (type) {
    case AddressType::Legacy:
        return 44;
    case AddressType::P2shSegwit:
        return 49;
    case AddressType::Bech32:
        return 84;
    }
    return 84;
}

ChainId IdOf(AddressType type, bool change)
{
    return {static_cast<uint8_t>(type), static_cast<uint8_t>(change ? 1 : 0)};
}

Bytes ScriptForId(const Hash160& id, AddressType type)
{
    if (type == AddressType::Legacy) return script::PayToPubKeyHash(id);
    const Bytes witness = script::PayToWitnessKeyHash(id);
    return type == AddressType::Bech32 ? witness : script::PayToScriptHash(crypto::Hash160Of(witness));
}

/// A script of one of the three forms: which, and the hash in it.
struct Form {
    AddressType type;
    Hash160 hash;
};

std::optional<Form> FormOf(ByteSpan s)
{
    if (s.size() == 22 && s[0] == 0x00 && s[1] == 0x14)
        return Form{AddressType::Bech32, *Hash160::From(s.subspan(2, 20))};
    if (s.size() == 23 && s[0] == 0xa9 && s[1] == 0x14 && s[22] == 0x87)
        return Form{AddressType::P2shSegwit, *Hash160::From(s.subspan(2, 20))};
    if (s.size() == 25 && s[0] == 0x76 && s[1] == 0xa9 && s[2] == 0x14 && s[23] == 0x88 && s[24] == 0xac)
        return Form{AddressType::Legacy, *Hash160::From(s.subspan(3, 20))};
    return std::nullopt;
}

struct Chain {
    script::ExtPrivateKey parent; ///< m / purpose' / coin' / account' / change
    script::ExtPublicKey public_parent;
    std::vector<Hash160> ids; ///< of the keys known so far; zero: none at this index
    uint32_t next = 0;        ///< first index never handed out nor seen
    uint32_t stored_runs = 0; ///< rows of key ids that are in the file
};

struct Derived {
    ChainId chain;
    uint32_t index = 0;
};

} // namespace

struct KeyRing::Impl {
    uint32_t coin_type;
    uint32_t look_ahead;
    Bytes seed;
    std::map<ChainId, Chain> chains;
    std::unordered_map<Hash160, Derived, base::HashOfHash> derived;
    std::unordered_map<Hash160, crypto::PrivateKey, base::HashOfHash> imported;
    std::unordered_map<Hash160, Hash160, base::HashOfHash> key_of_script_hash; ///< P2SH around P2WPKH
    size_t weights[3] = {}; ///< of inputs with compressed keys, by type

    void Know(const ChainId& id, Chain& chain, const Hash160& key_id);
    void DeriveAhead(const ChainId& id, Chain& chain);
    RowBatch RowsOf(const ChainId& id, Chain& chain);
};

/// Appends the key at the chain's next underived index.
void KeyRing::Impl::Know(const ChainId& id, Chain& chain, const Hash160& key_id)
{
    const auto index = static_cast<uint32_t>(chain.ids.size());
    chain.ids.push_back(key_id);
    if (key_id.IsNull()) return;
    derived.emplace(key_id, Derived{id, index});
    if (static_cast<AddressType>(id.type) == AddressType::P2shSegwit)
        key_of_script_hash.emplace(crypto::Hash160Of(script::PayToWitnessKeyHash(key_id)), key_id);
}

void KeyRing::Impl::DeriveAhead(const ChainId& id, Chain& chain)
{
    while (chain.ids.size() < size_t{chain.next} + look_ahead) {
        const auto child = chain.public_parent.Derive(static_cast<uint32_t>(chain.ids.size()));
        Know(id, chain, child ? child->key.Id() : Hash160{}); // BIP 32: an index without a key is passed over
    }
}

/// The counter, and runs of key ids that have become full.
RowBatch KeyRing::Impl::RowsOf(const ChainId& id, Chain& chain)
{
    RowBatch rows{MakeNextIndexRow(id, chain.next)};
    while ((size_t{chain.stored_runs} + 1) * KEY_IDS_PER_ROW <= chain.ids.size()) {
        const auto first =
            chain.ids.begin() + static_cast<std::ptrdiff_t>(chain.stored_runs) * KEY_IDS_PER_ROW;
        rows.push_back(MakeRow(KeyIdsRow{id, chain.stored_runs, {first, first + KEY_IDS_PER_ROW}}));
        ++chain.stored_runs;
    }
    return rows;
}

Bytes ScriptFor(const crypto::PublicKey& key, AddressType type)
{
    return ScriptForId(key.Id(), key.IsCompressed() ? type : AddressType::Legacy);
}

KeyRing::KeyRing(uint32_t coin_type, uint32_t look_ahead) : m_impl(std::make_unique<Impl>())
{
    m_impl->coin_type = coin_type;
    m_impl->look_ahead = std::max(look_ahead, 1u);
    script::SigningProvider any;
    any.redeem_script = [](const Hash160&) { return std::optional(script::PayToWitnessKeyHash({})); };
    for (const auto type : ALL_TYPES)
        m_impl->weights[static_cast<size_t>(type)] = script::EstimateInputWeight(any, ScriptForId({}, type));
}

KeyRing::~KeyRing()
{
    crypto::Wipe(m_impl->seed);
}

bool KeyRing::SetSeed(ByteSpan seed)
{
    const auto root = script::ExtPrivateKey::FromSeed(seed);
    if (!root) return false;
    for (const auto type : ALL_TYPES) {
        for (const bool change : {false, true}) {
            const script::HdPath path{PurposeOf(type) | HARDENED, m_impl->coin_type | HARDENED, HARDENED,
                                      change ? 1u : 0u};
            const auto parent = root->Derive(path);
            if (!parent) return false;
            m_impl->chains[IdOf(type, change)] = Chain{*parent, parent->Neuter(), {}, 0, 0};
        }
    }
    m_impl->seed.assign(seed.begin(), seed.end());
    return true;
}

bool KeyRing::HasSeed() const
{
    return !m_impl->seed.empty();
}

void KeyRing::LoadIds(const KeyIdsRow& row)
{
    const auto it = m_impl->chains.find(row.chain);
    if (it == m_impl->chains.end()) return;
    Chain& chain = it->second;
    const size_t first = size_t{row.number} * KEY_IDS_PER_ROW;
    if (first != chain.ids.size()) return;
    const auto child = chain.public_parent.Derive(static_cast<uint32_t>(first));
    if (!child || child->key.Id() != row.ids[0]) return; // of another seed: derived anew
    for (const auto& id : row.ids)
        m_impl->Know(row.chain, chain, id);
    chain.stored_runs = row.number + 1;
}

void KeyRing::LoadNextIndex(const ChainId& id, uint32_t next)
{
    const auto it = m_impl->chains.find(id);
    if (it != m_impl->chains.end()) it->second.next = std::max(it->second.next, next);
}

void KeyRing::Ready()
{
    for (auto& [id, chain] : m_impl->chains)
        m_impl->DeriveAhead(id, chain);
}

void KeyRing::AddImported(const crypto::PrivateKey& key)
{
    const auto pubkey = key.Public();
    m_impl->imported.emplace(pubkey.Id(), key);
    if (pubkey.IsCompressed())
        m_impl->key_of_script_hash.emplace(crypto::Hash160Of(script::PayToWitnessKeyHash(pubkey.Id())),
                                           pubkey.Id());
}

KeyRing::Fresh KeyRing::Next(AddressType type, bool change)
{
    const ChainId id = IdOf(type, change);
    const auto it = m_impl->chains.find(id);
    EMC_CHECK(it != m_impl->chains.end());
    Chain& chain = it->second;
    m_impl->DeriveAhead(id, chain);
    while (chain.ids[chain.next].IsNull()) {
        ++chain.next;
        m_impl->DeriveAhead(id, chain);
    }
    const uint32_t index = chain.next++;
    m_impl->DeriveAhead(id, chain);
    // Derived from the seed, not taken from stored ids: what is shown can be spent for certain.
    const auto key = chain.parent.Derive(index);
    EMC_CHECK(key.has_value());
    return {ScriptFor(key->key.Public(), type), m_impl->RowsOf(id, chain)};
}

RowBatch KeyRing::MarkUsed(ByteSpan script)
{
    const auto origin = Find(script);
    if (!origin || origin->imported) return {};
    Chain& chain = m_impl->chains.at(origin->chain);
    if (origin->index < chain.next) return {};
    chain.next = origin->index + 1;
    m_impl->DeriveAhead(origin->chain, chain);
    return m_impl->RowsOf(origin->chain, chain);
}

std::optional<ScriptOrigin> KeyRing::Find(ByteSpan script) const
{
    const auto form = FormOf(script);
    if (!form) return std::nullopt;
    Hash160 id = form->hash;
    if (form->type == AddressType::P2shSegwit) {
        const auto it = m_impl->key_of_script_hash.find(id);
        if (it == m_impl->key_of_script_hash.end()) return std::nullopt;
        id = it->second;
    }
    const auto it = m_impl->derived.find(id);
    if (it != m_impl->derived.end() && it->second.chain.type == static_cast<uint8_t>(form->type))
        return ScriptOrigin{false, it->second.chain, it->second.index, id, form->type};
    const auto key = m_impl->imported.find(id);
    if (key == m_impl->imported.end()) return std::nullopt;
    if (form->type != AddressType::Legacy && !key->second.IsCompressed()) return std::nullopt;
    return ScriptOrigin{true, {}, 0, id, form->type};
}

std::optional<crypto::PrivateKey> KeyRing::KeyOf(const Hash160& id) const
{
    if (const auto it = m_impl->imported.find(id); it != m_impl->imported.end()) return it->second;
    const auto it = m_impl->derived.find(id);
    if (it == m_impl->derived.end()) return std::nullopt;
    const auto child = m_impl->chains.at(it->second.chain).parent.Derive(it->second.index);
    if (!child) return std::nullopt;
    return child->key;
}

std::optional<crypto::PrivateKey> KeyRing::KeyOfScript(ByteSpan script) const
{
    const auto origin = Find(script);
    return origin ? KeyOf(origin->key_id) : std::nullopt;
}

std::string KeyRing::PathOf(const ScriptOrigin& origin) const
{
    if (origin.imported) return {};
    const script::HdPath path{PurposeOf(origin.type) | HARDENED, m_impl->coin_type | HARDENED, HARDENED,
                              origin.chain.change, origin.index};
    return "m" + script::HdPathText(path, '\'');
}

uint64_t KeyRing::Unused() const
{
    uint64_t out = 0;
    for (const auto& [id, chain] : m_impl->chains)
        out += chain.ids.size() - chain.next;
    return out;
}

size_t KeyRing::InputWeight(ByteSpan script) const
{
    const auto origin = Find(script);
    if (!origin) return 0;
    if (origin->imported && origin->type == AddressType::Legacy)
        return script::EstimateInputWeight(Provider(), script); // the key may be an uncompressed one
    return m_impl->weights[static_cast<size_t>(origin->type)];
}

script::SigningProvider KeyRing::Provider() const
{
    script::SigningProvider out;
    out.key_by_id = [this](const Hash160& id) { return KeyOf(id); };
    out.redeem_script = [this](const Hash160& id) -> std::optional<Bytes> {
        const auto it = m_impl->key_of_script_hash.find(id);
        if (it == m_impl->key_of_script_hash.end()) return std::nullopt;
        return script::PayToWitnessKeyHash(it->second);
    };
    return out;
}

} // namespace emc::wallet
