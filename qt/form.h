/// Small parts of forms that several pages use.
#pragma once

#include <QLabel>
#include <QString>

class QBoxLayout;
class QFormLayout;
class QPushButton;

namespace emc::qt {

/// A sentence below a field that says what is wrong with it; takes no room while all is well.
class Hint : public QLabel
{
    Q_OBJECT

public:
    explicit Hint(const QString& name, QWidget* parent = nullptr);

    /// What is wrong; empty: nothing.
    void Problem(const QString& sentence);
    /// Something worth knowing.
    void Note(const QString& sentence);

private:
    void Put(const QString& sentence, bool problem);
};

/// A colour for warnings that can be read on the window's background.
[[nodiscard]] QColor AlarmColor();
/// The same for good news.
[[nodiscard]] QColor GoodColor();

/// A field with its hint below it, in one row of a form.
void AddRow(QFormLayout* form, const QString& label, QWidget* field, Hint* hint = nullptr);

/// A text the program fills in, in a row of a form.
[[nodiscard]] QLabel* AddFigure(QFormLayout* form, const QString& label, const char* name, QWidget* parent);

/// The two buttons below a table of lines.
struct LineButtons {
    QWidget* row;
    QPushButton* add;
    QPushButton* remove;
};

/// They are called `name`_add and `name`_remove.
[[nodiscard]] LineButtons MakeLineButtons(const QString& add, const QString& remove_line, const QString& name,
                                          QWidget* parent);

[[nodiscard]] QLabel* Heading(const QString& text, QWidget* parent);
/// A button with a name for tests and assistive programs.
[[nodiscard]] QPushButton* Button(const QString& text, const QString& name, QWidget* parent);
/// A text that can be selected and copied.
[[nodiscard]] QLabel* Selectable(QWidget* parent, const QString& name);

} // namespace emc::qt
