#include "enum/verifier.h"

#include <boost/test/unit_test.hpp>

using namespace emc::enumrec;

namespace {

std::optional<VerifierError> ErrorOf(const std::string& value)
{
    const auto record = ParseVerifier(value);
    if (record) return std::nullopt;
    return record.Error().error;
}

std::string Bucket(const std::string& srl, std::string_view name)
{
    const auto record = ParseVerifier("name=x\nSRL=" + srl);
    if (!record || !record->revocation) return "invalid";
    return record->revocation->BucketName(name);
}

} // namespace

BOOST_AUTO_TEST_SUITE(enum_verifier)

BOOST_AUTO_TEST_CASE(accepted)
{
    const std::string value = "url=https://example.net\nname=Example\nfee=1.5\nSRL=5|srl:x-%02x\nsrl=free";
    const auto record = ParseVerifier(value);
    BOOST_REQUIRE(record);
    BOOST_CHECK_EQUAL(PrintVerifier(*record), value);
    BOOST_CHECK_EQUAL(record->Get("name"), "Example");
    BOOST_CHECK_EQUAL(record->Get("email"), "");
    BOOST_REQUIRE(record->revocation);
    BOOST_CHECK_EQUAL(record->revocation->bits, 5u);
    BOOST_CHECK_EQUAL(record->revocation->template_text, "srl:x-%02x");
    BOOST_CHECK(!ParseVerifier("name=x")->revocation);
}

BOOST_AUTO_TEST_CASE(refused_with_the_reason)
{
    std::string many = "name=x";
    for (char c = 'a'; c < 'a' + 16; ++c)
        many += std::string("\nk") + c + "=1";
    const std::pair<std::string, VerifierError> cases[] = {
        {"", VerifierError::Empty},
        {"name=x\n", VerifierError::Empty},
        {"name=x\t", VerifierError::BadByte},
        {many, VerifierError::TooManyLines},
        {"Name=x", VerifierError::BadKey},
        {"name", VerifierError::BadKey},
        {"=x", VerifierError::BadKey},
        {"abcdefghijklmnopq=x", VerifierError::BadKey},
        {"name=x\nname=x", VerifierError::RepeatedKey},
        {"name=x\nSRL=0|a\nSRL=0|a", VerifierError::RepeatedKey},
        {"name=", VerifierError::BadValue},
        {"name=" + std::string(256, 'x'), VerifierError::BadValue},
        {"url=x", VerifierError::NoName},
        {"name=x\nSRL=31|a", VerifierError::BadSrl},
        {"name=x\nSRL=05|a", VerifierError::BadSrl},
        {"name=x\nSRL=5", VerifierError::BadSrl},
        {"name=x\nSRL=5|", VerifierError::BadSrl},
        {"name=x\nSRL=5|a%", VerifierError::BadSrl},
        {"name=x\nSRL=5|a%s", VerifierError::BadSrl},
        {"name=x\nSRL=5|a%2d", VerifierError::BadSrl},
        {"name=x\nSRL=5|a%0d", VerifierError::BadSrl},
        {"name=x\nSRL=5|a%0", VerifierError::BadSrl},
        {"name=x\nSRL=5|a%0123d", VerifierError::BadSrl},
        {"name=x\nSRL=5|a%d%d", VerifierError::BadSrl},
        {"name=x\nSRL=5|a%%", VerifierError::BadSrl},
    };
    for (const auto& [value, error] : cases) {
        BOOST_CHECK_MESSAGE(ErrorOf(value) == error, value);
        BOOST_CHECK(!Text(error).empty());
        BOOST_CHECK(RuleId(error).starts_with("V-"));
    }
    BOOST_CHECK_EQUAL(ParseVerifier("name=x\nbad").Error().line, 2u);
}

BOOST_AUTO_TEST_CASE(buckets)
{
    // h = 0x5555; "a": 0x5555 * 33 + 97 = 720982 = 0xb0056
    BOOST_CHECK_EQUAL(Bucket("0|srl:%d", "a"), "srl:0");
    BOOST_CHECK_EQUAL(Bucket("30|srl:%d", "a"), "srl:720982");
    BOOST_CHECK_EQUAL(Bucket("30|srl:%x.", "a"), "srl:b0056.");
    BOOST_CHECK_EQUAL(Bucket("30|srl:%X", "a"), "srl:B0056");
    BOOST_CHECK_EQUAL(Bucket("30|%o", "a"), "2600126");
    BOOST_CHECK_EQUAL(Bucket("5|srl:%02x", "a"), "srl:16");
    BOOST_CHECK_EQUAL(Bucket("4|srl:%02u", "a"), "srl:06");
    BOOST_CHECK_EQUAL(Bucket("4|srl:%010i", "a"), "srl:0000000006");
    BOOST_CHECK_EQUAL(Bucket("30|srl:all", "a"), "srl:all");
    BOOST_CHECK_EQUAL((RevocationList{5, "bad %"}.BucketName("a")), "bad %");
}

BOOST_AUTO_TEST_SUITE_END()
