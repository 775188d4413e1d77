#include "codec/base58.h"

#include "crypto/random.h"

#include <boost/test/unit_test.hpp>

using namespace emc;

namespace {

base::Bytes Hex(std::string_view text)
{
    return base::FromHex(text).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(base58)

BOOST_AUTO_TEST_CASE(known_texts)
{
    struct Case {
        std::string_view hex;
        std::string_view text;
    };

    for (const Case& c :
         {Case{"", ""}, Case{"00", "1"}, Case{"0000", "11"}, Case{"39", "z"}, Case{"3a", "21"},
          Case{"61", "2g"}, Case{"00ff", "15Q"}, Case{"ffffffff", "7YXq9G"}}) {
        BOOST_TEST(codec::Base58Encode(Hex(c.hex)) == c.text);
        const auto decoded = codec::Base58Decode(c.text);
        BOOST_REQUIRE(decoded);
        BOOST_TEST(base::Hex(*decoded) == c.hex);
    }
}

BOOST_AUTO_TEST_CASE(any_bytes_come_back)
{
    crypto::TestRandom random(58);
    for (size_t length = 0; length < 120; ++length) {
        base::Bytes bytes(length);
        random.Fill(bytes);
        for (size_t i = 0; i < length % 5 && i < length; ++i)
            bytes[i] = 0;
        const auto decoded = codec::Base58Decode(codec::Base58Encode(bytes));
        BOOST_REQUIRE(decoded);
        BOOST_TEST(base::Hex(*decoded) == base::Hex(bytes));
        const auto checked = codec::Base58CheckDecode(codec::Base58CheckEncode(bytes));
        BOOST_REQUIRE(checked);
        BOOST_TEST(base::Hex(*checked) == base::Hex(bytes));
    }
}

BOOST_AUTO_TEST_CASE(foreign_characters)
{
    for (const std::string_view text : {"0", "O", "I", "l", "a b", "a\tb", "+", "\xc3\xa4", "a-", "1l"}) {
        BOOST_TEST(!codec::Base58Decode(text), text);
    }
    BOOST_TEST(!codec::Base58Decode(std::string_view("a\0", 2)));
}

BOOST_AUTO_TEST_CASE(blanks_at_the_ends)
{
    for (const std::string_view text : {" 2g", "2g\n", "\t\r\v\f 2g \n"}) {
        const auto decoded = codec::Base58Decode(text);
        BOOST_REQUIRE(decoded);
        BOOST_TEST(base::Hex(*decoded) == "61");
    }
    BOOST_TEST(codec::Base58Decode("  ")->empty());
}

BOOST_AUTO_TEST_CASE(longest_result)
{
    const base::Bytes bytes(32, 0xff);
    const std::string text = codec::Base58Encode(bytes);
    BOOST_TEST(codec::Base58Decode(text, 32).has_value());
    BOOST_TEST(!codec::Base58Decode(text, 31));
    BOOST_TEST(!codec::Base58Decode(std::string(33, '1'), 32));
    BOOST_TEST(codec::Base58Decode(std::string(32, '1'), 32).has_value());
    BOOST_TEST(!codec::Base58Decode(std::string(100'000, 'z'), 32));
    BOOST_TEST(!codec::Base58Decode("2", 0));
    BOOST_TEST(codec::Base58Decode("", 0).has_value());
    const std::string checked = codec::Base58CheckEncode(bytes);
    BOOST_TEST(codec::Base58CheckDecode(checked, 32).has_value());
    BOOST_TEST(!codec::Base58CheckDecode(checked, 31));
    BOOST_TEST(!codec::Base58CheckDecode(checked, SIZE_MAX));
}

BOOST_AUTO_TEST_CASE(checksum)
{
    // The address of the first block's coinbase.
    const std::string address = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
    const auto decoded = codec::Base58CheckDecode(address);
    BOOST_REQUIRE(decoded);
    BOOST_TEST(base::Hex(*decoded) == "0062e907b15cbf27d5425399ebf6f0fb50ebb88f18");
    BOOST_TEST(codec::Base58CheckEncode(*decoded) == address);
    for (size_t i = 0; i < address.size(); ++i) {
        std::string changed = address;
        changed[i] = changed[i] == '2' ? '3' : '2';
        BOOST_TEST(!codec::Base58CheckDecode(changed), changed);
    }
    BOOST_TEST(!codec::Base58CheckDecode(""));
    BOOST_TEST(!codec::Base58CheckDecode("2g"));
    BOOST_TEST(!codec::Base58CheckDecode("0"));
    // Checksum of nothing.
    BOOST_TEST(codec::Base58CheckEncode({}) == "3QJmnh");
    BOOST_TEST(codec::Base58CheckDecode("3QJmnh")->empty());
}

BOOST_AUTO_TEST_CASE(base32_known_texts)
{
    // RFC 4648 section 10, lower case and without padding
    const std::pair<std::string_view, std::string_view> cases[] = {{"", ""},
                                                                   {"f", "my"},
                                                                   {"fo", "mzxq"},
                                                                   {"foo", "mzxw6"},
                                                                   {"foob", "mzxw6yq"},
                                                                   {"fooba", "mzxw6ytb"},
                                                                   {"foobar", "mzxw6ytboi"}};
    for (const auto& [plain, text] : cases) {
        BOOST_TEST(codec::Base32Encode(base::AsBytes(plain)) == text);
        const auto decoded = codec::Base32Decode(text);
        BOOST_REQUIRE(decoded);
        BOOST_TEST(base::ToText(*decoded) == plain);
    }
    BOOST_TEST(base::ToText(*codec::Base32Decode("MzXw6")) == "foo");
    for (const std::string_view text : {"m", "mz1q", "mzxr", "my==", "mzxw6y", "m "})
        BOOST_TEST(!codec::Base32Decode(text), text);
}

BOOST_AUTO_TEST_CASE(base64_known_texts)
{
    // RFC 4648 section 10
    struct Case {
        std::string_view plain;
        std::string_view text;
    };

    for (const Case& c : {Case{"", ""}, Case{"f", "Zg=="}, Case{"fo", "Zm8="}, Case{"foo", "Zm9v"},
                          Case{"foob", "Zm9vYg=="}, Case{"fooba", "Zm9vYmE="}, Case{"foobar", "Zm9vYmFy"}}) {
        BOOST_TEST(codec::Base64Encode(base::AsBytes(c.plain)) == c.text);
        const auto decoded = codec::Base64Decode(c.text);
        BOOST_REQUIRE(decoded);
        BOOST_TEST(base::ToText(*decoded) == c.plain);
    }
    BOOST_TEST(codec::Base64Encode(Hex("fbefbeffff")) == "++++//8=");
}

BOOST_AUTO_TEST_CASE(base64_is_strict)
{
    for (const std::string_view text :
         {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zm9vYg", "Zg==Zg==", "Zm=v", "Zm9v Zg==", "Zm9v\n",
          "Zm9-", "Zm9_", "Zh==", "Zm9=", "=m9v", "Zg=a"}) {
        BOOST_TEST(!codec::Base64Decode(text), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
