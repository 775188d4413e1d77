#include "p2p/wire/compact.h"

namespace emc::p2p {
namespace {

constexpr uint64_t LAST_POSITION = MAX_COMPACT_TRANSACTIONS - 1;

/// Rising positions travel as the distance from the one before, less one.
class PositionReader
{
public:
    uint16_t Next(FieldReader& in)
    {
        const uint64_t distance = in.Field("position").CompactSize(UINT64_MAX);
        in.Require(distance <= LAST_POSITION && m_next + distance <= LAST_POSITION, WireFault::OverLimit,
                   LAST_POSITION);
        if (!in.Ok()) return 0;
        const uint64_t position = m_next + distance;
        m_next = position + 1;
        return static_cast<uint16_t>(position);
    }

private:
    uint64_t m_next = 0;
};

class PositionWriter
{
public:
    void Write(codec::Writer& out, uint16_t position)
    {
        out.CompactSize(position - m_next);
        m_next = position + 1u;
    }

private:
    uint32_t m_next = 0;
};

} // namespace

void CompactBlock::Write(codec::Writer& out) const
{
    primitives::Write(out, header);
    out.U64(nonce);
    out.CompactSize(short_ids.size());
    for (const uint64_t id : short_ids) {
        out.U32(static_cast<uint32_t>(id));
        out.U16(static_cast<uint16_t>(id >> 32));
    }
    out.CompactSize(prefilled.size());
    PositionWriter positions;
    for (const PrefilledTx& entry : prefilled) {
        positions.Write(out, entry.position);
        primitives::Write(out, entry.tx->Fields(), primitives::WitnessMode::With);
    }
}

void CompactBlock::Read(FieldReader& in)
{
    header = primitives::ReadBlockHeader(in.Field("header"));
    nonce = in.Field("nonce").U64();
    short_ids.resize(in.Count("short ids", MAX_COMPACT_TRANSACTIONS, SHORT_ID_BYTES));
    for (uint64_t& id : short_ids) {
        const uint64_t low = in.Field("short id").U32();
        id = static_cast<uint64_t>(in.Field("short id").U16()) << 32 | low;
    }
    const size_t count =
        in.Count("prefilled", MAX_COMPACT_TRANSACTIONS - short_ids.size(), 1 + MIN_TRANSACTION_BYTES);
    const size_t total = short_ids.size() + count;
    PositionReader positions;
    for (size_t i = 0; i < count && in.Ok(); ++i) {
        PrefilledTx entry;
        entry.position = positions.Next(in);
        in.Require(entry.position < total, WireFault::OverLimit, total - 1);
        entry.tx = primitives::ReadTx(in.Field("transaction"));
        prefilled.push_back(std::move(entry));
    }
}

void GetBlockTxn::Write(codec::Writer& out) const
{
    out.Raw(block.Span());
    out.CompactSize(positions.size());
    PositionWriter writer;
    for (const uint16_t position : positions)
        writer.Write(out, position);
}

void GetBlockTxn::Read(FieldReader& in)
{
    block = in.Field("block").Hash();
    positions.resize(in.Count("count", MAX_COMPACT_TRANSACTIONS, 1));
    PositionReader reader;
    for (uint16_t& position : positions)
        position = reader.Next(in);
}

void BlockTxn::Write(codec::Writer& out) const
{
    out.Raw(block.Span());
    out.CompactSize(transactions.size());
    for (const primitives::TxRef& tx : transactions)
        primitives::Write(out, tx->Fields(), primitives::WitnessMode::With);
}

void BlockTxn::Read(FieldReader& in)
{
    block = in.Field("block").Hash();
    const size_t count = in.Count("count", MAX_COMPACT_TRANSACTIONS, MIN_TRANSACTION_BYTES);
    transactions.reserve(count);
    for (size_t i = 0; i < count && in.Ok(); ++i)
        transactions.push_back(primitives::ReadTx(in.Field("transaction")));
}

} // namespace emc::p2p
