#pragma once
// Events without a chain.

#include "interfaces/events.h"
#include "primitives/block.h"

namespace emc::test {

/// Hands events to its subscribers on the calling thread.
class FakeEvents final : public interfaces::ChainEvents
{
public:
    [[nodiscard]] std::unique_ptr<interfaces::Subscription>
    Subscribe(std::string_view, interfaces::EventSink& sink, size_t) override
    {
        m_sink = &sink;
        return std::make_unique<Handle>(*this);
    }

    void DrainAll() override {}

    /// An empty block that changed these names, and the tip after it.
    void Connect(const interfaces::Tip& tip, const std::vector<std::string>& changed)
    {
        if (m_sink == nullptr) return;
        auto deltas = std::make_shared<std::vector<names::NameDelta>>();
        for (const std::string& name : changed) {
            names::NameDelta delta;
            delta.name = name;
            deltas->push_back(delta);
        }
        interfaces::BlockConnected event;
        event.block = std::make_shared<const primitives::Block>();
        event.height = tip.height;
        event.names = deltas;
        event.tip = tip;
        m_sink->OnBlockConnected(event);
        m_sink->OnTip(tip);
    }

    void Miss()
    {
        if (m_sink != nullptr) m_sink->OnMissed();
    }

private:
    class Handle final : public interfaces::Subscription
    {
    public:
        explicit Handle(FakeEvents& events) : m_events(events) {}

        ~Handle() override { m_events.m_sink = nullptr; }

        void Drain() override {}

    private:
        FakeEvents& m_events;
    };

    interfaces::EventSink* m_sink = nullptr;
};

inline interfaces::Tip TipAt(int32_t height, bool initial_download = false,
                             int64_t median_time = 1'700'000'000)
{
    interfaces::Tip tip;
    tip.height = height;
    tip.header_height = height;
    tip.median_time = median_time;
    tip.initial_download = initial_download;
    return tip;
}

} // namespace emc::test
