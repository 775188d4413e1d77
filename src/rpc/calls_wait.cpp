// Waiting for blocks.
#include "base/clock.h"
#include "interfaces/chain.h"
#include "rpc/calls.h"
#include "rpc/scans.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace emc::rpc {

namespace {

/// Nobody is waited for longer, so that forgotten callers do not keep workers for ever.
constexpr int64_t MAX_WAIT_MS = 3'600'000;
/// At a time, so that some workers for long calls are left.
constexpr int MAX_WAITERS = 12;
constexpr auto LOOK_AGAIN = std::chrono::milliseconds(20);

/// Counts the callers that wait.
class Waiter
{
public:
    explicit Waiter(const Request& request) : m_scans(request.Rooms().scans)
    {
        if (m_scans != nullptr && m_scans->waiting.fetch_add(1) >= MAX_WAITERS) {
            m_scans->waiting.fetch_sub(1);
            throw RpcError(Code::Misc, "12 callers wait for blocks already, more cannot; come again");
        }
    }

    ~Waiter()
    {
        if (m_scans != nullptr) m_scans->waiting.fetch_sub(1);
    }

    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

private:
    Scans* m_scans;
};

/// Until `enough(tip)`, or until the time in argument `i` (milliseconds) is over.
template <typename F>
Json WaitUntil(const Request& request, size_t i, F enough)
{
    const Waiter waiter(request);
    const int64_t given = request.IntIn(i, 0, INT64_MAX, 0);
    const int64_t wait_ms = given == 0 ? MAX_WAIT_MS : std::min(given, MAX_WAIT_MS);
    const int64_t until = base::SteadyMicros() + wait_ms * 1000;
    auto tip = request.Chain().GetTip();
    while (!enough(tip) && base::SteadyMicros() < until) {
        request.CheckStop();
        std::this_thread::sleep_for(LOOK_AGAIN);
        tip = request.Chain().GetTip();
    }
    Json out = codec::JsonObject();
    out.pushKV("hash", base::ReversedHex(tip.hash));
    out.pushKV("height", tip.height);
    return out;
}

Json WaitForNewBlock(const Request& request)
{
    const auto known = request.Has(1) ? request.Hash(1) : request.Chain().GetTip().hash;
    return WaitUntil(request, 0, [&known](const interfaces::Tip& tip) { return tip.hash != known; });
}

Json WaitForBlock(const Request& request)
{
    const auto wanted = request.Hash(0);
    return WaitUntil(request, 1, [&wanted](const interfaces::Tip& tip) { return tip.hash == wanted; });
}

Json WaitForBlockHeight(const Request& request)
{
    const int64_t wanted = request.Int(0);
    return WaitUntil(request, 1, [wanted](const interfaces::Tip& tip) { return tip.height >= wanted; });
}

} // namespace

const CallTable& WaitCalls()
{
    static const ArgSpec TIMEOUT{"timeout", ArgType::Number, "0",
                                 "milliseconds; 0: an hour, the most there is"};
    static const CallTable table = {
        {"waitfornewblock",
         "Blockchain",
         CallKind::Long,
         "Waits until the tip is another one.",
         {TIMEOUT, {"current_tip", ArgType::Hash, "-", "other than this one; default: the present tip"}},
         "{ hash, height }    of the tip, also when the time is over",
         "60000",
         WaitForNewBlock},
        {"waitforblock",
         "Blockchain",
         CallKind::Long,
         "Waits until this block is the tip.",
         {{"blockhash", ArgType::Hash, "", "the block"}, TIMEOUT},
         "{ hash, height }    of the tip, also when the time is over",
         "\"00000000…\" 60000",
         WaitForBlock},
        {"waitforblockheight",
         "Blockchain",
         CallKind::Long,
         "Waits until the chain is so high.",
         {{"height", ArgType::Number, "", "height of the tip to wait for"}, TIMEOUT},
         "{ hash, height }    of the tip, also when the time is over",
         "1000 60000",
         WaitForBlockHeight},
    };
    return table;
}

} // namespace emc::rpc
