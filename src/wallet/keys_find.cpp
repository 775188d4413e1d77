/// From scripts to keys.
#include "crypto/hash.h"
#include "crypto/random.h"
#include "wallet/keys_impl.h"

namespace emc::wallet {

namespace {

using base::Hash160;

/// A script of one of the four forms: which, and the hash by which its key is found.
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
    if (s.size() == 34 && s[0] == 0x51 && s[1] == 0x20)
        return Form{AddressType::Bech32m, crypto::Hash160Of(s.subspan(2))};
    return std::nullopt;
}

/// Chain code and key.
constexpr size_t PARENT_BYTES = 64;

} // namespace

/// Deriving it from the seed takes five steps, so it is kept while the vault is open.
std::optional<script::ExtPrivateKey> KeyRing::Impl::ParentOf(const ChainId& id) const
{
    const auto chain = chains.find(id);
    if (chain == chains.end() || vault.IsLocked()) return std::nullopt;
    script::ExtPrivateKey out;
    const auto kept = parents.find(id);
    if (kept == parents.end()) {
        const auto root = Root();
        auto path = AccountPath(id.type);
        path.push_back(id.change);
        const auto parent = root ? root->Derive(path) : std::nullopt;
        if (!parent) return std::nullopt;
        SecureBytes raw(PARENT_BYTES);
        std::memcpy(raw.Mutable().data(), parent->chain_code.data(), 32);
        std::memcpy(raw.Mutable().data() + 32, parent->key.Span().data(), 32);
        parents.emplace(id, std::move(raw));
        return parent;
    }
    out.place = chain->second.parent.place;
    out.chain_code = *Hash256::From(kept->second.Span().first(32));
    out.key = *crypto::PrivateKey::From(kept->second.Span().subspan(32));
    return out;
}

std::optional<crypto::PrivateKey> KeyRing::Impl::DerivedKey(const Derived& place) const
{
    const auto parent = ParentOf(place.chain);
    const auto child = parent ? parent->Derive(place.index) : std::nullopt;
    if (!child) return std::nullopt;
    return child->key;
}

std::optional<crypto::PublicKey> KeyRing::Impl::DerivedPublic(const Derived& place) const
{
    const auto child = chains.at(place.chain).parent.Derive(place.index);
    if (!child) return std::nullopt;
    return child->key;
}

script::HdPath KeyRing::Impl::PathOf(const Derived& place) const
{
    auto path = AccountPath(place.chain.type);
    path.push_back(place.chain.change);
    path.push_back(place.index);
    return path;
}

std::optional<script::DerivedKey> KeyRing::Impl::DescriptorKey(const Hash160& id) const
{
    const auto place = descriptors.FindKey(id);
    if (!place) return std::nullopt;
    for (auto& key : descriptors.Expand(*place).keys) {
        if (key.key.Id() == id) return key;
    }
    return std::nullopt;
}

std::optional<ScriptOrigin> KeyRing::Locate(ByteSpan script) const
{
    const auto form = FormOf(script);
    Hash160 id = form ? form->hash : Hash160{};
    if (form && form->type == AddressType::P2shSegwit) {
        const auto it = m_impl->key_of_script_hash.find(id);
        id = it == m_impl->key_of_script_hash.end() ? Hash160{} : it->second;
    }
    const auto it = form ? m_impl->derived.find(id) : m_impl->derived.end();
    if (it != m_impl->derived.end() && it->second.chain.type == static_cast<uint8_t>(form->type)) {
        return ScriptOrigin{.chain = it->second.chain,
                            .index = it->second.index,
                            .key_id = id,
                            .type = form->type,
                            .descriptor = std::nullopt,
                            .change = it->second.chain.change != 0};
    }
    const auto key = form ? m_impl->imported.find(id) : m_impl->imported.end();
    if (key != m_impl->imported.end() && (form->type == AddressType::Legacy || key->second.IsCompressed()))
        return ScriptOrigin{
            .imported = true, .chain = {}, .key_id = id, .type = form->type, .descriptor = std::nullopt};
    const auto place = m_impl->descriptors.Find(script);
    if (!place) return std::nullopt;
    ScriptOrigin out;
    out.descriptor = place->number;
    out.index = place->index;
    out.change = m_impl->descriptors.Row(place->number).internal;
    return out;
}

std::optional<ScriptOrigin> KeyRing::Find(ByteSpan script) const
{
    auto out = Locate(script);
    if (!out || !out->descriptor) return out;
    const auto form = FormOf(script);
    const auto& descriptor = m_impl->descriptors.Public(*out->descriptor);
    out->solvable = descriptor.IsSolvable();
    out->type =
        m_impl->descriptors.TypeOf(*out->descriptor).value_or(form ? form->type : AddressType::Legacy);
    const auto keys = descriptor.Expand(out->index);
    if (keys && keys->keys.size() == 1) out->key_id = keys->keys[0].key.Id();
    return out;
}

void KeyRing::Extend(ScriptList& list) const
{
    for (const auto& [id, chain] : m_impl->chains) {
        const auto type = static_cast<AddressType>(id.type);
        uint32_t& index = list.taken[id];
        for (; index < chain.ids.size(); ++index) {
            if (chain.ids[index].IsNull()) continue;
            if (type != AddressType::Bech32m) {
                list.derived.push_back(ScriptForId(chain.ids[index], type));
            } else if (const auto child = chain.parent.Derive(index)) { // its id tells no output key
                list.derived.push_back(ScriptFor(child->key, type));
            }
        }
    }
    const size_t count = m_impl->imported.size() + m_impl->descriptors.ScriptCount();
    if (list.others_counted == count) return;
    list.others_counted = count;
    list.others = m_impl->descriptors.Scripts();
    for (const auto& [id, key] : m_impl->imported) {
        list.others.push_back(ScriptForId(id, AddressType::Legacy));
        if (!key.IsCompressed()) continue;
        for (const auto type : {AddressType::P2shSegwit, AddressType::Bech32})
            list.others.push_back(ScriptForId(id, type));
    }
}

std::optional<crypto::PrivateKey> KeyRing::KeyOf(const Hash160& id) const
{
    const auto& impl = *m_impl;
    if (impl.vault.IsLocked()) return std::nullopt;
    if (impl.imported.contains(id)) {
        const auto secret = impl.vault.Get(ImportedKey(id));
        return secret ? ReadImportedSecret(secret->Span()) : std::nullopt;
    }
    if (const auto it = impl.derived.find(id); it != impl.derived.end()) return impl.DerivedKey(it->second);
    const auto key = impl.DescriptorKey(id);
    return key ? key->secret : std::nullopt;
}

std::optional<crypto::PublicKey> KeyRing::PublicOf(const Hash160& id) const
{
    if (const auto it = m_impl->imported.find(id); it != m_impl->imported.end()) return it->second;
    if (const auto it = m_impl->derived.find(id); it != m_impl->derived.end())
        return m_impl->DerivedPublic(it->second);
    const auto key = m_impl->DescriptorKey(id);
    if (!key) return std::nullopt;
    return key->key;
}

std::optional<script::KeyOrigin> KeyRing::OriginOf(const Hash160& id) const
{
    if (const auto it = m_impl->derived.find(id); it != m_impl->derived.end())
        return script::KeyOrigin{m_impl->accounts.at(it->second.chain.type).root, m_impl->PathOf(it->second)};
    if (const auto it = m_impl->imported.find(id); it != m_impl->imported.end())
        return script::KeyOrigin{script::FingerprintOf(it->second), {}};
    const auto key = m_impl->DescriptorKey(id);
    if (!key) return std::nullopt;
    return key->origin;
}

std::optional<crypto::PrivateKey> KeyRing::KeyOfScript(ByteSpan script) const
{
    const auto origin = Find(script);
    return origin && !origin->key_id.IsNull() ? KeyOf(origin->key_id) : std::nullopt;
}

std::string KeyRing::PathOf(const ScriptOrigin& origin) const
{
    if (origin.imported || origin.key_id.IsNull()) return {};
    const auto tree = OriginOf(origin.key_id);
    return tree && !tree->path.empty() ? "m" + script::HdPathText(tree->path, '\'') : std::string();
}

std::string KeyRing::ChainDescriptor(const ChainId& id, bool with_secret) const
{
    const auto& account = m_impl->accounts.at(id.type);
    const auto path = m_impl->AccountPath(id.type);
    const auto root = with_secret ? m_impl->Root() : std::nullopt;
    std::string key;
    if (root) {
        key = script::EncodeExtPrivate(m_impl->params, *root) + script::HdPathText(path);
    } else {
        key = "[" + base::Hex(account.root) + script::HdPathText(path) + "]" +
              script::EncodeExtPublic(m_impl->params, account.key);
    }
    key += id.change != 0 ? "/1/*" : "/0/*";
    constexpr std::pair<std::string_view, std::string_view> FORMS[] = {
        {"pkh(", ")"}, {"sh(wpkh(", "))"}, {"wpkh(", ")"}, {"tr(", ")"}};
    const auto& [before, behind] = FORMS[id.type];
    const std::string text = std::string(before) + key + std::string(behind);
    crypto::Wipe({reinterpret_cast<uint8_t*>(key.data()), key.size()});
    return text + "#" + script::DescriptorChecksum(text).value_or("");
}

size_t KeyRing::InputWeight(ByteSpan script) const
{
    const auto origin = Find(script);
    if (!origin || !origin->solvable) return 0;
    // The key of a legacy address may be an uncompressed one.
    if (origin->descriptor || (origin->imported && origin->type == AddressType::Legacy))
        return script::EstimateInputWeight(Provider(), script);
    return m_impl->weights[static_cast<size_t>(origin->type)];
}

std::optional<crypto::PrivateKey> KeyRing::Impl::TaprootKey(const crypto::XOnlyKey& key) const
{
    if (vault.IsLocked()) return std::nullopt;
    if (const auto it = derived.find(crypto::Hash160Of(key.Span())); it != derived.end()) {
        const auto internal = DerivedKey(it->second);
        return internal ? script::TapTweakSecret(*internal, nullptr) : std::nullopt;
    }
    if (const auto place = descriptors.Find(script::PayToTaproot(key))) {
        const auto outputs = descriptors.Expand(*place);
        if (!outputs.taproot || outputs.keys.empty() || !outputs.keys[0].secret) return std::nullopt;
        return script::TapTweakSecret(*outputs.keys[0].secret,
                                      outputs.taproot->root ? &*outputs.taproot->root : nullptr);
    }
    const auto place = descriptors.FindKey(key);
    if (!place) return std::nullopt;
    for (const auto& one : descriptors.Expand(*place).keys) {
        const auto point = crypto::ToXOnly(one.key);
        if (point && point->key == key) return one.secret;
    }
    return std::nullopt;
}

std::optional<script::TaprootSpend> KeyRing::Impl::SpendOf(const crypto::XOnlyKey& output) const
{
    if (const auto it = derived.find(crypto::Hash160Of(output.Span())); it != derived.end()) {
        const auto key = DerivedPublic(it->second);
        const auto internal = key ? crypto::ToXOnly(*key) : std::nullopt;
        if (!internal) return std::nullopt;
        return script::TaprootSpend{internal->key, std::nullopt, {}};
    }
    const auto place = descriptors.Find(script::PayToTaproot(output));
    return place ? descriptors.Expand(*place).taproot : std::nullopt;
}

script::SigningProvider KeyRing::Provider() const
{
    script::SigningProvider out;
    out.key_by_id = [this](const Hash160& id) { return KeyOf(id); };
    out.public_key = [this](const Hash160& id) { return PublicOf(id); };
    out.key_origin = [this](const Hash160& id) { return OriginOf(id); };
    out.taproot_key = [this](const crypto::XOnlyKey& key) { return m_impl->TaprootKey(key); };
    out.taproot_spend = [this](const crypto::XOnlyKey& key) { return m_impl->SpendOf(key); };
    out.redeem_script = [this](const Hash160& id) -> std::optional<Bytes> {
        const auto it = m_impl->key_of_script_hash.find(id);
        if (it != m_impl->key_of_script_hash.end()) return script::PayToWitnessKeyHash(it->second);
        const auto place = m_impl->descriptors.FindRedeem(id);
        if (!place) return std::nullopt;
        for (auto& script : m_impl->descriptors.Expand(*place).redeem_scripts) {
            if (crypto::Hash160Of(script) == id) return script;
        }
        return std::nullopt;
    };
    out.witness_script = [this](const Hash256& sha) -> std::optional<Bytes> {
        const auto place = m_impl->descriptors.FindWitness(sha);
        if (!place) return std::nullopt;
        auto scripts = m_impl->descriptors.Expand(*place).witness_scripts;
        return scripts.empty() ? std::nullopt : std::optional(std::move(scripts[0]));
    };
    return out;
}

} // namespace emc::wallet
