#include "crypto/random.h"
#include "dns/records/local_zone.h"
#include "dns/zone/zone_config.h"
#include "dns/zone/zone_store.h"
#include "unit/dns/reply.h"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>

using namespace emc;
using namespace emc::dns;

BOOST_AUTO_TEST_SUITE(dns_store)

namespace {

Bytes NumberEntryOf(uint64_t number, size_t size = 20, int32_t valid_height = 1000)
{
    const NumberKey key = MakeNumberKey(0, number);
    EntryTerms terms;
    terms.valid_height = valid_height;
    EntryBuilder builder(key, terms);
    builder.AddSet(RrType::Naptr, 60, {Bytes(size, static_cast<uint8_t>(number))});
    return std::move(builder).Finish();
}

Bytes KeyOf(uint64_t number)
{
    const NumberKey key = MakeNumberKey(0, number);
    return Bytes(key.begin(), key.end());
}

} // namespace

BOOST_AUTO_TEST_CASE(zone_list_option)
{
    const ZoneList list = ParseZones("40$enum|.coin | 5!RUS\t~freenum|100$big.300.lim");
    BOOST_TEST_REQUIRE(list.zones.size() == 5u);
    BOOST_TEST((list.zones[0].kind == ZoneKind::Enum));
    BOOST_TEST(list.zones[0].limit == 40u);
    BOOST_TEST((list.zones[1].kind == ZoneKind::Plain));
    BOOST_TEST(list.zones[1].limit == DEFAULT_LABEL_LIMIT);
    BOOST_TEST((list.zones[2].kind == ZoneKind::Signed));
    BOOST_TEST(list.zones[2].label == "rus");
    BOOST_TEST(list.zones[2].limit == 5u);
    BOOST_TEST((list.zones[3].kind == ZoneKind::OpenEnum));
    BOOST_TEST(list.zones[3].limit == DEFAULT_DIGIT_LIMIT);
    BOOST_TEST(list.zones[4].label == "lim");
    BOOST_TEST(list.zones[4].limit == MAX_DIGIT_LIMIT);
    BOOST_TEST(list.warnings.size() == 1u);
    const ZoneList bad = ParseZones("coin|.|.a..|$enum|.enum|12|!a!b");
    BOOST_TEST(bad.zones.size() == 2u); // "$enum" and "!a!b", a legal if odd label
    BOOST_TEST(bad.warnings.size() == 6u);
    BOOST_TEST(ParseZones("").zones.empty());
    std::string many;
    for (int i = 0; i < 300; ++i)
        many += ".z" + std::to_string(i) + "|";
    BOOST_TEST(ParseZones(many).zones.size() == MAX_ZONES);
}

BOOST_AUTO_TEST_CASE(suffix_option)
{
    BOOST_TEST(ParseSuffix("")->tail.empty());
    BOOST_TEST(NameToText(ParseSuffix(".Gate.test")->tail) == "gate.test");
    const auto replaced = ParseSuffix(".e164.org|.enum");
    BOOST_TEST_REQUIRE(replaced.has_value());
    BOOST_TEST(NameToText(replaced->replacement) == "enum");
    for (const char* bad : {"gate.test", ".", ".a|enum", ".a|.b.c", ".a|", ".a..b"})
        BOOST_TEST(!ParseSuffix(bad), bad);
}

BOOST_AUTO_TEST_CASE(trust_and_self_names)
{
    std::vector<std::string> warnings;
    const auto trusted = ParseTrust({"ver:enum|ver:other, ver:enum", "bad|VER:x"}, warnings);
    BOOST_TEST((trusted == std::vector<std::string>{"ver:enum", "ver:other"}));
    BOOST_TEST(warnings.size() == 2u);
    warnings.clear();
    BOOST_TEST(ParseSelfNames("ns1.x.net, ns2.x.net;bad..name|ns3.x.net", warnings).size() == 3u);
    BOOST_TEST(warnings.size() == 1u);
}

BOOST_AUTO_TEST_CASE(soa_is_well_formed)
{
    ZoneConfig config;
    const auto question = test::MakeQuestion("1.enum", 6);
    for (const bool own_name : {false, true}) {
        if (own_name) config.self_names.push_back(*NameFromText("ns1.gate.test"));
        const SoaRecord soa = MakeSoa(config, QUESTION_POINTER + 2, 4711);
        Bytes message = question;
        message[9] = 1;
        message.insert(message.end(), soa.Span().begin(), soa.Span().end());
        const test::Reply reply = test::ParseReply(message);
        BOOST_TEST_REQUIRE(reply.sound, reply.fault);
        BOOST_TEST(test::DataText(message, reply.authority[0]) ==
                   std::string(own_name ? "ns1.gate.test." : "ns.invalid.") +
                       " hostmaster.enum. 4711 600 300 604800 60");
    }
}

BOOST_AUTO_TEST_CASE(entries_read_back)
{
    EntryTerms terms;
    terms.valid_height = 5;
    terms.valid_sec = 9;
    terms.depends = DependencyBit("ver:enum");
    EntryBuilder builder(Bytes{1, 'a', 4, 'c', 'o', 'i', 'n'}, terms);
    builder.AddSet(RrType::A, 60, {{1, 2, 3, 4}, {5, 6, 7, 8}});
    builder.AddSet(RrType::Referral, 70, {{0}});
    builder.AddSubdomains({"www", "mail"}, false);
    const Bytes bytes = std::move(builder).Finish();
    const EntryView entry(bytes.data());
    BOOST_TEST(entry.Size() == bytes.size());
    BOOST_TEST(bytes.size() % 8 == 0u);
    BOOST_TEST(entry.Key().size() == 7u);
    BOOST_TEST(entry.ValidAt(5, 9));
    BOOST_TEST(!entry.ValidAt(6, 9));
    BOOST_TEST(!entry.ValidAt(5, 10));
    BOOST_TEST(entry.Depends() == terms.depends);
    BOOST_TEST(entry.Find(RrType::A)->count == 2);
    BOOST_TEST(entry.Find(RrType::A)->records.size() == 32u);
    BOOST_TEST(!entry.Find(RrType::Aaaa));
    BOOST_TEST(entry.HasSubdomain("www"));
    BOOST_TEST(!entry.HasSubdomain("ww"));
    BOOST_TEST(!entry.HasSubdomain("wwww"));
    BOOST_TEST(!entry.IsAbsent());
}

BOOST_AUTO_TEST_CASE(store_follows_a_model)
{
    ZoneStore store({size_t{64} << 20, 1, 11, 22});
    std::map<uint64_t, Bytes> model;
    crypto::TestRandom random(3);
    {
        ZoneStore::Loader loader(store);
        for (int i = 0; i < 3000; ++i) {
            const uint64_t number = 1'000'000 + random.Below(20'000);
            if (model.emplace(number, NumberEntryOf(number)).second) BOOST_TEST(loader.Add(model[number]));
        }
        BOOST_TEST(!store.HoldsAllNumbers());
        loader.Finish(true, true);
    }
    BOOST_TEST(store.HoldsAllNumbers());
    for (int round = 0; round < 30; ++round) {
        std::vector<ZoneStore::Change> changes;
        for (int i = 0; i < 200; ++i) {
            const uint64_t number = 1'000'000 + random.Below(20'000);
            const bool erase = random.Below(3) == 0;
            Bytes entry = erase ? Bytes{} : NumberEntryOf(number, 20 + random.Below(300));
            changes.push_back({KeyOf(number), entry});
            if (erase) {
                model.erase(number);
            } else {
                model[number] = entry;
            }
        }
        store.Apply(changes);
    }
    BOOST_TEST(store.Names() == model.size());
    size_t wrong = 0;
    for (uint64_t number = 1'000'000; number < 1'020'000; ++number) {
        const auto found = store.Find(KeyOf(number));
        const auto at = model.find(number);
        const bool same = at == model.end()
                              ? !found.entry
                              : found.entry && std::ranges::equal(found.entry.Span(), at->second);
        if (!same) ++wrong;
    }
    BOOST_TEST(wrong == 0u);
    std::set<std::string> prefixes;
    for (const auto& [number, entry] : model) {
        for (size_t digits = 1; digits < 7; ++digits)
            prefixes.insert(std::to_string(number).substr(0, digits));
    }
    for (uint64_t value = 1; value < 1'100'000; value = value < 10'000 ? value + 1 : value + 7) {
        const std::string digits = std::to_string(value);
        const bool below = store.HasNumbersBelow(0, value, static_cast<unsigned>(digits.size()));
        if (below != prefixes.contains(digits)) ++wrong;
    }
    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_below_follows_a_model)
{
    BelowIndex index;
    std::multiset<uint64_t> model;
    crypto::TestRandom random(7);
    const auto hash_of = [](uint64_t item) { return item * 0x9e3779b97f4a7c15; };
    size_t wrong = 0;
    for (int round = 0; round < 50; ++round) {
        std::vector<uint64_t> added;
        std::vector<uint64_t> removed;
        for (int i = 0; i < 100; ++i) {
            added.push_back(hash_of(random.Below(300)));
            const auto at = model.find(hash_of(random.Below(300)));
            if (at == model.end()) continue;
            removed.push_back(*at);
            model.erase(at);
        }
        model.insert(added.begin(), added.end());
        index.Change(added, removed);
        for (uint64_t item = 0; item < 400; ++item) {
            if (index.Has(hash_of(item)) != model.contains(hash_of(item))) ++wrong;
        }
    }
    BOOST_TEST(wrong == 0u);
    index.Clear();
    BOOST_TEST(!index.Has(*model.begin()));
}

BOOST_AUTO_TEST_CASE(prefixes_tell_a_number_from_what_is_below)
{
    PrefixIndex index;
    index.Change({1800, 18009359935, 4420794600, 123456789012345}, {});
    BOOST_TEST(index.HasBelow(1, 1));
    BOOST_TEST(index.HasBelow(1800, 4));
    BOOST_TEST(index.HasBelow(180093, 6));
    BOOST_TEST(index.HasBelow(1800935993, 10));
    BOOST_TEST(!index.HasBelow(18009359935, 11));
    BOOST_TEST(!index.HasBelow(18000, 5)); // 1800 is no longer than that
    BOOST_TEST(!index.HasBelow(1800936, 7));
    BOOST_TEST(index.HasBelow(12345678901234, 14));
    BOOST_TEST(!index.HasBelow(123456789012345, 15));
    BOOST_TEST(!index.HasBelow(0, 0));
    BOOST_TEST(!index.HasBelow(44207946, 3));
    index.Change({}, {18009359935});
    BOOST_TEST(!index.HasBelow(1800935, 7));
    BOOST_TEST(index.HasBelow(180, 3));
    BOOST_TEST(!index.HasBelow(1800, 4));
    index.Clear();
    BOOST_TEST(!index.HasBelow(1, 1));
}

BOOST_AUTO_TEST_CASE(memory_is_bounded)
{
    ZoneStore store({100'000, 1, 1, 2});
    ZoneStore::Loader loader(store);
    uint64_t held = 0;
    while (held < 100'000 && loader.Add(NumberEntryOf(1'000'000 + held)))
        ++held;
    BOOST_TEST(held > 500u);
    BOOST_TEST(held < 1500u);
    loader.Finish(false, true);
    BOOST_TEST(store.Names() == held);
    std::vector<ZoneStore::Change> changes;
    for (uint64_t i = 0; i < 2000; ++i)
        changes.push_back({KeyOf(5'000'000 + i), NumberEntryOf(5'000'000 + i)});
    store.Apply(changes);
    BOOST_TEST(store.Bytes() < 200'000u);
    BOOST_TEST(!store.HoldsAllNumbers());
}

BOOST_AUTO_TEST_CASE(local_names)
{
    std::vector<std::string> warnings;
    const LocalZone zone = LocalZone::Parse("# comment\n"
                                            "; comment\n"
                                            "-x=A=1.1.1.1\n"
                                            "no equals sign\n"
                                            "=A=10.0.0.1\n"
                                            "www=A=10.0.0.2\r\n"
                                            "WWW=A=10.0.0.9\n"
                                            "host.local=A=10.1.1.1,10.1.1.2|TTL=77\n"
                                            ".local=A=10.2.2.2\n"
                                            ".sub.local=A=10.3.3.3\n"
                                            "bad..name=A=1.1.1.1\n",
                                            {}, warnings);
    BOOST_TEST(warnings.size() == 1u);
    BOOST_TEST(zone.Size() == 5u);
    const auto find = [&](std::string_view name) -> std::string {
        WireName wire;
        auto labels = NameFromText(name).value_or(Bytes{0});
        labels.pop_back();
        BOOST_TEST_REQUIRE(wire.Assign(labels));
        const auto found = zone.Find(wire);
        if (!found.entry) return "none";
        const auto set = found.entry.Find(RrType::A);
        return std::to_string(found.first_label) + ":" + base::Hex(set->records.subspan(12, 4));
    };
    BOOST_TEST(find("www") == "0:0a000002");
    BOOST_TEST(find("") == "0:0a000001");
    BOOST_TEST(find("a.local") == "1:0a020202");
    BOOST_TEST(find("host.local") == "1:0a020202");  // suffix lines come first
    BOOST_TEST(find("a.sub.local") == "2:0a020202"); // and of them the shortest
    BOOST_TEST(find("local") == "none");
    BOOST_TEST(find("other") == "none");
}

BOOST_AUTO_TEST_SUITE_END()
