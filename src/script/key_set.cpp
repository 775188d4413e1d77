#include "script/key_set.h"

#include "crypto/hash.h"
#include "crypto/sha256.h"

#include <map>

namespace emc::script {

namespace {

using base::Hash160;
using base::Hash256;

template <typename Map, typename Key>
std::optional<typename Map::mapped_type> ValueAt(const Map& map, const Key& key)
{
    const auto it = map.find(key);
    return it == map.end() ? std::nullopt : std::optional(it->second);
}

} // namespace

struct KeySet::Impl {
    std::map<Hash160, crypto::PrivateKey> secrets;
    std::map<Hash160, crypto::PublicKey> keys;
    std::map<Hash160, KeyOrigin> origins;
    std::map<crypto::XOnlyKey, crypto::PrivateKey> taproot;
    std::map<crypto::XOnlyKey, TaprootSpend> spends;
    std::map<Hash160, Bytes> redeem_scripts;
    std::map<Hash256, Bytes> witness_scripts;
};

KeySet::KeySet() : m_impl(std::make_unique<Impl>()) {}

KeySet::~KeySet() = default;

void KeySet::Add(const crypto::PrivateKey& key)
{
    const auto pubkey = key.Public();
    m_impl->secrets.emplace(pubkey.Id(), key);
    m_impl->keys.emplace(pubkey.Id(), pubkey);
    const auto x_only = crypto::ToXOnly(pubkey);
    if (!x_only) return;
    m_impl->taproot.emplace(x_only->key, key);
    if (const auto tweaked = TapTweakSecret(key, nullptr)) {
        if (const auto output = crypto::ToXOnly(tweaked->Public()))
            m_impl->taproot.emplace(output->key, *tweaked);
    }
}

void KeySet::Add(const Bytes& script)
{
    m_impl->redeem_scripts.emplace(crypto::Hash160Of(script), script);
    m_impl->witness_scripts.emplace(crypto::Sha256Of(script), script);
}

void KeySet::Add(const DescriptorOutputs& outputs)
{
    for (const auto& key : outputs.keys) {
        if (key.secret) Add(*key.secret);
        m_impl->keys.emplace(key.key.Id(), key.key);
        m_impl->origins.emplace(key.key.Id(), key.origin);
    }
    for (const auto& script : outputs.redeem_scripts)
        Add(script);
    for (const auto& script : outputs.witness_scripts)
        Add(script);
    if (!outputs.taproot) return;
    const Hash256* root = outputs.taproot->root ? &*outputs.taproot->root : nullptr;
    const auto output =
        crypto::TweakXOnly(outputs.taproot->internal_key, TapTweakHash(outputs.taproot->internal_key, root));
    if (!output) return;
    m_impl->spends.emplace(output->key, *outputs.taproot);
    const auto internal = ValueAt(m_impl->taproot, outputs.taproot->internal_key);
    const auto tweaked = internal ? TapTweakSecret(*internal, root) : std::nullopt;
    if (tweaked) m_impl->taproot.emplace(output->key, *tweaked);
}

SigningProvider KeySet::Provider() const
{
    SigningProvider out;
    const Impl* impl = m_impl.get();
    out.key_by_id = [impl](const Hash160& id) { return ValueAt(impl->secrets, id); };
    out.public_key = [impl](const Hash160& id) { return ValueAt(impl->keys, id); };
    out.key_origin = [impl](const Hash160& id) { return ValueAt(impl->origins, id); };
    out.taproot_key = [impl](const crypto::XOnlyKey& key) { return ValueAt(impl->taproot, key); };
    out.taproot_spend = [impl](const crypto::XOnlyKey& key) { return ValueAt(impl->spends, key); };
    out.redeem_script = [impl](const Hash160& id) { return ValueAt(impl->redeem_scripts, id); };
    out.witness_script = [impl](const Hash256& hash) { return ValueAt(impl->witness_scripts, hash); };
    return out;
}

} // namespace emc::script
