#include "rpc/csv.h"

namespace emc::rpc {

CsvTable& CsvTable::Text(std::string_view field)
{
    constexpr std::string_view BEGINS_FORMULA = "=+-@\t\r\n";
    if (field.empty() || BEGINS_FORMULA.find(field[0]) == std::string_view::npos) return Plain(field);
    return Plain("'" + std::string(field));
}

CsvTable& CsvTable::Plain(std::string_view field)
{
    if (m_begun) m_content += ',';
    m_begun = true;
    if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
        m_content += field;
        return *this;
    }
    m_content += '"';
    for (const char c : field) {
        if (c == '"') m_content += '"';
        m_content += c;
    }
    m_content += '"';
    return *this;
}

CsvTable& CsvTable::Number(int64_t number)
{
    return Plain(std::to_string(number));
}

void CsvTable::EndLine()
{
    m_content += "\r\n";
    m_begun = false;
}

} // namespace emc::rpc
