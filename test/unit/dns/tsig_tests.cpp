#include "dns/transfer/tsig.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sys/stat.h>

using namespace emc;
using namespace emc::dns;
using Verdict = TsigSession::Verdict;

BOOST_AUTO_TEST_SUITE(dns_tsig)

namespace {

constexpr int64_t NOW = 1'800'000'000;
constexpr std::string_view SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="; // 0, 1, … 31

/// "one.coin SOA" with the id 0x1234; `flags` 0x8500 for an answer without records.
Bytes Message(uint16_t flags)
{
    Bytes out;
    for (const uint16_t word : {uint16_t{0x1234}, flags, uint16_t{1}, uint16_t{0}, uint16_t{0}, uint16_t{0}})
        AppendU16(out, word);
    const Bytes name = *NameFromText("one.coin");
    out.insert(out.end(), name.begin(), name.end());
    AppendU16(out, 6);
    AppendU16(out, CLASS_IN);
    return out;
}

Bytes WithRecord(Bytes message, const char* record_hex)
{
    const Bytes record = *base::FromHex(record_hex);
    message.insert(message.end(), record.begin(), record.end());
    StoreU16(message.data() + 10, 1);
    return message;
}

TsigKeys Keys(std::string_view algorithm)
{
    TsigKeys out;
    BOOST_TEST_REQUIRE(
        out.Add("Key.Example:" + std::string(algorithm) + ":" + std::string(SECRET)).HasValue());
    return out;
}

/// A question, its answer and the answer's second message, made by test/functional/framework/tsig.py: one
/// second apart.
struct Known {
    const char* algorithm;
    const char* records[3];
};

constexpr Known KNOWN[] = {
    {"hmac-sha256",
     {"036b6579076578616d706c650000fa00ff00000000003d0b686d61632d7368613235360000006b49d200012c002098a2fd2fa4"
      "ed22e343ef8c05ac2a09c84aa6f67cee087892cf5ddf5a23c50c4f123400000000",
      "036b6579076578616d706c650000fa00ff00000000003d0b686d61632d7368613235360000006b49d201012c002008ae79495e"
      "b010cb189f57d1fb9fc131a0fa723e9dd816078e303a279605b576123400000000",
      "036b6579076578616d706c650000fa00ff00000000003d0b686d61632d7368613235360000006b49d202012c00200c7c3083f4"
      "9fe6fce7173f8bb8fcecd47d2330f9ba05e2864f8a560ecc21e748123400000000"}},
    {"hmac-sha384",
     {"036b6579076578616d706c650000fa00ff00000000004d0b686d61632d7368613338340000006b49d200012c00302f726000f6"
      "49b1faeeee1d55f3829b856378a58a19a80555789cea61ff99276d62cc4740f5edc00e0fe04dedc4386db6123400000000",
      "036b6579076578616d706c650000fa00ff00000000004d0b686d61632d7368613338340000006b49d201012c0030e5782145c9"
      "9452a42ccc8731a06e1ccb3f337d1e0265908000037c1006e8402d53ba004bd5d353c24d5d9009b34619f0123400000000",
      "036b6579076578616d706c650000fa00ff00000000004d0b686d61632d7368613338340000006b49d202012c0030e14e7e9e19"
      "33b3278a8a97b5d663e0e76d9e30a5252b7748f8562b14f8b9be51721a9cd818bf7c52bde7688f7a1d4677123400000000"}},
    {"hmac-sha512",
     {"036b6579076578616d706c650000fa00ff00000000005d0b686d61632d7368613531320000006b49d200012c0040072f627c29"
      "eb6cf83abb428b1ccbb10574098b0ba5fc6a893d85b90696e1fe1657b90b953b2abe964fd2524b9344d213200e52115122c394"
      "68fd7ff1efa56126123400000000",
      "036b6579076578616d706c650000fa00ff00000000005d0b686d61632d7368613531320000006b49d201012c0040ca07f961ad"
      "3863bba7623369a21881976cbce742934f0e5523b3480db7a099acb5f62fdc808c226120a3b9d1d5f6e543ceabf8b65a65e041"
      "22918dfffd8a8ed8123400000000",
      "036b6579076578616d706c650000fa00ff00000000005d0b686d61632d7368613531320000006b49d202012c0040ec612c90a5"
      "bf676d1a4277a57e27244199dd88adc2e7b2fd34436a2e516d901af2e5b835b573851e7374e6c26cca9ffc195dba958c483aa8"
      "3a380f7744860b72123400000000"}}};

Bytes Question()
{
    return WithRecord(Message(0x0100), KNOWN[0].records[0]);
}

uint16_t ErrorOf(ByteSpan answer)
{
    size_t at = 0;
    TsigRecord record;
    BOOST_TEST_REQUIRE((FindTsig(answer, at, record) == TsigPlace::Last));
    return static_cast<uint16_t>(record.error);
}

} // namespace

BOOST_AUTO_TEST_CASE(known_exchanges)
{
    for (const Known& known : KNOWN) {
        const TsigKeys keys = Keys(known.algorithm);
        const Bytes question = WithRecord(Message(0x0100), known.records[0]);
        TsigSession session;
        BOOST_TEST_REQUIRE((session.Check(question, keys, NOW) == Verdict::Good));
        BOOST_TEST((session.Stripped(question) == Message(0x0100)));
        for (int i = 1; i < 3; ++i) {
            Bytes answer = Message(0x8500);
            session.Sign(answer, NOW + i);
            BOOST_TEST(base::Hex(answer) == base::Hex(WithRecord(Message(0x8500), known.records[i])),
                       known.algorithm << " message " << i);
            BOOST_TEST(answer.size() - Message(0x8500).size() <= session.SignatureBytes());
        }
        TsigSession own(*keys.Find(*NameFromText("key.example")));
        Bytes sent = Message(0x0100);
        own.Sign(sent, NOW);
        BOOST_TEST((sent == question));
        Bytes answer = WithRecord(Message(0x8500), known.records[1]);
        BOOST_TEST(own.CheckAnswer(answer, NOW + 1));
        BOOST_TEST(!own.CheckAnswer(answer, NOW + 302));
        BOOST_TEST(!own.CheckAnswer(Message(0x8500), NOW + 1));
        answer[3] ^= 1;
        BOOST_TEST(!own.CheckAnswer(answer, NOW + 1));
    }
}

BOOST_AUTO_TEST_CASE(every_changed_byte_is_noticed)
{
    const TsigKeys keys = Keys("hmac-sha256");
    const Bytes question = Question();
    for (size_t i = 0; i < question.size(); ++i) {
        for (const uint8_t mask : {uint8_t{0x01}, uint8_t{0x20}, uint8_t{0x80}}) {
            Bytes changed = question;
            changed[i] ^= mask;
            TsigSession session;
            const Verdict verdict = session.Check(changed, keys, NOW);
            // The id is covered in its original form, names in lower case.
            const bool is_id = i < 2;
            const bool is_case = mask == 0x20 && verdict == Verdict::Good;
            const uint8_t letter = question[i];
            BOOST_TEST((verdict != Verdict::Good || is_id || (is_case && letter >= 'a' && letter <= 'z')), i);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_cut_is_refused_in_order)
{
    const TsigKeys keys = Keys("hmac-sha256");
    const Bytes question = Question();
    for (size_t size = HEADER_BYTES; size < question.size(); ++size) {
        TsigSession session;
        BOOST_TEST((session.Check(ByteSpan(question).first(size), keys, NOW) == Verdict::Malformed), size);
    }
    TsigSession session;
    Bytes longer = question;
    longer.push_back(0);
    BOOST_TEST((session.Check(longer, keys, NOW) == Verdict::Malformed));
    BOOST_TEST((session.Check(Message(0x0100), keys, NOW) == Verdict::Unsigned));
}

BOOST_AUTO_TEST_CASE(the_record_must_be_the_last_and_the_only_one)
{
    const TsigKeys keys = Keys("hmac-sha256");
    TsigSession session;
    Bytes twice = WithRecord(Question(), KNOWN[0].records[0]);
    StoreU16(twice.data() + 10, 2);
    BOOST_TEST((session.Check(twice, keys, NOW) == Verdict::Malformed));
    Bytes as_answer = Question();
    StoreU16(as_answer.data() + 6, 1);
    StoreU16(as_answer.data() + 10, 0);
    BOOST_TEST((session.Check(as_answer, keys, NOW) == Verdict::Malformed));
}

BOOST_AUTO_TEST_CASE(refusals)
{
    const TsigKeys keys = Keys("hmac-sha256");
    const Bytes question = Question();
    TsigSession session;
    const auto refused = [&](ByteSpan asked, const TsigKeys& known, int64_t now) {
        BOOST_TEST_REQUIRE((session.Check(asked, known, now) == Verdict::NotAuth));
        const Bytes answer = session.Refusal(asked, now);
        BOOST_TEST(LoadU16(answer.data()) == 0x1234);
        BOOST_TEST(LoadU16(answer.data() + 2) == 0x8109);
        return answer;
    };
    const auto mac_of = [](ByteSpan answer) {
        size_t at = 0;
        TsigRecord record;
        BOOST_TEST_REQUIRE((FindTsig(answer, at, record) == TsigPlace::Last));
        return record.mac.size();
    };
    Bytes answer = refused(question, TsigKeys(), NOW);
    BOOST_TEST(ErrorOf(answer) == 17); // BADKEY
    BOOST_TEST(mac_of(answer) == 0u);
    BOOST_TEST(ErrorOf(refused(question, Keys("hmac-sha512"), NOW)) == 17);
    Bytes forged = question;
    forged[13] ^= 1;
    answer = refused(forged, keys, NOW);
    BOOST_TEST(ErrorOf(answer) == 16); // BADSIG
    BOOST_TEST(mac_of(answer) == 0u);
    TsigSession good;
    BOOST_TEST((good.Check(question, keys, NOW + 300) == Verdict::Good));
    BOOST_TEST((good.Check(question, keys, NOW - 300) == Verdict::Good));
    for (const int64_t now : {NOW + 301, NOW - 301}) {
        answer = refused(question, keys, now);
        BOOST_TEST(ErrorOf(answer) == 18); // BADTIME: signed, with our time
        size_t at = 0;
        TsigRecord record;
        BOOST_TEST_REQUIRE((FindTsig(answer, at, record) == TsigPlace::Last));
        BOOST_TEST(record.mac.size() == 32u);
        BOOST_TEST(record.time_sec == uint64_t{NOW});
        BOOST_TEST_REQUIRE(record.other.size() == 6u);
        BOOST_TEST(LoadU32(record.other.data() + 2) == static_cast<uint32_t>(now));
    }
}

BOOST_AUTO_TEST_CASE(shortened_macs)
{
    const TsigKeys keys = Keys("hmac-sha256");
    const Bytes question = Question();
    const size_t mac_at =
        Message(0).size() + 13 + 10 + 13 + 10; // owner, fixed part, algorithm, times and size
    for (const size_t kept : {0u, 9u, 15u, 16u, 31u}) {
        Bytes cut(question.begin(), question.begin() + static_cast<std::ptrdiff_t>(mac_at + kept));
        cut.insert(cut.end(), question.end() - 6, question.end());
        StoreU16(cut.data() + mac_at - 2, static_cast<uint16_t>(kept));
        const size_t length_at = Message(0).size() + 13 + 8;
        StoreU16(cut.data() + length_at, static_cast<uint16_t>(LoadU16(cut.data() + length_at) - 32 + kept));
        TsigSession session;
        const Verdict verdict = session.Check(cut, keys, NOW);
        if (kept < 16) {
            BOOST_TEST((verdict == Verdict::Malformed), kept);
        } else {
            BOOST_TEST_REQUIRE((verdict == Verdict::NotAuth), kept);
            BOOST_TEST(ErrorOf(session.Refusal(cut, NOW)) == 22); // BADTRUNC
        }
    }
}

BOOST_AUTO_TEST_CASE(keys_as_text)
{
    TsigKeys keys;
    const std::string good = "a.key:hmac-sha256:" + std::string(SECRET);
    BOOST_TEST(keys.Add(good).HasValue());
    const auto error = [&](const std::string& text) { return keys.Add(text).Error().error; };
    BOOST_TEST((error(good) == TsigKeyError::Twice));
    BOOST_TEST((error("A.KEY.:hmac-sha512:" + std::string(SECRET)) == TsigKeyError::Twice));
    BOOST_TEST((error("a.key") == TsigKeyError::Form));
    BOOST_TEST((error("a.key:hmac-sha256") == TsigKeyError::Form));
    BOOST_TEST((error("a..b:hmac-sha256:" + std::string(SECRET)) == TsigKeyError::Name));
    BOOST_TEST((error("b:hmac-md5:" + std::string(SECRET)) == TsigKeyError::Algorithm));
    BOOST_TEST((error("b:hmac-sha256:AAAA") == TsigKeyError::Secret));
    BOOST_TEST((error("b:hmac-sha256:!!!!") == TsigKeyError::Secret));
    BOOST_TEST(keys.Add("b:hmac-sha256:AAAA").Error().where == "b");
    BOOST_TEST(keys.Find(*NameFromText("a.key")) != nullptr);
    BOOST_TEST(keys.Find(*NameFromText("b")) == nullptr);
}

BOOST_AUTO_TEST_CASE(keys_in_a_file)
{
    const test::TempDir folder;
    const std::string path = folder.Path() + "/keys";
    std::ofstream(path) << "# secondaries\n\nns1:hmac-sha256:" << SECRET << "\n ns2:hmac-sha512:" << SECRET
                        << "\r\n";
    TsigKeys keys;
    BOOST_TEST(chmod(path.c_str(), 0640) == 0);
    BOOST_TEST((keys.AddFile(path).Error().error == TsigKeyError::FileMode));
    BOOST_TEST(keys.Empty());
    BOOST_TEST(chmod(path.c_str(), 0600) == 0);
    BOOST_TEST(keys.AddFile(path).HasValue());
    BOOST_TEST_REQUIRE(keys.Find(*NameFromText("ns2")) != nullptr);
    BOOST_TEST((keys.Find(*NameFromText("ns2"))->algorithm == TsigAlgorithm::HmacSha512));
    BOOST_TEST((keys.AddFile(folder.Path() + "/none").Error().error == TsigKeyError::FileUnreadable));
    std::ofstream(path) << "\nns3:hmac-sha1:" << SECRET << "\n";
    const auto failed = keys.AddFile(path);
    BOOST_TEST((failed.Error().error == TsigKeyError::Algorithm));
    BOOST_TEST(failed.Error().where == path + " line 2");
}

BOOST_AUTO_TEST_SUITE_END()
