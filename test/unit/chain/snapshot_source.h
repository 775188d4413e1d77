// Snapshots to read, to change and to load.
#pragma once

#include "chain/snapshot_file.h"
#include "chain/watermark_changes.h"
#include "unit/chain/node.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {

using chain::SnapshotError;
using chain::SnapshotHead;
using chain::SnapshotReader;
using chain::SnapshotResult;

inline constexpr const char* PATH = "/state.dat";

/// Keeps what a file holds.
struct Kept final : chain::SnapshotSink {
    SnapshotResult<void> OnHeader(const primitives::PlainHeader& header) override
    {
        headers.push_back(header);
        return {};
    }

    SnapshotResult<void> OnCoin(base::ByteSpan key, base::ByteSpan row) override
    {
        coins.emplace_back(base::Bytes(key.begin(), key.end()), base::Bytes(row.begin(), row.end()));
        return {};
    }

    SnapshotResult<void> OnName(std::string_view name, const names::NameRecord& record,
                                base::ByteSpan) override
    {
        names[std::string(name)] = record;
        return {};
    }

    SnapshotResult<void> OnWatermark(const reward::Watermark& watermark) override
    {
        watermarks.push_back(watermark);
        return {};
    }

    SnapshotResult<void> OnProgress(uint64_t) override { return {}; }

    std::vector<primitives::PlainHeader> headers;
    std::vector<std::pair<base::Bytes, base::Bytes>> coins;
    std::map<std::string, names::NameRecord> names;
    std::vector<reward::Watermark> watermarks;
};

/// A node that stands on a random chain with payments, live, expired and deleted names.
struct Source {
    explicit Source(int blocks = 40) : params(QuickRegtest()), tree(params, 99), node(params)
    {
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        tip = &tree.Genesis();
        for (int i = 0; i < blocks; ++i) {
            tip = &tree.Grow(*tip, 5);
            BOOST_REQUIRE((node.chain->AcceptBlock(tip->block).outcome == chain::Outcome::Accepted));
        }
    }

    interfaces::SnapshotInfo Dump(const std::string& path = PATH)
    {
        const auto done = node.chain->Snapshots().Dump(path);
        BOOST_REQUIRE_MESSAGE(done, (done ? "" : done.Error().message));
        return *done;
    }

    base::Bytes FileOf(const std::string& path = PATH)
    {
        auto bytes = storage::ReadWholeFile(node.files, path);
        BOOST_REQUIRE(bytes);
        return *bytes;
    }

    const consensus::Params params;
    Tree tree;
    Node node;
    const Made* tip = nullptr;
};

inline void WriteFile(storage::FileSystem& files, base::ByteSpan bytes)
{
    auto file = files.Open(PATH, storage::OpenMode::Create);
    BOOST_REQUIRE(file);
    BOOST_REQUIRE((*file)->Write(0, bytes));
}

/// What a file is made of, to be changed and put together again with a right checksum.
struct Parts {
    Parts(const Source& source, storage::FileSystem& files)
    {
        auto reader = SnapshotReader::Open(files, PATH, source.params.magic_be);
        BOOST_REQUIRE(reader);
        head = reader->Head();
        BOOST_REQUIRE(reader->Read(source.params.genesis_hash, content));
    }

    /// `counts`: written into the head instead of what there is.
    base::Bytes File(std::optional<std::pair<uint64_t, uint64_t>> counts = std::nullopt) const
    {
        base::Bytes body;
        codec::Writer writer(body);
        for (const auto& header : content.headers)
            primitives::Write(writer, header);
        for (const auto& [key, row] : content.coins) {
            writer.Raw(base::ByteSpan(key).subspan(1));
            writer.Sized(row);
        }
        for (const auto& [name, record] : content.names) {
            base::Bytes row;
            codec::Writer row_writer(row);
            names::Write(row_writer, record);
            writer.Sized(base::AsBytes(name));
            writer.Sized(row);
        }
        for (const auto& watermark : content.watermarks) {
            writer.Raw(base::ByteSpan(chain::WatermarkKeyOf(watermark.pair)).subspan(1));
            writer.Raw(chain::WatermarkRowOf(watermark.end));
        }
        base::Bytes out{'E', 'M', 'C', 'S', 'T', 'A', 'T', 0xfe};
        codec::Writer front(out);
        front.U32(format);
        front.U32Big(head.magic_be);
        front.Raw(head.base.Span());
        front.I32(head.height);
        front.U64(head.chain_tx_count);
        front.I64(head.supply);
        front.Raw(head.modifier.Span());
        front.U64(counts ? counts->first : content.coins.size());
        front.U64(counts ? counts->second : content.names.size());
        front.U64(content.watermarks.size() + extra_watermarks);
        const auto checksum = crypto::Sha256().Write(out).Write(crypto::Sha256Of(body).Span()).Finish();
        front.Raw(body);
        front.Raw(checksum.Span());
        return out;
    }

    uint32_t format = chain::SNAPSHOT_FORMAT;
    uint64_t extra_watermarks = 0; ///< in the head, and nowhere else
    SnapshotHead head;
    Kept content;
};

} // namespace emc::test
