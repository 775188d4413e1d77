#include "app/metrics.h"
#include "app/node.h"
#include "app/rooms.h"
#include "chain/chain.h"
#include "dns/server.h"
#include "mempool/pool.h"
#include "p2p/p2p.h"
#include "rpc/server.h"

namespace emc::app {

namespace {

using Kind = interfaces::MetricSink::Kind;

/// What the chain, the mempool and the network show.
class NodeMetrics final : public interfaces::MetricSource
{
public:
    NodeMetrics(chain::Chain& chain, const mempool::Mempool& pool, const p2p::P2p* net, int64_t start_sec)
        : m_chain(chain), m_pool(pool), m_net(net), m_start_sec(start_sec)
    {}

    void WriteMetrics(interfaces::MetricSink& sink) const override
    {
        const auto gauge = [&sink](const char* name, const char* help, double value) {
            sink.Family(name, Kind::Gauge, help);
            sink.Value("", value);
        };
        gauge("process_start_time_seconds", "Time at which the node started",
              static_cast<double>(m_start_sec));
        WriteChain(gauge);
        const auto pool = m_pool.Info();
        gauge("emercoin_mempool_transactions", "Transactions that wait for a block",
              static_cast<double>(pool.count));
        gauge("emercoin_mempool_bytes", "Their virtual size", static_cast<double>(pool.bytes));
        gauge("emercoin_mempool_usage_bytes", "Memory they take", static_cast<double>(pool.usage));
        gauge("emercoin_mempool_limit_bytes", "Memory they may take", static_cast<double>(pool.max_usage));
        if (m_net != nullptr) WriteNet(sink);
    }

private:
    template <typename Gauge>
    void WriteChain(const Gauge& gauge) const
    {
        const interfaces::Tip tip = m_chain.Reader().GetTip();
        gauge("emercoin_chain_height", "Height of the tip", tip.height);
        gauge("emercoin_chain_header_height", "Height of the best header known", tip.header_height);
        gauge("emercoin_chain_tip_time_seconds", "Time of the tip", static_cast<double>(tip.time));
        gauge("emercoin_chain_initial_download", "1 until the chain has been caught up with",
              tip.initial_download ? 1 : 0);
        gauge("emercoin_chain_disk_bytes", "Bytes of block files",
              static_cast<double>(m_chain.Reader().DiskBytes()));
        gauge("emercoin_names", "Names that are live", static_cast<double>(m_chain.Names().NameStats().live));
    }

    void WriteNet(interfaces::MetricSink& sink) const
    {
        const auto info = m_net->Info();
        sink.Family("emercoin_peers", Kind::Gauge, "Connections to peers");
        sink.Value("direction=\"in\"", static_cast<double>(info.connections_in));
        sink.Value("direction=\"out\"", static_cast<double>(info.connections_out));
        sink.Family("emercoin_network_bytes_total", Kind::Counter, "Bytes exchanged with peers");
        sink.Value("direction=\"in\"", static_cast<double>(info.bytes_received));
        sink.Value("direction=\"out\"", static_cast<double>(info.bytes_sent));
    }

    chain::Chain& m_chain;
    const mempool::Mempool& m_pool;
    const p2p::P2p* m_net;
    const int64_t m_start_sec;
};

} // namespace

/// The page of figures, when -metrics asks for it.
Node::Step Node::StartMetrics()
{
    const std::string where = m_setup.options.Text("metrics");
    if (where.empty()) return {};
    m_rooms->node_metrics = std::make_unique<NodeMetrics>(*m_rooms->chain, *m_rooms->pool, m_rooms->net.get(),
                                                          base::Clock().NowSec() - UptimeSec());
    std::vector<const interfaces::MetricSource*> sources = {m_rooms->node_metrics.get(), m_rooms->dns.get()};
    if (m_rooms->rpc) sources.push_back(&m_rooms->rpc->Figures());
    auto started = MetricsServer::Start(where, std::move(sources), m_log);
    if (!started) return base::Unexpected(started.Error());
    m_rooms->metrics = std::move(*started);
    return {};
}

} // namespace emc::app
