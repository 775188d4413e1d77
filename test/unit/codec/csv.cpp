// Tables of comma-separated values, whole and in parts.
#include "codec/csv.h"

#include <boost/test/unit_test.hpp>

namespace emc::codec {
namespace {

using Row = CsvReader::Row;
using Table = std::vector<std::vector<std::string>>;

/// All rows; {"!"} stands for a broken one.
Table Rows(std::string_view text, bool whole = true)
{
    Table out;
    CsvReader reader(text);
    while (true) {
        const Row row = reader.Next(whole);
        if (row == Row::Half || row == Row::End) return out;
        if (row == Row::Read) {
            out.push_back(reader.Fields());
        } else {
            BOOST_TEST(!reader.Problem().empty());
            out.push_back({"!"});
        }
    }
}

BOOST_AUTO_TEST_SUITE(csv)

BOOST_AUTO_TEST_CASE(rows)
{
    BOOST_TEST((Rows("a,b\nc,d\n") == Table{{"a", "b"}, {"c", "d"}}));
    BOOST_TEST((Rows("a,b\r\n,\r\n") == Table{{"a", "b"}, {"", ""}}));
    BOOST_TEST((Rows("\"a,\"\"b\"\"\nc\",d") == Table{{"a,\"b\"\nc", "d"}}));
    BOOST_TEST((Rows("\"a\"\r\nb\r\n") == Table{{"a"}, {"b"}}));
    BOOST_TEST((Rows("") == Table{}));
    BOOST_TEST((Rows("a") == Table{{"a"}}));
}

BOOST_AUTO_TEST_CASE(broken_rows_end_at_their_line)
{
    BOOST_TEST((Rows("a\"b\nc\n") == Table{{"!"}, {"c"}}));
    BOOST_TEST((Rows("\"a\"b,c\nd\n") == Table{{"!"}, {"d"}}));
    BOOST_TEST((Rows("a,\"b\nc\n") == Table{{"!"}, {"c"}}));
    const std::string wide(MAX_CSV_ROW_BYTES + 1, 'x');
    BOOST_TEST((Rows(wide + "\nb\n") == Table{{"!"}, {"b"}}));
    BOOST_TEST((Rows(std::string(MAX_CSV_FIELDS + 5, ',') + "\nb\n") == Table{{"!"}, {"b"}}));
}

/// However a text is cut, the parts give the rows of the whole.
BOOST_AUTO_TEST_CASE(cut_anywhere)
{
    const std::string text = "a,\"b\nc\"\r\n\"d\"\"\",e\n\nf\"g\nh,i\r\n";
    const Table all = Rows(text);
    BOOST_TEST(all.size() == 5U);
    for (size_t cut = 0; cut <= text.size(); ++cut) {
        CsvReader first(std::string_view(text).substr(0, cut));
        Table rows;
        while (true) {
            const Row row = first.Next(false);
            if (row == Row::Half || row == Row::End) break;
            rows.push_back(row == Row::Read ? first.Fields() : std::vector<std::string>{"!"});
        }
        const Table rest = Rows(std::string_view(text).substr(first.Used()));
        rows.insert(rows.end(), rest.begin(), rest.end());
        BOOST_TEST((rows == all), "cut at " << cut);
    }
}

BOOST_AUTO_TEST_CASE(lines)
{
    CsvReader reader("\"a\nb\",c\nd\n");
    BOOST_TEST((reader.Next(true) == Row::Read));
    BOOST_TEST(reader.Line() == 1U);
    BOOST_TEST((reader.Next(true) == Row::Read));
    BOOST_TEST(reader.Line() == 3U);
    BOOST_TEST((reader.Next(true) == Row::End));
}

BOOST_AUTO_TEST_CASE(csv_is_quoted_and_no_formula)
{
    const auto field = [](std::string_view text) {
        CsvTable table;
        table.Text(text);
        return table.Content();
    };
    BOOST_TEST(field("plain") == "plain");
    BOOST_TEST(field("") == "");
    BOOST_TEST(field("a,b") == "\"a,b\"");
    BOOST_TEST(field("say \"x\"") == "\"say \"\"x\"\"\"");
    BOOST_TEST(field("two\nlines") == "\"two\nlines\"");
    for (const std::string begin : {"=", "+", "-", "@", "\t"})
        BOOST_TEST(field(begin + "1") == "'" + begin + "1");
    BOOST_TEST(field("\r1") == "\"'\r1\"");
    BOOST_TEST(field("1-1") == "1-1");
    CsvTable table;
    table.Text("=1").Number(-7).Plain("-0.5").EndLine();
    table.Plain("").Plain("").EndLine();
    BOOST_TEST(table.Content() == "'=1,-7,-0.5\r\n,\r\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::codec
