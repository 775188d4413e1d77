#include "qt/content_table.h"

#include <QHeaderView>
#include <QItemSelection>
#include <QScrollBar>
#include <QSettings>
#include <algorithm>
#include <set>

namespace emc::qt {

ContentModel::ContentModel(std::vector<Column> columns, QObject* parent)
    : QAbstractTableModel(parent), m_columns(std::move(columns))
{}

void ContentModel::SetContent(std::shared_ptr<const TableContent> content)
{
    beginResetModel();
    m_content = std::move(content);
    endResetModel();
}

int ContentModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_content ? 0 : m_content->Rows();
}

int ContentModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant ContentModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !m_content || index.row() >= m_content->Rows()) return {};
    if (role == Qt::TextAlignmentRole) {
        const bool number = m_columns[static_cast<size_t>(index.column())].number;
        return static_cast<int>(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft));
    }
    return m_content->Cell(index.row(), index.column(), role);
}

QVariant ContentModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return m_columns[static_cast<size_t>(section)].title;
}

ContentView::ContentView(ContentModel& model, const Look& look, QWidget* parent)
    : QTableView(parent), m_model(model), m_name(QStringLiteral("tables/") + look.name)
{
    setObjectName(look.name);
    setModel(&model);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setContextMenuPolicy(Qt::CustomContextMenu);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + fontMetrics().height() / 2);
    horizontalHeader()->setSectionsClickable(true);
    horizontalHeader()->setSortIndicatorShown(true);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSortIndicator(look.sort_column, look.order);
    for (size_t i = 0; i < look.widths.size(); ++i) {
        const auto column = static_cast<int>(i);
        const int letters = look.widths[i] * fontMetrics().averageCharWidth();
        setColumnWidth(column, std::max(letters, horizontalHeader()->sectionSizeHint(column)));
    }
    horizontalHeader()->restoreState(QSettings().value(m_name).toByteArray());
    // What was kept may be of another language, with shorter titles.
    for (int column = 0; column < model.columnCount(); ++column)
        setColumnWidth(column, std::max(columnWidth(column), horizontalHeader()->sectionSizeHint(column)));
    connect(horizontalHeader(), &QHeaderView::sortIndicatorChanged, this, &ContentView::SortingChanged);
    connect(&model, &ContentModel::modelAboutToBeReset, this, &ContentView::Remember);
    connect(&model, &ContentModel::modelReset, this, &ContentView::Restore);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &ContentView::SelectionChanged);
}

ContentView::~ContentView()
{
    QSettings().setValue(m_name, horizontalHeader()->saveState());
}

std::vector<int> ContentView::SelectedRows() const
{
    std::set<int> rows;
    for (const auto& range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.insert(row);
    }
    return {rows.begin(), rows.end()};
}

int ContentView::SortColumn() const
{
    return horizontalHeader()->sortIndicatorSection();
}

Qt::SortOrder ContentView::SortOrder() const
{
    return horizontalHeader()->sortIndicatorOrder();
}

void ContentView::Remember()
{
    m_selected.clear();
    m_top.clear();
    const auto& content = m_model.Content();
    if (!content) return;
    for (const int row : SelectedRows())
        m_selected.push_back(content->Key(row));
    const int top = rowAt(0);
    if (top > 0) m_top = content->Key(top);
}

void ContentView::Restore()
{
    const auto& content = m_model.Content();
    if (!content) return;
    QItemSelection selection;
    const int last = m_model.columnCount() - 1;
    for (const auto& key : m_selected) {
        const int row = content->Find(key);
        if (row >= 0) selection.select(m_model.index(row, 0), m_model.index(row, last));
    }
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    const int top = m_top.isEmpty() ? -1 : content->Find(m_top);
    if (top >= 0) verticalScrollBar()->setValue(top);
}

} // namespace emc::qt
