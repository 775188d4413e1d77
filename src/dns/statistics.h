/// The counters of all threads together, as people and programs read them.
#pragma once

#include "dns/counters.h"
#include "interfaces/node.h"

namespace emc::interfaces {
class MetricSink;
}

namespace emc::dns {

struct ZoneConfig;

/// Adds one thread's counters to `out`, whose tables are made at the first call.
void AddCounters(const Counters& counters, const ZoneConfig& config, interfaces::DnsControl::Stats& out);

/// The same figures for the metrics page.
void WriteDnsMetrics(const interfaces::DnsControl::Stats& stats, interfaces::MetricSink& sink);

} // namespace emc::dns
