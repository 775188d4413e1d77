#include "qt/pages/node.h"

#include "qt/pages/console.h"
#include "qt/pages/node_info.h"
#include "qt/pages/peers.h"
#include "qt/pages/traffic.h"

#include <QTabWidget>
#include <QVBoxLayout>

namespace emc::qt {

NodePage::NodePage(Desk& desk, QWidget* parent) : Page(desk, QStringLiteral("node"), parent)
{
    auto* tabs = new QTabWidget(this);
    tabs->setObjectName(QStringLiteral("node_tabs"));
    tabs->addTab(new NodeInfo(desk, tabs), tr("&Information"));
    tabs->addTab(new ConsoleView(desk, tabs), tr("&Console"));
    tabs->addTab(new TrafficView(desk, tabs), tr("&Traffic"));
    tabs->addTab(new PeersView(desk, tabs), tr("&Peers"));
    auto* column = new QVBoxLayout(this);
    column->addWidget(tabs);
}

} // namespace emc::qt
