#include "vectors/registry.h"

#include <algorithm>
#include <cstdlib>
#include <fnmatch.h>

namespace emc::vectors {

namespace {

/// Files of features that are not there yet; a room's handler for such a file goes before the reason.
std::vector<Entry> LaterEntries()
{
    constexpr std::string_view BIP322 = "not run yet: signed messages of BIP 322 are not in this version";
    return {
        {"bcoin/bip69.json", nullptr, "not run yet: no transaction is built in the order of BIP 69"},
        {"bips/bip-0322/*.json", nullptr, BIP322},
        {"bitcoinjs/bip38_fixtures.json", nullptr,
         "not run yet: encrypted keys (BIP 38) are not in this version"},
        {"emercoin-0.8.6/errors.json", nullptr,
         "not run yet: answers of a whole node, for the functional tests"},
    };
}

} // namespace

std::vector<Entry> AllEntries()
{
    std::vector<Entry> all = LaterEntries();
    for (const auto& table : {
             CryptoEntries(),
             KeyEntries(),
             CodecEntries(),
             PrimitivesEntries(),
             ScriptEntries(),
             AddressEntries(),
             TemplateEntries(),
             NamesEntries(),
             ChainEntries(),
             RewardEntries(),
             P2pEntries(),
             IndexEntries(),
             PsbtEntries(),
         }) {
        all.insert(all.end(), table.begin(), table.end());
    }
    return all;
}

bool Matches(std::string_view pattern, std::string_view name)
{
    return ::fnmatch(std::string(pattern).c_str(), std::string(name).c_str(), FNM_PATHNAME) == 0;
}

void Report::Fail(std::string id, std::string why)
{
    m_failures.push_back({std::move(id), std::move(why)});
}

void Report::Check(bool ok, const std::string& id, std::string_view why)
{
    if (ok) {
        Pass();
    } else {
        Fail(id, std::string(why));
    }
}

void Report::CheckBytes(base::ByteSpan got, base::ByteSpan want, const std::string& id)
{
    if (std::equal(got.begin(), got.end(), want.begin(), want.end())) {
        Pass();
    } else {
        Fail(id, "expected " + base::Hex(want) + ", got " + base::Hex(got));
    }
}

void Report::CheckText(std::string_view got, std::string_view want, const std::string& id)
{
    if (got == want) {
        Pass();
    } else {
        Fail(id, "expected \"" + std::string(want) + "\", got \"" + std::string(got) + "\"");
    }
}

std::vector<std::vector<std::string>> VectorFile::CsvRows() const
{
    std::vector<std::vector<std::string>> rows;
    std::string_view rest = Text();
    while (!rest.empty()) {
        const size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
            line.remove_suffix(1);
        if (line.empty()) continue;
        std::vector<std::string>& row = rows.emplace_back();
        for (;;) {
            const size_t comma = line.find(',');
            row.emplace_back(line.substr(0, comma));
            if (comma == std::string_view::npos) break;
            line.remove_prefix(comma + 1);
        }
    }
    return rows;
}

base::Bytes HexField(const codec::Json& value)
{
    if (!value.isStr()) return {};
    return base::FromHex(value.getValStr()).value_or(base::Bytes{});
}

std::string TextField(const codec::Json& value)
{
    return value.isStr() || value.isNum() ? value.getValStr() : std::string{};
}

int64_t IntField(const codec::Json& value)
{
    return value.isNum() ? std::strtoll(value.getValStr().c_str(), nullptr, 10) : 0;
}

const std::vector<codec::Json>& Items(const codec::Json& value)
{
    static const std::vector<codec::Json> NONE;
    return value.isArray() ? value.getValues() : NONE;
}

} // namespace emc::vectors
