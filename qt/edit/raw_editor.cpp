#include "qt/edit/raw_editor.h"

#include "names/op_codec.h"
#include "qt/ask.h"
#include "qt/form.h"
#include "qt/text.h"

#include <QComboBox>
#include <QFile>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalBlocker>

namespace emc::qt {

namespace {

QByteArray ToArray(const base::Bytes& bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), static_cast<int>(bytes.size())};
}

base::Bytes ToBytes(const QByteArray& array)
{
    return {array.begin(), array.end()};
}

bool IsText(const base::Bytes& bytes)
{
    return ToUtf8(FromUtf8(base::AsText(bytes))) == base::AsText(bytes);
}

} // namespace

RawEditor::RawEditor(QWidget* parent) : NameEditor(parent)
{
    auto* form = new QFormLayout(this);
    m_name = new QLineEdit(this);
    m_name->setObjectName(QStringLiteral("raw_name"));
    AddRow(form, tr("&Name:"), m_name);
    m_form = new QComboBox(this);
    m_form->setObjectName(QStringLiteral("raw_form"));
    m_form->addItems({tr("Text"), tr("Hexadecimal"), tr("Base64")});
    AddRow(form, tr("&Written as:"), m_form);
    m_text = new QPlainTextEdit(this);
    m_text->setObjectName(QStringLiteral("raw_value"));
    m_text->setTabChangesFocus(true);
    m_hint = new Hint(QStringLiteral("raw_hint"), this);
    AddRow(form, tr("&Value:"), m_text, m_hint);
    auto* below = new QWidget(this);
    auto* row = new QHBoxLayout(below);
    row->setContentsMargins(0, 0, 0, 0);
    auto* file = Button(tr("From a &file…"), QStringLiteral("raw_file"), below);
    m_size = new QLabel(below);
    row->addWidget(file);
    row->addWidget(m_size);
    row->addStretch();
    form->addRow(QString(), below);
    connect(file, &QPushButton::clicked, this, &RawEditor::ReadFile);
    connect(m_name, &QLineEdit::textChanged, this, &RawEditor::Check);
    connect(m_text, &QPlainTextEdit::textChanged, this, &RawEditor::Check);
    connect(m_form, QOverload<int>::of(&QComboBox::currentIndexChanged), this, &RawEditor::ChangeForm);
    Check();
}

void RawEditor::Check()
{
    m_value.reset();
    const QByteArray typed = m_text->toPlainText().toUtf8();
    QString problem;
    if (m_form->currentIndex() == Hex) {
        const QByteArray bytes = QByteArray::fromHex(typed);
        QByteArray plain = typed.toLower();
        for (const char blank : {' ', '\n', '\r', '\t'})
            plain.replace(blank, "");
        if (bytes.toHex() == plain)
            m_value = ToBytes(bytes);
        else
            problem = tr("Hexadecimal is pairs of 0–9 and a–f, like 48656c6c6f.");
    } else if (m_form->currentIndex() == Base64) {
        QByteArray plain = typed;
        for (const char blank : {' ', '\n', '\r', '\t'})
            plain.replace(blank, "");
        const auto decoded = QByteArray::fromBase64Encoding(plain, QByteArray::AbortOnBase64DecodingErrors);
        if (decoded.decodingStatus == QByteArray::Base64DecodingStatus::Ok)
            m_value = ToBytes(*decoded);
        else
            problem = tr("This is not base64.");
    } else {
        m_value = ToBytes(typed);
    }
    const auto size = m_value ? m_value->size() : 0;
    if (size > names::MAX_VALUE_BYTES) {
        problem = tr("A value has at most %1 bytes; this one has %2.").arg(names::MAX_VALUE_BYTES).arg(size);
        m_value.reset();
    }
    const auto name_bytes = m_name->text().toUtf8().size();
    if (problem.isEmpty() && name_bytes > static_cast<int>(names::MAX_NAME_BYTES))
        problem =
            tr("A name has at most %1 bytes; this one has %2.").arg(names::MAX_NAME_BYTES).arg(name_bytes);
    m_size->setText(tr("%n byte(s)", nullptr, static_cast<int>(size)));
    m_hint->Problem(problem);
    Q_EMIT Edited();
}

void RawEditor::ChangeForm()
{
    if (m_value && m_form->currentIndex() == Text && !IsText(*m_value)) {
        m_hint->Problem(tr("These bytes are no text; they stay as they were."));
        const QSignalBlocker quiet(m_form);
        m_form->setCurrentIndex(Hex);
    }
    if (m_value)
        Show(*m_value);
    else
        Check();
}

void RawEditor::Show(const base::Bytes& value)
{
    const QByteArray bytes = ToArray(value);
    const int form = m_form->currentIndex();
    m_text->setPlainText(form == Hex      ? QString::fromLatin1(bytes.toHex())
                         : form == Base64 ? QString::fromLatin1(bytes.toBase64())
                                          : QString::fromUtf8(bytes));
}

void RawEditor::ReadFile()
{
    AskFile(this, tr("Value from a file"), {}, [this](const QString& path) { Take(path); });
}

void RawEditor::Take(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return m_hint->Problem(tr("%1 cannot be read: %2.").arg(path, file.errorString()));
    const auto bytes = ToBytes(file.read(static_cast<qint64>(names::MAX_VALUE_BYTES) + 1));
    if (m_form->currentIndex() == Text && !IsText(bytes)) {
        const QSignalBlocker quiet(m_form);
        m_form->setCurrentIndex(Hex);
    }
    Show(bytes);
}

std::optional<std::string> RawEditor::Name() const
{
    if (m_fixed_name) return m_fixed_name;
    const std::string name = ToUtf8(m_name->text());
    if (name.empty() || name.size() > names::MAX_NAME_BYTES) return std::nullopt;
    return name;
}

std::optional<base::Bytes> RawEditor::Value() const
{
    return m_value;
}

bool RawEditor::Load(const std::string& name, const base::Bytes& value)
{
    m_fixed_name = name;
    m_name->setText(OneLine(base::AsBytes(name), static_cast<int>(names::MAX_NAME_BYTES)));
    // A text field changes CR LF to LF.
    const bool exact = IsText(value) && base::AsText(value).find('\r') == std::string_view::npos;
    const QSignalBlocker quiet(m_form);
    m_form->setCurrentIndex(exact ? Text : Hex);
    Show(value);
    return true;
}

void RawEditor::FixName()
{
    m_name->setReadOnly(true);
}

} // namespace emc::qt
