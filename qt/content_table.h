/// Large tables: rows are made ready off the window's thread and swapped in as a whole.
#pragma once

#include <QAbstractTableModel>
#include <QHash>
#include <QTableView>
#include <algorithm>
#include <memory>
#include <vector>

namespace emc::qt {

/// What a table shows. Immutable; made on any thread.
class TableContent
{
public:
    virtual ~TableContent() = default;
    [[nodiscard]] virtual int Rows() const = 0;
    [[nodiscard]] virtual QVariant Cell(int row, int column, int role) const = 0;
    /// Tells a row from all others, also in the next content.
    [[nodiscard]] virtual QByteArray Key(int row) const = 0;
    /// The row with this key, −1 when it is gone.
    [[nodiscard]] virtual int Find(const QByteArray& key) const = 0;
};

/// Rows that are shared with what they were made of. Made off the window's thread: it indexes the keys.
/// `Style` has static functions `Cell(const Row&, int column, int role)` and `Key(const Row&)`.
template <typename Row, typename Style>
class RowContent final : public TableContent
{
public:
    explicit RowContent(std::vector<std::shared_ptr<const Row>> rows) : m_rows(std::move(rows))
    {
        m_places.reserve(static_cast<int>(m_rows.size()));
        for (size_t i = 0; i < m_rows.size(); ++i)
            m_places.insert(Style::Key(*m_rows[i]), static_cast<int>(i));
    }

    [[nodiscard]] const Row& At(int row) const { return *m_rows[static_cast<size_t>(row)]; }

    [[nodiscard]] int Rows() const override { return static_cast<int>(m_rows.size()); }

    [[nodiscard]] QVariant Cell(int row, int column, int role) const override
    {
        return Style::Cell(At(row), column, role);
    }

    [[nodiscard]] QByteArray Key(int row) const override { return Style::Key(At(row)); }

    [[nodiscard]] int Find(const QByteArray& key) const override { return m_places.value(key, -1); }

private:
    std::vector<std::shared_ptr<const Row>> m_rows;
    QHash<QByteArray, int> m_places;
};

/// Is `a` before `b` by the member that has the column's place in the list? Beyond it the last one counts.
template <typename T, typename First, typename... Others>
[[nodiscard]] bool BeforeBy(const T& a, const T& b, int column, First T::*first, Others T::*... others)
{
    if constexpr (sizeof...(others) > 0) {
        if (column > 0) return BeforeBy(a, b, column - 1, others...);
    }
    return a.*first < b.*first;
}

/// Sorts by `before(a, b)`, or the other way round; rows that are equal stay in their order.
template <typename Rows, typename Before>
void SortRows(Rows& rows, Qt::SortOrder order, Before before)
{
    std::stable_sort(rows.begin(), rows.end(), [order, &before](const auto& a, const auto& b) {
        return order == Qt::AscendingOrder ? before(a, b) : before(b, a);
    });
}

class ContentModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    /// Columns that hold numbers are aligned to the right.
    struct Column {
        QString title;
        bool number = false;
    };

    explicit ContentModel(std::vector<Column> columns, QObject* parent);

    void SetContent(std::shared_ptr<const TableContent> content);

    [[nodiscard]] const std::shared_ptr<const TableContent>& Content() const { return m_content; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<Column> m_columns;
    std::shared_ptr<const TableContent> m_content;
};

/// Rows of equal height, whole rows selected. Selection and place survive a change of the content.
class ContentView : public QTableView
{
    Q_OBJECT

public:
    /// How the table looks until the person changes it; afterwards it is kept under `name` between runs.
    struct Look {
        QString name;
        std::vector<int> widths; ///< of the columns, in characters; the last one takes the rest
        int sort_column = 0;
        Qt::SortOrder order = Qt::AscendingOrder;
    };

    ContentView(ContentModel& model, const Look& look, QWidget* parent);
    ~ContentView() override;

    /// Rows of the model that are selected, from the top.
    [[nodiscard]] std::vector<int> SelectedRows() const;

    [[nodiscard]] int SortColumn() const;
    [[nodiscard]] Qt::SortOrder SortOrder() const;

Q_SIGNALS:
    void SortingChanged();
    void SelectionChanged();

private:
    void Remember();
    void Restore();

    ContentModel& m_model;
    QString m_name;
    std::vector<QByteArray> m_selected;
    QByteArray m_top;
};

} // namespace emc::qt
