// emercoin-cli: words to a request, one word a line, the first one the call.
#include "app/cli.h"
#include "base/bytes.h"
#include "base/check.h"
#include "codec/json.h"

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    std::vector<std::string> words;
    for (std::string_view rest = base::AsText({data, size}); !rest.empty();) {
        const auto end = rest.find('\n');
        words.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    if (words.empty()) return 0;
    const std::string method = words.front();
    words.erase(words.begin());
    bool text = codec::IsUtf8(method);
    for (const auto& word : words)
        text = text && codec::IsUtf8(word);
    for (const bool named : {false, true}) {
        const auto made = app::MakeRequest(method, words, named);
        if (!made) {
            EMC_CHECK(!made.Error().empty());
        } else if (text) {
            const auto request = codec::ParseJson(*made);
            EMC_CHECK(request.HasValue());
            EMC_CHECK((*request)["method"].get_str() == method);
        }
    }
    return 0;
}
