/// Watermarks: how far the calls of a pair have been rewarded; differences, and their undo form.
#pragma once

#include "primitives/amount.h"
#include "reward/call_pair.h"

namespace emc::reward {

/// The end of a pair's last rewarded period, unix seconds.
struct Watermark {
    CallPair pair;
    uint32_t end = 0;

    bool operator==(const Watermark&) const = default;
};

/// One watermark's change by one block, both sides kept so that it can be undone.
struct WatermarkDelta {
    CallPair pair;
    std::optional<uint32_t> before;
    std::optional<uint32_t> after; ///< absent: too old to matter

    bool operator==(const WatermarkDelta&) const = default;
};

/// Undo form: pair and `before`.
void WriteUndo(codec::Writer& out, const WatermarkDelta& delta);
[[nodiscard]] WatermarkDelta ReadUndo(codec::Reader& in);

/// What of a watermark enters the name-state hash: kind, pair, end.
[[nodiscard]] Bytes HashElement(const Watermark& watermark);

/// Ends of the last rewarded periods, as of the state before a block.
class WatermarkView
{
public:
    virtual ~WatermarkView() = default;
    /// Unix seconds; nullopt when no reward of the pair counts any more.
    [[nodiscard]] virtual std::optional<uint32_t> EndOf(const CallPair& pair) const = 0;
};

/// Watermarks as of the state before a block, by their end.
class EndedWatermarks
{
public:
    virtual ~EndedWatermarks() = default;
    /// Those that ended before this second, in any order.
    [[nodiscard]] virtual std::vector<Watermark> EndedBefore(int64_t sec) const = 0;
};

/// A valid reward transaction.
struct Reward {
    Watermark watermark;          ///< the pair's new one
    primitives::Amount claim = 0; ///< units it creates
};

} // namespace emc::reward
