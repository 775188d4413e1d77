// HD keys and output descriptors.
#include "script/descriptor.h"

#include "codec/base58.h"
#include "crypto/hash.h"
#include "crypto/sha256.h"
#include "script/opcodes.h"
#include "script/taproot.h"
#include "unit/script/spend.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::script;
using test::KeyNumber;

namespace {

const AddressParams MAIN;
const std::string KEY1 = base::Hex(KeyNumber(1).Public().Span());
const std::string KEY2 = base::Hex(KeyNumber(2).Public().Span());
const std::string FULL = base::Hex(KeyNumber(1, false).Public().Span());
const std::string X1 = KEY1.substr(2);
const std::string X2 = KEY2.substr(2);

ExtPrivateKey Root()
{
    return *ExtPrivateKey::FromSeed(Bytes(32, 5));
}

const std::string XPRV = EncodeExtPrivate(MAIN, Root());
const std::string XPUB = EncodeExtPublic(MAIN, Root().Neuter());
const std::string WIF = EncodeSecret(MAIN, KeyNumber(1));

Descriptor Parsed(const std::string& text)
{
    auto descriptor = Descriptor::Parse(MAIN, text, false);
    if (!descriptor) BOOST_FAIL(text << ": " << descriptor.Error());
    return *std::move(descriptor);
}

std::string Problem(const std::string& text, bool strict = false)
{
    const auto descriptor = Descriptor::Parse(MAIN, text, strict);
    return descriptor ? "taken" : descriptor.Error();
}

bool Says(const std::string& text, std::string_view part)
{
    const std::string problem = Problem(text);
    BOOST_TEST_INFO(text << " -> " << problem);
    return problem.find(part) != std::string::npos && problem.back() == '.';
}

std::string WithChecksum(const std::string& body)
{
    return body + "#" + *DescriptorChecksum(body);
}

} // namespace

BOOST_AUTO_TEST_SUITE(script_descriptor)

BOOST_AUTO_TEST_CASE(PathsAreReadAndWritten)
{
    BOOST_TEST((ParseHdPath("m/84'/0h/0H/0/5") == HdPath{HARDENED | 84, HARDENED, HARDENED, 0, 5}));
    BOOST_TEST((ParseHdPath("84h/1") == HdPath{HARDENED | 84, 1}));
    BOOST_TEST((ParseHdPath("m") == HdPath{}));
    BOOST_TEST((ParseHdPath("") == HdPath{}));
    BOOST_TEST((ParseHdPath("2147483647'") == HdPath{0xffffffff}));
    for (const char* bad : {"m/", "/", "m//1", "2147483648", "1''", "1hh", "'", "-1", "1/", "x", "m/1/m",
                            "99999999999", " 1", "0x1"}) {
        BOOST_TEST(!ParseHdPath(bad), bad);
    }
    BOOST_TEST(HdPathText({HARDENED | 84, 5}) == "/84h/5");
    BOOST_TEST(HdPathText({HARDENED | 84, 5}, '\'') == "/84'/5");
    BOOST_TEST(HdPathText({}) == "");
}

BOOST_AUTO_TEST_CASE(PublicAndPrivateDerivationAgree)
{
    const auto root = Root();
    for (const uint32_t child : {0u, 1u, 77u, 0x7fffffffu}) {
        BOOST_TEST((root.Neuter().Derive(child) == root.Derive(child)->Neuter()));
    }
    BOOST_TEST(!root.Neuter().Derive(HARDENED));
    BOOST_TEST((root.Derive(HARDENED)->place == HdPlace{1, FingerprintOf(root.Neuter().key), HARDENED}));
    BOOST_TEST(
        (root.Derive(HdPath{1, HARDENED | 2})->Neuter() == root.Derive(1)->Derive(HARDENED | 2)->Neuter()));
    ExtPrivateKey deepest = root;
    deepest.place.depth = 255;
    BOOST_TEST(!deepest.Derive(0));
    BOOST_TEST(!deepest.Derive(HdPath{0}));
    BOOST_TEST(!deepest.Neuter().Derive(0));
    BOOST_TEST(!ExtPrivateKey::FromSeed(Bytes(15, 1)));
    BOOST_TEST(!ExtPrivateKey::FromSeed(Bytes(65, 1)));
}

BOOST_AUTO_TEST_CASE(ExtendedKeysComeBack)
{
    const auto child = *Root().Derive(HdPath{HARDENED | 3, 9});
    const std::string open = EncodeExtPublic(MAIN, child.Neuter());
    const std::string secret = EncodeExtPrivate(MAIN, child);
    BOOST_TEST((*DecodeExtPublic(MAIN, open) == child.Neuter()));
    BOOST_TEST((DecodeExtPrivate(MAIN, secret)->Neuter() == child.Neuter()));
    BOOST_TEST(!DecodeExtPublic(MAIN, secret));
    BOOST_TEST(!DecodeExtPrivate(MAIN, open));
    BOOST_TEST(!DecodeExtPublic(MAIN, "xpub"));
    Bytes raw = *codec::Base58CheckDecode(secret);
    raw[45] = 1; // a private key has a zero byte in front
    BOOST_TEST(!DecodeExtPrivate(MAIN, codec::Base58CheckEncode(raw)));
    raw = *codec::Base58CheckDecode(XPUB);
    raw[9] = 1; // a root is nobody's child
    BOOST_TEST(!DecodeExtPublic(MAIN, codec::Base58CheckEncode(raw)));
    raw = *codec::Base58CheckDecode(XPUB);
    std::fill(raw.begin() + 46, raw.end(), uint8_t{0xff});
    BOOST_TEST(!DecodeExtPublic(MAIN, codec::Base58CheckEncode(raw)));
}

BOOST_AUTO_TEST_CASE(ChecksumsFindChanges)
{
    const std::string body = "raw(deadbeef)";
    BOOST_TEST(*DescriptorChecksum(body) == "89f8spxm");
    for (size_t i = 0; i < body.size(); ++i) {
        std::string changed = body;
        changed[i] = changed[i] == 'q' ? 'z' : 'q';
        BOOST_TEST(*DescriptorChecksum(changed) != "89f8spxm");
    }
    BOOST_TEST(!DescriptorChecksum("raw(\t)"));
    BOOST_TEST(Problem(body, true).find("missing") != std::string::npos);
    BOOST_TEST(Problem(body + "#89f8spxm", true) == "taken");
    BOOST_TEST(Says(body + "#89f8spxq", "should be \"89f8spxm\""));
    BOOST_TEST(Says(body + "#89f8spx", "8 characters, this one has 7"));
    BOOST_TEST(Says(body + "##9f8spxm", "more than one"));
    BOOST_TEST(Says("raw(\x01)", "no descriptor may have"));
}

BOOST_AUTO_TEST_CASE(ScriptsOfEveryFunction)
{
    const auto one = KeyNumber(1).Public();
    const auto two = KeyNumber(2).Public();
    const auto only = [](const std::string& text) { return Parsed(text).Scripts(0)->at(0); };
    const Bytes multi = MultiSigScript(1, {two, one});
    const Bytes sorted = KEY1 < KEY2 ? MultiSigScript(1, {one, two}) : multi;
    BOOST_TEST(only("pk(" + KEY1 + ")") == PayToPubKey(one));
    BOOST_TEST(only("pkh(" + KEY1 + ")") == PayToPubKeyHash(one.Id()));
    BOOST_TEST(only("pkh(" + FULL + ")") == PayToPubKeyHash(KeyNumber(1, false).Public().Id()));
    BOOST_TEST(only("wpkh(" + WIF + ")") == PayToWitnessKeyHash(one.Id()));
    BOOST_TEST(only("sh(wpkh(" + KEY1 + "))") ==
               PayToScriptHash(crypto::Hash160Of(PayToWitnessKeyHash(one.Id()))));
    BOOST_TEST(only("multi(1," + KEY2 + "," + KEY1 + ")") == multi);
    BOOST_TEST(only("sortedmulti(1," + KEY2 + "," + KEY1 + ")") == sorted);
    BOOST_TEST(only("raw(51ac)") == (Bytes{OP_1, OP_CHECKSIG}));
    BOOST_TEST(only("addr(" + *EncodeAddress(MAIN, PayToTaproot({})) + ")") == PayToTaproot({}));
    const auto wrapped = Parsed("sh(wsh(multi(1," + KEY2 + "," + KEY1 + ")))").Expand(0);
    BOOST_TEST(wrapped->witness_scripts.at(0) == multi);
    BOOST_TEST(wrapped->redeem_scripts.at(0) == PayToWitnessScriptHash(crypto::Sha256Of(multi)));
    BOOST_TEST(wrapped->keys.size() == 2u);
    const auto combo = Parsed("combo(" + KEY1 + ")").Expand(0);
    BOOST_TEST(combo->scripts.size() == 4u);
    BOOST_TEST(Parsed("combo(" + FULL + ")").Expand(0)->scripts.size() == 2u);
}

BOOST_AUTO_TEST_CASE(TaprootTrees)
{
    const auto x1 = *crypto::XOnlyKey::From(*base::FromHex(X1));
    const auto x2 = *crypto::XOnlyKey::From(*base::FromHex(X2));
    BOOST_TEST(Parsed("tr(" + X1 + ")").Scripts(0)->at(0) == PayToTaproot(BuildTapTree(x1, {})->output_key));
    BOOST_TEST(Parsed("tr(" + KEY1 + ")").Text() == WithChecksum("tr(" + X1 + ")"));
    const Bytes leaf = ScriptBuilder().Push(x2.Span()).Op(OP_CHECKSIG).Take();
    const auto single = Parsed("tr(" + X1 + ",pk(" + X2 + "))").Expand(0);
    const auto tree = BuildTapTree(x1, {{0, TAPSCRIPT_LEAF_VERSION, leaf}});
    BOOST_TEST(single->scripts.at(0) == PayToTaproot(tree->output_key));
    BOOST_TEST((single->taproot->root == tree->root));
    const auto low = std::min(x1, x2);
    const auto high = std::max(x1, x2);
    const Bytes multi = ScriptBuilder()
                            .Push(low.Span())
                            .Op(OP_CHECKSIG)
                            .Push(high.Span())
                            .Op(OP_CHECKSIGADD)
                            .Number(2)
                            .Op(OP_NUMEQUAL)
                            .Take();
    const std::string text =
        "tr(" + X1 + ",{pk(" + X2 + "),{sortedmulti_a(2," + X2 + "," + X1 + "),pk(" + X1 + ")}})";
    const auto nested = Parsed(text);
    BOOST_TEST(nested.Text() == WithChecksum(text));
    const Bytes last = ScriptBuilder().Push(x1.Span()).Op(OP_CHECKSIG).Take();
    const auto wanted = BuildTapTree(x1, {{1, 0xc0, leaf}, {2, 0xc0, multi}, {2, 0xc0, last}});
    BOOST_TEST(nested.Scripts(0)->at(0) == PayToTaproot(wanted->output_key));
    const auto of = [](const std::string& name, const std::string& a, const std::string& b) {
        return Parsed("tr(" + X1 + "," + name + "(1," + a + "," + b + "))").Scripts(0)->at(0);
    };
    BOOST_TEST(of("multi_a", X1, X2) != of("multi_a", X2, X1));
    BOOST_TEST(of("sortedmulti_a", X1, X2) == of("sortedmulti_a", X2, X1));
    BOOST_TEST(of("sortedmulti_a", X1, X2) == of("multi_a", std::min(X1, X2), std::max(X1, X2)));
    BOOST_TEST(!Parsed("tr(" + X1 + ",pk(" + WIF + "))").PrivateText());
    const std::string secret = "tr(" + WIF + ",pk(" + WIF + "))";
    BOOST_TEST(*Parsed(secret).PrivateText() == WithChecksum(secret));
    BOOST_TEST(!Parsed("tr(" + XPUB + ",pk(" + XPUB + "/1h))").Scripts(0));
    BOOST_TEST(Says("tr(" + X1 + ",)", "no descriptor function"));
    BOOST_TEST(Says("tr(" + X1 + ",{pk(" + X2 + ")})", "\",\" is missing"));
    BOOST_TEST(Says("tr(" + X1 + ",{pk(" + X2 + "),pk(" + X2 + "),pk(" + X2 + ")})", "\"}\" is missing"));
    BOOST_TEST(Says("tr(" + X1 + ",pk(" + X2 + ")x)", "Behind the tree"));
    BOOST_TEST(Says("tr(" + X1 + "," + std::string(129, '{') + ")", "deeper than 128"));
    BOOST_TEST(Says("tr(" + FULL + ")", "Uncompressed"));
    BOOST_TEST(Says("tr(" + X1 + ",pkh(" + X2 + "))", "cannot stand inside the tree"));
    BOOST_TEST(Says("tr(" + X1 + ",tr(" + X2 + "))", "cannot stand inside the tree"));
}

BOOST_AUTO_TEST_CASE(KeysPathsAndOrigins)
{
    const auto ranged = Parsed("wpkh([d34db33f/84h/0'/0h]" + XPUB + "/1/*)");
    BOOST_TEST(ranged.IsRange());
    BOOST_TEST(ranged.IsSolvable());
    BOOST_TEST(!ranged.HasPrivateKeys());
    BOOST_TEST(ranged.Text() == WithChecksum("wpkh([d34db33f/84h/0h/0h]" + XPUB + "/1/*)"));
    const auto expanded = ranged.Expand(7);
    const auto want = Root().Neuter().Derive(1)->Derive(7)->key;
    BOOST_TEST(expanded->scripts.at(0) == PayToWitnessKeyHash(want.Id()));
    BOOST_TEST((expanded->keys.at(0).origin.path == HdPath{HARDENED | 84, HARDENED, HARDENED, 1, 7}));
    BOOST_TEST(!expanded->keys.at(0).secret);
    BOOST_TEST(!ranged.Scripts(HARDENED));

    const auto secret = Parsed("pkh(" + XPRV + "/3h/*h)");
    BOOST_TEST(secret.HasPrivateKeys());
    BOOST_TEST(*secret.PrivateText() == WithChecksum("pkh(" + XPRV + "/3h/*h)"));
    BOOST_TEST(secret.Text() == WithChecksum("pkh(" + XPUB + "/3h/*h)"));
    const auto derived = secret.Expand(4);
    BOOST_REQUIRE(derived->keys.at(0).secret);
    BOOST_TEST((derived->keys[0].secret->Public() == derived->keys[0].key));
    BOOST_TEST((derived->keys[0].origin.fingerprint == FingerprintOf(Root().Neuter().key)));
    BOOST_TEST((derived->keys[0].key == Root().Derive(HdPath{HARDENED | 3, HARDENED | 4})->Neuter().key));
    BOOST_TEST(!secret.Public()); // behind a hardened wildcard nothing can be derived
    BOOST_TEST(!Parsed("pkh(" + XPUB + "/3h/*)").Public());
    const auto public_form = Parsed("wsh(multi(1," + XPRV + "/3h/4/*," + KEY2 + "," + WIF + "))").Public();
    BOOST_REQUIRE(public_form);
    BOOST_TEST(!public_form->HasPrivateKeys());
    const auto account = Root().Derive(HARDENED | 3)->Neuter();
    BOOST_TEST(public_form->Text() ==
               WithChecksum("wsh(multi(1,[" + base::Hex(FingerprintOf(Root().Neuter().key)) + "/3h]" +
                            EncodeExtPublic(MAIN, account) + "/4/*," + KEY2 + "," + KEY1 + "))"));
    BOOST_TEST((public_form->Scripts(6)->at(0) ==
                Parsed("wsh(multi(1," + XPRV + "/3h/4/*," + KEY2 + "," + WIF + "))").Scripts(6)->at(0)));
    const std::string mixed = "sh(multi(1," + XPRV + "/1," + KEY2 + "))";
    BOOST_TEST(!Parsed(mixed).PrivateText());
    BOOST_TEST(Parsed(mixed).KnownText() == WithChecksum(mixed));
    BOOST_TEST(!Parsed("pkh(" + XPUB + "/3h/*h)").Scripts(0));
    BOOST_TEST(!Parsed("pkh(" + XPUB + "/*h)").Scripts(0));
    BOOST_TEST(!Parsed("pkh(" + XPUB + "/3)").IsRange());
    BOOST_TEST(Parsed("pkh(" + XPUB + "/3)").Scripts(HARDENED).HasValue());
    BOOST_TEST((Parsed("pk(" + WIF + ")").Expand(0)->keys.at(0).origin.fingerprint ==
                FingerprintOf(KeyNumber(1).Public())));
    BOOST_TEST(*Parsed("pk([00000001]" + WIF + ")").PrivateText() ==
               WithChecksum("pk([00000001]" + WIF + ")"));
    BOOST_TEST(!Parsed("pk(" + KEY1 + ")").PrivateText());
    BOOST_TEST(!Parsed("raw(00)").IsSolvable());
    BOOST_TEST(!Parsed("addr(" + *EncodeAddress(MAIN, PayToTaproot({})) + ")").IsSolvable());
}

BOOST_AUTO_TEST_CASE(EveryMistakeIsExplained)
{
    BOOST_TEST(Says("", "no descriptor function"));
    BOOST_TEST(Says("pk(" + KEY1, "no descriptor function"));
    BOOST_TEST(Says("pk(" + KEY1 + "))", "no descriptor function"));
    BOOST_TEST(Says("wsh(and_v(v:pk(" + KEY1 + "),older(10)))", "is miniscript, which is not supported"));
    BOOST_TEST(Says("wsh(v:pk(" + KEY1 + "))", "is miniscript, which is not supported"));
    BOOST_TEST(Says("older(10)", "is miniscript, which is not supported"));
    BOOST_TEST(Says("wsh(older)", "no descriptor function"));
    BOOST_TEST(Says("pk()", "A key is missing"));
    BOOST_TEST(Says("pk([00000001])", "A key is missing"));
    BOOST_TEST(Says("pk(02)", "not a valid public key"));
    BOOST_TEST(Says("pk(nonsense)", "is no key"));
    BOOST_TEST(Says("pk(nonsense/1)", "is no key"));
    BOOST_TEST(Says("pk(06" + FULL.substr(2) + ")", "not a valid public key"));
    BOOST_TEST(Says("wpkh(" + FULL + ")", "Uncompressed"));
    BOOST_TEST(Says("wsh(pk(" + FULL + "))", "Uncompressed"));
    BOOST_TEST(Says("pk(" + X1 + ")", "not a valid public key"));
    BOOST_TEST(Says("pk(deadbeef]" + KEY1 + ")", "begins with \"[\""));
    BOOST_TEST(Says("pk([deadbeef]]" + KEY1 + ")", "more than one \"]\""));
    BOOST_TEST(Says("pk([deadbee]" + KEY1 + ")", "8 hex digits"));
    BOOST_TEST(Says("pk([deadbeex]" + KEY1 + ")", "8 hex digits"));
    BOOST_TEST(Says("pk([deadbeef/]" + KEY1 + ")", "ends with \"/\""));
    BOOST_TEST(Says("pk([deadbeef/1/]" + KEY1 + ")", "ends with \"/\""));
    BOOST_TEST(Says("pk([deadbeef/x]" + KEY1 + ")", "must be a number"));
    BOOST_TEST(Says("pk([deadbeef//1]" + KEY1 + ")", "must be a number"));
    BOOST_TEST(Says("pk(" + XPUB + "/)", "ends with \"/\""));
    BOOST_TEST(Says("pk(" + XPUB + "/1H)", "must be a number"));
    BOOST_TEST(Says("pk(" + XPUB + "/**)", "wildcard"));
    BOOST_TEST(Says("pk(" + XPUB + "/*hh)", "wildcard"));
    BOOST_TEST(Says("pk(" + XPUB + "/*/1)", "must be a number"));
    BOOST_TEST(Says("raw(0)", "not hex"));
    BOOST_TEST(Says("addr(x)", "checksum"));
    BOOST_TEST(Says("sh(sh(pk(" + KEY1 + ")))", "sh() cannot stand inside sh()"));
    BOOST_TEST(Says("wsh(sh(pk(" + KEY1 + ")))", "sh() cannot stand inside wsh()"));
    BOOST_TEST(Says("wsh(wpkh(" + KEY1 + "))", "wpkh() cannot stand inside wsh()"));
    BOOST_TEST(Says("sh(combo(" + KEY1 + "))", "combo() cannot stand inside sh()"));
    BOOST_TEST(Says("multi_a(1," + KEY1 + ")", "cannot stand inside the top level"));
    BOOST_TEST(Says("multi(0," + KEY1 + ")", "must be 1 to 999"));
    BOOST_TEST(Says("multi(,)", "must be 1 to 999"));
    BOOST_TEST(Says("multi(99999999999999999999," + KEY1 + ")", "must be 1 to 999"));
    BOOST_TEST(Says("multi(1x," + KEY1 + ")", "must be 1 to 999"));
    BOOST_TEST(Says("multi(2," + KEY1 + ")", "2 signatures of 1 keys"));
    BOOST_TEST(Says("multi(1)", "this one has 0"));
    BOOST_TEST(Says("multi(1," + KEY1 + ",)", "behind the last comma"));
    BOOST_TEST(Says("multi(1," + KEY1 + ",x)", "is no key"));
    std::string many = KEY1;
    for (int i = 0; i < 3; ++i)
        many += "," + KEY1;
    BOOST_TEST(Says("multi(1," + many + ")", "at most 3 keys"));
    for (int i = 0; i < 12; ++i)
        many += "," + KEY1;
    BOOST_TEST(Says("sh(multi(1," + many + "))", "has 547 bytes"));
    BOOST_TEST(Problem("wsh(multi(1," + many + "))") == "taken");
    for (int i = 0; i < 5; ++i)
        many += "," + KEY1;
    BOOST_TEST(Says("wsh(multi(1," + many + "))", "1 to 20 keys"));
}

BOOST_AUTO_TEST_SUITE_END()
