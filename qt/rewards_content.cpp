#include "qt/rewards_content.h"

#include "qt/form.h"
#include "qt/text.h"

#include <algorithm>
#include <deque>

namespace emc::qt {

namespace {

using interfaces::BatchInfo;
using interfaces::BatchState;
using reward::CallRecord;

constexpr int64_t MS = 1'000;
constexpr int SHOWN_FINDINGS = 12;

QString StateText(BatchState state)
{
    switch (state) {
    case BatchState::Open:
        return Words::tr("not signed yet");
    case BatchState::Waiting:
        return Words::tr("waits for the other side");
    case BatchState::Signed:
        return Words::tr("signed by both, may be claimed");
    case BatchState::Claimed:
        return Words::tr("claimed, waits for a block");
    case BatchState::Confirmed:
        return Words::tr("rewarded");
    case BatchState::Refused:
        return Words::tr("refused");
    }
    return {};
}

int Compare(const BatchInfo& a, const BatchInfo& b, int column)
{
    const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
    switch (column) {
    case BatchStyle::Caller:
        return order(a.batch.pair.caller.number, b.batch.pair.caller.number);
    case BatchStyle::Callee:
        return order(a.batch.pair.callee.number, b.batch.pair.callee.number);
    case BatchStyle::Calls:
        return order(a.batch.calls, b.batch.calls);
    case BatchStyle::Minutes:
        return order(a.batch.minutes, b.batch.minutes);
    case BatchStyle::State:
        return order(a.state, b.state);
    case BatchStyle::Claim:
        return order(a.batch.claim, b.batch.claim);
    default:
        return order(a.batch.period_start, b.batch.period_start);
    }
}

int Compare(const CallRecord& a, const CallRecord& b, int column)
{
    const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
    switch (column) {
    case RecordStyle::Caller:
        return order(a.caller, b.caller);
    case RecordStyle::Callee:
        return order(a.callee, b.callee);
    case RecordStyle::Lasted:
        return order(a.end - a.answer, b.end - b.answer);
    case RecordStyle::CallId:
        return order(a.call_id, b.call_id);
    default:
        return order(a.answer, b.answer);
    }
}

template <typename Table, typename Rows>
std::shared_ptr<const Table> Sorted(Rows rows, int column, Qt::SortOrder order)
{
    SortRows(rows, order, [column](const auto& a, const auto& b) { return Compare(*a, *b, column) < 0; });
    return std::make_shared<const Table>(std::move(rows));
}

} // namespace

std::vector<ContentModel::Column> BatchStyle::Columns()
{
    return {{Words::tr("Caller")}, {Words::tr("Called")},      {Words::tr("From")},
            {Words::tr("To")},     {Words::tr("Calls"), true}, {Words::tr("Minutes"), true},
            {Words::tr("State")},  {Words::tr("Claim"), true}};
}

QVariant BatchStyle::Cell(const BatchInfo& info, int column, int role)
{
    if (role == Qt::ForegroundRole && column == State) {
        if (info.state == BatchState::Refused || !info.problem.empty()) return AlarmColor();
        if (info.state == BatchState::Confirmed) return GoodColor();
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    const auto& batch = info.batch;
    switch (column) {
    case Caller:
        return NumberText(batch.pair.caller.number);
    case Callee:
        return NumberText(batch.pair.callee.number);
    case From:
        return TimeText(batch.period_start);
    case To:
        return TimeText(batch.period_end);
    case Calls:
        return batch.calls;
    case Minutes:
        return batch.minutes;
    case State:
        return StateText(info.state);
    case Claim:
        return batch.claim == 0 ? QString() : AmountPlain(static_cast<primitives::Amount>(batch.claim));
    default:
        return {};
    }
}

QByteArray BatchStyle::Key(const BatchInfo& batch)
{
    return {reinterpret_cast<const char*>(batch.id.data()), static_cast<int>(batch.id.size())};
}

std::vector<ContentModel::Column> RecordStyle::Columns()
{
    return {{Words::tr("Answered")},
            {Words::tr("Caller")},
            {Words::tr("Called")},
            {Words::tr("Lasted"), true},
            {Words::tr("Call-ID")}};
}

QVariant RecordStyle::Cell(const CallRecord& record, int column, int role)
{
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    switch (column) {
    case Answered:
        return TimeText(static_cast<int64_t>(record.answer) / MS);
    case Caller:
        return NumberText(record.caller);
    case Callee:
        return NumberText(record.callee);
    case Lasted:
        return DurationText(static_cast<double>(record.end - record.answer) / MS);
    case CallId:
        return OneLine(base::AsBytes(record.call_id));
    default:
        return {};
    }
}

QByteArray RecordStyle::Key(const CallRecord& record)
{
    return QByteArray::fromStdString(record.call_id) +
           QByteArray::number(static_cast<qulonglong>(record.answer)) +
           QByteArray::number(static_cast<qulonglong>(record.caller));
}

std::shared_ptr<const BatchTable> MakeBatchTable(std::vector<BatchInfo> batches, int column,
                                                 Qt::SortOrder order)
{
    std::vector<std::shared_ptr<const BatchInfo>> rows;
    for (auto& batch : batches)
        rows.push_back(std::make_shared<const BatchInfo>(std::move(batch)));
    return Sorted<BatchTable>(std::move(rows), column, order);
}

std::shared_ptr<const RecordTable> MakeRecordTable(const interfaces::CallBook& book,
                                                   const interfaces::CallFilter& filter, int column,
                                                   Qt::SortOrder order)
{
    std::deque<std::shared_ptr<const CallRecord>> newest;
    // A store that cannot be read shows nothing; the log says why.
    static_cast<void>(book.Read(filter, [&newest](const CallRecord& record) {
        newest.push_back(std::make_shared<const CallRecord>(record));
        if (newest.size() > SHOWN_RECORDS) newest.pop_front();
        return true;
    }));
    std::vector<std::shared_ptr<const CallRecord>> rows(newest.begin(), newest.end());
    return Sorted<RecordTable>(std::move(rows), column, order);
}

QString BatchText(const BatchInfo& batch)
{
    QString out = StateText(batch.state);
    out[0] = out[0].toUpper();
    out += QLatin1Char('.');
    for (const auto& why : {batch.reason, batch.problem}) {
        if (!why.empty()) out += QLatin1Char(' ') + Sentence(why);
    }
    if (batch.txid)
        out += QLatin1Char(' ') + Words::tr("Transaction %1.").arg(FromUtf8(base::ReversedHex(*batch.txid)));
    if (!batch.left_out.empty()) {
        out += QLatin1Char(' ') + Words::tr("%n disputed call(s) were left out.", nullptr,
                                            static_cast<int>(batch.left_out.size()));
    }
    return out;
}

QString CheckText(const interfaces::BatchCheck& check)
{
    QStringList lines = {
        Words::tr("%n call(s) agree with the own records.", nullptr, static_cast<int>(check.agreed))};
    for (const auto& obstacle : check.obstacles)
        lines << Sentence(obstacle);
    for (const auto& finding : check.disputed) {
        if (lines.size() > SHOWN_FINDINGS) break;
        lines << Words::tr("%1 at %2: %3")
                     .arg(OneLine(base::AsBytes(finding.theirs.call_id), 40),
                          TimeText(static_cast<int64_t>(finding.theirs.answer) / MS),
                          Sentence(reward::Text(finding.dispute)));
    }
    if (static_cast<int>(check.disputed.size()) > SHOWN_FINDINGS)
        lines << Words::tr("%n call(s) are disputed together.", nullptr,
                           static_cast<int>(check.disputed.size()));
    if (!check.withheld.empty())
        lines << Words::tr("%n own call(s) of the period are missing in it.", nullptr,
                           static_cast<int>(check.withheld.size()));
    return lines.join(QLatin1Char('\n'));
}

QString ClaimText(const interfaces::ClaimPlan& plan)
{
    return Words::tr("Claim %1: the minutes allow %2, the age of your coins %3.\n"
                     "You get %4, the caller's side %5, the network fee is %6.\n"
                     "%n coin(s) worth %7 lose their age; staking it would have brought %8.",
                     nullptr, static_cast<int>(plan.coins))
        .arg(AmountWithUnit(plan.claim), AmountWithUnit(plan.minute_bound), AmountWithUnit(plan.age_bound),
             AmountWithUnit(plan.to_callee), AmountWithUnit(plan.to_caller), AmountWithUnit(plan.fee),
             AmountWithUnit(plan.bond), AmountWithUnit(plan.staking_forgone));
}

QString RecordTotals(const RecordTable& table)
{
    uint64_t minutes = 0;
    for (int row = 0; row < table.Rows(); ++row)
        minutes += reward::CallMinutes(table.At(row).answer, table.At(row).end);
    const QString begun = Words::tr("%n begun minute(s)", nullptr, static_cast<int>(minutes));
    return Words::tr("%n call(s), %1", nullptr, table.Rows()).arg(begun);
}

} // namespace emc::qt
