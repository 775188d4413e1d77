#include "qt/tx_content.h"

#include "qt/form.h"
#include "qt/text.h"

#include <algorithm>

namespace emc::qt {

namespace {

QString PartyText(const TxRow& row)
{
    return row.label.empty() ? FromUtf8(row.address)
                             : QStringLiteral("%1 (%2)").arg(FromUtf8(row.label), FromUtf8(row.address));
}

bool IsGenerated(const TxRow& row)
{
    return row.category == "generate" || row.category == "immature" || row.category == "orphan";
}

bool InCategory(const TxRow& row, const QString& category)
{
    if (category.isEmpty()) return true;
    if (category == QStringLiteral("name")) return !row.name_op.empty();
    if (category == QStringLiteral("generate")) return IsGenerated(row);
    return FromUtf8(row.category) == category;
}

bool Holds(const std::string& text, const QString& wanted)
{
    return FromUtf8(text).contains(wanted, Qt::CaseInsensitive);
}

bool Shown(const TxRow& row, const TxFilter& filter)
{
    if (!InCategory(row, filter.category) || row.time < filter.since) return false;
    if (std::abs(row.amount) < filter.least) return false;
    if (filter.text.isEmpty()) return true;
    return Holds(row.label, filter.text) || Holds(row.address, filter.text) ||
           Holds(row.name_op, filter.text) || Holds(row.comment, filter.text) ||
           Holds(base::ReversedHex(row.txid), filter.text);
}

/// Below 0: a before b.
int Compare(const TxRow& a, const TxRow& b, int column)
{
    const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
    switch (column) {
    case TxStyle::What:
        return order(a.name_op + a.category, b.name_op + b.category);
    case TxStyle::Party:
        return order(a.label + a.address, b.label + b.address);
    case TxStyle::Amount:
        return order(a.amount, b.amount);
    case TxStyle::State:
        return order(a.height, b.height);
    default:
        return order(a.time, b.time);
    }
}

} // namespace

QString WhatText(const TxRow& row)
{
    if (!row.name_op.empty()) return OneLine(base::AsBytes(row.name_op), 60);
    if (row.category == "send") return Words::tr("Sent");
    if (row.category == "receive") return Words::tr("Received");
    if (row.category == "orphan") return Words::tr("Mined, not in the chain");
    if (row.category == "immature") return Words::tr("Mined or minted, not mature");
    return Words::tr("Mined or minted");
}

QString StateText(const TxRow& row, int32_t tip_height)
{
    if (row.abandoned) return Words::tr("given up");
    if (row.conflicted) return Words::tr("another one spent its coins");
    if (row.height < 0) return Words::tr("waits for a block");
    return Words::tr("%n confirmation(s)", nullptr, tip_height - row.height + 1);
}

QVariant TxStyle::Cell(const TxLine& line, int column, int role)
{
    const auto& row = *line.row;
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole) {
        switch (column) {
        case Time:
            return TimeText(row.time);
        case What:
            return WhatText(row);
        case Party:
            return PartyText(row);
        case Amount:
            return AmountPlain(row.amount, true);
        case State:
            return StateText(row, line.tip_height);
        default:
            return {};
        }
    }
    if (role == Qt::ForegroundRole && (row.conflicted || row.abandoned)) return AlarmColor();
    return {};
}

QByteArray TxStyle::Key(const TxLine& line)
{
    const auto& row = *line.row;
    QByteArray out(reinterpret_cast<const char*>(row.txid.data()), static_cast<int>(row.txid.size()));
    out.append(reinterpret_cast<const char*>(&row.vout), sizeof(row.vout));
    out.append(row.amount < 0 ? '-' : '+');
    return out;
}

std::shared_ptr<const TxTable> MakeTxTable(const TxRows& rows, int32_t tip_height, const TxFilter& filter)
{
    std::vector<std::shared_ptr<const TxLine>> lines;
    for (const auto& row : rows) {
        if (Shown(*row, filter)) lines.push_back(std::make_shared<const TxLine>(TxLine{row, tip_height}));
    }
    SortRows(lines, filter.order, [&filter](const auto& a, const auto& b) {
        return Compare(*a->row, *b->row, filter.column) < 0;
    });
    return std::make_shared<const TxTable>(std::move(lines));
}

} // namespace emc::qt
