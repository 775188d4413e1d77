#include "test/qt/story.h"

#include "qt/main_window.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QDir>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTcpServer>
#include <QtTest>

namespace emc::test {

namespace {

/// Waits for what `find` gives.
template <typename Find>
auto Wait(Find find, const QString& what)
{
    QElapsedTimer timer;
    timer.start();
    auto out = find();
    while (!out && timer.elapsed() < PATIENCE_MS) {
        QTest::qWait(20);
        out = find();
    }
    if (!out) qFatal("%s does not come", qUtf8Printable(what));
    return out;
}

} // namespace

quint16 FreePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

QPalette DarkPalette()
{
    QPalette out;
    const QColor window(0x2b, 0x2b, 0x2b);
    const QColor base(0x1f, 0x1f, 0x1f);
    const QColor text(0xe6, 0xe6, 0xe6);
    out.setColor(QPalette::Window, window);
    out.setColor(QPalette::WindowText, text);
    out.setColor(QPalette::Base, base);
    out.setColor(QPalette::AlternateBase, QColor(0x27, 0x27, 0x27));
    out.setColor(QPalette::Text, text);
    out.setColor(QPalette::Button, window);
    out.setColor(QPalette::ButtonText, text);
    out.setColor(QPalette::ToolTipBase, base);
    out.setColor(QPalette::ToolTipText, text);
    out.setColor(QPalette::PlaceholderText, QColor(0x9a, 0x9a, 0x9a));
    out.setColor(QPalette::Highlight, QColor(0x8a, 0x5c, 0xc0));
    out.setColor(QPalette::HighlightedText, Qt::white);
    out.setColor(QPalette::Mid, QColor(0x60, 0x60, 0x60));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        out.setColor(QPalette::Disabled, role, QColor(0x80, 0x80, 0x80));
    return out;
}

void Picture(QWidget& widget, const QString& name)
{
    const QString folder = qEnvironmentVariable("EMC_PICTURES");
    if (folder.isEmpty()) return;
    QDir().mkpath(folder);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest); // everything has its place
    QVERIFY(widget.grab().save(folder + QLatin1Char('/') + name + QStringLiteral(".png")));
}

void Click(QAbstractButton* button)
{
    QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), PATIENCE_MS);
    QTest::mouseClick(button, Qt::LeftButton);
}

void Type(QWidget* field, const QString& text)
{
    field->setFocus();
    QTest::keyClicks(field, text);
}

void TypeAnew(QWidget* field, const QString& text)
{
    field->setFocus();
    QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(field, Qt::Key_Delete);
    QTest::keyClicks(field, text);
}

QDialog* Dialog(const QString& name)
{
    return Wait(
        [&name]() -> QDialog* {
            for (auto* widget : QApplication::topLevelWidgets()) {
                auto* dialog = qobject_cast<QDialog*>(widget);
                if (dialog != nullptr && dialog->isVisible() && dialog->objectName() == name) return dialog;
            }
            return nullptr;
        },
        QStringLiteral("the dialog ") + name);
}

void Dismiss(QDialog* dialog)
{
    const QPointer<QDialog> guard(dialog);
    dialog->reject();
    QTRY_VERIFY_WITH_TIMEOUT(guard.isNull() || !guard->isVisible(), PATIENCE_MS);
}

void GiveFile(const QString& path)
{
    auto* dialog = qobject_cast<QFileDialog*>(Dialog(QStringLiteral("ask_file")));
    Part<QLineEdit>(*dialog, QStringLiteral("fileNameEdit"))->setText(path);
    const QPointer<QDialog> guard(dialog);
    QMetaObject::invokeMethod(dialog, "accept");
    QTRY_VERIFY_WITH_TIMEOUT(guard.isNull() || !guard->isVisible(), PATIENCE_MS);
}

QString Told()
{
    auto* box = qobject_cast<QMessageBox*>(Dialog(QStringLiteral("tell")));
    const QString out = box->text();
    Dismiss(box);
    return out;
}

QString Hinted(QWidget& window, const QString& name)
{
    const auto* hint = Part<QLabel>(window, name);
    Wait([hint] { return !hint->isHidden() && !hint->text().isEmpty(); },
         QStringLiteral("a word in ") + name);
    return hint->text();
}

namespace {

QString Binary(const QString& name)
{
    return qEnvironmentVariable("EMC_BUILDDIR") + QStringLiteral("/src/") + name;
}

} // namespace

OtherNode::OtherNode(const QString& folder, const QStringList& options)
    : m_folder(folder), m_p2p_port(FreePort()), m_rpc_port(FreePort())
{
    QDir().mkpath(m_folder);
    m_node.start(Binary(QStringLiteral("emercoind")),
                 QStringList{QStringLiteral("-regtest"), QStringLiteral("-datadir=") + m_folder,
                             QStringLiteral("-port=%1").arg(m_p2p_port),
                             QStringLiteral("-rpcport=%1").arg(m_rpc_port), QStringLiteral("-bind=127.0.0.1"),
                             QStringLiteral("-staking=0"), QStringLiteral("-emcdns=0"),
                             QStringLiteral("-printtoconsole=0")} +
                     options);
}

OtherNode::~OtherNode()
{
    Call({QStringLiteral("stop")});
    if (!m_node.waitForFinished(PATIENCE_MS)) m_node.kill();
    m_node.waitForFinished();
}

QString OtherNode::Call(const QStringList& words) const
{
    const QString what = words.join(QLatin1Char(' '));
    QProcess cli;
    cli.start(Binary(QStringLiteral("emercoin-cli")),
              QStringList{QStringLiteral("-regtest"), QStringLiteral("-datadir=") + m_folder,
                          QStringLiteral("-rpcport=%1").arg(m_rpc_port), QStringLiteral("-rpcwait")} +
                  words);
    if (!cli.waitForFinished(PATIENCE_MS)) qFatal("no reply to %s", qUtf8Printable(what));
    if (cli.exitCode() != 0) qWarning("%s: %s", qUtf8Printable(what), cli.readAllStandardError().constData());
    return QString::fromUtf8(cli.readAllStandardOutput()).trimmed();
}

void OtherNode::Mine(int blocks) const
{
    Call({QStringLiteral("generatetoaddress"), QString::number(blocks),
          Call({QStringLiteral("getnewaddress")})});
}

Story::Story()
{
    qt::Translate(QStringLiteral("en"), *this); // for the plurals
}

Story::~Story() = default;

QWidget& Story::Window() const
{
    return *m_program->Window();
}

void Story::Start(const std::vector<std::string>& options, const QString& folder)
{
    QVERIFY(QDir().mkpath(Path(folder)));
    std::vector<std::string> arguments = {"-regtest", "-datadir=" + Path(folder).toStdString(), "-listen=0",
                                          "-staking=0"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    auto host = interfaces::MakeNodeHost(arguments);
    QVERIFY2(host.HasValue(), host ? "" : host.Error().c_str());
    m_program = std::make_unique<qt::Program>(std::move(*host), QStringList());
    m_program->Begin();
}

void Story::Begin(const std::vector<std::string>& options, const QString& folder)
{
    Start(options, folder);
    QSignalSpy ready(m_program.get(), &qt::Program::Ready);
    QVERIFY(ready.wait(PATIENCE_MS));
    Window().resize(1'100, 760);
}

int Story::End()
{
    QSignalSpy ended(m_program.get(), &qt::Program::Ended);
    m_program->Quit();
    if (!ended.wait(PATIENCE_MS)) qFatal("the program does not end");
    m_program.reset();
    return ended.front().front().toInt();
}

void Story::Go(const QString& page) const
{
    Find<QAction>(QStringLiteral("page_") + page)->trigger();
}

QString Story::Call(const QString& line)
{
    Go(QStringLiteral("node"));
    Find<QTabWidget>(QStringLiteral("node_tabs"))->setCurrentIndex(1);
    auto* output = Find<QPlainTextEdit>(QStringLiteral("console_output"));
    auto* field = Find<QLineEdit>(QStringLiteral("console_line"));
    output->clear();
    field->setText(line);
    QTest::keyClick(field, Qt::Key_Return);
    Wait([output] { return output->toPlainText().count(QLatin1Char('\n')) >= 1; },
         QStringLiteral("a reply to ") + line);
    return output->toPlainText().section(QLatin1Char('\n'), 1);
}

void Story::Mine(int blocks)
{
    const QString address = Call(QStringLiteral("getnewaddress"));
    const QString reply = Call(QStringLiteral("generatetoaddress %1 %2").arg(blocks).arg(address));
    QVERIFY2(reply.startsWith(QLatin1Char('[')), qUtf8Printable(reply));
}

void Story::Register(QDialog* dialog)
{
    auto* hint = Part<QLabel>(*dialog, QStringLiteral("name_hint"));
    auto* send = Part<QPushButton>(*dialog, QStringLiteral("name_send"));
    QTRY_VERIFY2_WITH_TIMEOUT(send->isEnabled(), qUtf8Printable(hint->text()), PATIENCE_MS);
    const QPointer<QDialog> guard(dialog);
    QTest::mouseClick(send, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(guard.isNull() || !guard->isVisible(), PATIENCE_MS);
}

} // namespace emc::test
