// Output templates, encodings, addresses.
#include "script/solver.h"

#include "codec/base58.h"
#include "codec/bech32.h"
#include "script/address.h"
#include "script/encoding.h"
#include "script/opcodes.h"
#include "unit/script/spend.h"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace emc;
using namespace emc::script;
using test::KeyNumber;
using test::Words;

namespace {

const AddressParams MAIN;

std::string Problem(std::string_view text)
{
    const auto decoded = DecodeAddress(MAIN, text);
    return decoded ? "taken" : decoded.Error();
}

bool Says(const std::string& sentence, std::string_view part)
{
    return sentence.find(part) != std::string::npos && sentence.back() == '.';
}

} // namespace

BOOST_AUTO_TEST_SUITE(script_solver)

BOOST_AUTO_TEST_CASE(TemplatesAreRecognised)
{
    const auto key = KeyNumber(1).Public();
    const auto full = KeyNumber(1, false).Public();
    const auto x_only = crypto::ToXOnly(key)->key;
    const std::vector<std::pair<Bytes, ScriptType>> rows = {
        {PayToPubKey(key), ScriptType::PubKey},
        {PayToPubKey(full), ScriptType::PubKey},
        {PayToPubKeyHash(key.Id()), ScriptType::PubKeyHash},
        {PayToScriptHash(key.Id()), ScriptType::ScriptHash},
        {MultiSigScript(1, {key, full}), ScriptType::MultiSig},
        {Words("RETURN 'text' 1"), ScriptType::NullData},
        {PayToWitnessKeyHash(key.Id()), ScriptType::WitnessV0KeyHash},
        {PayToWitnessScriptHash({}), ScriptType::WitnessV0ScriptHash},
        {PayToTaproot(x_only), ScriptType::WitnessV1Taproot},
        {PayToWitness(1, Bytes(20, 1)), ScriptType::WitnessUnknown},
        {PayToWitness(16, Bytes(2, 1)), ScriptType::WitnessUnknown},
        {PayToWitness(0, Bytes(21, 1)), ScriptType::NonStandard},
        {Words("RETURN NOP"), ScriptType::NonStandard},
        {Words("RETURN 0x02aa"), ScriptType::NonStandard},
        {Words("0 0x01 0x00"), ScriptType::NonStandard},
        {PayToWitness(1, Bytes(41, 1)), ScriptType::NonStandard},
        {Bytes(), ScriptType::NonStandard},
        {Words("1"), ScriptType::NonStandard},
        {ScriptBuilder().Push(Bytes(33, 9)).Op(OP_CHECKSIG).Take(), ScriptType::NonStandard},
    };
    std::set<std::string_view> names;
    for (const auto& [script, type] : rows) {
        BOOST_TEST((Solve(script).type == type), base::Hex(script));
        names.insert(TypeName(type));
    }
    BOOST_TEST(names.size() == 10u);
    BOOST_TEST((Solve(PayToPubKey(full)).parts[0] == Bytes(full.Span().begin(), full.Span().end())));
    BOOST_TEST(Solve(PayToWitness(5, Bytes(8, 1))).witness_version == 5);
    const auto multi = Solve(MultiSigScript(2, {key, full, key}));
    BOOST_REQUIRE(multi.parts.size() == 5u);
    BOOST_TEST(multi.parts.front()[0] == 2);
    BOOST_TEST(multi.parts.back()[0] == 3);
}

BOOST_AUTO_TEST_CASE(MultiSigUpToTwentyKeys)
{
    std::vector<crypto::PublicKey> keys(20, KeyNumber(1).Public());
    BOOST_TEST((Solve(MultiSigScript(20, keys)).type == ScriptType::MultiSig));
    BOOST_TEST((Solve(MultiSigScript(17, keys)).type == ScriptType::MultiSig));
    keys.push_back(keys[0]);
    BOOST_TEST((Solve(MultiSigScript(1, keys)).type == ScriptType::NonStandard));
    const std::string key = "0x21 0x" + base::Hex(keys[0].Span());
    for (const std::string& words :
         {"2 " + key + " 1 CHECKMULTISIG", "0 " + key + " 1 CHECKMULTISIG", "1 " + key + " 2 CHECKMULTISIG",
          "1 " + key + " 1 CHECKMULTISIGVERIFY", "1 " + key + " 1 NOP CHECKMULTISIG",
          "0x01 0x01 " + key + " 1 CHECKMULTISIG", "1 " + key + " NOP CHECKMULTISIG",
          "1 " + key + " 0x05 CHECKMULTISIG", std::string("1 CHECKMULTISIG"), std::string("CHECKMULTISIG")}) {
        BOOST_TEST((Solve(Words(words)).type == ScriptType::NonStandard), words);
    }
}

BOOST_AUTO_TEST_CASE(StrictDer)
{
    const Bytes good = *base::FromHex("300602010002010001");
    BOOST_TEST(IsStrictDer(good));
    // Changing any one structural byte spoils it.
    for (const size_t at : {0u, 1u, 2u, 3u, 5u, 6u}) {
        Bytes bad = good;
        ++bad[at];
        BOOST_TEST(!IsStrictDer(bad), at);
    }
    for (const char* hex :
         {"", "3006020100020100", "30060201800201000101", "300702020001020100 01", "30070202000102010001",
          "30070201000202000101", "300602010002018001", "30050200020100 01", "3005020002010001",
          "3005020100020001", "30080201000201000000 01"}) {
        const auto bytes = base::FromHex(hex);
        if (bytes) BOOST_TEST(!IsStrictDer(*bytes), hex);
    }
    BOOST_TEST(IsStrictDer(*base::FromHex("300702020080020100"
                                          "01")));
    BOOST_TEST(!IsStrictDer(Bytes(74, 0x30)));
    BOOST_TEST(!IsDefinedHashType({}));
    BOOST_TEST(!IsDefinedHashType(Bytes{0}));
    BOOST_TEST(IsDefinedHashType(Bytes{0x83}));
    BOOST_TEST(!IsDefinedHashType(Bytes{0x84}));
}

BOOST_AUTO_TEST_CASE(FormsOfSignaturesAndKeys)
{
    Bytes signature = KeyNumber(1).SignEcdsa({});
    signature.push_back(SIGHASH_ALL);
    const Flags all = VERIFY_DERSIG | VERIFY_LOW_S | VERIFY_STRICTENC;
    BOOST_TEST((CheckSignatureForm(signature, all) == Error::Ok));
    BOOST_TEST((CheckSignatureForm({}, all) == Error::Ok));
    signature.back() = 0x05;
    BOOST_TEST((CheckSignatureForm(signature, all) == Error::SigHashType));
    BOOST_TEST((CheckSignatureForm(signature, VERIFY_DERSIG) == Error::Ok));
    BOOST_TEST((CheckSignatureForm(Bytes{1}, VERIFY_LOW_S) == Error::SigDer));
    BOOST_TEST((CheckSignatureForm(Bytes{1}, VERIFY_NONE) == Error::Ok));
    const Bytes high =
        *base::FromHex("3026020101022100fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd036414001");
    BOOST_TEST((CheckSignatureForm(high, VERIFY_DERSIG) == Error::Ok));
    BOOST_TEST((CheckSignatureForm(high, VERIFY_LOW_S) == Error::SigHighS));

    const auto key = KeyNumber(1).Public();
    const auto full = KeyNumber(1, false).Public();
    BOOST_TEST((CheckKeyForm(key.Span(), VERIFY_STRICTENC, SigVersion::Base) == Error::Ok));
    BOOST_TEST((CheckKeyForm(full.Span(), VERIFY_STRICTENC, SigVersion::Base) == Error::Ok));
    BOOST_TEST((CheckKeyForm(Bytes(33, 4), VERIFY_STRICTENC, SigVersion::Base) == Error::PubkeyType));
    BOOST_TEST((CheckKeyForm(Bytes(33, 4), VERIFY_NONE, SigVersion::Base) == Error::Ok));
    BOOST_TEST((CheckKeyForm(full.Span(), VERIFY_WITNESS_PUBKEYTYPE, SigVersion::WitnessV0) ==
                Error::WitnessPubkeyType));
    BOOST_TEST((CheckKeyForm(full.Span(), VERIFY_WITNESS_PUBKEYTYPE, SigVersion::Base) == Error::Ok));
}

BOOST_AUTO_TEST_CASE(AddressesComeBack)
{
    const auto id = KeyNumber(1).Public().Id();
    for (const Bytes& script :
         {PayToPubKeyHash(id), PayToScriptHash(id), PayToWitnessKeyHash(id), PayToWitnessScriptHash({}),
          PayToTaproot({}), PayToWitness(16, Bytes(40, 1)), PayToWitness(1, Bytes(2, 1))}) {
        const auto text = EncodeAddress(MAIN, script);
        BOOST_REQUIRE(text);
        const auto back = DecodeAddress(MAIN, *text);
        BOOST_REQUIRE(back);
        BOOST_TEST(*back == script);
    }
    for (const Bytes& script : {PayToPubKey(KeyNumber(1).Public()),
                                MultiSigScript(1, {KeyNumber(1).Public()}), Words("RETURN"), Words("1")}) {
        BOOST_TEST(!EncodeAddress(MAIN, script));
    }
}

BOOST_AUTO_TEST_CASE(EveryWrongAddressIsExplained)
{
    const std::string plain = *EncodeAddress(MAIN, PayToPubKeyHash({}));
    const std::string segwit = *EncodeAddress(MAIN, PayToWitnessKeyHash({}));
    AddressParams other{111, 196, 239, 0x043587CF, 0x04358394, "te"};
    BOOST_TEST(Says(Problem(""), "empty"));
    BOOST_TEST(Says(Problem(std::string(200, 'E')), "at most 90"));
    BOOST_TEST(Says(Problem(plain.substr(0, 5) + "0" + plain.substr(6)), "position 6"));
    std::string mistyped = plain;
    mistyped[5] = mistyped[5] == 'x' ? 'y' : 'x';
    BOOST_TEST(Says(Problem(mistyped), "checksum"));
    BOOST_TEST(Says(Problem(codec::Base58CheckEncode(Bytes(20, 33))), "21 bytes"));
    BOOST_TEST(
        Says(Problem(*EncodeAddress(other, PayToPubKeyHash({}))), "another network: its prefix byte is 111"));
    BOOST_TEST(Says(Problem(*EncodeAddress(other, PayToWitnessKeyHash({}))),
                    "another network: it begins with \"te1\""));
    mistyped = segwit;
    mistyped.back() = mistyped.back() == 'q' ? 'p' : 'q';
    BOOST_TEST(Says(Problem(mistyped), "Bech32"));
    const auto words = [](uint8_t version, size_t bytes) {
        Bytes out{version};
        for (const uint8_t word : codec::ToWords(Bytes(bytes, 3)))
            out.push_back(word);
        return out;
    };
    using codec::Bech32Encode;
    using codec::Bech32Kind;
    BOOST_TEST(Says(Problem(Bech32Encode(Bech32Kind::Bech32, "em", {})), "no witness program"));
    BOOST_TEST(Says(Problem(Bech32Encode(Bech32Kind::Bech32m, "em", words(17, 32))), "0 to 16"));
    BOOST_TEST(
        Says(Problem(Bech32Encode(Bech32Kind::Bech32m, "em", words(0, 20))), "must use the Bech32 checksum"));
    BOOST_TEST(
        Says(Problem(Bech32Encode(Bech32Kind::Bech32, "em", words(1, 32))), "must use the Bech32m checksum"));
    BOOST_TEST(Says(Problem(Bech32Encode(Bech32Kind::Bech32, "em", words(0, 21))),
                    "20 or 32 bytes, this one has 21"));
    BOOST_TEST(Says(Problem(Bech32Encode(Bech32Kind::Bech32m, "em", words(1, 41))),
                    "2 to 40 bytes, this one has 41"));
    Bytes padded = words(1, 32);
    padded.back() |= 1;
    BOOST_TEST(Says(Problem(Bech32Encode(Bech32Kind::Bech32m, "em", padded)), "padding"));
}

BOOST_AUTO_TEST_CASE(SecretsComeBack)
{
    for (const bool compressed : {true, false}) {
        const auto key = KeyNumber(7, compressed);
        const std::string text = EncodeSecret(MAIN, key);
        const auto back = DecodeSecret(MAIN, text);
        BOOST_REQUIRE(back);
        BOOST_TEST(back->IsCompressed() == compressed);
        BOOST_TEST((back->Public() == key.Public()));
        AddressParams other = MAIN;
        other.secret_prefix = 239;
        BOOST_TEST(!DecodeSecret(other, text));
    }
    Bytes raw(34, 1);
    raw[0] = 128;
    raw[33] = 2;
    BOOST_TEST(!DecodeSecret(MAIN, codec::Base58CheckEncode(raw)));
    raw.resize(32);
    BOOST_TEST(!DecodeSecret(MAIN, codec::Base58CheckEncode(raw)));
    raw.assign(33, 0);
    raw[0] = 128;
    BOOST_TEST(!DecodeSecret(MAIN, codec::Base58CheckEncode(raw)));
    BOOST_TEST(!DecodeSecret(MAIN, "nonsense"));
}

BOOST_AUTO_TEST_CASE(EveryReasonHasItsOwnSentence)
{
    std::set<std::string_view> seen;
    const int count = static_cast<int>(Error::SigFindAndDelete) + 1;
    for (int i = 0; i < count; ++i) {
        BOOST_TEST(!Text(static_cast<Error>(i)).empty());
        seen.insert(Text(static_cast<Error>(i)));
    }
    BOOST_TEST(seen.size() == static_cast<size_t>(count));
}

BOOST_AUTO_TEST_SUITE_END()
