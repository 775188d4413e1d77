#include "qt/pages/node_info.h"

#include "qt/form.h"
#include "qt/text.h"

#include <QFormLayout>
#include <QLabel>

namespace emc::qt {

NodeInfo::NodeInfo(Desk& desk, QWidget* parent) : QWidget(parent), m_desk(desk)
{
    auto* form = new QFormLayout(this);
    m_network = Add(form, tr("Network:"), "info_network");
    m_folder = Add(form, tr("Data folder:"), "info_folder");
    m_uptime = Add(form, tr("Runs for:"), "info_uptime");
    m_blocks = Add(form, tr("Blocks:"), "info_blocks");
    m_last_block = Add(form, tr("Time of the last one:"), "info_last_block");
    m_names = Add(form, tr("Live names:"), "info_names");
    m_peers = Add(form, tr("Connections:"), "info_peers");
    m_traffic = Add(form, tr("Traffic:"), "info_traffic");
    m_pool = Add(form, tr("Transactions that wait:"), "info_pool");
    m_dns = Add(form, tr("DNS questions:"), "info_dns");
    m_network->setText(FromUtf8(desk.Host().Network()));
    m_folder->setText(FromUtf8(desk.Host().Folder()));
    connect(&desk.Node(), &NodeModel::Changed, this, &NodeInfo::Show);
}

QLabel* NodeInfo::Add(QFormLayout* form, const QString& title, const char* name)
{
    auto* out = Selectable(this, QLatin1String(name));
    form->addRow(title, out);
    return out;
}

void NodeInfo::Show()
{
    const auto& state = m_desk.Node().State();
    m_uptime->setText(DurationText(static_cast<double>(m_desk.Rooms().node->UptimeSec())));
    m_blocks->setText(tr("%1 of %2 known").arg(state.tip.height).arg(state.tip.header_height));
    m_last_block->setText(TimeText(state.tip.time));
    m_names->setText(QString::number(state.names_live));
    m_peers->setText(state.net_active
                         ? tr("%1 outgoing, %2 incoming").arg(state.peers_out).arg(state.peers_in)
                         : tr("the network is switched off"));
    m_traffic->setText(tr("%1 received, %2 sent")
                           .arg(BytesText(static_cast<double>(state.bytes_received)),
                                BytesText(static_cast<double>(state.bytes_sent))));
    m_pool->setText(tr("%n, %1", nullptr, static_cast<int>(state.pool.count))
                        .arg(BytesText(static_cast<double>(state.pool.bytes))));
    m_dns->setText(state.dns_running ? QString::number(state.dns_questions) : tr("the server does not run"));
}

} // namespace emc::qt
