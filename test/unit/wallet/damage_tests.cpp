// Damaged wallet files, page by page: refused in clear words and left, or whole after all; and what can be
// read of them is found.

#include "rig.h"
#include "wallet/inspect.h"
#include "wallet/rows.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

using namespace emc;
using base::Bytes;
using interfaces::AddressType;
using wallet::RowBatch;
using wallet::Store;

namespace {

constexpr size_t PAGE_BYTES = 4'096;
constexpr int FLIPS_PER_PAGE = 12;

std::string ReadFile(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A folder with this as its file, nothing else.
void PutFile(const test::TempDir& folder, const std::string& content)
{
    for (const auto& entry : std::filesystem::directory_iterator(folder.Path()))
        std::filesystem::remove_all(entry.path());
    std::ofstream(folder.File("wallet.dat"), std::ios::binary) << content;
}

/// A refusal names the file.
void CheckWords(const interfaces::Failure& failure)
{
    BOOST_CHECK_EQUAL(failure.code, -4);
    BOOST_CHECK_MESSAGE(failure.message.find("wallet.dat") != std::string::npos, failure.message);
}

/// A wallet as a crash leaves it: the newest rows are in the log alone.
struct Crashed {
    Crashed()
    {
        test::WalletRig rig;
        rig.Fund(primitives::COIN);
        BOOST_REQUIRE(rig.wallet->Backup(rig.folder.File("copy")).HasValue()); // brings the log into the file
        for (int i = 0; i < 10; ++i)
            addresses.push_back(rig.Address(AddressType::Legacy));
        file = ReadFile(rig.folder.File("wallet.dat"));
        log = ReadFile(rig.folder.File(LOG));
        BOOST_REQUIRE(file.size() >= 4 * PAGE_BYTES && !log.empty());
    }

    /// Opens it with this file and log: refused in clear words, or the keys are there. True: refused.
    [[nodiscard]] bool Refused(const std::string& damaged_file, const std::string& damaged_log) const
    {
        test::TempDir folder;
        PutFile(folder, damaged_file);
        std::filesystem::create_directory(folder.File("database"));
        std::ofstream(folder.File(LOG), std::ios::binary) << damaged_log;
        test::FakeNode node;
        const auto opened = wallet::OpenWallet("", folder.Path(), Store::Mode::Open, {}, node.Deps());
        if (!opened) {
            CheckWords(opened.Error());
            BOOST_CHECK(std::filesystem::exists(folder.File(LOG)));
            return true;
        }
        for (const auto& address : addresses)
            BOOST_REQUIRE((*opened)->DumpSecret(address).HasValue());
        return false;
    }

    static constexpr const char* LOG = "database/log.0000000001";
    std::string file;
    std::string log;
    std::vector<std::string> addresses;
};

/// A small wallet with a seed, words, imported keys, labels and a transaction, closed in order.
struct Sample {
    Sample()
    {
        test::WalletRig rig;
        crypto::TestRandom random(5);
        for (int i = 0; i < 60; ++i) {
            const auto key = crypto::PrivateKey::Generate(random);
            const auto wif = script::EncodeSecret(consensus::RegtestParams().addresses, key);
            BOOST_REQUIRE(rig.wallet->ImportSecret(wif, "label " + std::to_string(i), false).HasValue());
        }
        rig.Fund(primitives::COIN);
        for (const auto type :
             {AddressType::Legacy, AddressType::P2shSegwit, AddressType::Bech32, AddressType::Bech32m}) {
            addresses.push_back(rig.Address(type));
            secrets.push_back(*rig.wallet->DumpSecret(addresses.back()));
        }
        rig.wallet.reset();
        whole = ReadFile(rig.folder.File("wallet.dat"));
        const auto store = Store::Open(rig.folder.Path(), Store::Mode::Open);
        BOOST_REQUIRE(store.HasValue());
        const auto read = (*store)->ForEach([this](base::ByteSpan key, base::ByteSpan value) {
            rows[Bytes(key.begin(), key.end())] = Bytes(value.begin(), value.end());
        });
        BOOST_REQUIRE(read.HasValue());
    }

    [[nodiscard]] size_t Pages() const { return whole.size() / PAGE_BYTES; }

    /// Rows whose value stands on a page; short ones stand on many by chance.
    [[nodiscard]] std::vector<Bytes> KeysOn(size_t page) const
    {
        const auto text = std::string_view(whole).substr(page * PAGE_BYTES, PAGE_BYTES);
        std::vector<Bytes> out;
        for (const auto& [key, value] : rows) {
            if (text.find(base::AsText(key)) != std::string_view::npos &&
                text.find(base::AsText(value)) != std::string_view::npos)
                out.push_back(key);
        }
        return out;
    }

    std::string whole;
    std::vector<std::string> addresses;
    std::vector<std::string> secrets;
    std::map<Bytes, Bytes> rows;
};

/// Opens a damaged file: refused and left as it is, or everything is there. True: refused.
bool OpenDamaged(const Sample& sample, const std::string& content, const test::TempDir& folder)
{
    PutFile(folder, content);
    test::FakeNode node;
    const auto opened = wallet::OpenWallet("", folder.Path(), Store::Mode::Open, {}, node.Deps());
    if (!opened) {
        CheckWords(opened.Error());
        BOOST_CHECK(ReadFile(folder.File("wallet.dat")) == content);
        return true;
    }
    for (size_t i = 0; i < sample.addresses.size(); ++i)
        BOOST_REQUIRE_EQUAL(*(*opened)->DumpSecret(sample.addresses[i]), sample.secrets[i]);
    BOOST_REQUIRE_EQUAL((*opened)->GetInfo().tx_count, 1u);
    return false;
}

std::map<Bytes, Bytes> Salvaged(const test::TempDir& folder, const std::string& content)
{
    PutFile(folder, content);
    const auto rows = wallet::SalvageRows(folder.File("wallet.dat"));
    BOOST_REQUIRE(rows.HasValue());
    BOOST_CHECK(ReadFile(folder.File("wallet.dat")) == content);
    BOOST_CHECK(!std::filesystem::exists(folder.File("wallet.dat.salvage")));
    std::map<Bytes, Bytes> out;
    for (const auto& row : *rows)
        out[row.key] = *row.value;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wallet_damage)

BOOST_AUTO_TEST_CASE(every_page_flipped_cut_and_emptied)
{
    const Sample sample;
    BOOST_REQUIRE_GT(sample.Pages(), 5u);
    test::TempDir folder;
    crypto::TestRandom random(11);
    size_t refused = 0;
    size_t damaged = 0;
    const auto refuses = [&](const std::string& content) {
        ++damaged;
        if (OpenDamaged(sample, content, folder)) ++refused;
    };
    for (size_t page = 0; page < sample.Pages(); ++page) {
        const size_t begin = page * PAGE_BYTES;
        for (int i = 0; i < FLIPS_PER_PAGE; ++i) {
            auto content = sample.whole;
            content[begin + random.Below(PAGE_BYTES)] ^= static_cast<char>(1 << random.Below(8));
            refuses(content);
        }
        auto content = sample.whole;
        content.replace(begin, PAGE_BYTES, std::string(PAGE_BYTES, '\0'));
        refuses(content);
        refuses(sample.whole.substr(0, begin));
        refuses(sample.whole.substr(0, begin + 1 + random.Below(PAGE_BYTES - 1)));
    }
    BOOST_TEST_MESSAGE(damaged << " damaged files, " << refused << " refused, the others whole");
    BOOST_CHECK_GE(damaged, 100u);
    BOOST_CHECK_GE(refused * 10, damaged * 8);
    BOOST_CHECK(!OpenDamaged(sample, sample.whole, folder));
}

/// The log mends what was not written yet, and no more than that.
BOOST_AUTO_TEST_CASE(damage_after_a_crash)
{
    const Crashed sample;
    BOOST_CHECK(!sample.Refused(sample.file, sample.log));
    crypto::TestRandom random(13);
    int refused = 0;
    int damaged = 0;
    const auto flip = [&random](std::string content, size_t begin, size_t size) {
        content[begin + random.Below(size)] ^= static_cast<char>(1 << random.Below(8));
        return content;
    };
    for (size_t begin = 0; begin + PAGE_BYTES <= sample.file.size(); begin += PAGE_BYTES, damaged += 3) {
        auto emptied = sample.file;
        emptied.replace(begin, PAGE_BYTES, std::string(PAGE_BYTES, '\0'));
        for (const auto& file : {emptied, flip(sample.file, begin, PAGE_BYTES), sample.file.substr(0, begin)})
            refused += sample.Refused(file, sample.log) ? 1 : 0;
    }
    BOOST_TEST_MESSAGE(refused << " of " << damaged << " damaged files refused");
    BOOST_CHECK_GE(refused * 2, damaged);
    for (int i = 0; i < 30; ++i)
        static_cast<void>(sample.Refused(sample.file, flip(sample.log, 0, sample.log.size())));
    for (const size_t size : {size_t{0}, size_t{1}, size_t{28}, sample.log.size() / 2})
        static_cast<void>(sample.Refused(sample.file, sample.log.substr(0, size)));
}

/// Whatever page is damaged, every row that stands on others is found; with one flipped bit most of that
/// page, too.
BOOST_AUTO_TEST_CASE(what_can_be_read_is_salvaged)
{
    const Sample sample;
    test::TempDir folder;
    crypto::TestRandom random(12);
    BOOST_CHECK(Salvaged(folder, sample.whole) == sample.rows);
    for (size_t page = 0; page < sample.Pages(); ++page) {
        const auto there = sample.KeysOn(page);
        const size_t begin = page * PAGE_BYTES;
        for (int kind = 0; kind < FLIPS_PER_PAGE; ++kind) {
            auto content = sample.whole;
            if (kind == 0) {
                content.replace(begin, PAGE_BYTES, std::string(PAGE_BYTES, '\0'));
            } else {
                // Behind the head of the page, which tells what kind of page it is.
                content[begin + 64 + random.Below(PAGE_BYTES - 64)] ^=
                    static_cast<char>(1 << random.Below(8));
            }
            const auto found = Salvaged(folder, content);
            size_t lost = 0;
            for (const auto& [key, value] : sample.rows) {
                const auto it = found.find(key);
                if (it != found.end() && it->second == value) continue;
                ++lost;
                BOOST_CHECK_MESSAGE(std::find(there.begin(), there.end(), key) != there.end(),
                                    "page " << page << ", damage " << kind << ": row " << base::Hex(key)
                                            << " of another page is lost");
            }
            if (kind > 0) BOOST_CHECK_LE(lost, 2u);
        }
    }
}

/// What was salvaged makes a wallet with the same keys.
BOOST_AUTO_TEST_CASE(salvaged_rows_make_a_wallet)
{
    const Sample sample;
    test::TempDir folder;
    auto content = sample.whole;
    const auto label = content.find("label 7");
    BOOST_REQUIRE_NE(label, std::string::npos);
    content[label] ^= 1;
    RowBatch rows;
    for (const auto& [key, value] : Salvaged(folder, content))
        rows.push_back({key, value});
    BOOST_REQUIRE(wallet::CreateFrom(folder.File("new"), rows).HasValue());
    test::FakeNode node;
    const auto opened = wallet::OpenWallet("", folder.File("new"), Store::Mode::Open, {}, node.Deps());
    BOOST_REQUIRE_MESSAGE(opened.HasValue(), test::Why(opened));
    for (size_t i = 0; i < sample.addresses.size(); ++i)
        BOOST_CHECK_EQUAL(*(*opened)->DumpSecret(sample.addresses[i]), sample.secrets[i]);
    BOOST_CHECK_EQUAL((*opened)->Labels().size(), 180u); // three forms of each imported key
}

BOOST_AUTO_TEST_SUITE_END()
