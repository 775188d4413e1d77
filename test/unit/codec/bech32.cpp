#include "codec/bech32.h"

#include "crypto/random.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace emc;
using codec::Bech32Kind;

namespace {

base::Bytes Hex(std::string_view text)
{
    return base::FromHex(text).value();
}

std::string Upper(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(bech32)

BOOST_AUTO_TEST_CASE(both_kinds_come_back)
{
    crypto::TestRandom random(32);
    for (const Bech32Kind kind : {Bech32Kind::Bech32, Bech32Kind::Bech32m}) {
        for (size_t length = 0; length <= 81; ++length) {
            base::Bytes words(length);
            random.Fill(words);
            for (uint8_t& word : words)
                word &= 31;
            const std::string text = codec::Bech32Encode(kind, "em", words);
            BOOST_TEST(text.size() == length + 9);
            for (const std::string& form : {text, Upper(text)}) {
                const auto decoded = codec::Bech32Decode(form);
                BOOST_REQUIRE(decoded);
                BOOST_TEST(decoded->prefix == "em");
                BOOST_TEST((decoded->kind == kind));
                BOOST_TEST((decoded->words == words));
            }
        }
        BOOST_TEST(codec::Bech32Encode(kind, "em", base::Bytes(82)).empty());
    }
}

BOOST_AUTO_TEST_CASE(the_prefix_is_written_in_lower_case)
{
    BOOST_TEST(codec::Bech32Encode(Bech32Kind::Bech32, "A", {}) == "a12uel5l");
    BOOST_TEST(codec::Bech32Encode(Bech32Kind::Bech32m, "a", {}) == "a1lqfn3a");
}

BOOST_AUTO_TEST_CASE(bad_input_is_not_written)
{
    BOOST_TEST(codec::Bech32Encode(Bech32Kind::Bech32, "", {}).empty());
    BOOST_TEST(codec::Bech32Encode(Bech32Kind::Bech32, "a b", {}).empty());
    BOOST_TEST(codec::Bech32Encode(Bech32Kind::Bech32, "\x7f", {}).empty());
    BOOST_TEST(codec::Bech32Encode(Bech32Kind::Bech32, "\x80", {}).empty());
    BOOST_TEST(codec::Bech32Encode(Bech32Kind::Bech32, "a", base::Bytes{32}).empty());
    BOOST_TEST(codec::Bech32Encode(Bech32Kind::Bech32, std::string(84, 'a'), {}).empty());
}

BOOST_AUTO_TEST_CASE(bad_text_is_refused)
{
    const std::string good = codec::Bech32Encode(Bech32Kind::Bech32, "em", base::Bytes{1, 2, 3});
    BOOST_TEST(codec::Bech32Decode(good).has_value());
    std::string mixed = good;
    mixed[0] = 'E';
    for (const std::string& text :
         {std::string(), std::string("1"), mixed, good + "q", "1" + good.substr(3), good.substr(3),
          std::string("em1qqqqq"), "em1b" + good.substr(4), "e m" + good.substr(2), good + "\x80",
          std::string("1qqqqqqqqq"), std::string(91, 'q'), std::string("qqqqqqqqqq")}) {
        BOOST_TEST(!codec::Bech32Decode(text), text);
    }
}

BOOST_AUTO_TEST_CASE(up_to_four_changed_characters_are_found)
{
    const std::string good = codec::SegwitEncode("em", {0, base::Bytes(20, 0x5a)});
    crypto::TestRandom random(4);
    for (int round = 0; round < 500; ++round) {
        std::string changed = good;
        const uint64_t changes = 1 + random.Below(4);
        for (uint64_t i = 0; i < changes; ++i) {
            const size_t at = static_cast<size_t>(3 + random.Below(good.size() - 3));
            changed[at] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"[random.Below(32)];
        }
        const auto decoded = codec::Bech32Decode(changed);
        BOOST_TEST((changed == good || !decoded || decoded->kind != Bech32Kind::Bech32));
    }
}

BOOST_AUTO_TEST_CASE(groups_of_five_bits)
{
    BOOST_TEST(base::Hex(codec::ToWords(Hex("ff"))) == "1f1c");
    BOOST_TEST(base::Hex(codec::ToWords(Hex("0000000000"))) == "0000000000000000");
    BOOST_TEST(codec::ToWords({}).empty());
    for (size_t length = 0; length < 45; ++length) {
        base::Bytes bytes(length, 0xa5);
        const auto back = codec::FromWords(codec::ToWords(bytes));
        BOOST_REQUIRE(back);
        BOOST_TEST((*back == bytes));
    }
    BOOST_TEST(!codec::FromWords(base::Bytes{32}));      // no 5-bit value
    BOOST_TEST(!codec::FromWords(base::Bytes{0}));       // five bits of padding
    BOOST_TEST(!codec::FromWords(base::Bytes{31, 29}));  // padding 01
    BOOST_TEST(!codec::FromWords(base::Bytes{0, 0, 0})); // seven bits of padding
    BOOST_TEST(codec::FromWords(base::Bytes{31, 28}).has_value());
}

BOOST_AUTO_TEST_CASE(witness_programs)
{
    struct Case {
        int version;
        size_t bytes;
        bool good;
    };

    for (const Case& c :
         {Case{0, 20, true}, Case{0, 32, true}, Case{0, 21, false}, Case{0, 0, false}, Case{1, 32, true},
          Case{1, 2, true}, Case{1, 1, false}, Case{1, 40, true}, Case{16, 40, true}, Case{16, 41, false},
          Case{17, 32, false}, Case{-1, 32, false}}) {
        const std::string text = codec::SegwitEncode("em", {c.version, base::Bytes(c.bytes, 7)});
        BOOST_TEST(text.empty() == !c.good, c.version << " " << c.bytes);
        if (!c.good) continue;
        const auto decoded = codec::SegwitDecode("em", text);
        BOOST_REQUIRE(decoded);
        BOOST_TEST(decoded->version == c.version);
        BOOST_TEST((decoded->program == base::Bytes(c.bytes, 7)));
        BOOST_TEST(!codec::SegwitDecode("te", text));
    }
}

/// One and two mistakes anywhere are found; of more nothing is claimed but by chance.
BOOST_AUTO_TEST_CASE(mistakes_are_found)
{
    for (const int version : {0, 1}) {
        const std::string good = codec::SegwitEncode("em", {version, base::Bytes(32, 7)});
        BOOST_TEST(codec::Bech32Mistakes(good).empty());
        const auto other = [&good](size_t place) { return good[place] == 'q' ? 'p' : 'q'; };
        for (size_t first = 3; first < good.size(); ++first) {
            std::string text = good;
            text[first] = other(first);
            BOOST_TEST((codec::Bech32Mistakes(text) == std::vector<size_t>{first}), text);
            const size_t second = 3 + first * 7 % (good.size() - 3);
            if (second == first) continue;
            text[second] = other(second);
            const std::vector<size_t> both{std::min(first, second), std::max(first, second)};
            BOOST_TEST((codec::Bech32Mistakes(text) == both), text);
        }
        std::string text = good;
        text[5] = 'b';
        text[9] = 'i';
        BOOST_TEST((codec::Bech32Mistakes(text) == std::vector<size_t>{5, 9}));
    }
    for (const char* text : {"", "em", "em1", "1qqqqqqqqq", "em1qqqqqQQQQ", "E7nothing"})
        BOOST_TEST(codec::Bech32Mistakes(text).empty());
}

BOOST_AUTO_TEST_CASE(texts_that_are_no_witness_program)
{
    const auto text = [](Bech32Kind kind, int version, const base::Bytes& program) {
        base::Bytes words{static_cast<uint8_t>(version)};
        const auto rest = codec::ToWords(program);
        words.insert(words.end(), rest.begin(), rest.end());
        return codec::Bech32Encode(kind, "em", words);
    };
    const base::Bytes program(32, 9);
    BOOST_TEST(codec::SegwitDecode("em", text(Bech32Kind::Bech32, 0, program)).has_value());
    BOOST_TEST(codec::SegwitDecode("em", text(Bech32Kind::Bech32m, 1, program)).has_value());
    BOOST_TEST(!codec::SegwitDecode("em", text(Bech32Kind::Bech32m, 0, program)));
    BOOST_TEST(!codec::SegwitDecode("em", text(Bech32Kind::Bech32, 1, program)));
    BOOST_TEST(!codec::SegwitDecode("em", text(Bech32Kind::Bech32m, 17, program)));
    BOOST_TEST(!codec::SegwitDecode("em", text(Bech32Kind::Bech32, 0, base::Bytes(25))));
    BOOST_TEST(!codec::SegwitDecode("em", codec::Bech32Encode(Bech32Kind::Bech32, "em", {})));
    BOOST_TEST(!codec::SegwitDecode(
        "em", codec::Bech32Encode(Bech32Kind::Bech32m, "em", base::Bytes{1, 0, 0, 0, 0, 1})));
    BOOST_TEST(!codec::SegwitDecode("em", "nothing"));
}

BOOST_AUTO_TEST_SUITE_END()
