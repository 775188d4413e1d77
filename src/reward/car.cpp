#include "reward/car.h"

#include "codec/base58.h"
#include "codec/writer.h"
#include "crypto/sha256.h"

namespace emc::reward {

namespace {

using base::Bytes;
using base::ByteSpan;

constexpr std::array<uint8_t, 4> CID_HEAD{0x01, 0x55, 0x12, 0x20}; ///< version 1, raw, sha2-256 of 32 bytes

/// Multiformats' unsigned varint: 7 bits a byte, the least significant first.
void PutVarint(Bytes& out, uint64_t value)
{
    constexpr uint8_t MORE = 0x80;
    for (; value >= MORE; value >>= 7)
        out.push_back(static_cast<uint8_t>(value | MORE));
    out.push_back(static_cast<uint8_t>(value));
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
    Bytes cid(CID_HEAD.begin(), CID_HEAD.end());
    const base::Hash256 hash = crypto::Sha256Of(data);
    cid.insert(cid.end(), hash.begin(), hash.end());
    CarFile out;
    out.cid = "b" + codec::Base32Encode(cid);
    codec::Writer writer(out.bytes);
    const Bytes header = CarHeader(cid);
    PutVarint(out.bytes, header.size());
    writer.Raw(header);
    PutVarint(out.bytes, cid.size() + data.size());
    writer.Raw(cid);
    writer.Raw(data);
    return out;
}

} // namespace emc::reward
