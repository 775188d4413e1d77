#include "qt/node_model.h"

#include "interfaces/chain.h"
#include "interfaces/events.h"
#include "interfaces/pool.h"
#include "qt/courier.h"

#include <QMetaObject>
#include <atomic>

namespace emc::qt {

namespace {

constexpr int READ_EVERY_MS = 1'000;
constexpr int STIR_EVERY_MS = 250;
constexpr qint64 WINDOW_MS = 60'000;
constexpr size_t QUEUED_EVENTS = 10'000;

NodeState ReadNode(const interfaces::Rooms& rooms)
{
    NodeState out;
    out.tip = rooms.chain->GetTip();
    out.progress = rooms.chain->VerificationProgress();
    if (rooms.net != nullptr) {
        const auto net = rooms.net->Info();
        out.peers_in = net.connections_in;
        out.peers_out = net.connections_out;
        out.net_active = net.active;
        out.bytes_sent = net.bytes_sent;
        out.bytes_received = net.bytes_received;
    }
    if (rooms.pool != nullptr) out.pool = rooms.pool->Info();
    out.names_live = rooms.names->NameStats().live;
    if (rooms.dns != nullptr) {
        const auto stats = rooms.dns->GetStats();
        out.has_dns = true;
        out.dns_running = rooms.dns->Running();
        out.dns_questions = stats.queries;
        out.dns_listen = stats.listen;
    }
    if (rooms.staking != nullptr) {
        out.has_staking = true;
        out.staking = rooms.staking->GetInfo();
    }
    out.warnings = rooms.node->Warnings();
    out.now_sec = rooms.node->NowSec();
    return out;
}

} // namespace

/// On the subscription's thread: wakes the model, once until it has looked.
class NodeModel::Sink final : public interfaces::EventSink
{
public:
    explicit Sink(NodeModel& model) : m_model(model) {}

    void OnTxAdded(const primitives::TxRef&) override { Wake(); }

    void OnTxRemoved(const primitives::TxRef&, interfaces::RemovalReason) override { Wake(); }

    void OnTip(const interfaces::Tip&) override { Wake(); }

    void OnMissed() override { Wake(); }

    std::atomic<bool> woken{false};

private:
    void Wake()
    {
        if (woken.exchange(true)) return;
        QMetaObject::invokeMethod(
            &m_model,
            [model = &m_model] {
                if (!model->m_stir.isActive()) model->m_stir.start();
            },
            Qt::QueuedConnection);
    }

    NodeModel& m_model;
};

NodeModel::NodeModel(interfaces::NodeHost& host, Courier& courier)
    : m_host(host), m_courier(courier), m_sink(std::make_unique<Sink>(*this))
{
    m_clock.start();
    m_stir.setSingleShot(true);
    m_stir.setInterval(STIR_EVERY_MS);
    connect(&m_stir, &QTimer::timeout, this, [this] {
        m_sink->woken = false;
        Q_EMIT Stirred();
    });
    connect(&m_timer, &QTimer::timeout, this, &NodeModel::Read);
    m_timer.start(READ_EVERY_MS);
    m_subscription = Rooms().events->Subscribe("window", *m_sink, QUEUED_EVENTS);
    Read();
}

NodeModel::~NodeModel()
{
    Stop();
}

void NodeModel::Stop()
{
    m_timer.stop();
    m_stir.stop();
    m_subscription.reset();
}

void NodeModel::Read()
{
    if (m_host.StopRequested()) {
        m_timer.stop();
        Q_EMIT EndWanted();
        return;
    }
    if (m_reading) return;
    m_reading = true;
    m_courier.Run(
        this, [rooms = Rooms()] { return ReadNode(rooms); },
        [this](NodeState state) { Take(std::move(state)); });
}

void NodeModel::Take(NodeState state)
{
    m_reading = false;
    const qint64 now = m_clock.elapsed();
    m_samples.push_back({now, state.tip.height, state.progress});
    while (m_samples.size() > 2 && now - m_samples.front().at_ms > WINDOW_MS)
        m_samples.pop_front();
    const auto& first = m_samples.front();
    const double seconds = static_cast<double>(now - first.at_ms) / 1'000;
    if (seconds > 0) {
        state.blocks_per_sec = (state.tip.height - first.height) / seconds;
        const double gained = state.progress - first.progress;
        if (gained > 0) state.left_sec = (1 - state.progress) / gained * seconds;
    }
    m_state = std::move(state);
    Q_EMIT Changed();
}

} // namespace emc::qt
