// Hash functions, message authentication, key derivation and ciphers. Signatures: vectors_keys.cpp.
#include "crypto/cipher.h"
#include "crypto/hash.h"
#include "crypto/sha256.h"
#include "vectors/registry.h"

#include <algorithm>

namespace emc::vectors {
namespace {

using base::Bytes;
using base::ByteSpan;
using codec::Json;

template <typename Array>
Bytes Copy(const Array& in)
{
    return Bytes(in.begin(), in.end());
}

template <typename In>
void Append(Bytes& out, const In& in)
{
    out.insert(out.end(), in.begin(), in.end());
}

struct HashFunction {
    std::string_view name;
    Bytes (*digest)(ByteSpan);
    size_t block_bytes;
};

Bytes DigestSha1(ByteSpan in)
{
    return Copy(crypto::Sha1(in));
}

Bytes DigestSha256(ByteSpan in)
{
    return Copy(crypto::Sha256Of(in));
}

Bytes DigestSha256d(ByteSpan in)
{
    return Copy(crypto::Sha256d(in));
}

Bytes DigestSha512(ByteSpan in)
{
    return Copy(crypto::Sha512(in));
}

Bytes DigestSha3(ByteSpan in)
{
    return Copy(crypto::Sha3_256(in));
}

Bytes DigestRipemd160(ByteSpan in)
{
    return Copy(crypto::Ripemd160(in));
}

Bytes DigestHash160(ByteSpan in)
{
    return Copy(crypto::Hash160Of(in));
}

constexpr std::array<HashFunction, 7> HASHES{{
    {"sha1", DigestSha1, 64},
    {"sha256", DigestSha256, 64},
    {"hash256", DigestSha256d, 64},
    {"sha512", DigestSha512, 128},
    {"sha3-256", DigestSha3, 136},
    {"ripemd160", DigestRipemd160, 64},
    {"hash160", DigestHash160, 64},
}};

/// RFC 2104 over any hash function, for those whose HMAC the program itself does not need.
Bytes GenericHmac(const HashFunction& hash, ByteSpan key, ByteSpan in)
{
    Bytes padded = key.size() > hash.block_bytes ? hash.digest(key) : Bytes(key.begin(), key.end());
    padded.resize(hash.block_bytes, 0);
    Bytes inner = padded;
    Bytes outer = padded;
    for (uint8_t& b : inner)
        b ^= 0x36;
    for (uint8_t& b : outer)
        b ^= 0x5c;
    Append(inner, in);
    Append(outer, hash.digest(inner));
    return hash.digest(outer);
}

Bytes Hmac(const HashFunction& hash, ByteSpan key, ByteSpan in)
{
    if (hash.name == "sha1") return Copy(crypto::HmacSha1(key, in));
    if (hash.name == "sha256") return Copy(crypto::HmacSha256(key, in));
    if (hash.name == "sha512") return Copy(crypto::HmacSha512(key, in));
    return GenericHmac(hash, key, in);
}

/// The part of "folder/name.json" between '/' and '.'.
std::string_view Stem(std::string_view name)
{
    name.remove_prefix(name.rfind('/') + 1);
    return name.substr(0, name.find('.'));
}

/// Rows [message, size, HMAC key or null, digest].
void RunHashes(const VectorFile& file, Report& report)
{
    const auto hash = std::find_if(HASHES.begin(), HASHES.end(),
                                   [&](const HashFunction& h) { return h.name == Stem(file.name); });
    if (hash == HASHES.end()) return report.Skip("this hash function is not used here");
    size_t row = 0;
    for (const Json& entry : Items(file.json)) {
        const Bytes message = HexField(entry[0]);
        const Bytes got =
            entry[2].isNull() ? hash->digest(message) : Hmac(*hash, HexField(entry[2]), message);
        report.CheckBytes(got, HexField(entry[3]), "row " + std::to_string(row++));
    }
}

void RunHashLists(const VectorFile& file, Report& report)
{
    for (const Json& entry : Items(file.json["hashes"])) {
        const Bytes message = HexField(entry["hex"]);
        for (const HashFunction& hash : HASHES) {
            const std::string name(hash.name);
            if (!entry.exists(name)) continue;
            report.CheckBytes(hash.digest(message), HexField(entry[name]),
                              name + " of " + TextField(entry["hex"]));
        }
    }
    for (const Json& entry : Items(file.json["taggedHash"])) {
        const std::string tag = TextField(entry["tag"]);
        const Bytes message = HexField(entry["hex"]);
        const Bytes want = HexField(entry["result"]);
        report.CheckBytes(crypto::TaggedHash(tag, message).Span(), want, "tagged hash " + tag);
        report.CheckBytes(crypto::TaggedHasher(tag).Write(message).Finish().Span(), want,
                          "tagged hasher " + tag);
    }
}

/// Rows [key, iv, plain, cipher].
void RunAesRows(const VectorFile& file, Report& report)
{
    size_t row = 0;
    for (const Json& entry : Items(file.json)) {
        const auto key = HexArray<32>(entry[0]);
        const auto iv = HexArray<16>(entry[1]);
        const Bytes plain = HexField(entry[2]);
        const Bytes cipher = HexField(entry[3]);
        const std::string id = "row " + std::to_string(row++);
        report.CheckBytes(crypto::Aes256CbcEncrypt(key, iv, plain), cipher, id + " encrypt");
        report.CheckBytes(crypto::Aes256CbcDecrypt(key, iv, cipher).value_or(Bytes{}), plain,
                          id + " decrypt");
    }
}

/// The subkey of XChaCha20 (draft-irtf-cfrg-xchacha): words 0-3 and 12-15 of a block before the final
/// addition, here taken back from the key stream.
crypto::Key32 HChaCha20(const crypto::Key32& key, ByteSpan nonce16)
{
    const auto word = [](const uint8_t* in) {
        uint32_t out = 0;
        std::memcpy(&out, in, sizeof(out));
        return out;
    };
    std::array<uint8_t, 12> nonce{};
    std::copy_n(nonce16.begin() + 4, nonce.size(), nonce.begin());
    std::array<uint8_t, 64> block{};
    crypto::ChaCha20Xor(key, nonce, word(nonce16.data()), block);
    constexpr std::string_view CONSTANT = "expand 32-byte k";
    crypto::Key32 out{};
    for (size_t i = 0; i < 8; ++i) {
        const size_t at = i < 4 ? 4 * i : 4 * i + 32;
        const uint8_t* initial =
            i < 4 ? base::AsBytes(CONSTANT).data() + 4 * i : nonce16.data() + 4 * (i - 4);
        const uint32_t value = word(block.data() + at) - word(initial);
        std::memcpy(out.data() + 4 * i, &value, sizeof(value));
    }
    return out;
}

/// Rows [key, nonce of 12 or 24 bytes, counter, in, out].
void RunChaCha20(const VectorFile& file, Report& report)
{
    size_t row = 0;
    for (const Json& entry : Items(file.json)) {
        const std::string id = "row " + std::to_string(row++);
        auto key = HexArray<32>(entry[0]);
        const Bytes long_nonce = HexField(entry[1]);
        std::array<uint8_t, 12> nonce{};
        if (long_nonce.size() == 24) {
            key = HChaCha20(key, ByteSpan(long_nonce).first(16));
            std::copy_n(long_nonce.begin() + 16, 8, nonce.begin() + 4);
        } else {
            nonce = HexArray<12>(entry[1]);
        }
        Bytes data = HexField(entry[3]);
        crypto::ChaCha20Xor(key, nonce, static_cast<uint32_t>(IntField(entry[2])), data);
        report.CheckBytes(data, HexField(entry[4]), id);
    }
}

/// Rows [key, message, tag].
void RunPoly1305(const VectorFile& file, Report& report)
{
    size_t row = 0;
    for (const Json& entry : Items(file.json)) {
        report.CheckBytes(crypto::Poly1305(HexArray<32>(entry[0]), HexField(entry[1])), HexField(entry[2]),
                          "row " + std::to_string(row++));
    }
}

/// Rows [hash, password, salt, rounds, length, key].
void RunPbkdf2Rows(const VectorFile& file, Report& report)
{
    size_t row = 0;
    for (const Json& entry : Items(file.json)) {
        const std::string id = "row " + std::to_string(row++);
        const std::string hash = TextField(entry[0]);
        if (hash != "SHA256" && hash != "SHA512") {
            report.Skip("PBKDF2 is used with SHA-256 and SHA-512 only");
            continue;
        }
        const Bytes password = HexField(entry[1]);
        const Bytes salt = HexField(entry[2]);
        const auto rounds = static_cast<uint32_t>(IntField(entry[3]));
        Bytes key(static_cast<size_t>(IntField(entry[4])));
        if (hash == "SHA256") {
            crypto::Pbkdf2Sha256(password, salt, rounds, key);
        } else {
            crypto::Pbkdf2Sha512(password, salt, rounds, key);
        }
        report.CheckBytes(key, HexField(entry[5]), id);
    }
}

using CaseHandler = void (*)(const Json& group, const Json& test, const std::string& id, Report& report);

/// Walks over the groups of a Wycheproof file.
void EachTest(const VectorFile& file, Report& report, CaseHandler handler)
{
    for (const Json& group : Items(file.json["testGroups"])) {
        for (const Json& test : Items(group["tests"])) {
            handler(group, test, "tcId " + TextField(test["tcId"]), report);
        }
    }
}

bool WantsValid(const Json& test)
{
    return TextField(test["result"]) != "invalid";
}

/// The tag of a MAC test is the front part of the computed one.
void CheckMac(const Json& group, const Json& test, ByteSpan mac, const std::string& id, Report& report)
{
    const Bytes tag = HexField(test["tag"]);
    const auto bytes = static_cast<size_t>(IntField(group["tagSize"]) / 8);
    const bool same =
        tag.size() == bytes && bytes <= mac.size() && std::equal(tag.begin(), tag.end(), mac.begin());
    report.Check(same == WantsValid(test), id, "mac " + base::Hex(mac));
}

void RunHmac(const VectorFile& file, Report& report)
{
    CaseHandler handler = [](const Json& group, const Json& test, const std::string& id, Report& out) {
        CheckMac(group, test, crypto::HmacSha256(HexField(test["key"]), HexField(test["msg"])).Span(), id,
                 out);
    };
    if (file.name.find("sha1") != std::string::npos) {
        handler = [](const Json& group, const Json& test, const std::string& id, Report& out) {
            CheckMac(group, test, crypto::HmacSha1(HexField(test["key"]), HexField(test["msg"])), id, out);
        };
    } else if (file.name.find("sha512") != std::string::npos) {
        handler = [](const Json& group, const Json& test, const std::string& id, Report& out) {
            CheckMac(group, test, crypto::HmacSha512(HexField(test["key"]), HexField(test["msg"])), id, out);
        };
    }
    EachTest(file, report, handler);
}

void RunSipHash(const VectorFile& file, Report& report)
{
    EachTest(file, report, [](const Json& group, const Json& test, const std::string& id, Report& out) {
        const auto key = HexArray<16>(test["key"]);
        std::array<uint64_t, 2> halves{};
        std::memcpy(halves.data(), key.data(), key.size());
        const uint64_t hash = crypto::SipHash24(halves[0], halves[1], HexField(test["msg"]));
        std::array<uint8_t, 8> mac{};
        std::memcpy(mac.data(), &hash, mac.size());
        CheckMac(group, test, mac, id, out);
    });
}

void RunHkdf(const VectorFile& file, Report& report)
{
    EachTest(file, report, [](const Json&, const Json& test, const std::string& id, Report& out) {
        constexpr int64_t LONGEST = int64_t{255} * 32;
        if (IntField(test["size"]) > LONGEST) {
            out.Check(!WantsValid(test), id, "longer than HKDF can give");
            return;
        }
        Bytes key(static_cast<size_t>(IntField(test["size"])));
        crypto::HkdfSha256(HexField(test["ikm"]), HexField(test["salt"]), HexField(test["info"]), key);
        out.CheckBytes(key, HexField(test["okm"]), id);
    });
}

void RunPbkdf2Tests(const VectorFile& file, Report& report)
{
    const bool sha512 = file.name.find("sha512") != std::string::npos;
    const auto derive = sha512 ? crypto::Pbkdf2Sha512 : crypto::Pbkdf2Sha256;
    for (const Json& group : Items(file.json["testGroups"])) {
        for (const Json& test : Items(group["tests"])) {
            Bytes key(static_cast<size_t>(IntField(test["dkLen"])));
            derive(HexField(test["password"]), HexField(test["salt"]),
                   static_cast<uint32_t>(IntField(test["iterationCount"])), key);
            report.CheckBytes(key, HexField(test["dk"]), "tcId " + TextField(test["tcId"]));
        }
    }
}

void RunAesTests(const VectorFile& file, Report& report)
{
    EachTest(file, report, [](const Json& group, const Json& test, const std::string& id, Report& out) {
        if (IntField(group["keySize"]) != 256) return out.Skip("AES is used with 256-bit keys only");
        const auto key = HexArray<32>(test["key"]);
        const auto iv = HexArray<16>(test["iv"]);
        const Bytes message = HexField(test["msg"]);
        const Bytes cipher = HexField(test["ct"]);
        const auto plain = crypto::Aes256CbcDecrypt(key, iv, cipher);
        if (!WantsValid(test)) return out.Check(!plain, id, "decrypts but must not");
        if (!plain) return out.Fail(id, "does not decrypt");
        const bool same = *plain == message && crypto::Aes256CbcEncrypt(key, iv, message) == cipher;
        out.Check(same, id, "plain " + base::Hex(*plain));
    });
}

void RunAeadTests(const VectorFile& file, Report& report)
{
    EachTest(file, report, [](const Json&, const Json& test, const std::string& id, Report& out) {
        const auto key = HexArray<32>(test["key"]);
        if (HexField(test["iv"]).size() != 12) {
            // The interface takes nonces of 12 bytes only, so another size cannot be passed.
            return out.Check(!WantsValid(test), id, "nonce size");
        }
        const auto nonce = HexArray<12>(test["iv"]);
        const Bytes aad = HexField(test["aad"]);
        const Bytes message = HexField(test["msg"]);
        Bytes sealed = HexField(test["ct"]);
        Append(sealed, HexField(test["tag"]));
        const auto plain = crypto::ChaCha20Poly1305Open(key, nonce, aad, sealed);
        if (!WantsValid(test)) return out.Check(!plain, id, "opens but must not");
        const bool same =
            plain == message && crypto::ChaCha20Poly1305Seal(key, nonce, aad, message) == sealed;
        out.Check(same, id, "sealed text or plain text differs");
    });
}

} // namespace

std::vector<Entry> CryptoEntries()
{
    return {
        {"bcrypto/sha*.json", RunHashes},
        {"bcrypto/hash*.json", RunHashes},
        {"bcrypto/ripemd160.json", RunHashes},
        {"bcrypto/aes-256-cbc.json", RunAesRows},
        {"bcrypto/chacha20.json", RunChaCha20},
        {"bcrypto/poly1305.json", RunPoly1305},
        {"bcrypto/pbkdf2.json", RunPbkdf2Rows},
        {"bitcoinjs/lib/crypto.json", RunHashLists},
        {"wycheproof/hmac_*.json", RunHmac},
        {"wycheproof/siphash_2_4_test.json", RunSipHash},
        {"wycheproof/hkdf_sha256_test.json", RunHkdf},
        {"wycheproof/pbkdf2_*.json", RunPbkdf2Tests},
        {"wycheproof/aes_cbc_pkcs5_test.json", RunAesTests},
        {"wycheproof/chacha20_poly1305_test.json", RunAeadTests},
        {"bips/bip-0327/*.json", nullptr, "not run yet: MuSig2 key aggregation is not in this version"},
    };
}

} // namespace emc::vectors
