// banlist.json: what loads is saved and loads again as the same; what does not is left alone.
#include "crypto/random.h"
#include "p2p/peers/ban_list.h"
#include "storage/memory_files.h"
#include "storage/small_file.h"

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    constexpr int64_t LONG_AGO = -1;
    crypto::TestRandom random(1);
    storage::MemoryFiles files;
    EMC_CHECK(files.MakeDirectories("/d").HasValue());
    EMC_CHECK(storage::ReplaceFile(files, "/d/bans", {data, size}).HasValue());
    p2p::BanList bans(random);
    if (!bans.Load(files, "/d/bans")) {
        EMC_CHECK(bans.List(LONG_AGO).empty());
        return 0;
    }
    const bool added = bans.Add(*p2p::NetRange::Parse("203.0.113.0/24"), LONG_AGO, INT64_MAX);
    if (!added) return 0;
    const auto before = bans.List(LONG_AGO);
    EMC_CHECK(bans.Save(files, "/d/bans", LONG_AGO).HasValue());
    p2p::BanList again(random);
    EMC_CHECK(again.Load(files, "/d/bans").HasValue() && again.List(LONG_AGO) == before);
    return 0;
}
