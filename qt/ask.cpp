#include "qt/ask.h"

#include "qt/form.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QInputDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace emc::qt {

namespace {

/// Shows it; it goes with its parent, or when it is closed.
void Open(QDialog* dialog)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void OpenFileDialog(QFileDialog* dialog, TextThen then)
{
    dialog->setObjectName(QStringLiteral("ask_file"));
    QObject::connect(dialog, &QFileDialog::fileSelected, dialog->parent(),
                     [then = std::move(then)](const QString& path) {
                         if (!path.isEmpty()) then(path);
                     });
    Open(dialog);
}

} // namespace

AskDialog::AskDialog(const QString& title, const std::vector<AskedField>& fields, QWidget* parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("ask"));
    setWindowTitle(title);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_go = buttons->button(QDialogButtonBox::Ok);
    m_go->setObjectName(QStringLiteral("ask_go"));
    auto* form = new QFormLayout;
    for (const auto& field : fields)
        AddField(*form, field);
    auto* column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 60);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    Check(fields.size());
}

void AskDialog::AddField(QFormLayout& form, const AskedField& field)
{
    const size_t place = m_rows.size();
    const QString name = QStringLiteral("ask_%1").arg(place);
    auto* hint = new Hint(QStringLiteral("ask_hint_%1").arg(place), this);
    if (field.many_lines) {
        auto* text = new QPlainTextEdit(field.value, this);
        text->setObjectName(name);
        text->setTabChangesFocus(true);
        text->setMaximumHeight(fontMetrics().height() * 5);
        AddRow(&form, field.label, text, hint);
        m_rows.push_back({[text] { return text->toPlainText(); }, field.problem, hint});
        connect(text, &QPlainTextEdit::textChanged, this, [this, place] { Check(place); });
    } else {
        auto* line = new QLineEdit(field.value, this);
        line->setObjectName(name);
        AddRow(&form, field.label, line, hint);
        m_rows.push_back({[line] { return line->text(); }, field.problem, hint});
        connect(line, &QLineEdit::textChanged, this, [this, place] { Check(place); });
    }
}

void AskDialog::Check(size_t touched)
{
    bool good = true;
    for (size_t i = 0; i < m_rows.size(); ++i) {
        const auto& row = m_rows[i];
        const QString problem = row.problem ? row.problem(row.text().trimmed()) : QString();
        if (i == touched || problem.isEmpty()) row.hint->Problem(problem);
        good = good && problem.isEmpty();
    }
    m_go->setEnabled(good);
}

QStringList AskDialog::Texts() const
{
    QStringList out;
    for (const auto& row : m_rows)
        out << row.text().trimmed();
    return out;
}

void AskFields(QWidget* parent, const QString& title, const std::vector<AskedField>& fields,
               std::function<void(const QStringList&)> then)
{
    auto* dialog = new AskDialog(title, fields, parent);
    QObject::connect(dialog, &QDialog::accepted, parent,
                     [dialog, then = std::move(then)] { then(dialog->Texts()); });
    Open(dialog);
}

void AskChoice(QWidget* parent, const QString& title, const QString& label, const QStringList& rows,
               std::function<void(int)> then)
{
    auto* dialog = new QInputDialog(parent);
    dialog->setObjectName(QStringLiteral("ask_choice"));
    dialog->setWindowTitle(title);
    dialog->setLabelText(label);
    dialog->setComboBoxItems(rows);
    QObject::connect(dialog, &QInputDialog::textValueSelected, parent,
                     [rows, then = std::move(then)](const QString& chosen) {
                         const auto place = static_cast<int>(rows.indexOf(chosen));
                         if (place >= 0) then(place);
                     });
    Open(dialog);
}

void AskFile(QWidget* parent, const QString& title, const QString& filter, TextThen then)
{
    auto* dialog = new QFileDialog(parent, title, {}, filter);
    dialog->setFileMode(QFileDialog::ExistingFile);
    OpenFileDialog(dialog, std::move(then));
}

void AskNewFile(QWidget* parent, const QString& title, const QString& name, const QString& filter,
                TextThen then)
{
    auto* dialog = new QFileDialog(parent, title, {}, filter);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->selectFile(name);
    OpenFileDialog(dialog, std::move(then));
}

void Confirm(QWidget* parent, const QString& title, const QString& text, const QString& button,
             std::function<void()> then)
{
    auto* box = new QMessageBox(QMessageBox::Question, title, text, QMessageBox::Cancel, parent);
    box->setObjectName(QStringLiteral("confirm"));
    box->setTextFormat(Qt::PlainText);
    auto* go = box->addButton(button, QMessageBox::AcceptRole);
    go->setObjectName(QStringLiteral("confirm_go"));
    box->setDefaultButton(QMessageBox::Cancel);
    QObject::connect(box, &QMessageBox::buttonClicked, parent,
                     [go, then = std::move(then)](const QAbstractButton* clicked) {
                         if (clicked == go) then();
                     });
    Open(box);
}

void Tell(QWidget* parent, const QString& title, const QString& text, bool problem)
{
    auto* box = new QMessageBox(problem ? QMessageBox::Warning : QMessageBox::Information, title, text,
                                QMessageBox::Ok, parent);
    box->setObjectName(QStringLiteral("tell"));
    box->setTextFormat(Qt::PlainText);
    Open(box);
}

} // namespace emc::qt
