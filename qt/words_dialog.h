/// The words everything can be restored from: shown, then asked for.
#pragma once

#include <QDialog>
#include <QStringList>

class QLabel;
class QLineEdit;
class QPushButton;

namespace emc::qt {

class Hint;

class WordsDialog : public QDialog
{
    Q_OBJECT

public:
    WordsDialog(const QString& phrase, QWidget* parent);

private:
    /// Hides the words and asks for three of them.
    void Ask();
    void Check();

    const QStringList m_words;
    QLabel* m_shown;
    std::vector<int> m_asked; ///< places
    std::vector<QLineEdit*> m_fields;
    QWidget* m_questions;
    Hint* m_hint;
    QPushButton* m_next;
};

} // namespace emc::qt
