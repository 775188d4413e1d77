/// Figures that a room shows to programs which watch the node.
#pragma once

#include <cstdint>
#include <string_view>

namespace emc::interfaces {

/// Takes figures. Names and labels are those of the Prometheus text format: lower case, "_total" for what
/// only grows, units spelled out ("_seconds", "_bytes").
class MetricSink
{
public:
    enum class Kind : uint8_t { Counter, Gauge, Histogram };

    virtual ~MetricSink() = default;
    /// Begins a family: its values follow.
    virtual void Family(std::string_view name, Kind kind, std::string_view help) = 0;
    /// One value; `labels` like `type="A"`, empty for none.
    virtual void Value(std::string_view labels, double value) = 0;
    /// One value of a part of the family: "_bucket", "_sum", "_count" of a histogram.
    virtual void Part(std::string_view suffix, std::string_view labels, double value) = 0;
};

/// Something that has figures.
class MetricSource
{
public:
    virtual ~MetricSource() = default;
    /// Writes the present figures. Any thread; reads only what is at hand.
    virtual void WriteMetrics(MetricSink& sink) const = 0;
};

} // namespace emc::interfaces
