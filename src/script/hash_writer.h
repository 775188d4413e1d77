/// Wire-format fields fed straight into SHA-256, through a small buffer so that the heap is not touched.
#pragma once

#include "codec/writer.h"
#include "crypto/sha256.h"
#include "primitives/transaction.h"

namespace emc::script {

/// Collects little-endian fields and hashes them. Value type.
class HashWriter
{
public:
    HashWriter() = default;

    /// Goes on from a hasher that has already taken something in (tagged hashes).
    explicit HashWriter(const crypto::Sha256& start) : m_hasher(start) {}

    HashWriter& U8(uint8_t v) { return Number(v); }

    HashWriter& U32(uint32_t v) { return Number(v); }

    HashWriter& U64(uint64_t v) { return Number(v); }

    HashWriter& CompactSize(uint64_t v)
    {
        if (v < 0xfd) return U8(static_cast<uint8_t>(v));
        if (v <= 0xffff) return U8(0xfd).Number(static_cast<uint16_t>(v));
        if (v <= 0xffffffff) return U8(0xfe).U32(static_cast<uint32_t>(v));
        return U8(0xff).U64(v);
    }

    HashWriter& Raw(base::ByteSpan in)
    {
        if (in.size() > m_buffer.size() - m_used) {
            Flush();
            if (in.size() > m_buffer.size()) {
                m_hasher.Write(in);
                return *this;
            }
        }
        if (!in.empty()) std::memcpy(m_buffer.data() + m_used, in.data(), in.size());
        m_used += in.size();
        return *this;
    }

    HashWriter& Sized(base::ByteSpan in) { return CompactSize(in.size()).Raw(in); }

    HashWriter& Out(const primitives::OutPoint& v) { return Raw(v.txid.Span()).U32(v.index); }

    HashWriter& Out(const primitives::TxOut& v)
    {
        return U64(static_cast<uint64_t>(v.value)).Sized(v.script_pubkey);
    }

    [[nodiscard]] base::Hash256 Single()
    {
        Flush();
        return m_hasher.Finish();
    }

    [[nodiscard]] base::Hash256 Double() { return crypto::Sha256Of(Single().Span()); }

private:
    template <typename T>
    HashWriter& Number(T v)
    {
        if (m_buffer.size() - m_used < sizeof(T)) Flush();
        std::memcpy(m_buffer.data() + m_used, &v, sizeof(T)); // the supported machines are little-endian
        m_used += sizeof(T);
        return *this;
    }

    void Flush()
    {
        if (m_used != 0) m_hasher.Write({m_buffer.data(), m_used});
        m_used = 0;
    }

    crypto::Sha256 m_hasher;
    std::array<uint8_t, 512> m_buffer; // filled before it is read
    size_t m_used = 0;
};

} // namespace emc::script
