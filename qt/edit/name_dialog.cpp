#include "qt/edit/name_dialog.h"

#include "qt/ask.h"
#include "qt/edit/dns_editor.h"
#include "qt/edit/enum_editor.h"
#include "qt/edit/raw_editor.h"
#include "qt/edit/verifier_editor.h"
#include "qt/form.h"
#include "qt/name_changes.h"
#include "qt/names_content.h"
#include "qt/text.h"
#include "qt/unlock.h"
#include "script/address.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSpinBox>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace emc::qt {

namespace {

constexpr int YEAR = 365;
constexpr int PAUSE_MS = 300;
constexpr int64_t SECONDS_PER_BLOCK = 86'400 / names::BLOCKS_PER_DAY;
/// Order of the editors; the last one takes everything.
constexpr int KINDS = 4;

} // namespace

QString CostText(const interfaces::WalletNamesApi::NamePreview& preview, int32_t tip_height, int64_t now_sec)
{
    QString out = Words::tr("Costs %1: name fee %2, network fee %3.")
                      .arg(AmountWithUnit(preview.burned + preview.network_fee),
                           AmountWithUnit(preview.burned), AmountWithUnit(preview.network_fee));
    if (preview.expiry > 0) {
        const int64_t until = now_sec + (preview.expiry - tip_height) * SECONDS_PER_BLOCK;
        out += QLatin1Char('\n') +
               Words::tr("Live until about %1 (block %2).").arg(TimeText(until)).arg(preview.expiry);
    }
    if (preview.dropped_signatures > 0) {
        out += QLatin1Char('\n') +
               Words::tr("%n signature(s) will be left out: they belong to the present owner.", nullptr,
                         static_cast<int>(preview.dropped_signatures));
    }
    return out;
}

NameDialog::NameDialog(Desk& desk, QWidget* parent) : NameDialog(desk, nullptr, parent) {}

NameDialog::NameDialog(Desk& desk, std::shared_ptr<const interfaces::OwnName> own, QWidget* parent)
    : QDialog(parent), m_desk(desk), m_own(std::move(own))
{
    setObjectName(QStringLiteral("name_dialog"));
    setWindowTitle(m_own ? tr("Change %1").arg(OneLine(base::AsBytes(m_own->info.name), 60))
                         : tr("New name"));
    Build();
    for (int i = 0; i < KINDS; ++i) {
        auto* editor = qobject_cast<NameEditor*>(m_editors->widget(i));
        connect(editor, &NameEditor::Edited, this, &NameDialog::Edited);
        if (m_own && editor->Load(m_own->info.name, LatestValue(*m_own))) {
            m_kind->setCurrentIndex(i);
            break;
        }
    }
    if (m_own) {
        m_kind->setEnabled(false);
        Editor().FixName();
    }
    ChooseEditor();
}

void NameDialog::Build()
{
    m_kind = new QComboBox(this);
    m_kind->setObjectName(QStringLiteral("name_kind"));
    m_kind->addItems({tr("Telephone number (ENUM)"), tr("DNS record"), tr("Verifier"), tr("Anything else")});
    m_editors = new QStackedWidget(this);
    m_editors->addWidget(new EnumEditor(m_desk, m_editors));
    m_editors->addWidget(new DnsEditor(m_editors));
    m_editors->addWidget(new VerifierEditor(m_editors));
    m_editors->addWidget(new RawEditor(m_editors));
    m_days = new QSpinBox(this);
    m_days->setObjectName(QStringLiteral("name_days"));
    m_days->setRange(m_own ? 0 : 1, names::MAX_DAYS);
    m_days->setValue(m_own ? 0 : YEAR);
    m_days->setSuffix(tr(" days"));
    m_owner = new QLineEdit(this);
    m_owner->setObjectName(QStringLiteral("name_owner"));
    m_owner->setPlaceholderText(m_own ? tr("as before") : tr("a fresh address of this wallet"));
    m_owner_hint = new Hint(QStringLiteral("name_owner_hint"), this);
    m_cost = Selectable(this, QStringLiteral("name_cost"));
    m_hint = new Hint(QStringLiteral("name_hint"), this);
    auto* top = new QFormLayout;
    AddRow(top, tr("&Kind:"), m_kind);
    auto* bottom = new QFormLayout;
    AddRow(bottom, m_own ? tr("&Add to its time:") : tr("&For:"), m_days);
    AddRow(bottom, tr("&Owner:"), m_owner, m_owner_hint);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_send = buttons->addButton(m_own ? tr("&Change") : tr("&Register"), QDialogButtonBox::AcceptRole);
    m_send->setObjectName(QStringLiteral("name_send"));
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(m_editors);
    // Words of some languages are long: the dialog is wide enough for them, so only its height scrolls.
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setMinimumWidth(m_editors->minimumSizeHint().width() +
                            scroll->verticalScrollBar()->sizeHint().width());
    auto* column = new QVBoxLayout(this);
    column->addLayout(top);
    column->addWidget(scroll, 1);
    column->addLayout(bottom);
    column->addWidget(m_cost);
    column->addWidget(m_hint);
    column->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 140, fontMetrics().height() * 42);
    m_wait.setSingleShot(true);
    m_wait.setInterval(PAUSE_MS);
    connect(&m_wait, &QTimer::timeout, this, &NameDialog::AskCost);
    connect(m_kind, QOverload<int>::of(&QComboBox::currentIndexChanged), this, &NameDialog::ChooseEditor);
    connect(m_days, QOverload<int>::of(&QSpinBox::valueChanged), this, &NameDialog::Edited);
    connect(m_owner, &QLineEdit::textChanged, this, &NameDialog::Edited);
    connect(&m_desk.Node(), &NodeModel::Stirred, this, &NameDialog::AskAgain);
    connect(buttons, &QDialogButtonBox::accepted, this, &NameDialog::Send);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

NameEditor& NameDialog::Editor() const
{
    return *qobject_cast<NameEditor*>(m_editors->currentWidget());
}

void NameDialog::ChooseEditor()
{
    m_editors->setCurrentIndex(m_kind->currentIndex());
    Edited();
}

std::optional<NameDialog::Change> NameDialog::Made() const
{
    auto value = Editor().Value();
    const auto name = Editor().Name();
    if (!value || !name || m_owner_hint->isVisibleTo(this)) return std::nullopt;
    Change out;
    out.kind = m_own ? names::OpKind::Update : names::OpKind::New;
    out.name = m_own ? m_own->info.name : *name;
    out.value = std::move(*value);
    out.days = m_days->value();
    out.to_address = ToUtf8(m_owner->text().trimmed());
    return out;
}

void NameDialog::Edited()
{
    const std::string owner = ToUtf8(m_owner->text().trimmed());
    const auto script = script::DecodeAddress(m_desk.Host().Addresses(), owner);
    m_owner_hint->Problem(owner.empty() || script ? QString() : Sentence(script.Error()));
    m_send->setEnabled(false);
    m_cost->clear();
    m_hint->Problem({});
    m_refused = false;
    ++m_asked; // what was asked before does not count any more
    m_wait.start();
}

void NameDialog::AskCost()
{
    auto change = Made();
    if (!change || m_desk.Wallet() == nullptr) return;
    const int asked = ++m_asked;
    m_refused = false;
    m_stirred = false;
    m_desk.Work().Run(
        this,
        [api = m_desk.Wallet()->Api(), pool = m_desk.Rooms().pool, change = std::move(*change)] {
            return PreviewAll(*api, *pool, {change});
        },
        [this, asked](const interfaces::Result<interfaces::WalletNamesApi::NamePreview>& preview) {
            if (asked == m_asked) Answered(preview);
        });
}

void NameDialog::Answered(const interfaces::Result<interfaces::WalletNamesApi::NamePreview>& preview)
{
    if (!preview) {
        m_refused = true;
        Refused(preview.Error());
        if (m_stirred) AskCost();
        return;
    }
    m_hint->Problem({});
    const auto& state = m_desk.Node().State();
    m_cost->setText(CostText(*preview, state.tip.height, state.now_sec));
    m_send->setEnabled(true);
}

void NameDialog::AskAgain()
{
    m_stirred = true;
    if (m_refused) AskCost();
}

void NameDialog::Refused(const interfaces::Failure& failure)
{
    m_hint->Problem(Sentence(failure.message));
}

void NameDialog::Send()
{
    const auto change = Made();
    if (!change || !m_desk.Wallet()) return;
    if (change->to_address.empty() || !m_own) return SendNow(*change);
    Confirm(this, tr("Hand over this name?"),
            tr("%1 will belong to %2. Only its new owner can give it back.")
                .arg(OneLine(base::AsBytes(change->name)), m_owner->text().trimmed()),
            tr("&Hand over"), [this, change = *change] { SendNow(change); });
}

void NameDialog::SendNow(const Change& change)
{
    m_send->setEnabled(false);
    WithKeys(
        m_desk, this,
        [pool = m_desk.Rooms().pool, change](interfaces::WalletApi& wallet) {
            return SendAll(wallet, *pool, {change});
        },
        [this](interfaces::Result<base::Hash256> sent) {
            if (!sent) {
                m_send->setEnabled(true);
                return Refused(sent.Error());
            }
            Q_EMIT Sent(FromUtf8(base::ReversedHex(*sent)));
            accept();
        });
}

} // namespace emc::qt
