#include "qt/form.h"

#include <QApplication>
#include <QFormLayout>
#include <QHBoxLayout>
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
    setAlignment(Qt::AlignLeft | Qt::AlignTop); // at its field, also when the form has room to spare
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

QLabel* AddFigure(QFormLayout* form, const QString& label, const char* name, QWidget* parent)
{
    auto* out = Selectable(parent, QLatin1String(name));
    form->addRow(label, out);
    return out;
}

LineButtons MakeLineButtons(const QString& add, const QString& remove_line, const QString& name,
                            QWidget* parent)
{
    LineButtons out{new QWidget(parent), nullptr, nullptr};
    out.add = Button(add, name + QStringLiteral("_add"), out.row);
    out.remove = Button(remove_line, name + QStringLiteral("_remove"), out.row);
    auto* line = new QHBoxLayout(out.row);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(out.add);
    line->addWidget(out.remove);
    line->addStretch();
    return out;
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

} // namespace emc::qt
