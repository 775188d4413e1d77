#include "qt/names_content.h"

#include "enum/number.h"
#include "enum/record.h"
#include "names/op_codec.h"
#include "qt/form.h"
#include "qt/text.h"

#include <algorithm>
#include <cmath>

namespace emc::qt {

namespace {

constexpr int PREVIEW = 80;

NameStatus StatusOf(const interfaces::OwnName& own, double days_left)
{
    if (own.pending) return NameStatus::Pending;
    if (!own.mine) return NameStatus::HandedOver;
    if (!own.info.live) return NameStatus::Expired;
    return days_left < EXPIRING_DAYS ? NameStatus::Expiring : NameStatus::Live;
}

QString VerifiersOf(const interfaces::OwnName& own)
{
    const auto name = enumrec::ParseRecordName(own.info.name);
    if (!name || name->kind != enumrec::NameKind::Number) return {};
    const auto lines = enumrec::SignatureLines(base::AsText(LatestValue(own)));
    if (lines.empty()) return Words::tr("not signed");
    QStringList out;
    for (const auto& line : lines)
        out << FromUtf8(line.sig.verifier).mid(4); // without "ver:"
    return out.join(QStringLiteral(", "));
}

NameLine MakeLine(const std::shared_ptr<const interfaces::OwnName>& own, int32_t tip_height)
{
    NameLine out;
    out.own = own;
    if (own->info.record.expiry > 0) {
        out.days_left = static_cast<double>(own->info.record.expiry - tip_height) / names::BLOCKS_PER_DAY;
    } else if (own->pending) {
        out.days_left = static_cast<double>(own->pending->op.days);
    }
    out.status = StatusOf(*own, out.days_left);
    out.name = OneLine(base::AsBytes(own->info.name), PREVIEW);
    out.preview = OneLine(LatestValue(*own), PREVIEW);
    out.verifiers = VerifiersOf(*own);
    return out;
}

bool Shown(const NameLine& line, const NameFilter& filter)
{
    const bool over = line.status == NameStatus::Expired || line.status == NameStatus::HandedOver;
    if (over && !filter.expired) return false;
    if (filter.only_soon && line.status != NameStatus::Expiring) return false;
    if (!filter.prefix.isEmpty() && !line.name.startsWith(filter.prefix)) return false;
    return filter.text.isEmpty() || line.name.contains(filter.text, Qt::CaseInsensitive) ||
           line.preview.contains(filter.text, Qt::CaseInsensitive);
}

bool Before(const NameLine& a, const NameLine& b, int column)
{
    return BeforeBy(a, b, column, &NameLine::name, &NameLine::preview, &NameLine::status,
                    &NameLine::days_left, &NameLine::verifiers);
}

QString DaysText(const NameLine& line)
{
    if (line.status == NameStatus::HandedOver) return {};
    return QString::number(static_cast<int>(std::floor(line.days_left)));
}

} // namespace

const base::Bytes& LatestValue(const interfaces::OwnName& own)
{
    return own.pending && own.pending->op.kind != names::OpKind::Delete ? own.pending->op.value
                                                                        : own.info.record.value;
}

QString StatusText(NameStatus status)
{
    switch (status) {
    case NameStatus::Pending:
        return Words::tr("waits for a block");
    case NameStatus::Live:
        return Words::tr("live");
    case NameStatus::Expiring:
        return Words::tr("expires soon");
    case NameStatus::Expired:
        return Words::tr("expired");
    case NameStatus::HandedOver:
        return Words::tr("handed over");
    }
    return {};
}

QVariant NameStyle::Cell(const NameLine& line, int column, int role)
{
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole) {
        switch (column) {
        case Name:
            return line.name;
        case Value:
            return line.preview;
        case Status:
            return StatusText(line.status);
        case DaysLeft:
            return DaysText(line);
        case Verifier:
            return line.verifiers;
        default:
            return {};
        }
    }
    if (role == Qt::ForegroundRole && (column == Status || column == DaysLeft)) {
        if (line.status == NameStatus::Expiring || line.status == NameStatus::Expired) return AlarmColor();
        if (line.status == NameStatus::Live && column == Status) return GoodColor();
    }
    return {};
}

QByteArray NameStyle::Key(const NameLine& line)
{
    return QByteArray::fromStdString(line.own->info.name);
}

std::shared_ptr<const NameTable> MakeNameTable(const NameRows& names, int32_t tip_height,
                                               const NameFilter& filter)
{
    std::vector<std::shared_ptr<const NameLine>> lines;
    for (const auto& own : names) {
        auto line = MakeLine(own, tip_height);
        if (Shown(line, filter)) lines.push_back(std::make_shared<const NameLine>(std::move(line)));
    }
    SortRows(lines, filter.order,
             [&filter](const auto& a, const auto& b) { return Before(*a, *b, filter.column); });
    return std::make_shared<const NameTable>(std::move(lines));
}

} // namespace emc::qt
