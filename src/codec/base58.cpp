#include "codec/base58.h"

#include "base/text.h"
#include "codec/bech32.h"
#include "crypto/sha256.h"

#include <algorithm>

namespace emc::codec {
namespace {

/// Around an address or key that was pasted.
constexpr std::string_view BLANKS = " \t\n\v\f\r";

constexpr std::string_view ALPHABET_58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view ALPHABET_32 = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view ALPHABET_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr size_t CHECKSUM_BYTES = 4;

/// Value of each character in an alphabet, -1 for foreign ones.
using DigitTable = std::array<int8_t, 256>;

constexpr DigitTable MakeDigits(std::string_view alphabet)
{
    DigitTable table{};
    for (auto& entry : table)
        entry = -1;
    for (size_t i = 0; i < alphabet.size(); ++i) {
        table[static_cast<uint8_t>(alphabet[i])] = static_cast<int8_t>(i);
    }
    return table;
}

constexpr DigitTable DIGITS_58 = MakeDigits(ALPHABET_58);
constexpr DigitTable DIGITS_64 = MakeDigits(ALPHABET_64);

int Digit(const DigitTable& table, char c)
{
    return table[static_cast<uint8_t>(c)];
}

/// A big number in limbs below `base`, least significant first.
class Limbs
{
public:
    explicit Limbs(uint64_t base) : m_base(base) {}

    /// number = number × factor + addend
    void MultiplyAdd(uint64_t factor, uint64_t addend)
    {
        uint64_t carry = addend;
        for (uint32_t& limb : m_limbs) {
            carry += limb * factor;
            limb = static_cast<uint32_t>(carry % m_base);
            carry /= m_base;
        }
        if (carry > 0) m_limbs.push_back(static_cast<uint32_t>(carry));
    }

    [[nodiscard]] const std::vector<uint32_t>& Values() const { return m_limbs; }

private:
    uint64_t m_base;
    std::vector<uint32_t> m_limbs;
};

std::array<uint8_t, CHECKSUM_BYTES> Checksum(base::ByteSpan in)
{
    const auto hash = crypto::Sha256d(in);
    std::array<uint8_t, CHECKSUM_BYTES> out{};
    std::copy_n(hash.begin(), CHECKSUM_BYTES, out.begin());
    return out;
}

} // namespace

std::string Base58Encode(base::ByteSpan in)
{
    constexpr uint64_t LIMB_BASE = 58ull * 58 * 58 * 58 * 58; // five characters a limb
    const auto first = std::find_if(in.begin(), in.end(), [](uint8_t b) { return b != 0; });
    const std::string zeros(static_cast<size_t>(first - in.begin()), ALPHABET_58[0]);

    Limbs number(LIMB_BASE);
    for (auto it = first; it != in.end(); ++it)
        number.MultiplyAdd(256, *it);
    std::string digits; // least significant first
    for (uint32_t limb : number.Values()) {
        for (int i = 0; i < 5; ++i, limb /= 58)
            digits.push_back(ALPHABET_58[limb % 58]);
    }
    digits.erase(std::min(digits.find_last_not_of(ALPHABET_58[0]) + 1, digits.size()));
    std::reverse(digits.begin(), digits.end());
    return zeros + digits;
}

std::optional<base::Bytes> Base58Decode(std::string_view text, size_t max_bytes)
{
    text = base::Trim(text, BLANKS);
    const size_t zeros = std::min(text.find_first_not_of(ALPHABET_58[0]), text.size());
    if (zeros > max_bytes) return std::nullopt;

    Limbs number(uint64_t{1} << 32);
    for (const char c : text.substr(zeros)) {
        const int digit = Digit(DIGITS_58, c);
        if (digit < 0) return std::nullopt;
        number.MultiplyAdd(58, static_cast<uint64_t>(digit));
        if (number.Values().size() > max_bytes / 4 + 1) return std::nullopt;
    }
    base::Bytes reversed;
    for (const uint32_t limb : number.Values()) {
        for (unsigned shift = 0; shift < 32; shift += 8)
            reversed.push_back(static_cast<uint8_t>(limb >> shift));
    }
    while (!reversed.empty() && reversed.back() == 0)
        reversed.pop_back();
    if (zeros + reversed.size() > max_bytes) return std::nullopt;
    base::Bytes out(zeros, 0);
    out.insert(out.end(), reversed.rbegin(), reversed.rend());
    return out;
}

std::string Base58CheckEncode(base::ByteSpan in)
{
    base::Bytes with_checksum(in.begin(), in.end());
    const auto checksum = Checksum(in);
    with_checksum.insert(with_checksum.end(), checksum.begin(), checksum.end());
    return Base58Encode(with_checksum);
}

std::optional<base::Bytes> Base58CheckDecode(std::string_view text, size_t max_bytes)
{
    if (max_bytes > SIZE_MAX - CHECKSUM_BYTES) return std::nullopt;
    auto bytes = Base58Decode(text, max_bytes + CHECKSUM_BYTES);
    if (!bytes || bytes->size() < CHECKSUM_BYTES) return std::nullopt;
    const size_t payload = bytes->size() - CHECKSUM_BYTES;
    const auto checksum = Checksum(base::ByteSpan(*bytes).first(payload));
    if (!std::equal(checksum.begin(), checksum.end(), bytes->begin() + static_cast<ptrdiff_t>(payload))) {
        return std::nullopt;
    }
    bytes->resize(payload);
    return bytes;
}

std::string Base32Encode(base::ByteSpan in)
{
    std::string out;
    for (const uint8_t word : ToWords(in))
        out.push_back(ALPHABET_32[word]);
    return out;
}

std::optional<base::Bytes> Base32Decode(std::string_view text)
{
    base::Bytes words;
    words.reserve(text.size());
    for (const char c : text) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const size_t digit = ALPHABET_32.find(lower);
        if (digit == std::string_view::npos) return std::nullopt;
        words.push_back(static_cast<uint8_t>(digit));
    }
    return FromWords(words);
}

std::string Base64Encode(base::ByteSpan in)
{
    std::string out;
    out.reserve((in.size() + 2) / 3 * 4);
    while (!in.empty()) {
        const size_t taken = std::min<size_t>(in.size(), 3);
        uint32_t group = 0;
        for (size_t i = 0; i < 3; ++i)
            group = group << 8 | (i < taken ? in[i] : 0u);
        for (size_t i = 0; i < 4; ++i) {
            out.push_back(i <= taken ? ALPHABET_64[group >> (18 - 6 * i) & 63] : '=');
        }
        in = in.subspan(taken);
    }
    return out;
}

std::optional<base::Bytes> Base64Decode(std::string_view text)
{
    if (text.size() % 4 != 0) return std::nullopt;
    base::Bytes out;
    out.reserve(text.size() / 4 * 3);
    while (!text.empty()) {
        const bool last = text.size() == 4;
        const size_t characters = !last || text[3] != '=' ? 4 : text[2] != '=' ? 3 : 2;
        uint32_t group = 0;
        for (size_t i = 0; i < 4; ++i) {
            const int digit = i < characters ? Digit(DIGITS_64, text[i]) : 0;
            if (digit < 0) return std::nullopt;
            group = group << 6 | static_cast<uint32_t>(digit);
        }
        const size_t bytes = characters - 1;
        if ((group & (0xffffffu >> (8 * bytes))) != 0) return std::nullopt; // bits that no byte takes
        for (size_t i = 0; i < bytes; ++i)
            out.push_back(static_cast<uint8_t>(group >> (16 - 8 * i)));
        text.remove_prefix(4);
    }
    return out;
}

} // namespace emc::codec
