// What the owner of a telephone system does, from the first start to a number callers reach. Keeps pictures
// of every page, light and dark, in $EMC_PICTURES.
#include "qt/desk.h"
#include "qt/first_run.h"
#include "qt/main_window.h"
#include "test/qt/story.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTimer>
#include <QtTest>

using namespace emc;
using namespace emc::test;

namespace {

const QString NUMBER = QStringLiteral("18009359935");

} // namespace

class OwnerStory : public Story
{
    Q_OBJECT

private:
    quint16 m_dns_port = 0;

private Q_SLOTS:

    void first_start_asks_where_and_what()
    {
        const QString folder = Path(QStringLiteral("node"));
        qt::FirstRun first(folder);
        first.show();
        Picture(first, QStringLiteral("first_start"));
        auto* field = Part<QLineEdit>(first, QStringLiteral("first_folder"));
        auto* go = Part<QPushButton>(first, QStringLiteral("first_go"));
        field->setText(QStringLiteral("relative/path"));
        QVERIFY(!go->isEnabled());
        QVERIFY(Part<QLabel>(first, QStringLiteral("first_hint"))->isVisible());
        field->setText(
            QStringLiteral("/proc/nothing/here")); // for the superuser, too, nothing can be made there
        if (go->isEnabled()) Click(go);
        QVERIFY(first.result() != static_cast<int>(QDialog::Accepted));
        QVERIFY(Part<QLabel>(first, QStringLiteral("first_hint"))->isVisible());
        auto* origin = Part<QComboBox>(first, QStringLiteral("first_origin"));
        QVERIFY(first.Step() == qt::FirstStep::None);
        origin->setCurrentIndex(1);
        QVERIFY(first.Step() == qt::FirstStep::Words);
        origin->setCurrentIndex(2);
        QVERIFY(first.Step() == qt::FirstStep::Backup);
        origin->setCurrentIndex(0);
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
        Begin({"-calls=1", "-enumtrust=ver:check", "-emcdnsport=" + std::to_string(m_dns_port),
               "-emcdnsallowed=$enum"});
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

    void a_second_address_stays_shown()
    {
        auto* known = Find<QTableView>(QStringLiteral("receive_known"));
        QTRY_COMPARE_WITH_TIMEOUT(known->model()->rowCount(), 1, PATIENCE_MS);
        known->selectRow(0);
        auto* uri = Find<QLabel>(QStringLiteral("receive_uri"));
        const QString first = uri->text();
        Click(Find<QPushButton>(QStringLiteral("receive_make")));
        QTRY_COMPARE_WITH_TIMEOUT(known->model()->rowCount(), 2, PATIENCE_MS);
        QTRY_VERIFY_WITH_TIMEOUT(uri->text() != first, PATIENCE_MS);
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
        Part<QComboBox>(*dialog, QStringLiteral("name_kind"))->setCurrentIndex(2);
        auto* id = Part<QLineEdit>(*dialog, QStringLiteral("ver_id"));
        Type(id, QStringLiteral("Check!"));
        QVERIFY(Part<QLabel>(*dialog, QStringLiteral("ver_id_hint"))->isVisible());
        id->clear();
        Type(id, QStringLiteral("check"));
        Type(Part<QLineEdit>(*dialog, QStringLiteral("ver_name")), QStringLiteral("Check and sons"));
        Register(dialog);
        Mine(1);
    }

    void a_number_is_registered()
    {
        Go(QStringLiteral("names"));
        Click(Find<QPushButton>(QStringLiteral("names_new")));
        auto* dialog = Dialog(QStringLiteral("name_dialog"));
        auto* number = Part<QLineEdit>(*dialog, QStringLiteral("enum_number"));
        Type(number, QStringLiteral("12"));
        QVERIFY(Part<QLabel>(*dialog, QStringLiteral("enum_number_hint"))->isVisible());
        number->clear();
        Type(number, QStringLiteral("+1 800 935 9935"));
        auto* uri = Part<QLineEdit>(*dialog, QStringLiteral("enum_uri_0"));
        Type(uri, QStringLiteral("no uri"));
        QVERIFY(!Part<QLabel>(*dialog, QStringLiteral("enum_route_hint"))->text().isEmpty());
        uri->clear();
        Type(uri, QStringLiteral("sip:100@pbx.example"));
        QVERIFY(Part<QLabel>(*dialog, QStringLiteral("enum_sample"))
                    ->text()
                    .contains(QStringLiteral("sip:100@pbx.example")));
        Picture(*dialog, QStringLiteral("number_editor"));
        Register(dialog);
    }

    void a_number_that_waits_for_its_block_says_so()
    {
        const QString owner = OwnerOf(NUMBER);
        QVERIFY(!owner.isEmpty());
        Select(NUMBER);
        Click(Find<QPushButton>(QStringLiteral("names_renew")));
        Click(Part<QPushButton>(*Dialog(QStringLiteral("ask")), QStringLiteral("ask_go")));
        CheckWaits(Told());
        Click(Find<QPushButton>(QStringLiteral("names_delete")));
        CheckWaits(Told());
        Click(Find<QPushButton>(QStringLiteral("names_signature")));
        auto* request = qobject_cast<QInputDialog*>(Dialog(QStringLiteral("signature_request")));
        QVERIFY(request->textValue().contains(NUMBER));
        QVERIFY2(request->textValue().contains(owner), qUtf8Printable(request->textValue()));
        Dismiss(request);
    }

    void a_number_that_waits_for_its_block_can_be_changed()
    {
        auto* dialog = Changing(NUMBER);
        QCOMPARE(Part<QComboBox>(*dialog, QStringLiteral("name_kind"))->currentIndex(), 0);
        QTRY_COMPARE_WITH_TIMEOUT(Part<QLineEdit>(*dialog, QStringLiteral("enum_uri_0"))->text(),
                                  QStringLiteral("sip:100@pbx.example"), PATIENCE_MS);
        auto* uri = Part<QLineEdit>(*dialog, QStringLiteral("enum_uri_0"));
        TypeAnew(uri, QStringLiteral("sip:200@pbx.example"));
        Part<QSpinBox>(*dialog, QStringLiteral("name_days"))->setValue(7);
        CheckWaits(Hinted(*dialog, QStringLiteral("name_hint")));
        auto* send = Part<QPushButton>(*dialog, QStringLiteral("name_send"));
        QVERIFY(!send->isEnabled());
        Picture(*dialog, QStringLiteral("number_waits"));
        Mine(1);
        const auto* hint = Part<QLabel>(*dialog, QStringLiteral("name_hint"));
        QTRY_VERIFY2_WITH_TIMEOUT(send->isEnabled(), qUtf8Printable(hint->text()), PATIENCE_MS);
        QVERIFY(hint->isHidden());                                    // and nobody had to type anything
        QCOMPARE(uri->text(), QStringLiteral("sip:200@pbx.example")); // what was typed is still there
        QCOMPARE(Part<QSpinBox>(*dialog, QStringLiteral("name_days"))->value(), 7);
        Dismiss(dialog);
    }

    void callers_get_nothing_before_a_verifier_signed() { Resolve(QStringLiteral("no answer")); }

    void the_signature_is_pasted_in()
    {
        const QString line = Call(QStringLiteral("enum_sign ver:check %1 %2").arg(NUMBER, OwnerOf(NUMBER)));
        QVERIFY2(line.startsWith(QStringLiteral("SIG=")), qUtf8Printable(line));
        auto* dialog = Changing(NUMBER);
        auto* field = Part<QPlainTextEdit>(*dialog, QStringLiteral("enum_signatures"));
        field->setPlainText(QStringLiteral("SIG=nonsense"));
        QVERIFY(Part<QLabel>(*dialog, QStringLiteral("enum_signature_hint"))->isVisible());
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
        QSignalSpy ended(&TheProgram(), &qt::Program::Ended);
        QElapsedTimer timer;
        timer.start();
        Find<QAction>(QStringLiteral("quit"))->trigger();
        QVERIFY(ended.wait(PATIENCE_MS));
        QCOMPARE(ended.front().front().toInt(), 0);
        qInfo("stopped after %lld ms", timer.elapsed());
        Leave();
    }

private:
    [[nodiscard]] static QString TextAt(const QTableView& table, int row, int column)
    {
        return table.model()->index(row, column).data().toString();
    }

    /// The address of a number's owner.
    [[nodiscard]] QString OwnerOf(const QString& number)
    {
        return Call(QStringLiteral("name_list enum:%1:0").arg(number))
            .section(QStringLiteral("\"address\": \""), 1)
            .section(QLatin1Char('"'), 0, 0);
    }

    /// A sentence about the number's operation that waits, as people say it.
    static void CheckWaits(const QString& said)
    {
        QVERIFY2(said.contains(QStringLiteral("waits for a block")), qUtf8Printable(said));
        QVERIFY2(said.contains(NUMBER), qUtf8Printable(said));
    }

    void Select(const QString& name)
    {
        Go(QStringLiteral("names"));
        auto* table = Find<QTableView>(QStringLiteral("names_table"));
        Find<QLineEdit>(QStringLiteral("names_search"))->setText(name);
        // The table is filled off this thread: one row alone may still be another name's, read before the
        // block.
        QTRY_VERIFY_WITH_TIMEOUT(table->model()->rowCount() == 1 && TextAt(*table, 0, 0).contains(name),
                                 PATIENCE_MS);
        table->selectRow(0);
    }

    /// Opens the dialog that changes a name.
    [[nodiscard]] QDialog* Changing(const QString& name)
    {
        Select(name);
        Click(Find<QPushButton>(QStringLiteral("names_change")));
        return Dialog(QStringLiteral("name_dialog"));
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
