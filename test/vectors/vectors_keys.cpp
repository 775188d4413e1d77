// secp256k1: ECDSA, recoverable ECDSA, BIP 340, ECDH, key arithmetic.
#include "codec/base58.h"
#include "crypto/hash.h"
#include "crypto/keys.h"
#include "crypto/sha256.h"
#include "vectors/registry.h"

#include <algorithm>

namespace emc::vectors {
namespace {

using base::Bytes;
using base::ByteSpan;
using base::Hash256;
using codec::Json;
using crypto::PrivateKey;
using crypto::PublicKey;

Hash256 HashField(const Json& value)
{
    Hash256 out;
    out.bytes = HexArray<32>(value);
    return out;
}

/// The key's bytes, empty when there is none.
Bytes KeyBytes(const std::optional<PublicKey>& key)
{
    if (!key) return {};
    return Bytes(key->Span().begin(), key->Span().end());
}

Bytes KeyBytes(const std::optional<PrivateKey>& key)
{
    if (!key) return {};
    return Bytes(key->Span().begin(), key->Span().end());
}

/// A positive DER integer of shortest form at the front of `in`; its bytes without the leading zero.
std::optional<Bytes> TakeDerInteger(ByteSpan& in)
{
    if (in.size() < 2 || in[0] != 0x02 || in[1] == 0 || in[1] > in.size() - 2) return std::nullopt;
    ByteSpan value = in.subspan(2, in[1]);
    in = in.subspan(2 + value.size());
    if ((value[0] & 0x80) != 0) return std::nullopt;
    const bool leading_zero = value[0] == 0 && value.size() > 1;
    if (leading_zero && (value[1] & 0x80) == 0) return std::nullopt;
    if (leading_zero) value = value.subspan(1);
    return Bytes(value.begin(), value.end());
}

struct RawSignature {
    Bytes r;
    Bytes s;
};

/// r and s of a signature in the one form DER allows (BIP 66, without hash type).
std::optional<RawSignature> ParseStrictDer(ByteSpan in)
{
    if (in.size() < 2 || in[0] != 0x30 || in[1] > 0x7f || in[1] != in.size() - 2) return std::nullopt;
    ByteSpan rest = in.subspan(2);
    auto r = TakeDerInteger(rest);
    if (!r) return std::nullopt;
    auto s = TakeDerInteger(rest);
    if (!s || !rest.empty()) return std::nullopt;
    return RawSignature{std::move(*r), std::move(*s)};
}

void AppendDerInteger(Bytes& out, Bytes value)
{
    while (value.size() > 1 && value[0] == 0)
        value.erase(value.begin());
    if (value.empty() || (value[0] & 0x80) != 0) value.insert(value.begin(), 0);
    out.push_back(0x02);
    out.push_back(static_cast<uint8_t>(value.size()));
    out.insert(out.end(), value.begin(), value.end());
}

Bytes MakeDer(const Bytes& r, const Bytes& s)
{
    Bytes body;
    AppendDerInteger(body, r);
    AppendDerInteger(body, s);
    Bytes out{0x30, static_cast<uint8_t>(body.size())};
    out.insert(out.end(), body.begin(), body.end());
    return out;
}

/// A number in front of which zeros were left out, as 32 bytes.
Bytes Pad32(Bytes in)
{
    if (in.size() < 32) in.insert(in.begin(), 32 - in.size(), 0);
    return in;
}

void RunEcdsaTests(const VectorFile& file, Report& report)
{
    const bool low_s = file.name.find("_bitcoin_") != std::string::npos;
    for (const Json& group : Items(file.json["testGroups"])) {
        const auto key = PublicKey::From(HexField(group["publicKey"]["uncompressed"]));
        for (const Json& test : Items(group["tests"])) {
            const std::string id = "tcId " + TextField(test["tcId"]);
            if (!key) {
                report.Fail(id, "public key of the group");
                continue;
            }
            const Bytes signature = HexField(test["sig"]);
            const bool good = ParseStrictDer(signature) && (!low_s || crypto::IsLowS(signature)) &&
                              crypto::VerifyEcdsa(*key, crypto::Sha256Of(HexField(test["msg"])), signature);
            report.Check(good == (TextField(test["result"]) == "valid"), id, TextField(test["comment"]));
        }
    }
}

/// The point in a SubjectPublicKeyInfo of secp256k1 written the one usual way (RFC 5480, named curve).
std::optional<PublicKey> KeyFromInfo(ByteSpan info)
{
    constexpr std::string_view UNCOMPRESSED = "3056301006072a8648ce3d020106052b8104000a034200";
    constexpr std::string_view COMPRESSED = "3036301006072a8648ce3d020106052b8104000a032200";
    for (const std::string_view form : {UNCOMPRESSED, COMPRESSED}) {
        const Bytes head = base::FromHex(form).value_or(Bytes{});
        if (info.size() <= head.size() || !std::equal(head.begin(), head.end(), info.begin())) continue;
        return PublicKey::From(info.subspan(head.size()));
    }
    return std::nullopt;
}

/// libsecp256k1 hashes the compressed shared point; the tests give its x coordinate, so both parities are
/// tried.
bool IsHashOfPoint(const Hash256& hash, const Bytes& x)
{
    for (const uint8_t parity : {uint8_t{2}, uint8_t{3}}) {
        Bytes point{parity};
        point.insert(point.end(), x.begin(), x.end());
        if (crypto::Sha256Of(point) == hash) return true;
    }
    return false;
}

void RunEcdhTests(const VectorFile& file, Report& report)
{
    for (const Json& group : Items(file.json["testGroups"])) {
        for (const Json& test : Items(group["tests"])) {
            const std::string id = "tcId " + TextField(test["tcId"]);
            const std::string result = TextField(test["result"]);
            Bytes secret = Pad32(HexField(test["private"]));
            secret.erase(secret.begin(), secret.end() - 32);
            const auto ours = PrivateKey::From(secret);
            const auto theirs = KeyFromInfo(HexField(test["public"]));
            const auto shared = ours && theirs ? ours->Ecdh(*theirs) : std::nullopt;
            if (result == "invalid" || (result == "acceptable" && !shared)) {
                report.Check(!shared, id, "agreed on a bad key: " + TextField(test["comment"]));
            } else {
                report.Check(shared && IsHashOfPoint(*shared, HexField(test["shared"])), id,
                             "shared secret differs");
            }
        }
    }
}

void CheckKeyArithmetic(const Json& row, const std::string& id, Report& report)
{
    const auto secret = PrivateKey::From(HexField(row[0]));
    const auto key = PublicKey::From(HexField(row[1]));
    if (!secret || !key) return report.Fail(id, "keys do not parse");
    const Hash256 tweak = HashField(row[2]);
    report.CheckBytes(KeyBytes(secret->Public()), HexField(row[1]), id + " public key");
    report.CheckBytes(KeyBytes(secret->AddTweak(tweak)), HexField(row[3]), id + " private + tweak");
    report.CheckBytes(KeyBytes(key->AddTweak(tweak)), HexField(row[7]), id + " public + tweak");
    report.CheckBytes(KeyBytes(key->Uncompressed()), HexField(row[11]), id + " uncompressed");
    const auto hybrid = PublicKey::From(HexField(row[12]));
    report.Check(hybrid && hybrid->IsOnCurve(), id + " hybrid", "no point");
    report.CheckBytes(hybrid ? KeyBytes(hybrid->Compressed()) : Bytes{}, HexField(row[1]),
                      id + " hybrid, compressed");
    const auto from_info = KeyFromInfo(HexField(row[16]));
    report.CheckBytes(from_info ? KeyBytes(from_info->Compressed()) : Bytes{}, HexField(row[1]),
                      id + " key info");
    const auto other = PrivateKey::From(HexField(row[21]));
    const auto shared = other ? other->Ecdh(*key) : std::nullopt;
    report.Check(shared == crypto::Sha256Of(HexField(row[22])), id + " shared secret", "differs");
}

void CheckSigning(const Json& row, const std::string& id, Report& report)
{
    const auto secret = PrivateKey::From(HexField(row[0]));
    const auto key = PublicKey::From(HexField(row[1]));
    if (!secret || !key) return;
    const Hash256 message = HashField(row[17]);
    const Bytes raw = HexField(row[18]);
    const Bytes der = HexField(row[19]);
    report.CheckBytes(secret->SignEcdsa(message, false), der, id + " signature");
    report.Check(crypto::VerifyEcdsa(*key, message, der), id + " verify", "does not verify");
    Hash256 other = message;
    other.bytes[31] ^= 1;
    report.Check(!crypto::VerifyEcdsa(*key, other, der), id + " other message", "verifies but must not");

    const auto compact = secret->SignCompact(message);
    const auto header = static_cast<uint8_t>(31 + IntField(row[20]));
    Bytes want{header};
    want.insert(want.end(), raw.begin(), raw.end());
    report.CheckBytes(compact, want, id + " recoverable signature");
    report.CheckBytes(KeyBytes(crypto::RecoverCompact(message, want)), HexField(row[1]),
                      id + " recovered key");
}

/// Rows of one key pair, what can be computed from it, and one signature.
void RunSignatureRows(const VectorFile& file, Report& report)
{
    size_t number = 0;
    for (const Json& row : Items(file.json)) {
        const std::string id = "row " + std::to_string(number++);
        CheckKeyArithmetic(row, id, report);
        CheckSigning(row, id, report);
    }
}

/// x coordinate of nonce × G, which is the r of a signature made with that nonce.
Bytes NoncePoint(const Bytes& nonce)
{
    const auto key = PrivateKey::From(nonce);
    if (!key) return {};
    const Bytes point = KeyBytes(key->Public());
    return Bytes(point.begin() + 1, point.end());
}

void RunEcdsaFixtures(const VectorFile& file, Report& report)
{
    for (const Json& entry : Items(file.json["valid"]["ecdsa"])) {
        const std::string message = TextField(entry["message"]);
        const Hash256 hash = crypto::Sha256Of(base::AsBytes(message));
        const auto secret = PrivateKey::From(Pad32(HexField(entry["d"])));
        const Bytes der = MakeDer(HexField(entry["signature"]["r"]), HexField(entry["signature"]["s"]));
        report.CheckBytes(secret ? secret->SignEcdsa(hash, false) : Bytes{}, der, "sign \"" + message + "\"");
        report.Check(secret && crypto::VerifyEcdsa(secret->Public(), hash, der), "verify \"" + message + "\"",
                     "false");
    }
    for (const Json& entry : Items(file.json["valid"]["rfc6979"])) {
        const std::string message = TextField(entry["message"]);
        const auto secret = PrivateKey::From(Pad32(HexField(entry["d"])));
        const Bytes der =
            secret ? secret->SignEcdsa(crypto::Sha256Of(base::AsBytes(message)), false) : Bytes{};
        const auto parsed = ParseStrictDer(der);
        report.CheckBytes(parsed ? Pad32(parsed->r) : Bytes{}, NoncePoint(HexField(entry["k0"])),
                          "nonce of \"" + message + "\"");
    }
    for (const Json& entry : Items(file.json["invalid"]["verify"])) {
        const std::string id = TextField(entry["description"]);
        const Hash256 hash = crypto::Sha256Of(base::AsBytes(TextField(entry["message"])));
        const auto secret = PrivateKey::From(Pad32(HexField(entry["d"])));
        // A negative number is no hex here and becomes zero, another value out of range.
        const Bytes der = MakeDer(HexField(entry["signature"]["r"]), HexField(entry["signature"]["s"]));
        report.Check(secret && !crypto::VerifyEcdsa(secret->Public(), hash, der), id,
                     "verifies but must not");
    }
}

/// Columns: index, secret key, public key, auxiliary randomness, message, signature, result, comment.
void RunSchnorr(const VectorFile& file, Report& report)
{
    const auto rows = file.CsvRows();
    for (size_t i = 1; i < rows.size(); ++i) {
        const auto& row = rows[i];
        if (row.size() < 7) {
            report.Fail("line " + std::to_string(i + 1), "too few columns");
            continue;
        }
        const std::string id = "index " + row[0];
        const auto key = crypto::XOnlyKey::From(HexField(Json(row[2])));
        const Bytes message = HexField(Json(row[4]));
        const Bytes signature = HexField(Json(row[5]));
        const bool good = key && crypto::VerifySchnorr(*key, message, signature);
        report.Check(good == (row[6] == "TRUE"), id, "verification result");
        const auto secret = PrivateKey::From(HexField(Json(row[1])));
        if (!secret) continue;
        if (message.size() != Hash256::SIZE) {
            report.Skip("only 32-byte messages are signed");
            continue;
        }
        report.CheckBytes(secret->SignSchnorr(HashField(Json(row[4])), HashField(Json(row[3]))), signature,
                          id + " sign");
    }
}

constexpr uint8_t MAIN_SECRET_PREFIX = 0x80;
constexpr uint8_t TEST_SECRET_PREFIX = 0xef;
constexpr uint8_t MAIN_ADDRESS_PREFIX = 0;
constexpr uint8_t TEST_ADDRESS_PREFIX = 111;

/// Version byte, 32 bytes, 01 for compressed keys.
struct WalletText {
    uint8_t prefix = 0;
    PrivateKey key;
};

std::optional<WalletText> ParseWalletText(std::string_view text)
{
    const auto bytes = codec::Base58CheckDecode(text);
    if (!bytes || bytes->size() < 33 || bytes->size() > 34) return std::nullopt;
    const bool compressed = bytes->size() == 34;
    if (compressed && bytes->back() != 1) return std::nullopt;
    const auto key = PrivateKey::From(ByteSpan(*bytes).subspan(1, 32), compressed);
    if (!key) return std::nullopt;
    return WalletText{bytes->front(), *key};
}

void CheckPair(const Json& entry, Report& report)
{
    const std::string text = TextField(entry["WIF"]);
    const bool test_net = TextField(entry["network"]) == "testnet";
    const bool compressed = entry["compressed"].isTrue();
    const auto key = PrivateKey::From(HexField(entry["d"]), compressed);
    if (!key) return report.Fail(text, "private key does not parse");
    report.CheckBytes(KeyBytes(key->Public()), HexField(entry["Q"]), text + " public key");

    Bytes address{test_net ? TEST_ADDRESS_PREFIX : MAIN_ADDRESS_PREFIX};
    const auto id = key->Public().Id();
    address.insert(address.end(), id.begin(), id.end());
    report.CheckText(codec::Base58CheckEncode(address), TextField(entry["address"]), text + " address");

    const uint8_t prefix = test_net ? TEST_SECRET_PREFIX : MAIN_SECRET_PREFIX;
    Bytes secret{prefix};
    secret.insert(secret.end(), key->Span().begin(), key->Span().end());
    if (compressed) secret.push_back(1);
    report.CheckText(codec::Base58CheckEncode(secret), text, text + " text of the key");
    const auto parsed = ParseWalletText(text);
    report.Check(parsed && parsed->prefix == prefix && KeyBytes(parsed->key) == KeyBytes(*key) &&
                     parsed->key.IsCompressed() == compressed,
                 text + " parsed", "differs");
}

void RunKeyPairs(const VectorFile& file, Report& report)
{
    for (const Json& entry : Items(file.json["valid"]))
        CheckPair(entry, report);
    const Json& invalid = file.json["invalid"];
    for (const Json& entry : Items(invalid["fromPrivateKey"])) {
        if (entry.exists("options")) {
            report.Skip("types of JavaScript options");
            continue;
        }
        report.Check(!PrivateKey::From(HexField(entry["d"])), TextField(entry["d"]), "taken but must not");
    }
    for (const Json& entry : Items(invalid["fromPublicKey"])) {
        if (!entry["options"].empty()) {
            report.Skip("types of JavaScript options");
            continue;
        }
        const auto key = PublicKey::From(HexField(entry["Q"]));
        report.Check(!key || !key->IsOnCurve(), "public key " + TextField(entry["Q"]), "taken but must not");
    }
    for (const Json& entry : Items(invalid["fromWIF"])) {
        const auto parsed = ParseWalletText(TextField(entry["WIF"]));
        const bool wrong_net = parsed && parsed->prefix != MAIN_SECRET_PREFIX;
        report.Check(!parsed || wrong_net, TextField(entry["WIF"]), "taken but must not");
    }
}

} // namespace

std::vector<Entry> KeyEntries()
{
    return {
        {"bcrypto/sign_secp256k1.json", RunSignatureRows},
        {"bitcoin-core/bip340_test_vectors.csv", RunSchnorr},
        {"bitcoinjs/lib/ecdsa.json", RunEcdsaFixtures},
        {"bitcoinjs/lib/ecpair.json", RunKeyPairs},
        {"wycheproof/ecdsa_*.json", RunEcdsaTests},
        {"wycheproof/ecdh_secp256k1_test.json", RunEcdhTests},
    };
}

} // namespace emc::vectors
