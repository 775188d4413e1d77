// Every message: round trip, every cut, every limit.
#include "crypto/random.h"
#include "p2p/transport/v1.h"
#include "p2p/transport/v2.h"
#include "p2p/wire/message.h"
#include "unit/p2p/samples.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

namespace emc::p2p {
namespace {

using base::Bytes;
using codec::Writer;

WireError ErrorOf(std::string_view command, const Bytes& payload)
{
    const auto parsed = ParseMessage(command, payload);
    BOOST_REQUIRE(!parsed);
    return parsed.Error();
}

/// A payload that begins with a count and has that many zero items behind it.
Bytes Counted(uint64_t count, size_t item_bytes, size_t lead = 0)
{
    Bytes out(lead, 0);
    Writer(out).CompactSize(count);
    out.resize(out.size() + static_cast<size_t>(count) * item_bytes, 0);
    return out;
}

/// The payload with a few bytes changed, cut out, doubled, or set to the ends of their range.
Bytes Damaged(Bytes payload, crypto::TestRandom& random)
{
    for (uint64_t changes = 1 + random.Below(4); changes > 0; --changes) {
        const auto at = static_cast<ptrdiff_t>(random.Below(payload.size() + 1));
        const auto end = static_cast<ptrdiff_t>(random.Below(payload.size() + 1));
        const auto first = payload.begin() + std::min(at, end);
        switch (random.Below(5)) {
        case 0:
            payload.erase(first, payload.begin() + std::max(at, end));
            break;
        case 1:
            payload.insert(first, static_cast<size_t>(random.Below(9)), uint8_t{0xff});
            break;
        case 2:
            payload.insert(first, static_cast<uint8_t>(random.Below(256)));
            break;
        default:
            if (first != payload.end()) *first = static_cast<uint8_t>(random.Below(256));
        }
    }
    return payload;
}

template <typename T>
T RoundTrip(const T& message)
{
    const auto parsed = ParseMessage(T::COMMAND, SerializePayload(Message(message)));
    BOOST_REQUIRE(parsed);
    return std::get<T>(*parsed);
}

BOOST_AUTO_TEST_SUITE(wire)

BOOST_AUTO_TEST_CASE(every_message_reads_what_it_wrote)
{
    const auto samples = test::SampleMessages();
    const auto commands = KnownCommands();
    BOOST_REQUIRE(samples.size() == std::variant_size_v<Message>);
    for (size_t i = 0; i < samples.size(); ++i) {
        BOOST_REQUIRE(samples[i].index() == i);
        BOOST_TEST(CommandOf(samples[i]) == commands[i]);
        BOOST_TEST(commands[i].size() <= MAX_COMMAND_BYTES);
        const Bytes payload = SerializePayload(samples[i]);
        const auto parsed = ParseMessage(commands[i], payload);
        BOOST_REQUIRE_MESSAGE(parsed, commands[i]);
        BOOST_TEST(parsed->index() == i);
        BOOST_TEST((SerializePayload(*parsed) == payload), commands[i]);
    }
    BOOST_TEST(std::set<std::string_view>(commands.begin(), commands.end()).size() == commands.size());
}

BOOST_AUTO_TEST_CASE(every_cut_and_every_tail_is_refused)
{
    for (const Message& sample : test::SampleMessages()) {
        const std::string_view command = CommandOf(sample);
        Bytes payload = SerializePayload(sample);
        for (size_t size = 0; size < payload.size(); ++size) {
            const auto parsed = ParseMessage(command, base::ByteSpan(payload).first(size));
            if (command == Version::COMMAND && size + 1 == payload.size()) {
                BOOST_TEST(std::get<Version>(*parsed).relay); // the last field may be left out
                continue;
            }
            BOOST_TEST(!parsed, command << " cut to " << size);
            BOOST_TEST(parsed.Error().message == command);
            BOOST_TEST(!parsed.Error().field.empty());
        }
        payload.push_back(0);
        const auto longer = ParseMessage(command, payload);
        BOOST_TEST(longer.HasValue() == (command == Version::COMMAND), command);
    }
}

BOOST_AUTO_TEST_CASE(limits_name_message_field_and_number)
{
    const auto over = [](std::string_view command, const Bytes& payload) {
        const WireError error = ErrorOf(command, payload);
        BOOST_TEST((error.fault == WireFault::OverLimit), command);
        return Text(error);
    };
    BOOST_TEST(over("headers", Counted(2'001, 81)) == "headers: count is above 2000");
    BOOST_TEST(over("addr", Counted(1'001, 30)) == "addr: count is above 1000");
    BOOST_TEST(over("addrv2", Counted(1'001, 9)) == "addrv2: count is above 1000");
    BOOST_TEST(over("inv", Counted(50'001, 36)) == "inv: count is above 50000");
    BOOST_TEST(over("getheaders", Counted(102, 32, 4)) == "getheaders: locator is above 101");
    BOOST_TEST(over("getblocks", Counted(102, 32, 4)) == "getblocks: locator is above 101");
    BOOST_TEST(over("filterload", Counted(36'001, 1)) == "filterload: filter is above 36000");
    BOOST_TEST(over("filteradd", Counted(521, 1)) == "filteradd: element is above 520");
    BOOST_TEST(over("cfheaders", Counted(2'001, 32, 65)) == "cfheaders: filter hashes is above 2000");
    BOOST_TEST(over("version", Counted(257, 1, 80)) == "version: user agent is above 256");
    BOOST_TEST(over("feefilter", Bytes(8, 0xff)) == "feefilter: fee rate is above 2100000000000000");
    BOOST_TEST(over("sendcmpct", Bytes(9, 2)) == "sendcmpct: mode is above 1");
    Bytes many_functions = Counted(1, 1);
    many_functions.resize(many_functions.size() + 9, 60);
    BOOST_TEST(over("filterload", many_functions) == "filterload: functions is above 50");
    // exactly at the limit
    BOOST_TEST(ParseMessage("inv", Counted(50'000, 36)).HasValue());
    BOOST_TEST(ParseMessage("addr", Counted(1'000, 30)).HasValue());
    BOOST_TEST(ParseMessage("headers", Counted(2'000, 81)).HasValue());
}

BOOST_AUTO_TEST_CASE(counts_that_lie_take_no_memory)
{
    for (const uint64_t count : {uint64_t{1} << 32, UINT64_MAX, uint64_t{40'000}}) {
        Bytes payload;
        Writer(payload).CompactSize(count);
        for (const std::string_view command : {"inv", "headers", "addr", "addrv2"})
            BOOST_TEST(!ParseMessage(command, payload));
    }
    BOOST_TEST((ErrorOf("inv", {0xfd, 0x10, 0x00}).fault == WireFault::Malformed)); // not the shortest form
}

BOOST_AUTO_TEST_CASE(unknown_messages_are_no_offence)
{
    for (const std::string_view command : {"", "reject", "alert", "VERSION", "sendtxrcncl"})
        BOOST_TEST((ErrorOf(command, {}).fault == WireFault::UnknownCommand));
    BOOST_TEST(Text(ErrorOf("reject", {})) == "unknown message");
}

BOOST_AUTO_TEST_CASE(version_keeps_its_fields)
{
    const auto sample = std::get<Version>(test::SampleMessages()[0]);
    BOOST_TEST((RoundTrip(sample) == sample));
    Bytes payload = SerializePayload(sample);
    payload.insert(payload.end(), {1, 2, 3}); // a later version's fields
    BOOST_TEST((std::get<Version>(*ParseMessage("version", payload)) == sample));
}

BOOST_AUTO_TEST_CASE(old_addresses_carry_what_fits)
{
    Addr addr;
    for (const Endpoint& endpoint : test::SampleEndpoints())
        addr.entries.push_back({.time_sec = 1, .services = 1, .endpoint = endpoint});
    const Addr read = RoundTrip(addr);
    BOOST_REQUIRE(read.entries.size() == 2u);
    BOOST_TEST(read.entries[0].endpoint.ToText() == "8.8.4.4:6661");
    BOOST_TEST(read.entries[1].endpoint.ToText() == "[2a00:1450:4001::1]:6662");
}

BOOST_AUTO_TEST_CASE(addrv2_passes_over_what_it_does_not_know)
{
    const auto entry = [](uint8_t network, const Bytes& address) {
        Bytes out;
        Writer writer(out);
        writer.CompactSize(1);
        writer.U32(5);
        writer.CompactSize(1);
        writer.U8(network);
        writer.Sized(address);
        writer.U16Big(6661);
        return out;
    };
    const auto count = [](const Bytes& payload) {
        return std::get<AddrV2>(*ParseMessage("addrv2", payload)).entries.size();
    };
    BOOST_TEST(count(entry(1, Bytes(4, 8))) == 1u);
    BOOST_TEST(count(entry(3, Bytes(10, 8))) == 0u);    // Tor's second version
    BOOST_TEST(count(entry(200, Bytes(512, 8))) == 0u); // a network to come
    BOOST_TEST(count(entry(6, Bytes(16, 8))) == 0u);    // CJDNS outside fc00::/8
    Bytes mapped(16, 0);
    mapped[10] = mapped[11] = 0xff;
    BOOST_TEST(count(entry(2, mapped)) == 0u); // IPv4 dressed up as IPv6
    BOOST_TEST(Text(ErrorOf("addrv2", entry(1, Bytes(5, 8)))) ==
               "addrv2: address has no meaning; expected 4");
    BOOST_TEST(Text(ErrorOf("addrv2", entry(200, Bytes(513, 8)))) == "addrv2: address is above 512");
}

BOOST_AUTO_TEST_CASE(headers_carry_merged_mining_proofs)
{
    Headers headers;
    headers.headers = {test::SampleAuxHeader()};
    const Headers read = RoundTrip(headers);
    BOOST_REQUIRE(read.headers.size() == 1u);
    BOOST_REQUIRE(read.headers[0].auxpow != nullptr);
    BOOST_TEST((read.headers[0].Hash() == headers.headers[0].Hash()));
    Bytes payload = SerializePayload(Message(headers));
    BOOST_TEST(payload.size() == 1 + HeaderEntryBytes(headers.headers[0]));
    payload.back() = 1; // a number of transactions
    BOOST_TEST(Text(ErrorOf("headers", payload)) == "headers: transaction count has no meaning; expected 0");
}

BOOST_AUTO_TEST_CASE(a_headers_message_stays_within_its_payload)
{
    std::vector<primitives::BlockHeader> headers(2'100);
    BOOST_TEST(HeadersThatFit(headers) == MAX_HEADERS);
    BOOST_TEST(HeadersThatFit({}) == 0u);
    auto proof = *test::SampleAuxHeader().auxpow;
    primitives::MutableTransaction big = proof.coinbase->Fields();
    big.outputs[0].script_pubkey.resize(90'000);
    proof.coinbase = primitives::MakeTx(std::move(big));
    primitives::BlockHeader header = test::SampleAuxHeader();
    header.auxpow = std::make_shared<const primitives::AuxPow>(std::move(proof));
    headers.assign(100, header);
    const size_t fit = HeadersThatFit(headers);
    BOOST_TEST(fit == 44u);
    headers.resize(fit);
    const Bytes payload = SerializePayload(Message(Headers{.headers = headers}));
    BOOST_TEST(payload.size() <= MAX_PAYLOAD_BYTES);
    BOOST_TEST(payload.size() + HeaderEntryBytes(header) > MAX_PAYLOAD_BYTES);
    BOOST_TEST(ParseMessage("headers", payload).HasValue());
}

BOOST_AUTO_TEST_CASE(positions_of_compact_blocks)
{
    const auto sample = [](std::vector<uint64_t> distances) {
        Bytes payload(32, 0);
        Writer writer(payload);
        writer.CompactSize(distances.size());
        for (const uint64_t distance : distances)
            writer.CompactSize(distance);
        return ParseMessage("getblocktxn", payload);
    };
    BOOST_TEST((std::get<GetBlockTxn>(*sample({0, 0, 5})).positions == std::vector<uint16_t>{0, 1, 7}));
    BOOST_TEST(sample({65'535}).HasValue());
    BOOST_TEST(!sample({65'536}));
    BOOST_TEST(!sample({65'535, 0}));
    BOOST_TEST(!sample({UINT64_MAX}));
    auto compact = std::get<CompactBlock>(test::SampleMessages()[21]);
    BOOST_TEST(compact.TransactionCount() == 4u);
    compact.prefilled.back().position = 4; // behind the last transaction
    const WireError error = ErrorOf("cmpctblock", SerializePayload(Message(compact)));
    BOOST_TEST(Text(error) == "cmpctblock: position is above 3");
}

BOOST_AUTO_TEST_CASE(blocks_and_transactions_in_both_forms)
{
    TxMessage tx{.tx = test::SampleTx(1), .mode = primitives::WitnessMode::Without};
    BOOST_TEST((RoundTrip(tx).tx->Txid() == tx.tx->Txid()));
    BOOST_TEST(!RoundTrip(tx).tx->HasWitness());
    tx.mode = primitives::WitnessMode::With;
    BOOST_TEST((RoundTrip(tx).tx->Wtxid() == tx.tx->Wtxid()));
}

BOOST_AUTO_TEST_CASE(damaged_messages_over_both_transports)
{
    constexpr uint32_t MAGIC = 0xe45c0d11;
    const uint64_t rounds = test::NumberFromEnvironment("EMC_P2P_DAMAGED", 10'000);
    crypto::TestRandom random(3);
    V2Transport sender({.side = crypto::EllSwiftSide::Initiator, .magic_be = MAGIC}, random);
    V2Transport second({.side = crypto::EllSwiftSide::Responder, .magic_be = MAGIC}, random);
    for (int turn = 0; turn < 2; ++turn) {
        for (auto [from, to] : {std::pair(&sender, &second), std::pair(&second, &sender)}) {
            const Bytes bytes = from->TakeHandshake();
            base::ByteSpan in(bytes);
            BOOST_REQUIRE(to->Feed(in));
        }
    }
    V1Receiver first(MAGIC);
    size_t parsed = 0;
    size_t refused = 0;
    for (const Message& sample : test::SampleMessages()) {
        const std::string_view command = CommandOf(sample);
        const Bytes payload = SerializePayload(sample);
        for (uint64_t i = 0; i < rounds; ++i) {
            const Bytes damaged = Damaged(payload, random);
            const Bytes v1 = V1Frame(MAGIC, command, damaged);
            const Bytes v2 = sender.Seal(command, damaged);
            base::ByteSpan v1_in(v1);
            base::ByteSpan v2_in(v2);
            const auto over_v1 = first.Feed(v1_in);
            const auto over_v2 = second.Feed(v2_in);
            BOOST_REQUIRE((over_v1 && over_v1->has_value() && over_v2 && over_v2->has_value()));
            BOOST_REQUIRE(((*over_v1)->payload == damaged && (*over_v2)->payload == damaged));
            const auto message = ParseMessage((*over_v2)->command, (*over_v1)->payload);
            (message ? parsed : refused) += 1;
            if (message) BOOST_REQUIRE(ParseMessage(command, SerializePayload(*message)));
        }
    }
    BOOST_TEST(parsed + refused == rounds * std::variant_size_v<Message>);
    BOOST_TEST(refused > parsed);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::p2p
