/// The first page: money, what happened of late, how the node is.
#pragma once

#include "qt/pages/page.h"

class QGridLayout;
class QLabel;

namespace emc::qt {

class Hint;

class OverviewPage final : public Page
{
    Q_OBJECT

public:
    OverviewPage(Desk& desk, QWidget* parent);

private:
    [[nodiscard]] QWidget* Money();
    [[nodiscard]] QWidget* Recent();
    [[nodiscard]] QWidget* Services();
    void ShowWallet();
    void ShowNode();

    QLabel* m_available;
    QLabel* m_pending;
    QLabel* m_immature;
    QLabel* m_in_names;
    QLabel* m_total;
    QGridLayout* m_recent;
    QLabel* m_names;
    QLabel* m_staking;
    QLabel* m_dns;
    Hint* m_warning;
};

} // namespace emc::qt
