/// Manage Names: the wallet's names, and what callers get for a number.
#pragma once

#include "qt/names_content.h"
#include "qt/pages/page.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;

namespace emc::qt {

class NamesPage final : public Page
{
    Q_OBJECT

public:
    NamesPage(Desk& desk, QWidget* parent);

private:
    void Build();
    [[nodiscard]] QWidget* Filters();
    [[nodiscard]] QWidget* Buttons();
    void Refill();
    void SelectionChanged();
    [[nodiscard]] std::vector<std::shared_ptr<const interfaces::OwnName>> Selected() const;
    void New();
    void Change();
    void Renew();
    void Delete();
    void AskSignature();
    void Export();
    void Import();
    void ImportFrom(const QString& path);
    /// Shows what it costs, asks, sends.
    void Propose(const QString& title, const QString& what, const QString& button,
                 std::vector<interfaces::WalletNamesApi::NameChange> changes);

    ContentModel* m_model;
    ContentView* m_view;
    QLineEdit* m_search;
    QComboBox* m_kind;
    QCheckBox* m_soon;
    QCheckBox* m_expired;
    QPushButton* m_new = nullptr;
    std::vector<QPushButton*> m_for_one; ///< need one selected name
    std::vector<QPushButton*> m_for_some;
    int m_filled = 0;
};

} // namespace emc::qt
