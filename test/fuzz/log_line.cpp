// Log lines: whatever the text, one line comes out, without control characters.
#include "base/log_line.h"

#include "base/bytes.h"
#include "base/check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace emc;
    base::LogLine line;
    line.text = base::AsText({data, size});
    for (const std::string& out : {base::TextLine(line), base::JsonLine(line)}) {
        const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
        EMC_CHECK(std::count_if(out.begin(), out.end(), control) == 1);
        EMC_CHECK(out.back() == '\n');
    }
    // Quotes of the text itself are escaped; the others belong to two members.
    const std::string json = base::JsonLine(line);
    size_t bare_quotes = 0;
    for (size_t i = 0; i < json.size(); ++i) {
        if (json[i] == '\\') {
            ++i;
        } else if (json[i] == '"') {
            ++bare_quotes;
        }
    }
    EMC_CHECK(bare_quotes == 8);
    return 0;
}
