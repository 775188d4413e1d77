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

[[nodiscard]] QLabel* Heading(const QString& text, QWidget* parent);
/// A button with a name for tests and assistive programs.
[[nodiscard]] QPushButton* Button(const QString& text, const QString& name, QWidget* parent);
/// A text that can be selected and copied.
[[nodiscard]] QLabel* Selectable(QWidget* parent, const QString& name);

/// Asks before something that cannot be taken back; the button says what it does.
[[nodiscard]] bool Confirm(QWidget* parent, const QString& title, const QString& text, const QString& button);
/// A sentence for what went wrong, or for what went well.
void Tell(QWidget* parent, const QString& title, const QString& text, bool problem = true);

} // namespace emc::qt
