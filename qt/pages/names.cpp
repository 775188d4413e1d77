#include "qt/pages/names.h"

#include "enum/number.h"
#include "enum/record.h"
#include "qt/ask.h"
#include "qt/edit/name_dialog.h"
#include "qt/form.h"
#include "qt/name_changes.h"
#include "qt/name_files.h"
#include "qt/pages/resolve_box.h"
#include "qt/text.h"
#include "qt/unlock.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

namespace emc::qt {

NamesPage::NamesPage(Desk& desk, QWidget* parent) : Page(desk, QStringLiteral("names"), parent)
{
    m_model = new ContentModel(
        {{tr("Name")}, {tr("Value")}, {tr("Status")}, {tr("Days left"), true}, {tr("Verifier")}}, this);
    m_view = new ContentView(*m_model, {QStringLiteral("names_table"), {34, 60, 18, 10}}, this);
    Build();
    connect(&desk, &Desk::WalletChanged, this, &NamesPage::Refill);
    connect(&desk, &Desk::WalletSwitched, this, [this] {
        m_model->SetContent(nullptr);
        SelectionChanged();
    });
    connect(m_view, &ContentView::SortingChanged, this, &NamesPage::Refill);
    connect(m_view, &ContentView::SelectionChanged, this, &NamesPage::SelectionChanged);
    connect(m_view, &QTableView::doubleClicked, this, &NamesPage::Change);
    SelectionChanged();
}

void NamesPage::Build()
{
    auto* split = new QSplitter(Qt::Vertical, this);
    split->addWidget(m_view);
    split->addWidget(new ResolveBox(m_desk, split));
    split->setStretchFactor(0, 1);
    split->setCollapsible(0, false);
    auto* column = new QVBoxLayout(this);
    column->addWidget(Filters());
    column->addWidget(split, 1);
    column->addWidget(Buttons());
}

QWidget* NamesPage::Filters()
{
    auto* out = new QWidget(this);
    auto* row = new QHBoxLayout(out);
    row->setContentsMargins(0, 0, 0, 0);
    m_search = new QLineEdit(out);
    m_search->setObjectName(QStringLiteral("names_search"));
    m_search->setPlaceholderText(tr("Search in names and values"));
    m_search->setClearButtonEnabled(true);
    m_kind = new QComboBox(out);
    m_kind->setObjectName(QStringLiteral("names_kind"));
    m_kind->setAccessibleName(tr("Kind of name"));
    m_kind->addItem(tr("All kinds"), QString());
    m_kind->addItem(tr("Telephone numbers"), QStringLiteral("enum:"));
    m_kind->addItem(tr("DNS records"), QStringLiteral("dns:"));
    m_kind->addItem(tr("Verifiers"), QStringLiteral("ver:"));
    m_soon = new QCheckBox(tr("E&xpire soon"), out);
    m_expired = new QCheckBox(tr("Show e&xpired"), out);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_search, m_kind, m_soon, m_expired})
        row->addWidget(widget, widget == m_search ? 1 : 0);
    connect(m_search, &QLineEdit::textChanged, this, &NamesPage::Refill);
    connect(m_kind, QOverload<int>::of(&QComboBox::currentIndexChanged), this, &NamesPage::Refill);
    connect(m_soon, &QCheckBox::toggled, this, &NamesPage::Refill);
    connect(m_expired, &QCheckBox::toggled, this, &NamesPage::Refill);
    return out;
}

QWidget* NamesPage::Buttons()
{
    auto* out = new QWidget(this);
    auto* row = new QHBoxLayout(out);
    row->setContentsMargins(0, 0, 0, 0);
    const auto add = [&](const QString& text, const char* name, void (NamesPage::*action)()) {
        auto* button = Button(text, QLatin1String(name), out);
        row->addWidget(button);
        connect(button, &QPushButton::clicked, this, action);
        return button;
    };
    m_new = add(tr("&New…"), "names_new", &NamesPage::New);
    m_for_one.push_back(add(tr("&Change…"), "names_change", &NamesPage::Change));
    m_for_some.push_back(add(tr("&Renew…"), "names_renew", &NamesPage::Renew));
    m_for_one.push_back(add(tr("&Signature…"), "names_signature", &NamesPage::AskSignature));
    m_for_one.push_back(add(tr("&Delete…"), "names_delete", &NamesPage::Delete));
    row->addStretch();
    add(tr("&Import…"), "names_import", &NamesPage::Import);
    add(tr("E&xport…"), "names_export", &NamesPage::Export);
    return out;
}

void NamesPage::Refill()
{
    auto* wallet = m_desk.Wallet();
    if (wallet == nullptr || !wallet->State()) return;
    NameFilter filter;
    filter.text = m_search->text().trimmed();
    filter.prefix = m_kind->currentData().toString();
    filter.expired = m_expired->isChecked();
    filter.only_soon = m_soon->isChecked();
    filter.column = m_view->SortColumn();
    filter.order = m_view->SortOrder();
    const int filled = ++m_filled;
    m_desk.Work().Run(
        this,
        [state = wallet->State(), filter] { return MakeNameTable(*state->names, state->height, filter); },
        [this, filled](std::shared_ptr<const NameTable> table) {
            if (filled != m_filled) return;
            m_model->SetContent(std::move(table));
            SelectionChanged();
        });
}

std::vector<std::shared_ptr<const interfaces::OwnName>> NamesPage::Selected() const
{
    std::vector<std::shared_ptr<const interfaces::OwnName>> out;
    const auto table = std::dynamic_pointer_cast<const NameTable>(m_model->Content());
    if (!table) return out;
    for (const int row : m_view->SelectedRows())
        out.push_back(table->At(row).own);
    return out;
}

void NamesPage::SelectionChanged()
{
    const auto count = m_view->SelectedRows().size();
    m_new->setEnabled(m_desk.Wallet() != nullptr);
    for (auto* button : m_for_one)
        button->setEnabled(count == 1);
    for (auto* button : m_for_some)
        button->setEnabled(count > 0);
}

void NamesPage::New()
{
    auto* dialog = new NameDialog(m_desk, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NameDialog::Sent, this, [this](const QString& txid) {
        Q_EMIT Said(tr("The name is on its way in transaction %1").arg(txid));
    });
    dialog->open();
}

void NamesPage::Change()
{
    const auto selected = Selected();
    if (selected.size() != 1) return;
    auto* dialog = new NameDialog(m_desk, selected.front(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NameDialog::Sent, this, [this](const QString& txid) {
        Q_EMIT Said(tr("The change is on its way in transaction %1").arg(txid));
    });
    dialog->open();
}

void NamesPage::Renew()
{
    constexpr int YEAR = 365;
    const auto selected = Selected();
    const auto problem = [](const QString& text) {
        bool whole = false;
        const int days = text.toInt(&whole);
        if (whole && days >= 1 && days <= names::MAX_DAYS) return QString();
        return tr("Write a number of days from 1 to %1.").arg(names::MAX_DAYS);
    };
    const AskedField field{tr("Days to add to %n name(s):", nullptr, static_cast<int>(selected.size())),
                           QString::number(YEAR), problem};
    AskFields(this, tr("Renew"), {field}, [this, selected](const QStringList& texts) {
        const int days = texts.front().toInt();
        std::vector<interfaces::WalletNamesApi::NameChange> changes;
        for (const auto& own : selected)
            changes.push_back({names::OpKind::Update, own->info.name, LatestValue(*own), days, {}});
        Propose(tr("Renew"),
                tr("%n name(s) get %1.", nullptr, static_cast<int>(changes.size()))
                    .arg(tr("%n more day(s)", nullptr, days)),
                tr("&Renew"), std::move(changes));
    });
}

void NamesPage::Delete()
{
    const auto selected = Selected();
    if (selected.size() != 1) return;
    const auto& name = selected.front()->info.name;
    Propose(tr("Delete"),
            tr("%1 ends now, and anybody may register it. Nothing is paid back.")
                .arg(OneLine(base::AsBytes(name))),
            tr("&Delete"), {{names::OpKind::Delete, name, {}, 0, {}}});
}

void NamesPage::Propose(const QString& title, const QString& what, const QString& button,
                        std::vector<interfaces::WalletNamesApi::NameChange> changes)
{
    const auto send = [this, changes, title] {
        WithKeys(
            m_desk, this,
            [pool = m_desk.Rooms().pool, changes](interfaces::WalletApi& wallet) {
                return SendAll(wallet, *pool, changes);
            },
            [this, title](interfaces::Result<base::Hash256> sent) {
                if (!sent) return Tell(this, title, Sentence(sent.Error().message));
                Q_EMIT Said(tr("On its way in transaction %1").arg(FromUtf8(base::ReversedHex(*sent))));
            });
    };
    m_desk.WithWallet(
        this,
        [pool = m_desk.Rooms().pool, changes](interfaces::WalletApi& wallet) {
            return PreviewAll(wallet, *pool, changes);
        },
        [this, title, what, button,
         send](interfaces::Result<interfaces::WalletNamesApi::NamePreview> preview) {
            if (!preview) return Tell(this, title, Sentence(preview.Error().message));
            const auto& state = m_desk.Node().State();
            const QString cost = CostText(*preview, state.tip.height, state.now_sec);
            Confirm(this, title, what + QStringLiteral("\n\n") + cost, button, send);
        });
}

void NamesPage::AskSignature()
{
    const auto selected = Selected();
    if (selected.size() != 1) return;
    const auto name = enumrec::ParseRecordName(selected.front()->info.name);
    if (!name || name->kind != enumrec::NameKind::Number)
        return Tell(this, tr("Signature"), tr("Only telephone numbers are signed by verifiers."));
    const auto text = enumrec::SignatureText(*name->number, selected.front()->address, 0);
    auto* dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("signature_request"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setOption(QInputDialog::UsePlainTextEditForTextInput);
    dialog->setWindowTitle(tr("Request a signature"));
    dialog->setLabelText(tr("Send this to a verifier. Paste the SIG= line that comes back into the record: "
                            "\"Change…\", field \"Signatures\"."));
    dialog->setTextValue(FromUtf8(text));
    dialog->open();
}

void NamesPage::Export()
{
    const auto table = std::dynamic_pointer_cast<const NameTable>(m_model->Content());
    if (!table) return;
    AskNewFile(this, tr("Export names"), QStringLiteral("names.csv"), tr("Tables (*.csv)"),
               [this, table](const QString& path) {
                   m_desk.Work().Run(
                       this, [table, path] { return WriteNames(*table, path); },
                       [this, path](base::Expected<int, QString> written) {
                           if (!written) return Tell(this, tr("Export names"), written.Error());
                           Q_EMIT Said(tr("%n name(s) written to %1", nullptr, *written).arg(path));
                       });
               });
}

void NamesPage::Import()
{
    AskFile(this, tr("Import names"), tr("Tables (*.csv)"),
            [this](const QString& path) { ImportFrom(path); });
}

void NamesPage::ImportFrom(const QString& path)
{
    m_desk.Work().Run(
        this, [path] { return ReadNames(path); },
        [this](base::Expected<std::vector<interfaces::WalletNamesApi::NameChange>, QString> changes) {
            if (!changes) return Tell(this, tr("Import names"), changes.Error());
            const int count = static_cast<int>(changes->size());
            Propose(tr("Import names"), tr("%n name(s) will be registered.", nullptr, count), tr("&Register"),
                    std::move(*changes));
        });
}

} // namespace emc::qt
