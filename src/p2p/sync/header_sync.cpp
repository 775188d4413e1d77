#include "p2p/sync/header_sync.h"

#include "consensus/header_rules.h"
#include "crypto/hash.h"
#include "p2p/wire/headers.h"

#include <algorithm>

namespace emc::p2p {

using primitives::BlockHeader;

size_t MostHeadersAfter(int64_t start_sec, int64_t now_sec, int64_t ahead_sec)
{
    constexpr int64_t POW_PER_SEC = 6;
    constexpr int64_t MEDIAN_BLOCKS = 11; // the first ones are held back by times before the start
    const int64_t span = std::max<int64_t>(0, now_sec + ahead_sec - start_sec);
    return static_cast<size_t>(span * POW_PER_SEC + span / consensus::POS_TIME_GRID_SEC + MEDIAN_BLOCKS);
}

HeaderSync::HeaderSync(Options options) : m_options(std::move(options)), m_last(m_options.start) {}

bool HeaderSync::GivesBit(size_t number) const
{
    return number % COMMITMENT_PERIOD == m_options.salt % COMMITMENT_PERIOD;
}

bool HeaderSync::BitOf(const base::Hash256& hash) const
{
    return (crypto::SipHash24(m_options.salt, ~m_options.salt, hash.Span()) & 1) != 0;
}

bool HeaderSync::Follows(const BlockHeader& header)
{
    if (header.prev_hash != m_last || !m_options.is_good(header)) return false;
    m_last = header.Hash();
    return true;
}

void HeaderSync::Restart()
{
    m_state = State::Second;
    m_last = m_options.start;
    m_work = {};
    m_enough = m_options.work_needed.IsZero();
}

void HeaderSync::Fail()
{
    m_state = State::Bad;
    m_waiting = {};
    m_waiting_bytes = 0;
    m_bits = {};
}

std::vector<BlockHeader> HeaderSync::Take(const std::vector<BlockHeader>& headers, Fullness fullness)
{
    if (m_state == State::First) {
        FirstPass(headers, fullness);
        return {};
    }
    if (m_state == State::Second) return SecondPass(headers, fullness);
    return {};
}

void HeaderSync::FirstPass(const std::vector<BlockHeader>& headers, Fullness fullness)
{
    for (const BlockHeader& header : headers) {
        if (!Follows(header) || m_first_count >= m_options.most_headers) {
            Fail();
            return;
        }
        if (GivesBit(m_first_count++)) m_bits.push_back(BitOf(m_last));
        m_work = m_work + m_options.work_of(header);
    }
    if (m_work >= m_options.work_needed) {
        Restart();
    } else if (fullness == Fullness::NotFull) {
        m_state = State::TooLittle;
    }
}

std::vector<BlockHeader> HeaderSync::SecondPass(const std::vector<BlockHeader>& headers, Fullness fullness)
{
    std::vector<BlockHeader> out;
    for (const BlockHeader& header : headers) {
        bool good = Follows(header);
        // Beyond what the first pass has seen there is nothing to compare; by then the work is there.
        if (good && m_second_count < m_first_count && GivesBit(m_second_count))
            good = m_bits[m_bits_compared++] == BitOf(m_last);
        m_waiting_bytes += HeaderEntryBytes(header);
        if (!good || m_waiting_bytes > REDOWNLOAD_BYTES) {
            Fail();
            return {};
        }
        ++m_second_count;
        m_work = m_work + m_options.work_of(header);
        m_enough = m_enough || m_work >= m_options.work_needed;
        m_waiting.push_back(header);
        while (!m_waiting.empty() && (m_enough || m_waiting.size() > REDOWNLOAD_BUFFER)) {
            m_waiting_bytes -= HeaderEntryBytes(m_waiting.front());
            out.push_back(std::move(m_waiting.front()));
            m_waiting.pop_front();
        }
    }
    if (m_enough && fullness == Fullness::NotFull) {
        m_state = State::Done;
    } else if (fullness == Fullness::NotFull) {
        Fail(); // less than the first time
        return {};
    }
    return out;
}

size_t HeaderSync::Memory() const
{
    return m_bits.size() / 8 + m_waiting_bytes + m_waiting.size() * sizeof(BlockHeader);
}

} // namespace emc::p2p
