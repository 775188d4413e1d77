/// Call records and batches as lines of tables.
#pragma once

#include "interfaces/call_batches.h"
#include "interfaces/calls.h"
#include "qt/content_table.h"

namespace emc::qt {

struct BatchStyle {
    enum Column { Caller, Callee, From, To, Calls, Minutes, State, Claim };

    static std::vector<ContentModel::Column> Columns();
    static QVariant Cell(const interfaces::BatchInfo& batch, int column, int role);
    static QByteArray Key(const interfaces::BatchInfo& batch);
};

using BatchTable = RowContent<interfaces::BatchInfo, BatchStyle>;

struct RecordStyle {
    enum Column { Answered, Caller, Callee, Lasted, CallId };

    static std::vector<ContentModel::Column> Columns();
    static QVariant Cell(const reward::CallRecord& record, int column, int role);
    static QByteArray Key(const reward::CallRecord& record);
};

using RecordTable = RowContent<reward::CallRecord, RecordStyle>;

/// Newest calls that are shown at most.
inline constexpr size_t SHOWN_RECORDS = 100'000;

// Any thread:

[[nodiscard]] std::shared_ptr<const BatchTable> MakeBatchTable(std::vector<interfaces::BatchInfo> batches,
                                                               int column, Qt::SortOrder order);
[[nodiscard]] std::shared_ptr<const RecordTable> MakeRecordTable(const interfaces::CallBook& book,
                                                                 const interfaces::CallFilter& filter,
                                                                 int column, Qt::SortOrder order);

/// State and reason of a batch, in sentences.
[[nodiscard]] QString BatchText(const interfaces::BatchInfo& batch);
[[nodiscard]] QString CheckText(const interfaces::BatchCheck& check);
[[nodiscard]] QString ClaimText(const interfaces::ClaimPlan& plan);
[[nodiscard]] QString RecordTotals(const RecordTable& table);

} // namespace emc::qt
