// Addresses, private keys as text, extended keys, descriptors, signed messages.
#include "codec/base58.h"
#include "script/descriptor.h"
#include "script/phrase.h"
#include "script/sign.h"
#include "vectors/registry.h"
#include "vectors/script_text.h"

#include <algorithm>

namespace emc::vectors {
namespace {

using base::Bytes;
using base::ByteSpan;
using codec::Json;
using script::AddressParams;
using script::Descriptor;
using script::ExtPrivateKey;
using script::ExtPublicKey;

std::string FlipCase(std::string text)
{
    for (char& c : text) {
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
        else if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

bool DecodesTo(const AddressParams& params, const std::string& text, const Bytes& script)
{
    const auto decoded = script::DecodeAddress(params, text);
    return decoded && *decoded == script;
}

void CheckSecret(const AddressParams& params, const std::string& text, const Bytes& bytes, bool compressed,
                 Report& report)
{
    const auto key = script::DecodeSecret(params, text);
    const bool same =
        key && key->IsCompressed() == compressed && Bytes(key->Span().begin(), key->Span().end()) == bytes;
    report.Check(same, "decode " + text, key ? "differs" : "refused");
    if (key) report.CheckText(script::EncodeSecret(params, *key), text, "encode " + text);
    report.Check(!script::DecodeAddress(params, text), text, "a private key was taken for an address");
}

void RunKeyIo(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        const std::string text = TextField(row[0]);
        const Bytes bytes = HexField(row[1]);
        const AddressParams params = ForeignParams(TextField(row[2]["chain"]));
        if (row[2]["isPrivkey"].isTrue()) {
            CheckSecret(params, text, bytes, row[2]["isCompressed"].isTrue(), report);
            continue;
        }
        report.Check(DecodesTo(params, text, bytes), "decode " + text, "refused or differs");
        report.CheckText(script::EncodeAddress(params, bytes).value_or(""), text, "encode " + text);
        report.Check(!script::DecodeSecret(params, text), text, "an address was taken for a private key");
        const bool flips = row[2].exists("tryCaseFlip") && row[2]["tryCaseFlip"].isTrue();
        report.Check(DecodesTo(params, FlipCase(text), bytes) == flips, "other case of " + text,
                     "unexpected");
    }
}

void RunKeyIoInvalid(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        const std::string text = TextField(row[0]);
        for (const char* network : {"main", "testnet", "regtest"}) {
            const AddressParams params = ForeignParams(network);
            const auto decoded = script::DecodeAddress(params, text);
            report.Check(!decoded && !decoded.Error().empty(), text, "taken as an address");
            report.Check(!script::DecodeSecret(params, text), text, "taken as a private key");
        }
    }
}

void RunBase58Keys(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        const std::string text = TextField(row[0]);
        const Bytes bytes = HexField(row[1]);
        const AddressParams params = ForeignParams(row[2]["isTestnet"].isTrue() ? "testnet" : "main");
        if (row[2]["isPrivkey"].isTrue()) {
            CheckSecret(params, text, bytes, row[2]["isCompressed"].isTrue(), report);
            continue;
        }
        const auto id = base::Hash160::From(bytes);
        if (!id) {
            report.Fail(text, "not understood");
            continue;
        }
        const bool p2sh = TextField(row[2]["addrType"]) == "script";
        const Bytes script = p2sh ? script::PayToScriptHash(*id) : script::PayToPubKeyHash(*id);
        report.Check(DecodesTo(params, text, script), "decode " + text, "refused or differs");
        report.CheckText(script::EncodeAddress(params, script).value_or(""), text, "encode " + text);
    }
}

void CheckExtended(const AddressParams& params, const Json& want, const ExtPrivateKey& key, Report& report)
{
    const std::string id = TextField(want["base58"]);
    const ExtPublicKey open = key.Neuter();
    report.CheckText(script::EncodeExtPublic(params, open), id, id);
    report.CheckText(script::EncodeExtPrivate(params, key), TextField(want["base58Priv"]), id);
    report.CheckText(script::EncodeSecret(params, key.key), TextField(want["wif"]), id);
    report.CheckText(base::Hex(open.key.Span()), TextField(want["pubKey"]), id);
    report.CheckText(base::Hex(key.key.Span()), TextField(want["privKey"]), id);
    report.CheckText(base::Hex(key.chain_code.Span()), TextField(want["chainCode"]), id);
    report.CheckText(base::Hex(open.key.Id().Span()), TextField(want["identifier"]), id);
    report.CheckText(base::Hex(script::FingerprintOf(open.key)), TextField(want["fingerprint"]), id);
    const auto decoded = script::DecodeExtPublic(params, id);
    report.Check(decoded && *decoded == open, "decode " + id, "refused or differs");
    const auto secret = script::DecodeExtPrivate(params, TextField(want["base58Priv"]));
    report.Check(secret && secret->Neuter() == open, "decode " + TextField(want["base58Priv"]),
                 "refused or differs");
}

void RunBip32(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json["valid"])) {
        const AddressParams params = ForeignParams(TextField(row["network"]));
        const Json& master = row["master"];
        const auto root = master.exists("seed")
                              ? ExtPrivateKey::FromSeed(HexField(master["seed"]))
                              : script::DecodeExtPrivate(params, TextField(master["base58Priv"]));
        if (!root) {
            report.Fail(TextField(master["base58"]), "no root");
            continue;
        }
        CheckExtended(params, master, *root, report);
        for (const Json& child : Items(row["children"])) {
            const std::string text = TextField(child["path"]);
            const auto path = script::ParseHdPath(text);
            const auto key = path ? root->Derive(*path) : std::nullopt;
            if (!key) {
                report.Fail(text, "no key");
                continue;
            }
            report.CheckText("m" + script::HdPathText(*path, '\''), text, text);
            CheckExtended(params, child, *key, report);
        }
    }
    const Json& invalid = file.json["invalid"];
    for (const Json& row : Items(invalid["fromBase58"])) {
        const std::string text = TextField(row["string"]);
        const AddressParams params =
            ForeignParams(row.exists("network") ? TextField(row["network"]) : "bitcoin");
        report.Check(!script::DecodeExtPublic(params, text) && !script::DecodeExtPrivate(params, text), text,
                     "taken");
    }
    for (const Json& row : Items(invalid["fromSeed"])) {
        report.Check(!ExtPrivateKey::FromSeed(HexField(row["seed"])), TextField(row["seed"]), "taken");
    }
    for (const Json& row : Items(invalid["derivePath"])) {
        const Json& path = row["derivationPath"];
        if (!path.isStr()) {
            report.Skip("a path that is no text");
            continue;
        }
        report.Check(!script::ParseHdPath(TextField(path)), TextField(path), "taken");
    }
}

void RunHd(const VectorFile& file, Report& report)
{
    const AddressParams params = ForeignParams("main");
    for (const char* name : {"vector1", "vector2"}) {
        const Json& vector = file.json[name];
        const auto root = ExtPrivateKey::FromSeed(HexField(vector["seed"]));
        if (!root) {
            report.Fail(name, "no root");
            continue;
        }
        for (const std::string& text : vector.getKeys()) {
            if (text == "seed") continue;
            const auto path = script::ParseHdPath(text);
            const auto key = path ? root->Derive(*path) : std::nullopt;
            const std::string id = std::string(name) + " " + text;
            report.CheckText(key ? script::EncodeExtPrivate(params, *key) : "",
                             TextField(vector[text]["prv"]), id);
            report.CheckText(key ? script::EncodeExtPublic(params, key->Neuter()) : "",
                             TextField(vector[text]["pub"]), id);
        }
    }
    const auto root = ExtPrivateKey::FromSeed(HexField(file.json["seed"]));
    report.CheckText(root ? script::EncodeExtPrivate(params, *root) : "", TextField(file.json["master_priv"]),
                     "master");
    for (const std::string& name : file.json.getKeys()) {
        const std::string text = TextField(file.json[name]);
        if (name.ends_with("_priv")) {
            const auto key = script::DecodeExtPrivate(params, text);
            report.CheckText(key ? script::EncodeExtPrivate(params, *key) : "", text, name);
            const std::string open = name.substr(0, name.size() - 4) + "pub";
            if (key && file.json.exists(open)) {
                report.CheckText(script::EncodeExtPublic(params, key->Neuter()), TextField(file.json[open]),
                                 open);
            }
        } else if (name.ends_with("_pub")) {
            const auto key = script::DecodeExtPublic(params, text);
            report.CheckText(key ? script::EncodeExtPublic(params, *key) : "", text, name);
        }
    }
}

AddressParams DescriptorNetwork(const Json& row)
{
    return ForeignParams(row.exists("network") ? TextField(row["network"]) : "main");
}

void CheckDescriptorInfo(const AddressParams& params, const Json& want, const std::string& text,
                         Report& report)
{
    const auto descriptor = Descriptor::Parse(params, text, false);
    if (!descriptor) return report.Fail(text, descriptor.Error());
    const std::string body = text.substr(0, text.find('#'));
    report.CheckText(descriptor->Text(), TextField(want["descriptor"]), text);
    report.CheckText(script::DescriptorChecksum(body).value_or(""), TextField(want["checksum"]), text);
    report.Check(descriptor->IsRange() == want["isrange"].isTrue(), text, "isrange");
    report.Check(descriptor->IsSolvable() == want["issolvable"].isTrue(), text, "issolvable");
    report.Check(descriptor->HasPrivateKeys() == want["hasprivatekeys"].isTrue(), text, "hasprivatekeys");
}

void RunDescriptorValid(const VectorFile& file, Report& report)
{
    for (const std::string& kind : file.json.getKeys()) {
        for (const Json& row : Items(file.json[kind])) {
            CheckDescriptorInfo(DescriptorNetwork(row), row, TextField(row["input"]), report);
        }
    }
}

void RunDescriptorInvalid(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        const bool strict = row.exists("requirechecksum") && row["requirechecksum"].isTrue();
        const auto descriptor = Descriptor::Parse(DescriptorNetwork(row), TextField(row["input"]), strict);
        report.Check(!descriptor && !descriptor.Error().empty(), TextField(row["input"]),
                     "taken, but: " + TextField(row["error"]));
    }
}

void RunDescriptorPrivate(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        const auto descriptor = Descriptor::Parse(DescriptorNetwork(row), TextField(row["input"]), false);
        if (!descriptor) {
            report.Fail(TextField(row["input"]), descriptor.Error());
            continue;
        }
        report.CheckText(descriptor->PrivateText().value_or(""), TextField(row["expected"]),
                         TextField(row["input"]));
    }
}

/// Addresses at the indices first … last; empty when a script has none.
std::vector<std::string> AddressesOf(const AddressParams& params, const Descriptor& descriptor,
                                     uint32_t first, uint32_t last)
{
    std::vector<std::string> out;
    for (uint32_t index = first; index <= last; ++index) {
        const auto scripts = descriptor.Scripts(index);
        if (!scripts) return {};
        for (const Bytes& script : *scripts) {
            out.push_back(ShownAddress(params, script));
            if (out.back().empty()) return {};
        }
    }
    return out;
}

struct IndexRange {
    uint32_t first = 0;
    uint32_t last = 0;
};

/// [first, last], or the last alone.
IndexRange RangeField(const Json& value)
{
    if (value.isNum()) return {0, static_cast<uint32_t>(IntField(value))};
    if (!value.isArray() || value.size() != 2) return {};
    return {static_cast<uint32_t>(IntField(value[0])), static_cast<uint32_t>(IntField(value[1]))};
}

void CheckAddresses(const std::vector<std::string>& got, const Json& want, const std::string& id,
                    Report& report)
{
    std::vector<std::string> wanted;
    for (const Json& address : Items(want))
        wanted.push_back(TextField(address));
    report.Check(got == wanted, id, got.empty() ? "no addresses" : "first is " + got[0]);
}

void RunDescriptorAddresses(const VectorFile& file, Report& report)
{
    for (const std::string& kind : file.json.getKeys()) {
        for (const Json& row : Items(file.json[kind])) {
            const AddressParams params = DescriptorNetwork(row);
            const std::string text = TextField(row["input"]);
            const auto descriptor = Descriptor::Parse(params, text, false);
            if (!descriptor) {
                report.Fail(text, descriptor.Error());
                continue;
            }
            const size_t a_script = descriptor->Scripts(0) ? descriptor->Scripts(0)->size() : 1;
            IndexRange range = RangeField(row["range"]);
            if (row["range"].isNull() && descriptor->IsRange() && row.exists("addresses")) {
                range.last = static_cast<uint32_t>(row["addresses"].size() / a_script) - 1;
            }
            const auto got = AddressesOf(params, *descriptor, range.first, range.last);
            if (row.exists("error")) {
                report.Check(got.empty(), text, "has addresses, but: " + TextField(row["error"]));
            } else {
                CheckAddresses(got, row["addresses"], text, report);
            }
        }
    }
}

void RunBip67(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        std::string text = "sh(sortedmulti(2";
        for (const Json& key : Items(row["keys"]))
            text += "," + TextField(key);
        text += "))";
        const AddressParams params = ForeignParams("testnet");
        const auto descriptor = Descriptor::Parse(params, text, false);
        const auto outputs = descriptor ? descriptor->Expand(0) : base::Unexpected(descriptor.Error());
        if (!outputs) {
            report.Fail(text, outputs.Error());
            continue;
        }
        report.CheckText(base::Hex(outputs->redeem_scripts[0]), TextField(row["script"]), text);
        report.CheckText(script::EncodeAddress(params, outputs->scripts[0]).value_or(""),
                         TextField(row["address"]), text);
    }
}

void RunForeignMessages(const VectorFile& file, Report& report)
{
    const AddressParams params = ForeignParams("main");
    for (const Json& row : Items(file.json)) {
        const std::string address = TextField(row["address"]);
        const auto owner = script::DecodeAddress(params, address);
        const auto key = script::DecodeSecret(params, TextField(row["wif"]));
        if (!owner || !key) {
            report.Fail(address, "not understood");
            continue;
        }
        const auto digest = script::MessageDigest(address, "Bitcoin Signed Message:\n");
        // These signatures were made with random nonces, and some have a high S.
        const auto signature = codec::Base64Decode(TextField(row["signature"]));
        report.Check(signature && script::VerifyDigest(*owner, digest, *signature, false), address,
                     "refused");
        const auto own = key->SignCompact(digest);
        report.Check(script::VerifyDigest(*owner, digest, own, true), address, "own signature refused");
    }
}

/// The message the recorded node saw: of characters outside ASCII its client passed on the low byte alone.
std::string RecordedMessage(const std::string& text)
{
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<uint8_t>(text[i]);
        if (byte < 0x80 || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        ++i; // all of them are two bytes long in UTF-8
        out += static_cast<char>(((byte & 0x03) << 6) | (static_cast<uint8_t>(text[i]) & 0x3f));
    }
    return out;
}

/// Recorded calls that concern keys: signmessagewithprivkey, verifymessage, getdescriptorinfo,
/// deriveaddresses.
void RunRecordedKeys(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        const AddressParams params = RecordedParams(TextField(row["net"]));
        const std::string method = TextField(row["method"]);
        const auto& arguments = Items(row["params"]);
        const std::string first = TextField(arguments.at(0));
        const std::string id = method + " " + first;
        if (method == "signmessagewithprivkey") {
            const auto key = script::DecodeSecret(params, first);
            const auto digest = script::MessageDigest(RecordedMessage(TextField(arguments.at(1))));
            report.CheckText(key ? codec::Base64Encode(key->SignCompact(digest)) : "",
                             TextField(row["result"]), id);
        } else if (method == "verifymessage") {
            const auto owner = script::DecodeAddress(params, first);
            const auto signature = codec::Base64Decode(TextField(arguments.at(1)));
            const bool good =
                owner && signature &&
                script::VerifyMessage(*owner, RecordedMessage(TextField(arguments.at(2))), *signature, false);
            report.Check(good == row["result"].isTrue(), id, good ? "taken" : "refused");
        } else if (method == "getdescriptorinfo") {
            if (row.exists("result")) {
                CheckDescriptorInfo(params, row["result"], first, report);
            } else {
                report.Check(!Descriptor::Parse(params, first, false), id, "taken");
            }
        } else if (method == "deriveaddresses") {
            const auto descriptor = Descriptor::Parse(params, first, true);
            const auto range = arguments.size() > 1 ? RangeField(arguments[1]) : IndexRange{};
            const auto got = descriptor ? AddressesOf(params, *descriptor, range.first, range.last)
                                        : std::vector<std::string>();
            if (row.exists("result")) {
                CheckAddresses(got, row["result"], id, report);
            } else {
                report.Check(got.empty(), id, "has addresses");
            }
        }
    }
}

// BIP 39: randomness to words and back, the seed with "TREZOR" as the vectors have it, and its tree's root.
void RunPhrases(const VectorFile& file, Report& report)
{
    const AddressParams params = ForeignParams("bitcoin");
    for (const Json& row : Items(file.json["english"])) {
        const std::string id = TextField(row[0]);
        const Bytes entropy = HexField(row[0]);
        report.CheckText(script::PhraseOf(entropy), TextField(row[1]), id);
        const auto back = script::EntropyOf(TextField(row[1]));
        report.CheckBytes(back ? back->Span() : base::ByteSpan(), entropy, id);
        const auto seed = script::SeedOfPhrase(entropy, "TREZOR");
        report.CheckBytes(seed.Span(), HexField(row[2]), id);
        const auto root = ExtPrivateKey::FromSeed(seed.Span());
        report.CheckText(root ? script::EncodeExtPrivate(params, *root) : "", TextField(row[3]), id);
    }
}

// Each word of the list, at its place: eleven bits at the front of 16 bytes.
void RunWordList(const VectorFile& file, Report& report)
{
    std::string_view rest = file.Text();
    for (size_t number = 0; !rest.empty(); ++number) {
        const std::string word(rest.substr(0, rest.find('\n')));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        Bytes entropy(16);
        entropy[0] = static_cast<uint8_t>(number >> 3);
        entropy[1] = static_cast<uint8_t>(number << 5);
        const std::string phrase = script::PhraseOf(entropy);
        report.CheckText(phrase.substr(0, phrase.find(' ')), word, word);
    }
}

} // namespace

std::vector<Entry> AddressEntries()
{
    return {
        {"bips/bip-0039/english.txt", RunWordList},
        {"trezor/bip39_vectors.json", RunPhrases},
        {"bitcoin-core/key_io_valid.json", RunKeyIo},
        {"bitcoin-core/key_io_invalid.json", RunKeyIoInvalid},
        {"bitcoin-core/rpc_bip67.json", RunBip67},
        {"bitcoinjs/lib/core_base58_keys_valid.json", RunBase58Keys},
        {"bitcoinjs/lib/core_base58_keys_invalid.json", RunKeyIoInvalid},
        {"bitcoinjs/bip32_fixtures.json", RunBip32},
        {"bcoin/hd.json", RunHd},
        {"bcoin/descriptors/desc-valid.json", RunDescriptorValid},
        {"bcoin/descriptors/desc-invalid.json", RunDescriptorInvalid},
        {"bcoin/descriptors/desc-privatekeys.json", RunDescriptorPrivate},
        {"bcoin/descriptors/desc-addresses.json", RunDescriptorAddresses},
        {"python-bitcoinlib/signmessage.json", RunForeignMessages},
        {"emercoin-0.8.6/keys.json", RunRecordedKeys},
        {"emercoin-0.8.6/descriptors.json", RunRecordedKeys},
    };
}

} // namespace emc::vectors
