#include "codec/reader.h"
#include "codec/writer.h"

#include <boost/test/unit_test.hpp>

#include <functional>

using namespace emc;
using codec::Reader;
using codec::Writer;

namespace {

base::Bytes Hex(std::string_view text)
{
    return base::FromHex(text).value();
}

base::Bytes Written(const std::function<void(Writer&)>& write)
{
    base::Bytes out;
    Writer writer(out);
    write(writer);
    return out;
}

struct CompactCase {
    uint64_t value;
    std::string_view hex;
};

constexpr CompactCase COMPACT_CASES[] = {
    {0, "00"},
    {1, "01"},
    {0xfc, "fc"},
    {0xfd, "fdfd00"},
    {0xff, "fdff00"},
    {0x100, "fd0001"},
    {0xffff, "fdffff"},
    {0x10000, "fe00000100"},
    {0xffffffff, "feffffffff"},
    {0x100000000, "ff0000000001000000"},
    {UINT64_MAX, "ffffffffffffffffff"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(reader_writer)

BOOST_AUTO_TEST_CASE(integers_are_little_endian)
{
    const auto bytes = Written([](Writer& out) {
        out.U8(0x01);
        out.U16(0x0302);
        out.U32(0x07060504);
        out.U64(0x0f0e0d0c0b0a0908);
        out.I32(-2);
        out.I64(-3);
    });
    BOOST_TEST(base::Hex(bytes) == "0102030405060708090a0b0c0d0e0ffeffffff"
                                   "fdffffffffffffff");
    Reader in(bytes);
    BOOST_TEST(in.U8() == 0x01);
    BOOST_TEST(in.U16() == 0x0302);
    BOOST_TEST(in.U32() == 0x07060504u);
    BOOST_TEST(in.U64() == 0x0f0e0d0c0b0a0908u);
    BOOST_TEST(in.I32() == -2);
    BOOST_TEST(!in.Done());
    BOOST_TEST(in.I64() == -3);
    BOOST_TEST(in.Done());
    BOOST_TEST(in.Position() == bytes.size());
}

BOOST_AUTO_TEST_CASE(big_endian_fields)
{
    const auto bytes = Written([](Writer& out) {
        out.U16Big(0x0102);
        out.U32Big(0x03040506);
    });
    BOOST_TEST(base::Hex(bytes) == "010203040506");
    Reader in(bytes);
    BOOST_TEST(in.U16Big() == 0x0102);
    BOOST_TEST(in.U32Big() == 0x03040506u);
    BOOST_TEST(in.Done());

    Reader short_two(base::ByteSpan(bytes).first(1));
    BOOST_TEST(short_two.U16Big() == 0);
    BOOST_TEST(!short_two.Ok());
    Reader short_four(base::ByteSpan(bytes).first(3));
    short_four.U32Big();
    BOOST_TEST(!short_four.Ok());
}

BOOST_AUTO_TEST_CASE(compact_size_in_shortest_form)
{
    for (const CompactCase& c : COMPACT_CASES) {
        const auto bytes = Written([&](Writer& out) { out.CompactSize(c.value); });
        BOOST_TEST(base::Hex(bytes) == c.hex);
        BOOST_TEST(codec::CompactSizeBytes(c.value) == bytes.size());
        Reader in(bytes);
        BOOST_TEST(in.CompactSize(UINT64_MAX) == c.value);
        BOOST_TEST(in.Done());
    }
}

BOOST_AUTO_TEST_CASE(compact_size_refuses_long_forms_and_short_input)
{
    for (const std::string_view text :
         {"fd0000", "fdfc00", "fe00000000", "feffff0000", "ff0000000000000000", "ffffffffff00000000", "",
          "fd", "fd00", "fe000001", "ff00000000010000"}) {
        const auto bytes = Hex(text);
        Reader in(bytes);
        BOOST_TEST(in.CompactSize(UINT64_MAX) == 0u);
        BOOST_TEST(!in.Ok(), text);
    }
}

BOOST_AUTO_TEST_CASE(compact_size_keeps_its_limit)
{
    const auto at_limit = Written([](Writer& out) { out.CompactSize(codec::MAX_COMPACT_SIZE); });
    Reader first(at_limit);
    BOOST_TEST(first.CompactSize() == codec::MAX_COMPACT_SIZE);
    const auto above = Written([](Writer& out) { out.CompactSize(codec::MAX_COMPACT_SIZE + 1); });
    Reader second(above);
    BOOST_TEST(second.CompactSize() == 0u);
    BOOST_TEST(!second.Ok());
    const auto small = Hex("0b");
    Reader third(small);
    BOOST_TEST(third.CompactSize(10) == 0u);
    BOOST_TEST(!third.Ok());
}

BOOST_AUTO_TEST_CASE(count_is_bounded_by_what_is_there)
{
    const auto bytes = Hex("030102030405");
    Reader fits(bytes);
    BOOST_TEST(fits.Count(1) == 3u);
    BOOST_TEST(fits.Ok());
    Reader too_many(bytes);
    BOOST_TEST(too_many.Count(2) == 0u);
    BOOST_TEST(!too_many.Ok());
    Reader no_size(bytes);
    BOOST_TEST(no_size.Count(0) == 3u);
    const auto lying = Hex("fe00000002");
    Reader liar(lying);
    BOOST_TEST(liar.Count(1) == 0u);
    BOOST_TEST(!liar.Ok());
}

BOOST_AUTO_TEST_CASE(take_gives_views_and_never_more_than_there_is)
{
    const auto bytes = Hex("0001020304");
    Reader in(bytes);
    const auto front = in.Take(2);
    BOOST_TEST(front.data() == bytes.data());
    BOOST_TEST(front.size() == 2u);
    BOOST_TEST(in.Remaining() == 3u);
    BOOST_TEST(in.Take(4).empty());
    BOOST_TEST(!in.Ok());
    BOOST_TEST(in.Remaining() == 0u);
    BOOST_TEST(in.Take(0).empty());
    BOOST_TEST(!in.Ok());
}

BOOST_AUTO_TEST_CASE(sized_bytes)
{
    const auto bytes = Written([](Writer& out) {
        out.Sized(Hex("aabbcc"));
        out.Sized({});
        out.Raw(Hex("dd"));
    });
    BOOST_TEST(base::Hex(bytes) == "03aabbcc00dd");
    Reader in(bytes);
    BOOST_TEST(base::Hex(in.SizedBytes()) == "aabbcc");
    BOOST_TEST(in.SizedBytes().empty());
    BOOST_TEST(in.Ok());
    BOOST_TEST(in.SizedBytes().empty()); // announces 221 bytes
    BOOST_TEST(!in.Ok());
}

BOOST_AUTO_TEST_CASE(hashes_keep_their_byte_order)
{
    base::Hash256 hash;
    for (size_t i = 0; i < hash.size(); ++i)
        hash.bytes[i] = static_cast<uint8_t>(i);
    Reader in(hash.Span());
    BOOST_TEST(base::Hex(in.Hash().Span()) == base::Hex(hash.Span()));
    BOOST_TEST(in.Done());
    Reader too_short(hash.Span().first(31));
    BOOST_TEST(too_short.Hash().IsNull());
    BOOST_TEST(!too_short.Ok());
}

BOOST_AUTO_TEST_CASE(errors_stick)
{
    const auto bytes = Hex("0102030405060708");
    Reader in(bytes);
    BOOST_TEST(in.U8() == 1);
    in.Fail();
    BOOST_TEST(!in.Ok());
    BOOST_TEST(!in.Done());
    BOOST_TEST(in.U8() == 0);
    BOOST_TEST(in.U16() == 0);
    BOOST_TEST(in.U32() == 0u);
    BOOST_TEST(in.U64() == 0u);
    BOOST_TEST(in.Hash().IsNull());
    BOOST_TEST(in.Count(1) == 0u);
    BOOST_TEST(!in.Ok());
}

BOOST_AUTO_TEST_CASE(every_short_input_fails)
{
    const auto bytes = Hex("01020304050607");
    for (size_t length = 0; length < bytes.size(); ++length) {
        Reader in(base::ByteSpan(bytes).first(length));
        in.U8();
        in.U16();
        in.U32();
        BOOST_TEST(!in.Ok(), length);
    }
}

BOOST_AUTO_TEST_SUITE_END()
