#include "qt/sync_overlay.h"

#include "qt/form.h"
#include "qt/text.h"

#include <QFormLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace emc::qt {

namespace {

constexpr int PARTS = 10'000;

} // namespace

SyncOverlay::SyncOverlay(QWidget* parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("sync_overlay"));
    setAutoFillBackground(true);
    setFrameShape(StyledPanel);
    m_bar = new QProgressBar(this);
    m_bar->setRange(0, PARTS);
    auto* form = new QFormLayout;
    m_blocks = AddFigure(form, tr("Blocks:"), "sync_blocks", this);
    m_speed = AddFigure(form, tr("Speed:"), "sync_speed", this);
    m_left = AddFigure(form, tr("Time left:"), "sync_left", this);
    m_ready = AddFigure(form, tr("Names and staking:"), "sync_ready", this);
    auto* hide_button = Button(tr("&Look at the wallet meanwhile"), QStringLiteral("sync_hide"), this);
    auto* column = new QVBoxLayout(this);
    column->addStretch();
    column->addWidget(Heading(tr("Fetching and checking the chain"), this));
    column->addWidget(new QLabel(tr("Balances and names are old until this is done."), this));
    column->addWidget(m_bar);
    column->addLayout(form);
    column->addWidget(hide_button, 0, Qt::AlignLeft);
    column->addStretch();
    connect(hide_button, &QPushButton::clicked, this, [this] {
        m_put_away = true;
        hide();
    });
    hide();
}

void SyncOverlay::Show(const NodeState& state)
{
    // A chain that has only its first block, on a network of one's own, has nothing to fetch.
    const bool wanted = state.CatchingUp() && state.tip.header_height > state.tip.height && !m_put_away;
    if (!state.CatchingUp()) m_put_away = false;
    m_bar->setValue(static_cast<int>(state.progress * PARTS));
    m_bar->setFormat(QStringLiteral("%1 %").arg(100 * state.progress, 0, 'f', 2));
    m_blocks->setText(tr("%1 of %2").arg(state.tip.height).arg(state.tip.header_height));
    m_speed->setText(tr("%1 blocks a second").arg(state.blocks_per_sec, 0, 'f', 1));
    m_left->setText(DurationText(state.left_sec));
    m_ready->setText(tr("%n live name(s) so far; staking begins when the chain is complete", nullptr,
                        static_cast<int>(state.names_live)));
    if (wanted && !isVisible()) Fit();
    setVisible(wanted);
}

void SyncOverlay::Fit()
{
    setGeometry(parentWidget()->rect());
    raise();
}

} // namespace emc::qt
