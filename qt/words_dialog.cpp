#include "qt/words_dialog.h"

#include "qt/form.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QVBoxLayout>
#include <algorithm>
#include <numeric>

namespace emc::qt {

namespace {

constexpr size_t QUESTIONS = 3;
constexpr int COLUMNS = 4;

} // namespace

WordsDialog::WordsDialog(const QString& phrase, QWidget* parent)
    : QDialog(parent), m_words(phrase.split(QLatin1Char(' '), Qt::SkipEmptyParts))
{
    setObjectName(QStringLiteral("words_dialog"));
    setWindowTitle(tr("Words to write down"));
    auto* text = new QLabel(
        tr("Write these words on paper, in this order. Whoever has them has the coins; without the wallet "
           "file they are what brings everything back. Do not photograph them."),
        this);
    text->setWordWrap(true);
    QString table;
    for (int i = 0; i < m_words.size(); ++i) {
        table += QStringLiteral("%1 %2").arg(i + 1, 2).arg(m_words[i], -12);
        if (i % COLUMNS == COLUMNS - 1) table += QLatin1Char('\n');
    }
    m_shown = new QLabel(table, this);
    m_shown->setObjectName(QStringLiteral("words"));
    m_shown->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_questions = new QWidget(this);
    m_questions->hide();
    m_hint = new Hint(QStringLiteral("words_hint"), this);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_next = buttons->addButton(tr("I have &written them"), QDialogButtonBox::ActionRole);
    m_next->setObjectName(QStringLiteral("words_next"));
    auto* column = new QVBoxLayout(this);
    column->addWidget(text);
    column->addWidget(m_shown);
    column->addWidget(m_questions);
    column->addWidget(m_hint);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_next, &QPushButton::clicked, this, [this] { m_questions->isVisible() ? Check() : Ask(); });
}

void WordsDialog::Ask()
{
    std::vector<int> places(static_cast<size_t>(m_words.size()));
    std::iota(places.begin(), places.end(), 0);
    std::shuffle(places.begin(), places.end(), *QRandomGenerator::global());
    places.resize(std::min(places.size(), QUESTIONS));
    std::sort(places.begin(), places.end());
    m_asked = places;
    auto* form = new QFormLayout(m_questions);
    for (const int place : m_asked) {
        auto* field = new QLineEdit(m_questions);
        field->setObjectName(QStringLiteral("word_%1").arg(place));
        AddRow(form, tr("Word %1:").arg(place + 1), field);
        m_fields.push_back(field);
    }
    m_shown->clear();
    m_questions->show();
    m_next->setText(tr("&Check"));
}

void WordsDialog::Check()
{
    for (size_t i = 0; i < m_asked.size(); ++i) {
        if (m_fields[i]->text().trimmed().toLower() == m_words[m_asked[i]]) continue;
        m_hint->Problem(tr("Word %1 is another one. Look at your paper; Cancel shows the words anew.")
                            .arg(m_asked[i] + 1));
        m_fields[i]->setFocus();
        return;
    }
    accept();
}

} // namespace emc::qt
