/// Tables as RFC 4180 describes them, made for spreadsheets: lines end with CR LF, fields are quoted where
/// they have to be.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace emc::rpc {

class CsvTable
{
public:
    /// A field somebody else may have chosen: what a spreadsheet would take for a formula (it begins with
    /// = + - @, a tabulator or the end of a line) gets an apostrophe in front.
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

} // namespace emc::rpc
