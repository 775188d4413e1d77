/// The wallet's history as lines of a table.
#pragma once

#include "qt/content_table.h"
#include "qt/wallet_model.h"

namespace emc::qt {

/// "Received", "Sent", "name_new: enum:…": what a line is about.
[[nodiscard]] QString WhatText(const TxRow& row);
/// "12 confirmations", "waits for a block", "conflicts with another"
[[nodiscard]] QString StateText(const TxRow& row, int32_t tip_height);

/// A line with the height it is looked at from.
struct TxLine {
    std::shared_ptr<const TxRow> row;
    int32_t tip_height = 0;
};

struct TxStyle {
    enum Column { Time, What, Party, Amount, State };

    static QVariant Cell(const TxLine& line, int column, int role);
    static QByteArray Key(const TxLine& line);
};

using TxTable = RowContent<TxLine, TxStyle>;

struct TxFilter {
    QString text;                 ///< in label, address, name, comment or txid
    QString category;             ///< "send", "receive", "generate", "name"; empty: all
    int64_t since = 0;            ///< unix seconds
    primitives::Amount least = 0; ///< without sign
    int column = TxStyle::Time;
    Qt::SortOrder order = Qt::DescendingOrder;
};

/// Filters and sorts. Any thread.
[[nodiscard]] std::shared_ptr<const TxTable> MakeTxTable(const TxRows& rows, int32_t tip_height,
                                                         const TxFilter& filter);

} // namespace emc::qt
