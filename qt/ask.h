/// Questions to the person. None of them holds the program up: the answer goes to a function, which is not
/// called when the person gives up or the asking window is gone by then.
#pragma once

#include <QDialog>
#include <QString>
#include <functional>
#include <vector>

class QFormLayout;
class QPushButton;

namespace emc::qt {

class Hint;

/// One line of a small form.
struct AskedField {
    QString label;
    QString value;
    /// What is wrong with a text, as a sentence; empty: nothing. May be empty itself: everything is good.
    std::function<QString(const QString&)> problem;
    bool many_lines = false;
};

/// A form of a few texts. The button waits until nothing is wrong; a field that was not touched is not told
/// to be wrong. Fields are called ask_0, ask_1 …, their hints ask_hint_0 …
class AskDialog : public QDialog
{
    Q_OBJECT

public:
    AskDialog(const QString& title, const std::vector<AskedField>& fields, QWidget* parent);

    /// What was written, blanks around it removed.
    [[nodiscard]] QStringList Texts() const;

private:
    struct Row {
        std::function<QString()> text;
        std::function<QString(const QString&)> problem;
        Hint* hint;
    };

    void AddField(QFormLayout& form, const AskedField& field);
    /// Looks at all fields, and says what is wrong with one of them.
    void Check(size_t touched);

    std::vector<Row> m_rows;
    QPushButton* m_go;
};

using TextThen = std::function<void(const QString&)>;

void AskFields(QWidget* parent, const QString& title, const std::vector<AskedField>& fields,
               std::function<void(const QStringList&)> then);
/// One of several; its place among them.
void AskChoice(QWidget* parent, const QString& title, const QString& label, const QStringList& rows,
               std::function<void(int)> then);
/// A file that is there; its path. `filter` as in QFileDialog.
void AskFile(QWidget* parent, const QString& title, const QString& filter, TextThen then);
/// A file to write; `name` is proposed. Asks before one is replaced.
void AskNewFile(QWidget* parent, const QString& title, const QString& name, const QString& filter,
                TextThen then);
/// Asks before something that cannot be taken back; the button says what it does.
void Confirm(QWidget* parent, const QString& title, const QString& text, const QString& button,
             std::function<void()> then);
/// A sentence for what went wrong, or for what went well.
void Tell(QWidget* parent, const QString& title, const QString& text, bool problem = true);

} // namespace emc::qt
