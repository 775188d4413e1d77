#include "base/bytes.h"
#include "base/random.h"

#include <boost/test/unit_test.hpp>

#include <unordered_set>

namespace {

using namespace emc;

base::Hash256 Counting()
{
    base::Hash256 out;
    for (size_t i = 0; i < out.SIZE; ++i)
        out.bytes[i] = static_cast<uint8_t>(i);
    return out;
}

/// Gives the bytes it was made with, again and again.
class FixedBytes final : public base::RandomSource
{
public:
    explicit FixedBytes(base::Bytes bytes) : m_bytes(std::move(bytes)) {}

    void Fill(std::span<uint8_t> out) override
    {
        for (uint8_t& byte : out)
            byte = m_bytes[m_at++ % m_bytes.size()];
    }

private:
    base::Bytes m_bytes;
    size_t m_at = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(bytes_tests)

BOOST_AUTO_TEST_CASE(hex_of_every_byte_and_back)
{
    for (unsigned value = 0; value < 256; ++value) {
        const base::Bytes one = {static_cast<uint8_t>(value)};
        const std::string text = base::Hex(one);
        BOOST_REQUIRE_EQUAL(text.size(), 2U);
        BOOST_CHECK_EQUAL(std::stoul(text, nullptr, 16), value);
        BOOST_CHECK(base::FromHex(text) == one);
    }
    BOOST_CHECK_EQUAL(base::Hex({}), "");
    BOOST_CHECK(base::FromHex("") == base::Bytes{});
    BOOST_CHECK(base::FromHex("aAbBcCdDeEfF") == (base::Bytes{0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}));
}

BOOST_AUTO_TEST_CASE(hex_refuses_everything_else)
{
    for (const std::string_view text : {"0", "abc", "0g", "g0", " 00", "00 ", "0x00", "-1", "+1"}) {
        BOOST_CHECK_MESSAGE(!base::FromHex(text), text);
    }
    for (unsigned value = 0; value < 256; ++value) {
        const bool digit = std::isxdigit(static_cast<int>(value)) != 0;
        const std::string text = {static_cast<char>(value), '0'};
        BOOST_CHECK_EQUAL(base::FromHex(text).has_value(), digit);
    }
    BOOST_CHECK(!base::FromHex(std::string_view("0\0", 2)));
}

BOOST_AUTO_TEST_CASE(reversed_hex)
{
    const std::string text = "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100";
    BOOST_CHECK_EQUAL(base::ReversedHex(Counting()), text);
    BOOST_CHECK(base::HashFromReversedHex(text) == Counting());
    BOOST_CHECK(!base::HashFromReversedHex(text.substr(2)));
    BOOST_CHECK(!base::HashFromReversedHex(text + "00"));
    BOOST_CHECK(!base::HashFromReversedHex(text.substr(0, 63) + "x"));
}

BOOST_AUTO_TEST_CASE(byte_arrays)
{
    base::Hash256 zero;
    BOOST_CHECK(zero.IsNull());
    BOOST_CHECK(!Counting().IsNull());
    BOOST_CHECK(zero < Counting());
    BOOST_CHECK_EQUAL(base::Hash160::size(), 20U);
    BOOST_CHECK(base::Hash256::From(Counting().Span()) == Counting());
    BOOST_CHECK(!base::Hash256::From(Counting().Span().first(31)));
    BOOST_CHECK(!base::Hash160::From(Counting().Span()));
    zero.data()[31] = 1;
    BOOST_CHECK(!zero.IsNull());
    const base::Hash256 fixed = Counting();
    BOOST_CHECK_EQUAL(fixed.data()[7], 7);
    BOOST_CHECK_EQUAL(std::distance(fixed.begin(), fixed.end()), 32);
    std::unordered_set<base::Hash256, base::HashOfHash> set = {zero, Counting(), zero};
    BOOST_CHECK_EQUAL(set.size(), 2U);
}

BOOST_AUTO_TEST_CASE(text_and_bytes)
{
    const base::Bytes bytes = {'a', 0, 0xff};
    BOOST_CHECK_EQUAL(base::ToText(bytes), std::string("a\0\xff", 3));
    BOOST_CHECK(base::ToBytes(base::ToText(bytes)) == bytes);
    const base::ByteSpan view = base::AsBytes("xyz");
    BOOST_CHECK_EQUAL(base::AsText(view), "xyz");
}

BOOST_AUTO_TEST_CASE(random_words_and_bounds)
{
    FixedBytes counting({1, 2, 3, 4, 5, 6, 7, 8});
    BOOST_CHECK_EQUAL(counting.Next64(), 0x0807060504030201U);
    // The first word lies in the part that would favour small results, so the second one is taken.
    FixedBytes high({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 9, 0, 0, 0, 0, 0, 0, 0});
    BOOST_CHECK_EQUAL(high.Below(10), 9U);
    FixedBytes any({0xfe, 1, 2, 3, 4, 5, 6, 7});
    BOOST_CHECK_EQUAL(any.Below(1), 0U);
}

BOOST_AUTO_TEST_SUITE_END()
