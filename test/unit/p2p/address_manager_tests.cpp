// Known addresses: placement, choice, test before eviction, files, and an attempt to fill the table.
#include "crypto/random.h"
#include "p2p/peers/address_manager.h"
#include "storage/memory_files.h"
#include "storage/small_file.h"
#include "unit/p2p/counted_random.h"
#include "unit/p2p/samples.h"
#include "unit/p2p/sim.h"

#include <boost/test/unit_test.hpp>

#include <set>

namespace emc::p2p {
namespace {

using storage::StorageError;
using Table = AddressManager::Table;

constexpr int64_t NOW = 1'700'000'000;
constexpr uint32_t MAGIC = 0xe45c0d11;
const std::string PATH = "/data/peers.dat";

Endpoint E(uint32_t ip, uint16_t port = 6661)
{
    const std::array<uint8_t, 4> bytes = {static_cast<uint8_t>(ip >> 24), static_cast<uint8_t>(ip >> 16),
                                          static_cast<uint8_t>(ip >> 8), static_cast<uint8_t>(ip)};
    return {.address = *NetAddress::From(NetKind::Ipv4, bytes), .port = port};
}

AddressEntry Entry(const Endpoint& endpoint, int64_t time_sec = NOW)
{
    return {.time_sec = static_cast<uint32_t>(time_sec), .services = 1, .endpoint = endpoint};
}

struct Rig {
    test::CountedRandom random;
    AddressManager manager{nullptr, random};
    storage::MemoryFiles files;

    Rig() { BOOST_REQUIRE(files.MakeDirectories("/data")); }

    void Tell(const Endpoint& endpoint, const Endpoint& source, int64_t now = NOW)
    {
        static_cast<void>(manager.Add({Entry(endpoint, now)}, source.address, now));
    }
};

BOOST_AUTO_TEST_SUITE(address_manager)

BOOST_AUTO_TEST_CASE(random_operations)
{
    test::RunSimulation(test::SimulateAddresses, 40, 600);
}

BOOST_AUTO_TEST_CASE(one_of_few_is_found_soon)
{
    Rig rig;
    rig.Tell(E(0x08080404), E(0x09090909));
    rig.Tell(E(0x08090404), E(0x09090909));
    static_cast<void>(rig.manager.Good(E(0x08090404), NOW - 3'600));
    for (const Table table : {Table::New, Table::Tried}) {
        rig.random.draws = 0;
        BOOST_TEST(rig.manager.Select(table, std::nullopt, NOW).has_value());
        BOOST_TEST(rig.random.draws <= 3u); // its bucket, where to begin in it, whether to take it
    }
}

BOOST_AUTO_TEST_CASE(heard_then_tried)
{
    Rig rig;
    BOOST_TEST(!rig.manager.Select(Table::Any, std::nullopt, NOW));
    BOOST_TEST(rig.manager.Add({Entry(E(0x08080404))}, E(0x09090909).address, NOW) == 1u);
    BOOST_TEST(rig.manager.Add({Entry(E(0x08080404))}, E(0x09090909).address, NOW) == 0u);
    BOOST_TEST(rig.manager.Add({Entry(E(0x0a000001))}, E(0x09090909).address, NOW) == 0u); // not routed
    BOOST_TEST(rig.manager.CountNew() == 1u);
    BOOST_TEST(!rig.manager.Select(Table::Tried, std::nullopt, NOW));
    BOOST_TEST(rig.manager.Good(E(0x08080404), NOW));
    BOOST_TEST(rig.manager.CountTried() == 1u);
    BOOST_TEST(rig.manager.CountNew() == 0u);
    const auto choice = rig.manager.Select(Table::Tried, NetKind::Ipv4, NOW);
    BOOST_REQUIRE(choice);
    BOOST_TEST((choice->endpoint == E(0x08080404)));
    BOOST_TEST(choice->last_try_sec == NOW);
    BOOST_TEST(!rig.manager.Select(Table::Any, NetKind::TorV3, NOW));
    BOOST_TEST(rig.manager.Good(E(0x01010101), NOW)); // unknown ones are left alone
    BOOST_TEST(rig.manager.Size() == 1u);
}

BOOST_AUTO_TEST_CASE(every_network_is_kept)
{
    Rig rig;
    for (const Endpoint& endpoint : test::SampleEndpoints())
        rig.Tell(endpoint, E(0x09090909));
    BOOST_TEST(rig.manager.Size() == 5u);
    for (const NetKind kind : ALL_NET_KINDS) {
        const auto choice = rig.manager.Select(Table::New, kind, NOW);
        BOOST_REQUIRE(choice);
        BOOST_TEST((choice->endpoint.address.Kind() == kind));
        BOOST_TEST(rig.manager.Tell(10, 100, kind, NOW).size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(one_source_reaches_few_places)
{
    Rig rig;
    for (uint32_t i = 0; i < 100'000; ++i) // of many networks, told by one
        rig.Tell(E(0x14000000 + i * 977), E(0x09090909));
    BOOST_TEST(rig.manager.CountNew() <= NEW_BUCKETS_PER_SOURCE * BUCKET_PLACES);
    BOOST_TEST(rig.manager.CountNew() > NEW_BUCKETS_PER_SOURCE * BUCKET_PLACES / 2);
    BOOST_TEST(rig.manager.IsConsistent());
}

BOOST_AUTO_TEST_CASE(failures_make_an_address_unlikely_and_then_worthless)
{
    Rig rig;
    rig.Tell(E(0x08080404), E(0x09090909));
    rig.Tell(E(0x0c080404), E(0x09090909));
    int64_t now = NOW;
    for (int i = 0; i < MAX_FIRST_FAILURES; ++i) {
        now += 3'600;
        rig.manager.Attempt(E(0x08080404), AddressManager::Counts::Yes, now);
        // Without a success of any node since, further failures are our own line's.
        rig.manager.Attempt(E(0x08080404), AddressManager::Counts::Yes, now + 1);
        static_cast<void>(rig.manager.Good(E(0x01010101), now + 2));
    }
    now += 3'600;
    BOOST_TEST(rig.manager.Tell(10, 100, std::nullopt, now).size() == 1u);
    size_t failing = 0;
    for (int i = 0; i < 1'000; ++i)
        failing += rig.manager.Select(Table::New, std::nullopt, now)->endpoint == E(0x08080404);
    BOOST_TEST(failing < 400u); // 500 without failures; 0.66 to the third against 1 is some 220
    BOOST_TEST(failing > 50u);
}

BOOST_AUTO_TEST_CASE(tried_places_change_hands_after_a_test)
{
    Rig rig;
    // Fill until two addresses want one place.
    Endpoint waiting;
    uint32_t i = 0;
    for (;; ++i) {
        BOOST_REQUIRE(i < 100'000u);
        waiting = E(0x14010000 + i % 65'536, static_cast<uint16_t>(1 + i / 65'536));
        rig.Tell(waiting, E(0x09090909 + (i << 16)));
        if (!rig.manager.Good(waiting, NOW)) break;
    }
    const auto holder = rig.manager.NextTest();
    BOOST_REQUIRE(holder);
    BOOST_TEST((holder->endpoint != waiting));
    const size_t tried = rig.manager.CountTried();
    rig.manager.ResolveCollisions(NOW); // the holder was alive four hours ago or less: it stays
    BOOST_TEST(!rig.manager.NextTest());
    BOOST_TEST(rig.manager.CountTried() == tried);

    int64_t later = NOW + 5 * 3'600;
    BOOST_TEST(!rig.manager.Good(waiting, later));
    rig.manager.ResolveCollisions(later);
    BOOST_TEST(rig.manager.NextTest().has_value()); // not tested yet
    rig.manager.Attempt(holder->endpoint, AddressManager::Counts::Yes, later);
    rig.manager.ResolveCollisions(later + 30);
    BOOST_TEST(rig.manager.NextTest().has_value()); // the test may still succeed
    rig.manager.ResolveCollisions(later + 61);
    BOOST_TEST(!rig.manager.NextTest()); // it failed
    BOOST_TEST(rig.manager.CountTried() == tried);
    BOOST_TEST(rig.manager.IsConsistent());
    const size_t fresh = rig.manager.CountNew();
    BOOST_TEST(rig.manager.Good(waiting, later + 62)); // it is there
    BOOST_TEST(fresh >= 1u);                           // the old one went back
}

BOOST_AUTO_TEST_CASE(who_owns_many_addresses_of_few_networks_gets_a_small_share)
{
    // 15,000 honest addresses of 3,000 networks, 1,500 of them tried. An attacker owns 4,096 addresses in 32
    // networks and tells of them again and again, through each of these networks, for a day; a test
    // connection goes out every two minutes, and all his nodes always answer.
    constexpr uint32_t ATTACKER_BITS = 0x30000000;
    Rig rig;
    const auto honest = [](uint32_t i) { return E(0x14000000 + (i % 3'000) * 65'536 + i / 3'000 + 1); };
    for (uint32_t i = 0; i < 15'000; ++i) {
        rig.Tell(honest(i), honest(i * 7 % 15'000));
        if (i < 1'500) static_cast<void>(rig.manager.Good(honest(i), NOW));
    }
    const auto attacker = [](uint32_t i) { return E(ATTACKER_BITS + (i % 32) * 65'536 + i / 32 + 1); };
    const auto is_attacker = [](const Endpoint& e) { return e.address.Bytes()[0] == 0x30; };
    int64_t now = NOW;
    for (int step = 0; step < 24 * 30; ++step) {
        now += 120;
        for (uint32_t i = 0; i < 100; ++i)
            rig.Tell(attacker((static_cast<uint32_t>(step) * 100 + i) % 4'096), attacker(i % 32), now);
        rig.manager.ResolveCollisions(now);
        if (const auto test = rig.manager.NextTest()) {
            rig.manager.Attempt(test->endpoint, AddressManager::Counts::Yes, now);
            static_cast<void>(rig.manager.Good(test->endpoint, now));
        } else if (const auto choice = rig.manager.Select(Table::New, std::nullopt, now)) {
            rig.manager.Attempt(choice->endpoint, AddressManager::Counts::Yes, now);
            static_cast<void>(rig.manager.Good(choice->endpoint, now));
        }
    }
    BOOST_TEST(rig.manager.IsConsistent());
    size_t bad = 0;
    for (int i = 0; i < 4'000; ++i)
        bad += is_attacker(rig.manager.Select(Table::Tried, std::nullopt, now + 3'600)->endpoint);
    BOOST_TEST_MESSAGE("attacker's share of tried addresses: " << bad << " of 4000");
    BOOST_TEST(bad <= 1'000u); // a quarter
}

BOOST_AUTO_TEST_CASE(the_table_survives_a_restart)
{
    Rig rig;
    BOOST_TEST(LoadAddresses(rig.manager, MAGIC, rig.files, PATH, NOW).HasValue()); // no file yet
    for (uint32_t i = 0; i < 2'000; ++i) {
        rig.Tell(E(0x14000000 + i * 70'001), E(0x15000000 + i * 65'536));
        rig.Tell(E(0x14000000 + i * 70'001), E(0x16000000 + i * 65'536), NOW + 7'200);
        if (i % 4 == 0) static_cast<void>(rig.manager.Good(E(0x14000000 + i * 70'001), NOW));
    }
    BOOST_REQUIRE(SaveAddresses(rig.manager, MAGIC, rig.files, PATH));
    rig.files.Restart();
    AddressManager again(nullptr, rig.random);
    BOOST_REQUIRE(LoadAddresses(again, MAGIC, rig.files, PATH, NOW));
    BOOST_TEST(again.Size() == rig.manager.Size());
    BOOST_TEST(again.CountTried() == rig.manager.CountTried());
    BOOST_TEST(again.IsConsistent());
    BOOST_TEST(again.Serialize().size() == rig.manager.Serialize().size()); // every place was kept
    BOOST_REQUIRE(SaveAddresses(again, MAGIC, rig.files, PATH));
}

BOOST_AUTO_TEST_CASE(a_damaged_table_is_named_and_left)
{
    Rig rig;
    rig.Tell(E(0x08080404), E(0x09090909));
    BOOST_REQUIRE(SaveAddresses(rig.manager, MAGIC, rig.files, PATH));
    const base::Bytes good = *storage::ReadWholeFile(rig.files, PATH);
    for (size_t at = 0; at < good.size(); at += 3) {
        base::Bytes bad = good;
        bad[at] ^= 0x20;
        BOOST_REQUIRE(ReplaceFile(rig.files, PATH, bad));
        const auto loaded = LoadAddresses(rig.manager, MAGIC, rig.files, PATH, NOW);
        BOOST_REQUIRE(!loaded);
        BOOST_TEST((loaded.Error().code == StorageError::Corrupt));
        BOOST_TEST(loaded.Error().detail.starts_with(PATH));
        BOOST_TEST(!SaveAddresses(rig.manager, MAGIC, rig.files, PATH));
        BOOST_TEST((*storage::ReadWholeFile(rig.files, PATH) == bad));
    }
    BOOST_REQUIRE(ReplaceFile(rig.files, PATH, good));
    BOOST_TEST(
        (LoadAddresses(rig.manager, 1, rig.files, PATH, NOW).Error().code == StorageError::WrongNetwork));
    BOOST_TEST(rig.manager.Size() == 1u); // what was known stays
}

BOOST_AUTO_TEST_CASE(contents_that_are_no_table)
{
    Rig rig;
    rig.Tell(E(0x08080404), E(0x09090909));
    const base::Bytes good = rig.manager.Serialize();
    AddressManager other(nullptr, rig.random);
    BOOST_TEST(other.Deserialize(good, NOW));
    for (size_t size = 0; size < good.size(); ++size)
        BOOST_TEST(!other.Deserialize(base::ByteSpan(good).first(size), NOW));
    base::Bytes twice = good;
    twice[48] = 2;
    twice.insert(twice.end(), good.begin() + 49, good.end());
    BOOST_TEST(!other.Deserialize(twice, NOW)); // one address, two entries
    BOOST_TEST(other.Size() == 1u);
}

BOOST_AUTO_TEST_CASE(another_map_places_anew)
{
    Rig rig;
    for (uint32_t i = 0; i < 300; ++i)
        rig.Tell(E(0x65010000 + i * 65'536), E(0x15000000 + i * 65'536));
    // "return 7": everything is one autonomous system
    const auto map = AsMap::Load({0x00, 0x80, 0x01});
    BOOST_REQUIRE(map);
    AddressManager mapped(&*map, rig.random);
    BOOST_REQUIRE(mapped.Deserialize(rig.manager.Serialize(), NOW));
    BOOST_TEST(mapped.IsConsistent());
    BOOST_TEST(mapped.Size() <= BUCKET_PLACES * NEW_BUCKETS_PER_SOURCE);
    BOOST_TEST(mapped.Size() < rig.manager.Size()); // one group reaches one bucket
}

BOOST_AUTO_TEST_CASE(anchors_are_read_once)
{
    Rig rig;
    const std::string path = "/data/anchors.dat";
    BOOST_TEST(LoadAnchors(MAGIC, rig.files, path)->empty());
    BOOST_REQUIRE(SaveAnchors(test::SampleEndpoints(), MAGIC, rig.files, path));
    const auto anchors = LoadAnchors(MAGIC, rig.files, path);
    BOOST_REQUIRE(anchors);
    BOOST_REQUIRE(anchors->size() == MAX_ANCHORS);
    BOOST_TEST((anchors->front() == test::SampleEndpoints()[0]));
    BOOST_TEST(LoadAnchors(MAGIC, rig.files, path)->empty());
    BOOST_REQUIRE(ReplaceFile(rig.files, path, base::Bytes(100, 1)));
    BOOST_TEST((LoadAnchors(MAGIC, rig.files, path).Error().code == StorageError::Corrupt));
    BOOST_TEST(rig.files.Exists(path));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::p2p
