#include "crypto/random.h"
#include "storage/flat_files.h"
#include "storage/memory_files.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {
namespace {

using base::AsBytes;
using storage::FilePos;
using storage::FlatFiles;
using storage::StorageError;

FlatFiles::Options Options(const std::string& directory)
{
    FlatFiles::Options options;
    options.directory = directory;
    options.prefix = "blk";
    options.magic_be = 0xe45c0d11;
    options.max_file_bytes = 1'000;
    options.chunk_bytes = 256;
    return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(flat_files)

BOOST_AUTO_TEST_CASE(frames_as_block_tools_expect_them)
{
    const TempDir dir;
    FlatFiles files(storage::SystemFiles(), Options(dir.Path()));
    const auto first = files.Append(AsBytes("hello"));
    BOOST_REQUIRE(first);
    BOOST_TEST((*first == FilePos{0, 8}));
    BOOST_REQUIRE(files.Append(AsBytes("world!")));
    BOOST_REQUIRE(files.Sync());
    const auto bytes = storage::ReadWholeFile(storage::SystemFiles(), dir.File("blk00000.dat"));
    BOOST_REQUIRE(bytes);
    BOOST_TEST(bytes->size() == 256U); // preallocated
    BOOST_TEST(base::Hex(base::ByteSpan(*bytes).first(29)) == "e45c0d110500000068656c6c6f"
                                                              "e45c0d1106000000776f726c642100"
                                                              "00");
    BOOST_TEST(base::ToText(files.Read(*first)->payload) == "hello");
}

BOOST_AUTO_TEST_CASE(unused_space_is_cut_off)
{
    storage::MemoryFiles disk;
    BOOST_REQUIRE(disk.MakeDirectories("/b"));
    FlatFiles files(disk, Options("/b"));
    const auto size = [&disk](const char* name) { return storage::ReadWholeFile(disk, name)->size(); };
    BOOST_REQUIRE(files.Trim()); // nothing there yet
    BOOST_TEST(!disk.Exists("/b/blk00000.dat"));
    BOOST_REQUIRE(files.Append(base::Bytes(100)));
    BOOST_TEST(size("/b/blk00000.dat") == 256U);
    BOOST_REQUIRE(files.Trim());
    BOOST_TEST(size("/b/blk00000.dat") == 108U);
    BOOST_REQUIRE(files.Trim());
    BOOST_REQUIRE(files.Append(base::Bytes(700)));
    BOOST_TEST(size("/b/blk00000.dat") == 1024U);
    BOOST_REQUIRE(files.Append(base::Bytes(200))); // begins the next file and leaves this one in its length
    BOOST_TEST(size("/b/blk00000.dat") == 816U);
    BOOST_TEST(size("/b/blk00001.dat") == 256U);
    BOOST_TEST(files.Read({0, 116})->payload.size() == 700U);
    BOOST_REQUIRE(files.Sync());
    BOOST_REQUIRE(files.Trim());
    FlatFiles again(disk, Options("/b"));
    BOOST_TEST(again.Scan(1, 208, [](FilePos, base::ByteSpan) { return true; })->end == 208U);
    again.SetEnd(1, 208);
    BOOST_REQUIRE(again.Append(base::Bytes(10)));
    BOOST_TEST(size("/b/blk00001.dat") == 256U);
}

BOOST_AUTO_TEST_CASE(files_roll_over_and_reading_checks)
{
    storage::MemoryFiles disk;
    BOOST_REQUIRE(disk.MakeDirectories("/b"));
    auto options = Options("/b");
    options.trailer_bytes = 2;
    FlatFiles files(disk, options);
    crypto::TestRandom random(1);
    std::vector<std::pair<FilePos, base::Bytes>> written;
    for (int i = 0; i < 40; ++i) {
        base::Bytes payload(static_cast<size_t>(random.Below(200)));
        random.Fill(payload);
        const auto pos = files.Append(payload, AsBytes("tt"));
        BOOST_REQUIRE(pos);
        written.emplace_back(*pos, payload);
    }
    BOOST_TEST(files.Numbers()->size() > 3U);
    BOOST_TEST(files.DiskBytes() >= 40U * 10U);
    for (const auto& [pos, payload] : written) {
        const auto record = files.Read(pos);
        BOOST_REQUIRE(record);
        BOOST_TEST((record->payload == payload));
        BOOST_TEST(base::ToText(record->trailer) == "tt");
        BOOST_TEST((files.Read({pos.file, pos.offset + 1}).Error().code == StorageError::Corrupt));
    }
    BOOST_TEST((files.Read({0, 3}).Error().code == StorageError::Corrupt));
    BOOST_TEST((files.Read({99, 8}).Error().code == StorageError::NotFound));
    BOOST_TEST((files.Read({0, 100'000}).Error().code == StorageError::Corrupt));
    size_t found = 0;
    const auto numbers = files.Numbers();
    BOOST_REQUIRE(numbers);
    for (const int32_t number : *numbers) {
        const auto scanned = files.Scan(number, 0, [&](FilePos pos, base::ByteSpan payload) {
            BOOST_TEST((pos == written[found].first));
            BOOST_TEST((base::Bytes(payload.begin(), payload.end()) == written[found].second));
            ++found;
            return true;
        });
        BOOST_REQUIRE(scanned);
        BOOST_TEST(!scanned->cut_off);
    }
    BOOST_TEST(found == written.size());
}

BOOST_AUTO_TEST_CASE(cut_off_tail_and_garbage_are_noticed)
{
    storage::MemoryFiles disk;
    BOOST_REQUIRE(disk.MakeDirectories("/b"));
    auto options = Options("/b");
    options.chunk_bytes = 0;
    FlatFiles files(disk, options);
    BOOST_REQUIRE(files.Append(AsBytes("one")));
    const auto second = files.Append(base::Bytes(100, 9));
    BOOST_REQUIRE(second);
    auto file = disk.Open("/b/blk00000.dat", storage::OpenMode::Write);
    BOOST_REQUIRE((*file)->Resize(60));
    size_t frames = 0;
    const auto count = [&](FilePos, base::ByteSpan) {
        ++frames;
        return true;
    };
    const auto scanned = files.Scan(0, 0, count);
    BOOST_REQUIRE(scanned);
    BOOST_TEST(frames == 1U);
    BOOST_TEST(scanned->cut_off);
    BOOST_TEST(scanned->end == 11U);
    const auto record = files.Read(*second);
    BOOST_REQUIRE(!record);
    BOOST_TEST((record.Error().code == StorageError::Corrupt));
    BOOST_TEST(record.Error().detail.find("blk00000.dat") != std::string::npos);

    // What is written next goes where the cut record began, and a scan finds both.
    files.SetEnd(0, scanned->end);
    BOOST_REQUIRE(files.Append(AsBytes("three")));
    frames = 0;
    BOOST_REQUIRE(files.Scan(0, 0, count));
    BOOST_TEST(frames == 2U);

    // A frame the visitor does not take is searched for frames inside.
    base::Bytes nested{0xe4, 0x5c, 0x0d, 0x11, 2, 0, 0, 0, 'i', 'n'};
    files.SetEnd(1, 0);
    BOOST_REQUIRE(files.Append(nested));
    std::string seen;
    BOOST_REQUIRE(files.Scan(1, 0, [&](FilePos, base::ByteSpan payload) {
        if (payload.size() > 2) return false;
        seen += base::ToText(payload);
        return true;
    }));
    BOOST_TEST(seen == "in");
}

BOOST_AUTO_TEST_CASE(full_disk_leaves_the_end_where_it_was)
{
    storage::MemoryFiles disk;
    BOOST_REQUIRE(disk.MakeDirectories("/b"));
    FlatFiles files(disk, Options("/b"));
    BOOST_REQUIRE(files.Append(AsBytes("one")));
    const auto end = files.End();
    disk.SetQuota(disk.UsedBytes());
    const auto refused = files.Append(base::Bytes(600, 1));
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.Error().code == StorageError::DiskFull));
    BOOST_TEST((files.End() == end));
    disk.SetQuota(0);
    BOOST_TEST((*files.Append(AsBytes("two")) == FilePos{0, end.offset + 8}));
}

BOOST_AUTO_TEST_CASE(system_files_say_what_failed)
{
    const TempDir dir;
    auto& files = storage::SystemFiles();
    const auto missing = files.Open(dir.File("none"), storage::OpenMode::Read);
    BOOST_REQUIRE(!missing);
    BOOST_TEST((missing.Error().code == StorageError::NotFound));
    BOOST_TEST(missing.Error().detail.find(dir.File("none")) != std::string::npos);
    BOOST_TEST(!files.List(dir.File("none")).HasValue());
    BOOST_REQUIRE(files.MakeDirectories(dir.File("a/b")));
    BOOST_TEST(files.Exists(dir.File("a/b")));
    auto file = files.Open(dir.File("a/x"), storage::OpenMode::Create);
    BOOST_REQUIRE(file);
    BOOST_REQUIRE((*file)->Write(3, AsBytes("abc")));
    BOOST_REQUIRE((*file)->Allocate(100));
    BOOST_TEST(*(*file)->Size() == 100U);
    BOOST_REQUIRE((*file)->Resize(6));
    BOOST_REQUIRE((*file)->Sync());
    std::array<uint8_t, 10> buffer{};
    BOOST_TEST(*(*file)->Read(3, buffer) == 3U);
    BOOST_REQUIRE(files.Rename(dir.File("a/x"), dir.File("a/y")));
    BOOST_REQUIRE(files.SyncDirectory(dir.File("a")));
    BOOST_TEST(files.List(dir.File("a"))->size() == 2U);
    BOOST_REQUIRE(files.Remove(dir.File("a/y")));
    BOOST_REQUIRE(files.RemoveDirectory(dir.File("a/b")));
    BOOST_TEST(!files.Remove(dir.File("a/y")).HasValue());
    auto lock = files.Lock(dir.File("lock"));
    BOOST_REQUIRE(lock);
    BOOST_TEST((files.Lock(dir.File("lock")).Error().code == StorageError::InUse));
}

/// The system's files and those of the tests agree on what renaming a folder means.
BOOST_AUTO_TEST_CASE(folders_are_renamed)
{
    const TempDir dir;
    storage::MemoryFiles memory;
    for (storage::FileSystem* files : {&storage::SystemFiles(), static_cast<storage::FileSystem*>(&memory)}) {
        for (const char* folder : {"a", "ab", "full"}) {
            BOOST_REQUIRE(files->MakeDirectories(dir.File(folder)));
            auto file = files->Open(dir.File(std::string(folder) + "/x"), storage::OpenMode::Create);
            BOOST_REQUIRE(file);
            BOOST_REQUIRE((*file)->Write(0, base::AsBytes(folder)));
        }
        BOOST_TEST(!files->Rename(dir.File("a"), dir.File("full")).HasValue());
        BOOST_REQUIRE(files->Rename(dir.File("a"), dir.File("b")));
        BOOST_TEST(!files->Exists(dir.File("a")));
        BOOST_TEST(!files->Exists(dir.File("a/x")));
        BOOST_TEST(base::ToText(*storage::ReadWholeFile(*files, dir.File("b/x"))) == "a");
        BOOST_TEST(base::ToText(*storage::ReadWholeFile(*files, dir.File("ab/x"))) == "ab");
        BOOST_TEST(files->List(dir.File("b"))->size() == 1U);
        BOOST_TEST(!files->Rename(dir.File("none"), dir.File("c")).HasValue());
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
