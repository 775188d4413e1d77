#include "psbt/fields.h"

#include "crypto/hash.h"
#include "crypto/sha256.h"
#include "script/taproot.h"

namespace emc::psbt {

namespace {

using Wrong = std::optional<std::string>;

constexpr size_t FINGERPRINT_BYTES = 4;
constexpr size_t STEP_BYTES = 4;
constexpr size_t XPUB_BYTES = 78;
constexpr size_t XPUB_DEPTH_AT = 4;
constexpr size_t COMPRESSED_BYTES = 33;
constexpr size_t UNCOMPRESSED_BYTES = 65;
constexpr size_t XONLY_BYTES = 32;
constexpr size_t MUSIG_NONCE_BYTES = 66;

Wrong KeySize(const Field& field, size_t size)
{
    if (field.KeyData().size() == size) return std::nullopt;
    return "has a key of " + std::to_string(field.key.size()) + " bytes; " + std::to_string(size + 1) +
           " is right";
}

Wrong ValueSize(const Field& field, size_t size)
{
    if (field.value.size() == size) return std::nullopt;
    return "has a value of " + std::to_string(field.value.size()) + " bytes; " + std::to_string(size) +
           " is right";
}

// A type whose key has nothing behind it.
Wrong Single(const Field& field, bool value_is_good, std::string_view what)
{
    if (auto wrong = KeySize(field, 0)) return wrong;
    if (value_is_good) return std::nullopt;
    return "is no " + std::string(what);
}

bool IsKey(ByteSpan bytes)
{
    const auto key = crypto::PublicKey::From(bytes);
    return key && key->IsOnCurve();
}

bool IsXOnly(ByteSpan bytes)
{
    const auto key = crypto::XOnlyKey::From(bytes);
    return key && crypto::IsOnCurve(*key);
}

Wrong WithKey(const Field& field, bool value_is_good, std::string_view what)
{
    const size_t size = field.KeyData().size();
    if (size != COMPRESSED_BYTES && size != UNCOMPRESSED_BYTES)
        return "has a key of " + std::to_string(field.key.size()) + " bytes; 34 or 66 is right";
    if (!IsKey(field.KeyData())) return "names no public key";
    if (value_is_good) return std::nullopt;
    return "holds no " + std::string(what);
}

Wrong WithXOnly(const Field& field, bool value_is_good)
{
    if (auto wrong = KeySize(field, XONLY_BYTES)) return wrong;
    if (!IsXOnly(field.KeyData())) return "names no x-only public key";
    if (value_is_good) return std::nullopt;
    return "holds no way to a key";
}

bool IsEcdsaSignature(ByteSpan value)
{
    return !value.empty() && crypto::IsStrictDer(value.first(value.size() - 1));
}

bool IsSchnorrSignature(ByteSpan value)
{
    return value.size() == 64 || value.size() == 65;
}

Wrong CheckXpub(const Field& field)
{
    if (auto wrong = KeySize(field, XPUB_BYTES)) return wrong;
    const auto origin = ReadOrigin(field.value);
    if (!origin) return "holds no way to a key";
    if (origin->path.size() != field.KeyData()[XPUB_DEPTH_AT])
        return "names a depth other than the length of its path";
    return IsKey(field.KeyData().last(COMPRESSED_BYTES)) ? Wrong() : "names no public key";
}

Wrong CheckProprietary(const Field& field)
{
    codec::Reader in(field.KeyData());
    (void)in.TakeSized();
    (void)in.CompactSize(UINT64_MAX);
    return in.Ok() ? Wrong() : "has a key without identifier and subtype";
}

Wrong CheckPreimage(const Field& field, size_t hash_bytes)
{
    if (auto wrong = KeySize(field, hash_bytes)) return wrong;
    Bytes hash;
    const auto take = [&hash](const auto& h) { hash.assign(h.begin(), h.end()); };
    switch (field.key[0]) {
    case IN_RIPEMD160:
        take(crypto::Ripemd160(field.value));
        break;
    case IN_SHA256:
        take(crypto::Sha256Of(field.value));
        break;
    case IN_HASH160:
        take(crypto::Hash160Of(field.value));
        break;
    default:
        take(crypto::Sha256d(field.value));
        break;
    }
    const ByteSpan want = field.KeyData();
    return std::equal(hash.begin(), hash.end(), want.begin(), want.end())
               ? Wrong()
               : "holds a value that does not hash to its key";
}

Wrong CheckMusigKeys(const Field& field)
{
    if (auto wrong = KeySize(field, COMPRESSED_BYTES)) return wrong;
    if (!IsKey(field.KeyData())) return "names no public key";
    if (field.value.empty() || field.value.size() % COMPRESSED_BYTES != 0)
        return "holds no list of compressed keys";
    for (size_t at = 0; at < field.value.size(); at += COMPRESSED_BYTES) {
        if (!IsKey(ByteSpan(field.value).subspan(at, COMPRESSED_BYTES))) return "lists what is no public key";
    }
    return std::nullopt;
}

Wrong CheckMusigPart(const Field& field, size_t value_bytes)
{
    const ByteSpan key = field.KeyData();
    if (key.size() != 2 * COMPRESSED_BYTES && key.size() != 2 * COMPRESSED_BYTES + XONLY_BYTES)
        return "has a key of " + std::to_string(field.key.size()) + " bytes; 67 or 99 is right";
    if (!IsKey(key.first(COMPRESSED_BYTES)) || !IsKey(key.subspan(COMPRESSED_BYTES, COMPRESSED_BYTES)))
        return "names no public key";
    return ValueSize(field, value_bytes);
}

Wrong CheckGlobal(const Field& field)
{
    switch (field.key[0]) {
    case GLOBAL_TX:
        return KeySize(field, 0);
    case GLOBAL_XPUB:
        return CheckXpub(field);
    case GLOBAL_VERSION: {
        if (auto wrong = Single(field, field.value.size() == 4, "version of 4 bytes")) return wrong;
        const bool zero = field.value == Bytes(4, 0);
        return zero ? Wrong() : "names a version other than 0, the only one this program knows";
    }
    default:
        if (field.key[0] > GLOBAL_XPUB && field.key[0] <= GLOBAL_LAST_OF_V2)
            return "belongs to version 2 of the format";
        return std::nullopt;
    }
}

bool IsLeaf(const Field& field)
{
    return script::IsControlSize(field.KeyData().size()) && !field.value.empty();
}

Wrong CheckTaprootInput(const Field& field)
{
    switch (field.key[0]) {
    case IN_TAP_KEY_SIG:
        return Single(field, IsSchnorrSignature(field.value), "signature of 64 or 65 bytes");
    case IN_TAP_SCRIPT_SIG:
        if (auto wrong = KeySize(field, XONLY_BYTES + Hash256::SIZE)) return wrong;
        return IsSchnorrSignature(field.value) ? Wrong() : "holds no signature of 64 or 65 bytes";
    case IN_TAP_LEAF:
        return IsLeaf(field) ? Wrong() : "is no control block with its script";
    case IN_TAP_DERIVATION:
        return WithXOnly(field, ReadTapOrigin(field.value).has_value());
    case IN_TAP_INTERNAL_KEY:
        return Single(field, IsXOnly(field.value), "x-only public key");
    case IN_TAP_ROOT:
        return Single(field, field.value.size() == Hash256::SIZE, "hash of 32 bytes");
    case IN_MUSIG_KEYS:
        return CheckMusigKeys(field);
    case IN_MUSIG_NONCE:
        return CheckMusigPart(field, MUSIG_NONCE_BYTES);
    case IN_MUSIG_SIG:
        return CheckMusigPart(field, Hash256::SIZE);
    default:
        return std::nullopt;
    }
}

Wrong CheckInputField(const Field& field)
{
    switch (field.key[0]) {
    case IN_PREVIOUS_TX:
        return Single(field, primitives::ParseTransaction(field.value) != nullptr, "transaction");
    case IN_SPENT_OUTPUT:
        return Single(field, ReadOutput(field.value).has_value(), "output of a transaction");
    case IN_PARTIAL_SIG:
        return WithKey(field, IsEcdsaSignature(field.value), "signature");
    case IN_SIGHASH_TYPE:
        return Single(field, field.value.size() == 4, "hash type of 4 bytes");
    case IN_DERIVATION:
        return WithKey(field, ReadOrigin(field.value).has_value(), "way to a key");
    case IN_REDEEM_SCRIPT:
    case IN_WITNESS_SCRIPT:
    case IN_FINAL_SCRIPT_SIG:
    case IN_RESERVES:
        return KeySize(field, 0);
    case IN_FINAL_WITNESS:
        return Single(field, ReadWitness(field.value).has_value(), "witness");
    case IN_RIPEMD160:
    case IN_HASH160:
        return CheckPreimage(field, base::Hash160::SIZE);
    case IN_SHA256:
    case IN_HASH256:
        return CheckPreimage(field, Hash256::SIZE);
    default:
        if (field.key[0] >= IN_FIRST_OF_V2 && field.key[0] <= IN_LAST_OF_V2)
            return "belongs to version 2 of the format";
        return CheckTaprootInput(field);
    }
}

Wrong CheckOutputField(const Field& field)
{
    switch (field.key[0]) {
    case OUT_REDEEM_SCRIPT:
    case OUT_WITNESS_SCRIPT:
        return KeySize(field, 0);
    case OUT_DERIVATION:
        return WithKey(field, ReadOrigin(field.value).has_value(), "way to a key");
    case OUT_TAP_INTERNAL_KEY:
        return Single(field, IsXOnly(field.value), "x-only public key");
    case OUT_TAP_TREE:
        return Single(field, ReadTree(field.value).has_value(), "script tree");
    case OUT_TAP_DERIVATION:
        return WithXOnly(field, ReadTapOrigin(field.value).has_value());
    case OUT_MUSIG_KEYS:
        return CheckMusigKeys(field);
    default:
        if (field.key[0] >= OUT_FIRST_OF_V2 && field.key[0] <= OUT_LAST_OF_V2)
            return "belongs to version 2 of the format";
        return std::nullopt;
    }
}

} // namespace

std::optional<script::KeyOrigin> ReadOrigin(ByteSpan value)
{
    if (value.size() < FINGERPRINT_BYTES || value.size() % STEP_BYTES != 0) return std::nullopt;
    codec::Reader in(value);
    script::KeyOrigin out;
    const ByteSpan fingerprint = in.Take(FINGERPRINT_BYTES);
    std::copy(fingerprint.begin(), fingerprint.end(), out.fingerprint.begin());
    while (in.Remaining() > 0)
        out.path.push_back(in.U32());
    return out;
}

Bytes WriteOrigin(const script::KeyOrigin& origin)
{
    Bytes out;
    codec::Writer writer(out);
    writer.Raw(origin.fingerprint);
    for (const uint32_t step : origin.path)
        writer.U32(step);
    return out;
}

std::optional<TapOrigin> ReadTapOrigin(ByteSpan value)
{
    codec::Reader in(value);
    TapOrigin out;
    const size_t count = in.Count(Hash256::SIZE);
    for (size_t i = 0; i < count; ++i)
        out.leaves.push_back(in.Hash());
    if (!in.Ok()) return std::nullopt;
    auto origin = ReadOrigin(in.Take(in.Remaining()));
    if (!origin) return std::nullopt;
    out.origin = std::move(*origin);
    return out;
}

Bytes WriteTapOrigin(const TapOrigin& origin)
{
    Bytes out;
    codec::Writer writer(out);
    writer.CompactSize(origin.leaves.size());
    for (const auto& leaf : origin.leaves)
        writer.Raw(leaf.Span());
    writer.Raw(WriteOrigin(origin.origin));
    return out;
}

std::optional<primitives::Witness> ReadWitness(ByteSpan value)
{
    codec::Reader in(value);
    primitives::Witness out(in.Count(1));
    for (auto& item : out)
        item = in.SizedBytes();
    if (!in.Done()) return std::nullopt;
    return out;
}

Bytes WriteWitness(const primitives::Witness& witness)
{
    Bytes out;
    codec::Writer writer(out);
    writer.CompactSize(witness.size());
    for (const auto& item : witness)
        writer.Sized(item);
    return out;
}

std::optional<primitives::TxOut> ReadOutput(ByteSpan value)
{
    codec::Reader in(value);
    auto out = primitives::ReadTxOut(in);
    if (!in.Done()) return std::nullopt;
    return out;
}

Bytes WriteOutput(const primitives::TxOut& output)
{
    Bytes out;
    codec::Writer writer(out);
    primitives::Write(writer, output);
    return out;
}

std::optional<std::vector<TreeLeaf>> ReadTree(ByteSpan value)
{
    codec::Reader in(value);
    std::vector<TreeLeaf> out;
    // How many places are taken at the present depth and above: every leaf must fit into a binary tree.
    std::vector<bool> open; // one a level: is the right branch still free?
    bool whole = false;
    while (in.Ok() && in.Remaining() > 0) {
        TreeLeaf leaf;
        leaf.depth = in.U8();
        leaf.version = in.U8();
        leaf.script = in.SizedBytes();
        if (whole || leaf.depth > script::MAX_TREE_DEPTH || (leaf.version & 1) != 0) return std::nullopt;
        if (leaf.depth < open.size()) return std::nullopt;
        open.resize(leaf.depth, true);
        while (!open.empty() && !open.back())
            open.pop_back();
        whole = open.empty();
        if (!whole) open.back() = false;
        out.push_back(std::move(leaf));
    }
    if (!in.Done() || !whole) return std::nullopt;
    return out;
}

std::optional<std::string> CheckField(Place place, const Field& field)
{
    if (field.key[0] == PROPRIETARY) return CheckProprietary(field);
    switch (place) {
    case Place::Global:
        return CheckGlobal(field);
    case Place::Input:
        return CheckInputField(field);
    case Place::Output:
        return CheckOutputField(field);
    }
    return std::nullopt;
}

} // namespace emc::psbt
