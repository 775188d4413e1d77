/// Staking: on or off, what it earns, each coin's state.
#pragma once

#include "interfaces/mining.h"
#include "qt/content_table.h"
#include "qt/pages/page.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace emc::qt {

class Hint;

class StakingPage final : public Page
{
    Q_OBJECT

public:
    StakingPage(Desk& desk, QWidget* parent);

private:
    void ShowNode();
    void Reload();
    void SetReserve();
    void Unlock();

    QCheckBox* m_on;
    QPushButton* m_unlock;
    QLabel* m_state;
    QLabel* m_weight;
    QLabel* m_expected;
    QLabel* m_found;
    QLabel* m_next;
    QLineEdit* m_reserve;
    Hint* m_reserve_hint;
    ContentModel* m_model;
    int m_asked = 0; ///< counts readings of the coins: only the newest counts
    ContentView* m_view;
};

} // namespace emc::qt
