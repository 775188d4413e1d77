#include "codec/bech32.h"

#include <algorithm>

namespace emc::codec {
namespace {

constexpr std::string_view ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr size_t CHECKSUM_WORDS = 6;
constexpr size_t MAX_CHARACTERS = 90;
constexpr size_t MIN_CHARACTERS = 8;
constexpr int MAX_WITNESS_VERSION = 16;

constexpr uint8_t NO_WORD = 0xff;

/// Value of each character of the alphabet, NO_WORD for the others.
constexpr std::array<uint8_t, 128> MakeWordTable()
{
    std::array<uint8_t, 128> table{};
    for (auto& entry : table)
        entry = NO_WORD;
    for (size_t i = 0; i < ALPHABET.size(); ++i)
        table[static_cast<uint8_t>(ALPHABET[i])] = static_cast<uint8_t>(i);
    return table;
}

constexpr auto WORD_OF = MakeWordTable();

constexpr char Lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool IsUpper(char c)
{
    return c >= 'A' && c <= 'Z';
}

constexpr bool IsLower(char c)
{
    return c >= 'a' && c <= 'z';
}

/// Printable US-ASCII without the blank (BIP 173).
constexpr bool IsPrefixCharacter(char c)
{
    return c >= 33 && c <= 126;
}

constexpr uint32_t FinalConstant(Bech32Kind kind)
{
    return kind == Bech32Kind::Bech32 ? 1 : 0x2bc830a3;
}

/// What the five bits that leave the remainder add to it, for each of their values.
constexpr std::array<uint32_t, 32> MakeFeedback()
{
    constexpr std::array<uint32_t, 5> GENERATOR{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    std::array<uint32_t, 32> table{};
    for (size_t top = 0; top < table.size(); ++top) {
        for (size_t bit = 0; bit < GENERATOR.size(); ++bit) {
            if ((top >> bit & 1) != 0) table[top] ^= GENERATOR[bit];
        }
    }
    return table;
}

constexpr auto FEEDBACK = MakeFeedback();

/// The BCH code of BIP 173: remainder of a polynomial over GF(32) whose coefficients come one by one.
class Remainder
{
public:
    void Add(unsigned word) { m_state = ((m_state & 0x1ffffff) << 5 ^ word) ^ FEEDBACK[m_state >> 25 & 31]; }

    /// The prefix as the code sees it: high bits, a zero, low bits.
    void AddPrefix(std::string_view prefix)
    {
        for (const char c : prefix)
            Add(static_cast<uint8_t>(c) >> 5);
        Add(0);
        for (const char c : prefix)
            Add(static_cast<uint8_t>(c) & 31);
    }

    [[nodiscard]] uint32_t State() const { return m_state; }

    /// What a mistake of this value does to the remainder when so many words follow: the code is linear.
    static uint32_t Of(unsigned mistake, size_t words_behind)
    {
        Remainder out;
        out.m_state = mistake;
        for (size_t i = 0; i < words_behind; ++i)
            out.Add(0);
        return out.m_state;
    }

private:
    uint32_t m_state = 1;
};

struct Mistake {
    uint32_t remainder = 0;
    size_t place = 0;

    bool operator<(const Mistake& o) const { return remainder < o.remainder; }
};

/// Of all mistakes in words, the one or two that make this difference.
std::vector<size_t> Explain(const std::vector<Mistake>& sorted, uint32_t difference)
{
    const auto find = [&sorted](uint32_t remainder) -> const Mistake* {
        const auto it = std::lower_bound(sorted.begin(), sorted.end(), Mistake{remainder, 0});
        return it != sorted.end() && it->remainder == remainder ? &*it : nullptr;
    };
    if (const auto* one = find(difference)) return {one->place};
    for (const auto& first : sorted) {
        const auto* second = find(difference ^ first.remainder);
        if (second != nullptr && second->place != first.place)
            return {std::min(first.place, second->place), std::max(first.place, second->place)};
    }
    return {};
}

/// The text in lower case; nullopt when its length, characters or mix of cases is wrong.
std::optional<std::string> Normalize(std::string_view text)
{
    if (text.size() < MIN_CHARACTERS || text.size() > MAX_CHARACTERS) return std::nullopt;
    if (!std::all_of(text.begin(), text.end(), IsPrefixCharacter)) return std::nullopt;
    const bool upper = std::any_of(text.begin(), text.end(), IsUpper);
    const bool lower = std::any_of(text.begin(), text.end(), IsLower);
    if (upper && lower) return std::nullopt;
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), Lower);
    return out;
}

bool IsProgramSize(int version, size_t bytes)
{
    return version == 0 ? bytes == 20 || bytes == 32 : bytes >= 2 && bytes <= 40;
}

constexpr Bech32Kind KindOfVersion(int version)
{
    return version == 0 ? Bech32Kind::Bech32 : Bech32Kind::Bech32m;
}

} // namespace

std::string Bech32Encode(Bech32Kind kind, std::string_view prefix, base::ByteSpan words)
{
    if (prefix.empty() || prefix.size() + 1 + words.size() + CHECKSUM_WORDS > MAX_CHARACTERS) return {};
    if (!std::all_of(prefix.begin(), prefix.end(), IsPrefixCharacter)) return {};
    if (std::any_of(words.begin(), words.end(), [](uint8_t w) { return w > 31; })) return {};

    std::string out;
    out.reserve(prefix.size() + 1 + words.size() + CHECKSUM_WORDS);
    out = prefix;
    std::transform(out.begin(), out.end(), out.begin(), Lower);
    Remainder remainder;
    remainder.AddPrefix(out);
    out.push_back('1');
    for (const uint8_t word : words) {
        remainder.Add(word);
        out.push_back(ALPHABET[word]);
    }
    for (size_t i = 0; i < CHECKSUM_WORDS; ++i)
        remainder.Add(0);
    const uint32_t checksum = remainder.State() ^ FinalConstant(kind);
    for (size_t i = 0; i < CHECKSUM_WORDS; ++i)
        out.push_back(ALPHABET[checksum >> (5 * (CHECKSUM_WORDS - 1 - i)) & 31]);
    return out;
}

std::optional<Bech32Text> Bech32Decode(std::string_view text)
{
    const auto normal = Normalize(text);
    if (!normal) return std::nullopt;
    const size_t separator = normal->rfind('1');
    if (separator == std::string::npos || separator == 0) return std::nullopt;
    if (normal->size() - separator - 1 < CHECKSUM_WORDS) return std::nullopt;

    Bech32Text out;
    out.prefix = normal->substr(0, separator);
    Remainder remainder;
    remainder.AddPrefix(out.prefix);
    for (size_t i = separator + 1; i < normal->size(); ++i) {
        const uint8_t word = WORD_OF[static_cast<uint8_t>((*normal)[i])];
        if (word == NO_WORD) return std::nullopt;
        remainder.Add(word);
        out.words.push_back(word);
    }
    out.words.resize(out.words.size() - CHECKSUM_WORDS);
    for (const Bech32Kind kind : {Bech32Kind::Bech32, Bech32Kind::Bech32m}) {
        if (remainder.State() != FinalConstant(kind)) continue;
        out.kind = kind;
        return out;
    }
    return std::nullopt;
}

std::vector<size_t> Bech32Mistakes(std::string_view text)
{
    const auto normal = Normalize(text);
    const size_t separator = normal ? normal->rfind('1') : std::string::npos;
    if (separator == std::string::npos || separator == 0) return {};
    if (normal->size() - separator - 1 < CHECKSUM_WORDS) return {};
    Remainder remainder;
    remainder.AddPrefix(normal->substr(0, separator));
    std::vector<size_t> foreign;
    std::vector<Mistake> mistakes;
    for (size_t i = separator + 1; i < normal->size(); ++i) {
        const uint8_t word = WORD_OF[static_cast<uint8_t>((*normal)[i])];
        if (word == NO_WORD) foreign.push_back(i);
        remainder.Add(word);
        for (unsigned value = 1; value < ALPHABET.size(); ++value)
            mistakes.push_back({Remainder::Of(value, normal->size() - 1 - i), i});
    }
    if (!foreign.empty()) return foreign;
    std::sort(mistakes.begin(), mistakes.end());
    std::vector<size_t> best;
    for (const Bech32Kind kind : {Bech32Kind::Bech32, Bech32Kind::Bech32m}) {
        if (remainder.State() == FinalConstant(kind)) return {};
        auto found = Explain(mistakes, remainder.State() ^ FinalConstant(kind));
        if (best.empty() || (!found.empty() && found.size() < best.size())) best = std::move(found);
    }
    return best;
}

base::Bytes ToWords(base::ByteSpan bytes)
{
    base::Bytes words;
    words.reserve((bytes.size() * 8 + 4) / 5);
    uint32_t pending = 0;
    unsigned bits = 0;
    for (const uint8_t byte : bytes) {
        pending = pending << 8 | byte;
        for (bits += 8; bits >= 5; bits -= 5)
            words.push_back(static_cast<uint8_t>(pending >> (bits - 5) & 31));
    }
    if (bits > 0) words.push_back(static_cast<uint8_t>(pending << (5 - bits) & 31));
    return words;
}

std::optional<base::Bytes> FromWords(base::ByteSpan words)
{
    base::Bytes bytes;
    bytes.reserve(words.size() * 5 / 8);
    uint32_t pending = 0;
    unsigned bits = 0;
    for (const uint8_t word : words) {
        if (word > 31) return std::nullopt;
        pending = pending << 5 | word;
        bits += 5;
        if (bits < 8) continue;
        bits -= 8;
        bytes.push_back(static_cast<uint8_t>(pending >> bits));
    }
    const uint32_t padding = pending & ((1u << bits) - 1);
    if (bits > 4 || padding != 0) return std::nullopt;
    return bytes;
}

std::string SegwitEncode(std::string_view prefix, const SegwitProgram& program)
{
    if (program.version < 0 || program.version > MAX_WITNESS_VERSION) return {};
    if (!IsProgramSize(program.version, program.program.size())) return {};
    base::Bytes words = ToWords(program.program);
    words.insert(words.begin(), static_cast<uint8_t>(program.version));
    return Bech32Encode(KindOfVersion(program.version), prefix, words);
}

std::optional<SegwitProgram> SegwitDecode(std::string_view prefix, std::string_view text)
{
    const auto decoded = Bech32Decode(text);
    if (!decoded || decoded->prefix != prefix || decoded->words.empty()) return std::nullopt;
    const int version = decoded->words[0];
    if (version > MAX_WITNESS_VERSION || decoded->kind != KindOfVersion(version)) return std::nullopt;
    auto program = FromWords(base::ByteSpan(decoded->words).subspan(1));
    if (!program || !IsProgramSize(version, program->size())) return std::nullopt;
    return SegwitProgram{version, std::move(*program)};
}

} // namespace emc::codec
