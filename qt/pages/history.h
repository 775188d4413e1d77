/// Transactions: filters, search, details, files.
#pragma once

#include "qt/pages/page.h"
#include "qt/tx_content.h"

class QComboBox;
class QLineEdit;

namespace emc::qt {

class Hint;

class HistoryPage final : public Page
{
    Q_OBJECT

public:
    HistoryPage(Desk& desk, QWidget* parent);

private:
    [[nodiscard]] QWidget* Filters();
    [[nodiscard]] QWidget* Buttons();
    void Refill();
    [[nodiscard]] std::vector<TxLine> Selected() const;
    void Details();
    void EditLabel();
    void Abandon();
    void Bump();
    void Export();

    ContentModel* m_model;
    ContentView* m_view;
    QLineEdit* m_search;
    QComboBox* m_category;
    QComboBox* m_since;
    QLineEdit* m_least;
    Hint* m_least_hint;
    int m_filled = 0;
};

} // namespace emc::qt
