// What people paste and type that is wrong: a sentence that helps, beside the field it concerns, and nothing
// is lost. Ends with wallets that come back from words and from a backup.
#include "qt/desk.h"
#include "qt/wallet_dialogs.h"
#include "test/qt/story.h"

#include <QAction>
#include <QComboBox>
#include <QFile>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QtTest>

using namespace emc;
using namespace emc::test;

namespace {

const QString PHRASE = QStringLiteral(
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about");

/// A field and its hint: what is wrong is told while it is written, and no longer once it is right.
struct Case {
    QString text;
    QString part; ///< of the sentence
};

void CheckField(QWidget& window, const QString& field, const QString& hint, const std::vector<Case>& cases,
                const QString& good)
{
    auto* line = Part<QLineEdit>(window, field);
    for (const auto& one : cases) {
        line->clear();
        line->setText(one.text);
        const QString said = Hinted(window, hint);
        QVERIFY2(said.contains(one.part),
                 qUtf8Printable(QStringLiteral("%1 of \"%2\": \"%3\"").arg(hint, one.text, said)));
    }
    line->setText(good);
    const auto* label = Part<QLabel>(window, hint);
    QTRY_VERIFY2_WITH_TIMEOUT(label->isHidden(), qUtf8Printable(label->text()), PATIENCE_MS);
}

} // namespace

class BadInput : public Story
{
    Q_OBJECT

private:
    QString m_address;

    void Menu(const char* action) { Find<QAction>(QLatin1String(action))->trigger(); }

    QString WriteFile(const QString& name, const QByteArray& content)
    {
        QFile file(Path(name));
        if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write %s", qUtf8Printable(name));
        file.write(content);
        return file.fileName();
    }

    /// The form of a new name, of this kind.
    QDialog* NewName(int kind)
    {
        Go(QStringLiteral("names"));
        Click(Find<QPushButton>(QStringLiteral("names_new")));
        auto* dialog = Dialog(QStringLiteral("name_dialog"));
        Part<QComboBox>(*dialog, QStringLiteral("name_kind"))->setCurrentIndex(kind);
        return dialog;
    }

private Q_SLOTS:

    void a_node_starts()
    {
        Begin({"-calls", "-emcdns=0"});
        Mine(101);
        m_address = Call(QStringLiteral("getnewaddress"));
    }

    void addresses_and_amounts()
    {
        Go(QStringLiteral("send"));
        CheckField(Window(), QStringLiteral("send_address_1"), QStringLiteral("send_address_hint_1"),
                   {{QStringLiteral("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"), {}},
                    {QStringLiteral("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"), {}},
                    {QStringLiteral("enum:18009359935:0"), {}},
                    {m_address.left(m_address.size() - 1), {}},
                    {m_address + QLatin1Char('q'), {}},
                    {QStringLiteral("\u202e%1").arg(m_address), {}}},
                   QLatin1Char(' ') + m_address);
        CheckField(Window(), QStringLiteral("send_amount_1"), QStringLiteral("send_amount_hint_1"),
                   {{QStringLiteral("0.123456789"), QStringLiteral("8 decimals")},
                    {QStringLiteral("1.234,5"), QStringLiteral("one decimal point")},
                    {QStringLiteral("1,234,567"), QStringLiteral("one decimal point")},
                    {QStringLiteral("-1"), QStringLiteral("digits")},
                    {QStringLiteral("1e3"), QStringLiteral("digits")},
                    {QStringLiteral("\u0661"), QStringLiteral("digits")},
                    {QStringLiteral("0"), QStringLiteral("how much")},
                    {QStringLiteral("99999999999999999999"), QStringLiteral("not that many")},
                    {QStringLiteral("."), QStringLiteral("amount")}},
                   QStringLiteral("1,5"));
        Find<QComboBox>(QStringLiteral("send_speed"))->setCurrentIndex(3);
        Find<QLineEdit>(QStringLiteral("send_rate"))->setText(QStringLiteral("fast"));
        QVERIFY(!Hinted(Window(), QStringLiteral("send_rate_hint")).isEmpty());
        Find<QLineEdit>(QStringLiteral("send_rate"))->setText(QStringLiteral("0.001"));
    }

    void the_fee_is_shown_before_anything_is_sent()
    {
        auto* fee = Find<QLabel>(QStringLiteral("send_fee"));
        QTRY_VERIFY2_WITH_TIMEOUT(fee->text().contains(QStringLiteral("EMC")), qUtf8Printable(fee->text()),
                                  PATIENCE_MS);
        Picture(Window(), QStringLiteral("send_fee"));
        Find<QLineEdit>(QStringLiteral("send_amount_1"))->setText(QStringLiteral("20000000"));
        QTRY_VERIFY2_WITH_TIMEOUT(fee->text().contains(QStringLiteral("fund"), Qt::CaseInsensitive),
                                  qUtf8Printable(fee->text()), PATIENCE_MS);
        Click(Find<QPushButton>(QStringLiteral("send_go")));
        QVERIFY(!Hinted(Window(), QStringLiteral("send_hint")).isEmpty());
        Click(Find<QPushButton>(QStringLiteral("send_clear")));
        Click(Find<QPushButton>(QStringLiteral("send_go")));
        QVERIFY(!Hinted(Window(), QStringLiteral("send_address_hint_1")).isEmpty());
        QVERIFY(!Hinted(Window(), QStringLiteral("send_amount_hint_1")).isEmpty());
        Click(Find<QPushButton>(QStringLiteral("send_clear")));
    }

    void other_fields_of_the_pages()
    {
        Go(QStringLiteral("receive"));
        CheckField(Window(), QStringLiteral("receive_amount"), QStringLiteral("receive_amount_hint"),
                   {{QStringLiteral("1.5x"), QStringLiteral("digits")}}, {});
        Go(QStringLiteral("names"));
        for (const char* wrong : {"911", "call me", "+1234567890123456", ""}) {
            Find<QLineEdit>(QStringLiteral("resolve_number"))->setText(QLatin1String(wrong));
            Click(Find<QPushButton>(QStringLiteral("resolve_go")));
            QVERIFY(
                Hinted(Window(), QStringLiteral("resolve_hint")).contains(QStringLiteral("4 to 15 digits")));
        }
        Go(QStringLiteral("rewards"));
        Find<QTabWidget>(QStringLiteral("rewards_tabs"))->setCurrentIndex(1);
        CheckField(Window(), QStringLiteral("records_number"), QStringLiteral("records_number_hint"),
                   {{QStringLiteral("12"), QStringLiteral("4 to 15 digits")}}, {});
        Go(QStringLiteral("staking"));
        auto* reserve = Find<QLineEdit>(QStringLiteral("staking_reserve"));
        TypeAnew(reserve, QStringLiteral("all"));
        QTest::keyClick(reserve, Qt::Key_Return);
        QVERIFY(!Hinted(Window(), QStringLiteral("staking_reserve_hint")).isEmpty());
        TypeAnew(reserve, {});
        QTest::keyClick(reserve, Qt::Key_Return);
    }

    void forms_of_numbers()
    {
        auto* dialog = NewName(0);
        CheckField(*dialog, QStringLiteral("enum_number"), QStringLiteral("enum_number_hint"),
                   {{QStringLiteral("12"), QStringLiteral("4 to 15 digits")},
                    {QStringLiteral("+1 800 FLOWERS"), {}},
                    {QStringLiteral("1234567890123456"), {}},
                    {QStringLiteral("\u0661\u0662\u0663\u0664\u0665"), {}}},
                   QStringLiteral("+49 30 123456"));
        CheckField(*dialog, QStringLiteral("enum_uri_0"), QStringLiteral("enum_route_hint"),
                   {{QStringLiteral("no uri"), {}}}, QStringLiteral("sip:100@pbx.example"));
        auto* expression = Part<QLineEdit>(*dialog, QStringLiteral("enum_expression_0"));
        auto* sample = Part<QLabel>(*dialog, QStringLiteral("enum_sample"));
        expression->setText(QStringLiteral("^\\+44(.*)$"));
        QVERIFY(Hinted(*dialog, QStringLiteral("enum_route_hint")).contains(QStringLiteral("match")));
        expression->setText(QStringLiteral("^(.*$"));
        QVERIFY(!Hinted(*dialog, QStringLiteral("enum_route_hint")).isEmpty());
        expression->setText(QStringLiteral("^.*$"));
        QVERIFY(sample->text().contains(QStringLiteral("sip:100@pbx.example")));
        auto* signatures = Part<QPlainTextEdit>(*dialog, QStringLiteral("enum_signatures"));
        for (const char* wrong : {"SIG=", "SIG=ver:enum", "SIG=ver:enum|x|y", "hello"}) {
            signatures->setPlainText(QLatin1String(wrong));
            QVERIFY(!Hinted(*dialog, QStringLiteral("enum_signature_hint")).isEmpty());
            QVERIFY(!Part<QPushButton>(*dialog, QStringLiteral("name_send"))->isEnabled());
        }
        signatures->clear();
        CheckField(
            *dialog, QStringLiteral("name_owner"), QStringLiteral("name_owner_hint"),
            {{QStringLiteral("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"), {}}, {QStringLiteral("me"), {}}},
            m_address);
        auto* send = Part<QPushButton>(*dialog, QStringLiteral("name_send"));
        QTRY_VERIFY_WITH_TIMEOUT(send->isEnabled(), PATIENCE_MS);
        Part<QLineEdit>(*dialog, QStringLiteral("enum_uri_0"))
            ->setText(QStringLiteral("sip:") + QString(25'000, QLatin1Char('a')) + QStringLiteral("@pbx"));
        const auto refused = [dialog] {
            return !Part<QLabel>(*dialog, QStringLiteral("enum_route_hint"))->isHidden() ||
                   !Part<QLabel>(*dialog, QStringLiteral("name_hint"))->isHidden();
        };
        QTRY_VERIFY_WITH_TIMEOUT(refused(), PATIENCE_MS);
        QVERIFY(!send->isEnabled());
        Dismiss(dialog);
    }

    void forms_of_other_names()
    {
        auto* dialog = NewName(1);
        CheckField(*dialog, QStringLiteral("dns_host"), QStringLiteral("dns_host_hint"),
                   {{QStringLiteral("two words"), {}},
                    {QStringLiteral(".coin"), {}},
                    {QStringLiteral("a..coin"), {}},
                    {QStringLiteral("b\u00fccher.coin"), QStringLiteral("xn--bcher-kva.coin")},
                    {QString(64, QLatin1Char('a')) + QStringLiteral(".coin"), {}}},
                   QStringLiteral("example.coin"));
        CheckField(*dialog, QStringLiteral("dns_value_0"), QStringLiteral("dns_lines_hint"),
                   {{QStringLiteral("1.2.3"), QStringLiteral("IPv4")},
                    {QStringLiteral("::1"), QStringLiteral("IPv4")},
                    {QStringLiteral("1.2.3.4|NS=x"), QStringLiteral("|")}},
                   QStringLiteral("192.0.2.1"));
        Part<QComboBox>(*dialog, QStringLiteral("name_kind"))->setCurrentIndex(2);
        CheckField(
            *dialog, QStringLiteral("ver_id"), QStringLiteral("ver_id_hint"),
            {{QStringLiteral("Check!"), {}}, {QStringLiteral("-x"), {}}, {QString(40, QLatin1Char('v')), {}}},
            QStringLiteral("check"));
        Dismiss(dialog);
    }

    void raw_names_and_values()
    {
        auto* dialog = NewName(3);
        auto* name = Part<QLineEdit>(*dialog, QStringLiteral("raw_name"));
        auto* value = Part<QPlainTextEdit>(*dialog, QStringLiteral("raw_value"));
        auto* form = Part<QComboBox>(*dialog, QStringLiteral("raw_form"));
        auto* send = Part<QPushButton>(*dialog, QStringLiteral("name_send"));
        name->setText(QString(600, QLatin1Char('n')));
        QVERIFY(Hinted(*dialog, QStringLiteral("raw_hint")).contains(QStringLiteral("512")));
        name->setText(QStringLiteral("\u0000\u202e\U0001F4DE odd \\ name").remove(QChar(0)));
        value->setPlainText(QString(20'481, QLatin1Char('v')));
        QVERIFY(Hinted(*dialog, QStringLiteral("raw_hint")).contains(QStringLiteral("20480")));
        QVERIFY(!send->isEnabled());
        value->setPlainText(QStringLiteral("short"));
        const auto* refusal = Part<QLabel>(*dialog, QStringLiteral("name_hint"));
        QTRY_VERIFY_WITH_TIMEOUT(send->isEnabled() || !refusal->isHidden(), PATIENCE_MS);
        form->setCurrentIndex(1);
        value->setPlainText(QStringLiteral("48656c6c6"));
        QVERIFY(Hinted(*dialog, QStringLiteral("raw_hint")).contains(QStringLiteral("Hexadecimal")));
        value->setPlainText(QStringLiteral("00ff"));
        form->setCurrentIndex(0); // no text: it stays hexadecimal
        QCOMPARE(form->currentIndex(), 1);
        form->setCurrentIndex(2);
        value->setPlainText(QStringLiteral("=abc"));
        QVERIFY(Hinted(*dialog, QStringLiteral("raw_hint")).contains(QStringLiteral("base64")));
        Click(Part<QPushButton>(*dialog, QStringLiteral("raw_file")));
        GiveFile(WriteFile(QStringLiteral("long"), QByteArray(30'000, 'x')));
        QVERIFY(Hinted(*dialog, QStringLiteral("raw_hint")).contains(QStringLiteral("20480")));
        Dismiss(dialog);
    }

    void transactions_to_sign()
    {
        Go(QStringLiteral("send"));
        Click(Find<QPushButton>(QStringLiteral("send_load_psbt")));
        auto* dialog = Dialog(QStringLiteral("psbt_dialog"));
        auto* text = Part<QPlainTextEdit>(*dialog, QStringLiteral("psbt_text"));
        const QByteArray magic("psbt\xff");
        for (const QByteArray& wrong :
             {QByteArray("hello"), magic.toBase64(), (magic + QByteArray(40, '\xff')).toBase64(),
              QByteArray("cHNidP8BAA"), QByteArray("0200000001")}) {
            text->setPlainText(QString::fromLatin1(wrong));
            QVERIFY(!Hinted(*dialog, QStringLiteral("psbt_hint")).isEmpty());
            QVERIFY(!Part<QPushButton>(*dialog, QStringLiteral("psbt_sign"))->isEnabled());
            QVERIFY(!Part<QPushButton>(*dialog, QStringLiteral("psbt_broadcast"))->isEnabled());
        }
        Click(Part<QPushButton>(*dialog, QStringLiteral("psbt_load")));
        GiveFile(WriteFile(QStringLiteral("broken.psbt"), magic + QByteArray(10, '\1')));
        QVERIFY(!Hinted(*dialog, QStringLiteral("psbt_hint")).isEmpty());
        Dismiss(dialog);
    }

    void links()
    {
        Find<QAction>(QStringLiteral("open_link"))->trigger();
        auto* dialog = Dialog(QStringLiteral("ask"));
        CheckField(*dialog, QStringLiteral("ask_0"), QStringLiteral("ask_hint_0"),
                   {{QStringLiteral("?amount=1"), QStringLiteral("no address")},
                    {m_address + QStringLiteral("?amount=1,5,5"), QStringLiteral("1,5,5")},
                    {m_address + QStringLiteral("?req-magic=1"), QStringLiteral("req-magic")}},
                   m_address + QStringLiteral("?amount=2.5"));
        Click(Part<QPushButton>(*dialog, QStringLiteral("ask_go")));
        QTRY_COMPARE_WITH_TIMEOUT(Find<QLineEdit>(QStringLiteral("send_amount_1"))->text(),
                                  QStringLiteral("2.50000000"), PATIENCE_MS);
    }

    void batches_and_tables()
    {
        Go(QStringLiteral("rewards"));
        Find<QTabWidget>(QStringLiteral("rewards_tabs"))->setCurrentIndex(0);
        Click(Find<QPushButton>(QStringLiteral("batch_load")));
        GiveFile(WriteFile(QStringLiteral("broken.callbatch"), "ecb\xff garbage"));
        QVERIFY(!Told().isEmpty());
        Click(Find<QPushButton>(QStringLiteral("batch_new")));
        auto* dialog = Dialog(QStringLiteral("ask"));
        CheckField(*dialog, QStringLiteral("ask_0"), QStringLiteral("ask_hint_0"),
                   {{QStringLiteral("twelve"), QStringLiteral("4 to 15 digits")}},
                   QStringLiteral("18009359935"));
        Part<QLineEdit>(*dialog, QStringLiteral("ask_1"))->setText(QStringLiteral("442079460000"));
        Click(Part<QPushButton>(*dialog, QStringLiteral("ask_go")));
        QVERIFY(!Told().isEmpty()); // none of the two is this wallet's
        Go(QStringLiteral("names"));
        Click(Find<QPushButton>(QStringLiteral("names_import")));
        GiveFile(WriteFile(QStringLiteral("names.csv"), "name,value\n\"never closed"));
        QVERIFY(!Told().isEmpty());
    }

    void words_and_backups()
    {
        Menu("wallet_from_words");
        auto* dialog = Dialog(QStringLiteral("ask"));
        CheckField(*dialog, QStringLiteral("ask_0"), QStringLiteral("ask_hint_0"),
                   {{QStringLiteral("../x"), {}}, {QString(), QStringLiteral("name")}},
                   QStringLiteral("words"));
        auto* words = Part<QPlainTextEdit>(*dialog, QStringLiteral("ask_1"));
        auto* go = Part<QPushButton>(*dialog, QStringLiteral("ask_go"));
        for (const auto& wrong :
             {PHRASE.left(PHRASE.size() - 6),
              QString(PHRASE).replace(QStringLiteral("about"), QStringLiteral("zoo")),
              QString(PHRASE).replace(QStringLiteral("about"), QStringLiteral("aboot"))}) {
            words->setPlainText(wrong);
            QVERIFY(!Hinted(*dialog, QStringLiteral("ask_hint_1")).isEmpty());
            QVERIFY(!go->isEnabled());
        }
        Picture(*dialog, QStringLiteral("restore_words"));
        words->setPlainText(PHRASE.toUpper());
        CheckField(*dialog, QStringLiteral("ask_2"), QStringLiteral("ask_hint_2"),
                   {{QStringLiteral("p\u00e4ss"), QStringLiteral("ASCII")}}, {});
        Click(go);
        QVERIFY(Told().contains(QStringLiteral("is back")));
        const auto name = [this] { return qt::WalletTitle(*TheProgram().TheDesk()->Wallet()->Api()); };
        QTRY_COMPARE_WITH_TIMEOUT(name(), QStringLiteral("words"), PATIENCE_MS);
        QVERIFY(Call(QStringLiteral("getmnemonic")).contains(PHRASE));
        Menu("wallet_restore");
        GiveFile(WriteFile(QStringLiteral("no_wallet.dat"), QByteArray(5'000, 'w')));
        Click(Part<QPushButton>(*Dialog(QStringLiteral("ask")), QStringLiteral("ask_go")));
        QVERIFY(!Told().isEmpty());
    }

    void a_backup_comes_back()
    {
        const QString backup = Path(QStringLiteral("backup.dat"));
        Menu("wallet_backup");
        GiveFile(backup);
        QVERIFY(Told().contains(QStringLiteral("is whole")));
        Menu("wallet_restore");
        GiveFile(backup);
        Click(Part<QPushButton>(*Dialog(QStringLiteral("ask")), QStringLiteral("ask_go")));
        const auto name = [this] { return qt::WalletTitle(*TheProgram().TheDesk()->Wallet()->Api()); };
        QTRY_COMPARE_WITH_TIMEOUT(name(), QStringLiteral("backup"), PATIENCE_MS);
        QVERIFY(Call(QStringLiteral("getmnemonic")).contains(PHRASE));
        QCOMPARE(End(), 0); // both are there after a restart
        Begin({"-calls", "-emcdns=0"});
        QCOMPARE(TheProgram().TheDesk()->Rooms().wallets->Loaded().size(), size_t{3});
    }

    void passphrases()
    {
        QTRY_VERIFY_WITH_TIMEOUT(TheProgram().TheDesk()->Wallet()->State() != nullptr, PATIENCE_MS);
        Menu("wallet_encrypt");
        auto* dialog = Dialog(QStringLiteral("passphrase_dialog"));
        auto* first = Part<QLineEdit>(*dialog, QStringLiteral("passphrase_new"));
        auto* again = Part<QLineEdit>(*dialog, QStringLiteral("passphrase_again"));
        auto* go = Part<QPushButton>(*dialog, QStringLiteral("passphrase_go"));
        QVERIFY(!go->isEnabled());
        first->setText(QStringLiteral("several words nobody guesses"));
        again->setText(QStringLiteral("several words"));
        QVERIFY(
            Hinted(*dialog, QStringLiteral("passphrase_new_hint")).contains(QStringLiteral("not the same")));
        QVERIFY(!go->isEnabled());
        again->setText(first->text());
        Click(go);
        QVERIFY(Told().contains(QStringLiteral("encrypted")));
        const auto sealed = [this] {
            const auto state = TheProgram().TheDesk()->Wallet()->State();
            return state && state->info.encrypted;
        };
        QTRY_VERIFY_WITH_TIMEOUT(sealed(), PATIENCE_MS);
        Menu("wallet_encrypt"); // now it changes the passphrase
        dialog = Dialog(QStringLiteral("passphrase_dialog"));
        Part<QLineEdit>(*dialog, QStringLiteral("passphrase_old"))->setText(QStringLiteral("wrong"));
        for (const char* field : {"passphrase_new", "passphrase_again"})
            Part<QLineEdit>(*dialog, QLatin1String(field))->setText(QStringLiteral("another one"));
        Click(Part<QPushButton>(*dialog, QStringLiteral("passphrase_go")));
        QVERIFY(!Hinted(*dialog, QStringLiteral("passphrase_old_hint")).isEmpty());
        Dismiss(dialog);
        Menu("wallet_unlock");
        dialog = Dialog(QStringLiteral("unlock"));
        Part<QLineEdit>(*dialog, QStringLiteral("passphrase"))->setText(QStringLiteral("wrong"));
        Click(Part<QPushButton>(*dialog, QStringLiteral("unlock_go")));
        QVERIFY(!Hinted(*dialog, QStringLiteral("passphrase_hint")).isEmpty());
        Part<QLineEdit>(*dialog, QStringLiteral("passphrase"))
            ->setText(QStringLiteral("several words nobody guesses"));
        const QPointer<QDialog> guard(dialog);
        Click(Part<QPushButton>(*dialog, QStringLiteral("unlock_go")));
        QTRY_VERIFY_WITH_TIMEOUT(guard.isNull() || !guard->isVisible(), PATIENCE_MS);
    }

    void it_ends() { QCOMPARE(End(), 0); }

    /// Who chose so at the first start is asked for words or file when the window comes.
    void a_first_start_asks_for_what_there_was()
    {
        Start({"-emcdns=0"}, QStringLiteral("words"));
        TheProgram().SetFirst(qt::FirstStep::Words);
        auto* dialog = Dialog(QStringLiteral("ask"));
        QVERIFY(dialog->findChild<QPlainTextEdit*>(QStringLiteral("ask_1")) != nullptr);
        Dismiss(dialog);
        QCOMPARE(End(), 0);
        Start({"-emcdns=0"}, QStringLiteral("file"));
        TheProgram().SetFirst(qt::FirstStep::Backup);
        Dismiss(Dialog(QStringLiteral("ask_file")));
        QCOMPARE(End(), 0);
    }
};

QTEST_MAIN(BadInput)
#include "test/qt/bad_input.moc"
