/// Choosing the coins to spend, and keeping some back.
#pragma once

#include "qt/desk.h"

#include <QDialog>

class QLabel;
class QTreeWidget;

namespace emc::qt {

class CoinDialog : public QDialog
{
    Q_OBJECT

public:
    CoinDialog(Desk& desk, const std::vector<primitives::OutPoint>& chosen, QWidget* parent);

    [[nodiscard]] std::vector<primitives::OutPoint> Chosen() const;
    [[nodiscard]] primitives::Amount ChosenValue() const;

private:
    void Fill(const std::vector<interfaces::WalletCoin>& coins,
              const std::vector<primitives::OutPoint>& locked);
    void Sum();
    void ChangeLock();

    Desk& m_desk;
    std::vector<interfaces::WalletCoin> m_coins; ///< by row
    const std::vector<primitives::OutPoint> m_chosen;
    QTreeWidget* m_list;
    QLabel* m_sum;
};

} // namespace emc::qt
