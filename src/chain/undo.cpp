#include "chain/undo.h"

namespace emc::chain {
namespace {

constexpr uint8_t UNDO_VERSION = 2;
constexpr uint8_t UNDO_WITHOUT_WATERMARKS = 1;
constexpr size_t MIN_COIN_BYTES = 8 + 4 + 1 + 1;

void WriteCoin(codec::Writer& out, const primitives::Coin& coin)
{
    out.I64(coin.out.value);
    out.I32(coin.height);
    out.U8(static_cast<uint8_t>((coin.generated ? 1 : 0) | (coin.had_prefix ? 2 : 0)));
    out.Sized(coin.out.script_pubkey);
}

primitives::Coin ReadCoin(codec::Reader& in)
{
    primitives::Coin coin;
    coin.out.value = in.I64();
    coin.height = in.I32();
    const uint8_t flags = in.U8();
    coin.generated = (flags & 1) != 0;
    coin.had_prefix = (flags & 2) != 0;
    coin.out.script_pubkey = in.SizedBytes();
    if (flags > 3 || coin.out.value < 0 || coin.height < 0) in.Fail();
    return coin;
}

} // namespace

base::Bytes EncodeUndo(const BlockUndo& undo)
{
    base::Bytes out;
    codec::Writer writer(out);
    writer.U8(UNDO_VERSION);
    writer.I64(undo.supply_change);
    writer.CompactSize(undo.spent.size());
    for (const auto& coins : undo.spent) {
        writer.CompactSize(coins.size());
        for (const auto& coin : coins)
            WriteCoin(writer, coin);
    }
    writer.CompactSize(undo.names.size());
    for (const auto& delta : undo.names)
        names::WriteUndo(writer, delta);
    writer.CompactSize(undo.watermarks.size());
    for (const auto& delta : undo.watermarks)
        reward::WriteUndo(writer, delta);
    return out;
}

std::optional<BlockUndo> DecodeUndo(base::ByteSpan in)
{
    codec::Reader reader(in);
    const uint8_t version = reader.U8();
    if (version != UNDO_VERSION && version != UNDO_WITHOUT_WATERMARKS) return std::nullopt;
    BlockUndo undo;
    undo.supply_change = reader.I64();
    undo.spent.resize(reader.Count(1));
    for (auto& coins : undo.spent) {
        const size_t count = reader.Count(MIN_COIN_BYTES);
        coins.reserve(count);
        for (size_t i = 0; i < count && reader.Ok(); ++i)
            coins.push_back(ReadCoin(reader));
    }
    const size_t names = reader.Count(1);
    for (size_t i = 0; i < names && reader.Ok(); ++i)
        undo.names.push_back(names::ReadUndo(reader));
    const size_t watermarks = version == UNDO_VERSION ? reader.Count(reward::PAIR_BYTES + 1) : 0;
    for (size_t i = 0; i < watermarks && reader.Ok(); ++i)
        undo.watermarks.push_back(reward::ReadUndo(reader));
    if (!reader.Done()) return std::nullopt;
    return undo;
}

} // namespace emc::chain
