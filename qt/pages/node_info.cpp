#include "qt/pages/node_info.h"

#include "qt/form.h"
#include "qt/text.h"

#include <QFormLayout>
#include <QLabel>

namespace emc::qt {

NodeInfo::NodeInfo(Desk& desk, QWidget* parent) : QWidget(parent), m_desk(desk)
{
    auto* form = new QFormLayout(this);
    m_network = AddFigure(form, tr("Network:"), "info_network", this);
    m_folder = AddFigure(form, tr("Data folder:"), "info_folder", this);
    m_uptime = AddFigure(form, tr("Runs for:"), "info_uptime", this);
    m_blocks = AddFigure(form, tr("Blocks:"), "info_blocks", this);
    m_last_block = AddFigure(form, tr("Time of the last one:"), "info_last_block", this);
    m_names = AddFigure(form, tr("Live names:"), "info_names", this);
    m_peers = AddFigure(form, tr("Connections:"), "info_peers", this);
    m_traffic = AddFigure(form, tr("Traffic:"), "info_traffic", this);
    m_pool = AddFigure(form, tr("Transactions that wait:"), "info_pool", this);
    m_dns = AddFigure(form, tr("DNS questions:"), "info_dns", this);
    m_network->setText(FromUtf8(desk.Host().Network()));
    m_folder->setText(FromUtf8(desk.Host().Folder()));
    connect(&desk.Node(), &NodeModel::Changed, this, &NodeInfo::Show);
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
