#include "base/bytes.h"

namespace emc::base {

namespace {

constexpr std::string_view HEX_DIGITS = "0123456789abcdef";
constexpr uint8_t NO_DIGIT = 0xff;

constexpr std::array<uint8_t, 256> MakeDigitTable()
{
    std::array<uint8_t, 256> table{};
    table.fill(NO_DIGIT);
    for (uint8_t value = 0; value < 10; ++value)
        table[static_cast<size_t>('0') + value] = value;
    for (uint8_t value = 10; value < 16; ++value) {
        table[static_cast<size_t>('a') + value - 10] = value;
        table[static_cast<size_t>('A') + value - 10] = value;
    }
    return table;
}

constexpr std::array<uint8_t, 256> DIGIT_OF = MakeDigitTable();

void PutDigits(char* out, uint8_t byte)
{
    out[0] = HEX_DIGITS[byte >> 4];
    out[1] = HEX_DIGITS[byte & 15];
}

/// Decodes one digit pair; false when either character is no hex digit.
bool TakeDigits(const char* in, uint8_t& out)
{
    const uint8_t high = DIGIT_OF[static_cast<uint8_t>(in[0])];
    const uint8_t low = DIGIT_OF[static_cast<uint8_t>(in[1])];
    if (high == NO_DIGIT || low == NO_DIGIT) return false;
    out = static_cast<uint8_t>(high << 4 | low);
    return true;
}

} // namespace

std::string Hex(ByteSpan in)
{
    std::string out(in.size() * 2, '\0');
    for (size_t i = 0; i < in.size(); ++i)
        PutDigits(&out[2 * i], in[i]);
    return out;
}

std::optional<Bytes> FromHex(std::string_view text)
{
    if (text.size() % 2 != 0) return std::nullopt;
    Bytes out(text.size() / 2);
    for (size_t i = 0; i < out.size(); ++i) {
        if (!TakeDigits(&text[2 * i], out[i])) return std::nullopt;
    }
    return out;
}

std::string ReversedHex(const Hash256& hash)
{
    std::string out(Hash256::SIZE * 2, '\0');
    for (size_t i = 0; i < Hash256::SIZE; ++i)
        PutDigits(&out[2 * i], hash.bytes[Hash256::SIZE - 1 - i]);
    return out;
}

std::optional<Hash256> HashFromReversedHex(std::string_view text)
{
    if (text.size() != Hash256::SIZE * 2) return std::nullopt;
    Hash256 out;
    for (size_t i = 0; i < Hash256::SIZE; ++i) {
        if (!TakeDigits(&text[2 * i], out.bytes[Hash256::SIZE - 1 - i])) return std::nullopt;
    }
    return out;
}

} // namespace emc::base
