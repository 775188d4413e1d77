// Call records of SIP servers, as they write them, damaged, and cut anywhere.
#include "calls/cdr.h"
#include "calls/cdr_time.h"

#include <boost/test/unit_test.hpp>

namespace emc::calls {
namespace {

constexpr uint64_t ANSWER_MS = 1'795'285'805'000; // 2026-11-21 18:30:05 UTC

CdrOptions Options(CdrFormat format, std::string_view columns = {})
{
    CdrOptions out;
    out.format = format;
    out.columns = *ParseCdrColumns(columns);
    return out;
}

CdrResult Parse(std::string_view text, const CdrOptions& options)
{
    CdrState state;
    return ParseCdrs(text, options, state, true);
}

void CheckCall(const reward::CallRecord& call, std::string_view call_id, uint64_t seconds)
{
    BOOST_TEST(call.caller == 18009359935U);
    BOOST_TEST(call.callee == 442079460000U);
    BOOST_TEST(call.call_id == call_id);
    BOOST_TEST(call.answer == ANSWER_MS);
    BOOST_TEST(call.end == ANSWER_MS + seconds * 1'000);
    BOOST_TEST(call.start <= call.answer);
    BOOST_TEST(reward::CheckCallRecord(call).HasValue());
}

constexpr std::string_view ASTERISK =
    "\"\",\"18009359935\",\"442079460000\",\"out\",\"\"\"Shop\"\" "
    "<18009359935>\",\"PJSIP/a-1\",\"PJSIP/b-2\",\"Dial\","
    "\"PJSIP/442079460000@b,30\",\"2026-11-21 18:30:00\",\"2026-11-21 18:30:05\",\"2026-11-21 "
    "18:31:07\",67,62,"
    "\"ANSWERED\",\"DOCUMENTATION\",\"1795285800.1\",\"abc@192.0.2.7\"\n"
    "\"\",\"18009359935\",\"442079460000\",\"out\",\"\",\"PJSIP/a-3\",\"\",\"Dial\",\"\",\"2026-11-21 "
    "18:40:00\",\"\","
    "\"2026-11-21 18:40:09\",9,0,\"NO ANSWER\",\"DOCUMENTATION\",\"1795286400.3\",\"\"\n";

constexpr std::string_view FREESWITCH_CSV =
    "\"Shop\",\"18009359935\",\"442079460000\",\"default\",\"2026-11-21 18:30:00\",\"2026-11-21 18:30:05\","
    "\"2026-11-21 18:31:07\",\"67\",\"62\",\"NORMAL_CLEARING\",\"6a1e\",\"77b2\",\"\",\"PCMA\",\"PCMA\"\n";

constexpr std::string_view FREESWITCH_JSON = R"({"core-uuid":"1","variables":{"direction":"inbound",
 "sip_call_id":"abc%40192.0.2.7","start_uepoch":"1795285800123456","answer_uepoch":"1795285805000000",
 "end_uepoch":"1795285867000000","hangup_cause_q850":"16","rtp_audio_in_mos":"4.35","read_codec":"opus","billsec":"62"},
 "callflow":[{"caller_profile":{"caller_id_number":"%2B18009359935","destination_number":"442079460000"}}]}
)";

constexpr std::string_view FREESWITCH_XML = R"(<?xml version="1.0"?>
<cdr core-uuid="1">
  <variables>
    <sip_call_id>abc%40192.0.2.7</sip_call_id><start_epoch>1795285800</start_epoch>
    <answer_epoch>1795285805</answer_epoch><end_epoch>1795285867</end_epoch>
    <hangup_cause>NORMAL_CLEARING</hangup_cause>
  </variables>
  <callflow><caller_profile><caller_id_number>18009359935</caller_id_number>
    <destination_number>442079460000</destination_number></caller_profile></callflow>
</cdr>
)";

constexpr std::string_view KAMAILIO_ROWS =
    "id,method,from_tag,to_tag,callid,sip_code,sip_reason,time,src_user,dst_user\n"
    "1,INVITE,a,b,abc@192.0.2.7,200,OK,2026-11-21 18:30:05,18009359935,442079460000\n"
    "2,INVITE,a,c,busy@192.0.2.7,486,Busy,2026-11-21 18:30:06,18009359935,442079460000\n"
    "3,BYE,a,b,abc@192.0.2.7,200,OK,2026-11-21 18:31:07,18009359935,442079460000\n";

constexpr std::string_view KAMAILIO_CDRS =
    R"([{"start_time":"2026-11-21 18:30:05","end_time":"2026-11-21 18:31:07","duration":62.0,
        "callid":"abc@192.0.2.7","src_user":"18009359935","dst_user":"442079460000"}])";

BOOST_AUTO_TEST_SUITE(cdr)

BOOST_AUTO_TEST_CASE(formats)
{
    const auto asterisk = Parse(ASTERISK, Options(CdrFormat::AsteriskCsv));
    BOOST_REQUIRE(asterisk.calls.size() == 1U);
    BOOST_TEST(asterisk.unanswered == 1U);
    BOOST_TEST(asterisk.calls[0].start == ANSWER_MS - 5'000);
    CheckCall(asterisk.calls[0], "abc@192.0.2.7", 62);

    const auto table = Parse(FREESWITCH_CSV, Options(CdrFormat::FreeSwitchCsv));
    BOOST_REQUIRE(table.calls.size() == 1U);
    CheckCall(table.calls[0], "6a1e", 62);
    BOOST_TEST(table.calls[0].codec == "PCMA");

    const auto json = Parse(FREESWITCH_JSON, Options(CdrFormat::FreeSwitchJson));
    BOOST_REQUIRE(json.calls.size() == 1U);
    CheckCall(json.calls[0], "abc@192.0.2.7", 62);
    BOOST_TEST(json.calls[0].start == ANSWER_MS - 4'877);
    BOOST_TEST(*json.calls[0].mos == 435);
    BOOST_TEST(json.calls[0].codec == "opus");

    const auto xml = Parse(FREESWITCH_XML, Options(CdrFormat::FreeSwitchXml));
    BOOST_REQUIRE(xml.calls.size() == 1U);
    CheckCall(xml.calls[0], "abc@192.0.2.7", 62);
    BOOST_TEST(xml.lines[0] == 2U);

    const auto rows = Parse(KAMAILIO_ROWS, Options(CdrFormat::KamailioCsv));
    BOOST_REQUIRE(rows.calls.size() == 1U);
    CheckCall(rows.calls[0], "abc@192.0.2.7", 62);
    BOOST_TEST(rows.unanswered == 1U);

    const auto cdrs = Parse(KAMAILIO_CDRS, Options(CdrFormat::KamailioJson));
    BOOST_REQUIRE(cdrs.calls.size() == 1U);
    CheckCall(cdrs.calls[0], "abc@192.0.2.7", 62);
}

BOOST_AUTO_TEST_CASE(own_columns)
{
    const auto by_place = Parse("x;1,18009359935,442079460000,1795285805,62\n",
                                Options(CdrFormat::Csv, "callid=1,caller=2,callee=3,answer=4,duration=5"));
    BOOST_REQUIRE(by_place.calls.size() == 1U);
    CheckCall(by_place.calls[0], "x;1", 62);
    const auto by_heading =
        Parse("who,whom,key,up,down,note\n18009359935,442079460000,k,1795285805,1795285867,\n",
              Options(CdrFormat::Csv, "callid=key,caller=who,callee=whom,answer=up,end=down"));
    BOOST_REQUIRE(by_heading.calls.size() == 1U);
    CheckCall(by_heading.calls[0], "k", 62);
    const auto missing = Parse("a,b\n1,2\n", Options(CdrFormat::Csv, "caller=a,callee=b"));
    BOOST_REQUIRE(missing.problems.size() == 1U);
    BOOST_TEST(missing.problems[0].reason.find("callid") != std::string::npos);
    BOOST_TEST(!ParseCdrColumns("caller").HasValue());
    BOOST_TEST(!ParseCdrColumns("colour=1").HasValue());
}

/// Every record is reported with its line, and those after it are read.
BOOST_AUTO_TEST_CASE(bad_records)
{
    const std::string columns = "callid=1,caller=2,callee=3,answer=4,end=5,duration=6";
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"a,18009359935,442079460000,1795285805,1795285800,", "start"},
        {"a,18009359935,442079460000,1795285805,,-3", "negative"},
        {"a,18009359935,442079460000,1795285805,1795385806,", "day"},
        {"a,anonymous,442079460000,1795285805,1795285867,", "caller"},
        {"a,18009359935,0049,1795285805,1795285867,", "callee"},
        {",18009359935,442079460000,1795285805,1795285867,", "Call-ID"},
        {"a b,18009359935,442079460000,1795285805,1795285867,", "Call-ID"},
        {"a,18009359935,442079460000,soon,1795285867,", "soon"},
        {"a,18009359935,442079460000,1795285805,2026-02-31 00:00:00,", "end"},
        {"a,18009359935,442079460000,1795285805,,", "duration"},
        {"a,18009359935,18009359935,1795285805,1795285867,", "number"},
        {"\xff\xfe,1\"8,x", "quote"}};
    std::string text;
    for (const auto& [row, part] : cases)
        text += row + "\n";
    text += "good,18009359935,442079460000,1795285805,1795285867,\n";
    const auto result = Parse(text, Options(CdrFormat::Csv, columns));
    BOOST_REQUIRE(result.problems.size() == cases.size());
    for (size_t i = 0; i < cases.size(); ++i) {
        BOOST_TEST(result.problems[i].line == i + 1);
        BOOST_TEST(result.problems[i].reason.find(cases[i].second) != std::string::npos,
                   result.problems[i].reason);
    }
    BOOST_REQUIRE(result.calls.size() == 1U);
    BOOST_TEST(result.lines[0] == cases.size() + 1);
}

BOOST_AUTO_TEST_CASE(a_day_is_the_longest_call)
{
    const auto options = Options(CdrFormat::Csv, "callid=1,caller=2,callee=3,answer=4,duration=5");
    const std::string row = "a,18009359935,442079460000,1795285805,";
    BOOST_TEST(Parse(row + "86400\n", options).calls.size() == 1U);
    BOOST_TEST(Parse(row + "86400.001\n", options).calls.empty());
    BOOST_TEST(Parse(row + "0\n", options).calls.size() == 1U);
}

/// What is not whole yet waits; whatever the cut, no record comes twice and none is lost.
BOOST_AUTO_TEST_CASE(cut_anywhere)
{
    const std::vector<std::pair<CdrFormat, std::string>> cases = {
        {CdrFormat::AsteriskCsv, std::string(ASTERISK) + std::string(ASTERISK)},
        {CdrFormat::FreeSwitchCsv, std::string(FREESWITCH_CSV)},
        {CdrFormat::FreeSwitchJson, std::string(FREESWITCH_JSON) + std::string(FREESWITCH_JSON)},
        {CdrFormat::FreeSwitchXml, std::string(FREESWITCH_XML) + std::string(FREESWITCH_XML)},
        {CdrFormat::KamailioCsv, std::string(KAMAILIO_ROWS)},
        {CdrFormat::KamailioJson, std::string(KAMAILIO_CDRS)}};
    for (const auto& [format, text] : cases) {
        const CdrOptions options = Options(format);
        const auto all = Parse(text, options);
        BOOST_TEST(all.problems.empty());
        for (size_t cut = 0; cut <= text.size(); ++cut) {
            CdrState state;
            auto first = ParseCdrs(std::string_view(text).substr(0, cut), options, state, false);
            BOOST_REQUIRE(first.used_bytes <= cut);
            const auto rest =
                ParseCdrs(std::string_view(text).substr(first.used_bytes), options, state, true);
            first.calls.insert(first.calls.end(), rest.calls.begin(), rest.calls.end());
            BOOST_TEST((first.calls == all.calls), Name(format) << " cut at " << cut);
            BOOST_TEST(first.problems.size() + rest.problems.size() == 0U, Name(format) << " cut at " << cut);
        }
    }
}

BOOST_AUTO_TEST_CASE(objects_that_are_none)
{
    const CdrOptions json = Options(CdrFormat::FreeSwitchJson);
    const auto damaged = Parse("garbage {\"a\":} " + std::string(FREESWITCH_JSON), json);
    BOOST_TEST(damaged.problems.size() == 2U);
    BOOST_TEST(damaged.calls.size() == 1U);
    const auto half = Parse(FREESWITCH_JSON.substr(0, 100), json);
    BOOST_REQUIRE(half.problems.size() == 1U);
    BOOST_TEST(half.problems[0].reason.find("cut off") != std::string::npos);
    const CdrOptions xml = Options(CdrFormat::FreeSwitchXml);
    const auto wrong = Parse("<cdr><variables></cdr>" + std::string(FREESWITCH_XML), xml);
    BOOST_TEST(wrong.problems.size() == 1U);
    BOOST_TEST(wrong.calls.size() == 1U);
    std::string deep = "<cdr>";
    for (int i = 0; i < 1'000; ++i)
        deep += "<a>";
    for (int i = 0; i < 1'000; ++i)
        deep += "</a>";
    BOOST_TEST(Parse(deep + "</cdr>", xml).problems.size() == 1U);
}

/// Of two legs of one call the second repeats the first.
BOOST_AUTO_TEST_CASE(second_legs)
{
    std::string leg(FREESWITCH_JSON);
    leg.insert(leg.find("\"direction\""), "\"originating_leg_uuid\":\"1\",");
    const auto result = Parse(leg, Options(CdrFormat::FreeSwitchJson));
    BOOST_TEST(result.calls.empty());
    BOOST_TEST(result.unanswered == 1U);
}

BOOST_AUTO_TEST_CASE(ends_without_a_beginning)
{
    const auto options = Options(CdrFormat::KamailioCsv);
    const auto lost = Parse("method,callid,sip_code,time,src_user,dst_user\n"
                            "BYE,x,200,2026-11-21 18:31:07,18009359935,442079460000\n",
                            options);
    BOOST_REQUIRE(lost.problems.size() == 1U);
    CdrState state;
    state.heading = {"method", "callid", "sip_code", "time", "src_user", "dst_user"};
    std::string text;
    for (size_t i = 0; i <= MAX_OPEN_CALLS; ++i)
        text += "INVITE,c" + std::to_string(i) + ",200," + std::to_string(1'795'285'805 + i) +
                ",18009359935,442079460000\n";
    const auto many = ParseCdrs(text, options, state, false);
    BOOST_TEST(state.open.size() <= MAX_OPEN_CALLS);
    BOOST_TEST(many.problems.size() == MAX_OPEN_CALLS + 1 - state.open.size());
    BOOST_TEST(!state.open.contains("c0"));
    BOOST_TEST(state.open.contains("c" + std::to_string(MAX_OPEN_CALLS)));
}

BOOST_AUTO_TEST_CASE(times)
{
    const CdrZone utc;
    const CdrZone berlin = *ParseCdrZone("+02:00");
    const auto same = [&](std::string_view text, const CdrZone& zone) {
        const auto time = ParseCdrTime(text, zone);
        BOOST_TEST(time.has_value(), text);
        if (time) BOOST_TEST(*time == ANSWER_MS, text);
    };
    same("2026-11-21 18:30:05", utc);
    same("2026-11-21T18:30:05Z", berlin);
    same("2026-11-21 20:30:05", berlin);
    same("2026-11-21 13:30:05-05:00", berlin);
    same("2026-11-21 20:30:05.000+0200", utc);
    same("1795285805", berlin);
    same("1795285805.000", utc);
    same("1795285805000", utc);
    same("1795285805000000", utc);
    BOOST_TEST(*ParseCdrTime("2026-11-21 18:30:05.25", utc) == ANSWER_MS + 250);
    for (const auto* text :
         {"", "x", "2026-13-01 00:00:00", "2026-02-30 00:00:00", "2026-11-21", "2026-11-21 24:00:00",
          "2026-11-21 18:30:05 x", "-5", "1e9", "99999999999999999999", "2026-11-21 18:30:05+99:00"})
        BOOST_TEST(!ParseCdrTime(text, utc).has_value(), text);
    for (const auto* text : {"", "CET", "+2", "+15:00", "02:00", "+02:60", "+0200"})
        BOOST_TEST(!ParseCdrZone(text).HasValue(), text);
    BOOST_TEST(ParseCdrZone("local")->local);
    BOOST_TEST(ParseCdrZone("-03:30")->offset_minutes == -210);
}

BOOST_AUTO_TEST_CASE(names_of_formats)
{
    for (const auto format :
         {CdrFormat::AsteriskCsv, CdrFormat::FreeSwitchCsv, CdrFormat::FreeSwitchJson,
          CdrFormat::FreeSwitchXml, CdrFormat::KamailioCsv, CdrFormat::KamailioJson, CdrFormat::Csv})
        BOOST_TEST((CdrFormatOf(Name(format)) == format));
    BOOST_TEST(!CdrFormatOf("cisco").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::calls
