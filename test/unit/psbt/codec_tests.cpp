// The container: what is read, what is refused, what is kept.
#include "unit/psbt/rig.h"

using namespace emc;
using namespace emc::psbt;

namespace {

Psbt Sample()
{
    test::Payment payment(script::PayToPubKeyHash(test::Secret(1).Public().Id()));
    payment.Update(test::Expand("pkh(" + test::Pub(1) + ")"));
    return payment.psbt;
}

/// The container with one more field in the map of its input.
Bytes WithField(const Psbt& psbt, const Bytes& key, const Bytes& value)
{
    Psbt changed = psbt;
    changed.inputs[0].Set(key[0], ByteSpan(key).subspan(1), value);
    return Serialize(changed);
}

} // namespace

BOOST_AUTO_TEST_SUITE(psbt_codec)

BOOST_AUTO_TEST_CASE(ComesBackAsItWas)
{
    const Psbt psbt = Sample();
    const auto again = ParseBase64(ToBase64(psbt));
    BOOST_REQUIRE(again.HasValue());
    BOOST_CHECK(again->inputs == psbt.inputs);
    BOOST_CHECK(again->outputs == psbt.outputs);
    BOOST_CHECK(Serialize(*again) == Serialize(psbt));
}

BOOST_AUTO_TEST_CASE(EveryCutIsRefused)
{
    const Bytes whole = Serialize(Sample());
    for (size_t size = 0; size < whole.size(); ++size)
        BOOST_CHECK_MESSAGE(!Parse(ByteSpan(whole).first(size)), size << " of " << whole.size() << " bytes");
    Bytes longer = whole;
    longer.push_back(0);
    BOOST_CHECK_EQUAL(Parse(longer).Error(), "1 bytes follow the map of the last output.");
    BOOST_CHECK_EQUAL(ParseBase64("@").Error(), "The text is not base64.");
}

BOOST_AUTO_TEST_CASE(UnknownFieldsAreKept)
{
    const Bytes key = {0x77, 1, 2}, value = {3, 4, 5};
    const auto parsed = Parse(WithField(Sample(), key, value));
    BOOST_REQUIRE(parsed.HasValue());
    const Bytes* kept = parsed->inputs[0].Find(key);
    BOOST_REQUIRE(kept != nullptr);
    BOOST_CHECK(*kept == value);
}

BOOST_AUTO_TEST_CASE(AKeyMayNotStandTwice)
{
    const Psbt psbt = Sample();
    // The last field of the input's map, doubled by hand.
    Bytes bytes = WithField(psbt, {0x77}, {1});
    const Bytes field = {1, 0x77, 1, 1};
    const auto at = std::search(bytes.begin(), bytes.end(), field.begin(), field.end());
    BOOST_REQUIRE(at != bytes.end());
    bytes.insert(at, field.begin(), field.end());
    BOOST_CHECK_EQUAL(Parse(bytes).Error(), "The map of input 0 holds the key 77 twice.");
}

BOOST_AUTO_TEST_CASE(FieldsHaveTheirForm)
{
    const Psbt psbt = Sample();
    const Bytes key = Bytes(test::Secret(1).Public().Span().begin(), test::Secret(1).Public().Span().end());
    Bytes signature_key = {IN_PARTIAL_SIG};
    signature_key.insert(signature_key.end(), key.begin(), key.end());
    BOOST_CHECK(!Parse(WithField(psbt, {IN_PARTIAL_SIG, 2, 3}, {1})));
    BOOST_CHECK(!Parse(WithField(psbt, signature_key, {0x30, 0x00})));
    BOOST_CHECK(!Parse(WithField(psbt, {IN_SIGHASH_TYPE}, {1, 0, 0})));
    BOOST_CHECK(!Parse(WithField(psbt, {IN_REDEEM_SCRIPT, 0}, {})));
    BOOST_CHECK(!Parse(WithField(psbt, {IN_FINAL_WITNESS}, {2, 1, 1})));
    BOOST_CHECK(!Parse(WithField(psbt, {IN_TAP_KEY_SIG}, Bytes(63))));
    BOOST_CHECK(Parse(WithField(psbt, {IN_TAP_KEY_SIG}, Bytes(64))));
    BOOST_CHECK(!Parse(WithField(psbt, {IN_TAP_INTERNAL_KEY}, Bytes(32, 0xff))));
    BOOST_CHECK(!Parse(WithField(psbt, {PROPRIETARY, 5}, {})));
    Bytes preimage = {IN_SHA256};
    preimage.resize(33);
    BOOST_CHECK(!Parse(WithField(psbt, preimage, {1})));
    // The previous transaction has to be the one that is spent.
    test::Payment other(script::PayToPubKeyHash(test::Secret(2).Public().Id()));
    const auto wrong = Parse(WithField(psbt, {IN_PREVIOUS_TX}, primitives::Serialize(*other.previous)));
    BOOST_CHECK_EQUAL(wrong.Error(), "Input 0 brings along another transaction than the one it spends.");
}

BOOST_AUTO_TEST_CASE(TreesAreBinary)
{
    const Bytes leaf = {0xc0, 1, 0x51};
    const auto tree = [&leaf](std::initializer_list<uint8_t> depths) {
        Bytes out;
        for (const uint8_t depth : depths) {
            out.push_back(depth);
            out.insert(out.end(), leaf.begin(), leaf.end());
        }
        return ReadTree(out).has_value();
    };
    BOOST_CHECK(tree({0}));
    BOOST_CHECK(tree({1, 1}));
    BOOST_CHECK(tree({1, 2, 2}));
    BOOST_CHECK(tree({2, 2, 1}));
    BOOST_CHECK(tree({2, 2, 2, 2}));
    BOOST_CHECK(!tree({}));
    BOOST_CHECK(!tree({1}));
    BOOST_CHECK(!tree({0, 0}));
    BOOST_CHECK(!tree({2, 1, 2}));
    BOOST_CHECK(!tree({1, 2}));
    BOOST_CHECK(!tree({2, 2, 2}));
}

BOOST_AUTO_TEST_SUITE_END()
