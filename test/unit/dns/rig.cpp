#include "unit/dns/rig.h"

#include "codec/base58.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {

namespace {

dns::ZoneConfig ConfigFrom(const RigOptions& options)
{
    dns::ZoneConfig out;
    std::vector<std::string> warnings;
    out.zones = dns::ParseZones(options.zones).zones;
    out.suffix = dns::ParseSuffix(options.suffix).value();
    out.self_names = dns::ParseSelfNames(options.self_names, warnings);
    out.trusted = dns::ParseTrust(options.trust, warnings);
    out.natural_order = options.natural;
    BOOST_CHECK(warnings.empty());
    return out;
}

} // namespace

Rig::Rig(FakeNames& fake_names, const RigOptions& options)
    : names(fake_names), config(ConfigFrom(options)), store({options.max_bytes, config.zones.size(), 1, 2}),
      revocation(clock, log), toll_free(options.toll_free, names, log),
      local(options.local_file, config.self_names, log), compiler({&config, &names, &addresses, &revocation}),
      transfers({&config, &store, &compiler, &clock, &log, &random}),
      feed({&compiler, &store, &chain, &toll_free, &local, &revocation, &clock, &log, &transfers,
            options.signers}),
      answerer({&config, &store, &chain, &compiler, &toll_free.Lists(),
                local.Configured() ? &local.Zone() : nullptr, &clock, &transfers,
                (transfers.Start(options.transfer).HasValue() ? transfers.Serials() : nullptr), nullptr,
                &transfers.Keys(), options.signers},
               counters)
{
    clock.SetMockTime(1'700'000'000);
    names.SetTip(TipAt(options.height, options.initial_download));
    m_subscription = events.Subscribe("test", feed, 100);
    feed.Start();
    feed.WaitIdle();
}

Rig::~Rig()
{
    feed.Stop();
}

std::vector<uint8_t> Rig::Ask(const std::vector<uint8_t>& packet)
{
    std::vector<uint8_t> out(1232);
    answerer.BeginBatch();
    out.resize(answerer.Answer(packet, client, out).size);
    return out;
}

Reply Rig::Ask(std::string_view name, unsigned type, std::optional<unsigned> edns)
{
    const Reply out = ParseReply(Ask(MakeQuestion(name, type, edns)));
    BOOST_TEST_REQUIRE(out.sound, std::string(name) << ": " << out.fault);
    BOOST_TEST(out.id == 0x1234u);
    BOOST_TEST(out.qr);
    return out;
}

std::string Rig::Text(std::string_view name, unsigned type)
{
    const auto message = Ask(MakeQuestion(name, type));
    const Reply reply = ParseReply(message);
    BOOST_TEST_REQUIRE(reply.sound, std::string(name) << ": " << reply.fault);
    if (reply.rcode != 0) return "rcode " + std::to_string(reply.rcode);
    std::string out;
    for (const ReplyRecord& record : reply.answer)
        out += (out.empty() ? "" : " / ") + DataText(message, record);
    return out.empty() ? "nodata" : out;
}

void Rig::Block(int32_t height, const std::vector<std::string>& changed)
{
    names.SetTip(TipAt(height));
    events.Connect(TipAt(height), changed);
}

TestKey::TestKey(uint8_t fill)
{
    std::array<uint8_t, 32> secret{};
    secret.fill(fill);
    key = *crypto::PrivateKey::From(secret);
    script = script::PayToPubKeyHash(key.Public().Id());
}

std::string TestKey::SigLine(const std::string& digits, const TestKey& owner, uint32_t expiry) const
{
    const auto address = script::EncodeAddress(script::AddressParams{}, owner.script);
    const auto text = enumrec::SignatureText(*enumrec::Number::FromDigits(digits), address.value(), expiry);
    const std::string line = "SIG=ver:enum|" + SignText(text);
    return expiry == 0 ? line : line + "|" + std::to_string(expiry);
}

std::string TestKey::SignText(const std::string& text) const
{
    return codec::Base64Encode(key.SignCompact(script::MessageDigest(text)));
}

} // namespace emc::test
