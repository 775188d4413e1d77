#include "qt/form.h"

#include <QApplication>
#include <QFormLayout>
#include <QMessageBox>
#include <QPalette>
#include <QPushButton>
#include <QVBoxLayout>

namespace emc::qt {

namespace {

bool Dark()
{
    constexpr int HALF = 128;
    return QApplication::palette().color(QPalette::Window).lightness() < HALF;
}

} // namespace

Hint::Hint(const QString& name, QWidget* parent) : QLabel(parent)
{
    setObjectName(name);
    setWordWrap(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    hide();
}

void Hint::Problem(const QString& sentence)
{
    Put(sentence, true);
}

void Hint::Note(const QString& sentence)
{
    Put(sentence, false);
}

void Hint::Put(const QString& sentence, bool problem)
{
    QPalette colors = QApplication::palette();
    if (problem) colors.setColor(QPalette::WindowText, AlarmColor());
    setPalette(colors);
    setText(sentence);
    setVisible(!sentence.isEmpty());
}

QColor AlarmColor()
{
    return Dark() ? QColor(0xff, 0x8a, 0x80) : QColor(0xb0, 0x1c, 0x1c);
}

QColor GoodColor()
{
    return Dark() ? QColor(0x8c, 0xd8, 0x9c) : QColor(0x1b, 0x6e, 0x2e);
}

void AddRow(QFormLayout* form, const QString& label, QWidget* field, Hint* hint)
{
    auto* title = new QLabel(label, form->parentWidget());
    title->setBuddy(field);
    field->setAccessibleName(QString(label).remove(QLatin1Char('&')).remove(QLatin1Char(':')));
    if (hint == nullptr) {
        form->addRow(title, field);
        return;
    }
    auto* column = new QVBoxLayout;
    column->setSpacing(2);
    column->addWidget(field);
    column->addWidget(hint);
    form->addRow(title, column);
}

QLabel* Heading(const QString& text, QWidget* parent)
{
    auto* out = new QLabel(text, parent);
    QFont font = out->font();
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() * 1.2);
    out->setFont(font);
    return out;
}

QPushButton* Button(const QString& text, const QString& name, QWidget* parent)
{
    auto* out = new QPushButton(text, parent);
    out->setObjectName(name);
    out->setAutoDefault(false);
    return out;
}

QLabel* Selectable(QWidget* parent, const QString& name)
{
    auto* out = new QLabel(parent);
    out->setObjectName(name);
    out->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    out->setWordWrap(true);
    return out;
}

bool Confirm(QWidget* parent, const QString& title, const QString& text, const QString& button)
{
    QMessageBox box(QMessageBox::Question, title, text, QMessageBox::Cancel, parent);
    box.setObjectName(QStringLiteral("confirm"));
    box.setTextFormat(Qt::PlainText);
    auto* go = box.addButton(button, QMessageBox::AcceptRole);
    go->setObjectName(QStringLiteral("confirm_go"));
    box.setDefaultButton(QMessageBox::Cancel);
    box.exec();
    return box.clickedButton() == go;
}

void Tell(QWidget* parent, const QString& title, const QString& text, bool problem)
{
    auto* box = new QMessageBox(problem ? QMessageBox::Warning : QMessageBox::Information, title, text,
                                QMessageBox::Ok, parent);
    box->setObjectName(QStringLiteral("tell"));
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace emc::qt
