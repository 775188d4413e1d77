#include "script/hd_key.h"

#include "codec/base58.h"
#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/hash.h"
#include "crypto/random.h"

#include <algorithm>

namespace emc::script {

namespace {

using base::Hash256;

constexpr size_t ENCODED_BYTES = 78;
constexpr size_t KEY_BYTES = 33;
constexpr uint8_t MAX_DEPTH = 255;
constexpr std::string_view SEED_KEY = "Bitcoin seed"; // part of BIP 32, the same on every chain

// One step's HMAC, split: what is added to the key, and the chain code.
struct StepHash {
    Hash256 tweak;
    Hash256 chain_code;
};

StepHash Step(const Hash256& chain_code, ByteSpan key33, uint32_t child)
{
    Bytes data(key33.begin(), key33.end());
    codec::Writer(data).U32Big(child);
    crypto::Digest64 digest = crypto::HmacSha512(chain_code.Span(), data);
    StepHash out{*Hash256::From(ByteSpan(digest).first(32)), *Hash256::From(ByteSpan(digest).last(32))};
    crypto::Wipe(data);
    crypto::Wipe(digest);
    return out;
}

Bytes SecretAsKey(const crypto::PrivateKey& key)
{
    Bytes out{0};
    out.insert(out.end(), key.Span().begin(), key.Span().end());
    return out;
}

std::string Encode(uint32_t prefix, const HdPlace& place, const Hash256& chain_code, ByteSpan key33)
{
    Bytes raw;
    raw.reserve(ENCODED_BYTES);
    codec::Writer out(raw);
    out.U32Big(prefix);
    out.U8(place.depth);
    out.Raw(place.parent);
    out.U32Big(place.child);
    out.Raw(chain_code.Span());
    out.Raw(key33);
    std::string text = codec::Base58CheckEncode(raw);
    crypto::Wipe(raw);
    return text;
}

struct Fields {
    HdPlace place;
    Hash256 chain_code;
    Bytes key33;
};

std::optional<Fields> Decode(uint32_t prefix, std::string_view text)
{
    auto raw = codec::Base58CheckDecode(text);
    if (!raw || raw->size() != ENCODED_BYTES) return std::nullopt;
    codec::Reader in(*raw);
    const uint32_t found = in.U32Big();
    Fields out;
    out.place.depth = in.U8();
    const ByteSpan parent = in.Take(out.place.parent.size());
    std::copy(parent.begin(), parent.end(), out.place.parent.begin());
    out.place.child = in.U32Big();
    out.chain_code = in.Hash();
    const ByteSpan key = in.Take(KEY_BYTES);
    out.key33.assign(key.begin(), key.end());
    crypto::Wipe(*raw);
    if (found != prefix) return std::nullopt;
    if (out.place.depth == 0 && out.place != HdPlace{}) return std::nullopt;
    return out;
}

std::optional<uint32_t> ParseChild(std::string_view text)
{
    uint32_t hardened = 0;
    if (!text.empty() && (text.back() == '\'' || text.back() == 'h' || text.back() == 'H')) {
        hardened = HARDENED;
        text.remove_suffix(1);
    }
    if (text.empty() || text.size() > 10) return std::nullopt;
    uint64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<uint64_t>(c - '0');
    }
    if (value >= HARDENED) return std::nullopt;
    return static_cast<uint32_t>(value) | hardened;
}

} // namespace

std::optional<HdPath> ParseHdPath(std::string_view text)
{
    HdPath out;
    if (text.empty() || text == "m") return out;
    if (text.starts_with("m/")) text.remove_prefix(2);
    for (;;) {
        const size_t slash = text.find('/');
        const auto child = ParseChild(text.substr(0, slash));
        if (!child) return std::nullopt;
        out.push_back(*child);
        if (slash == std::string_view::npos) return out;
        text.remove_prefix(slash + 1);
    }
}

std::string HdPathText(const HdPath& path, char mark)
{
    std::string out;
    for (const uint32_t child : path) {
        out += '/';
        out += std::to_string(child & ~HARDENED);
        if (child >= HARDENED) out += mark;
    }
    return out;
}

Fingerprint FingerprintOf(const crypto::PublicKey& key)
{
    Fingerprint out{};
    const base::Hash160 id = key.Id();
    std::copy_n(id.begin(), out.size(), out.begin());
    return out;
}

std::optional<ExtPublicKey> ExtPublicKey::Derive(uint32_t child) const
{
    if (child >= HARDENED || place.depth == MAX_DEPTH) return std::nullopt;
    const StepHash step = Step(chain_code, key.Span(), child);
    const auto derived = key.AddTweak(step.tweak);
    if (!derived) return std::nullopt;
    return ExtPublicKey{
        {static_cast<uint8_t>(place.depth + 1), FingerprintOf(key), child}, step.chain_code, *derived};
}

std::optional<ExtPrivateKey> ExtPrivateKey::FromSeed(ByteSpan seed)
{
    if (seed.size() < 16 || seed.size() > 64) return std::nullopt;
    crypto::Digest64 digest = crypto::HmacSha512(base::AsBytes(SEED_KEY), seed);
    const auto key = crypto::PrivateKey::From(ByteSpan(digest).first(32));
    const auto chain_code = *Hash256::From(ByteSpan(digest).last(32));
    crypto::Wipe(digest);
    if (!key) return std::nullopt;
    return ExtPrivateKey{{}, chain_code, *key};
}

std::optional<ExtPrivateKey> ExtPrivateKey::Derive(uint32_t child) const
{
    if (place.depth == MAX_DEPTH) return std::nullopt;
    const crypto::PublicKey own = key.Public();
    StepHash step;
    if (child >= HARDENED) {
        Bytes secret = SecretAsKey(key);
        step = Step(chain_code, secret, child);
        crypto::Wipe(secret);
    } else {
        step = Step(chain_code, own.Span(), child);
    }
    const auto derived = key.AddTweak(step.tweak);
    crypto::Wipe(step.tweak.bytes);
    if (!derived) return std::nullopt;
    return ExtPrivateKey{
        {static_cast<uint8_t>(place.depth + 1), FingerprintOf(own), child}, step.chain_code, *derived};
}

std::optional<ExtPrivateKey> ExtPrivateKey::Derive(const HdPath& path) const
{
    std::optional<ExtPrivateKey> out = *this;
    for (const uint32_t child : path) {
        out = out->Derive(child);
        if (!out) return std::nullopt;
    }
    return out;
}

ExtPublicKey ExtPrivateKey::Neuter() const
{
    return {place, chain_code, key.Public()};
}

std::string EncodeExtPublic(const AddressParams& params, const ExtPublicKey& key)
{
    return Encode(params.ext_public, key.place, key.chain_code, key.key.Span());
}

std::string EncodeExtPrivate(const AddressParams& params, const ExtPrivateKey& key)
{
    Bytes secret = SecretAsKey(key.key);
    std::string out = Encode(params.ext_secret, key.place, key.chain_code, secret);
    crypto::Wipe(secret);
    return out;
}

std::optional<ExtPublicKey> DecodeExtPublic(const AddressParams& params, std::string_view text)
{
    const auto fields = Decode(params.ext_public, text);
    if (!fields) return std::nullopt;
    const auto key = crypto::PublicKey::From(fields->key33);
    if (!key || !key->IsOnCurve()) return std::nullopt;
    return ExtPublicKey{fields->place, fields->chain_code, *key};
}

std::optional<ExtPrivateKey> DecodeExtPrivate(const AddressParams& params, std::string_view text)
{
    auto fields = Decode(params.ext_secret, text);
    if (!fields) return std::nullopt;
    const auto key =
        fields->key33[0] == 0 ? crypto::PrivateKey::From(ByteSpan(fields->key33).subspan(1)) : std::nullopt;
    crypto::Wipe(fields->key33);
    if (!key) return std::nullopt;
    return ExtPrivateKey{fields->place, fields->chain_code, *key};
}

} // namespace emc::script
