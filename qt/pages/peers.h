/// Connections: who, how, how much; parting with one, or banning it.
#pragma once

#include "qt/content_table.h"
#include "qt/desk.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace emc::qt {

class PeersView : public QWidget
{
    Q_OBJECT

public:
    PeersView(Desk& desk, QWidget* parent);

private:
    void Reload();
    void Part(int64_t ban_seconds);
    void ShowBans();

    Desk& m_desk;
    ContentModel* m_model;
    ContentView* m_view;
    QLabel* m_details;
    QPushButton* m_disconnect;
    QPushButton* m_ban;
    QPushButton* m_unban;
    bool m_reading = false;
};

} // namespace emc::qt
