// What the owner of a telephone system does, from the first start to a number callers reach. Keeps pictures
// of every page, light and dark, in $EMC_PICTURES.
#include "qt/desk.h"
#include "qt/first_run.h"
#include "qt/main_window.h"
#include "qt/program.h"
#include "qt/text.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTimer>
#include <QUdpSocket>
#include <QtTest>
#include <memory>

using namespace emc;

namespace {

constexpr int PATIENCE_MS = 60'000;
const QString NUMBER = QStringLiteral("18009359935");

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

} // namespace

class OwnerStory : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_home;
    quint16 m_dns_port = 0;
    std::unique_ptr<qt::Program> m_program;

    [[nodiscard]] QWidget& Window() const { return *m_program->Window(); }

    template <typename T>
    T* Find(const QString& name, QWidget* in = nullptr) const
    {
        auto* out = (in == nullptr ? &Window() : in)->findChild<T*>(name);
        if (out == nullptr) qFatal("nothing is called %s", qUtf8Printable(name));
        return out;
    }

    static void Picture(QWidget& widget, const QString& name)
    {
        const QString folder = qEnvironmentVariable("EMC_PICTURES");
        if (folder.isEmpty()) return;
        QDir().mkpath(folder);
        QVERIFY(widget.grab().save(folder + QLatin1Char('/') + name + QStringLiteral(".png")));
    }

    void Go(const QString& page) const { Find<QAction>(QStringLiteral("page_") + page)->trigger(); }

    static void Click(QAbstractButton* button)
    {
        QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), PATIENCE_MS);
        QTest::mouseClick(button, Qt::LeftButton);
    }

    static void Type(QWidget* field, const QString& text)
    {
        field->setFocus();
        QTest::keyClicks(field, text);
    }

    /// The dialog of this name, once it is there.
    [[nodiscard]] static QDialog* Dialog(const QString& name)
    {
        QDialog* out = nullptr;
        QElapsedTimer timer;
        timer.start();
        while (out == nullptr && timer.elapsed() < PATIENCE_MS) {
            QTest::qWait(20);
            for (auto* widget : QApplication::topLevelWidgets()) {
                auto* dialog = qobject_cast<QDialog*>(widget);
                if (dialog != nullptr && dialog->isVisible() && dialog->objectName() == name) out = dialog;
            }
        }
        if (out == nullptr) qFatal("the dialog %s does not come", qUtf8Printable(name));
        return out;
    }

    /// Types a call into the console and waits for its reply.
    QString Call(const QString& line)
    {
        Go(QStringLiteral("node"));
        Find<QTabWidget>(QStringLiteral("node_tabs"))->setCurrentIndex(1);
        auto* output = Find<QPlainTextEdit>(QStringLiteral("console_output"));
        auto* field = Find<QLineEdit>(QStringLiteral("console_line"));
        output->clear();
        field->setText(line);
        QTest::keyClick(field, Qt::Key_Return);
        [&] { QTRY_VERIFY_WITH_TIMEOUT(output->toPlainText().count(QLatin1Char('\n')) >= 1, PATIENCE_MS); }();
        return output->toPlainText().section(QLatin1Char('\n'), 1);
    }

    void Mine(int blocks)
    {
        const QString address = Call(QStringLiteral("getnewaddress"));
        const QString reply = Call(QStringLiteral("generatetoaddress %1 %2").arg(blocks).arg(address));
        QVERIFY2(reply.startsWith(QLatin1Char('[')), qUtf8Printable(reply));
    }

    /// Presses the dialog's button once the cost is known, and waits until it is gone.
    static void Register(QDialog* dialog)
    {
        auto* hint = dialog->findChild<QLabel*>(QStringLiteral("name_hint"));
        auto* send = dialog->findChild<QPushButton*>(QStringLiteral("name_send"));
        QTRY_VERIFY2_WITH_TIMEOUT(send->isEnabled(), qUtf8Printable(hint->text()), PATIENCE_MS);
        const QPointer<QDialog> guard(dialog);
        QTest::mouseClick(send, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(guard.isNull() || !guard->isVisible(), PATIENCE_MS);
    }

private Q_SLOTS:

    void first_start_asks_where_and_what()
    {
        const QString folder = m_home.filePath(QStringLiteral("node"));
        qt::FirstRun first(folder);
        first.show();
        Picture(first, QStringLiteral("first_start"));
        auto* field = Find<QLineEdit>(QStringLiteral("first_folder"), &first);
        auto* go = Find<QPushButton>(QStringLiteral("first_go"), &first);
        field->setText(QStringLiteral("relative/path"));
        QVERIFY(!go->isEnabled());
        QVERIFY(Find<QLabel>(QStringLiteral("first_hint"), &first)->isVisible());
        field->setText(
            QStringLiteral("/proc/nothing/here")); // for the superuser, too, nothing can be made there
        if (go->isEnabled()) Click(go);
        QVERIFY(first.result() != static_cast<int>(QDialog::Accepted));
        QVERIFY(Find<QLabel>(QStringLiteral("first_hint"), &first)->isVisible());
        field->setText(folder);
        QVERIFY(go->isEnabled());
        Click(go);
        QCOMPARE(first.result(), static_cast<int>(QDialog::Accepted));
        QFile config(folder + QStringLiteral("/emercoin.conf"));
        QVERIFY(config.open(QIODevice::ReadOnly));
        const QByteArray text = config.readAll();
        QVERIFY(text.contains("emcdns=1\n"));
        QVERIFY(text.contains("staking=1\n"));
    }

    void the_node_starts()
    {
        m_dns_port = FreePort();
        auto host = interfaces::MakeNodeHost(
            {"-regtest", "-datadir=" + m_home.filePath(QStringLiteral("node")).toStdString(), "-listen=0",
             "-staking=0", "-calls=1", "-enumtrust=ver:check", "-emcdnsport=" + std::to_string(m_dns_port),
             "-emcdnsallowed=$enum"});
        QVERIFY2(host.HasValue(), host ? "" : host.Error().c_str());
        m_program = std::make_unique<qt::Program>(std::move(*host), QStringList());
        QSignalSpy ready(m_program.get(), &qt::Program::Ready);
        m_program->Begin();
        QVERIFY(ready.wait(PATIENCE_MS));
        Window().resize(1'100, 760);
    }

    void an_address_is_given_out()
    {
        Go(QStringLiteral("receive"));
        Type(Find<QLineEdit>(QStringLiteral("receive_label")), QStringLiteral("First customer"));
        Type(Find<QLineEdit>(QStringLiteral("receive_amount")), QStringLiteral("1,5"));
        Click(Find<QPushButton>(QStringLiteral("receive_make")));
        auto* uri = Find<QLabel>(QStringLiteral("receive_uri"));
        QTRY_VERIFY_WITH_TIMEOUT(uri->text().startsWith(QStringLiteral("emercoin:")), PATIENCE_MS);
        QVERIFY(uri->text().contains(QStringLiteral("amount=1.50000000")));
        auto* amount = Find<QLineEdit>(QStringLiteral("receive_amount"));
        amount->clear();
        Type(amount, QStringLiteral("1.5x"));
        QVERIFY(Find<QLabel>(QStringLiteral("receive_amount_hint"))->isVisible());
        amount->clear();
    }

    void coins_are_mined()
    {
        Mine(110);
        Go(QStringLiteral("overview"));
        auto* balance = Find<QLabel>(QStringLiteral("balance_available"));
        QTRY_VERIFY_WITH_TIMEOUT(!balance->text().startsWith(QStringLiteral("0.")), PATIENCE_MS);
    }

    void a_verifier_is_registered()
    {
        Go(QStringLiteral("names"));
        Click(Find<QPushButton>(QStringLiteral("names_new")));
        auto* dialog = Dialog(QStringLiteral("name_dialog"));
        Find<QComboBox>(QStringLiteral("name_kind"), dialog)->setCurrentIndex(2);
        auto* id = Find<QLineEdit>(QStringLiteral("ver_id"), dialog);
        Type(id, QStringLiteral("Check!"));
        QVERIFY(Find<QLabel>(QStringLiteral("ver_id_hint"), dialog)->isVisible());
        id->clear();
        Type(id, QStringLiteral("check"));
        Type(Find<QLineEdit>(QStringLiteral("ver_name"), dialog), QStringLiteral("Check and sons"));
        Register(dialog);
        Mine(1);
    }

    void a_number_is_registered()
    {
        Go(QStringLiteral("names"));
        Click(Find<QPushButton>(QStringLiteral("names_new")));
        auto* dialog = Dialog(QStringLiteral("name_dialog"));
        auto* number = Find<QLineEdit>(QStringLiteral("enum_number"), dialog);
        Type(number, QStringLiteral("12"));
        QVERIFY(Find<QLabel>(QStringLiteral("enum_number_hint"), dialog)->isVisible());
        number->clear();
        Type(number, QStringLiteral("+1 800 935 9935"));
        auto* uri = Find<QLineEdit>(QStringLiteral("enum_uri_0"), dialog);
        Type(uri, QStringLiteral("no uri"));
        QVERIFY(!Find<QLabel>(QStringLiteral("enum_route_hint"), dialog)->text().isEmpty());
        uri->clear();
        Type(uri, QStringLiteral("sip:100@pbx.example"));
        QVERIFY(Find<QLabel>(QStringLiteral("enum_sample"), dialog)
                    ->text()
                    .contains(QStringLiteral("sip:100@pbx.example")));
        Picture(*dialog, QStringLiteral("number_editor"));
        Register(dialog);
        Mine(1);
    }

    void callers_get_nothing_before_a_verifier_signed() { Resolve(QStringLiteral("no answer")); }

    void the_signature_is_pasted_in()
    {
        const QString list = Call(QStringLiteral("name_list enum:%1:0").arg(NUMBER));
        const QString owner =
            list.section(QStringLiteral("\"address\": \""), 1).section(QLatin1Char('"'), 0, 0);
        const QString line = Call(QStringLiteral("enum_sign ver:check %1 %2").arg(NUMBER, owner));
        QVERIFY2(line.startsWith(QStringLiteral("SIG=")), qUtf8Printable(line));
        Go(QStringLiteral("names"));
        auto* table = Find<QTableView>(QStringLiteral("names_table"));
        Find<QLineEdit>(QStringLiteral("names_search"))->setText(NUMBER);
        // The table is filled off this thread: one row alone may still be the verifier's, read before the
        // block.
        QTRY_VERIFY_WITH_TIMEOUT(table->model()->rowCount() == 1 && TextAt(*table, 0, 0).contains(NUMBER),
                                 PATIENCE_MS);
        table->selectRow(0);
        Click(Find<QPushButton>(QStringLiteral("names_change")));
        auto* dialog = Dialog(QStringLiteral("name_dialog"));
        auto* field = Find<QPlainTextEdit>(QStringLiteral("enum_signatures"), dialog);
        field->setPlainText(QStringLiteral("SIG=nonsense"));
        QVERIFY(Find<QLabel>(QStringLiteral("enum_signature_hint"), dialog)->isVisible());
        field->setPlainText(line);
        Picture(*dialog, QStringLiteral("signature"));
        Register(dialog);
        Mine(1);
        Find<QLineEdit>(QStringLiteral("names_search"))->clear();
    }

    void callers_reach_the_number()
    {
        Resolve(QStringLiteral("sip:100@pbx.example"));
        QString reversed;
        for (const QChar c : NUMBER)
            reversed.prepend(c);
        QProcess dig;
        dig.start(QStringLiteral("dig"),
                  {QStringLiteral("-p"), QString::number(m_dns_port), QStringLiteral("@127.0.0.1"),
                   QStringLiteral("-t"), QStringLiteral("naptr"), QStringLiteral("+short"),
                   reversed + QStringLiteral(".enum")});
        QVERIFY(dig.waitForFinished(PATIENCE_MS));
        const auto reply = dig.readAllStandardOutput();
        QVERIFY2(reply.contains("sip:100@pbx.example"), reply.constData());
    }

    void wrong_payments_are_explained()
    {
        Go(QStringLiteral("send"));
        Type(Find<QLineEdit>(QStringLiteral("send_address_1")),
             QStringLiteral("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"));
        QVERIFY(Find<QLabel>(QStringLiteral("send_address_hint_1"))->isVisible());
        Type(Find<QLineEdit>(QStringLiteral("send_amount_1")), QStringLiteral("0.123456789"));
        QVERIFY(Find<QLabel>(QStringLiteral("send_amount_hint_1"))->isVisible());
        Click(Find<QPushButton>(QStringLiteral("send_clear")));
    }

    void a_payment_is_made()
    {
        const QString address = Call(QStringLiteral("getnewaddress"));
        Go(QStringLiteral("send"));
        Type(Find<QLineEdit>(QStringLiteral("send_address_1")), address);
        Type(Find<QLineEdit>(QStringLiteral("send_amount_1")), QStringLiteral("2.5"));
        QTimer confirm;
        connect(&confirm, &QTimer::timeout, this, [] {
            auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (box == nullptr) return;
            Picture(*box, QStringLiteral("send_preview"));
            QTest::mouseClick(box->findChild<QPushButton*>(QStringLiteral("confirm_go")), Qt::LeftButton);
        });
        confirm.start(100);
        Click(Find<QPushButton>(QStringLiteral("send_go")));
        auto* field = Find<QLineEdit>(QStringLiteral("send_address_1"));
        QTRY_VERIFY2_WITH_TIMEOUT(field->text().isEmpty(),
                                  qUtf8Printable(Find<QLabel>(QStringLiteral("send_hint"))->text()),
                                  PATIENCE_MS);
        confirm.stop();
        Mine(1);
    }

    void every_page_has_its_picture()
    {
        Window().show();
        for (const bool dark : {false, true}) {
            QApplication::setPalette(dark ? DarkPalette() : QApplication::style()->standardPalette());
            for (const char* page :
                 {"overview", "send", "receive", "history", "names", "rewards", "staking", "node"}) {
                Go(QLatin1String(page));
                QTest::qWait(300);
                Picture(Window(),
                        QStringLiteral("%1_%2").arg(QLatin1String(page),
                                                    dark ? QStringLiteral("dark") : QStringLiteral("light")));
            }
        }
    }

    void it_ends_in_order()
    {
        QSignalSpy ended(m_program.get(), &qt::Program::Ended);
        QElapsedTimer timer;
        timer.start();
        Find<QAction>(QStringLiteral("quit"))->trigger();
        QVERIFY(ended.wait(PATIENCE_MS));
        QCOMPARE(ended.front().front().toInt(), 0);
        qInfo("stopped after %lld ms", timer.elapsed());
        m_program.reset();
    }

private:
    [[nodiscard]] static QString TextAt(const QTableView& table, int row, int column)
    {
        return table.model()->index(row, column).data().toString();
    }

    /// Asks what callers of the number get until `part` is in the answer: the plan follows a block a moment
    /// later.
    void Resolve(const QString& part)
    {
        Go(QStringLiteral("names"));
        auto* field = Find<QLineEdit>(QStringLiteral("resolve_number"));
        auto* answer = Find<QLabel>(QStringLiteral("resolve_answer"));
        auto* go = Find<QPushButton>(QStringLiteral("resolve_go"));
        field->setText(QStringLiteral("+1-800-935-9935"));
        const auto answered = [&] {
            answer->clear();
            Click(go);
            [&] { QTRY_VERIFY_WITH_TIMEOUT(!answer->text().isEmpty(), PATIENCE_MS); }();
            return answer->text().contains(part);
        };
        QTRY_VERIFY2_WITH_TIMEOUT(answered(), qUtf8Printable(answer->text()), PATIENCE_MS);
    }
};

QTEST_MAIN(OwnerStory)
#include "test/qt/owner_story.moc"
