#include "unit/p2p/samples.h"

#include "unit/primitives/sample.h"

namespace emc::test {

using namespace p2p;

namespace {

primitives::BlockHeader PlainSample(uint32_t nonce)
{
    primitives::BlockHeader header;
    header.version = 0x20000000;
    header.prev_hash = FilledHash(0x11);
    header.merkle_root = FilledHash(0x22);
    header.time = 1'700'000'000;
    header.bits = 0x207fffff;
    header.nonce = nonce;
    return header;
}

std::vector<Message> OpeningSamples()
{
    const Endpoint endpoint = SampleEndpoints()[0];
    Version version;
    version.services = 0x409;
    version.time_sec = 1'700'000'001;
    version.receiver = {.services = 1, .endpoint = endpoint};
    version.sender = {.services = 9, .endpoint = SampleEndpoints()[1]};
    version.nonce = 0x1122334455667788;
    version.user_agent = "/sample:1.0/";
    version.height = 123'456;
    version.relay = false;
    return {version,
            Verack{},
            SendAddrV2{},
            WtxidRelay{},
            SendHeaders{},
            Ping{.nonce = 7},
            Pong{.nonce = 8},
            FeeFilter{.units_per_kvb = 1'000},
            SendCompact{.high_bandwidth = true, .version = 2},
            GetAddr{}};
}

std::vector<Message> InventorySamples()
{
    Addr addr;
    AddrV2 addrv2;
    for (const Endpoint& endpoint : SampleEndpoints()) {
        const AddressEntry entry{.time_sec = 1'700'000'002, .services = 0x809, .endpoint = endpoint};
        addrv2.entries.push_back(entry);
        if (endpoint.address.Ip()) addr.entries.push_back(entry);
    }
    InvList list;
    list.items = {{.kind = InvKind::Wtx, .hash = FilledHash(3)},
                  {.kind = InvKind::WitnessBlock, .hash = FilledHash(4)}};
    auto block = std::make_shared<primitives::Block>();
    block->header = SampleAuxHeader();
    block->transactions = {SampleTx(1), SampleTx(2)};
    return {addr,
            addrv2,
            Inv{list},
            GetData{list},
            NotFound{list},
            MempoolRequest{},
            TxMessage{.tx = SampleTx(3)},
            BlockMessage{.block = block}};
}

std::vector<Message> ChainSamples()
{
    Locator locator;
    locator.hashes = {FilledHash(5), FilledHash(6)};
    locator.stop = FilledHash(7);
    CompactBlock compact;
    compact.header = SampleAuxHeader();
    compact.nonce = 99;
    compact.short_ids = {0x0000'1234'5678'9abc, 0xffff'ffff'ffff};
    compact.prefilled = {{.position = 0, .tx = SampleTx(4)}, {.position = 2, .tx = SampleTx(5)}};
    return {GetHeaders{locator},
            GetBlocks{locator},
            Headers{.headers = {PlainSample(1), SampleAuxHeader(), PlainSample(2)}},
            compact,
            GetBlockTxn{.block = FilledHash(8), .positions = {0, 1, 700, 65'535}},
            BlockTxn{.block = FilledHash(9), .transactions = {SampleTx(6)}}};
}

std::vector<Message> FilterSamples()
{
    const FilterRange range{.start_height = 10, .stop = FilledHash(10)};
    MerkleBlock merkle;
    merkle.proof.header = PlainSample(3);
    merkle.proof.tree = {.leaves = 3, .hashes = {FilledHash(11), FilledHash(12)}, .flags = {0x05}};
    CallMailMessage letter;
    letter.mail.kind = reward::MailKind::Letter;
    letter.mail.from = {18009359935, 0};
    letter.mail.to = {442079460000, 3};
    letter.mail.expiry = 1'800'000'000;
    letter.mail.body.assign(60, 7);
    letter.mail.signature.fill(9);
    return {GetCFilters{range},
            CFilter{.block = FilledHash(13), .filter = {1, 2, 3}},
            GetCFHeaders{range},
            CFHeaders{.stop = FilledHash(14), .previous_header = FilledHash(15), .hashes = {FilledHash(16)}},
            GetCFCheckpt{.stop = FilledHash(17)},
            CFCheckpt{.stop = FilledHash(18), .headers = {FilledHash(19), FilledHash(20)}},
            FilterLoad{.filter = {0xff, 0x01}, .functions = 11, .tweak = 5, .flags = 1},
            FilterAdd{.element = {1, 2}},
            FilterClear{},
            merkle,
            letter};
}

} // namespace

std::vector<Endpoint> SampleEndpoints()
{
    return {
        {.address = *NetAddress::Parse("8.8.4.4"), .port = 6661},
        {.address = *NetAddress::Parse("2a00:1450:4001::1"), .port = 6662},
        {.address = *NetAddress::Parse("pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"),
         .port = 6663},
        {.address = *NetAddress::Parse("ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p"),
         .port = 0},
        {.address = *NetAddress::Parse("fc00:1:2:3:4:5:6:7"), .port = 6664},
    };
}

primitives::TxRef SampleTx(uint32_t tag)
{
    primitives::MutableTransaction tx;
    tx.inputs.resize(1);
    tx.inputs[0].prevout = {.txid = FilledHash(0x77), .index = tag};
    tx.inputs[0].witness = {{1, 2, 3}, {}};
    tx.outputs = {{.value = 5'000 + tag, .script_pubkey = {0x51}}};
    return primitives::MakeTx(std::move(tx));
}

primitives::BlockHeader SampleAuxHeader()
{
    primitives::BlockHeader header = PlainSample(5);
    header.version |= primitives::VERSION_AUXPOW;
    header.auxpow = std::make_shared<const primitives::AuxPow>(SampleAuxPow(1, 2));
    return header;
}

std::vector<Message> SampleMessages()
{
    std::vector<Message> all = OpeningSamples();
    for (auto samples : {InventorySamples(), ChainSamples(), FilterSamples()})
        all.insert(all.end(), samples.begin(), samples.end());
    return all;
}

} // namespace emc::test
