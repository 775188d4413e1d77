/// The wallet's names as lines of a table.
#pragma once

#include "qt/content_table.h"
#include "qt/wallet_model.h"

namespace emc::qt {

enum class NameStatus : uint8_t { Pending, Live, Expiring, Expired, HandedOver };
[[nodiscard]] QString StatusText(NameStatus status);

/// Names that live less than this are about to expire.
inline constexpr int EXPIRING_DAYS = 30;

/// One line.
struct NameLine {
    std::shared_ptr<const interfaces::OwnName> own;
    NameStatus status = NameStatus::Live;
    double days_left = 0; ///< negative: over for so long
    QString name;         ///< as people read it
    QString preview;      ///< of the value, in one line
    QString verifiers;    ///< of a number: who signed it
};

struct NameStyle {
    enum Column { Name, Value, Status, DaysLeft, Verifier };

    static QVariant Cell(const NameLine& line, int column, int role);
    static QByteArray Key(const NameLine& line);
};

using NameTable = RowContent<NameLine, NameStyle>;

/// What of the names is shown, and in which order.
struct NameFilter {
    QString text;           ///< in name or value, upper and lower case alike
    QString prefix;         ///< "enum:", "dns:" …; empty: all
    bool expired = false;   ///< also those that are over or handed over
    bool only_soon = false; ///< only those about to expire
    int column = NameStyle::Name;
    Qt::SortOrder order = Qt::AscendingOrder;
};

/// The value a name has once the operation that waits for a block is in one; it lives as long as `own`.
[[nodiscard]] const base::Bytes& LatestValue(const interfaces::OwnName& own);

/// Filters and sorts. Any thread.
[[nodiscard]] std::shared_ptr<const NameTable> MakeNameTable(const NameRows& names, int32_t tip_height,
                                                             const NameFilter& filter);

} // namespace emc::qt
