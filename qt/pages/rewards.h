/// Call rewards: records, batches and their way to the chain, what they earned.
#pragma once

#include "interfaces/call_batches.h"
#include "qt/content_table.h"
#include "qt/pages/page.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QTabWidget;

namespace emc::qt {

class EarningsPlot;
class Hint;

class RewardsPage final : public Page
{
    Q_OBJECT

public:
    RewardsPage(Desk& desk, QWidget* parent);

private:
    [[nodiscard]] QWidget* Batches();
    [[nodiscard]] QWidget* Records();
    void ReloadBatches();
    void ReloadRecords();
    void SelectionChanged();
    [[nodiscard]] std::optional<interfaces::BatchInfo> Selected() const;
    void ImportRecords();
    void ImportFrom(const QString& path, const QString& format);
    void New();
    void Create(const QString& caller, const QString& callee);
    void Check();
    void Sign();
    void SignNow(const base::Hash256& batch, interfaces::CallBatches::Disputed disputed);
    void Claim();
    void ClaimNow(const interfaces::ClaimPlan& plan);
    void Refuse();
    void Save();
    void SaveTo(const base::Hash256& batch, const QString& path);
    void Load();
    void LoadFrom(const QString& path);

    QTabWidget* m_tabs;
    Hint* m_hint;
    ContentModel* m_batches;
    ContentView* m_batch_view;
    QLabel* m_reason;
    EarningsPlot* m_plot;
    std::vector<QPushButton*> m_for_one;
    ContentModel* m_records;
    ContentView* m_record_view;
    QLineEdit* m_number;
    Hint* m_number_hint;
    QLabel* m_totals;
    int m_asked_batches = 0; ///< counts readings: only the newest counts
    int m_asked_records = 0;
};

} // namespace emc::qt
