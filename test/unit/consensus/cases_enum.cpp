// Records under enum: and ver: (E-*, V-*).
#include "codec/base58.h"
#include "enum/record.h"
#include "script/address.h"
#include "script/sign.h"
#include "unit/consensus/cases.h"

namespace emc::test {

using consensus::Rule;
using names::OpKind;
using primitives::COIN;

namespace {

const char* const NUMBER = "18009359935";
const char* const ROUTE = "E2U+sip=100|10|!^(.*)$!sip:17772325555@in.callcentric.com!";
const char* const VERIFIER_VALUE = "name=Verifier";
/// Key 1 owns numbers, key 2 owns the verifier.
constexpr int OWNER = 1;
constexpr int VERIFIER = 2;

/// The record of NUMBER with a line signed by `signer` for key `owner`.
std::string Signed(const World& world, int signer, int owner = OWNER)
{
    const auto address = script::EncodeAddress(world.params.addresses, WitnessKeyHashScript(owner));
    const auto number = enumrec::Number::FromDigits(NUMBER);
    const auto digest = script::MessageDigest(enumrec::SignatureText(*number, *address, 0));
    const auto signature = Key(signer).SignCompact(digest);
    return std::string(ROUTE) + "\nSIG=ver:enum|" + codec::Base64Encode(signature);
}

struct Scene {
    World world;
    OutPoint money = world.AddCoin(COIN, ANYONE);

    explicit Scene(bool with_verifier = true)
    {
        if (with_verifier) {
            world.AddName("ver:enum", 5000, WitnessKeyHashScript(VERIFIER), base::ToBytes(VERIFIER_VALUE));
        }
    }

    primitives::Block Block(std::vector<OutPoint> inputs, const primitives::TxOut& output) const
    {
        inputs.push_back(money);
        MutableTransaction tx = Spend(inputs, {output});
        tx.version = primitives::NAME_TX_VERSION;
        Sign(world, tx);
        Draft d(world);
        d.transactions = {tx};
        return d.Finish();
    }

    primitives::Block New(const std::string& name, const std::string& value) const
    {
        return Block({}, NameOutput(OpKind::New, name, 30, value));
    }
};

std::string Slot(int slot)
{
    return std::string("enum:") + NUMBER + ":" + std::to_string(slot);
}

void GrammarCases(CaseList& out)
{
    const Scene s;
    out.Accept(Rule::EnumName, "a number with its slot", s.world, s.New(Slot(0), ROUTE));
    for (const char* name :
         {"enum:18009359935", "enum:018009359935:0", "enum:18009359935:1000", "ver:UPPER"}) {
        out.Reject(Rule::EnumName, name, s.world, s.New(name, ROUTE));
    }
    out.Accept(Rule::EnumValue, "one route", s.world, s.New(Slot(0), ROUTE));
    out.Accept(Rule::EnumValue, "toll-free rules", s.world,
               s.New("enum:tollfree:1", std::string("=1800[0-9]{7}\n") + ROUTE));
    out.Reject(Rule::EnumValue, "no route", s.world, s.New(Slot(0), "TTL=60"));
    out.Reject(Rule::EnumValue, "expression misses the number", s.world,
               s.New(Slot(0), "E2U+sip=100|10|!^\\+1900!sip:a@b!"));
    out.Accept(Rule::VerValue, "a display name", s.world, s.New("ver:other", VERIFIER_VALUE));
    out.Reject(Rule::VerValue, "no display name", s.world, s.New("ver:other", "url=https://example.org"));
    out.Accept(Rule::VerOwner, "P2PKH", s.world,
               s.Block({}, NameOutput(OpKind::New, "ver:other", 30, VERIFIER_VALUE, KeyHashScript(1))));
    out.Reject(Rule::VerOwner, "P2TR", s.world,
               s.Block({}, NameOutput(OpKind::New, "ver:other", 30, VERIFIER_VALUE, TaprootScript(1))));
}

void SlotCases(CaseList& out)
{
    Scene s;
    out.Reject(Rule::EnumSlotGap, "slot 1 without slot 0", s.world, s.New(Slot(1), ROUTE));
    s.world.AddName(Slot(0), 999);
    out.Reject(Rule::EnumSlotGap, "slot 0 has expired", s.world, s.New(Slot(1), ROUTE));
    s.world.AddName(Slot(0), 1000);
    out.Accept(Rule::EnumSlotGap, "slot 0 is live", s.world, s.New(Slot(1), ROUTE));
    Scene alone;
    const OutPoint second = alone.world.AddName(Slot(1), 2000, {}, base::ToBytes(ROUTE));
    out.Accept(Rule::EnumSlotGap, "UPDATE needs no lower slot", alone.world,
               alone.Block({second}, NameOutput(OpKind::Update, Slot(1), 30, ROUTE)));
}

void SignatureCases(CaseList& out)
{
    const Scene s;
    const std::string good = Signed(s.world, VERIFIER);
    out.Accept(Rule::EnumVerifierMissing, "a live verifier", s.world, s.New(Slot(0), good));
    out.Accept(Rule::EnumSigWrong, "signed for this owner", s.world, s.New(Slot(0), good));
    out.Reject(Rule::EnumSigWrong, "signed by another key", s.world, s.New(Slot(0), Signed(s.world, 3)));
    out.Reject(Rule::EnumSigWrong, "signed for another owner", s.world,
               s.New(Slot(0), Signed(s.world, VERIFIER, 3)));
    out.Reject(Rule::EnumSigWrong, "for another date", s.world, s.New(Slot(0), good + "|1"));
    const Scene bare(false);
    out.Reject(Rule::EnumVerifierMissing, "no such record", bare.world, bare.New(Slot(0), good));
    Scene lapsed;
    lapsed.world.records.at("ver:enum").expiry = 999;
    out.Reject(Rule::EnumVerifierMissing, "expired a block ago", lapsed.world, lapsed.New(Slot(0), good));

    const OutPoint number = lapsed.world.AddName(Slot(0), 2000, {}, base::ToBytes(good));
    const auto update = [&](const std::string& value, int owner) {
        return lapsed.Block({number},
                            NameOutput(OpKind::Update, Slot(0), 30, value, WitnessKeyHashScript(owner)));
    };
    out.Accept(Rule::EnumVerifierMissing, "a line that stands already", lapsed.world,
               update(good + "\nTTL=60", OWNER));
    out.Reject(Rule::EnumVerifierMissing, "the same line under a new owner", lapsed.world, update(good, 3));
}

} // namespace

void EnumCases(CaseList& out)
{
    GrammarCases(out);
    SlotCases(out);
    SignatureCases(out);
}

} // namespace emc::test
