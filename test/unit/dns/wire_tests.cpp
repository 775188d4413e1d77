#include "crypto/random.h"
#include "dns/message/wire.h"
#include "unit/dns/reply.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::dns;

BOOST_AUTO_TEST_SUITE(dns_wire)

namespace {

Bytes Text(std::string_view text)
{
    return base::ToBytes(text);
}

} // namespace

BOOST_AUTO_TEST_CASE(names_are_lowered_and_split)
{
    const Bytes message = Text(std::string_view("\x03"
                                                "WwW\x02"
                                                "eX\x04"
                                                "cOiN\x00!",
                                                14));
    WireName name;
    size_t pos = 0;
    BOOST_TEST_REQUIRE(ReadName(message, pos, name, false));
    BOOST_TEST(pos == 13u);
    BOOST_TEST(name.labels == 3);
    BOOST_TEST(name.Label(0) == "www");
    BOOST_TEST(name.Label(2) == "coin");
    BOOST_TEST(NameToText(name.Suffix(1)) == "ex.coin");
    BOOST_TEST(name.Suffix(3).empty());
    WireName again;
    BOOST_TEST_REQUIRE(again.Assign(name.Suffix(0)));
    BOOST_TEST(again.size == name.size);
    BOOST_TEST(again.labels == 3);
    BOOST_TEST(NameToText(again.Suffix(0)) == "www.ex.coin");
}

BOOST_AUTO_TEST_CASE(names_at_their_limits)
{
    WireName name;
    Bytes longest;
    for (int i = 0; i < 3; ++i) {
        longest.push_back(63);
        longest.insert(longest.end(), 63, 'a');
    }
    longest.push_back(61);
    longest.insert(longest.end(), 61, 'b');
    longest.push_back(0);
    BOOST_TEST(longest.size() == MAX_NAME_BYTES);
    size_t pos = 0;
    BOOST_TEST(ReadName(longest, pos, name, false));
    Bytes labels(longest.begin(), longest.end() - 1);
    BOOST_TEST(name.Assign(labels));
    longest.insert(longest.end() - 1, {1, 'c'});
    pos = 0;
    BOOST_TEST(!ReadName(longest, pos, name, false));
    labels.insert(labels.end(), {1, 'c'});
    BOOST_TEST(!name.Assign(labels));

    Bytes many;
    for (int i = 0; i < 127; ++i)
        many.insert(many.end(), {1, 'x'});
    many.push_back(0);
    pos = 0;
    BOOST_TEST(ReadName(many, pos, name, false));
    BOOST_TEST(name.labels == 127);
    BOOST_TEST(!name.Assign(Text(std::string_view("\x00", 1))));
    BOOST_TEST(!name.Assign(Text("\x05"
                                 "abc")));
    BOOST_TEST(name.Assign({}));
    BOOST_TEST(name.labels == 0);
}

BOOST_AUTO_TEST_CASE(pointers_lead_backwards_only)
{
    // 0: "a" root; 3: pointer to 0; 5: "b" + pointer to 3; 9: pointer to itself; 11: forward; 13: mutual.
    const Bytes message{1, 'a', 0, 0xc0, 0, 1, 'b', 0xc0, 3, 0xc0, 9, 0xc0, 13, 0xc0, 11, 0xc0};
    WireName name;
    const auto read = [&](size_t at, bool pointers) {
        size_t pos = at;
        return ReadName(message, pos, name, pointers) ? std::optional(pos) : std::nullopt;
    };
    BOOST_TEST((read(3, true) == 5u));
    BOOST_TEST(NameToText(name.Suffix(0)) == "a");
    BOOST_TEST((read(5, true) == 9u));
    BOOST_TEST(NameToText(name.Suffix(0)) == "b.a");
    BOOST_TEST(!read(9, true));
    BOOST_TEST(!read(11, true));
    BOOST_TEST(!read(13, true));
    BOOST_TEST(!read(15, true));
    BOOST_TEST(!read(3, false));
    const Bytes loop{1, 'a', 0xc0, 0};
    size_t pos = 0;
    BOOST_TEST(!ReadName(loop, pos, name, true));
    for (const uint8_t mark : {uint8_t{0x40}, uint8_t{0x80}}) {
        const Bytes reserved{mark, 'a', 0};
        pos = 0;
        BOOST_TEST(!ReadName(reserved, pos, name, true));
        pos = 0;
        BOOST_TEST(!SkipName(reserved, pos));
    }
}

BOOST_AUTO_TEST_CASE(names_from_text)
{
    BOOST_TEST((NameFromText("ns1.Example.net.") == Text(std::string_view("\x03ns1\x07"
                                                                          "Example\x03net\x00",
                                                                          17))));
    for (const char* bad : {"", ".", "..", ".a", "a..b", "a b", "a\tb", "a\x80"})
        BOOST_TEST(!NameFromText(bad), bad);
    BOOST_TEST(NameFromText(std::string(63, 'a')).has_value());
    BOOST_TEST(!NameFromText(std::string(64, 'a')));
    std::string too_long;
    for (int i = 0; i < 128; ++i)
        too_long += "a.";
    BOOST_TEST(!NameFromText(too_long));
    BOOST_TEST(NameToText(Text("\x03"
                               "a.\x01")) == "a\\046\\001");
    BOOST_TEST(NameToText({}) == ".");
}

BOOST_AUTO_TEST_CASE(questions_are_read)
{
    Query query;
    const auto good = test::MakeQuestion("Example.Coin", 28, 1400);
    BOOST_TEST((ParseQuery(good, query).verdict == ParseVerdict::Good));
    BOOST_TEST(query.id == 0x1234);
    BOOST_TEST(query.recursion_desired);
    BOOST_TEST((query.type == RrType::Aaaa));
    BOOST_TEST(query.has_edns);
    BOOST_TEST(query.payload_bytes == 1400);
    BOOST_TEST(NameToText(query.name.Suffix(0)) == "example.coin");
    const auto plain = test::MakeQuestion("x.coin", 1);
    BOOST_TEST((ParseQuery(plain, query).verdict == ParseVerdict::Good));
    BOOST_TEST(!query.has_edns);
    const auto root = test::MakeQuestion("", 1);
    BOOST_TEST((ParseQuery(root, query).verdict == ParseVerdict::Good));
    BOOST_TEST(query.name.labels == 0);
}

BOOST_AUTO_TEST_CASE(malformed_questions_get_their_rcode)
{
    struct Case {
        const char* what;
        size_t at;
        uint8_t value;
        Rcode rcode;
    };

    const Case cases[] = {
        {"opcode 1", 2, 0x09, Rcode::NotImp},       {"opcode 5", 2, 0x29, Rcode::NotImp},
        {"TC set", 2, 0x03, Rcode::FormErr},        {"no question", 5, 0, Rcode::FormErr},
        {"two questions", 5, 2, Rcode::FormErr},    {"an answer", 7, 1, Rcode::FormErr},
        {"an authority", 9, 1, Rcode::FormErr},     {"no additional", 11, 0, Rcode::FormErr},
        {"two additionals", 11, 2, Rcode::FormErr}, {"pointer in the name", 12, 0xc0, Rcode::FormErr},
        {"long label", 12, 0x40, Rcode::FormErr},   {"OPT with an owner", 24, 1, Rcode::FormErr},
        {"EDNS version 1", 30, 1, Rcode::BadVers},  {"OPT data missing", 34, 9, Rcode::FormErr},
    };
    for (const Case& one : cases) {
        auto packet = test::MakeQuestion("x.coin", 1, 1232);
        BOOST_TEST_REQUIRE(packet.size() == 35u);
        packet[one.at] = one.value;
        Query query;
        const ParseResult result = ParseQuery(packet, query);
        BOOST_TEST((result.verdict == ParseVerdict::Reject), one.what);
        BOOST_TEST((result.rcode == one.rcode), one.what);
    }
    Query query;
    auto answer = test::MakeQuestion("x.coin", 1);
    answer[2] |= 0x80;
    BOOST_TEST((ParseQuery(answer, query).verdict == ParseVerdict::Drop));
    for (size_t size = 0; size < 12; ++size)
        BOOST_TEST((ParseQuery(ByteSpan(answer).first(size), query).verdict == ParseVerdict::Drop));
    auto trailing = test::MakeQuestion("x.coin", 1);
    trailing.push_back(0);
    BOOST_TEST((ParseQuery(trailing, query).rcode == Rcode::FormErr));
    auto two_opts = test::MakeQuestion("x.coin", 1, 1232);
    two_opts[11] = 2;
    two_opts.insert(two_opts.end(), two_opts.end() - 11, two_opts.end());
    BOOST_TEST((ParseQuery(two_opts, query).rcode == Rcode::FormErr));
}

BOOST_AUTO_TEST_CASE(edns_options_are_walked)
{
    auto packet = test::MakeQuestion("x.coin", 1, 1232);
    const auto with_options = [&](const Bytes& options) {
        auto out = packet;
        out[out.size() - 1] = static_cast<uint8_t>(options.size());
        out.insert(out.end(), options.begin(), options.end());
        Query query;
        return ParseQuery(out, query).verdict == ParseVerdict::Good;
    };
    BOOST_TEST(with_options({0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8}));
    BOOST_TEST(with_options({0, 3, 0, 0, 0xff, 0xff, 0, 1, 9}));
    BOOST_TEST(!with_options({0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7}));
    BOOST_TEST(!with_options({0, 10, 0}));
}

BOOST_AUTO_TEST_CASE(writer_keeps_records_whole)
{
    const auto packet = test::MakeQuestion("x.coin", 1, 1232);
    Query query;
    BOOST_TEST_REQUIRE((ParseQuery(packet, query).verdict == ParseVerdict::Good));
    Bytes records;
    for (uint8_t i = 0; i < 60; ++i)
        AppendRecord(records, RrType::A, 300, Bytes{192, 0, 2, i});
    for (const size_t limit : {512u, 513u, 527u, 528u, 1232u}) {
        Bytes out(2048, 0xee);
        MessageWriter writer;
        writer.Begin({&query, packet, out, limit, {}, false});
        writer.SetAuthoritative();
        const size_t added = writer.AddRecords(MessageWriter::Section::Answer, records, QUESTION_POINTER, 77);
        out.resize(writer.Finish(Rcode::NoError));
        BOOST_TEST(out.size() <= limit);
        const test::Reply reply = test::ParseReply(out);
        BOOST_TEST(reply.sound, reply.fault);
        BOOST_TEST(reply.answer.size() == added);
        BOOST_TEST(reply.tc == (added < 60));
        BOOST_TEST(reply.tc == writer.Truncated());
        BOOST_TEST(reply.answer.front().ttl == 77u);
        BOOST_TEST(reply.answer.front().owner == "x.coin.");
        BOOST_TEST((reply.Opt() != nullptr));
        BOOST_TEST(reply.Opt()->rr_class == 1232u);
        BOOST_TEST(limit - out.size() < 16u + (added == 60 ? 1000u : 0u));
    }
}

BOOST_AUTO_TEST_CASE(random_packets_never_break_the_parser)
{
    crypto::TestRandom random(7);
    const auto seed = test::MakeQuestion("3.2.1.0.5.5.5.7.7.7.1.enum", 35, 1232);
    for (int i = 0; i < 20'000; ++i) {
        auto packet = seed;
        for (uint64_t changes = random.Below(5) + 1; changes > 0; --changes)
            packet[random.Below(packet.size())] = static_cast<uint8_t>(random.Next64());
        packet.resize(random.Below(packet.size() + 1));
        Query query;
        const ParseResult result = ParseQuery(packet, query);
        if (result.verdict == ParseVerdict::Good) BOOST_TEST(query.question_end <= packet.size());
        size_t pos = random.Below(packet.size() + 1);
        WireName name;
        if (ReadName(packet, pos, name, true)) BOOST_TEST(pos <= packet.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()
