#include "names/state.h"

#include "unit/names/sample.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::names;

BOOST_AUTO_TEST_SUITE(names_state)

BOOST_AUTO_TEST_CASE(record_as_bytes)
{
    NameRecord record = test::Record(test::Out(3, 7), "value", test::Owner(2), 6'132'000);
    record.born_height = 12;
    record.updated_height = 345;
    Bytes bytes;
    codec::Writer out(bytes);
    Write(out, record);
    codec::Reader in(bytes);
    BOOST_CHECK(ReadNameRecord(in) == record);
    BOOST_CHECK(in.Done());
    for (size_t size = 0; size < bytes.size(); ++size) {
        codec::Reader cut(ByteSpan(bytes).first(size));
        const NameRecord unused = ReadNameRecord(cut);
        BOOST_CHECK(!cut.Ok());
        BOOST_CHECK(unused.value.empty());
    }
    BOOST_CHECK(record.LiveAt(6'132'000));
    BOOST_CHECK(!record.LiveAt(6'132'001));
}

BOOST_AUTO_TEST_CASE(hash_element_as_bytes)
{
    NameRecord record = test::Record(test::Out(3, 7), "val", test::Owner(2), 6'132'000);
    record.born_height = 12;
    const Bytes element = HashElement("dns:x", record);
    const std::string txid = base::Hex(record.outpoint.txid.Span());
    BOOST_CHECK_EQUAL(base::Hex(element), "01"
                                          "05646e733a78" +
                                              txid +
                                              "07000000"
                                              "20915d00"
                                              "0c000000"
                                              "0376616c");
    // Owner and last change do not enter by themselves: the outpoint says both.
    record.updated_height = 77;
    record.owner_script = test::Owner(3);
    BOOST_CHECK(HashElement("dns:x", record) == element);
    record.value.clear();
    BOOST_CHECK(HashElement("dns:x", record) != element);
}

BOOST_AUTO_TEST_CASE(undo_as_bytes)
{
    NameDelta delta;
    delta.name = "dns:x";
    delta.kind = OpKind::Update;
    for (const bool had_before : {false, true}) {
        if (had_before) delta.before = test::Record(test::Out(3), "old", test::Owner(2), 5);
        Bytes bytes;
        codec::Writer out(bytes);
        WriteUndo(out, delta);
        codec::Reader in(bytes);
        const NameDelta read = ReadUndo(in);
        BOOST_CHECK(in.Done());
        BOOST_CHECK(read.name == delta.name && read.kind == delta.kind && read.before == delta.before);
        BOOST_CHECK(!read.after);
        for (size_t size = 0; size < bytes.size(); ++size) {
            codec::Reader cut(ByteSpan(bytes).first(size));
            BOOST_CHECK(ReadUndo(cut).name.empty());
            BOOST_CHECK(!cut.Ok());
        }
    }
    for (const std::string hex : {"01610000", "01610400", "01610102"}) {
        const Bytes bytes = *base::FromHex(hex);
        codec::Reader in(bytes);
        BOOST_CHECK(ReadUndo(in).name.empty());
        BOOST_CHECK(!in.Ok());
    }
}

BOOST_AUTO_TEST_SUITE_END()
