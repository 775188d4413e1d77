// Tables of comma-separated values: in parts as whole, and written again they read the same.
#include "codec/csv.h"

#include "base/bytes.h"
#include "base/check.h"

using namespace emc;
using codec::CsvReader;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const auto text = base::AsText({data, size});
    std::vector<std::vector<std::string>> rows;
    CsvReader reader(text);
    for (auto row = reader.Next(true); row != CsvReader::Row::End; row = reader.Next(true)) {
        EMC_CHECK(row != CsvReader::Row::Half);
        EMC_CHECK(reader.Used() <= size);
        if (row == CsvReader::Row::Read) rows.push_back(reader.Fields());
    }
    EMC_CHECK(reader.Used() == size);
    CsvReader growing(text.substr(0, size / 2));
    while (growing.Next(false) == CsvReader::Row::Read)
        EMC_CHECK(growing.Used() <= size / 2);
    codec::CsvTable table;
    for (const auto& row : rows) {
        for (const auto& field : row)
            table.Plain(field);
        table.EndLine();
    }
    // A carriage return at the end of a row that has no line feed is part of the end, so it is not compared.
    if (text.find('\r') != std::string_view::npos || table.Content().size() > codec::MAX_CSV_ROW_BYTES)
        return 0;
    CsvReader again(table.Content());
    for (const auto& row : rows) {
        EMC_CHECK(again.Next(true) == CsvReader::Row::Read);
        EMC_CHECK(again.Fields() == row);
    }
    EMC_CHECK(again.Next(true) == CsvReader::Row::End);
    return 0;
}
