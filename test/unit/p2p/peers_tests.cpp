// Bans, discouragement, eviction.
#include "crypto/random.h"
#include "p2p/peers/ban_list.h"
#include "p2p/peers/evict.h"
#include "storage/memory_files.h"
#include "storage/small_file.h"
#include "unit/p2p/sim.h"

#include <boost/test/unit_test.hpp>

namespace emc::p2p {
namespace {

using storage::FileFrame;
using storage::StorageError;

constexpr int64_t NOW = 1'700'000'000;
const std::string PATH = "/data/banlist.json";

NetRange R(std::string_view text)
{
    return *NetRange::Parse(text);
}

NetAddress A(std::string_view text)
{
    return *NetAddress::Parse(text);
}

void Put(storage::FileSystem& files, const std::string& path, base::ByteSpan content)
{
    BOOST_REQUIRE(ReplaceFile(files, path, content));
}

struct Rig {
    crypto::TestRandom random{1};
    storage::MemoryFiles files;
    BanList bans{random};

    Rig() { BOOST_REQUIRE(files.MakeDirectories("/data")); }
};

BOOST_AUTO_TEST_SUITE(peers)

BOOST_AUTO_TEST_CASE(bans_begin_and_end)
{
    Rig rig;
    BOOST_TEST(rig.bans.Add(R("10.0.0.0/8"), NOW, NOW + DEFAULT_BAN_SEC));
    BOOST_TEST(rig.bans.IsBanned(A("10.1.2.3"), NOW));
    BOOST_TEST(!rig.bans.IsBanned(A("11.1.2.3"), NOW));
    BOOST_TEST(!rig.bans.IsBanned(A("10.1.2.3"), NOW + DEFAULT_BAN_SEC));
    BOOST_TEST(!rig.bans.Add(R("10.0.0.0/8"), NOW, NOW + 10)); // a longer one stands
    BOOST_TEST(rig.bans.Add(R("10.0.0.0/8"), NOW, NOW + 2 * DEFAULT_BAN_SEC));
    BOOST_TEST(!rig.bans.Add(R("1.2.3.4"), NOW, NOW));
    BOOST_TEST(rig.bans.List(NOW).size() == 1u);
    BOOST_TEST(!rig.bans.Remove(R("10.0.0.0/9")));
    BOOST_TEST(rig.bans.Remove(R("10.0.0.0/8")));
    BOOST_TEST(!rig.bans.IsBanned(A("10.1.2.3"), NOW));
}

BOOST_AUTO_TEST_CASE(the_list_is_bounded)
{
    Rig rig;
    for (size_t i = 0; i < MAX_BANS; ++i) {
        const auto ip = "1." + std::to_string(i / 250) + "." + std::to_string(i % 250) + ".1";
        BOOST_REQUIRE(rig.bans.Add(R(ip), NOW, NOW + 10));
        i += i > 50 ? 499 : 0; // the scan for equal entries makes all of them slow
    }
    BOOST_TEST(rig.bans.List(NOW).size() > 60u);
    rig.bans.Clear();
    BOOST_TEST(rig.bans.List(NOW).empty());
}

BOOST_AUTO_TEST_CASE(bans_survive_a_restart)
{
    Rig rig;
    BOOST_TEST(rig.bans.Load(rig.files, PATH).HasValue()); // no file is an empty list
    BOOST_TEST(rig.bans.Add(R("10.0.0.0/8"), NOW, NOW + 100));
    BOOST_TEST(rig.bans.Add(R("2a00:1::/32"), NOW, NOW + 200));
    BOOST_TEST(
        rig.bans.Add(R("pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"), NOW, NOW + 300));
    BOOST_TEST(rig.bans.Add(R("5.5.5.5"), NOW, NOW + 1));
    BOOST_REQUIRE(rig.bans.Save(rig.files, PATH, NOW + 1));
    rig.files.Restart();
    BanList again(rig.random);
    BOOST_REQUIRE(again.Load(rig.files, PATH));
    BOOST_TEST((again.List(NOW) == rig.bans.List(NOW + 1)));
    BOOST_TEST(again.List(NOW).size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_damaged_list_is_named_and_left)
{
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"[", "/data/banlist.json: byte 1"},
        {"[]", "no list named banned_nets"},
        {R"({"banned_nets":[{"address":"1.2.3.4","ban_created":1,"banned_until":2},{"address":"1.2.3"}]})",
         "entry 2 is no ban: {\"address\":\"1.2.3\"}"},
        {R"({"banned_nets":[{"address":"1.2.3.4","ban_created":"1","banned_until":2}]})",
         "entry 1 is no ban"},
        {R"({"banned_nets":[{"address":"1.2.3.4","ban_created":1,"banned_until":2.5}]})",
         "entry 1 is no ban"},
    };
    for (const auto& [content, reason] : cases) {
        Rig rig;
        Put(rig.files, PATH, base::AsBytes(content));
        const auto loaded = rig.bans.Load(rig.files, PATH);
        BOOST_REQUIRE(!loaded);
        BOOST_TEST((loaded.Error().code == StorageError::Corrupt));
        BOOST_TEST(loaded.Error().detail.find(reason) != std::string::npos, loaded.Error().detail);
        BOOST_TEST(rig.bans.Add(R("10.0.0.0/8"), NOW, NOW + 100));
        BOOST_TEST((rig.bans.Save(rig.files, PATH, NOW).Error().code == StorageError::Corrupt));
        BOOST_TEST(base::ToText(*storage::ReadWholeFile(rig.files, PATH)) == content);
        BOOST_REQUIRE(rig.files.Rename(PATH, PATH + ".old"));
        BOOST_TEST(rig.bans.Save(rig.files, PATH, NOW).HasValue());
    }
}

BOOST_AUTO_TEST_CASE(a_failed_write_is_tried_again)
{
    Rig rig;
    BOOST_TEST(rig.bans.Add(R("10.0.0.0/8"), NOW, NOW + 100));
    rig.files.CutPowerAtWrite(1);
    BOOST_TEST(!rig.bans.Save(rig.files, PATH, NOW));
    rig.files.Restart();
    BOOST_TEST(rig.bans.Save(rig.files, PATH, NOW).HasValue());
    BOOST_TEST(storage::ReadWholeFile(rig.files, PATH).HasValue());
}

BOOST_AUTO_TEST_CASE(discouraged_addresses)
{
    Rig rig;
    rig.bans.Discourage(A("8.8.8.8"));
    BOOST_TEST(rig.bans.IsDiscouraged(A("8.8.8.8")));
    BOOST_TEST(!rig.bans.IsDiscouraged(A("8.8.8.9")));
    BOOST_TEST(!rig.bans.IsBanned(A("8.8.8.8"), NOW));
}

BOOST_AUTO_TEST_CASE(framed_files)
{
    const FileFrame frame{.magic_be = 0xe45c0d11, .kind = "TEST", .version = 3};
    const base::Bytes content = {1, 2, 3};
    const base::Bytes file = WrapFile(frame, content);
    BOOST_TEST((*UnwrapFile(frame, file, "x") == content));
    for (size_t at = 0; at < file.size(); ++at) {
        base::Bytes damaged = file;
        damaged[at] ^= 1;
        const auto got = UnwrapFile(frame, damaged, "peers");
        BOOST_REQUIRE(!got);
        BOOST_TEST((got.Error().code == StorageError::Corrupt));
        BOOST_TEST(got.Error().detail.starts_with("peers: "));
        BOOST_TEST(!UnwrapFile(frame, base::ByteSpan(file).first(at), "x"));
    }
    FileFrame other = frame;
    other.magic_be = 1;
    BOOST_TEST((UnwrapFile(other, file, "x").Error().code == StorageError::WrongNetwork));
    other = frame;
    other.version = 2;
    BOOST_TEST((UnwrapFile(other, file, "x").Error().code == StorageError::NewerVersion));
}

std::vector<EvictionCandidate> Crowd(size_t size)
{
    std::vector<EvictionCandidate> out(size);
    for (size_t i = 0; i < size; ++i) {
        out[i].id = i + 1;
        out[i].connected_ms = static_cast<int64_t>(1'000 + i);
        out[i].best_ping_us = static_cast<int64_t>(50'000 + 1'000 * i);
        out[i].group = i; // each its own
    }
    return out;
}

BOOST_AUTO_TEST_CASE(eviction_over_arbitrary_crowds)
{
    test::RunSimulation(test::SimulateEviction, 2'000, 700);
}

BOOST_AUTO_TEST_CASE(a_crowd_from_one_network_pushes_out_its_own)
{
    // 30 honest peers of many networks, then 90 of one network that answer quickly and relay nothing.
    auto crowd = Crowd(30);
    for (size_t i = 0; i < 90; ++i) {
        EvictionCandidate one;
        one.id = 1'000 + i;
        one.connected_ms = static_cast<int64_t>(5'000 + i);
        one.best_ping_us = 1;
        one.group = 77;
        crowd.push_back(one);
    }
    for (int round = 0; round < 70; ++round) {
        const auto victim = SelectForEviction(crowd);
        BOOST_REQUIRE(victim);
        BOOST_TEST(*victim >= 1'000u);
        std::erase_if(crowd, [&](const auto& c) { return c.id == *victim; });
    }
}

BOOST_AUTO_TEST_CASE(eviction_protects)
{
    BOOST_TEST(!SelectForEviction({}));
    constexpr size_t PLACES = PROTECT_BY_GROUP + PROTECT_BY_PING + PROTECT_BY_TX + PROTECT_BY_BLOCK;
    BOOST_TEST(!SelectForEviction(Crowd(PLACES))); // nobody relays blocks only
    auto crowd = Crowd(PLACES + 1);
    BOOST_TEST(SelectForEviction(crowd).has_value());
    for (auto& one : crowd)
        one.protected_by_operator = true;
    BOOST_TEST(!SelectForEviction(crowd));
    crowd = Crowd(60);
    crowd.back().discouraged = true;
    BOOST_TEST(*SelectForEviction(crowd) != 60u); // its group is the highest, one of four that count
    crowd.back().group = 0;
    crowd.front().group = 59;
    BOOST_TEST(*SelectForEviction(crowd) == 60u);
    // Tor peers all come from this computer's proxy with slow answers; some keep their place for their age.
    crowd = Crowd(100);
    for (size_t i = 60; i < 70; ++i)
        crowd[i].network = NetKind::TorV3;
    std::vector<bool> alive(101, true);
    while (crowd.size() > 60) {
        const auto victim = SelectForEviction(crowd);
        BOOST_REQUIRE(victim);
        alive[static_cast<size_t>(*victim)] = false;
        std::erase_if(crowd, [&](const auto& c) { return c.id == *victim; });
    }
    for (size_t id = 61; id <= 70; ++id)
        BOOST_TEST(alive[id], id);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::p2p
