#include "crypto/der.h"
#include "crypto/keys.h"
#include "unit/crypto/openssl_digest.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace emc;
using base::Bytes;
using base::Hex;
using test::Unhex;

/// r and s as 32 bytes each in hex, or "none".
std::string Lax(std::string_view hex)
{
    const auto parsed = crypto::ParseDerLax(Unhex(hex));
    return parsed ? Hex(*parsed) : "none";
}

std::string Numbers(std::string_view r, std::string_view s)
{
    const auto widened = [](std::string_view number) {
        return std::string(64 - number.size(), '0') + std::string(number);
    };
    return widened(r) + widened(s);
}

bool Strict(std::string_view hex)
{
    return crypto::IsStrictDer(Unhex(hex));
}

const std::string FULL = "ff" + std::string(62, '1');

} // namespace

BOOST_AUTO_TEST_SUITE(der_tests)

BOOST_AUTO_TEST_CASE(lax_reads_what_is_well_formed)
{
    BOOST_CHECK_EQUAL(Lax("3006020101020102"), Numbers("01", "02"));
    BOOST_CHECK_EQUAL(Lax("3008020200ff02020080"), Numbers("ff", "80"));
    BOOST_CHECK_EQUAL(Lax("3046022100" + FULL + "022100" + FULL), Numbers(FULL, FULL));
}

BOOST_AUTO_TEST_CASE(lax_forgives)
{
    // A wrong length of the whole, of either form; bytes behind; padding; negative numbers; long lengths; no
    // digits.
    BOOST_CHECK_EQUAL(Lax("30ff02010102010200"), "none");
    BOOST_CHECK_EQUAL(Lax("3000020101020102"), Numbers("01", "02"));
    BOOST_CHECK_EQUAL(Lax("307f020101020102"), Numbers("01", "02"));
    BOOST_CHECK_EQUAL(Lax("308106020101020102"), Numbers("01", "02"));
    BOOST_CHECK_EQUAL(Lax("3083000099020101020102"), Numbers("01", "02"));
    BOOST_CHECK_EQUAL(Lax("3080020101020102"), Numbers("01", "02"));
    BOOST_CHECK_EQUAL(Lax("3006020101020102deadbeef"), Numbers("01", "02"));
    BOOST_CHECK_EQUAL(Lax("300b0205000000000102020002"), Numbers("01", "02"));
    BOOST_CHECK_EQUAL(Lax("30060201ff020180"), Numbers("ff", "80"));
    BOOST_CHECK_EQUAL(Lax("300802810101028200000202"), Numbers("01", ""));
    BOOST_CHECK_EQUAL(Lax("3008028101010282000102"), Numbers("01", "02"));
    BOOST_CHECK_EQUAL(Lax("3000028900000000000000000101020102"), Numbers("01", "02"));
    BOOST_CHECK_EQUAL(Lax("300402000200"), Numbers("", ""));
    BOOST_CHECK_EQUAL(Lax("300602800202ffff"), Numbers("", "ffff"));
    BOOST_CHECK_EQUAL(Lax("3026022200000" + std::string(63, '7') + "020105"),
                      Numbers(std::string(63, '7'), "05"));
}

BOOST_AUTO_TEST_CASE(lax_makes_zero_of_long_numbers)
{
    const std::string long_number = "01" + std::string(64, '0');
    BOOST_CHECK_EQUAL(Lax("30000221" + long_number + "020101"), Numbers("", ""));
    BOOST_CHECK_EQUAL(Lax("3000020101"
                          "0221" +
                          long_number),
                      Numbers("", ""));
    BOOST_CHECK_EQUAL(Lax("30000221" + long_number), "none");
}

BOOST_AUTO_TEST_CASE(lax_refuses)
{
    for (const std::string_view hex :
         {"", "30", "31060201010201", "3006", "300602", "30060201", "3006020101", "300602010102",
          "30060201010201", "3006030101020102", "3006020101030102", "3081", "3082ff", "300602ff01",
          "300602840000000101", "3000028801000000000000000102", "3000028affffffffffffffffffff01",
          "3006020501", "300602010102820001"}) {
        BOOST_CHECK_MESSAGE(Lax(hex) == "none", hex);
    }
}

BOOST_AUTO_TEST_CASE(every_cut_is_refused)
{
    const Bytes whole = Unhex("3046022100" + FULL + "022100" + FULL);
    for (size_t size = 0; size < whole.size(); ++size) {
        const auto part = base::ByteSpan(whole).first(size);
        BOOST_CHECK(!crypto::ParseDerLax(part));
        BOOST_CHECK(!crypto::IsStrictDer(part));
    }
}

BOOST_AUTO_TEST_CASE(strict)
{
    BOOST_CHECK(Strict("3006020101020102"));
    BOOST_CHECK(Strict("3006020100020100"));
    BOOST_CHECK(Strict("3008020200ff02020080"));
    BOOST_CHECK(Strict("3046022100" + FULL + "022100" + FULL));
    for (const std::string& hex : {
             std::string("3106020101020102"),         // no sequence
             std::string("3007020101020102"),         // wrong length
             std::string("308106020101020102"),       // long length
             std::string("300702010102010200"),       // bytes behind
             std::string("3006030101020102"),         // r no integer
             std::string("3006020101030102"),         // s no integer
             std::string("300702000203010203"),       // r empty
             std::string("300702030102030200"),       // s empty
             std::string("30060201ff020102"),         // r negative
             std::string("30060201010201ff"),         // s negative
             std::string("300702020001020102"),       // r padded
             std::string("300702010102020002"),       // s padded
             std::string("3006020201020102"),         // s begins inside r
             std::string("3006020501020102"),         // r beyond the end
             std::string("3006020101020202"),         // s beyond the end
             std::string("30070204010203040202"),     // s cut off
             "3047022200" + FULL + "00022100" + FULL, // too long
         }) {
        BOOST_CHECK_MESSAGE(!Strict(hex), hex);
    }
}

BOOST_AUTO_TEST_CASE(numbers_beyond_the_order_never_verify)
{
    const std::string order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    const Bytes der = Unhex("3026022100" + order + "020101");
    const auto key = crypto::PrivateKey::From(Bytes(32, 1));
    BOOST_CHECK(!crypto::VerifyEcdsa(key->Public(), base::Hash256(), der));
    BOOST_CHECK(crypto::IsLowS(der));
    BOOST_CHECK(!crypto::VerifyEcdsa(key->Public(), base::Hash256(), Unhex("3006020100020100")));
}

BOOST_AUTO_TEST_SUITE_END()
