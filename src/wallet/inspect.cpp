#include "wallet/inspect.h"

#include "crypto/random.h"
#include "crypto/sha256.h"
#include "wallet/pages.h"
#include "wallet/rows.h"
#include "wallet/vault.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace emc::wallet {

namespace {

constexpr size_t MAX_DAMAGED = 100;
constexpr std::string_view FIRST_LINE = "EMERCOIN_WALLET_DUMP,1";
constexpr std::string_view CHECKSUM = "checksum,";

std::string_view CutLine(std::string_view& rest)
{
    const size_t end = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

} // namespace

bool IsReadable(ByteSpan key, ByteSpan value)
{
    const auto kind = KindOf(key);
    if (!kind) return true;
    switch (*kind) {
    case RowKind::Header:
        return ReadHeaderRow(value).has_value();
    case RowKind::Master:
        return ReadMasterRow(value).has_value();
    case RowKind::Account:
        return ReadAccountRow(key, value).has_value();
    case RowKind::NextIndex:
        return ReadChainKey(key) && ReadNextIndex(value);
    case RowKind::KeyIds:
        return ReadKeyIdsRow(key, value).has_value();
    case RowKind::ImportedPublic:
        return ReadImportedPublicRow(key, value).has_value();
    case RowKind::Descriptor:
        return ReadDescriptorRow(value).has_value();
    case RowKind::Transaction:
        return ReadTransactionRow(value).has_value();
    case RowKind::Synced:
        return ReadSyncedRow(value).has_value();
    case RowKind::LockedCoin:
        return ReadLockedKey(key).has_value();
    case RowKind::Note:
        return ReadNoteRow(key, value).has_value();
    case RowKind::Seed:
    case RowKind::Phrase:
    case RowKind::Imported:
    case RowKind::DescriptorSecret:
        return !value.empty();
    case RowKind::Label:
        return true;
    }
    return true;
}

void Inventory::Add(ByteSpan key, ByteSpan value)
{
    if (!IsReadable(key, value)) {
        if (damaged.size() < MAX_DAMAGED) damaged.push_back(base::Hex(key));
        return;
    }
    const auto kind = KindOf(key);
    if (!kind) {
        ++unknown;
    } else if (*kind == RowKind::Header) {
        const auto header = ReadHeaderRow(value);
        version = header->version;
        network = header->network;
        birth_time = header->birth_time;
        flags = header->flags;
    }
    encrypted = encrypted || kind == RowKind::Master;
    seed = seed || kind == RowKind::Seed;
    phrase = phrase || kind == RowKind::Phrase;
    imported += kind == RowKind::Imported ? 1 : 0;
    descriptors += kind == RowKind::Descriptor ? 1 : 0;
    labels += kind == RowKind::Label || kind == RowKind::Note ? 1 : 0;
    transactions += kind == RowKind::Transaction ? 1 : 0;
}

std::string DumpText(const RowBatch& rows)
{
    std::string out = std::string(FIRST_LINE) + "\nformat,bdb\n";
    for (const auto& row : rows)
        out += base::Hex(row.key) + "," + base::Hex(*row.value) + "\n";
    out += std::string(CHECKSUM) + base::Hex(crypto::Sha256Of(base::AsBytes(out)).Span()) + "\n";
    return out;
}

base::Expected<RowBatch, std::string> ParseDumpText(std::string_view text)
{
    std::string_view rest = text;
    if (CutLine(rest) != FIRST_LINE || CutLine(rest) != "format,bdb")
        return base::Unexpected(std::string("it does not begin as a dump of a wallet does"));
    RowBatch rows;
    for (size_t number = 3; !rest.empty(); ++number) {
        const size_t before = text.size() - rest.size();
        const auto line = CutLine(rest);
        if (line.starts_with(CHECKSUM)) {
            const auto right = base::Hex(crypto::Sha256Of(base::AsBytes(text.substr(0, before))).Span());
            if (line.substr(CHECKSUM.size()) != right)
                return base::Unexpected(
                    std::string("the checksum is wrong: something was changed or is missing"));
            if (!rest.empty()) return base::Unexpected(std::string("something follows the checksum"));
            return rows;
        }
        const size_t comma = std::min(line.find(','), line.size());
        auto key = base::FromHex(line.substr(0, comma));
        auto value = base::FromHex(line.substr(std::min(comma + 1, line.size())));
        if (!key || key->empty() || comma == line.size() || !value) {
            return base::Unexpected("line " + std::to_string(number) +
                                    " is no row: two hex numbers with a comma between them");
        }
        rows.push_back({std::move(*key), std::move(*value)});
    }
    return base::Unexpected(std::string("the checksum at the end is missing"));
}

base::Expected<void, StoreFailure> CreateFrom(const std::string& folder, const RowBatch& rows)
{
    const auto store = Store::Open(folder, Store::Mode::Create, rows);
    if (!store) return base::Unexpected(store.Error());
    return {};
}

base::Expected<RowBatch, StoreFailure> SalvageRows(const std::string& path)
{
    if (access(path.c_str(), R_OK) != 0)
        return base::Unexpected(StoreFailure{StoreError::NotFound, "There is no readable file " + path});
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    std::string bytes = std::move(content).str();
    RowBatch found;
    for (auto& [key, value] : RowsOnPages(base::AsBytes(bytes))) {
        if (KindOf(key) && IsReadable(key, value)) found.push_back({key, value});
    }
    crypto::Wipe({reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()});
    return found;
}

} // namespace emc::wallet
