#include "qt/pages/peers.h"

#include "qt/ask.h"
#include "qt/form.h"
#include "qt/text.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace emc::qt {

namespace {

using interfaces::PeerInfo;

constexpr int64_t DAY = 86'400;

struct PeerStyle {
    enum Column { Address, Kind, Client, Height, Ping, Received, Sent };

    static QVariant Cell(const PeerInfo& peer, int column, int role)
    {
        if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
        switch (column) {
        case Address:
            return FromUtf8(peer.address);
        case Kind:
            return FromUtf8(peer.kind) + QStringLiteral(", ") + FromUtf8(peer.transport);
        case Client:
            return OneLine(base::AsBytes(peer.user_agent), 60);
        case Height:
            return peer.synced_blocks >= 0 ? peer.synced_blocks : peer.starting_height;
        case Ping:
            return peer.ping_sec ? QStringLiteral("%1 ms").arg(*peer.ping_sec * 1'000, 0, 'f', 1) : QString();
        case Received:
            return BytesText(static_cast<double>(peer.bytes_received));
        case Sent:
            return BytesText(static_cast<double>(peer.bytes_sent));
        default:
            return {};
        }
    }

    static QByteArray Key(const PeerInfo& peer)
    {
        return QByteArray::number(static_cast<qulonglong>(peer.id));
    }
};

using PeerTable = RowContent<PeerInfo, PeerStyle>;

bool Before(const PeerInfo& a, const PeerInfo& b, int column)
{
    return BeforeBy(a, b, column, &PeerInfo::address, &PeerInfo::kind, &PeerInfo::user_agent,
                    &PeerInfo::synced_blocks, &PeerInfo::ping_sec, &PeerInfo::bytes_received,
                    &PeerInfo::bytes_sent);
}

QString DetailsText(const PeerInfo& peer, int64_t now)
{
    QStringList services;
    for (const auto& service : peer.service_names)
        services << FromUtf8(service);
    return Words::tr("Connected for %1. Version %2. Services: %3. Its clock is %4 s ahead.")
        .arg(DurationText(static_cast<double>(now - peer.connected)))
        .arg(peer.version)
        .arg(services.join(QStringLiteral(", ")))
        .arg(peer.time_offset);
}

} // namespace

PeersView::PeersView(Desk& desk, QWidget* parent) : QWidget(parent), m_desk(desk)
{
    m_model = new ContentModel({{tr("Address")},
                                {tr("Kind")},
                                {tr("Program")},
                                {tr("Block"), true},
                                {tr("Ping"), true},
                                {tr("Received"), true},
                                {tr("Sent"), true}},
                               this);
    m_view = new ContentView(*m_model, {QStringLiteral("peers"), {30, 30, 30, 10, 12, 12}}, this);
    m_details = Selectable(this, QStringLiteral("peer_details"));
    m_disconnect = Button(tr("&Disconnect"), QStringLiteral("peer_disconnect"), this);
    m_ban = Button(tr("&Ban for a day"), QStringLiteral("peer_ban"), this);
    m_unban = Button(tr("B&ans…"), QStringLiteral("peer_bans"), this);
    auto* row = new QHBoxLayout;
    row->addWidget(m_disconnect);
    row->addWidget(m_ban);
    row->addStretch();
    row->addWidget(m_unban);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_view, 1);
    column->addWidget(m_details);
    column->addLayout(row);
    connect(&desk.Node(), &NodeModel::Changed, this, [this] {
        if (isVisible()) Reload();
    });
    connect(m_view, &ContentView::SortingChanged, this, &PeersView::Reload);
    connect(m_disconnect, &QPushButton::clicked, this, [this] { Part(0); });
    connect(m_ban, &QPushButton::clicked, this, [this] { Part(DAY); });
    connect(m_unban, &QPushButton::clicked, this, &PeersView::ShowBans);
}

void PeersView::Reload()
{
    auto* net = m_desk.Rooms().net;
    if (net == nullptr || m_reading) return;
    m_reading = true;
    m_desk.Work().Run(
        this,
        [net, column = m_view->SortColumn(), order = m_view->SortOrder()] {
            auto peers = net->Peers();
            SortRows(peers, order, [column](const auto& a, const auto& b) { return Before(a, b, column); });
            std::vector<std::shared_ptr<const PeerInfo>> rows;
            for (auto& peer : peers)
                rows.push_back(std::make_shared<const PeerInfo>(std::move(peer)));
            return std::make_shared<const PeerTable>(std::move(rows));
        },
        [this](std::shared_ptr<const PeerTable> table) {
            m_reading = false;
            m_model->SetContent(table);
            const auto rows = m_view->SelectedRows();
            m_disconnect->setEnabled(!rows.empty());
            m_ban->setEnabled(!rows.empty());
            m_details->setText(rows.empty()
                                   ? tr("%n connection(s)", nullptr, table->Rows())
                                   : DetailsText(table->At(rows.front()), m_desk.Node().State().now_sec));
        });
}

void PeersView::Part(int64_t ban_seconds)
{
    auto* net = m_desk.Rooms().net;
    const auto table = std::dynamic_pointer_cast<const PeerTable>(m_model->Content());
    const auto rows = m_view->SelectedRows();
    if (net == nullptr || !table || rows.empty()) return;
    std::vector<std::pair<std::string, uint64_t>> chosen;
    for (const int row : rows)
        chosen.emplace_back(table->At(row).address, table->At(row).id);
    m_desk.Work().Run(
        this,
        [net, chosen, ban_seconds] {
            std::string problem;
            for (const auto& [address, id] : chosen) {
                const auto host = address.substr(0, address.rfind(':'));
                const auto done =
                    ban_seconds > 0 ? net->SetBan(host, true, ban_seconds, false) : net->Disconnect("", id);
                if (!done) problem = done.Error().message;
            }
            return problem;
        },
        [this](const std::string& problem) {
            if (!problem.empty()) Tell(this, tr("Peers"), Sentence(problem));
            Reload();
        });
}

void PeersView::ShowBans()
{
    auto* net = m_desk.Rooms().net;
    if (net == nullptr) return;
    m_desk.Work().Run(
        this, [net] { return net->Bans(); },
        [this, net](const std::vector<interfaces::BanInfo>& bans) {
            if (bans.empty()) return Tell(this, tr("Bans"), tr("Nobody is banned."), false);
            QStringList rows;
            for (const auto& ban : bans)
                rows << FromUtf8(ban.range) + tr(" until %1").arg(TimeText(ban.until));
            AskChoice(this, tr("Bans"), tr("Lift this ban:"), rows, [this, net, bans](int chosen) {
                m_desk.Work().Run(
                    this,
                    [net, range = bans[static_cast<size_t>(chosen)].range] {
                        return net->SetBan(range, false, 0, false).HasValue();
                    },
                    [](bool) {});
            });
        });
}

} // namespace emc::qt
