#include "enum/number.h"

#include <boost/test/unit_test.hpp>

#include <tuple>

using namespace emc::enumrec;

BOOST_AUTO_TEST_SUITE(enum_number)

BOOST_AUTO_TEST_CASE(digits)
{
    for (const char* text : {"1000", "9999", "18009359935", "123456789012345", "999999999999999"}) {
        const auto number = Number::FromDigits(text);
        BOOST_REQUIRE_MESSAGE(number, text);
        BOOST_CHECK_EQUAL(number->Digits(), text);
        BOOST_CHECK_EQUAL(number->WithPlus(), "+" + std::string(text));
        BOOST_CHECK(Number::FromValue(number->Value()) == number);
    }
    for (const char* text : {"", "0", "100", "0100", "01000", "1234567890123456", "+1800", "18 00", "1800a"})
        BOOST_CHECK_MESSAGE(!Number::FromDigits(text), text);
    BOOST_CHECK(!Number::FromValue(999));
    BOOST_CHECK(!Number::FromValue(1'000'000'000'000'000));
    BOOST_CHECK(*Number::FromDigits("1000") < *Number::FromDigits("1001"));
}

BOOST_AUTO_TEST_CASE(as_people_write_them)
{
    for (const char* text :
         {"+1 (800) 935-9935", "1.800.935.9935", "18009359935", " +1/800/9359935 ", "(1)8009359935"})
        BOOST_CHECK_MESSAGE(Number::FromHuman(text) == Number::FromDigits("18009359935"), text);
    for (const char* text : {"", " - ", "+", "++18009359935", "1+8009359935", "1800x", "tel:18009359935"})
        BOOST_CHECK_MESSAGE(!Number::FromHuman(text), text);
}

BOOST_AUTO_TEST_CASE(names)
{
    const auto name = ParseRecordName("enum:18009359935:7");
    BOOST_REQUIRE(name && name->number);
    BOOST_CHECK(name->kind == NameKind::Number);
    BOOST_CHECK_EQUAL(name->slot, 7);
    BOOST_CHECK_EQUAL(RecordNameOf(*name->number, name->slot), "enum:18009359935:7");
    BOOST_CHECK_EQUAL(ParseRecordName("enum:1000:999")->slot, 999);

    const auto toll_free = ParseRecordName("enum:tollfree");
    BOOST_CHECK(toll_free && toll_free->kind == NameKind::TollFree && toll_free->country.empty());
    BOOST_CHECK_EQUAL(ParseRecordName("enum:tollfree:800")->country, "800");

    const auto verifier = ParseRecordName("ver:a.b_c-9");
    BOOST_CHECK(verifier && verifier->kind == NameKind::Verifier && verifier->verifier == "a.b_c-9");
    BOOST_CHECK(IsVerifierName("ver:enum"));
    BOOST_CHECK(!IsVerifierName("dns:enum"));

    for (const char* text : {"", "dns:x", "enum", "ver", "Enum:1:2", "VER:x", "x enum:1"})
        BOOST_CHECK_MESSAGE(ParseRecordName(text) && ParseRecordName(text)->kind == NameKind::Free, text);
    for (const char* text : {"enum:",
                             "enum:1000",
                             "enum:1000:",
                             "enum:1000:01",
                             "enum:1000:1000",
                             "enum:1000:1:2",
                             "enum:01000:0",
                             "enum:tollfree:",
                             "enum:tollfree:0",
                             "enum:tollfree:1234",
                             "enum:tollfree:1a",
                             "enum:tollfreE",
                             "ver:",
                             "ver:A",
                             "ver:-a",
                             "ver:.a",
                             "ver:a b",
                             "ver:123456789012345678901234567890123",
                             "enum:1000:x",
                             "enum:1000:+1"}) {
        BOOST_CHECK_MESSAGE(!ParseRecordName(text), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
