// A text that decodes is, apart from case, the only text of its words; groups of bits come back.
#include "codec/bech32.h"

#include "base/check.h"

#include <algorithm>

using namespace emc;

namespace {

std::string LowerCase(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan in(data, size);
    const std::string_view text = base::AsText(in);
    const auto decoded = codec::Bech32Decode(text);
    if (decoded) {
        EMC_CHECK(codec::Bech32Encode(decoded->kind, decoded->prefix, decoded->words) == LowerCase(text));
        const auto program = codec::SegwitDecode(decoded->prefix, text);
        if (program) EMC_CHECK(codec::SegwitEncode(decoded->prefix, *program) == LowerCase(text));
    }
    const auto bytes = codec::FromWords(codec::ToWords(in));
    EMC_CHECK(bytes && *bytes == base::Bytes(in.begin(), in.end()));
    const auto grouped = codec::FromWords(in);
    if (grouped) EMC_CHECK(codec::ToWords(*grouped) == base::Bytes(in.begin(), in.end()));

    base::Bytes words(in.begin(), in.end());
    words.resize(std::min<size_t>(words.size(), 60));
    for (uint8_t& word : words)
        word &= 31;
    for (const auto kind : {codec::Bech32Kind::Bech32, codec::Bech32Kind::Bech32m}) {
        const auto back = codec::Bech32Decode(codec::Bech32Encode(kind, "em", words));
        EMC_CHECK(back && back->kind == kind && back->words == words && back->prefix == "em");
    }
    return 0;
}
