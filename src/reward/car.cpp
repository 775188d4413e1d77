#include "reward/car.h"

#include "codec/base58.h"
#include "codec/writer.h"
#include "crypto/sha256.h"

#include <algorithm>

namespace emc::reward {

namespace {

using base::Bytes;
using base::ByteSpan;

constexpr uint8_t CID_VERSION = 1;
constexpr uint8_t CODEC_RAW = 0x55;
constexpr uint8_t CODEC_DAG_PB = 0x70;
constexpr std::array<uint8_t, 2> SHA2_256{0x12, 0x20}; ///< its code and its length
constexpr size_t CID_BYTES = 2 + SHA2_256.size() + base::Hash256::SIZE;
constexpr size_t MAX_HEADER_BYTES = 1'024;
constexpr size_t MAX_VARINT_BYTES = 9;

/// Multiformats' unsigned varint: 7 bits a byte, the least significant first.
void PutVarint(Bytes& out, uint64_t value)
{
    constexpr uint8_t MORE = 0x80;
    for (; value >= MORE; value >>= 7)
        out.push_back(static_cast<uint8_t>(value | MORE));
    out.push_back(static_cast<uint8_t>(value));
}

std::optional<uint64_t> TakeVarint(ByteSpan& in)
{
    uint64_t value = 0;
    for (size_t i = 0; i < std::min(in.size(), MAX_VARINT_BYTES); ++i) {
        value |= uint64_t{in[i] & 0x7fu} << (7 * i);
        if ((in[i] & 0x80u) != 0) continue;
        in = in.subspan(i + 1);
        return value;
    }
    return std::nullopt;
}

Bytes CidOf(uint8_t codec, ByteSpan block)
{
    Bytes cid{CID_VERSION, codec, SHA2_256[0], SHA2_256[1]};
    const base::Hash256 hash = crypto::Sha256Of(block);
    cid.insert(cid.end(), hash.begin(), hash.end());
    return cid;
}

std::string CidText(ByteSpan cid)
{
    return "b" + codec::Base32Encode(cid);
}

/// A section of a CAR file: its length, then what is given.
void PutSection(Bytes& out, ByteSpan cid, ByteSpan block)
{
    codec::Writer writer(out);
    PutVarint(out, cid.size() + block.size());
    writer.Raw(cid);
    writer.Raw(block);
}

/// A field of a protobuf message: bytes or a number.
void PutField(Bytes& out, uint8_t number, ByteSpan value)
{
    constexpr uint8_t SIZED = 2;
    out.push_back(static_cast<uint8_t>(number << 3 | SIZED));
    PutVarint(out, value.size());
    out.insert(out.end(), value.begin(), value.end());
}

void PutField(Bytes& out, uint8_t number, uint64_t value)
{
    out.push_back(static_cast<uint8_t>(number << 3));
    PutVarint(out, value);
}

std::vector<ByteSpan> BlocksOf(ByteSpan data)
{
    std::vector<ByteSpan> out;
    for (size_t at = 0; at < data.size(); at += CAR_BLOCK_BYTES)
        out.push_back(data.subspan(at, std::min(CAR_BLOCK_BYTES, data.size() - at)));
    return out;
}

/// The dag-pb node of a UnixFS file over these blocks: links first, then the file's data.
Bytes FileNode(const std::vector<ByteSpan>& blocks, const std::vector<Bytes>& cids, size_t size)
{
    constexpr uint64_t UNIXFS_FILE = 2;
    Bytes file;
    PutField(file, 1, UNIXFS_FILE);
    PutField(file, 3, uint64_t{size});
    Bytes out;
    for (size_t i = 0; i < blocks.size(); ++i) {
        PutField(file, 4, uint64_t{blocks[i].size()});
        Bytes link;
        PutField(link, 1, cids[i]);
        PutField(link, 2, ByteSpan{}); // without a name
        PutField(link, 3, uint64_t{blocks[i].size()});
        PutField(out, 2, link);
    }
    PutField(out, 1, file);
    return out;
}

/// DAG-CBOR {"roots": [CID], "version": 1}
Bytes CarHeader(ByteSpan cid)
{
    constexpr uint8_t MAP_OF_2 = 0xa2;
    constexpr uint8_t LIST_OF_1 = 0x81;
    constexpr uint8_t TEXT = 0x60;
    constexpr std::array<uint8_t, 2> LINK_TAG{0xd8, 42};
    constexpr uint8_t BYTES_SIZED = 0x58;
    Bytes out;
    codec::Writer writer(out);
    const auto put_text = [&](std::string_view text) {
        writer.U8(static_cast<uint8_t>(TEXT | text.size()));
        writer.Raw(base::AsBytes(text));
    };
    writer.U8(MAP_OF_2);
    put_text("roots");
    writer.U8(LIST_OF_1);
    writer.Raw(LINK_TAG);
    writer.U8(BYTES_SIZED);
    writer.U8(static_cast<uint8_t>(cid.size() + 1));
    writer.U8(0); // multibase's mark for plain bytes
    writer.Raw(cid);
    put_text("version");
    writer.U8(1);
    return out;
}

} // namespace

CarFile MakeCar(ByteSpan data)
{
    CarFile out;
    if (data.size() <= CAR_BLOCK_BYTES) {
        const Bytes cid = CidOf(CODEC_RAW, data);
        PutSection(out.bytes, CarHeader(cid), {});
        PutSection(out.bytes, cid, data);
        out.cid = CidText(cid);
        return out;
    }
    const auto blocks = BlocksOf(data);
    std::vector<Bytes> cids;
    for (const ByteSpan block : blocks)
        cids.push_back(CidOf(CODEC_RAW, block));
    const Bytes node = FileNode(blocks, cids, data.size());
    const Bytes root = CidOf(CODEC_DAG_PB, node);
    PutSection(out.bytes, CarHeader(root), {});
    PutSection(out.bytes, root, node);
    for (size_t i = 0; i < blocks.size(); ++i)
        PutSection(out.bytes, cids[i], blocks[i]);
    out.cid = CidText(root);
    return out;
}

bool IsCar(ByteSpan file)
{
    constexpr std::string_view BEGINNING = "\xa2\x65roots"; // map of 2, text of 5
    const auto header_bytes = TakeVarint(file);
    return header_bytes && base::ToText(file.first(std::min(file.size(), BEGINNING.size()))) == BEGINNING;
}

std::optional<Bytes> ReadCar(ByteSpan file)
{
    const auto header_bytes = TakeVarint(file);
    if (!header_bytes || *header_bytes > std::min(file.size(), MAX_HEADER_BYTES)) return std::nullopt;
    const ByteSpan header = file.first(static_cast<size_t>(*header_bytes));
    file = file.subspan(header.size());
    Bytes data;
    std::optional<Bytes> root;
    while (!file.empty()) {
        const auto bytes = TakeVarint(file);
        if (!bytes || *bytes > file.size() || *bytes < CID_BYTES) return std::nullopt;
        const ByteSpan section = file.first(static_cast<size_t>(*bytes));
        file = file.subspan(section.size());
        const ByteSpan cid = section.first(CID_BYTES);
        const ByteSpan block = section.subspan(CID_BYTES);
        const Bytes wanted = CidOf(cid[1], block);
        if (!std::equal(cid.begin(), cid.end(), wanted.begin(), wanted.end())) return std::nullopt;
        if (!root) root = wanted;
        if (cid[1] == CODEC_RAW) data.insert(data.end(), block.begin(), block.end());
    }
    // The root names all that belongs to it: the same content has the same one.
    if (!root) return std::nullopt;
    const Bytes head = CarHeader(*root);
    if (!std::equal(head.begin(), head.end(), header.begin(), header.end())) return std::nullopt;
    if (MakeCar(data).cid != CidText(*root)) return std::nullopt;
    return data;
}

} // namespace emc::reward
