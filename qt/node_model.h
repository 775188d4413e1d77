/// What the windows know of the node.
#pragma once

#include "interfaces/host.h"
#include "interfaces/mining.h"
#include "interfaces/net.h"
#include "interfaces/node.h"

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>
#include <deque>

namespace emc::interfaces {
class Subscription;
}

namespace emc::qt {

class Courier;

/// The node at one moment. A value.
struct NodeState {
    interfaces::Tip tip;
    double progress = 0;       ///< 0 … 1 of the known chain is verified
    double blocks_per_sec = 0; ///< of the last minute; 0: unknown
    double left_sec = -1;      ///< until the chain is caught up with; negative: unknown
    uint64_t peers_in = 0, peers_out = 0;
    bool net_active = true;
    uint64_t bytes_sent = 0, bytes_received = 0;
    interfaces::PoolInfo pool;
    uint64_t names_live = 0;
    bool has_dns = false;
    bool dns_running = false;
    uint64_t dns_questions = 0;
    std::vector<std::string> dns_listen;
    bool has_staking = false;
    interfaces::StakingControl::Info staking;
    std::string warnings;
    int64_t now_sec = 0; ///< the node's clock

    /// Blocks are being fetched: what is shown of the wallet is old.
    [[nodiscard]] bool CatchingUp() const { return tip.initial_download || progress < 0.9999; }
};

/// Reads the node once a second, off the window's thread. Lives on the window's thread.
class NodeModel : public QObject
{
    Q_OBJECT

public:
    NodeModel(interfaces::NodeHost& host, Courier& courier);
    ~NodeModel() override;

    [[nodiscard]] const NodeState& State() const { return m_state; }

    [[nodiscard]] interfaces::NodeHost& Host() { return m_host; }

    [[nodiscard]] const interfaces::Rooms& Rooms() const { return m_host.GetRooms(); }

    /// No more readings and events. Call it before the node stops.
    void Stop();

Q_SIGNALS:
    void Changed();
    /// Blocks or transactions came or went: at most four times a second.
    void Stirred();
    /// Somebody asked the node to end.
    void EndWanted();

private:
    class Sink;

    void Read();
    void Take(NodeState state);

    interfaces::NodeHost& m_host;
    Courier& m_courier;
    NodeState m_state;
    QTimer m_timer;
    bool m_reading = false;

    struct Sample {
        qint64 at_ms = 0;
        int32_t height = 0;
        double progress = 0;
    };

    QElapsedTimer m_clock;
    std::deque<Sample> m_samples; ///< of the last minute
    QTimer m_stir;
    std::unique_ptr<Sink> m_sink;
    std::unique_ptr<interfaces::Subscription> m_subscription;
};

} // namespace emc::qt
