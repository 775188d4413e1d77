#include "crypto/sha256.h"

#include "base/check.h"
#include "crypto/sha256_impl.h"

#if defined(__x86_64__)
#include <algorithm>
#include <cpuid.h>
#endif

namespace emc::crypto {

namespace {

constexpr size_t BLOCK = 64;

#if defined(__x86_64__)
struct CpuFeatures {
    bool sha = false;
    bool avx2 = false;
};

CpuFeatures DetectCpu()
{
    CpuFeatures out;
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    const bool sse = __builtin_cpu_supports("ssse3") != 0 && __builtin_cpu_supports("sse4.1") != 0;
    if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0) out.sha = sse && (ebx & bit_SHA) != 0;
    // This one also asks whether the system saves the wide registers.
    out.avx2 = __builtin_cpu_supports("avx2") != 0;
    return out;
}
#endif

/// The implementations this machine can run.
struct BackendList {
    std::array<Sha256Backend, 3> entries{};
    size_t count = 0;

    BackendList()
    {
#if defined(__x86_64__)
        const CpuFeatures cpu = DetectCpu();
        if (cpu.sha) entries[count++] = {"sha-ni", Sha256BlocksShaNi, Sha256dPairsShaNi};
        if (cpu.avx2) entries[count++] = {"avx2", Sha256BlocksGeneric, Sha256dPairsAvx2};
#endif
        entries[count++] = {"generic", Sha256BlocksGeneric, Sha256dPairsGeneric};
    }
};

const Sha256Backend& Active()
{
    static const Sha256Backend chosen = [] {
        const auto all = Sha256Backends();
        const auto first = std::find_if(all.begin(), all.end(), Sha256BackendWorks);
        return first == all.end() ? all.back() : *first;
    }();
    return chosen;
}

void StoreDigest(const uint32_t* state, uint8_t* out)
{
    for (size_t i = 0; i < 32; ++i)
        out[i] = static_cast<uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
}

} // namespace

std::span<const Sha256Backend> Sha256Backends()
{
    static const BackendList list;
    return {list.entries.data(), list.count};
}

bool Sha256BackendWorks(const Sha256Backend& backend)
{
    // 17 pairs of counting bytes: two rounds of the widest code, and a rest for the narrower ones.
    constexpr size_t PAIRS = 17;
    std::array<uint8_t, PAIRS * BLOCK> input{};
    for (size_t i = 0; i < input.size(); ++i)
        input[i] = static_cast<uint8_t>(i * 7 + i / 256);
    std::array<uint32_t, 8> state = SHA256_START;
    backend.blocks(state.data(), input.data(), PAIRS);
    constexpr std::array<uint32_t, 8> BLOCKS_ANSWER = {0x88135455, 0xd3f94531, 0xa521282b, 0x4ec796ab,
                                                       0x39920455, 0xbed8dbd7, 0xad9ac7e4, 0x7605630c};
    if (state != BLOCKS_ANSWER) return false;
    std::array<uint8_t, PAIRS * 32> digests{};
    backend.pairs(digests.data(), input.data(), PAIRS);
    constexpr std::array<uint32_t, 8> PAIRS_ANSWER = {0x30db327b, 0x28141f80, 0x41c66896, 0x14c33728,
                                                      0x27f1a204, 0xbe33ef0e, 0xcd67a6fd, 0x2a5cadef};
    state = SHA256_START;
    backend.blocks(state.data(), digests.data(), digests.size() / BLOCK);
    if (state != PAIRS_ANSWER) return false;
    constexpr std::array<uint32_t, 8> LAST_ANSWER = {0x7177f745, 0x5bdf3bb5, 0x4641b9e4, 0xe6479e51,
                                                     0xc6d6a131, 0x4f77a400, 0x29ed961d, 0x9b7d218e};
    std::array<uint8_t, 32> last{};
    StoreDigest(LAST_ANSWER.data(), last.data());
    return std::equal(last.begin(), last.end(), digests.end() - 32);
}

Sha256::Sha256() : m_state(SHA256_START), m_block{}, m_bytes(0) {}

Sha256& Sha256::Write(base::ByteSpan in)
{
    if (in.empty()) return *this;
    const size_t waiting = m_bytes % BLOCK;
    m_bytes += in.size();
    if (waiting > 0) {
        const size_t taken = std::min(BLOCK - waiting, in.size());
        std::memcpy(m_block.data() + waiting, in.data(), taken);
        in = in.subspan(taken);
        if (waiting + taken < BLOCK) return *this;
        Active().blocks(m_state.data(), m_block.data(), 1);
    }
    const size_t whole = in.size() / BLOCK;
    if (whole > 0) Active().blocks(m_state.data(), in.data(), whole);
    in = in.subspan(whole * BLOCK);
    if (!in.empty()) std::memcpy(m_block.data(), in.data(), in.size());
    return *this;
}

base::Hash256 Sha256::Finish()
{
    constexpr size_t LENGTH_BYTES = 8;
    size_t filled = m_bytes % BLOCK;
    m_block[filled++] = 0x80;
    if (filled > BLOCK - LENGTH_BYTES) {
        std::fill(m_block.begin() + static_cast<ptrdiff_t>(filled), m_block.end(), uint8_t{0});
        Active().blocks(m_state.data(), m_block.data(), 1);
        filled = 0;
    }
    std::fill(m_block.begin() + static_cast<ptrdiff_t>(filled), m_block.end(), uint8_t{0});
    const uint64_t bits = m_bytes * 8;
    for (size_t i = 0; i < LENGTH_BYTES; ++i)
        m_block[BLOCK - 1 - i] = static_cast<uint8_t>(bits >> (8 * i));
    Active().blocks(m_state.data(), m_block.data(), 1);
    base::Hash256 out;
    StoreDigest(m_state.data(), out.data());
    return out;
}

Sha256& Sha256::Reset()
{
    m_state = SHA256_START;
    m_bytes = 0;
    return *this;
}

base::Hash256 Sha256Of(base::ByteSpan in)
{
    return Sha256().Write(in).Finish();
}

base::Hash256 Sha256d(base::ByteSpan in)
{
    return Sha256Of(Sha256Of(in).Span());
}

void Sha256dPairs(uint8_t* out, const uint8_t* in, size_t count)
{
    Active().pairs(out, in, count);
}

Sha256dTail::Sha256dTail(const std::array<uint8_t, 64>& first) : m_middle(SHA256_START)
{
    Active().blocks(m_middle.data(), first.data(), 1);
}

base::Hash256 Sha256dTail::Of(base::ByteSpan tail) const
{
    EMC_CHECK(tail.size() <= MAX_TAIL);
    constexpr size_t DIGEST = 32;
    const auto& backend = Active();
    std::array<uint8_t, BLOCK> block{};
    const auto pad = [&block](size_t filled, size_t message_bytes) {
        block[filled] = 0x80;
        block[BLOCK - 2] = static_cast<uint8_t>(message_bytes * 8 >> 8);
        block[BLOCK - 1] = static_cast<uint8_t>(message_bytes * 8);
    };
    if (!tail.empty()) std::memcpy(block.data(), tail.data(), tail.size());
    pad(tail.size(), BLOCK + tail.size());
    auto state = m_middle;
    backend.blocks(state.data(), block.data(), 1);
    block.fill(0);
    StoreDigest(state.data(), block.data());
    pad(DIGEST, DIGEST);
    state = SHA256_START;
    backend.blocks(state.data(), block.data(), 1);
    base::Hash256 out;
    StoreDigest(state.data(), out.data());
    return out;
}

Sha256 TaggedHasher(std::string_view tag)
{
    const base::Hash256 tag_hash = Sha256Of(base::AsBytes(tag));
    Sha256 hasher;
    hasher.Write(tag_hash.Span()).Write(tag_hash.Span());
    return hasher;
}

base::Hash256 TaggedHash(std::string_view tag, base::ByteSpan in)
{
    return TaggedHasher(tag).Write(in).Finish();
}

std::string_view Sha256Implementation()
{
    return Active().name;
}

bool Sha256SelfTest()
{
    const auto all = Sha256Backends();
    return std::all_of(all.begin(), all.end(), Sha256BackendWorks);
}

} // namespace emc::crypto
