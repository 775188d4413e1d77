#include "p2p/net/asmap.h"

#include "codec/writer.h"
#include "crypto/sha256.h"

#include <algorithm>
#include <bit>

namespace emc::p2p {
namespace {

constexpr unsigned ADDRESS_BITS = 128;
constexpr size_t BYTE_BITS = 8;

enum class Step : uint8_t { Return = 0, Jump = 1, Match = 2, Default = 3 };

/// A number is written as a class and a value in the class. The classes have growing widths; a 1 bit says
/// "a later class", and the last class has no such bit.
struct NumberFormat {
    uint32_t smallest;
    unsigned first_width;
    unsigned last_width;
};

constexpr NumberFormat ASN_FORMAT = {1, 15, 24};
constexpr NumberFormat MATCH_FORMAT = {2, 1, 8};
constexpr NumberFormat JUMP_FORMAT = {17, 5, 30};

/// Reads the program's bits, lowest bit of each byte first. The first read behind the end sets the error.
class BitReader
{
public:
    explicit BitReader(base::ByteSpan in, size_t at = 0) : m_in(in), m_at(at) {}

    [[nodiscard]] size_t At() const { return m_at; }

    [[nodiscard]] size_t Left() const { return m_in.size() * BYTE_BITS - m_at; }

    [[nodiscard]] bool Ok() const { return m_ok; }

    void Skip(size_t bits)
    {
        m_ok = m_ok && bits <= Left();
        if (m_ok) m_at += bits;
    }

    bool Bit()
    {
        if (Left() == 0) m_ok = false;
        if (!m_ok) return false;
        const bool bit = (m_in[m_at / BYTE_BITS] >> (m_at % BYTE_BITS) & 1) != 0;
        ++m_at;
        return bit;
    }

    uint32_t Number(const NumberFormat& format)
    {
        uint32_t value = format.smallest;
        unsigned width = format.first_width;
        while (width < format.last_width && Bit())
            value += 1u << width++;
        for (unsigned i = width; i-- > 0;)
            value += static_cast<uint32_t>(Bit()) << i;
        return value;
    }

    Step Next()
    {
        if (!Bit()) return Step::Return;
        if (!Bit()) return Step::Jump;
        return Bit() ? Step::Default : Step::Match;
    }

private:
    base::ByteSpan m_in;
    size_t m_at;
    bool m_ok = true;
};

/// Bits a match instruction compares: the number without its leading one.
unsigned MatchBits(uint32_t match)
{
    return static_cast<unsigned>(std::bit_width(match)) - 1;
}

bool BitOf(const base::IpBytes& ip, unsigned at)
{
    return (ip[at / BYTE_BITS] >> (BYTE_BITS - 1 - at % BYTE_BITS) & 1) != 0;
}

/// The 16 bytes the map knows an address by; nullopt for those it has no routes for.
std::optional<base::IpBytes> MappedForm(const NetAddress& address)
{
    const auto four = address.LinkedIpv4();
    if (!four) return address.Ip();
    base::IpBytes ip{};
    ip[10] = ip[11] = 0xff;
    std::copy(four->begin(), four->end(), ip.begin() + 12);
    return ip;
}

/// Where a jump leads and how many address bits are left there.
struct Branch {
    size_t target;
    unsigned bits_left;
};

/// Walks a whole program once, in the order of its bits, and keeps the branches that are still to come.
class Checker
{
public:
    explicit Checker(base::ByteSpan program) : m_in(program) {}

    bool Run()
    {
        while (m_in.Left() > 0) {
            if (!m_open.empty() && m_in.At() >= m_open.back().target) return false;
            const Step step = m_in.Next();
            if (step == Step::Return) {
                if (m_last == Step::Default) return false;
                static_cast<void>(m_in.Number(ASN_FORMAT));
                if (!m_in.Ok()) return false;
                if (m_open.empty()) return OnlyPadding();
                if (m_open.back().target != m_in.At()) return false;
                m_bits = m_open.back().bits_left;
                m_open.pop_back();
                m_last = Step::Jump;
            } else {
                if (!Inner(step) || !m_in.Ok()) return false;
                m_last = step;
            }
        }
        return false;
    }

private:
    bool Inner(Step step)
    {
        if (step == Step::Jump) {
            const uint32_t jump = m_in.Number(JUMP_FORMAT);
            if (!m_in.Ok() || jump > m_in.Left() || m_bits == 0) return false;
            --m_bits;
            const size_t target = m_in.At() + jump;
            if (!m_open.empty() && target >= m_open.back().target) return false;
            m_open.push_back({target, m_bits});
            return true;
        }
        if (step == Step::Match) {
            const unsigned length = MatchBits(m_in.Number(MATCH_FORMAT));
            if (m_last != Step::Match) m_short_match = false;
            const bool is_short = length < BYTE_BITS;
            if (is_short && m_short_match) return false; // two short ones would be one
            m_short_match = is_short;
            if (m_bits < length) return false;
            m_bits -= length;
            return true;
        }
        static_cast<void>(m_in.Number(ASN_FORMAT));
        return m_last != Step::Default;
    }

    bool OnlyPadding()
    {
        if (m_in.Left() >= BYTE_BITS) return false;
        while (m_in.Left() > 0) {
            if (m_in.Bit()) return false;
        }
        return true;
    }

    BitReader m_in;
    std::vector<Branch> m_open;
    unsigned m_bits = ADDRESS_BITS;
    Step m_last = Step::Jump;
    bool m_short_match = false;
};

} // namespace

std::optional<AsMap> AsMap::Load(base::Bytes program)
{
    if (program.size() > MAX_ASMAP_BYTES) return std::nullopt;
    AsMap map(std::move(program));
    if (!map.IsSane()) return std::nullopt;
    return map;
}

bool AsMap::IsSane() const
{
    return Checker(m_program).Run();
}

uint32_t AsMap::Find(const NetAddress& address) const
{
    const auto ip = MappedForm(address);
    if (!ip) return 0;
    BitReader in(m_program);
    unsigned at = 0;
    uint32_t fallback = 0;
    while (in.Ok()) {
        switch (in.Next()) {
        case Step::Return:
            return in.Number(ASN_FORMAT);
        case Step::Jump: {
            const uint32_t jump = in.Number(JUMP_FORMAT);
            if (at == ADDRESS_BITS) return fallback;
            if (BitOf(*ip, at++)) in.Skip(jump);
            break;
        }
        case Step::Match: {
            const uint32_t match = in.Number(MATCH_FORMAT);
            for (unsigned i = MatchBits(match); i-- > 0;) {
                if (at == ADDRESS_BITS || BitOf(*ip, at++) != ((match >> i & 1) != 0)) return fallback;
            }
            break;
        }
        case Step::Default:
            fallback = in.Number(ASN_FORMAT);
            break;
        }
    }
    return fallback;
}

base::Hash256 AsMap::Version() const
{
    return crypto::Sha256Of(m_program);
}

base::Bytes NetGroup(const NetAddress& address, const AsMap* map)
{
    constexpr uint8_t AS_MARK = 0xff;
    constexpr uint8_t NOT_ROUTED_MARK = 0xfe;
    constexpr uint8_t FOUR_BITS = 0xf0;
    base::Bytes group;
    codec::Writer out(group);
    if (!address.IsRoutable()) {
        out.U8(NOT_ROUTED_MARK);
        out.U8(static_cast<uint8_t>(address.Kind()));
        return group;
    }
    if (const uint32_t asn = map != nullptr ? map->Find(address) : 0; asn != 0) {
        out.U8(AS_MARK);
        out.U32(asn);
        return group;
    }
    if (const auto four = address.LinkedIpv4()) {
        out.U8(static_cast<uint8_t>(NetKind::Ipv4));
        out.Raw(base::ByteSpan(*four).first(2));
        return group;
    }
    out.U8(static_cast<uint8_t>(address.Kind()));
    const base::ByteSpan bytes = address.Bytes();
    switch (address.Kind()) {
    case NetKind::Ipv4:
    case NetKind::Ipv6:
        out.Raw(bytes.first(4));
        break;
    case NetKind::TorV3:
    case NetKind::I2p:
        out.U8(bytes[0] & FOUR_BITS);
        break;
    case NetKind::Cjdns:
        out.U8(bytes[1] & FOUR_BITS);
        break; // the first byte is always fc
    }
    return group;
}

} // namespace emc::p2p
