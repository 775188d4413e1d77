#include "qt/pages/staking.h"

#include "qt/form.h"
#include "qt/text.h"
#include "qt/unlock.h"
#include "script/address.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace emc::qt {

namespace {

using Coin = interfaces::StakingControl::Coin;

constexpr double DAY = 86'400;
/// How long a wallet stays open for staking when nobody locks it: a year.
constexpr int64_t STAKING_SECONDS = 31'536'000;
constexpr double SECONDS_PER_SLOT = 16;

struct StakeLine {
    Coin coin;
    QString address;
};

/// Chance that the coin finds a block within a day, in per cent.
double ChancePerDay(const Coin& coin)
{
    return 100 * std::min(1.0, coin.chance_per_slot * DAY / SECONDS_PER_SLOT);
}

struct StakeStyle {
    enum Column { Amount, Address, Age, Chance, Reward, State };

    static QVariant Cell(const StakeLine& line, int column, int role)
    {
        if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
        const auto& coin = line.coin;
        switch (column) {
        case Amount:
            return AmountPlain(coin.value);
        case Address:
            return line.address;
        case Age:
            return DurationText(static_cast<double>(coin.age_sec));
        case Chance:
            return QStringLiteral("%1 %").arg(ChancePerDay(coin), 0, 'f', 2);
        case Reward:
            return AmountPlain(coin.reward);
        case State:
            return coin.reason.empty() ? Words::tr("stakes") : Sentence(coin.reason);
        default:
            return {};
        }
    }

    static QByteArray Key(const StakeLine& line)
    {
        const auto& at = line.coin.outpoint;
        QByteArray out(reinterpret_cast<const char*>(at.txid.data()), static_cast<int>(at.txid.size()));
        return out + QByteArray::number(at.index);
    }
};

bool Before(const Coin& a, const Coin& b, int column)
{
    return BeforeBy(a, b, column, &Coin::value, &Coin::value, &Coin::age_sec, &Coin::chance_per_slot,
                    &Coin::reward, &Coin::reason);
}

} // namespace

StakingPage::StakingPage(Desk& desk, QWidget* parent) : Page(desk, QStringLiteral("staking"), parent)
{
    m_on = new QCheckBox(tr("&Stake with the coins of the open wallets"), this);
    m_on->setObjectName(QStringLiteral("staking_on"));
    m_unlock = Button(tr("&Unlock for staking only…"), QStringLiteral("staking_unlock"), this);
    auto* top = new QHBoxLayout;
    top->addWidget(m_on);
    top->addStretch();
    top->addWidget(m_unlock);
    auto* form = new QFormLayout;
    m_state = AddFigure(form, tr("State:"), "staking_state", this);
    m_weight = AddFigure(form, tr("Coins at work:"), "staking_weight", this);
    m_expected = AddFigure(form, tr("A block is expected:"), "staking_expected", this);
    m_next = AddFigure(form, tr("Next coin:"), "staking_next", this);
    m_found = AddFigure(form, tr("Blocks found:"), "staking_found", this);
    m_reserve = new QLineEdit(this);
    m_reserve->setObjectName(QStringLiteral("staking_reserve"));
    m_reserve->setPlaceholderText(QStringLiteral("0"));
    m_reserve_hint = new Hint(QStringLiteral("staking_reserve_hint"), this);
    AddRow(form, tr("&Keep back (EMC):"), m_reserve, m_reserve_hint);
    m_model = new ContentModel({{tr("Amount"), true},
                                {tr("Address")},
                                {tr("Age")},
                                {tr("Chance a day"), true},
                                {tr("Reward now"), true},
                                {tr("State")}},
                               this);
    m_view = new ContentView(
        *m_model,
        {QStringLiteral("staking_coins"), {20, 48, 14, 14, 18}, StakeStyle::Chance, Qt::DescendingOrder},
        this);
    auto* column = new QVBoxLayout(this);
    column->addLayout(top);
    column->addLayout(form);
    column->addWidget(m_view, 1);
    connect(m_on, &QCheckBox::clicked, this, [this](bool on) {
        if (m_desk.Rooms().staking != nullptr)
            m_desk.Work().Run(
                this, [staking = m_desk.Rooms().staking, on] { staking->Enable(on); }, [] {});
    });
    connect(m_unlock, &QPushButton::clicked, this, &StakingPage::Unlock);
    connect(m_reserve, &QLineEdit::editingFinished, this, &StakingPage::SetReserve);
    connect(&desk.Node(), &NodeModel::Changed, this, &StakingPage::ShowNode);
    connect(&desk, &Desk::WalletChanged, this, &StakingPage::Reload);
    connect(&desk, &Desk::WalletSwitched, this, &StakingPage::Reload);
    connect(m_view, &ContentView::SortingChanged, this, &StakingPage::Reload);
}

void StakingPage::ShowNode()
{
    const auto& state = m_desk.Node().State();
    const auto& staking = state.staking;
    m_on->setEnabled(state.has_staking);
    m_on->setChecked(staking.enabled);
    QStringList reasons;
    for (const auto& reason : staking.reasons)
        reasons << Sentence(reason);
    m_state->setText(staking.staking                         ? tr("Staking.")
                     : !staking.enabled || reasons.isEmpty() ? tr("Off.")
                                                             : reasons.join(QLatin1Char(' ')));
    m_weight->setText(
        tr("%1 in %n coin(s); the network's: about %2", nullptr, static_cast<int>(staking.coins))
            .arg(AmountWithUnit(staking.weight),
                 AmountWithUnit(static_cast<primitives::Amount>(staking.network_weight))));
    m_expected->setText(staking.expected_sec > 0
                            ? tr("about every %1").arg(DurationText(staking.expected_sec))
                            : tr("never"));
    m_next->setText(staking.next_coin_height > 0 ? tr("stakes from block %1, %n block(s) ahead", nullptr,
                                                      staking.next_coin_height - state.tip.height)
                                                       .arg(staking.next_coin_height)
                                                 : tr("no coin waits for its age"));
    m_found->setText(tr("%1 since the start, %2 in the best chain").arg(staking.found).arg(staking.accepted));
    const auto* wallet = m_desk.Wallet();
    const auto wallet_state = wallet == nullptr ? nullptr : wallet->State();
    m_unlock->setEnabled(wallet_state && wallet_state->info.encrypted &&
                         wallet_state->info.unlocked_until == 0);
}

void StakingPage::SetReserve()
{
    auto* staking = m_desk.Rooms().staking;
    if (staking == nullptr) return;
    const QString text = m_reserve->text().trimmed();
    const auto amount = text.isEmpty() ? base::Expected<primitives::Amount, QString>(0) : ReadAmount(text);
    m_reserve_hint->Problem(amount ? QString() : amount.Error());
    if (amount)
        m_desk.Work().Run(
            this, [staking, value = *amount] { staking->SetReserve(value); }, [] {});
}

void StakingPage::Unlock()
{
    auto* dialog = new UnlockDialog(m_desk, UnlockDialog::Purpose::Minting, STAKING_SECONDS, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void StakingPage::Reload()
{
    auto* staking = m_desk.Rooms().staking;
    const int asked = ++m_asked;
    if (staking == nullptr || m_desk.Wallet() == nullptr) return m_model->SetContent(nullptr);
    m_desk.Work().Run(
        this,
        [staking, name = m_desk.Wallet()->Api()->Name(), &addresses = m_desk.Host().Addresses(),
         column = m_view->SortColumn(), order = m_view->SortOrder()] {
            std::vector<std::shared_ptr<const StakeLine>> lines;
            auto coins = staking->Coins(name);
            SortRows(coins, order, [column](const auto& a, const auto& b) { return Before(a, b, column); });
            for (auto& coin : coins) {
                const auto address = script::EncodeAddress(addresses, coin.script);
                lines.push_back(std::make_shared<const StakeLine>(
                    StakeLine{std::move(coin), FromUtf8(address.value_or(""))}));
            }
            return std::shared_ptr<const TableContent>(
                std::make_shared<const RowContent<StakeLine, StakeStyle>>(std::move(lines)));
        },
        [this, asked](std::shared_ptr<const TableContent> content) {
            if (asked == m_asked) m_model->SetContent(std::move(content));
        });
}

} // namespace emc::qt
