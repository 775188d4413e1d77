#include "p2p/wire/inventory.h"

namespace emc::p2p {
namespace {

constexpr size_t INV_ITEM_BYTES = 4 + 32;

} // namespace

void InvList::Write(codec::Writer& out) const
{
    out.CompactSize(items.size());
    for (const InvItem& item : items) {
        out.U32(static_cast<uint32_t>(item.kind));
        out.Raw(item.hash.Span());
    }
}

void InvList::Read(FieldReader& in)
{
    items.resize(in.Count("count", MAX_INVENTORY, INV_ITEM_BYTES));
    for (InvItem& item : items) {
        item.kind = static_cast<InvKind>(in.Field("kind").U32());
        item.hash = in.Field("hash").Hash();
    }
}

void TxMessage::Write(codec::Writer& out) const
{
    primitives::Write(out, tx->Fields(), mode);
}

void TxMessage::Read(FieldReader& in)
{
    codec::Reader& reader = in.Field("transaction");
    tx = primitives::ParseTransaction(reader.Take(reader.Remaining()));
    in.Require(tx != nullptr, WireFault::Malformed);
}

void BlockMessage::Write(codec::Writer& out) const
{
    primitives::Write(out, *block, mode);
}

void BlockMessage::Read(FieldReader& in)
{
    primitives::Block read;
    read.header = primitives::ReadBlockHeader(in.Field("header"));
    codec::Reader& reader = in.Field("transactions");
    const size_t count = reader.Count(MIN_TRANSACTION_BYTES);
    read.transactions.reserve(count);
    for (size_t i = 0; i < count && reader.Ok(); ++i)
        read.transactions.push_back(primitives::ReadTx(reader));
    block = std::make_shared<const primitives::Block>(std::move(read));
}

} // namespace emc::p2p
