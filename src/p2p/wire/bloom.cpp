#include "p2p/wire/bloom.h"

namespace emc::p2p {
namespace {

/// Transactions a block can have at most: 4,000,000 bytes of the smallest ones.
constexpr uint32_t MAX_TRANSACTIONS = MAX_PAYLOAD_BYTES / MIN_TRANSACTION_BYTES;
/// A tree over n leaves has fewer than 2n nodes and some more for odd levels; a flag bit for each.
constexpr size_t MAX_TREE_NODES = 2 * MAX_TRANSACTIONS + 32;

} // namespace

void FilterLoad::Write(codec::Writer& out) const
{
    out.Sized(filter);
    out.U32(functions);
    out.U32(tweak);
    out.U8(flags);
}

void FilterLoad::Read(FieldReader& in)
{
    const base::ByteSpan bytes = in.Sized("filter", MAX_BLOOM_BYTES);
    filter.assign(bytes.begin(), bytes.end());
    functions = in.Field("functions").U32();
    in.Require(functions <= MAX_BLOOM_FUNCTIONS, WireFault::OverLimit, MAX_BLOOM_FUNCTIONS);
    tweak = in.Field("tweak").U32();
    flags = in.Field("flags").U8();
}

void FilterAdd::Write(codec::Writer& out) const
{
    out.Sized(element);
}

void FilterAdd::Read(FieldReader& in)
{
    const base::ByteSpan bytes = in.Sized("element", MAX_BLOOM_ELEMENT_BYTES);
    element.assign(bytes.begin(), bytes.end());
}

void MerkleBlock::Write(codec::Writer& out) const
{
    primitives::Write(out, header);
    out.U32(transactions);
    out.CompactSize(hashes.size());
    for (const base::Hash256& hash : hashes)
        out.Raw(hash.Span());
    out.Sized(flags);
}

void MerkleBlock::Read(FieldReader& in)
{
    header = primitives::ReadBlockHeader(in.Field("header"));
    transactions = in.Field("transactions").U32();
    in.Require(transactions <= MAX_TRANSACTIONS, WireFault::OverLimit, MAX_TRANSACTIONS);
    hashes.resize(in.Count("hashes", transactions, base::Hash256::SIZE));
    for (base::Hash256& hash : hashes)
        hash = in.Field("hashes").Hash();
    const base::ByteSpan bits = in.Sized("flags", (MAX_TREE_NODES + 7) / 8);
    flags.assign(bits.begin(), bits.end());
}

} // namespace emc::p2p
