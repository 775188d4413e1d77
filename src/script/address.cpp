#include "script/address.h"

#include "codec/base58.h"
#include "codec/bech32.h"
#include "crypto/random.h"

namespace emc::script {

namespace {

using base::Unexpected;
using Decoded = base::Expected<Bytes, std::string>;

constexpr size_t HASH_BYTES = 20;
constexpr size_t SECRET_BYTES = 32;
constexpr size_t MAX_ADDRESS_CHARS = 120;
constexpr std::string_view BASE58_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

std::string LowerCase(std::string_view text)
{
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::string WithPrefix(uint8_t prefix, ByteSpan payload)
{
    Bytes raw{prefix};
    raw.insert(raw.end(), payload.begin(), payload.end());
    return codec::Base58CheckEncode(raw);
}

// What is wrong with a text that begins like a bech32 address of this network.
std::string SegwitProblem(std::string_view text, std::string_view prefix)
{
    const auto decoded = codec::Bech32Decode(text);
    if (!decoded) {
        return "The address is not valid Bech32: a character is wrong, missing, or upper and lower case are "
               "mixed.";
    }
    if (decoded->prefix != prefix) {
        return "The address belongs to another network: it begins with \"" + decoded->prefix +
               "1\", here addresses begin with \"" + std::string(prefix) + "1\".";
    }
    if (decoded->words.empty()) return "The address holds no witness program.";
    const int version = decoded->words[0];
    if (version > 16)
        return "The witness version must be 0 to 16, this address says " + std::to_string(version) + ".";
    if (version == 0 && decoded->kind != codec::Bech32Kind::Bech32) {
        return "An address of witness version 0 must use the Bech32 checksum, this one uses Bech32m.";
    }
    if (version != 0 && decoded->kind != codec::Bech32Kind::Bech32m) {
        return "An address of witness version 1 or above must use the Bech32m checksum, this one uses "
               "Bech32.";
    }
    const auto program = codec::FromWords(ByteSpan(decoded->words).subspan(1));
    if (!program) return "The padding behind the witness program is wrong.";
    if (version == 0) {
        return "A witness program of version 0 has 20 or 32 bytes, this one has " +
               std::to_string(program->size()) + ".";
    }
    return "A witness program has 2 to 40 bytes, this one has " + std::to_string(program->size()) + ".";
}

bool LooksLikeBech32(std::string_view text)
{
    const size_t separator = text.rfind('1');
    if (separator == std::string_view::npos || separator == 0) return false;
    // Every character behind the separator is of the Bech32 alphabet, and at least one is not of base58, or
    // the text is too long or too short for base58.
    const std::string lower = LowerCase(text.substr(separator + 1));
    const bool charset = lower.find_first_not_of("qpzry9x8gf2tvdw0s3jn54khce6mua7l") == std::string::npos;
    return charset && (text.size() > 36 || lower.find('0') != std::string::npos || text.size() < 26);
}

Decoded DecodeBase58(const AddressParams& params, std::string_view text)
{
    if (const size_t bad = text.find_first_not_of(BASE58_ALPHABET); bad != std::string_view::npos) {
        return Unexpected("The character at position " + std::to_string(bad + 1) +
                          " occurs in no address (base58 has no 0, O, I, l and no signs).");
    }
    const auto raw = codec::Base58CheckDecode(text);
    if (!raw) return Unexpected(std::string("The checksum is wrong: a character is mistyped or missing."));
    if (raw->size() != HASH_BYTES + 1) {
        return Unexpected("An address holds 21 bytes, this text holds " + std::to_string(raw->size()) + ".");
    }
    const auto id = base::Hash160::From(ByteSpan(*raw).subspan(1));
    if ((*raw)[0] == params.pubkey_prefix) return PayToPubKeyHash(*id);
    if ((*raw)[0] == params.script_prefix) return PayToScriptHash(*id);
    return Unexpected("The address belongs to another network: its prefix byte is " +
                      std::to_string((*raw)[0]) + ", here it must be " +
                      std::to_string(params.pubkey_prefix) + " or " + std::to_string(params.script_prefix) +
                      ".");
}

} // namespace

Decoded DecodeAddress(const AddressParams& params, std::string_view text)
{
    if (text.empty()) return Unexpected(std::string("The address is empty."));
    if (text.size() > MAX_ADDRESS_CHARS) {
        return Unexpected("An address has at most 90 characters, this text has " +
                          std::to_string(text.size()) + ".");
    }
    const bool own_prefix = LowerCase(text).starts_with(params.bech32_prefix + "1");
    if (own_prefix || LooksLikeBech32(text)) {
        if (const auto program = codec::SegwitDecode(params.bech32_prefix, text)) {
            return PayToWitness(program->version, program->program);
        }
        // A base58 address may begin with the letters of the bech32 prefix by chance.
        if (auto decoded = DecodeBase58(params, text)) return decoded;
        return Unexpected(SegwitProblem(text, params.bech32_prefix));
    }
    return DecodeBase58(params, text);
}

std::optional<std::string> EncodeAddress(const AddressParams& params, ByteSpan script)
{
    const Solution solution = Solve(script);
    switch (solution.type) {
    case ScriptType::PubKeyHash:
        return WithPrefix(params.pubkey_prefix, solution.parts[0]);
    case ScriptType::ScriptHash:
        return WithPrefix(params.script_prefix, solution.parts[0]);
    case ScriptType::WitnessV0KeyHash:
    case ScriptType::WitnessV0ScriptHash:
    case ScriptType::WitnessV1Taproot:
    case ScriptType::WitnessUnknown:
        return codec::SegwitEncode(params.bech32_prefix, {solution.witness_version, solution.parts[0]});
    case ScriptType::NonStandard:
    case ScriptType::PubKey:
    case ScriptType::MultiSig:
    case ScriptType::NullData:
        break;
    }
    return std::nullopt;
}

std::optional<crypto::PrivateKey> DecodeSecret(const AddressParams& params, std::string_view text)
{
    auto raw = codec::Base58CheckDecode(text);
    if (!raw) return std::nullopt;
    std::optional<crypto::PrivateKey> out;
    const bool compressed = raw->size() == SECRET_BYTES + 2;
    const bool fits = compressed ? raw->back() == 1 : raw->size() == SECRET_BYTES + 1;
    if (fits && (*raw)[0] == params.secret_prefix) {
        out = crypto::PrivateKey::From(ByteSpan(*raw).subspan(1, SECRET_BYTES), compressed);
    }
    crypto::Wipe(*raw);
    return out;
}

std::string EncodeSecret(const AddressParams& params, const crypto::PrivateKey& key)
{
    Bytes raw{params.secret_prefix};
    const ByteSpan secret = key.Span();
    raw.reserve(SECRET_BYTES + 2);
    raw.insert(raw.end(), secret.begin(), secret.end());
    if (key.IsCompressed()) raw.push_back(1);
    std::string out = codec::Base58CheckEncode(raw);
    crypto::Wipe(raw);
    return out;
}

} // namespace emc::script
