// The snapshot file: what is written is read again, and nothing else is.
#include "unit/chain/snapshot_source.h"

namespace emc::test {
namespace {

/// Reads a file that holds these bytes; the fault, or nothing.
std::optional<SnapshotError> FaultOf(base::ByteSpan bytes, const consensus::Params& params)
{
    storage::MemoryFiles files;
    WriteFile(files, bytes);
    auto reader = SnapshotReader::Open(files, PATH, params.magic_be);
    if (!reader) return reader.Error().code;
    Kept kept;
    const auto read = reader->Read(params.genesis_hash, kept);
    if (!read) return read.Error().code;
    return std::nullopt;
}

} // namespace

BOOST_AUTO_TEST_SUITE(snapshot_file)

BOOST_AUTO_TEST_CASE(round_trip)
{
    Source source;
    const auto info = source.Dump();
    const auto hashes = source.node.StateHashes();
    BOOST_TEST((info.base == source.tip->hash));
    BOOST_TEST(info.height == source.tip->height);
    BOOST_TEST((info.coin_hash == hashes.coins));
    BOOST_TEST(!source.node.files.Exists(std::string(PATH) + ".incomplete"));
    auto reader = SnapshotReader::Open(source.node.files, PATH, source.params.magic_be);
    BOOST_REQUIRE(reader);
    Kept kept;
    const auto read = reader->Read(source.params.genesis_hash, kept);
    BOOST_REQUIRE(read);
    BOOST_TEST((read->state == info.state_hash));
    BOOST_TEST((read->coins == info.coin_hash));
    BOOST_TEST(kept.headers.size() == static_cast<size_t>(info.height));
    BOOST_TEST((kept.headers.back().Hash() == info.base));
    BOOST_TEST((kept.names == source.tip->state->names));
    BOOST_TEST(kept.coins.size() == source.tip->state->coins.size());
    BOOST_TEST(reader->Head().supply == source.tip->state->supply);
    BOOST_TEST((reader->Head().modifier == source.node.chain->Next().stake_modifier));
    BOOST_TEST((Parts(source, source.node.files).File() == source.FileOf()));
}

BOOST_AUTO_TEST_CASE(same_state_same_file_and_hash)
{
    Source source;
    const auto first = source.Dump("/a.dat");
    const auto second = source.Dump("/b.dat");
    BOOST_TEST((first.state_hash == second.state_hash));
    BOOST_TEST((source.FileOf("/a.dat") == source.FileOf("/b.dat")));
    const Made& next = source.tree.Grow(*source.tip, 0);
    BOOST_REQUIRE((source.node.chain->AcceptBlock(next.block).outcome == chain::Outcome::Accepted));
    BOOST_TEST((source.Dump("/c.dat").state_hash != first.state_hash));
}

BOOST_AUTO_TEST_CASE(dump_refusals)
{
    Source source(3);
    (void)source.Dump();
    const auto again = source.node.chain->Snapshots().Dump(PATH);
    BOOST_REQUIRE(!again);
    BOOST_TEST(again.Error().code == -8);
    BOOST_TEST(again.Error().message == "/state.dat exists already; remove it or choose another name");
    Node empty(source.params);
    BOOST_REQUIRE_EQUAL(empty.Open(), "");
    BOOST_TEST(!empty.chain->Snapshots().Dump(PATH));
    source.node.files.SetQuota(1);
    const auto full = source.node.chain->Snapshots().Dump("/other.dat");
    BOOST_REQUIRE(!full);
    BOOST_TEST(full.Error().message.find("no space left on the disk") != std::string::npos);
    source.node.files.SetQuota(0);
    BOOST_TEST(!source.node.files.Exists("/other.dat"));
    BOOST_TEST(!source.node.files.Exists("/other.dat.incomplete"));
    BOOST_TEST(!source.node.chain->Stopped());
}

BOOST_AUTO_TEST_CASE(cut_off_or_changed_anywhere)
{
    Source source(6);
    (void)source.Dump();
    const auto whole = source.FileOf();
    BOOST_TEST(!FaultOf(whole, source.params));
    for (size_t n = 0; n < whole.size(); ++n)
        BOOST_REQUIRE_MESSAGE(FaultOf(base::ByteSpan(whole).first(n), source.params), "cut off at " << n);
    for (size_t n = 0; n < whole.size(); ++n) {
        auto changed = whole;
        changed[n] ^= static_cast<uint8_t>(1 + n % 255);
        BOOST_REQUIRE_MESSAGE(FaultOf(changed, source.params), "changed at " << n);
    }
    auto longer = whole;
    longer.push_back(0);
    BOOST_TEST((FaultOf(longer, source.params) == SnapshotError::Malformed));
}

/// Everything is wrong but the checksum.
BOOST_AUTO_TEST_CASE(wrong_though_the_checksum_is_right)
{
    Source source;
    (void)source.Dump();
    const auto fault = [&](const std::function<void(Parts&)>& change) {
        Parts parts(source, source.node.files);
        change(parts);
        return FaultOf(parts.File(), source.params);
    };
    BOOST_TEST((fault([](Parts& p) { ++p.format; }) == SnapshotError::NewerFormat));
    BOOST_TEST((fault([](Parts& p) { --p.format; }) == SnapshotError::Malformed));
    BOOST_TEST((fault([](Parts& p) { p.format = 0; }) == SnapshotError::Malformed));
    BOOST_TEST((fault([](Parts& p) { p.head.magic_be ^= 1; }) == SnapshotError::WrongNetwork));
    BOOST_TEST((fault([](Parts& p) { p.head.base.bytes[0] ^= 1; }) == SnapshotError::Malformed));
    BOOST_TEST((fault([](Parts& p) { ++p.head.supply; }) == SnapshotError::Malformed));
    BOOST_TEST((fault([](Parts& p) { p.head.supply = -1; }) == SnapshotError::Malformed));
    BOOST_TEST((fault([](Parts& p) { p.head.chain_tx_count = 0; }) == SnapshotError::Malformed));
    BOOST_TEST((fault([](Parts& p) { p.head.height = 0; }) == SnapshotError::Malformed));
    BOOST_TEST((fault([](Parts& p) { p.head.height = INT32_MAX; }) == SnapshotError::Truncated));
    BOOST_TEST((fault([](Parts& p) { std::swap(p.content.coins[3], p.content.coins[4]); }) ==
                SnapshotError::Malformed));
    BOOST_TEST(
        (fault([](Parts& p) { p.content.coins[3] = p.content.coins[4]; }) == SnapshotError::Malformed));
    BOOST_TEST((fault([](Parts& p) { p.content.coins[3].second.resize(12); }) == SnapshotError::Malformed));
    BOOST_TEST((fault([](Parts& p) { p.content.coins[3].second[12] = 4; }) == SnapshotError::Malformed));
    BOOST_TEST(
        (fault([](Parts& p) { p.content.coins[3].second.resize(20'000); }) == SnapshotError::Malformed));
    BOOST_TEST((fault([](Parts& p) { p.content.headers[1].time += 1; }) == SnapshotError::Malformed));
    BOOST_TEST((fault([](Parts& p) { std::swap(p.content.headers[1], p.content.headers[2]); }) ==
                SnapshotError::Malformed));
    BOOST_TEST((fault([](Parts& p) { p.content.names.begin()->second.born_height = 0; }) ==
                SnapshotError::Malformed));
    BOOST_TEST((fault([](Parts& p) { p.content.names.begin()->second.updated_height = p.head.height + 1; }) ==
                SnapshotError::Malformed));
    BOOST_TEST((fault([](Parts& p) { p.content.names.begin()->second.value.resize(70'000); }) ==
                SnapshotError::Malformed));
    BOOST_TEST((fault([](Parts& p) {
                    auto record = p.content.names.begin()->second;
                    p.content.names.emplace(std::string(513, 'n'), record);
                }) == SnapshotError::Malformed));
    BOOST_TEST(!fault([](Parts&) {}));
}

/// Watermarks travel too, in order, and are part of both hashes.
BOOST_AUTO_TEST_CASE(watermarks)
{
    Source source;
    (void)source.Dump();
    Parts parts(source, source.node.files);
    const auto hashes = [&](const Parts& of) {
        storage::MemoryFiles files;
        WriteFile(files, of.File());
        auto reader = SnapshotReader::Open(files, PATH, source.params.magic_be);
        BOOST_REQUIRE(reader);
        Kept kept;
        const auto read = reader->Read(source.params.genesis_hash, kept);
        BOOST_REQUIRE(read);
        BOOST_TEST((kept.watermarks == of.content.watermarks));
        return std::make_pair(read->names, read->state);
    };
    const auto without = hashes(parts);
    parts.content.watermarks = {{{{1000, 0}, {1001, 0}}, 5}, {{{1000, 1}, {1001, 0}}, 4}};
    const auto with = hashes(parts);
    BOOST_TEST((with.first != without.first));
    BOOST_TEST((with.second != without.second));
    ++parts.content.watermarks[1].end;
    BOOST_TEST((hashes(parts).first != with.first));
    std::swap(parts.content.watermarks[0], parts.content.watermarks[1]);
    BOOST_TEST((FaultOf(parts.File(), source.params) == SnapshotError::Malformed));
    parts.content.watermarks.pop_back();
    parts.extra_watermarks = 1;
    BOOST_TEST((FaultOf(parts.File(), source.params) == SnapshotError::Truncated));
    parts.extra_watermarks = UINT64_MAX / 2;
    BOOST_TEST((FaultOf(parts.File(), source.params) == SnapshotError::Truncated));
}

BOOST_AUTO_TEST_CASE(mixed_up_counts)
{
    Source source;
    (void)source.Dump();
    const Parts parts(source, source.node.files);
    const uint64_t coins = parts.content.coins.size();
    const uint64_t names = parts.content.names.size();
    BOOST_TEST(names > 3U);
    const std::pair<uint64_t, uint64_t> wrong[] = {
        {coins - 1, names},     {coins + 1, names},          {coins, names - 1}, {coins, names + 1},
        {coins + 1, names - 1}, {coins - 1, names + 1},      {names, coins},     {0, 0},
        {UINT64_MAX, names},    {coins, UINT64_MAX},         {coins << 40, 0},   {UINT64_MAX / 38, 0},
        {0, coins + names},     {UINT64_MAX, UINT64_MAX - 1}};
    for (const auto& counts : wrong)
        BOOST_REQUIRE_MESSAGE(FaultOf(parts.File(counts), source.params),
                              counts.first << " coins, " << counts.second << " names");
}

BOOST_AUTO_TEST_CASE(one_other_coin_is_another_state)
{
    Source source;
    const auto info = source.Dump();
    Parts parts(source, source.node.files);
    // The two richest of different owners change places: the sum stays.
    auto& coins = parts.content.coins;
    size_t other = 1;
    while (coins[other].second == coins[0].second)
        ++other;
    std::swap(coins[0].second, coins[other].second);
    storage::MemoryFiles files;
    WriteFile(files, parts.File());
    auto reader = SnapshotReader::Open(files, PATH, source.params.magic_be);
    BOOST_REQUIRE(reader);
    Kept kept;
    const auto read = reader->Read(source.params.genesis_hash, kept);
    BOOST_REQUIRE(read);
    BOOST_TEST((read->state != info.state_hash));
    BOOST_TEST((read->names == info.name_hash));
}

BOOST_AUTO_TEST_CASE(power_cut_while_dumping)
{
    Source source(10);
    const uint64_t before = source.node.files.Syncs();
    (void)source.Dump("/calm.dat");
    BOOST_TEST(source.node.files.Syncs() > before);
    source.node.files.CutPowerAtSync(1);
    BOOST_TEST(!source.node.chain->Snapshots().Dump("/cut.dat"));
    source.node.Close();
    source.node.files.Restart();
    BOOST_TEST(!source.node.files.Exists("/cut.dat")); // an incomplete one may lie there, under its own name
    BOOST_REQUIRE_EQUAL(source.node.Open(), "");
    BOOST_TEST(source.Dump("/cut.dat").coins > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
