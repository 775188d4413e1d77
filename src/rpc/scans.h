/// Long scans one caller starts and others ask about: at most one of each kind at a time.
#pragma once

#include <atomic>
#include <cstdint>

namespace emc::rpc {

/// Any thread.
struct ScanSlot {
    std::atomic<bool> busy{false};
    std::atomic<bool> abort{false};
    std::atomic<int> percent{0};
    std::atomic<int32_t> height{0}; ///< scanblocks: where it is
};

/// Long calls beside each other. Owned by the dispatcher.
struct Scans {
    std::atomic<int> waiting{0}; ///< calls that wait for blocks
    ScanSlot coins;
    ScanSlot blocks;
};

/// Holds a slot while a scan runs.
class ScanTurn
{
public:
    explicit ScanTurn(ScanSlot& slot) : m_slot(slot), m_mine(!slot.busy.exchange(true))
    {
        if (!m_mine) return;
        slot.abort = false;
        slot.percent = 0;
    }

    ~ScanTurn()
    {
        if (m_mine) m_slot.busy = false;
    }

    ScanTurn(const ScanTurn&) = delete;
    ScanTurn& operator=(const ScanTurn&) = delete;

    /// False: another scan runs.
    [[nodiscard]] bool Mine() const { return m_mine; }

private:
    ScanSlot& m_slot;
    const bool m_mine;
};

} // namespace emc::rpc
