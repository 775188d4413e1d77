#include "wallet/keys.h"

#include "base/check.h"
#include "crypto/hash.h"
#include "crypto/random.h"

namespace emc::wallet {

namespace {

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

} // namespace

Bytes ScriptFor(const crypto::PublicKey& key, AddressType type)
{
    const auto id = key.Id();
    if (type == AddressType::Legacy || !key.IsCompressed()) return script::PayToPubKeyHash(id);
    const Bytes witness = script::PayToWitnessKeyHash(id);
    if (type == AddressType::Bech32) return witness;
    return script::PayToScriptHash(crypto::Hash160Of(witness));
}

KeyRing::~KeyRing()
{
    crypto::Wipe(m_seed);
}

bool KeyRing::SetSeed(ByteSpan seed)
{
    const auto root = script::ExtPrivateKey::FromSeed(seed);
    if (!root) return false;
    m_seed.assign(seed.begin(), seed.end());
    for (const auto type : ALL_TYPES) {
        for (const bool change : {false, true}) {
            const script::HdPath path{PurposeOf(type) | HARDENED, m_coin_type | HARDENED, HARDENED,
                                      change ? 1u : 0u};
            const auto parent = root->Derive(path);
            if (!parent) return false;
            const ChainId id = IdOf(type, change);
            m_chains[id].parent = *parent;
            DeriveAhead(id, m_chains[id]);
        }
    }
    return true;
}

KeyRing::Chain& KeyRing::ChainOf(const ChainId& id)
{
    const auto it = m_chains.find(id);
    EMC_CHECK(it != m_chains.end());
    return it->second;
}

void KeyRing::AddScript(const crypto::PublicKey& key, AddressType type, ScriptOrigin origin)
{
    origin.key_id = key.Id();
    origin.type = type;
    if (type == AddressType::P2shSegwit) {
        const Bytes witness = script::PayToWitnessKeyHash(origin.key_id);
        m_redeem_scripts[crypto::Hash160Of(witness)] = witness;
    }
    m_scripts.emplace(ScriptFor(key, type), origin);
}

void KeyRing::DeriveAhead(const ChainId& id, Chain& chain)
{
    while (chain.derived < chain.next + m_look_ahead) {
        const auto child = chain.parent.Derive(chain.derived);
        if (child) { // BIP 32: an index without a key is passed over
            const auto key = child->key.Public();
            m_keys.emplace(key.Id(), child->key);
            AddScript(key, static_cast<AddressType>(id.type), {false, id, chain.derived, {}, {}});
        }
        ++chain.derived;
    }
}

void KeyRing::SetNextIndex(const ChainId& id, uint32_t next)
{
    const auto it = m_chains.find(id);
    if (it == m_chains.end()) return;
    it->second.next = std::max(it->second.next, next);
    DeriveAhead(id, it->second);
}

void KeyRing::AddImported(const crypto::PrivateKey& key)
{
    const auto pubkey = key.Public();
    m_keys.emplace(pubkey.Id(), key);
    for (const auto type : ALL_TYPES) {
        if (type == AddressType::Legacy || pubkey.IsCompressed())
            AddScript(pubkey, type, {true, {}, 0, {}, {}});
    }
}

KeyRing::Fresh KeyRing::Next(AddressType type, bool change)
{
    const ChainId id = IdOf(type, change);
    Chain& chain = ChainOf(id);
    auto child = chain.parent.Derive(chain.next);
    while (!child)
        child = chain.parent.Derive(++chain.next);
    ++chain.next;
    DeriveAhead(id, chain);
    return {ScriptFor(child->key.Public(), type), MakeNextIndexRow(id, chain.next)};
}

std::optional<RowChange> KeyRing::MarkUsed(ByteSpan script)
{
    const auto* origin = Find(script);
    if (origin == nullptr || origin->imported) return std::nullopt;
    Chain& chain = ChainOf(origin->chain);
    if (origin->index < chain.next) return std::nullopt;
    const ChainId id = origin->chain;
    chain.next = origin->index + 1;
    DeriveAhead(id, chain);
    return MakeNextIndexRow(id, chain.next);
}

const ScriptOrigin* KeyRing::Find(ByteSpan script) const
{
    const auto it = m_scripts.find(script);
    return it == m_scripts.end() ? nullptr : &it->second;
}

std::optional<crypto::PrivateKey> KeyRing::KeyOf(const base::Hash160& id) const
{
    const auto it = m_keys.find(id);
    if (it == m_keys.end()) return std::nullopt;
    return it->second;
}

std::optional<crypto::PrivateKey> KeyRing::KeyOfScript(ByteSpan script) const
{
    const auto* origin = Find(script);
    return origin == nullptr ? std::nullopt : KeyOf(origin->key_id);
}

std::string KeyRing::PathOf(const ScriptOrigin& origin) const
{
    if (origin.imported) return {};
    const script::HdPath path{PurposeOf(origin.type) | HARDENED, m_coin_type | HARDENED, HARDENED,
                              origin.chain.change, origin.index};
    return "m" + script::HdPathText(path, '\'');
}

uint64_t KeyRing::Unused() const
{
    uint64_t out = 0;
    for (const auto& [id, chain] : m_chains)
        out += chain.derived - chain.next;
    return out;
}

script::SigningProvider KeyRing::Provider() const
{
    script::SigningProvider out;
    out.key_by_id = [this](const base::Hash160& id) { return KeyOf(id); };
    out.redeem_script = [this](const base::Hash160& id) -> std::optional<Bytes> {
        const auto it = m_redeem_scripts.find(id);
        if (it == m_redeem_scripts.end()) return std::nullopt;
        return it->second;
    };
    return out;
}

} // namespace emc::wallet
