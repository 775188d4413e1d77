/// Making, loading and counting keys.
#include "base/check.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "wallet/keys_impl.h"

#include <algorithm>

namespace emc::wallet {

namespace {

using base::Hash160;
using script::HARDENED;

ChainId IdOf(AddressType type, bool change)
{
    return {static_cast<uint8_t>(type), static_cast<uint8_t>(change ? 1 : 0)};
}

} // namespace

Bytes ScriptForId(const Hash160& id, AddressType type)
{
    if (type == AddressType::Legacy) return script::PayToPubKeyHash(id);
    const Bytes witness = script::PayToWitnessKeyHash(id);
    return type == AddressType::Bech32 ? witness : script::PayToScriptHash(crypto::Hash160Of(witness));
}

uint32_t PurposeOf(uint8_t type)
{
    constexpr uint32_t PURPOSES[] = {44, 49, 84, 86};
    EMC_CHECK(type < std::size(PURPOSES));
    return PURPOSES[type];
}

std::optional<crypto::XOnlyKey> OutputKeyOf(const crypto::PublicKey& key)
{
    const auto internal = crypto::ToXOnly(key);
    if (!internal) return std::nullopt;
    const auto output = crypto::TweakXOnly(internal->key, script::TapTweakHash(internal->key, nullptr));
    if (!output) return std::nullopt;
    return output->key;
}

Hash160 SeedKeyId(const crypto::PublicKey& key, uint8_t type)
{
    if (static_cast<AddressType>(type) != AddressType::Bech32m) return key.Id();
    const auto output = OutputKeyOf(key);
    return output ? crypto::Hash160Of(output->Span()) : Hash160{};
}

Bytes ScriptFor(const crypto::PublicKey& key, AddressType type)
{
    if (!key.IsCompressed()) return ScriptForId(key.Id(), AddressType::Legacy);
    if (type != AddressType::Bech32m) return ScriptForId(key.Id(), type);
    const auto output = OutputKeyOf(key);
    return output ? script::PayToTaproot(*output) : Bytes();
}

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
        const auto child = chain.parent.Derive(static_cast<uint32_t>(chain.ids.size()));
        // BIP 32: an index without a key is passed over
        Know(id, chain, child ? SeedKeyId(child->key, id.type) : Hash160{});
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

void KeyRing::Impl::AddAccount(const AccountRow& row)
{
    if (row.type >= std::size(ALL_TYPES)) return;
    for (const uint8_t change : {uint8_t{0}, uint8_t{1}}) {
        const auto parent = row.key.Derive(change);
        if (!parent) return;
        chains[{row.type, change}] = Chain{*parent, {}, 0, 0};
    }
    accounts[row.type] = row;
}

std::optional<script::ExtPrivateKey> KeyRing::Impl::Root() const
{
    const auto seed = vault.Get(SeedKey());
    return seed ? script::ExtPrivateKey::FromSeed(seed->Span()) : std::nullopt;
}

script::HdPath KeyRing::Impl::AccountPath(uint8_t type) const
{
    return {PurposeOf(type) | HARDENED, coin_type | HARDENED, HARDENED};
}

KeyRing::KeyRing(uint32_t coin_type, uint32_t look_ahead, const script::AddressParams& params)
    : m_impl(std::make_unique<Impl>(coin_type, std::max(look_ahead, 1u), params))
{
    script::SigningProvider any;
    any.redeem_script = [](const Hash160&) { return std::optional(script::PayToWitnessKeyHash({})); };
    for (const auto type : ALL_TYPES) {
        const Bytes script = type == AddressType::Bech32m ? script::PayToTaproot({}) : ScriptForId({}, type);
        m_impl->weights[static_cast<size_t>(type)] = script::EstimateInputWeight(any, script);
    }
}

KeyRing::~KeyRing() = default;

Vault& KeyRing::Secrets()
{
    return m_impl->vault;
}

const Vault& KeyRing::Secrets() const
{
    return m_impl->vault;
}

DescriptorSet& KeyRing::Descriptors()
{
    return m_impl->descriptors;
}

const DescriptorSet& KeyRing::Descriptors() const
{
    return m_impl->descriptors;
}

RowBatch KeyRing::SetSeed(ByteSpan seed, base::RandomSource& random)
{
    if (!script::ExtPrivateKey::FromSeed(seed)) return {};
    RowBatch rows{m_impl->vault.Add(SeedKey(), seed, random)};
    if (!Complete(rows)) return {};
    return rows;
}

bool KeyRing::HasSeed() const
{
    return m_impl->vault.Has(SeedKey());
}

void KeyRing::LoadAccount(const AccountRow& row)
{
    m_impl->AddAccount(row);
}

void KeyRing::LoadIds(const KeyIdsRow& row)
{
    const auto it = m_impl->chains.find(row.chain);
    if (it == m_impl->chains.end()) return;
    auto& chain = it->second;
    const size_t first = size_t{row.number} * KEY_IDS_PER_ROW;
    if (first != chain.ids.size()) return;
    const auto child = chain.parent.Derive(static_cast<uint32_t>(first));
    if (!child || SeedKeyId(child->key, row.chain.type) != row.ids[0])
        return; // of another seed: derived anew
    for (const auto& id : row.ids)
        m_impl->Know(row.chain, chain, id);
    chain.stored_runs = row.number + 1;
}

void KeyRing::LoadNextIndex(const ChainId& id, uint32_t next)
{
    const auto it = m_impl->chains.find(id);
    if (it != m_impl->chains.end()) it->second.next = std::max(it->second.next, next);
}

void KeyRing::LoadImported(const crypto::PublicKey& key)
{
    m_impl->imported.emplace(key.Id(), key);
    if (key.IsCompressed())
        m_impl->key_of_script_hash.emplace(crypto::Hash160Of(script::PayToWitnessKeyHash(key.Id())),
                                           key.Id());
}

bool KeyRing::Complete(RowBatch& missing)
{
    auto& impl = *m_impl;
    if (impl.vault.IsLocked()) return true;
    for (const auto& key : impl.vault.Keys(static_cast<uint8_t>(RowKind::Imported))) {
        const auto id = Hash160::From(ByteSpan(key).subspan(1));
        // The seal says that the secret is this key's.
        if (id && impl.vault.IsEncrypted() && impl.imported.contains(*id)) continue;
        const auto secret = ReadImportedSecret(impl.vault.Get(key)->Span());
        if (!id || !secret || secret->Public().Id() != *id) return false;
        if (impl.imported.contains(*id)) continue;
        LoadImported(secret->Public());
        missing.push_back(MakeImportedPublicRow(secret->Public()));
    }
    if (!HasSeed()) return true;
    const auto root = impl.Root();
    if (!root) return false;
    const auto fingerprint = script::FingerprintOf(root->key.Public());
    for (uint8_t type = 0; type < std::size(ALL_TYPES); ++type) {
        const auto account = root->Derive(impl.AccountPath(type));
        if (!account) return false;
        const AccountRow row{type, fingerprint, account->Neuter()};
        const auto known = impl.accounts.find(type);
        if (known != impl.accounts.end()) {
            if (!(known->second.key == row.key)) return false;
            continue;
        }
        impl.AddAccount(row);
        missing.push_back(MakeRow(row));
    }
    return true;
}

void KeyRing::Ready()
{
    for (auto& [id, chain] : m_impl->chains)
        m_impl->DeriveAhead(id, chain);
}

bool KeyRing::Unlock(SecureBytes master)
{
    RowBatch missing;
    const bool was_locked = m_impl->vault.IsLocked();
    if (m_impl->vault.Open(std::move(master)) && Complete(missing)) return true;
    if (was_locked) Lock();
    return false;
}

void KeyRing::Lock()
{
    if (!m_impl->vault.IsEncrypted()) return;
    m_impl->vault.Lock();
    m_impl->parents.clear();
    m_impl->descriptors.Lock();
}

RowBatch KeyRing::AddImported(const crypto::PrivateKey& key, base::RandomSource& random)
{
    Bytes secret = ImportedSecret(key);
    RowBatch rows{m_impl->vault.Add(ImportedKey(key.Public().Id()), secret, random),
                  MakeImportedPublicRow(key.Public())};
    crypto::Wipe(secret);
    LoadImported(key.Public());
    return rows;
}

std::optional<KeyRing::Fresh> KeyRing::Next(AddressType type, bool change)
{
    auto& impl = *m_impl;
    if (const auto active = impl.descriptors.Active(type, change)) {
        auto [script, row] = impl.descriptors.Next(*active);
        if (script.empty()) return std::nullopt;
        return Fresh{std::move(script), {std::move(row)}};
    }
    const ChainId id = IdOf(type, change);
    const auto it = impl.chains.find(id);
    if (it == impl.chains.end()) return std::nullopt;
    auto& chain = it->second;
    impl.DeriveAhead(id, chain);
    while (chain.ids[chain.next].IsNull()) {
        ++chain.next;
        impl.DeriveAhead(id, chain);
    }
    const uint32_t index = chain.next++;
    impl.DeriveAhead(id, chain);
    // Derived from the account's key, which was compared with the seed, not taken from stored ids: what is
    // shown can be spent for certain.
    const auto key = chain.parent.Derive(index);
    EMC_CHECK(key.has_value());
    return Fresh{ScriptFor(key->key, type), impl.RowsOf(id, chain)};
}

RowBatch KeyRing::MarkUsed(ByteSpan script)
{
    const auto origin = Find(script);
    if (!origin || origin->imported) return {};
    if (origin->descriptor) return m_impl->descriptors.MarkUsed({*origin->descriptor, origin->index});
    auto& chain = m_impl->chains.at(origin->chain);
    if (origin->index < chain.next) return {};
    chain.next = origin->index + 1;
    m_impl->DeriveAhead(origin->chain, chain);
    return m_impl->RowsOf(origin->chain, chain);
}

RowBatch KeyRing::Refill(uint32_t look_ahead)
{
    auto& impl = *m_impl;
    impl.look_ahead = std::max(impl.look_ahead, look_ahead);
    RowBatch rows = impl.descriptors.Refill(impl.look_ahead);
    for (auto& [id, chain] : impl.chains) {
        impl.DeriveAhead(id, chain);
        for (auto& row : impl.RowsOf(id, chain))
            rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<ChainId> KeyRing::Chains() const
{
    std::vector<ChainId> out;
    for (const auto& [id, chain] : m_impl->chains)
        out.push_back(id);
    return out;
}

std::vector<crypto::PublicKey> KeyRing::ImportedKeys() const
{
    std::vector<crypto::PublicKey> out;
    for (const auto& [id, key] : m_impl->imported)
        out.push_back(key);
    std::sort(out.begin(), out.end());
    return out;
}

std::pair<uint32_t, uint32_t> KeyRing::ChainRange(const ChainId& id) const
{
    const auto& chain = m_impl->chains.at(id);
    return {chain.next, static_cast<uint32_t>(chain.ids.size())};
}

uint64_t KeyRing::Unused() const
{
    uint64_t out = m_impl->descriptors.Unused();
    for (const auto& [id, chain] : m_impl->chains)
        out += chain.ids.size() - chain.next;
    return out;
}

} // namespace emc::wallet
