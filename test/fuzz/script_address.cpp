// A text that is an address is, but for the case of Bech32, the only address of its script; the same for
// keys.
#include "base/check.h"
#include "script/hd_key.h"

#include <algorithm>

using namespace emc;
using namespace emc::script;

namespace {

std::string LowerCase(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

std::string_view Trimmed(std::string_view text)
{
    while (!text.empty() && static_cast<uint8_t>(text.front()) <= ' ')
        text.remove_prefix(1);
    while (!text.empty() && static_cast<uint8_t>(text.back()) <= ' ')
        text.remove_suffix(1);
    return text;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view text = base::AsText({data, size});
    const AddressParams main;
    const AddressParams test{111, 196, 239, 0x043587CF, 0x04358394, "bcrt"};
    for (const AddressParams& params : {main, test}) {
        const auto script = DecodeAddress(params, text);
        if (script) {
            const auto again = EncodeAddress(params, *script);
            EMC_CHECK(again && (*again == text || *again == LowerCase(text)));
        } else {
            EMC_CHECK(script.Error().ends_with('.'));
        }
        if (const auto key = DecodeSecret(params, text))
            EMC_CHECK(EncodeSecret(params, *key) == Trimmed(text));
        if (const auto key = DecodeExtPublic(params, text))
            EMC_CHECK(EncodeExtPublic(params, *key) == Trimmed(text));
        if (const auto key = DecodeExtPrivate(params, text))
            EMC_CHECK(EncodeExtPrivate(params, *key) == Trimmed(text));
    }
    // The other way round: every script with an address is found again by it.
    const ByteSpan bytes(data, size);
    if (const auto address = EncodeAddress(main, bytes)) {
        const auto script = DecodeAddress(main, *address);
        EMC_CHECK(script && std::equal(script->begin(), script->end(), bytes.begin(), bytes.end()));
    }
    return 0;
}
