#include "primitives/block.h"

#include "crypto/sha256.h"

namespace emc::primitives {
namespace {

constexpr size_t HEADER_BYTES = 80;
constexpr size_t MIN_TRANSACTION_BYTES = 4 + 1 + 1 + 4;
constexpr uint64_t MAX_BRANCH_HASHES = 30;

void WriteBranch(codec::Writer& out, const std::vector<Hash256>& branch)
{
    out.CompactSize(branch.size());
    for (const Hash256& hash : branch)
        out.Raw(hash.Span());
}

std::vector<Hash256> ReadBranch(codec::Reader& in)
{
    std::vector<Hash256> branch(static_cast<size_t>(in.CompactSize(MAX_BRANCH_HASHES)));
    for (Hash256& hash : branch)
        hash = in.Hash();
    return branch;
}

size_t BranchSize(const std::vector<Hash256>& branch)
{
    return codec::CompactSizeBytes(branch.size()) + branch.size() * Hash256::SIZE;
}

} // namespace

Hash256 PlainHeader::Hash() const
{
    Bytes buffer;
    buffer.reserve(HEADER_BYTES);
    codec::Writer out(buffer);
    Write(out, *this);
    return crypto::Sha256d(buffer);
}

void Write(codec::Writer& out, const PlainHeader& header)
{
    out.I32(header.version);
    out.Raw(header.prev_hash.Span());
    out.Raw(header.merkle_root.Span());
    out.U32(header.time);
    out.U32(header.bits);
    out.U32(header.nonce);
}

void Write(codec::Writer& out, const AuxPow& proof)
{
    Write(out, proof.coinbase->Fields(), WitnessMode::Without);
    out.Raw(proof.parent_hash.Span());
    WriteBranch(out, proof.coinbase_branch);
    out.U32(proof.coinbase_index);
    WriteBranch(out, proof.chain_branch);
    out.U32(proof.chain_index);
    Write(out, proof.parent);
}

void Write(codec::Writer& out, const BlockHeader& header)
{
    Write(out, static_cast<const PlainHeader&>(header));
    if (header.IsAuxPow()) {
        EMC_CHECK(header.auxpow != nullptr);
        Write(out, *header.auxpow);
    }
}

void Write(codec::Writer& out, const Block& block, WitnessMode mode)
{
    Write(out, block.header);
    out.CompactSize(block.transactions.size());
    for (const TxRef& tx : block.transactions)
        Write(out, tx->Fields(), mode);
}

PlainHeader ReadPlainHeader(codec::Reader& in)
{
    PlainHeader header;
    header.version = in.I32();
    header.prev_hash = in.Hash();
    header.merkle_root = in.Hash();
    header.time = in.U32();
    header.bits = in.U32();
    header.nonce = in.U32();
    return header;
}

AuxPow ReadAuxPow(codec::Reader& in)
{
    const size_t start = in.Position();
    AuxPow proof;
    proof.coinbase = ReadTx(in, WitnessMode::Without);
    if (proof.coinbase == nullptr || proof.coinbase->Inputs().empty())
        in.Fail(); // a witness marker reads as "no inputs"
    proof.parent_hash = in.Hash();
    proof.coinbase_branch = ReadBranch(in);
    proof.coinbase_index = in.U32();
    proof.chain_branch = ReadBranch(in);
    proof.chain_index = in.U32();
    proof.parent = ReadPlainHeader(in);
    if (in.Position() - start > MAX_AUXPOW_BYTES) in.Fail();
    return proof;
}

BlockHeader ReadBlockHeader(codec::Reader& in)
{
    BlockHeader header;
    static_cast<PlainHeader&>(header) = ReadPlainHeader(in);
    if (header.IsAuxPow()) header.auxpow = std::make_shared<const AuxPow>(ReadAuxPow(in));
    return header;
}

Block ReadBlock(codec::Reader& in)
{
    Block block;
    block.header = ReadBlockHeader(in);
    const size_t count = in.Count(MIN_TRANSACTION_BYTES);
    block.transactions.reserve(count);
    for (size_t i = 0; i < count && in.Ok(); ++i) {
        TxRef tx = ReadTx(in);
        if (tx != nullptr) block.transactions.push_back(std::move(tx));
    }
    return block;
}

Bytes Serialize(const Block& block, WitnessMode mode)
{
    size_t size =
        HEADER_BYTES + AuxPowSize(block.header) + codec::CompactSizeBytes(block.transactions.size());
    for (const TxRef& tx : block.transactions)
        size += mode == WitnessMode::With ? tx->TotalSize() : tx->BaseSize();
    Bytes out;
    out.reserve(size);
    codec::Writer writer(out);
    Write(writer, block, mode);
    return out;
}

Bytes Serialize(const BlockHeader& header)
{
    Bytes out;
    codec::Writer writer(out);
    Write(writer, header);
    return out;
}

BlockRef ParseBlock(ByteSpan in)
{
    codec::Reader reader(in);
    Block block = ReadBlock(reader);
    return reader.Done() ? std::make_shared<const Block>(std::move(block)) : nullptr;
}

size_t AuxPowSize(const BlockHeader& header)
{
    if (header.auxpow == nullptr) return 0;
    const AuxPow& proof = *header.auxpow;
    constexpr size_t INDEX_BYTES = 4;
    return proof.coinbase->BaseSize() + Hash256::SIZE + BranchSize(proof.coinbase_branch) + INDEX_BYTES +
           BranchSize(proof.chain_branch) + INDEX_BYTES + HEADER_BYTES;
}

size_t BlockWeight(const Block& block)
{
    constexpr size_t UNITS_A_BYTE = 4;
    const size_t count_bytes = codec::CompactSizeBytes(block.transactions.size());
    size_t weight = UNITS_A_BYTE * (HEADER_BYTES + AuxPowSize(block.header) + count_bytes);
    for (const TxRef& tx : block.transactions)
        weight += tx->Weight();
    return weight;
}

} // namespace emc::primitives
