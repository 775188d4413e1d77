// Counts that lie: a few bytes which say that millions of items follow must not make the reader ask for
// memory.
#include "chain/snapshot_file.h"
#include "chain/undo.h"
#include "unit/chain/node.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

/// Of this program, since it was last set to 0.
std::atomic<size_t> g_largest_request{0};

void* Allocate(size_t bytes)
{
    size_t seen = g_largest_request.load(std::memory_order_relaxed);
    while (bytes > seen && !g_largest_request.compare_exchange_weak(seen, bytes)) {
    }
    if (void* out = std::malloc(bytes == 0 ? 1 : bytes)) return out;
    throw std::bad_alloc();
}

} // namespace

void* operator new(size_t bytes)
{
    return Allocate(bytes);
}

void* operator new[](size_t bytes)
{
    return Allocate(bytes);
}

void operator delete(void* what) noexcept
{
    std::free(what);
}

void operator delete[](void* what) noexcept
{
    std::free(what);
}

void operator delete(void* what, size_t) noexcept
{
    std::free(what);
}

void operator delete[](void* what, size_t) noexcept
{
    std::free(what);
}

namespace emc::test {
namespace {

using base::Bytes;
using base::ByteSpan;

/// A reader may ask for this much for itself, or for some times the bytes it was given.
constexpr size_t ALLOWED_BYTES = 65'536;
constexpr size_t ALLOWED_TIMES = 64;

/// Puts numbers of every length in place of each byte of `good` and behind a cut there; `read` must not ask
/// for more than the bytes at hand can justify. Returns how many were tried.
template <typename Read>
size_t TryLies(const Bytes& good, const Read& read, size_t own_bytes = 0)
{
    static const std::vector<Bytes> LIES{
        {0xfd, 0xff, 0xff},
        {0xfe, 0xff, 0xff, 0xff, 0x01},
        {0xfe, 0xff, 0xff, 0xff, 0x7f},
        {0xfe, 0xff, 0xff, 0xff, 0xff},
        {0xff, 0, 0, 0, 0, 1, 0, 0, 0},
        {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
        {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
    };
    size_t tried = 0;
    const size_t allowed = own_bytes + std::max(ALLOWED_BYTES, good.size() * ALLOWED_TIMES);
    for (size_t at = 0; at < good.size(); ++at) {
        for (const auto& lie : LIES) {
            for (const bool cut : {false, true}) {
                Bytes bomb(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(at));
                bomb.insert(bomb.end(), lie.begin(), lie.end());
                if (!cut)
                    bomb.insert(bomb.end(), good.begin() + static_cast<std::ptrdiff_t>(at) + 1, good.end());
                g_largest_request = 0;
                read(bomb);
                const size_t asked = g_largest_request;
                if (asked > allowed) {
                    BOOST_ERROR("byte " << at << ", " << base::Hex(lie) << (cut ? " and cut" : "") << ": "
                                        << asked << " bytes asked for at once");
                    return tried;
                }
                ++tried;
            }
        }
    }
    return tried;
}

/// A small chain with a merged-mining proof's worth of everything.
struct Samples {
    Samples()
    {
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        const Made* walk = &tree.Genesis();
        for (int i = 0; i < 8; ++i) {
            walk = &tree.Grow(*walk, 3);
            BOOST_REQUIRE(node.chain->AcceptBlock(walk->block).outcome == chain::Outcome::Accepted);
            if (walk->block->transactions.size() > 2) last = walk->block;
        }
        BOOST_REQUIRE(last != nullptr);
    }

    const consensus::Params params = QuickRegtest();
    Node node{params};
    Tree tree{params, 12};
    BlockRef last;
};

primitives::AuxPow Proof()
{
    primitives::AuxPow proof;
    primitives::MutableTransaction coinbase;
    coinbase.inputs.push_back({{}, Bytes(80, 0x11), 0, {}});
    coinbase.outputs.push_back({0, Bytes(25, 0x51)});
    proof.coinbase = primitives::MakeTx(coinbase);
    proof.coinbase_branch.assign(3, {});
    proof.chain_branch.assign(2, {});
    return proof;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(bombs, Samples)

BOOST_AUTO_TEST_CASE(the_count_works)
{
    g_largest_request = 0;
    const Bytes bytes(123'456, 1);
    BOOST_TEST(bytes.back() == 1);
    BOOST_TEST(g_largest_request >= 123'456U);
}

BOOST_AUTO_TEST_CASE(blocks_and_transactions)
{
    size_t tried = TryLies(primitives::Serialize(*last),
                           [](ByteSpan in) { static_cast<void>(primitives::ParseBlock(in)); });
    for (const auto& tx : last->transactions) {
        Bytes bytes;
        codec::Writer writer(bytes);
        primitives::Write(writer, tx->Fields(), primitives::WitnessMode::With);
        tried += TryLies(bytes, [](ByteSpan in) { static_cast<void>(primitives::ParseTransaction(in)); });
    }
    BOOST_TEST_MESSAGE(tried << " lies");
    BOOST_TEST(tried > 10'000U);
}

BOOST_AUTO_TEST_CASE(merged_mining_proofs)
{
    Bytes bytes;
    codec::Writer writer(bytes);
    primitives::Write(writer, Proof());
    codec::Reader whole(bytes);
    static_cast<void>(primitives::ReadAuxPow(whole));
    BOOST_REQUIRE(whole.Done());
    const size_t tried = TryLies(bytes, [](ByteSpan in) {
        codec::Reader reader(in);
        static_cast<void>(primitives::ReadAuxPow(reader));
    });
    BOOST_TEST(tried > 1'000U);
}

BOOST_AUTO_TEST_CASE(undo_records_and_rows)
{
    chain::BlockUndo undo;
    primitives::Coin coin;
    coin.height = 1;
    coin.out.value = 5;
    undo.spent = {{}, {coin, coin}};
    names::NameDelta delta;
    delta.name = "name";
    delta.before = names::NameRecord{};
    delta.before->value = Bytes(30, 'v');
    undo.names.push_back(delta);
    const auto undo_bytes = chain::EncodeUndo(undo);
    BOOST_REQUIRE(chain::DecodeUndo(undo_bytes));
    size_t tried = TryLies(undo_bytes, [](ByteSpan in) { static_cast<void>(chain::DecodeUndo(in)); });

    Bytes record;
    codec::Writer writer(record);
    names::Write(writer, *delta.before);
    tried += TryLies(record, [](ByteSpan in) {
        codec::Reader reader(in);
        static_cast<void>(names::ReadNameRecord(reader));
    });

    storage::FollowerUndoRow follower;
    follower.keys = {Bytes(3, 1), Bytes(5, 2)};
    tried += TryLies(storage::Encode(follower),
                     [](ByteSpan in) { static_cast<void>(storage::DecodeFollowerUndo(in)); });
    storage::HistoryRow history;
    history.kind = 1;
    history.value = Bytes(20, 1);
    tried +=
        TryLies(storage::Encode(history), [](ByteSpan in) { static_cast<void>(storage::DecodeHistory(in)); });
    BOOST_TEST(tried > 2'000U);
}

BOOST_AUTO_TEST_CASE(snapshot_files)
{
    constexpr auto PATH = "/bomb/state.dat";
    constexpr size_t READ_BUFFER_BYTES = size_t{4} << 20; // of the reader itself, and of the files in memory

    class Ignore final : public chain::SnapshotSink
    {
    public:
        chain::SnapshotResult<void> OnHeader(const primitives::PlainHeader&) override { return {}; }

        chain::SnapshotResult<void> OnCoin(ByteSpan, ByteSpan) override { return {}; }

        chain::SnapshotResult<void> OnName(std::string_view, const names::NameRecord&, ByteSpan) override
        {
            return {};
        }

        chain::SnapshotResult<void> OnWatermark(const reward::Watermark&) override { return {}; }

        chain::SnapshotResult<void> OnProgress(uint64_t) override { return {}; }
    };

    BOOST_REQUIRE(node.files.MakeDirectories("/bomb"));
    BOOST_REQUIRE(node.chain->Snapshots().Dump(PATH));
    const auto whole = storage::ReadWholeFile(node.files, PATH);
    BOOST_REQUIRE(whole);
    // The head with its counts, and the first coin's row.
    const Bytes front(whole->begin(), whole->begin() + 120);
    const size_t tried = TryLies(
        front,
        [&](ByteSpan in) {
            storage::MemoryFiles files;
            BOOST_REQUIRE(files.MakeDirectories("/bomb"));
            {
                const auto file = files.Open(PATH, storage::OpenMode::Create);
                BOOST_REQUIRE(file);
                BOOST_REQUIRE((*file)->Write(0, in));
            }
            auto reader = chain::SnapshotReader::Open(files, PATH, params.magic_be);
            Ignore sink;
            if (reader) BOOST_TEST(!reader->Read(params.genesis_hash, sink));
        },
        READ_BUFFER_BYTES);
    BOOST_TEST(tried > 1'000U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
