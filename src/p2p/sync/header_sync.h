/// Taking in a long chain of headers without keeping them before they have shown work.
#pragma once

#include "base/function.h"
#include "base/u256.h"
#include "p2p/wire/limits.h"
#include "primitives/block.h"

#include <deque>

namespace emc::p2p {

/// One bit is kept of every so many headers of the first pass.
inline constexpr size_t COMMITMENT_PERIOD = 600;
/// Headers of the second pass are given out when this many follow them whose bits were right: a chain that
/// differs from the first pass passes with a chance of one in 2^(this ÷ period).
inline constexpr size_t REDOWNLOAD_BUFFER = 14'400;
/// Bytes of headers that wait in the second pass: room for a merged-mining proof of 16,000 bytes in every
/// seventh header, ten times their usual size. A peer that sends more is given up.
inline constexpr size_t REDOWNLOAD_BYTES = 32 * 1024 * 1024;

/// How many headers can follow one of time `start_sec` by now: six with proof of work for each second, since
/// their times must pass the median of the last eleven, and one with proof of stake for each 16 seconds.
/// `ahead_sec` is how far a header may lie ahead of the clock. Times are unix seconds.
[[nodiscard]] size_t MostHeadersAfter(int64_t start_sec, int64_t now_sec, int64_t ahead_sec);

/// Two passes over a peer's headers. The first adds up their work and keeps one salted bit for every 600
/// headers; when the work is enough, the second asks for the same headers again, compares the bits, and gives
/// them out. So a peer that has no work costs a few bytes, whatever it sends.
///
/// Work means proof of work alone: a proof-of-stake header costs its maker nothing and counts nothing here.
/// What is given out is therefore bounded by the work spent upon it, and still unproven where it claims a
/// stake: it goes to UnprovenHeaders, not into the index. One object for one peer and one attempt; one
/// thread.
class HeaderSync
{
public:
    struct Options {
        base::Hash256 start;     ///< the last header both sides have
        base::U256 work_needed;  ///< proof of work the headers after it must show
        size_t most_headers = 0; ///< more headers than this cannot exist by now; the first pass then gives up
        uint64_t salt = 0;       ///< chooses which headers give a bit, and the bit; a secret
        /// The rules a header can be checked by alone (consensus::CheckHeader).
        std::function<bool(const primitives::BlockHeader&)> is_good;
        /// Its proof of work; zero for proof of stake.
        std::function<base::U256(const primitives::BlockHeader&)> work_of;
    };

    enum class State : uint8_t {
        First,     ///< adding up work
        Second,    ///< comparing and giving out
        Done,      ///< everything has been given out
        TooLittle, ///< the peer's chain ends before the work is enough; nobody is to blame
        Bad, ///< the peer broke a rule, sent another chain the second time, or proofs beyond REDOWNLOAD_BYTES
    };

    explicit HeaderSync(Options options);

    /// Takes the headers of one message, which must be in order and follow the last (or, when the second pass
    /// begins, the start). A message with fewer than MAX_HEADERS headers, and `Fullness::NotFull`, says the
    /// peer has no more. Returns headers that are good to use, in order.
    enum class Fullness : uint8_t {
        Full,    ///< as many as fit; more may follow
        NotFull, ///< the peer's chain ends here
    };

    [[nodiscard]] std::vector<primitives::BlockHeader>
    Take(const std::vector<primitives::BlockHeader>& headers, Fullness fullness);

    [[nodiscard]] State Now() const { return m_state; }

    /// What to ask for next, as the first hash of a locator; meaningful in First and Second.
    [[nodiscard]] const base::Hash256& AskAfter() const { return m_last; }

    /// Headers seen in the first pass.
    [[nodiscard]] size_t FirstPassHeaders() const { return m_first_count; }

    /// Bytes kept at the moment, about.
    [[nodiscard]] size_t Memory() const;

private:
    [[nodiscard]] bool Follows(const primitives::BlockHeader& header);
    void FirstPass(const std::vector<primitives::BlockHeader>& headers, Fullness fullness);
    [[nodiscard]] std::vector<primitives::BlockHeader>
    SecondPass(const std::vector<primitives::BlockHeader>& headers, Fullness fullness);
    [[nodiscard]] bool GivesBit(size_t number) const;
    [[nodiscard]] bool BitOf(const base::Hash256& hash) const;
    void Restart();
    void Fail();

    const Options m_options;
    State m_state = State::First;
    base::Hash256 m_last;
    base::U256 m_work;
    size_t m_first_count = 0;
    size_t m_second_count = 0;
    std::vector<bool> m_bits;
    size_t m_bits_compared = 0;
    bool m_enough = false; ///< the second pass has seen the work, too: nothing more to compare
    std::deque<primitives::BlockHeader> m_waiting;
    size_t m_waiting_bytes = 0;
};

} // namespace emc::p2p
