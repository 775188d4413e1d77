#include "codec/csv.h"

namespace emc::codec {

CsvReader::Row CsvReader::Next(bool whole)
{
    m_fields.clear();
    m_row_line = m_line;
    if (m_at >= m_text.size()) return Row::End;
    m_row_at = m_at;
    while (true) {
        Step step = ReadField(whole);
        // Of a broken row that is still being written the end is not known yet.
        if (step == Step::Broken && !whole && m_text.find('\n', m_row_at) == std::string_view::npos)
            step = Step::Half;
        if (step == Step::Half) {
            m_at = m_row_at;
            m_line = m_row_line;
            m_fields.clear();
            return Row::Half;
        }
        if (step != Step::Broken &&
            (m_at - m_row_at > MAX_CSV_ROW_BYTES || m_fields.size() > MAX_CSV_FIELDS)) {
            m_problem = "a row of more than " + std::to_string(MAX_CSV_ROW_BYTES) + " bytes or " +
                        std::to_string(MAX_CSV_FIELDS) + " fields";
            step = Step::Broken;
        }
        if (step == Step::Field) continue;
        if (step == Step::Broken) LeaveAfterFirstLine();
        m_used = m_at;
        return step == Step::Row ? Row::Read : Row::Broken;
    }
}

CsvReader::Step CsvReader::ReadField(bool whole)
{
    std::string& field = m_fields.emplace_back();
    if (m_at < m_text.size() && m_text[m_at] == '"') {
        const Step step = ReadQuoted(field);
        if (step == Step::Half && whole) {
            m_problem = "a quote that is never closed";
            return Step::Broken;
        }
        if (step != Step::Field) return step;
    } else {
        while (m_at < m_text.size() && m_text[m_at] != m_separator && m_text[m_at] != '\n' &&
               m_text[m_at] != '"')
            field += m_text[m_at++];
        if (m_at < m_text.size() && m_text[m_at] == '"') {
            m_problem = "a quote in the middle of a field";
            return Step::Broken;
        }
        if (m_at < m_text.size() && m_text[m_at] == '\n' && field.ends_with('\r')) field.pop_back();
    }
    return EndOfField(whole);
}

CsvReader::Step CsvReader::ReadQuoted(std::string& field)
{
    const size_t begin = m_at++;
    while (true) {
        const size_t quote = m_text.find('"', m_at);
        if (quote == std::string_view::npos || quote - begin > MAX_CSV_ROW_BYTES) {
            if (m_text.size() - begin <= MAX_CSV_ROW_BYTES) return Step::Half;
            m_at = begin;
            m_problem = "a quoted field that is too long";
            return Step::Broken;
        }
        for (size_t i = m_at; i < quote; ++i)
            m_line += m_text[i] == '\n' ? 1 : 0;
        field.append(m_text, m_at, quote - m_at);
        m_at = quote + 1;
        if (m_at >= m_text.size() || m_text[m_at] != '"') return Step::Field;
        field += '"';
        ++m_at;
    }
}

CsvReader::Step CsvReader::EndOfField(bool whole)
{
    if (m_at < m_text.size() && m_text[m_at] == '\r' && m_at + 1 < m_text.size() && m_text[m_at + 1] == '\n')
        ++m_at;
    if (m_at >= m_text.size()) return whole ? Step::Row : Step::Half;
    const char end = m_text[m_at];
    if (end == m_separator) {
        ++m_at;
        return Step::Field;
    }
    if (end == '\n') {
        ++m_at;
        ++m_line;
        return Step::Row;
    }
    if (end == '\r' && m_at + 1 == m_text.size()) {
        ++m_at;
        return whole ? Step::Row : Step::Half;
    }
    m_problem = "text behind the closing quote of a field";
    return Step::Broken;
}

void CsvReader::LeaveAfterFirstLine()
{
    const size_t end = m_text.find('\n', m_row_at);
    m_at = m_used = end == std::string_view::npos ? m_text.size() : end + 1;
    m_line = m_row_line + 1;
}

bool BeginsFormula(std::string_view field)
{
    return field.find_first_of("=+-@\t\r\n") == 0;
}

CsvTable& CsvTable::Text(std::string_view field)
{
    return BeginsFormula(field) ? Plain("'" + std::string(field)) : Plain(field);
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

} // namespace emc::codec
