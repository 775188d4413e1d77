#include "qt/pages/rewards.h"

#include "enum/number.h"
#include "interfaces/calls.h"
#include "qt/ask.h"
#include "qt/form.h"
#include "qt/pages/automatic_box.h"
#include "qt/pages/earnings_plot.h"
#include "qt/rewards_content.h"
#include "qt/text.h"
#include "qt/unlock.h"

#include <QDateTime>
#include <QFile>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QTabWidget>
#include <QVBoxLayout>
#include <map>

namespace emc::qt {

namespace {

using interfaces::BatchInfo;
using interfaces::CallBatches;
template <typename T>
using Result = base::Expected<T, interfaces::Failure>;

const QString FILES = QStringLiteral("Call batches (*.callbatch)");

std::vector<EarningsPlot::Month> Earnings(const BatchTable& table)
{
    std::map<std::pair<int, int>, primitives::Amount> months;
    for (int row = 0; row < table.Rows(); ++row) {
        const auto& batch = table.At(row);
        if (batch.state != interfaces::BatchState::Confirmed) continue;
        const QDate day = QDateTime::fromSecsSinceEpoch(batch.changed).date();
        months[{day.year(), day.month()}] += static_cast<primitives::Amount>(batch.batch.claim);
    }
    std::vector<EarningsPlot::Month> out;
    if (months.empty()) return out;
    const auto last = months.rbegin()->first;
    for (auto at = months.begin()->first; at <= last;) {
        out.push_back({at.first, at.second, months.count(at) != 0 ? months[at] : 0});
        at = at.second == 12 ? std::pair{at.first + 1, 1} : std::pair{at.first, at.second + 1};
    }
    return out;
}

} // namespace

RewardsPage::RewardsPage(Desk& desk, QWidget* parent) : Page(desk, QStringLiteral("rewards"), parent)
{
    m_hint = new Hint(QStringLiteral("rewards_hint"), this);
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(QStringLiteral("rewards_tabs"));
    m_tabs->addTab(Batches(), tr("&Batches"));
    m_tabs->addTab(Records(), tr("Call &records"));
    auto* automatic = new AutomaticBox(desk, this);
    m_tabs->addTab(automatic, tr("A&utomatic"));
    connect(automatic, &AutomaticBox::Said, this, &Page::Said);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_hint);
    column->addWidget(m_tabs, 1);
    if (desk.Rooms().call_batches == nullptr) {
        m_hint->Note(tr("The node keeps no call records. Start it with calls=1 in emercoin.conf to be "
                        "rewarded for calls."));
        m_tabs->setEnabled(false);
        return;
    }
    connect(&desk.Node(), &NodeModel::Stirred, this, &RewardsPage::ReloadBatches);
    ReloadBatches();
    ReloadRecords();
    SelectionChanged();
}

QWidget* RewardsPage::Batches()
{
    auto* out = new QWidget(this);
    m_batches = new ContentModel(BatchStyle::Columns(), out);
    m_batch_view = new ContentView(
        *m_batches,
        {QStringLiteral("batches"), {18, 18, 20, 20, 8, 10, 30}, BatchStyle::From, Qt::DescendingOrder}, out);
    m_reason = Selectable(out, QStringLiteral("batch_reason"));
    m_plot = new EarningsPlot(out);
    auto* row = new QHBoxLayout;
    const auto add = [&](const QString& text, const char* name, void (RewardsPage::*action)(), bool one) {
        auto* button = Button(text, QLatin1String(name), out);
        row->addWidget(button);
        connect(button, &QPushButton::clicked, this, action);
        if (one) m_for_one.push_back(button);
    };
    add(tr("&New…"), "batch_new", &RewardsPage::New, false);
    add(tr("&Load…"), "batch_load", &RewardsPage::Load, false);
    row->addStretch();
    add(tr("&Check"), "batch_check", &RewardsPage::Check, true);
    add(tr("&Sign"), "batch_sign", &RewardsPage::Sign, true);
    add(tr("Sa&ve for the other side…"), "batch_save", &RewardsPage::Save, true);
    add(tr("Cl&aim…"), "batch_claim", &RewardsPage::Claim, true);
    add(tr("Re&fuse…"), "batch_refuse", &RewardsPage::Refuse, true);
    auto* column = new QVBoxLayout(out);
    column->addWidget(m_batch_view, 1);
    column->addWidget(m_reason);
    column->addLayout(row);
    column->addWidget(m_plot);
    connect(m_batch_view, &ContentView::SelectionChanged, this, &RewardsPage::SelectionChanged);
    connect(m_batch_view, &ContentView::SortingChanged, this, &RewardsPage::ReloadBatches);
    return out;
}

QWidget* RewardsPage::Records()
{
    auto* out = new QWidget(this);
    m_records = new ContentModel(RecordStyle::Columns(), out);
    m_record_view = new ContentView(
        *m_records,
        {QStringLiteral("call_records"), {22, 20, 20, 16}, RecordStyle::Answered, Qt::DescendingOrder}, out);
    m_number = new QLineEdit(out);
    m_number->setObjectName(QStringLiteral("records_number"));
    m_number->setPlaceholderText(tr("Only calls of this number"));
    m_number->setClearButtonEnabled(true);
    m_number_hint = new Hint(QStringLiteral("records_number_hint"), out);
    auto* load = Button(tr("&Import a file…"), QStringLiteral("records_import"), out);
    auto* row = new QHBoxLayout;
    row->addWidget(m_number, 1);
    row->addWidget(load);
    m_totals = Selectable(out, QStringLiteral("records_totals"));
    auto* column = new QVBoxLayout(out);
    column->addLayout(row);
    column->addWidget(m_number_hint);
    column->addWidget(m_record_view, 1);
    column->addWidget(m_totals);
    connect(m_number, &QLineEdit::textChanged, this, &RewardsPage::ReloadRecords);
    connect(m_record_view, &ContentView::SortingChanged, this, &RewardsPage::ReloadRecords);
    connect(load, &QPushButton::clicked, this, &RewardsPage::ImportRecords);
    return out;
}

void RewardsPage::ReloadBatches()
{
    auto* batches = m_desk.Rooms().call_batches;
    if (batches == nullptr) return;
    using Tables = Result<std::shared_ptr<const BatchTable>>;
    const int asked = ++m_asked_batches;
    m_desk.Work().Run(
        this,
        [batches, column = m_batch_view->SortColumn(), order = m_batch_view->SortOrder()]() -> Tables {
            auto list = batches->List({});
            if (!list) return base::Unexpected(list.Error());
            return MakeBatchTable(std::move(*list), column, order);
        },
        [this, asked](const Tables& table) {
            if (asked != m_asked_batches) return;
            m_hint->Problem(table ? QString() : Sentence(table.Error().message));
            if (!table) return;
            m_batches->SetContent(*table);
            m_plot->Show(Earnings(**table));
            SelectionChanged();
        });
}

void RewardsPage::ReloadRecords()
{
    auto* book = m_desk.Rooms().calls;
    if (book == nullptr) return;
    interfaces::CallFilter filter;
    m_number_hint->Problem({});
    if (!m_number->text().trimmed().isEmpty()) {
        const auto number = enumrec::Number::FromHuman(ToUtf8(m_number->text()));
        if (!number)
            return m_number_hint->Problem(
                tr("A number has 4 to 15 digits and begins with its country code."));
        filter.number = number->Value();
    }
    const int asked = ++m_asked_records;
    m_desk.Work().Run(
        this,
        [book, filter, column = m_record_view->SortColumn(), order = m_record_view->SortOrder()] {
            return MakeRecordTable(*book, filter, column, order);
        },
        [this, asked](std::shared_ptr<const RecordTable> table) {
            if (asked != m_asked_records) return;
            m_totals->setText(RecordTotals(*table));
            m_records->SetContent(std::move(table));
        });
}

std::optional<BatchInfo> RewardsPage::Selected() const
{
    const auto table = std::dynamic_pointer_cast<const BatchTable>(m_batches->Content());
    const auto rows = m_batch_view->SelectedRows();
    if (!table || rows.size() != 1) return std::nullopt;
    return table->At(rows.front());
}

void RewardsPage::SelectionChanged()
{
    const auto chosen = Selected();
    for (auto* button : m_for_one)
        button->setEnabled(chosen.has_value() && m_desk.Wallet() != nullptr);
    m_reason->setText(chosen ? BatchText(*chosen) : QString());
}

void RewardsPage::ImportRecords()
{
    AskFile(this, tr("Call records"), {}, [this](const QString& path) {
        const QStringList formats = {QStringLiteral("asterisk-csv"),    QStringLiteral("freeswitch-csv"),
                                     QStringLiteral("freeswitch-json"), QStringLiteral("freeswitch-xml"),
                                     QStringLiteral("kamailio-csv"),    QStringLiteral("kamailio-json")};
        AskChoice(this, tr("Call records"), tr("Written by:"), formats,
                  [this, path, formats](int chosen) { ImportFrom(path, formats[chosen]); });
    });
}

void RewardsPage::ImportFrom(const QString& path, const QString& format)
{
    interfaces::CallImport request;
    request.file = ToUtf8(path);
    request.format = ToUtf8(format);
    m_desk.Work().Run(
        this, [book = m_desk.Rooms().calls, request] { return book->Import(request); },
        [this](const Result<interfaces::CallsImported>& done) {
            if (!done) return Tell(this, tr("Call records"), Sentence(done.Error().message));
            QStringList lines = {tr("%1 new, %2 known, %3 not answered.")
                                     .arg(done->added)
                                     .arg(done->known)
                                     .arg(done->unanswered)};
            for (const auto& problem : done->problems)
                lines << tr("Line %1: %2").arg(problem.line).arg(FromUtf8(problem.reason));
            constexpr int SHOWN = 12;
            if (lines.size() > SHOWN)
                lines = lines.mid(0, SHOWN) << tr("… and %n more problem(s)", nullptr,
                                                  static_cast<int>(done->problem_count - SHOWN + 1));
            Tell(this, tr("Call records"), lines.join(QLatin1Char('\n')), done->problem_count > 0);
            ReloadRecords();
        });
}

void RewardsPage::New()
{
    if (m_desk.Wallet() == nullptr) return Tell(this, tr("New batch"), tr("No wallet is open."));
    const auto problem = [](const QString& text) {
        return enumrec::Number::FromHuman(ToUtf8(text.section(QLatin1Char(':'), 0, 0)))
                   ? QString()
                   : tr("A number has 4 to 15 digits and begins with its country code.");
    };
    AskFields(this, tr("New batch"),
              {{tr("Calling number:"), {}, problem}, {tr("Called number:"), {}, problem}},
              [this](const QStringList& texts) { Create(texts[0], texts[1]); });
}

void RewardsPage::Create(const QString& caller, const QString& callee)
{
    interfaces::BatchRequest request;
    request.caller = ToUtf8(caller);
    request.callee = ToUtf8(callee);
    m_desk.WithWallet(
        this,
        [batches = m_desk.Rooms().call_batches, request](interfaces::WalletApi& wallet) {
            return batches->Create(request, wallet);
        },
        [this](const Result<BatchInfo>& made) {
            if (!made) return Tell(this, tr("New batch"), Sentence(made.Error().message));
            Q_EMIT Said(tr("A batch of %n call(s) was made; sign it, then hand it to the other side", nullptr,
                           static_cast<int>(made->batch.calls)));
            ReloadBatches();
        });
}

void RewardsPage::Check()
{
    const auto chosen = Selected();
    if (!chosen) return;
    m_desk.Work().Run(
        this, [batches = m_desk.Rooms().call_batches, id = chosen->id] { return batches->Check(id); },
        [this](const Result<interfaces::BatchCheck>& check) {
            if (!check) return Tell(this, tr("Check"), Sentence(check.Error().message));
            const bool good = check->disputed.empty() && check->obstacles.empty();
            Tell(this, tr("Check"), CheckText(*check), !good);
        });
}

void RewardsPage::Sign()
{
    const auto chosen = Selected();
    if (!chosen) return;
    m_desk.Work().Run(
        this, [batches = m_desk.Rooms().call_batches, id = chosen->id] { return batches->Check(id); },
        [this, id = chosen->id](const Result<interfaces::BatchCheck>& check) {
            if (!check) return Tell(this, tr("Sign"), Sentence(check.Error().message));
            if (check->disputed.empty()) return SignNow(id, CallBatches::Disputed::Refuse);
            Confirm(this, tr("Sign?"), CheckText(*check), tr("Sign &without the disputed calls"),
                    [this, id] { SignNow(id, CallBatches::Disputed::LeaveOut); });
        });
}

void RewardsPage::SignNow(const base::Hash256& batch, CallBatches::Disputed disputed)
{
    WithKeys(
        m_desk, this,
        [batches = m_desk.Rooms().call_batches, batch, disputed](interfaces::WalletApi& wallet) {
            return batches->Sign(batch, wallet, disputed);
        },
        [this](const Result<BatchInfo>& done) {
            if (!done) Tell(this, tr("Sign"), Sentence(done.Error().message));
            ReloadBatches();
        });
}

void RewardsPage::Claim()
{
    const auto chosen = Selected();
    if (!chosen) return;
    interfaces::ClaimOptions preview;
    preview.preview = true;
    m_desk.WithWallet(
        this,
        [batches = m_desk.Rooms().call_batches, id = chosen->id, preview](interfaces::WalletApi& wallet) {
            return batches->Claim(id, preview, wallet);
        },
        [this](const Result<interfaces::ClaimPlan>& plan) {
            if (!plan) return Tell(this, tr("Claim"), Sentence(plan.Error().message));
            Confirm(this, tr("Claim?"), ClaimText(*plan), tr("&Claim"),
                    [this, plan = *plan] { ClaimNow(plan); });
        });
}

void RewardsPage::ClaimNow(const interfaces::ClaimPlan& plan)
{
    interfaces::ClaimOptions options;
    options.amount = plan.claim;
    WithKeys(
        m_desk, this,
        [batches = m_desk.Rooms().call_batches, id = plan.info.id, options](interfaces::WalletApi& wallet) {
            return batches->Claim(id, options, wallet);
        },
        [this](const Result<interfaces::ClaimPlan>& done) {
            if (!done) Tell(this, tr("Claim"), Sentence(done.Error().message));
            ReloadBatches();
        });
}

void RewardsPage::Refuse()
{
    const auto chosen = Selected();
    if (!chosen) return;
    AskFields(this, tr("Refuse"), {{tr("Why?"), {}, {}}}, [this, id = chosen->id](const QStringList& texts) {
        m_desk.Work().Run(
            this,
            [batches = m_desk.Rooms().call_batches, id, reason = ToUtf8(texts.front())] {
                return batches->Refuse(id, reason);
            },
            [this](const Result<BatchInfo>& done) {
                if (!done) Tell(this, tr("Refuse"), Sentence(done.Error().message));
                ReloadBatches();
            });
    });
}

void RewardsPage::Save()
{
    const auto chosen = Selected();
    if (!chosen) return;
    AskNewFile(this, tr("Save"), QStringLiteral("calls.callbatch"), FILES,
               [this, id = chosen->id](const QString& path) { SaveTo(id, path); });
}

void RewardsPage::SaveTo(const base::Hash256& batch, const QString& path)
{
    m_desk.Work().Run(
        this,
        [batches = m_desk.Rooms().call_batches, id = batch, path]() -> QString {
            const auto bytes = batches->File(id);
            if (!bytes) return Sentence(bytes.Error().message);
            QSaveFile file(path);
            const bool done = file.open(QIODevice::WriteOnly) &&
                              file.write(reinterpret_cast<const char*>(bytes->data()),
                                         static_cast<qint64>(bytes->size())) >= 0 &&
                              file.commit();
            return done ? QString() : Words::tr("%1 cannot be written: %2.").arg(path, file.errorString());
        },
        [this, path](const QString& problem) {
            if (!problem.isEmpty()) return Tell(this, tr("Save"), problem);
            Q_EMIT Said(tr("Written to %1: hand it to the other side").arg(path));
        });
}

void RewardsPage::Load()
{
    AskFile(this, tr("Load"), FILES, [this](const QString& path) { LoadFrom(path); });
}

void RewardsPage::LoadFrom(const QString& path)
{
    m_desk.Work().Run(
        this,
        [batches = m_desk.Rooms().call_batches, path]() -> QString {
            QFile file(path);
            if (!file.open(QIODevice::ReadOnly))
                return Words::tr("%1 cannot be read: %2.").arg(path, file.errorString());
            const QByteArray bytes = file.read(static_cast<qint64>(reward::MAX_BATCH_FILE_BYTES) + 1);
            const auto taken = batches->Receive(
                {reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<size_t>(bytes.size())});
            return taken ? QString() : Sentence(taken.Error().message);
        },
        [this](const QString& problem) {
            if (!problem.isEmpty()) Tell(this, tr("Load"), problem);
            ReloadBatches();
        });
}

} // namespace emc::qt
