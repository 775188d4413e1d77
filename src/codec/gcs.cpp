#include "codec/gcs.h"

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/hash.h"

#include <algorithm>

namespace emc::codec {
namespace {

__extension__ using Wide = unsigned __int128;

/// The element's value in 0 … count × M − 1, evenly spread.
uint64_t ValueOf(const GcsParams& params, uint64_t count, base::ByteSpan element)
{
    const uint64_t range = count * params.inverse_rate;
    const auto hash = crypto::SipHash24(params.key0, params.key1, element);
    return static_cast<uint64_t>(static_cast<Wide>(hash) * range >> 64);
}

class BitWriter
{
public:
    explicit BitWriter(base::Bytes& out) : m_out(out) {}

    void Bit(bool bit)
    {
        if (m_used == 0) m_out.push_back(0);
        if (bit) m_out.back() |= static_cast<uint8_t>(0x80 >> m_used);
        m_used = (m_used + 1) % 8;
    }

    void Low(uint64_t value, int bits)
    {
        while (bits-- > 0)
            Bit((value >> bits & 1) != 0);
    }

private:
    base::Bytes& m_out;
    int m_used = 0;
};

class BitReader
{
public:
    explicit BitReader(base::ByteSpan in) : m_in(in) {}

    [[nodiscard]] uint64_t BitsLeft() const { return m_in.size() * 8 - m_at; }

    /// False behind the end, too: ask BitsLeft first.
    bool Bit()
    {
        if (BitsLeft() == 0) return false;
        const bool bit = (m_in[m_at / 8] << (m_at % 8) & 0x80) != 0;
        ++m_at;
        return bit;
    }

    uint64_t Low(int bits)
    {
        uint64_t out = 0;
        while (bits-- > 0)
            out = out << 1 | static_cast<uint64_t>(Bit());
        return out;
    }

private:
    base::ByteSpan m_in;
    uint64_t m_at = 0;
};

} // namespace

base::Bytes EncodeGcs(const GcsParams& params, std::span<const base::Bytes> elements)
{
    std::vector<base::ByteSpan> distinct(elements.begin(), elements.end());
    const auto before = [](base::ByteSpan a, base::ByteSpan b) {
        return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
    };
    const auto same = [](base::ByteSpan a, base::ByteSpan b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end());
    };
    std::sort(distinct.begin(), distinct.end(), before);
    distinct.erase(std::unique(distinct.begin(), distinct.end(), same), distinct.end());
    std::vector<uint64_t> values;
    values.reserve(distinct.size());
    for (const auto element : distinct)
        values.push_back(ValueOf(params, distinct.size(), element));
    std::sort(values.begin(), values.end());

    base::Bytes out;
    Writer(out).CompactSize(values.size());
    BitWriter bits(out);
    uint64_t last = 0;
    for (const uint64_t value : values) {
        for (uint64_t ones = (value - last) >> params.rice_bits; ones > 0; --ones)
            bits.Bit(true);
        bits.Bit(false);
        bits.Low(value - last, params.rice_bits);
        last = value;
    }
    return out;
}

GcsSet::GcsSet(const GcsParams& params, std::vector<uint64_t> values)
    : m_params(params), m_values(std::move(values))
{}

std::optional<GcsSet> GcsSet::Parse(const GcsParams& params, base::ByteSpan encoded)
{
    Reader reader(encoded);
    const uint64_t count = reader.CompactSize();
    BitReader bits(reader.Take(reader.Remaining()));
    if (!reader.Ok() || count > bits.BitsLeft() / (params.rice_bits + 1u)) return std::nullopt;
    std::vector<uint64_t> values;
    values.reserve(count);
    uint64_t last = 0;
    for (uint64_t i = 0; i < count; ++i) {
        uint64_t ones = 0;
        while (bits.Bit())
            ++ones;
        if (bits.BitsLeft() < params.rice_bits) return std::nullopt;
        last += (ones << params.rice_bits) + bits.Low(params.rice_bits);
        if (last >= count * params.inverse_rate) return std::nullopt;
        values.push_back(last);
    }
    if (bits.BitsLeft() >= 8 || bits.Low(static_cast<int>(bits.BitsLeft())) != 0) return std::nullopt;
    return GcsSet(params, std::move(values));
}

bool GcsSet::Match(base::ByteSpan element) const
{
    return std::binary_search(m_values.begin(), m_values.end(), ValueOf(m_params, m_values.size(), element));
}

bool GcsSet::MatchAny(std::span<const base::Bytes> elements) const
{
    return std::any_of(elements.begin(), elements.end(),
                       [this](const base::Bytes& element) { return Match(element); });
}

} // namespace emc::codec
