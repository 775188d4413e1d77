#include "p2p/relay/bloom_filter.h"

#include "codec/writer.h"
#include "primitives/transaction.h"
#include "script/solver.h"

#include <bit>

namespace emc::p2p {
namespace {

/// Apart from one function's seed to the next. Source: BIP 37.
constexpr uint32_t SEED_STEP = 0xFBA4C795;
constexpr uint8_t UPDATE_BITS = 3;

base::Bytes BytesOf(const primitives::OutPoint& coin)
{
    base::Bytes out;
    codec::Writer writer(out);
    Write(writer, coin);
    return out;
}

uint32_t Scramble(uint32_t block)
{
    return std::rotl(block * 0xcc9e2d51, 15) * 0x1b873593;
}

} // namespace

uint32_t Murmur3(uint32_t seed, base::ByteSpan in)
{
    constexpr size_t BLOCK = sizeof(uint32_t);
    uint32_t hash = seed;
    const size_t whole = in.size() / BLOCK * BLOCK;
    for (size_t at = 0; at < whole; at += BLOCK) {
        uint32_t block = 0;
        std::memcpy(&block, in.data() + at, BLOCK); // the supported machines are little-endian
        hash = std::rotl(hash ^ Scramble(block), 13) * 5 + 0xe6546b64;
    }
    uint32_t rest = 0;
    for (size_t at = in.size(); at > whole; --at)
        rest = rest << 8 | in[at - 1];
    hash ^= Scramble(rest) ^ static_cast<uint32_t>(in.size());
    hash = (hash ^ hash >> 16) * 0x85ebca6b;
    hash = (hash ^ hash >> 13) * 0xc2b2ae35;
    return hash ^ hash >> 16;
}

BloomFilter::BloomFilter(base::Bytes bits, uint32_t functions, uint32_t tweak, uint8_t flags)
    : m_bits(std::move(bits)), m_functions(functions), m_tweak(tweak),
      m_update(static_cast<Update>(flags & UPDATE_BITS))
{}

size_t BloomFilter::BitOf(uint32_t function, base::ByteSpan element) const
{
    return Murmur3(function * SEED_STEP + m_tweak, element) % (m_bits.size() * 8);
}

void BloomFilter::Add(base::ByteSpan element)
{
    for (uint32_t i = 0; i < m_functions && !m_bits.empty(); ++i) {
        const size_t bit = BitOf(i, element);
        m_bits[bit / 8] |= static_cast<uint8_t>(1u << (bit % 8));
    }
}

bool BloomFilter::Has(base::ByteSpan element) const
{
    for (uint32_t i = 0; i < m_functions && !m_bits.empty(); ++i) {
        const size_t bit = BitOf(i, element);
        if ((m_bits[bit / 8] >> (bit % 8) & 1) == 0) return false;
    }
    return true;
}

bool BloomFilter::HasDataOf(base::ByteSpan script) const
{
    script::ScriptReader reader(script);
    while (const auto instruction = reader.Next()) {
        if (!instruction->data.empty() && Has(instruction->data)) return true;
    }
    return false;
}

bool BloomFilter::Keeps(base::ByteSpan script) const
{
    if (m_update != Update::PublicKeys) return m_update == Update::All;
    const auto type = script::Solve(script).type;
    return type == script::ScriptType::PubKey || type == script::ScriptType::MultiSig;
}

bool BloomFilter::Matches(const primitives::Transaction& tx)
{
    if (m_bits.empty()) return true;
    bool found = Has(tx.Txid().Span());
    for (uint32_t i = 0; i < tx.Outputs().size(); ++i) {
        const auto& script = tx.Outputs()[i].script_pubkey;
        if (!HasDataOf(script)) continue;
        found = true;
        if (Keeps(script)) Add(BytesOf({tx.Txid(), i}));
    }
    for (const auto& input : tx.Inputs()) {
        if (found) break;
        found = Has(BytesOf(input.prevout)) || HasDataOf(input.script_sig);
    }
    return found;
}

} // namespace emc::p2p
