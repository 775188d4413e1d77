#include "qt/edit/enum_editor.h"

#include "enum/record.h"
#include "interfaces/chain.h"
#include "qt/form.h"
#include "qt/text.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>

namespace emc::qt {

namespace {

enum RouteColumn { Uri, Service, Order, Preference, Expression, RouteColumns };

constexpr int MAX_PREFERENCE = 65'535;
constexpr int MAX_TTL_SEC = 604'800;
constexpr int SHOWN_ROUTES = 4;
/// Property of an expression's field.
constexpr const char* IGNORE_CASE = "ignore_case";

QString FailureText(const enumrec::RecordFailure& failure)
{
    QString out = Sentence(enumrec::Text(failure.error));
    if (!failure.detail.empty()) out += QStringLiteral(" (%1)").arg(FromUtf8(failure.detail));
    return out + QStringLiteral(" [%1]").arg(FromUtf8(enumrec::RuleId(failure.error)));
}

/// The first line of a SIG or E2U text that fails, as its own sentence.
QString LineText(const enumrec::RecordFailure& failure)
{
    if (failure.line == 0) return FailureText(failure);
    return Words::tr("Line %1: %2").arg(failure.line).arg(FailureText(failure));
}

} // namespace

EnumEditor::EnumEditor(Desk& desk, QWidget* parent) : NameEditor(parent), m_desk(desk)
{
    Build();
    AddRoute({});
    Check();
}

void EnumEditor::Build()
{
    auto* form = new QFormLayout(this);
    m_number = new QLineEdit(this);
    m_number->setObjectName(QStringLiteral("enum_number"));
    m_number->setPlaceholderText(QStringLiteral("+1 800 935 9935"));
    m_number_hint = new Hint(QStringLiteral("enum_number_hint"), this);
    AddRow(form, tr("&Number with country code:"), m_number, m_number_hint);
    m_slot = new QSpinBox(this);
    m_slot->setObjectName(QStringLiteral("enum_slot"));
    m_slot->setRange(0, enumrec::MAX_SLOT);
    m_slot->setToolTip(tr("Several people may hold records of one number. Each has a slot; callers get those "
                          "a verifier has signed."));
    m_slot_hint = new Hint(QStringLiteral("enum_slot_hint"), this);
    AddRow(form, tr("S&lot:"), m_slot, m_slot_hint);
    m_routes = new QTableWidget(0, RouteColumns, this);
    m_routes->setObjectName(QStringLiteral("enum_routes"));
    m_routes->setHorizontalHeaderLabels(
        {tr("Calls go to"), tr("Service"), tr("Order"), tr("Preference"), tr("Expression")});
    m_routes->horizontalHeader()->setSectionResizeMode(Uri, QHeaderView::Stretch);
    m_routes->verticalHeader()->hide();
    const int letter = fontMetrics().averageCharWidth();
    for (const auto& [column, letters] :
         {std::pair{Service, 22}, {Order, 12}, {Preference, 12}, {Expression, 16}})
        m_routes->setColumnWidth(column, letters * letter);
    m_routes->setMinimumHeight(fontMetrics().height() * 2 * (SHOWN_ROUTES + 1));
    m_route_hint = new Hint(QStringLiteral("enum_route_hint"), this);
    AddRow(form, tr("&Routes:"), m_routes, m_route_hint);
    form->addRow(QString(), RouteButtons());
    m_sample = Selectable(this, QStringLiteral("enum_sample"));
    form->addRow(tr("What callers get:"), m_sample);
    m_ttl = new QSpinBox(this);
    m_ttl->setObjectName(QStringLiteral("enum_ttl"));
    m_ttl->setRange(0, MAX_TTL_SEC);
    m_ttl->setSpecialValueText(tr("as usual (a day)"));
    m_ttl->setSuffix(tr(" s"));
    AddRow(form, tr("&Kept by resolvers for:"), m_ttl);
    m_signatures = new QPlainTextEdit(this);
    m_signatures->setObjectName(QStringLiteral("enum_signatures"));
    m_signatures->setPlaceholderText(tr("SIG=… lines as the verifier sent them"));
    m_signatures->setMaximumHeight(fontMetrics().height() * 4);
    m_signatures->setTabChangesFocus(true);
    m_signature_hint = new Hint(QStringLiteral("enum_signature_hint"), this);
    AddRow(form, tr("Si&gnatures:"), m_signatures, m_signature_hint);
    connect(m_number, &QLineEdit::textChanged, this, [this] {
        if (!m_fixed) SuggestSlot();
        Check();
    });
    connect(m_slot, QOverload<int>::of(&QSpinBox::valueChanged), this, &EnumEditor::Check);
    connect(m_ttl, QOverload<int>::of(&QSpinBox::valueChanged), this, &EnumEditor::Check);
    connect(m_signatures, &QPlainTextEdit::textChanged, this, &EnumEditor::Check);
}

QWidget* EnumEditor::RouteButtons()
{
    const auto buttons =
        MakeLineButtons(tr("&Add a route"), tr("Re&move it"), QStringLiteral("enum_route"), this);
    connect(buttons.add, &QPushButton::clicked, this, [this] {
        enumrec::ComposeRoute next;
        next.preference = static_cast<uint16_t>(next.preference * (m_routes->rowCount() + 1));
        AddRoute(next);
        Check();
    });
    connect(buttons.remove, &QPushButton::clicked, this, [this] {
        const int row_now = m_routes->currentRow();
        if (row_now >= 0) m_routes->removeRow(row_now);
        Check();
    });
    return buttons.row;
}

void EnumEditor::AddRoute(const enumrec::ComposeRoute& route)
{
    const int row = m_routes->rowCount();
    m_routes->insertRow(row);
    const auto text = [this, row](int column, const QString& value, const QString& name,
                                  const QString& example) {
        auto* field = new QLineEdit(value, m_routes);
        field->setObjectName(QStringLiteral("%1_%2").arg(name).arg(row));
        field->setPlaceholderText(example);
        m_routes->setCellWidget(row, column, field);
        connect(field, &QLineEdit::textChanged, this, &EnumEditor::Check);
    };
    const auto count = [this, row](int column, int value) {
        auto* field = new QSpinBox(m_routes);
        field->setRange(0, MAX_PREFERENCE);
        field->setValue(value);
        m_routes->setCellWidget(row, column, field);
        connect(field, QOverload<int>::of(&QSpinBox::valueChanged), this, &EnumEditor::Check);
    };
    text(Uri, FromUtf8(route.uri), QStringLiteral("enum_uri"), QStringLiteral("sip:100@pbx.example"));
    auto* service = new QComboBox(m_routes);
    service->setEditable(true);
    service->addItems({QStringLiteral("E2U+sip"), QStringLiteral("E2U+sips"), QStringLiteral("E2U+h323"),
                       QStringLiteral("E2U+xmpp"), QStringLiteral("E2U+tel"),
                       QStringLiteral("E2U+email:mailto")});
    service->setEditText(FromUtf8(route.service));
    m_routes->setCellWidget(row, Service, service);
    connect(service, &QComboBox::editTextChanged, this, &EnumEditor::Check);
    count(Order, route.order);
    count(Preference, route.preference);
    text(Expression, FromUtf8(route.ere), QStringLiteral("enum_expression"), QStringLiteral("^.*$"));
    m_routes->cellWidget(row, Expression)->setProperty(IGNORE_CASE, route.ignore_case);
    m_routes->setCurrentCell(row, Uri);
}

enumrec::ComposeRoute EnumEditor::RouteAt(int row) const
{
    const auto text = [this, row](int column) {
        return ToUtf8(qobject_cast<QLineEdit*>(m_routes->cellWidget(row, column))->text().trimmed());
    };
    const auto count = [this, row](int column) {
        return static_cast<uint16_t>(qobject_cast<QSpinBox*>(m_routes->cellWidget(row, column))->value());
    };
    enumrec::ComposeRoute out;
    out.uri = text(Uri);
    out.service =
        ToUtf8(qobject_cast<QComboBox*>(m_routes->cellWidget(row, Service))->currentText().trimmed());
    out.order = count(Order);
    out.preference = count(Preference);
    out.ere = text(Expression);
    out.ignore_case = m_routes->cellWidget(row, Expression)->property(IGNORE_CASE).toBool();
    return out;
}

base::Expected<std::vector<enumrec::Sig>, QString> EnumEditor::Signatures() const
{
    std::vector<enumrec::Sig> out;
    int line_number = 0;
    for (const auto& line : m_signatures->toPlainText().split(QLatin1Char('\n'))) {
        ++line_number;
        const std::string text = ToUtf8(line.trimmed());
        if (text.empty()) continue;
        const auto found = enumrec::SignatureLines(text);
        if (found.empty()) {
            return base::Unexpected(
                tr("Line %1 is no signature. It looks like SIG=ver:name|… and comes from the verifier.")
                    .arg(line_number));
        }
        out.push_back(found.front().sig);
    }
    return out;
}

std::optional<std::string> EnumEditor::Name() const
{
    const auto number = enumrec::Number::FromHuman(ToUtf8(m_number->text()));
    if (!number) return std::nullopt;
    return enumrec::RecordNameOf(*number, m_slot->value());
}

std::optional<base::Bytes> EnumEditor::Value() const
{
    return m_value;
}

void EnumEditor::Check()
{
    m_value.reset();
    const auto number = enumrec::Number::FromHuman(ToUtf8(m_number->text()));
    const bool typed = !m_number->text().trimmed().isEmpty();
    m_number_hint->Problem(!typed || number
                               ? QString()
                               : tr("A number has 4 to 15 digits and begins with its country code, like %1.")
                                     .arg(QStringLiteral("+1 800 935 9935")));
    m_sample->clear();
    m_route_hint->Problem({});
    m_signature_hint->Problem({});
    if (number) CheckRecord(*number);
    Q_EMIT Edited();
}

void EnumEditor::CheckRecord(const enumrec::Number& number)
{
    enumrec::ComposeOptions options;
    bool empty = false;
    for (int row = 0; row < m_routes->rowCount(); ++row) {
        options.routes.push_back(RouteAt(row));
        empty = empty || options.routes.back().uri.empty();
    }
    if (empty) return m_route_hint->Note(tr("Write where calls go, like sip:100@pbx.example."));
    if (m_ttl->value() != 0) options.ttl_sec = static_cast<uint32_t>(m_ttl->value());
    options.endpoint = m_endpoint;
    options.extensions = m_extensions;
    auto signatures = Signatures();
    if (!signatures) return m_signature_hint->Problem(signatures.Error());
    options.signatures = *signatures;
    const auto value = enumrec::ComposeRecord(number, options);
    if (!value) return m_route_hint->Problem(LineText(value.Error()));
    m_value = base::ToBytes(*value);
    if (signatures->empty()) {
        m_signature_hint->Note(tr("Callers reach a number only when a verifier they trust has signed it. "
                                  "Register it first, then ask one: \"Signature…\" has the text to send."));
    }
    QStringList samples;
    bool useless = false;
    const auto record = enumrec::ParseRecord(*value, number);
    for (const auto* route : record->Routes()) {
        const auto uri = enumrec::ApplyRoute(*route, number);
        useless = useless || !uri;
        samples << (uri ? QStringLiteral("%1 → %2").arg(FromUtf8(number.WithPlus()), FromUtf8(*uri))
                        : tr("this expression does not match %1").arg(FromUtf8(number.WithPlus())));
    }
    m_sample->setText(samples.join(QLatin1Char('\n')));
    if (useless)
        m_route_hint->Note(tr("An expression that does not match the number sends no call anywhere; ^.*$ "
                              "matches every number."));
}

void EnumEditor::SuggestSlot()
{
    const auto number = enumrec::Number::FromHuman(ToUtf8(m_number->text()));
    const int asked = ++m_asked_slot;
    if (!number) return m_slot_hint->Note({});
    const auto* names = m_desk.Rooms().names;
    m_desk.Work().Run(
        this,
        [names, number = *number] {
            int slot = 0;
            for (; slot <= enumrec::MAX_SLOT; ++slot) {
                const auto found = names->Find(enumrec::RecordNameOf(number, slot));
                if (!found || !found->live) break;
            }
            return slot;
        },
        [this, asked](int slot) {
            if (asked != m_asked_slot || m_fixed || slot > enumrec::MAX_SLOT) return;
            m_slot->setValue(slot);
            m_slot_hint->Note(slot == 0 ? tr("Nobody has registered this number yet.")
                                        : tr("%n other record(s) of this number exist; this is the first "
                                             "free slot.",
                                             nullptr, slot));
        });
}

bool EnumEditor::Load(const std::string& name, const base::Bytes& value)
{
    const auto parsed = enumrec::ParseRecordName(name);
    if (!parsed || parsed->kind != enumrec::NameKind::Number) return false;
    const auto record = enumrec::ParseRecord(base::AsText(value), *parsed->number);
    if (!record) return false;
    m_fixed = true;
    m_number->setText(FromUtf8(parsed->number->WithPlus()));
    m_slot->setValue(parsed->slot);
    m_routes->setRowCount(0);
    for (const auto* route : record->Routes()) {
        AddRoute({route->service, route->order, route->preference, route->replacement, route->ere,
                  route->ignore_case});
    }
    QStringList signatures;
    m_extensions.clear();
    for (const auto& line : record->lines) {
        if (std::holds_alternative<enumrec::Sig>(line)) signatures << FromUtf8(enumrec::PrintLine(line));
        if (const auto* extension = std::get_if<enumrec::Extension>(&line))
            m_extensions.push_back(*extension);
        if (const auto* ttl = std::get_if<enumrec::Ttl>(&line))
            m_ttl->setValue(static_cast<int>(ttl->seconds));
    }
    if (const auto* endpoint = record->Endpoint()) m_endpoint = *endpoint;
    m_signatures->setPlainText(signatures.join(QLatin1Char('\n')));
    Check();
    return true;
}

void EnumEditor::FixName()
{
    m_fixed = true;
    m_number->setReadOnly(true);
    m_slot->setEnabled(false);
    m_slot_hint->Note({});
}

} // namespace emc::qt
