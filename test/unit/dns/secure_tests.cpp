// DNSSEC: keys, signatures over sets, and the records that deny names.
#include "crypto/random.h"
#include "crypto/sha256.h"
#include "dns/secure/answer_signer.h"
#include "unit/dns/rig.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sys/stat.h>

using namespace emc;
using namespace emc::dns;

BOOST_AUTO_TEST_SUITE(dns_secure)

namespace {

constexpr int64_t NOW = 1'800'000'000;

ZoneKey Key()
{
    std::array<uint8_t, 32> secret{};
    secret.fill(0x11);
    return {"coin", *crypto::P256Key::From(secret)};
}

Bytes Name(std::string_view text)
{
    return *NameFromText(text);
}

/// Does the RRSIG hold over the set, checked from the wire forms alone?
bool Holds(const ZoneKey& key, ByteSpan rrsig, ByteSpan canonical)
{
    constexpr size_t SIGNATURE_BYTES = 64;
    Bytes covered(rrsig.begin(), rrsig.end() - SIGNATURE_BYTES);
    covered.insert(covered.end(), canonical.begin(), canonical.end());
    crypto::P256Signature signature{};
    std::copy(rrsig.end() - SIGNATURE_BYTES, rrsig.end(), signature.begin());
    crypto::P256Public open{};
    std::copy(key.DnskeyData().begin() + 4, key.DnskeyData().end(), open.begin());
    return crypto::VerifyP256(open, covered, signature);
}

struct Rr {
    Bytes owner;
    uint16_t type = 0;
    Bytes data;
};

/// Records with whole owners.
std::vector<Rr> Split(ByteSpan records)
{
    std::vector<Rr> out;
    size_t pos = 0;
    while (pos < records.size()) {
        WireName owner;
        BOOST_TEST_REQUIRE(ReadName(records, pos, owner, false));
        const size_t length = LoadU16(records.data() + pos + 8);
        Rr item{
            Bytes(owner.bytes.begin(), owner.bytes.begin() + owner.size), LoadU16(records.data() + pos), {}};
        const ByteSpan data = records.subspan(pos + 10, length);
        item.data.assign(data.begin(), data.end());
        out.push_back(item);
        pos += 10 + length;
    }
    return out;
}

struct Rig {
    Rig()
    {
        config.zones = ParseZones("$enum|.coin").zones;
        const std::string path = ZoneSigners::KeyPath(folder.Path(), "coin");
        crypto::SystemRandom random;
        BOOST_TEST_REQUIRE(ZoneKey::Create(path, "coin", random).HasValue());
        signers = std::move(ZoneSigners::Load(config, {"coin"}, folder.Path())).Value();
        zone = config.Find("coin");
    }

    test::TempDir folder;
    ZoneConfig config;
    std::unique_ptr<ZoneSigners> signers;
    const Zone* zone = nullptr;
};

} // namespace

BOOST_AUTO_TEST_CASE(keys_live_in_files)
{
    const test::TempDir folder;
    crypto::SystemRandom random;
    const std::string path = folder.Path() + "/keys/coin.key";
    BOOST_TEST((ZoneKey::Load(path, "coin").Error() == ZoneKeyError::Missing));
    const auto made = ZoneKey::Create(path, "coin", random);
    BOOST_TEST_REQUIRE(made.HasValue());
    BOOST_TEST((ZoneKey::Create(path, "coin", random).Error() == ZoneKeyError::Exists));

    struct stat info {};

    BOOST_TEST(stat(path.c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 0777) == 0600u);
    const auto read = ZoneKey::Load(path, "coin");
    BOOST_TEST_REQUIRE(read.HasValue());
    BOOST_TEST(read.Value().DnskeyText() == made.Value().DnskeyText());
    BOOST_TEST(read.Value().DsText() == made.Value().DsText());
    BOOST_TEST(made.Value().DsText().starts_with("coin. 3600 IN DS " + std::to_string(made.Value().Tag()) +
                                                 " 13 2 "));
    BOOST_TEST(chmod(path.c_str(), 0644) == 0);
    BOOST_TEST((ZoneKey::Load(path, "coin").Error() == ZoneKeyError::Mode));
    for (const char* text : {"", "ECDSAP256SHA256 00\n", "x", "ECDSAP256SHA256 "}) {
        std::ofstream(path) << text;
        chmod(path.c_str(), 0600);
        BOOST_TEST((ZoneKey::Load(path, "coin").Error() == ZoneKeyError::Damaged), text);
    }
}

BOOST_AUTO_TEST_CASE(sets_are_signed_in_canonical_form)
{
    const ZoneKey key = Key();
    const Bytes owner = Name("a.coin");
    Bytes records;
    for (const char* host : {"MX2.Example", "mx1.example"}) {
        Bytes data{0, 10};
        const Bytes name = Name(host);
        data.insert(data.end(), name.begin(), name.end());
        AppendRecord(records, RrType::Mx, 300, data);
    }
    const SignedSpan span = SpanFrom(NOW, 1000);
    const Bytes canonical = CanonicalSet({owner, records});
    const auto items = Split(canonical);
    BOOST_TEST_REQUIRE(items.size() == 2u);
    BOOST_TEST(NameToText(ByteSpan(items[0].data).subspan(2)) == "mx1.example"); // sorted
    BOOST_TEST(NameToText(ByteSpan(items[1].data).subspan(2)) == "mx2.example"); // in lower case
    const Bytes rrsig = SignSet(key, {owner, records}, span);
    BOOST_TEST(LoadU16(rrsig.data()) == 15);
    BOOST_TEST(rrsig[2] == 13);
    BOOST_TEST(rrsig[3] == 2); // labels
    BOOST_TEST(LoadU32(rrsig.data() + 4) == 300u);
    BOOST_TEST(LoadU32(rrsig.data() + 8) == static_cast<uint32_t>(NOW + 1000));
    BOOST_TEST(LoadU32(rrsig.data() + 12) == static_cast<uint32_t>(NOW - CLOCK_SLACK_SEC));
    BOOST_TEST(LoadU16(rrsig.data() + 16) == key.Tag());
    BOOST_TEST(Holds(key, rrsig, canonical));
    Bytes other = canonical;
    other.back() ^= 1;
    BOOST_TEST(!Holds(key, rrsig, other));
    BOOST_TEST(SignSet(key, {Name("*.a.coin"), records}, span)[3] == 2); // an asterisk does not count
}

/// Names around a name: in order, and no name of a zone fits between them but those below it.
BOOST_AUTO_TEST_CASE(gaps)
{
    const std::string longest(63, 'm');
    std::vector<std::string> names = {"coin",
                                      "a.coin",
                                      "a1.coin",
                                      "b.coin",
                                      "x.b.coin",
                                      "0.1.enum",
                                      "9.1.enum",
                                      "-.coin",
                                      "*.coin",
                                      "[.coin",
                                      "z.coin",
                                      "~.coin",
                                      "az.coin",
                                      "a-.coin",
                                      longest + ".coin",
                                      longest.substr(1) + "l.coin",
                                      longest.substr(1) + "n.coin",
                                      "x." + longest + ".coin",
                                      "x." + longest.substr(1) + "l.coin"};
    for (const std::string& text : names) {
        const Bytes name = Name(text);
        const auto gap = GapAround(name);
        BOOST_TEST_REQUIRE(gap.has_value(), text);
        BOOST_TEST(CompareNames(gap->before, name) < 0, text);
        BOOST_TEST(CompareNames(name, gap->after) < 0, text);
        for (const std::string& other : names) {
            const bool below = other == text || other.ends_with("." + text);
            const bool inside =
                CompareNames(gap->before, Name(other)) < 0 && CompareNames(Name(other), gap->after) < 0;
            BOOST_TEST(inside == below, other << " in the gap of " << text);
            BOOST_TEST((CompareNames(gap->before, Name(other)) != 0), other);
        }
        const auto first = FirstBelow(name);
        BOOST_TEST_REQUIRE(first.has_value());
        BOOST_TEST(CompareNames(name, *first) < 0);
        if (text.size() < 60) BOOST_TEST(CompareNames(*first, Name("!." + text)) < 0);
    }
    std::string full;
    for (int i = 0; i < 3; ++i)
        full += longest + ".";
    BOOST_TEST(!GapAround(Name(full + std::string(61, 'x'))).has_value());
    BOOST_TEST(!FirstBelow(Name(full + std::string(61, 'x'))).has_value());
    BOOST_TEST(CompareNames(Name("B.coin"), Name("b.coin")) == 0);
    const Bytes zero{1, 0, 4, 'c', 'o', 'i', 'n', 0};
    BOOST_TEST((GapAround(zero)->before == Name("coin")));
}

BOOST_AUTO_TEST_CASE(lists_of_types)
{
    const Bytes data = NsecData(Name("b.coin"), {1, 257, 16});
    const Bytes name = Name("b.coin");
    BOOST_TEST(base::Hex(ByteSpan(data).subspan(name.size())) == "0006400080000003"
                                                                 "010140");
}

BOOST_AUTO_TEST_CASE(entries_carry_their_signatures)
{
    Rig rig;
    const ZoneKey& key = *rig.signers->KeyOf(*rig.zone);
    Bytes labels = Name("a.coin");
    labels.pop_back();
    EntryTerms terms;
    EntryBuilder builder(labels, terms);
    builder.AddSet(RrType::A, 300, {{192, 0, 2, 1}, {192, 0, 2, 2}});
    builder.AddSet(RrType::Txt, 300, {{1, 'x'}});
    builder.AddSubdomains({"www"}, false);
    const Bytes plain = std::move(builder).Finish();
    const Bytes entry = rig.signers->SignEntry(*rig.zone, plain, NOW);
    const EntryView view(entry.data());
    BOOST_TEST(view.Size() == entry.size());
    BOOST_TEST(view.HasSubdomain("www"));
    BOOST_TEST(view.Find(RrType::Rrsig)->count == 2);
    for (const RrType type : {RrType::A, RrType::Txt}) {
        const ByteSpan record = SignatureIn(view, type);
        BOOST_TEST_REQUIRE(!record.empty());
        const Bytes canonical = CanonicalSet({Name("a.coin"), view.Find(type)->records});
        BOOST_TEST(Holds(key, record.subspan(12), canonical));
        BOOST_TEST(LoadU32(record.data() + 6) == 300u);
    }
    BOOST_TEST(SignatureIn(view, RrType::Mx).empty());
    BOOST_TEST(view.ValidAt(1, NOW + ENTRY_REFRESH_SEC - 1));
    BOOST_TEST(!view.ValidAt(1, NOW + ENTRY_REFRESH_SEC + ENTRY_JITTER_SEC + 1));
    BOOST_TEST(view.EndSec() ==
               std::numeric_limits<uint32_t>::max()); // answers may be kept for all of their TTL
    // An entry that ends soon by itself keeps its own end.
    terms.valid_sec = static_cast<uint32_t>(NOW + 100);
    EntryBuilder short_lived(labels, terms);
    short_lived.AddSet(RrType::A, 300, {{192, 0, 2, 1}});
    const Bytes soon = rig.signers->SignEntry(*rig.zone, std::move(short_lived).Finish(), NOW);
    BOOST_TEST(EntryView(soon.data()).EndSec() == terms.valid_sec);
    const Zone& unsigned_zone = *rig.config.Find("enum");
    BOOST_TEST((rig.signers->SignEntry(unsigned_zone, plain, NOW) == plain));
}

BOOST_AUTO_TEST_CASE(answers_on_demand)
{
    Rig rig;
    const ZoneKey& key = *rig.signers->KeyOf(*rig.zone);
    AnswerSigner signer(*rig.signers);
    signer.SetNow(NOW);
    const Bytes denied = signer.DenyName(key, Name("nobody.coin"));
    const auto records = Split(denied);
    BOOST_TEST_REQUIRE(records.size() == 4u);
    size_t covers_name = 0;
    size_t covers_wildcard = 0;
    for (size_t i = 0; i < 4; i += 2) {
        BOOST_TEST(records[i].type == 47);
        BOOST_TEST(records[i + 1].type == 46);
        BOOST_TEST((records[i].owner == records[i + 1].owner));
        WireName next;
        size_t pos = 0;
        BOOST_TEST_REQUIRE(ReadName(records[i].data, pos, next, false));
        const ByteSpan after = ByteSpan(next.bytes).first(next.size);
        const auto covers = [&](const char* text) {
            return CompareNames(records[i].owner, Name(text)) < 0 && CompareNames(Name(text), after) < 0;
        };
        covers_name += covers("nobody.coin") ? 1 : 0;
        covers_wildcard += covers("*.coin") ? 1 : 0;
        BOOST_TEST(!covers("nobodx.coin"));
        BOOST_TEST(!covers("nobodya.coin"));
        Bytes compiled;
        AppendRecord(compiled, RrType::Nsec, 60, records[i].data);
        BOOST_TEST(Holds(key, records[i + 1].data, CanonicalSet({records[i].owner, compiled})));
    }
    BOOST_TEST(covers_name == 1u);
    BOOST_TEST(covers_wildcard == 1u);
    BOOST_TEST((signer.DenyName(key, Name("nobody.coin")) == denied)); // remembered: the nonce would differ
    BOOST_TEST(Split(signer.DenyName(key, Name("*.coin"))).size() == 2u);
    const auto types = Split(signer.DenyTypes(key, Name("a.coin"), {1}));
    BOOST_TEST_REQUIRE(types.size() == 2u);
    BOOST_TEST((types[0].owner == Name("a.coin")));
    signer.SetNow(NOW + AnswerSigner::REMEMBERED_SEC);
    BOOST_TEST((signer.DenyName(key, Name("nobody.coin")) != denied));
}

/// Whatever is asked of the gateway's name, which is the top of a zone and none of the signed ones.
BOOST_AUTO_TEST_CASE(the_gateways_own_name_beside_signed_zones)
{
    const Rig keys;
    test::FakeNames names;
    names.Put("dns:a.coin", "A=192.0.2.1");
    test::RigOptions options;
    options.zones = "$enum|.coin";
    options.suffix = ".gate.test";
    options.signers = keys.signers.get();
    test::Rig rig(names, options);
    for (const std::string name : {"gate.test", "a.coin.gate.test", "coin.gate.test"}) {
        for (unsigned type = 1; type < 300; ++type) {
            auto packet = test::MakeQuestion(name, type, 1232);
            packet[packet.size() - 4] = 0x80; // DO
            for (const auto& reply : {test::ParseReply(rig.Ask(packet)), rig.Ask(name, type)}) {
                BOOST_TEST(reply.sound, name << " type " << type << ": " << reply.fault);
                for (const auto& record : reply.answer)
                    BOOST_TEST((record.type != 46 && record.type != 48),
                               name << " is signed by a key of another");
            }
        }
    }
    BOOST_TEST(rig.Ask("a.coin", 46).answer.size() == 1u);
    BOOST_TEST(rig.Ask("below.a.coin", 46).answer.empty());
    BOOST_TEST(rig.Ask("gate.test", 2).answer.size() == 1u);
    BOOST_TEST(rig.Ask("gate.test", 48).answer.empty());
}

BOOST_AUTO_TEST_CASE(signing_is_bounded)
{
    Rig rig;
    const ZoneKey& key = *rig.signers->KeyOf(*rig.zone);
    AnswerSigner signer(*rig.signers);
    signer.SetNow(NOW);
    uint32_t made = 0;
    for (uint32_t i = 0; i <= AnswerSigner::MOST_PER_SEC; ++i)
        made += signer.DenyTypes(key, Name("n" + std::to_string(i) + ".coin"), {}).empty() ? 0 : 1;
    BOOST_TEST(made == AnswerSigner::MOST_PER_SEC);
    signer.SetNow(NOW + 1);
    BOOST_TEST(!signer.DenyTypes(key, Name("again.coin"), {}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
