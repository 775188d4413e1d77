#include "unit/script/spend.h"

#include "crypto/hash.h"
#include "crypto/sha256.h"
#include "script/taproot.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {

base::Bytes Words(std::string_view text)
{
    auto script = vectors::ScriptFromWords(text);
    BOOST_REQUIRE_MESSAGE(script, "script not understood: " << text);
    return *script;
}

crypto::PrivateKey KeyNumber(uint8_t n, bool compressed)
{
    base::Bytes secret(32, 0x11);
    secret[31] = n;
    return *crypto::PrivateKey::From(secret, compressed);
}

Spend::Spend(base::Bytes script, primitives::Amount value)
{
    for (uint32_t i = 0; i < 2; ++i) {
        primitives::TxIn input;
        input.prevout.txid.bytes[0] = 7;
        input.prevout.index = i;
        input.sequence = 0xfffffffd - i;
        tx.inputs.push_back(input);
        spent.push_back({value + i, script});
        tx.outputs.push_back({value / 2 + i, base::Bytes{0x51, static_cast<uint8_t>(0x51 + i)}});
    }
    tx.lock_time = 17;
}

script::Error Spend::Verify(script::Flags flags, script::SignatureCache* cache) const
{
    const auto result = script::VerifyInput(Precomputed(), 0, flags, cache);
    return result ? script::Error::Ok : result.Error();
}

bool Spend::Sign(const script::SigningProvider& provider, int hash_type)
{
    const auto result = script::SignInput(provider, Precomputed(), 0, hash_type);
    tx.inputs[0].script_sig = result.script_sig;
    tx.inputs[0].witness = result.witness;
    return result.complete;
}

script::Error RunScript(std::string_view words, script::Flags flags)
{
    // What is on the stack at the end is not judged: the output script after it says yes.
    Spend spend(Words("1"));
    spend.tx.inputs[0].script_sig = Words(words);
    return spend.Verify(flags);
}

script::SigningProvider ProviderOf(std::vector<crypto::PrivateKey> keys, std::vector<base::Bytes> scripts)
{
    script::SigningProvider out;
    out.key_by_id = [keys](const base::Hash160& id) -> std::optional<crypto::PrivateKey> {
        for (const auto& key : keys) {
            if (key.Public().Id() == id) return key;
        }
        return std::nullopt;
    };
    out.taproot_key = [keys](const crypto::XOnlyKey& output) -> std::optional<crypto::PrivateKey> {
        for (const auto& key : keys) {
            const auto tweaked = script::TapTweakSecret(key, nullptr);
            if (tweaked && crypto::ToXOnly(tweaked->Public())->key == output) return tweaked;
        }
        return std::nullopt;
    };
    out.redeem_script = [scripts](const base::Hash160& id) -> std::optional<base::Bytes> {
        for (const auto& script : scripts) {
            if (crypto::Hash160Of(script) == id) return script;
        }
        return std::nullopt;
    };
    out.witness_script = [scripts](const base::Hash256& sha) -> std::optional<base::Bytes> {
        for (const auto& script : scripts) {
            if (crypto::Sha256Of(script) == sha) return script;
        }
        return std::nullopt;
    };
    return out;
}

} // namespace emc::test
