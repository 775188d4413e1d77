#include "qt/edit/verifier_editor.h"

#include "enum/number.h"
#include "enum/verifier.h"
#include "qt/form.h"
#include "qt/text.h"

#include <QFormLayout>
#include <QLineEdit>
#include <algorithm>

namespace emc::qt {

namespace {

constexpr std::string_view PREFIX = "ver:";

} // namespace

VerifierEditor::VerifierEditor(QWidget* parent) : NameEditor(parent)
{
    auto* form = new QFormLayout(this);
    m_id = new QLineEdit(this);
    m_id->setObjectName(QStringLiteral("ver_id"));
    m_id->setPlaceholderText(QStringLiteral("example"));
    m_id_hint = new Hint(QStringLiteral("ver_id_hint"), this);
    AddRow(form, tr("&Identifier:"), m_id, m_id_hint);
    const std::pair<const char*, QString> rows[] = {
        {"name", tr("&Name:")},    {"url", tr("&Web page:")},
        {"email", tr("&E-mail:")}, {"method", tr("How you &verify:")},
        {"fee", tr("&Fee:")},      {"SRL", tr("&Revocation list:")}};
    m_hint = new Hint(QStringLiteral("ver_hint"), this);
    for (const auto& [key, label] : rows) {
        auto* field = new QLineEdit(this);
        field->setObjectName(QStringLiteral("ver_%1").arg(QLatin1String(key)));
        AddRow(form, label, field);
        m_fields.emplace_back(key, field);
        connect(field, &QLineEdit::textChanged, this, &VerifierEditor::Check);
    }
    form->addRow(m_hint);
    connect(m_id, &QLineEdit::textChanged, this, &VerifierEditor::Check);
    Check();
}

void VerifierEditor::Check()
{
    m_value.reset();
    const std::string id = ToUtf8(m_id->text().trimmed());
    m_id_hint->Problem(id.empty() || enumrec::IsVerifierName(std::string(PREFIX) + id)
                           ? QString()
                           : tr("1 to 32 of a–z, 0–9, dot, dash and underscore, a letter or digit first."));
    enumrec::VerifierRecord record;
    for (const auto& [key, field] : m_fields) {
        if (!field->text().trimmed().isEmpty())
            record.entries.emplace_back(key, ToUtf8(field->text().trimmed()));
    }
    const std::string value = enumrec::PrintVerifier(record);
    const auto parsed = enumrec::ParseVerifier(value);
    m_hint->Problem(parsed ? QString() : Sentence(enumrec::Text(parsed.Error().error)));
    if (parsed) m_value = base::ToBytes(value);
    Q_EMIT Edited();
}

std::optional<std::string> VerifierEditor::Name() const
{
    const std::string name = std::string(PREFIX) + ToUtf8(m_id->text().trimmed());
    if (!enumrec::IsVerifierName(name)) return std::nullopt;
    return name;
}

std::optional<base::Bytes> VerifierEditor::Value() const
{
    return m_value;
}

bool VerifierEditor::Load(const std::string& name, const base::Bytes& value)
{
    if (!enumrec::IsVerifierName(name)) return false;
    const auto record = enumrec::ParseVerifier(base::AsText(value));
    if (!record) return false;
    m_id->setText(FromUtf8(name.substr(PREFIX.size())));
    for (const auto& [key, text] : record->entries) {
        const auto field = std::find_if(m_fields.begin(), m_fields.end(),
                                        [&key = key](const auto& one) { return one.first == key; });
        if (field == m_fields.end()) return false; // a key this form has no place for
        field->second->setText(FromUtf8(text));
    }
    Check();
    return true;
}

void VerifierEditor::FixName()
{
    m_id->setReadOnly(true);
}

} // namespace emc::qt
