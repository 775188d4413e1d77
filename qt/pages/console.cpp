#include "qt/pages/console.h"

#include "qt/form.h"
#include "qt/text.h"

#include <QCompleter>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>
#include <QStringListModel>
#include <QVBoxLayout>
#include <algorithm>

namespace emc::qt {

namespace {

constexpr int KEPT_LINES = 10'000;
constexpr int KEPT_HISTORY = 200;
/// A longer reply is cut: the view is no file.
constexpr int MAX_REPLY = 200'000;
const QString HISTORY = QStringLiteral("console/history");

} // namespace

ConsoleView::ConsoleView(Desk& desk, QWidget* parent)
    : QWidget(parent), m_desk(desk), m_history(QSettings().value(HISTORY).toStringList())
{
    m_place = m_history.size();
    m_output = new QPlainTextEdit(this);
    m_output->setObjectName(QStringLiteral("console_output"));
    m_output->setReadOnly(true);
    m_output->setMaximumBlockCount(KEPT_LINES);
    m_output->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_output->setPlainText(
        tr("Calls as for emercoin-cli: \"help\" lists them, \"help getblock\" explains one.\n"
           "If somebody tells you to type something here, be careful: it may take your coins."));
    m_line = new QLineEdit(this);
    m_line->setObjectName(QStringLiteral("console_line"));
    m_line->setAccessibleName(tr("Call"));
    m_line->setFont(m_output->font());
    m_line->installEventFilter(this);
    QStringList calls;
    for (const auto& call : m_desk.Host().GetConsole().Calls())
        calls << FromUtf8(call) << QStringLiteral("help ") + FromUtf8(call);
    calls.sort();
    auto* completer = new QCompleter(calls, this);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_line->setCompleter(completer);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_output, 1);
    column->addWidget(m_line);
    connect(m_line, &QLineEdit::returnPressed, this, &ConsoleView::Run);
}

bool ConsoleView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_line && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down) {
            Recall(key == Qt::Key_Up ? -1 : 1);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void ConsoleView::Recall(int step)
{
    m_place = std::clamp(m_place + step, 0, static_cast<int>(m_history.size()));
    m_line->setText(m_place < m_history.size() ? m_history[m_place] : QString());
}

void ConsoleView::Run()
{
    const QString typed = m_line->text().trimmed();
    if (typed.isEmpty() || m_running) return;
    auto& console = m_desk.Host().GetConsole();
    const bool keep = console.MayKeep(ToUtf8(typed));
    if (keep && (m_history.isEmpty() || m_history.back() != typed)) {
        m_history << typed;
        while (m_history.size() > KEPT_HISTORY)
            m_history.removeFirst();
        QSettings().setValue(HISTORY, m_history);
    }
    m_place = m_history.size();
    m_line->clear();
    m_output->appendPlainText(QStringLiteral("> ") +
                              (keep ? typed : typed.section(QLatin1Char(' '), 0, 0) + QStringLiteral(" …")));
    m_running = true;
    const std::string wallet = m_desk.Wallet() == nullptr ? "" : m_desk.Wallet()->Api()->Name();
    m_desk.Work().Run(
        this, [&console, line = ToUtf8(typed), wallet] { return console.Run(line, wallet); },
        [this](const base::Expected<std::string, std::string>& reply) {
            m_running = false;
            QString text = FromUtf8(reply ? *reply : reply.Error());
            if (text.size() > MAX_REPLY) text = text.left(MAX_REPLY) + tr("\n… cut: the reply is longer");
            m_output->appendPlainText(text);
        });
}

} // namespace emc::qt
