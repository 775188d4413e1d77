#include "chain/block_store.h"

#include "crypto/sha256.h"

#include <algorithm>

namespace emc::chain {
namespace {

constexpr uint64_t UNDO_CHUNK_PART = 16; // undo records are an order of magnitude smaller than blocks
constexpr uint64_t UNDO_FILE_PART = 8;   // so that an undo file is needed about as long as a block file

base::Hash256 Checksum(const base::Hash256& block, base::ByteSpan record)
{
    const auto first = crypto::Sha256().Write(block.Span()).Write(record).Finish();
    return crypto::Sha256Of(first.Span());
}

storage::FlatFiles::Options FileOptions(const ChainOptions& options, uint32_t magic_be)
{
    storage::FlatFiles::Options out;
    out.directory = options.blocks_dir;
    out.prefix = "blk";
    out.magic_be = magic_be;
    out.max_file_bytes = options.block_file_bytes;
    out.chunk_bytes = options.block_chunk_bytes;
    return out;
}

storage::FlatFiles::Options UndoOptions(const ChainOptions& options, uint32_t magic_be)
{
    auto out = FileOptions(options, magic_be);
    out.prefix = "rev";
    out.max_file_bytes /= UNDO_FILE_PART;
    out.chunk_bytes /= UNDO_CHUNK_PART;
    out.trailer_bytes = base::Hash256::SIZE;
    return out;
}

} // namespace

BlockStore::BlockStore(storage::FileSystem& files, const ChainOptions& options, uint32_t magic_be)
    : m_blocks(files, FileOptions(options, magic_be)), m_undo(files, UndoOptions(options, magic_be))
{}

storage::StorageResult<storage::FilePos> BlockStore::AppendBlock(base::ByteSpan serialized)
{
    return m_blocks.Append(serialized);
}

storage::StorageResult<storage::FilePos> BlockStore::AppendUndo(const base::Hash256& block,
                                                                const BlockUndo& undo)
{
    const auto record = EncodeUndo(undo);
    return m_undo.Append(record, Checksum(block, record).Span());
}

base::Unexpected<storage::StorageFailure> BlockStore::OtherBlock(storage::FilePos pos,
                                                                 const base::Hash256& hash) const
{
    return storage::Broken(storage::StorageError::Corrupt,
                           m_blocks.PathOf(pos.file) + " at offset " + std::to_string(pos.offset) +
                               " does not hold block " + base::ReversedHex(hash));
}

storage::StorageResult<primitives::BlockRef> BlockStore::ReadBlock(storage::FilePos pos,
                                                                   const base::Hash256& hash) const
{
    const auto record = m_blocks.Read(pos);
    if (!record) return base::Unexpected(record.Error());
    auto block = primitives::ParseBlock(record->payload);
    const bool right = block && block->header.Hash() == hash &&
                       primitives::BlockMerkleRoot(*block).root == block->header.merkle_root;
    if (!right) return OtherBlock(pos, hash);
    return block;
}

storage::StorageResult<base::Bytes> BlockStore::ReadBytes(storage::FilePos pos,
                                                          const base::Hash256& hash) const
{
    auto record = m_blocks.Read(pos);
    if (!record) return base::Unexpected(record.Error());
    codec::Reader reader(record->payload);
    const bool right = primitives::ReadPlainHeader(reader).Hash() == hash && reader.Ok();
    if (!right) return OtherBlock(pos, hash);
    return std::move(record->payload);
}

storage::StorageResult<BlockUndo> BlockStore::ReadUndo(storage::FilePos pos, const base::Hash256& block) const
{
    const auto record = m_undo.Read(pos);
    if (!record) return base::Unexpected(record.Error());
    const auto sum = Checksum(block, record->payload);
    auto undo = std::equal(sum.begin(), sum.end(), record->trailer.begin(), record->trailer.end())
                    ? DecodeUndo(record->payload)
                    : std::nullopt;
    if (!undo) {
        return storage::Broken(storage::StorageError::Corrupt, m_undo.PathOf(pos.file) + " at offset " +
                                                                   std::to_string(pos.offset) +
                                                                   ": the undo record's checksum is wrong");
    }
    return std::move(*undo);
}

storage::StorageResult<void> BlockStore::Sync()
{
    if (auto done = m_blocks.Sync(); !done) return done;
    return m_undo.Sync();
}

storage::StorageResult<void> BlockStore::Trim()
{
    if (auto done = m_blocks.Trim(); !done) return done;
    return m_undo.Trim();
}

storage::FileEndsRow BlockStore::Ends() const
{
    return {m_blocks.End(), m_undo.End()};
}

void BlockStore::SetEnds(const storage::FileEndsRow& ends)
{
    m_blocks.SetEnd(ends.blocks.file, ends.blocks.offset);
    m_undo.SetEnd(ends.undo.file, ends.undo.offset);
}

storage::StorageResult<void> BlockStore::Remove(std::span<const int32_t> blocks,
                                                std::span<const int32_t> undo)
{
    if (auto done = m_blocks.Remove(blocks); !done) return done;
    return m_undo.Remove(undo);
}

uint64_t BlockStore::DiskBytes() const
{
    return m_blocks.DiskBytes() + m_undo.DiskBytes();
}

} // namespace emc::chain
