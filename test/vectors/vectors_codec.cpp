// Base58, bech32, JSON, integers of the wire format.
#include "codec/base58.h"
#include "codec/bech32.h"
#include "codec/reader.h"
#include "codec/writer.h"
#include "vectors/registry.h"

#include <algorithm>

namespace emc::vectors {
namespace {

using base::Bytes;
using codec::Json;

constexpr size_t BECH32_LIMIT = 90;
constexpr uint8_t OP_1 = 0x51;

/// Rows [hex, text].
void RunBase58(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        const Bytes bytes = HexField(row[0]);
        const std::string text = TextField(row[1]);
        report.CheckText(codec::Base58Encode(bytes), text, "encode " + TextField(row[0]));
        const auto decoded = codec::Base58Decode(text);
        report.Check(decoded == bytes, "decode " + text, decoded ? base::Hex(*decoded) : "refused");
    }
}

Bytes WordsField(const Json& value)
{
    Bytes words;
    for (const Json& word : Items(value))
        words.push_back(static_cast<uint8_t>(std::min<int64_t>(IntField(word), 255)));
    return words;
}

std::string LowerCase(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return text;
}

void CheckBech32Valid(codec::Bech32Kind kind, const Json& entry, Report& report)
{
    const std::string text = TextField(entry["string"]);
    if (text.size() > BECH32_LIMIT) return report.Skip("longer than the 90 characters BIP 173 allows");
    const Bytes words = WordsField(entry["words"]);
    const std::string prefix = LowerCase(TextField(entry["prefix"]));
    const auto decoded = codec::Bech32Decode(text);
    const bool same =
        decoded && decoded->kind == kind && decoded->prefix == prefix && decoded->words == words;
    report.Check(same, "decode " + text, decoded ? "differs" : "refused");
    report.CheckText(codec::Bech32Encode(kind, prefix, words), LowerCase(text), "encode " + text);
    if (!entry.exists("hex")) return;
    const Bytes bytes = HexField(entry["hex"]);
    report.CheckBytes(codec::ToWords(bytes), words, "to words " + text);
    report.Check(codec::FromWords(words) == bytes, "from words " + text, "differs");
}

void CheckBech32Invalid(codec::Bech32Kind kind, const Json& entry, Report& report)
{
    const std::string why = TextField(entry["exception"]);
    if (entry.exists("string") || entry.exists("stringHex")) {
        const std::string text =
            entry.exists("string") ? TextField(entry["string"]) : base::ToText(HexField(entry["stringHex"]));
        const auto decoded = codec::Bech32Decode(text);
        report.Check(!decoded || decoded->kind != kind, "decode " + text, "taken, but: " + why);
    } else {
        const std::string text =
            codec::Bech32Encode(kind, TextField(entry["prefix"]), WordsField(entry["words"]));
        report.Check(text.empty(), "encode " + TextField(entry["prefix"]), "written, but: " + why);
    }
}

void RunBech32(const VectorFile& file, Report& report)
{
    for (const Json& entry : Items(file.json["fromWords"]["invalid"])) {
        report.Check(!codec::FromWords(WordsField(entry["words"])), TextField(entry["exception"]),
                     "taken but must not");
    }

    struct Section {
        const char* name;
        codec::Bech32Kind kind;
    };

    for (const Section& section :
         {Section{"bech32", codec::Bech32Kind::Bech32}, Section{"bech32m", codec::Bech32Kind::Bech32m}}) {
        const Json& cases = file.json[section.name];
        for (const Json& entry : Items(cases["valid"]))
            CheckBech32Valid(section.kind, entry, report);
        for (const Json& entry : Items(cases["invalid"]))
            CheckBech32Invalid(section.kind, entry, report);
    }
}

/// The prefix of a Bitcoin segwit address, for either net.
std::string_view NetPrefix(const std::string& address)
{
    return LowerCase(address).starts_with("tb1") ? "tb" : "bc";
}

/// Written before BIP 350: version 1 or above with the checksum that today only version 0 may have.
bool IsOldForm(const std::string& address)
{
    const auto decoded = codec::Bech32Decode(address);
    return decoded && decoded->kind == codec::Bech32Kind::Bech32 && !decoded->words.empty() &&
           decoded->words[0] > 0;
}

/// Rows [output script, address]. Addresses of the form before BIP 350 must be refused; their words still
/// hold the program.
void RunSegwit(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        const Bytes script = HexField(row[0]);
        const std::string address = TextField(row[1]);
        const auto decoded = codec::SegwitDecode(NetPrefix(address), address);
        if (script.size() > 2 && IsOldForm(address)) {
            report.Check(!decoded, address + " of the form before BIP 350", "taken");
            const auto words = codec::Bech32Decode(address)->words;
            const auto program = codec::FromWords(base::ByteSpan(words).subspan(1)).value_or(Bytes{});
            report.CheckBytes(program, base::ByteSpan(script).subspan(2), address + " program");
            continue;
        }
        if (script.size() < 2 || !decoded) {
            report.Fail(address, "refused");
            continue;
        }
        Bytes rebuilt{static_cast<uint8_t>(decoded->version == 0 ? 0 : OP_1 - 1 + decoded->version),
                      static_cast<uint8_t>(decoded->program.size())};
        rebuilt.insert(rebuilt.end(), decoded->program.begin(), decoded->program.end());
        report.CheckBytes(rebuilt, script, "decode " + address);
        report.CheckText(codec::SegwitEncode(NetPrefix(address), *decoded), LowerCase(address),
                         "encode " + address);
    }
}

/// Rows [address, reason]. Written before BIP 350, like the valid ones, whose later versions then fail the
/// checksum.
void RunSegwitInvalid(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        const std::string address = TextField(row[0]);
        report.Check(!codec::SegwitDecode(NetPrefix(address), address), address,
                     "taken, but: " + TextField(row[1]));
    }
}

/// Text without blanks outside of strings.
std::string WithoutBlanks(std::string_view text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.remove_suffix(1);
    return std::string(text);
}

void RunJson(const VectorFile& file, Report& report)
{
    const auto parsed = codec::ParseJson(file.Text());
    if (file.name.find("/fail") != std::string::npos) {
        report.Check(!parsed, file.name, "parsed but must not");
        return;
    }
    if (!parsed) {
        report.Fail(file.name, parsed.Error().reason + " at " + std::to_string(parsed.Error().offset));
        return;
    }
    const std::string written = codec::WriteJson(*parsed);
    if (file.name.find("/round") != std::string::npos) {
        report.CheckText(written, WithoutBlanks(file.Text()), file.name);
        return;
    }
    const auto again = codec::ParseJson(written);
    report.Check(again && codec::WriteJson(*again) == written, file.name,
                 "differs after writing and reading");
}

void RunBufferUtils(const VectorFile& file, Report& report)
{
    for (const Json& entry : Items(file.json["valid"])) {
        const auto number = static_cast<uint64_t>(IntField(entry["dec"]));
        const Bytes bytes = HexField(entry["hex"]);
        codec::Reader reader(bytes);
        const uint64_t got = reader.U64();
        report.Check(reader.Done() && got == number, "read " + TextField(entry["dec"]), std::to_string(got));
        Bytes written;
        codec::Writer(written).U64(number);
        report.CheckBytes(written, bytes, "write " + TextField(entry["dec"]));
    }
    for (const char* direction : {"readUInt64LE", "writeUInt64LE"}) {
        for (size_t i = 0; i < file.json["invalid"][direction].size(); ++i) {
            report.Skip("limits of JavaScript numbers");
        }
    }
}

} // namespace

std::vector<Entry> CodecEntries()
{
    return {
        {"bitcoin-core/base58_encode_decode.json", RunBase58},
        {"bitcoinjs/bech32_fixtures.json", RunBech32},
        {"bitcoinjs/lib/bufferutils.json", RunBufferUtils},
        {"python-bitcoinlib/bech32_encode_decode.json", RunSegwit},
        {"python-bitcoinlib/bech32_invalid.json", RunSegwitInvalid},
        {"univalue/*.json", RunJson},
    };
}

} // namespace emc::vectors
