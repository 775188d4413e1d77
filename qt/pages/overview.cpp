#include "qt/pages/overview.h"

#include "qt/form.h"
#include "qt/names_content.h"
#include "qt/text.h"
#include "qt/tx_content.h"

#include <QFormLayout>
#include <QGridLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

namespace emc::qt {

namespace {

constexpr size_t RECENT = 8;

/// Amounts stand below each other by their decimal point.
QLabel* AmountLabel(QWidget* parent, const char* name)
{
    auto* out = Selectable(parent, QLatin1String(name));
    out->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    out->setWordWrap(false);
    return out;
}

QString StakingText(const NodeState& state)
{
    if (!state.has_staking) return Words::tr("This node has no wallet to stake with.");
    const auto& staking = state.staking;
    if (!staking.enabled) return Words::tr("Staking is off.");
    if (!staking.staking) {
        QStringList reasons;
        for (const auto& reason : staking.reasons)
            reasons << FromUtf8(reason);
        return Words::tr("Not staking: %1").arg(reasons.join(QStringLiteral("; ")));
    }
    return Words::tr("Staking with %1; a block is expected about every %2.")
        .arg(AmountWithUnit(staking.weight),
             staking.expected_sec > 0 ? DurationText(staking.expected_sec) : Words::tr("unknown time"));
}

QString DnsText(const NodeState& state)
{
    if (!state.has_dns || !state.dns_running) return Words::tr("The DNS server does not run.");
    QStringList places;
    for (const auto& place : state.dns_listen)
        places << FromUtf8(place);
    return Words::tr("Answers at %1. Questions so far: %2. Live names: %3.")
        .arg(places.join(QStringLiteral(", ")))
        .arg(state.dns_questions)
        .arg(state.names_live);
}

} // namespace

OverviewPage::OverviewPage(Desk& desk, QWidget* parent) : Page(desk, QStringLiteral("overview"), parent)
{
    m_warning = new Hint(QStringLiteral("overview_warning"), this);
    auto* left = new QVBoxLayout;
    left->addWidget(Money());
    left->addWidget(Services());
    left->addStretch();
    auto* row = new QHBoxLayout;
    row->addLayout(left, 1);
    row->addWidget(Recent(), 1);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_warning);
    column->addLayout(row, 1);
    connect(&desk, &Desk::WalletChanged, this, &OverviewPage::ShowWallet);
    connect(&desk, &Desk::WalletSwitched, this, &OverviewPage::ShowWallet);
    connect(&desk.Node(), &NodeModel::Changed, this, &OverviewPage::ShowNode);
    ShowWallet();
}

QWidget* OverviewPage::Money()
{
    auto* box = new QGroupBox(tr("Balance"), this);
    auto* form = new QFormLayout(box);
    m_available = AmountLabel(box, "balance_available");
    m_pending = AmountLabel(box, "balance_pending");
    m_immature = AmountLabel(box, "balance_immature");
    m_in_names = AmountLabel(box, "balance_names");
    m_total = AmountLabel(box, "balance_total");
    QFont bold = m_total->font();
    bold.setBold(true);
    m_available->setFont(bold);
    m_total->setFont(bold);
    form->addRow(tr("Available:"), m_available);
    form->addRow(tr("Waiting for a block:"), m_pending);
    form->addRow(tr("Mined or minted, not mature:"), m_immature);
    form->addRow(tr("Held by names:"), m_in_names);
    form->addRow(tr("Together:"), m_total);
    return box;
}

QWidget* OverviewPage::Services()
{
    auto* box = new QGroupBox(tr("Services"), this);
    auto* form = new QFormLayout(box);
    m_names = AddFigure(form, tr("Names:"), "overview_names", box);
    m_staking = AddFigure(form, tr("Staking:"), "overview_staking", box);
    m_dns = AddFigure(form, tr("DNS server:"), "overview_dns", box);
    return box;
}

QWidget* OverviewPage::Recent()
{
    auto* box = new QGroupBox(tr("Recent transactions"), this);
    auto* column = new QVBoxLayout(box);
    m_recent = new QGridLayout;
    m_recent->setColumnStretch(1, 1);
    column->addLayout(m_recent);
    column->addStretch();
    return box;
}

void OverviewPage::ShowWallet()
{
    auto* wallet = m_desk.Wallet();
    const auto state = wallet == nullptr ? nullptr : wallet->State();
    const auto balances = state ? state->balances : interfaces::Balances{};
    m_available->setText(AmountWithUnit(balances.trusted));
    m_pending->setText(AmountWithUnit(balances.pending));
    m_immature->setText(AmountWithUnit(balances.immature));
    m_in_names->setText(AmountWithUnit(balances.in_names));
    m_total->setText(
        AmountWithUnit(balances.trusted + balances.pending + balances.immature + balances.in_names));
    while (auto* item = m_recent->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (!state) return m_names->setText(wallet == nullptr ? tr("No wallet is open.") : tr("Reading…"));
    const auto& history = *state->history;
    for (size_t i = 0; i < std::min(history.size(), RECENT); ++i) {
        const auto& row = *history[i];
        const int line = static_cast<int>(i);
        auto* amount = AmountLabel(this, "recent_amount");
        amount->setText(AmountPlain(row.amount, true));
        m_recent->addWidget(new QLabel(TimeText(row.time)), line, 0);
        m_recent->addWidget(new QLabel(WhatText(row)), line, 1);
        m_recent->addWidget(amount, line, 2);
    }
    if (history.empty()) m_recent->addWidget(new QLabel(tr("Nothing yet.")), 0, 0);
    int live = 0;
    int soon = 0;
    for (const auto& own : *state->names) {
        if (!own->mine || !own->info.live) continue;
        ++live;
        if (own->info.record.expiry - state->height < EXPIRING_DAYS * names::BLOCKS_PER_DAY) ++soon;
    }
    m_names->setText(soon == 0
                         ? tr("%n live", nullptr, live)
                         : tr("%n live", nullptr, live) + tr(", %n expire(s) within a month", nullptr, soon));
}

void OverviewPage::ShowNode()
{
    const auto& state = m_desk.Node().State();
    m_staking->setText(StakingText(state));
    m_dns->setText(DnsText(state));
    m_warning->Problem(Sentence(state.warnings));
}

} // namespace emc::qt
