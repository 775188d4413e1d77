// A stream of HTTP requests, once whole and once in small pieces: both readings must agree.
#include "base/check.h"
#include "rpc/http_parse.h"

#include <algorithm>

using namespace emc;
using namespace emc::rpc;

namespace {

constexpr HttpLimits LIMITS{512, 2048};

/// Everything that was read, as text.
std::string ReadAll(std::string_view in, size_t step)
{
    using Stage = HttpParser::Stage;
    HttpParser parser(LIMITS);
    std::string out, buffer;
    size_t next = 0;
    for (;;) {
        const size_t used = parser.Feed(buffer);
        EMC_CHECK(used <= buffer.size());
        buffer.erase(0, used);
        if (parser.GetStage() == Stage::Failed) {
            EMC_CHECK(parser.ErrorStatus() >= 400 && parser.ErrorStatus() <= 505);
            return out + "!" + std::to_string(parser.ErrorStatus());
        }
        if (parser.GetStage() == Stage::HeadDone) {
            parser.Proceed(parser.Request().method != "DROP");
            continue;
        }
        if (parser.GetStage() == Stage::Done) {
            const auto& request = parser.Request();
            EMC_CHECK(request.body.size() <= 2048);
            out += request.method + " " + request.path + "?" + request.query + " " + request.authorization +
                   " " + request.body + (parser.KeepAlive() ? "+" : "-");
            if (!parser.KeepAlive()) return out;
            parser.Reset();
            continue;
        }
        if (used > 0) continue;
        if (next >= in.size()) return out;
        buffer += in.substr(next, step);
        next += step;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size == 0 || size > 8192) return 0;
    const std::string_view in(reinterpret_cast<const char*>(data) + 1, size - 1);
    const size_t step = std::max<size_t>(data[0], 1);
    static_cast<void>(ReadAll(in, step));
    // A head that is too long may be seen as such at different times, but a stream that is read is read the
    // same.
    const std::string whole = ReadAll(in, in.size() + 1), pieces = ReadAll(in, step);
    if (whole.find('!') == std::string::npos && pieces.find('!') == std::string::npos)
        EMC_CHECK(whole == pieces);
    return 0;
}
