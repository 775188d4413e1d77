#include "qt/pages/automatic_box.h"

#include "interfaces/call_batches.h"
#include "qt/form.h"
#include "qt/text.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace emc::qt {

namespace {

constexpr int64_t MINUTE = 60;
constexpr int64_t HOUR = 3'600;

/// A field counts in `unit` seconds; a value that is no multiple of it stays while the field is not touched.
int64_t Seconds(const QSpinBox& field, int64_t unit, int64_t now)
{
    const bool same = field.value() == static_cast<int>(std::max<int64_t>(1, now / unit));
    return same ? now : field.value() * unit;
}

} // namespace

AutomaticBox::AutomaticBox(Desk& desk, QWidget* parent) : QWidget(parent), m_desk(desk)
{
    auto* text = new QLabel(
        tr("The node makes batches of your calls, hands them to the other side as sealed letters, signs what "
           "agrees with your records, leaves out what does not, and claims rewards."),
        this);
    text->setWordWrap(true);
    m_on = new QCheckBox(tr("&Do all this without being asked"), this);
    m_on->setObjectName(QStringLiteral("automatic_on"));
    const auto count = [this](const char* name, int64_t most, const QString& unit) {
        auto* out = new QSpinBox(this);
        out->setObjectName(QLatin1String(name));
        out->setRange(1, static_cast<int>(most));
        out->setSuffix(unit);
        connect(out, QOverload<int>::of(&QSpinBox::valueChanged), this, &AutomaticBox::Check);
        return out;
    };
    m_interval_min = count("automatic_interval", interfaces::MOST_REWARD_INTERVAL_SEC / MINUTE, tr(" min"));
    m_period_hours = count("automatic_period", interfaces::MOST_REWARD_PERIOD_SEC / HOUR, tr(" h"));
    m_minutes = count("automatic_minutes", interfaces::MOST_REWARD_MINUTES, {});
    m_claim = new QLineEdit(this);
    m_claim->setObjectName(QStringLiteral("automatic_claim"));
    m_claim_hint = new Hint(QStringLiteral("automatic_claim_hint"), this);
    m_lock_hint = new Hint(QStringLiteral("automatic_lock_hint"), this);
    m_hint = new Hint(QStringLiteral("automatic_hint"), this);
    m_apply = Button(tr("&Apply"), QStringLiteral("automatic_apply"), this);
    auto* form = new QFormLayout;
    AddRow(form, tr("&Look every:"), m_interval_min);
    AddRow(form, tr("A &batch holds calls of:"), m_period_hours);
    AddRow(form, tr("Least &minutes of a batch:"), m_minutes);
    AddRow(form, tr("Claim nothing below (&EMC):"), m_claim, m_claim_hint);
    auto* column = new QVBoxLayout(this);
    column->addWidget(text);
    column->addWidget(m_on);
    column->addWidget(m_lock_hint);
    column->addLayout(form);
    column->addWidget(m_hint);
    column->addWidget(m_apply, 0, Qt::AlignLeft);
    column->addStretch();
    connect(m_on, &QCheckBox::toggled, this, &AutomaticBox::Check);
    connect(m_claim, &QLineEdit::textChanged, this, &AutomaticBox::Check);
    connect(m_apply, &QPushButton::clicked, this, &AutomaticBox::Apply);
    connect(&desk, &Desk::WalletChanged, this, &AutomaticBox::ShowLock);
    Show({});
    setEnabled(false);
    Reload();
}

void AutomaticBox::Reload()
{
    auto* batches = m_desk.Rooms().call_batches;
    if (batches == nullptr) return;
    m_desk.Work().Run(
        this, [batches] { return batches->Automatic(); },
        [this](const std::optional<interfaces::AutomaticMode>& mode) {
            if (!mode) return m_hint->Problem(tr("This node runs without wallets (-disablewallet)."));
            setEnabled(true);
            Show(*mode);
        });
}

void AutomaticBox::Show(const interfaces::AutomaticMode& mode)
{
    m_now = mode;
    m_on->setChecked(mode.on);
    m_interval_min->setValue(static_cast<int>(mode.interval_sec / MINUTE));
    m_period_hours->setValue(static_cast<int>(mode.period_sec / HOUR));
    m_minutes->setValue(static_cast<int>(mode.least_minutes));
    m_claim->setText(AmountPlain(mode.least_claim));
    Check();
}

std::optional<interfaces::AutomaticMode> AutomaticBox::Written()
{
    const auto claim = ReadAmount(m_claim->text());
    m_claim_hint->Problem(claim ? QString() : claim.Error());
    if (!claim) return std::nullopt;
    interfaces::AutomaticMode out;
    out.on = m_on->isChecked();
    out.interval_sec = Seconds(*m_interval_min, MINUTE, m_now.interval_sec);
    out.period_sec = Seconds(*m_period_hours, HOUR, m_now.period_sec);
    out.least_minutes = m_minutes->value();
    out.least_claim = *claim;
    return out;
}

void AutomaticBox::Check()
{
    const auto written = Written();
    m_apply->setEnabled(written && *written != m_now);
    ShowLock();
}

void AutomaticBox::ShowLock()
{
    const auto* wallet = m_desk.Wallet();
    const auto state = wallet == nullptr ? nullptr : wallet->State();
    const bool sealed = state && state->info.encrypted;
    m_lock_hint->Note(m_on->isChecked() && sealed
                          ? tr("It can sign and claim only while the wallet is unlocked for everything.")
                          : QString());
}

void AutomaticBox::Apply()
{
    const auto written = Written();
    if (!written) return;
    m_apply->setEnabled(false);
    m_desk.Work().Run(
        this,
        [batches = m_desk.Rooms().call_batches, mode = *written] { return batches->SetAutomatic(mode); },
        [this, mode = *written](const interfaces::Result<void>& done) {
            m_hint->Problem(done ? QString() : Sentence(done.Error().message));
            if (!done) return Check();
            Show(mode);
            Q_EMIT Said(mode.on ? tr("Rewards are looked after from now on, after a restart, too")
                                : tr("Nothing is done about rewards without being asked"));
        });
}

} // namespace emc::qt
