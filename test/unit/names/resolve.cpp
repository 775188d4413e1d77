#include "names/resolve.h"

#include "unit/names/sample.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::names;
using test::Out;
using test::Owner;

namespace {

constexpr int32_t HEIGHT = 1'000;
const enumrec::Number NUMBER = *enumrec::Number::FromDigits("18009359935");

std::string Route(int order, int preference, const std::string& uri)
{
    return "E2U+sip=" + std::to_string(order) + "|" + std::to_string(preference) + "|!^\\+(.*)$!" + uri + "!";
}

class Lenient final : public RevocationPolicy
{
public:
    [[nodiscard]] bool AcceptWithoutBucket(std::string_view, std::string_view) const override { return true; }
};

struct Fixture {
    test::MapView view;
    script::AddressParams addresses;
    test::Verifier verifier{"ver:enum", 7};
    test::Verifier stranger{"ver:other", 8};
    NameContext context{HEIGHT, &view, &addresses, nullptr};
    ResolveRequest request{NUMBER, {0}, {"ver:enum"}, true, 100, nullptr, nullptr};

    Fixture()
    {
        view.records["ver:enum"] = test::Record(Out(3), "name=Example", verifier.script, HEIGHT + 500);
        view.records["ver:other"] = test::Record(Out(4), "name=Other", stranger.script, HEIGHT + 500);
    }

    void Put(int slot, const std::string& value, uint8_t owner = 1, int32_t expiry = HEIGHT + 900)
    {
        view.records[enumrec::RecordNameOf(NUMBER, slot)] =
            test::Record(Out(static_cast<uint8_t>(10 + slot)), value, Owner(owner), expiry);
    }

    std::optional<SlotRefusal> Reason()
    {
        const auto out = ResolveNumber(request, context);
        if (out.refused.empty()) return std::nullopt;
        return out.refused[0].reason;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(names_resolve, Fixture)

BOOST_AUTO_TEST_CASE(order_of_routes)
{
    Put(0, Route(100, 20, "sip:a0") + "\n" + Route(100, 10, "sip:b0@\\1") + "\n" +
               verifier.Line(NUMBER, Owner(1), 150) + "\nTTL=60");
    Put(2, Route(100, 10, "sip:a2") + "\n" + Route(50, 99, "sip:b2") + "\n" + verifier.Line(NUMBER, Owner(2)),
        2, HEIGHT + 10);
    request.slots = {2, 0, 2};
    const auto out = ResolveNumber(request, context);
    BOOST_CHECK(out.refused.empty());
    BOOST_REQUIRE_EQUAL(out.routes.size(), 4u);
    BOOST_CHECK_EQUAL(out.routes[0].uri, "sip:b2");
    BOOST_CHECK_EQUAL(out.routes[1].uri, "sip:b0@18009359935");
    BOOST_CHECK_EQUAL(out.routes[2].uri, "sip:a2");
    BOOST_CHECK_EQUAL(out.routes[3].uri, "sip:a0");
    BOOST_CHECK_EQUAL(out.routes[0].slot, 2);
    BOOST_CHECK_EQUAL(out.routes[1].ttl_sec, 60u);
    BOOST_CHECK_EQUAL(out.routes[0].verifier, "ver:enum");
    BOOST_REQUIRE_EQUAL(out.accepted.size(), 2u);
    BOOST_CHECK_EQUAL(out.accepted[0].sig_expiry, 150u);
    BOOST_CHECK_EQUAL(out.valid_until_sec, 149);
    BOOST_CHECK_EQUAL(out.valid_until_height, HEIGHT + 10);
    BOOST_CHECK(out.depends == std::vector<std::string>{"ver:enum"});
    BOOST_CHECK(out.toll_free_source.empty());
}

BOOST_AUTO_TEST_CASE(reasons)
{
    const std::string route = Route(1, 1, "sip:x");
    BOOST_CHECK(Reason() == SlotRefusal::NotRegistered);
    Put(0, route, 1, HEIGHT - 1);
    BOOST_CHECK(Reason() == SlotRefusal::Expired);
    Put(0, "bad");
    BOOST_CHECK(Reason() == SlotRefusal::BadValue);
    Put(0, route);
    BOOST_CHECK(Reason() == SlotRefusal::NoSignature);
    Put(0, route + "\n" + stranger.Line(NUMBER, Owner(1)));
    BOOST_CHECK(Reason() == SlotRefusal::NoTrustedSignature);
    Put(0, route + "\n" + verifier.Line(NUMBER, Owner(2)));
    BOOST_CHECK(Reason() == SlotRefusal::SignatureWrong);
    Put(0, route + "\n" + verifier.Line(NUMBER, Owner(1), 100));
    BOOST_CHECK(Reason() == SlotRefusal::SignatureExpired);
    Put(0, route + "\n" + stranger.Line(NUMBER, Owner(1)) + "\n" + verifier.Line(NUMBER, Owner(1), 101));
    BOOST_CHECK(!Reason());
    view.records["ver:enum"].expiry = HEIGHT - 1;
    BOOST_CHECK(Reason() == SlotRefusal::VerifierGone);
    view.records.erase("ver:enum");
    BOOST_CHECK(Reason() == SlotRefusal::VerifierGone);
    request.trusted = {"ver:enum", "ver:other"};
    BOOST_CHECK(!Reason());
    request.trusted.clear();
    BOOST_CHECK(Reason() == SlotRefusal::NoTrustedSignature);
    request.need_signature = false;
    BOOST_CHECK(!Reason());
    for (int i = 0; i <= static_cast<int>(SlotRefusal::Revoked); ++i)
        BOOST_CHECK(!Text(static_cast<SlotRefusal>(i)).empty());
    BOOST_CHECK(Text(static_cast<SlotRefusal>(99)).empty());
}

BOOST_AUTO_TEST_CASE(revocation)
{
    Put(0, Route(1, 1, "sip:x") + "\n" + verifier.Line(NUMBER, Owner(1)));
    auto& value = view.records["ver:enum"].value;
    value = base::ToBytes("name=x\nSRL=0|srl:x");
    BOOST_CHECK(Reason() == SlotRefusal::RevocationUnknown);
    const Lenient lenient;
    request.policy = &lenient;
    auto out = ResolveNumber(request, context);
    BOOST_CHECK_EQUAL(out.routes.size(), 1u);
    BOOST_CHECK_EQUAL(out.warnings.size(), 1u);
    BOOST_CHECK((out.depends == std::vector<std::string>{"srl:x", "ver:enum"}));
    request.policy = nullptr;

    view.records["srl:x"] =
        test::Record(Out(5), "enum:18009359935:01\nxenum:18009359935:0", Owner(1), HEIGHT + 3);
    out = ResolveNumber(request, context);
    BOOST_CHECK_EQUAL(out.routes.size(), 1u);
    BOOST_CHECK_EQUAL(out.valid_until_height, HEIGHT + 3);
    view.records["srl:x"].value = base::ToBytes("enum:1\nenum:18009359935:0\nenum:2");
    BOOST_CHECK(Reason() == SlotRefusal::Revoked);
    view.records["srl:x"].value = base::ToBytes("enum:18009359935:0");
    BOOST_CHECK(Reason() == SlotRefusal::Revoked);
    view.records["srl:x"].expiry = HEIGHT - 1;
    BOOST_CHECK(Reason() == SlotRefusal::RevocationUnknown);
    value = base::ToBytes("no verifier");
    BOOST_CHECK(Reason() == SlotRefusal::RevocationUnknown);
}

BOOST_AUTO_TEST_CASE(toll_free)
{
    const auto blocks =
        enumrec::ParseTollFree("=1800.*\n" + Route(100, 20, "sip:late@\\1") + "\n" +
                               Route(100, 10, "sip:\\1@tf") + "\n=.*\n" + Route(1, 1, "sip:any"));
    BOOST_REQUIRE(blocks);
    auto with_broken = *blocks;
    with_broken.push_back({"(", {}});
    const std::vector<TollFreeList> lists = {MakeTollFreeList("enum:tollfree:44", "44", *blocks),
                                             MakeTollFreeList("enum:tollfree", "", with_broken)};
    BOOST_CHECK_EQUAL(lists[1].rules.size(), 2u);
    request.toll_free = &lists;
    auto out = ResolveNumber(request, context);
    BOOST_CHECK_EQUAL(out.toll_free_source, "enum:tollfree");
    BOOST_REQUIRE_EQUAL(out.routes.size(), 2u);
    BOOST_CHECK_EQUAL(out.routes[0].uri, "sip:18009359935@tf");
    BOOST_CHECK_EQUAL(out.routes[0].slot, -1);

    const auto foreign = enumrec::ParseTollFree("=1800.*\nE2U+sip=1|1|!^44$!sip:x!");
    const std::vector<TollFreeList> empty = {MakeTollFreeList("file", "1", *foreign), lists[1]};
    request.toll_free = &empty;
    out = ResolveNumber(request, context);
    BOOST_CHECK(out.routes.empty()); // the first match wins, even when its routes give nothing
    BOOST_CHECK(out.toll_free_source.empty());
    const std::vector<TollFreeList> none = {
        MakeTollFreeList("file", "", *enumrec::ParseTollFree("=99\n" + Route(1, 1, "a:b")))};
    request.toll_free = &none;
    BOOST_CHECK(ResolveNumber(request, context).routes.empty());

    request.toll_free = &lists;
    Put(0, Route(1, 1, "sip:own") + "\n" + verifier.Line(NUMBER, Owner(1)));
    BOOST_CHECK_EQUAL(ResolveNumber(request, context).routes[0].uri, "sip:own");
}

BOOST_AUTO_TEST_SUITE_END()
