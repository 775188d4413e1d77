// Texts a wallet reads: recovery phrases and dumps of files. What is taken must come out as it went in.
#include "base/check.h"
#include "script/phrase.h"
#include "wallet/inspect.h"

namespace {

using namespace emc;

void Phrase(std::string_view text)
{
    const auto entropy = script::EntropyOf(text);
    if (!entropy) {
        EMC_CHECK(!entropy.Error().empty());
        return;
    }
    const auto again = script::EntropyOf(script::PhraseOf(entropy->Span()));
    EMC_CHECK(again && again->Span().size() == entropy->Span().size());
    EMC_CHECK(std::equal(again->Span().begin(), again->Span().end(), entropy->Span().begin()));
}

void Dump(std::string_view text)
{
    const auto rows = wallet::ParseDumpText(text);
    if (!rows) return;
    const auto again = wallet::ParseDumpText(wallet::DumpText(*rows));
    EMC_CHECK(again && again->size() == rows->size());
    wallet::Inventory found;
    for (const auto& row : *rows)
        found.Add(row.key, *row.value);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const auto text = base::AsText({data, size});
    Phrase(text);
    Dump(text);
    // Most inputs have no right checksum: give them one.
    wallet::RowBatch rows;
    for (size_t i = 0; i + 2 < size && rows.size() < 50; i += size_t{3} + data[i] % 40) {
        const size_t end = std::min(size, i + 2 + data[i] % 40);
        rows.push_back({{data[i], data[i + 1]}, base::Bytes(data + i + 2, data + end)});
    }
    const auto read = wallet::ParseDumpText(wallet::DumpText(rows));
    EMC_CHECK(read && read->size() == rows.size());
    wallet::Inventory found;
    for (const auto& row : *read)
        found.Add(row.key, *row.value);
    return 0;
}
