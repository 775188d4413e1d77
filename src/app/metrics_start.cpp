#include "app/metrics.h"
#include "app/node.h"
#include "app/rooms.h"
#include "chain/chain.h"
#include "dns/server.h"
#include "interfaces/chain.h"

namespace emc::app {

namespace {

/// What the chain shows.
class ChainMetrics final : public interfaces::MetricSource
{
public:
    explicit ChainMetrics(chain::Chain& chain) : m_chain(chain) {}

    void WriteMetrics(interfaces::MetricSink& sink) const override
    {
        const interfaces::Tip tip = m_chain.Reader().GetTip();
        const auto gauge = [&sink](const char* name, const char* help, double value) {
            sink.Family(name, interfaces::MetricSink::Kind::Gauge, help);
            sink.Value("", value);
        };
        gauge("emercoin_chain_height", "Height of the tip", tip.height);
        gauge("emercoin_chain_header_height", "Height of the best header known", tip.header_height);
        gauge("emercoin_chain_tip_time_seconds", "Time of the tip", static_cast<double>(tip.time));
        gauge("emercoin_chain_initial_download", "1 until the chain has been caught up with",
              tip.initial_download ? 1 : 0);
        gauge("emercoin_names", "Names that are live", static_cast<double>(m_chain.Names().NameStats().live));
    }

private:
    chain::Chain& m_chain;
};

} // namespace

/// The page of figures, when -metrics asks for it.
Node::Step Node::StartMetrics()
{
    const std::string where = m_setup.options.Text("metrics");
    if (where.empty()) return {};
    m_rooms->chain_metrics = std::make_unique<ChainMetrics>(*m_rooms->chain);
    auto started = MetricsServer::Start(where, {m_rooms->chain_metrics.get(), m_rooms->dns.get()}, m_log);
    if (!started) return base::Unexpected(started.Error());
    m_rooms->metrics = std::move(*started);
    return {};
}

} // namespace emc::app
