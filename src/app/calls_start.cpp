#include "app/node.h"
#include "app/rooms.h"
#include "calls/calls.h"

namespace emc::app {

/// The records of own calls, when -calls asks for them.
Node::Step Node::OpenCalls()
{
    const auto& options = m_setup.options;
    if (!options.Bool("calls", false)) return {};
    calls::Calls::Options calls;
    calls.store.directory = PathBelow(m_setup.folders.network, "calls");
    calls.store.magic_be = m_setup.params.magic_be;
    auto plan = calls::ParseNumberingPlan(options.Text("callnumbering"));
    if (!plan) return base::Unexpected("-callnumbering: " + plan.Error());
    calls.plan = std::move(*plan);
    const auto zone = calls::ParseCdrZone(options.Text("callzone", "utc"));
    if (!zone) return base::Unexpected("-callzone: " + zone.Error());
    calls.zone = *zone;
    calls.stop = [this] { return m_signal.Requested(); };
    auto opened = calls::Calls::Open(std::move(calls), m_random);
    if (!opened) return base::Unexpected("Cannot open the call records: " + opened.Error());
    m_rooms->calls = std::move(*opened);
    return {};
}

} // namespace emc::app
