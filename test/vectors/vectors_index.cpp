// Block filters.
#include "index/block_filter.h"
#include "vectors/registry.h"

namespace emc::vectors {
namespace {

using base::Bytes;
using codec::Json;

std::optional<base::Hash256> ReversedHash(const Json& value)
{
    return base::HashFromReversedHex(TextField(value));
}

/// [height, hash, block, scripts of spent outputs, header before, filter, header, note]
void RunBlockFilters(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        if (row.size() < 7) continue;
        const std::string id = "block " + TextField(row[0]);
        const auto block = primitives::ParseBlock(HexField(row[2]));
        const auto hash = ReversedHash(row[1]);
        const auto previous = ReversedHash(row[4]);
        const auto header = ReversedHash(row[6]);
        if (block == nullptr || !hash || !previous || !header) {
            report.Fail(id, "does not parse");
            continue;
        }
        report.Check(block->header.Hash() == *hash, id + " hash", "differs");
        std::vector<std::vector<primitives::Coin>> spent(1);
        for (const Json& script : Items(row[3])) {
            spent[0].emplace_back();
            spent[0].back().out.script_pubkey = HexField(script);
        }
        const auto scripts = index::ScriptsOf(*block, spent);
        const Bytes filter = index::BasicFilter(*hash, scripts);
        report.CheckBytes(filter, HexField(row[5]), id + " filter");
        report.Check(index::FilterHeader(filter, *previous) == *header, id + " header", "differs");
        const auto set = codec::GcsSet::Parse(index::BasicFilterParams(*hash), HexField(row[5]));
        report.Check(set.has_value(), id + " set", "does not parse");
        for (const Bytes& script : scripts)
            report.Check(set && set->Match(script), id + " match", base::Hex(script));
    }
}

} // namespace

std::vector<Entry> IndexEntries()
{
    return {
        {"bcoin/filter-valid.json", RunBlockFilters},
        {"bitcoin-core/blockfilters.json", RunBlockFilters},
    };
}

} // namespace emc::vectors
