/// Figures of the node in one list.
#pragma once

#include "qt/desk.h"

#include <QWidget>

class QLabel;

namespace emc::qt {

class NodeInfo : public QWidget
{
    Q_OBJECT

public:
    NodeInfo(Desk& desk, QWidget* parent);

private:
    void Show();

    Desk& m_desk;
    QLabel* m_network;
    QLabel* m_folder;
    QLabel* m_uptime;
    QLabel* m_blocks;
    QLabel* m_last_block;
    QLabel* m_names;
    QLabel* m_peers;
    QLabel* m_traffic;
    QLabel* m_pool;
    QLabel* m_dns;
};

} // namespace emc::qt
