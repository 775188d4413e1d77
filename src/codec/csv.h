/// Tables of comma-separated values (RFC 4180): read from a file that may still be written to, and written
/// for spreadsheets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace emc::codec {

inline constexpr size_t MAX_CSV_ROW_BYTES = 65'536;
inline constexpr size_t MAX_CSV_FIELDS = 256;

/// Walks the rows of a text. Fields may stand in double quotes, a quote inside is doubled; rows end with LF
/// or CRLF. One thread; the text must outlive the reader.
class CsvReader
{
public:
    enum class Row {
        Read,   ///< Fields() are those of a row
        Half,   ///< the text ends inside a row: nothing of it is taken
        End,    ///< no more rows
        Broken, ///< a row that is none (Problem says why); the next Next goes on behind its first line
    };

    explicit CsvReader(std::string_view text, char separator = ',') : m_text(text), m_separator(separator) {}

    /// `whole`: the text is complete, so its last row needs no line end.
    [[nodiscard]] Row Next(bool whole);

    /// The row that was read is none: the next one begins behind its first line. A row that was cut off in a
    /// quoted field would take the next ones with it.
    void LeaveAfterFirstLine();

    [[nodiscard]] const std::vector<std::string>& Fields() const { return m_fields; }

    /// The last row has quoted line ends.
    [[nodiscard]] bool SpansLines() const { return m_line > m_row_line + 1; }

    [[nodiscard]] const std::string& Problem() const { return m_problem; }

    /// Line at which the last row began, from 1.
    [[nodiscard]] size_t Line() const { return m_row_line; }

    /// Bytes of whole rows.
    [[nodiscard]] size_t Used() const { return m_used; }

private:
    enum class Step { Field, Row, Half, Broken };

    [[nodiscard]] Step ReadField(bool whole);
    [[nodiscard]] Step ReadQuoted(std::string& field);
    [[nodiscard]] Step EndOfField(bool whole);

    std::string_view m_text;
    char m_separator;
    size_t m_at = 0;
    size_t m_row_at = 0; ///< where the last row began
    size_t m_used = 0;
    size_t m_line = 1;
    size_t m_row_line = 1;
    std::vector<std::string> m_fields;
    std::string m_problem;
};

/// What a spreadsheet would take for a formula: it begins with = + - @, a tabulator or the end of a line.
[[nodiscard]] bool BeginsFormula(std::string_view field);

/// Writes a table: lines end with CR LF, fields are quoted where they have to be. One thread.
class CsvTable
{
public:
    /// A field somebody else may have chosen: one that begins a formula gets an apostrophe in front.
    CsvTable& Text(std::string_view field);
    /// A field of our own that is to be read as it is: numbers, dates.
    CsvTable& Plain(std::string_view field);
    CsvTable& Number(int64_t number);
    void EndLine();

    [[nodiscard]] const std::string& Content() const { return m_content; }

private:
    std::string m_content;
    bool m_begun = false; ///< the line has a field
};

} // namespace emc::codec
