#include "wallet/inspect.h"

#include "codec/reader.h"
#include "crypto/sha256.h"
#include "wallet/rows.h"
#include "wallet/store_files.h"
#include "wallet/vault.h"

#include <db_cxx.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <unistd.h>

namespace emc::wallet {

namespace {

constexpr size_t MAX_DAMAGED = 100;
constexpr size_t ROWS_AT_ONCE = 500;
constexpr std::string_view FIRST_LINE = "EMERCOIN_WALLET_DUMP,1";
constexpr std::string_view CHECKSUM = "checksum,";

// Layout of Berkeley DB 5.3's pages (db_page.h): kind of page, the sum over it, and its size on the first
// one.
constexpr size_t PAGE_KIND_AT = 25;
constexpr size_t PAGE_SUM_AT = 28;
constexpr size_t PAGE_SIZE_AT = 20;
constexpr uint32_t USUAL_PAGE_BYTES = 4096;
constexpr uint8_t INNER_PAGE = 3;
constexpr uint8_t LEAF_PAGE = 5;
constexpr uint8_t OVERFLOW_PAGE = 7;

uint32_t LittleAt(const Bytes& in, size_t at)
{
    return codec::Reader(ByteSpan(in).subspan(at, 4)).U32();
}

/// Gives every page the sum of what is on it: with a wrong one Berkeley DB passes over the whole page, with
/// all rows that are not damaged.
void MendSums(Bytes& file)
{
    if (file.size() < 512) return;
    uint32_t size = LittleAt(file, PAGE_SIZE_AT);
    if (size < 512 || size > 65536 || (size & (size - 1)) != 0) size = USUAL_PAGE_BYTES;
    for (size_t begin = 0; begin + size <= file.size(); begin += size) {
        const uint8_t kind = file[begin + PAGE_KIND_AT];
        if (kind != INNER_PAGE && kind != LEAF_PAGE && kind != OVERFLOW_PAGE) continue;
        uint32_t sum = 0;
        for (size_t i = 0; i < size; ++i) {
            const bool of_sum = i >= PAGE_SUM_AT && i < PAGE_SUM_AT + 4;
            sum = sum * 33 + (of_sum ? 0 : file[begin + i]);
        }
        for (size_t i = 0; i < 4; ++i)
            file[begin + PAGE_SUM_AT + i] = static_cast<uint8_t>(sum >> (8 * i));
    }
}

/// Rows as Berkeley DB prints them: a blank and hex, keys and values in turn.
std::map<Bytes, Bytes> ReadPrinted(std::FILE* in)
{
    std::map<Bytes, Bytes> rows;
    std::optional<Bytes> key;
    char* line = nullptr;
    size_t room = 0;
    for (ssize_t got = 0; (got = getline(&line, &room, in)) > 0;) {
        std::string_view text(line, static_cast<size_t>(got));
        if (!text.starts_with(' ')) continue;
        text.remove_prefix(1);
        if (text.ends_with('\n')) text.remove_suffix(1);
        auto bytes = base::FromHex(text);
        if (bytes && key && KindOf(*key) && IsReadable(*key, *bytes)) rows[*key] = *bytes;
        if (bytes && !key)
            key = std::move(bytes);
        else
            key.reset();
    }
    free(line);
    return rows;
}

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
    auto store = Store::Open(folder, Store::Mode::Create);
    if (!store) return base::Unexpected(store.Error());
    RowBatch batch;
    RowBatch last;
    for (const auto& row : rows) {
        (row.key == HeaderKey() ? last : batch).push_back(row);
        if (batch.size() < ROWS_AT_ONCE) continue;
        if (auto written = (*store)->Write(batch); !written) return written;
        batch.clear();
    }
    batch.insert(batch.end(), last.begin(), last.end());
    if (auto written = (*store)->Write(batch); !written) return written;
    return (*store)->Flush();
}

base::Expected<RowBatch, StoreFailure> SalvageRows(const std::string& path)
{
    if (access(path.c_str(), R_OK) != 0)
        return base::Unexpected(StoreFailure{StoreError::NotFound, "There is no readable file " + path});
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    Bytes pages = base::ToBytes(content.str());
    MendSums(pages);
    const std::string copy = path + ".salvage";
    static_cast<void>(unlink(copy.c_str()));
    if (auto written = WriteNewFile(copy, base::ToText(pages)); !written)
        return base::Unexpected(written.Error());
    std::FILE* out = std::tmpfile();
    DB* file = nullptr;
    RowBatch found;
    if (out != nullptr && db_create(&file, nullptr, 0) == 0) {
        file->set_errfile(file, nullptr);
        // Its verdict is that the file is damaged, which is known; the handle is gone with the call.
        static_cast<void>(file->verify(file, copy.c_str(), nullptr, out, DB_SALVAGE | DB_AGGRESSIVE));
        std::rewind(out);
        for (auto& [key, value] : ReadPrinted(out))
            found.push_back({key, std::move(value)});
    }
    if (out != nullptr) std::fclose(out);
    WipeFile(copy);
    return found;
}

} // namespace emc::wallet
