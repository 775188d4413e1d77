// Calls become rewards in the window: the other side is another node, and batches go to and fro as files.
#include "interfaces/call_batches.h"
#include "qt/desk.h"
#include "qt/text.h"
#include "test/qt/story.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QStyle>
#include <QTabWidget>
#include <QTableView>
#include <QtTest>

using namespace emc;
using namespace emc::test;

namespace {

constexpr qint64 START = 1'800'000'000;
constexpr qint64 DAY = 86'400;
const QString CALLER = QStringLiteral("18009359935");
const QString CALLEE = QStringLiteral("442079460000");
const QString ROUTE = QStringLiteral("E2U+sip=100|10|!^(.*)$!sip:100@pbx.example!");

/// The value of a text field of a JSON object.
QString Field(const QString& json, const QString& key)
{
    return json.section(QStringLiteral("\"%1\": \"").arg(key), 1).section(QLatin1Char('"'), 0, 0);
}

QString Clock(qint64 unix_sec)
{
    return QDateTime::fromSecsSinceEpoch(unix_sec, Qt::UTC).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

} // namespace

class RewardsStory : public Story
{
    Q_OBJECT

private:
    std::unique_ptr<OtherNode> m_other;
    qint64 m_now = START;
    qint64 m_begin = 0; ///< of the first call
    QString m_own_address;

    void Open()
    {
        Begin({"-calls", "-enumtrust=ver:enum", "-emcdns=0", "-mocktime=" + std::to_string(m_now)});
        Do(QStringLiteral("addnode 127.0.0.1:%1 add").arg(m_other->Port()));
        Meet();
    }

    /// Waits until both sides are at one block, and the wallet has seen it.
    void Meet()
    {
        const QString tip = m_other->Call({QStringLiteral("getbestblockhash")});
        QTRY_VERIFY_WITH_TIMEOUT(Call(QStringLiteral("getbestblockhash")) == tip, PATIENCE_MS);
        Do(QStringLiteral("syncwithvalidationinterfacequeue"));
    }

    void Later(qint64 seconds)
    {
        m_now += seconds;
        Do(QStringLiteral("setmocktime %1").arg(m_now));
        m_other->Call({QStringLiteral("setmocktime"), QString::number(m_now)});
        m_other->Mine(12);
        Meet();
    }

    /// A number with its signature and owner; made by the other side, which is the verifier, too.
    void RegisterNumber(const QString& number, const QString& owner)
    {
        const QString signature = m_other->Call(
            {QStringLiteral("enum_sign"), QStringLiteral("ver:enum"), number, owner, QStringLiteral("0")});
        m_other->Call({QStringLiteral("name_new"), QStringLiteral("enum:%1:0").arg(number),
                       ROUTE + QLatin1Char('\n') + signature, QStringLiteral("3650"), owner});
        m_other->Mine(1);
    }

    /// Calls of 61 s, one a minute, as Asterisk writes them.
    QString Records(const QString& name, qint64 first, int count, qint64 ahead = 0)
    {
        const QString path = Path(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) qFatal("%s cannot be written", qUtf8Printable(path));
        for (int i = 0; i < count; ++i) {
            const qint64 answer = first + i * 60 + (i == count - 1 ? ahead : 0);
            const QString line =
                QStringLiteral("\"\",\"+%1\",\"+%2\",\"in\",\"\",\"SIP/a\",\"SIP/"
                               "b\",\"Dial\",\"\",\"%3\",\"%4\",\"%5\",66,"
                               "61,\"ANSWERED\",\"DOCUMENTATION\",\"%6\",\"%6@pbx\"\n")
                    .arg(CALLER, CALLEE, Clock(answer - 5), Clock(answer), Clock(answer + 61))
                    .arg(first + i * 60);
            file.write(line.toUtf8());
        }
        return path;
    }

    void Rewards(int tab)
    {
        Go(QStringLiteral("rewards"));
        Find<QTabWidget>(QStringLiteral("rewards_tabs"))->setCurrentIndex(tab);
    }

    void ImportInWindow(const QString& path)
    {
        Rewards(1);
        Click(Find<QPushButton>(QStringLiteral("records_import")));
        GiveFile(path);
        auto* ask = qobject_cast<QInputDialog*>(Dialog(QStringLiteral("ask_choice")));
        ask->setTextValue(QStringLiteral("asterisk-csv"));
        ask->accept();
    }

    /// Text of a cell of the table of batches, in its first row.
    [[nodiscard]] QString Cell(int column) const
    {
        const auto* model = Find<QTableView>(QStringLiteral("batches"))->model();
        return model->rowCount() == 0 ? QString() : model->index(0, column).data().toString();
    }

    [[nodiscard]] QString State() const { return Cell(6); }

    void LoadBatch(const QString& path)
    {
        Rewards(0);
        Click(Find<QPushButton>(QStringLiteral("batch_load")));
        GiveFile(path);
    }

    void Press(const char* button)
    {
        Find<QTableView>(QStringLiteral("batches"))->selectRow(0);
        Click(Find<QPushButton>(QLatin1String(button)));
    }

    static void Yes()
    {
        auto* box = Dialog(QStringLiteral("confirm"));
        Click(Part<QPushButton>(*box, QStringLiteral("confirm_go")));
    }

    /// A batch of the other side, as a file.
    QString Made(qint64 from, qint64 to, const QString& name)
    {
        const QString made = m_other->Call({QStringLiteral("call_batch_create"), CALLER, CALLEE,
                                            QString::number(from), QString::number(to)});
        const QString path = Path(name);
        m_other->Call({QStringLiteral("call_batch_export"), Field(made, QStringLiteral("id")), path});
        return path;
    }

private Q_SLOTS:

    void two_operators_have_their_numbers()
    {
        m_other = std::make_unique<OtherNode>(Path(QStringLiteral("other")),
                                              QStringList{QStringLiteral("-calls"),
                                                          QStringLiteral("-enumtrust=ver:enum"),
                                                          QStringLiteral("-mocktime=%1").arg(START)});
        m_other->Mine(150);
        const QString record =
            m_other->Call({QStringLiteral("ver_record"), QStringLiteral("{\"name\":\"Test\"}")});
        m_other->Call(
            {QStringLiteral("name_new"), QStringLiteral("ver:enum"), record, QStringLiteral("365")});
        m_other->Mine(1);
        Open();
        m_own_address = Call(QStringLiteral("getnewaddress"));
        RegisterNumber(CALLER, m_other->Call({QStringLiteral("getnewaddress")}));
        RegisterNumber(CALLEE, m_own_address);
        for (const char* amount : {"10", "11", "12"})
            m_other->Call({QStringLiteral("sendtoaddress"), m_own_address, QLatin1String(amount)});
        m_other->Mine(170);
        Meet();
        Later(10 * DAY);
        m_begin = m_now - 8 * DAY;
    }

    void records_are_imported()
    {
        const QString path = Records(QStringLiteral("calls.csv"), m_begin, 50);
        m_other->Call({QStringLiteral("call_import"), path, QStringLiteral("asterisk-csv")});
        ImportInWindow(path);
        QVERIFY(Told().contains(QStringLiteral("50 ")));
        const auto* model = Find<QTableView>(QStringLiteral("call_records"))->model();
        QTRY_COMPARE_WITH_TIMEOUT(model->rowCount(), 50, PATIENCE_MS);
        QTRY_VERIFY_WITH_TIMEOUT(
            Find<QLabel>(QStringLiteral("records_totals"))->text().contains(QStringLiteral("100")),
            PATIENCE_MS);
    }

    void a_batch_goes_to_and_fro_as_a_file()
    {
        const QString theirs = Made(m_begin, m_begin + DAY, QStringLiteral("theirs.callbatch"));
        LoadBatch(theirs);
        QTRY_COMPARE_WITH_TIMEOUT(State(), QStringLiteral("not signed yet"), PATIENCE_MS);
        Press("batch_check");
        QVERIFY(Told().contains(QStringLiteral("50 calls agree")));
        Press("batch_sign");
        QTRY_COMPARE_WITH_TIMEOUT(State(), QStringLiteral("waits for the other side"), PATIENCE_MS);
        const QString half = Path(QStringLiteral("half.callbatch"));
        Press("batch_save");
        GiveFile(half);
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(half), PATIENCE_MS);
        const QString whole = m_other->Call({QStringLiteral("call_batch_sign"), QLatin1Char('@') + half});
        QCOMPARE(Field(whole, QStringLiteral("state")), QStringLiteral("signed"));
        const QString back = Path(QStringLiteral("whole.callbatch"));
        m_other->Call({QStringLiteral("call_batch_export"), Field(whole, QStringLiteral("id")), back});
        LoadBatch(back);
        QTRY_COMPARE_WITH_TIMEOUT(State(), QStringLiteral("signed by both, may be claimed"), PATIENCE_MS);
    }

    void the_reward_is_claimed()
    {
        Press("batch_claim");
        auto* box = Dialog(QStringLiteral("confirm"));
        Picture(*box, QStringLiteral("claim_preview"));
        Yes();
        QTRY_COMPARE_WITH_TIMEOUT(State(), QStringLiteral("claimed, waits for a block"), PATIENCE_MS);
        QTRY_VERIFY_WITH_TIMEOUT(m_other->Call({QStringLiteral("getrawmempool")}).contains(QLatin1Char('"')),
                                 PATIENCE_MS);
        m_other->Mine(1);
        QTRY_COMPARE_WITH_TIMEOUT(State(), QStringLiteral("rewarded"), PATIENCE_MS);
        constexpr int CLAIM = 7;
        const auto claimed =
            Find<QTableView>(QStringLiteral("batches"))->model()->index(0, CLAIM).data().toString();
        const auto amount = qt::ReadAmount(claimed);
        QVERIFY2(amount.HasValue() && *amount > 0, qUtf8Printable(claimed));
    }

    void broken_files_are_refused()
    {
        QFile whole(Path(QStringLiteral("theirs.callbatch")));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const QByteArray bytes = whole.readAll();
        QByteArray flipped = bytes;
        flipped[bytes.size() / 2] = static_cast<char>(~flipped[bytes.size() / 2]);
        for (const QByteArray& wrong : {QByteArray(), bytes.left(bytes.size() - 1), bytes.left(40), flipped,
                                        QByteArray("SIG=nonsense")}) {
            QFile file(Path(QStringLiteral("broken.callbatch")));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(wrong);
            file.close();
            LoadBatch(file.fileName());
            QVERIFY(!Told().isEmpty());
        }
        QCOMPARE(Find<QTableView>(QStringLiteral("batches"))->model()->rowCount(), 1);
    }

    void a_disputed_call_is_left_out()
    {
        const qint64 first = m_begin + 2 * DAY;
        m_other->Call({QStringLiteral("call_import"), Records(QStringLiteral("more.csv"), first, 20),
                       QStringLiteral("asterisk-csv")});
        ImportInWindow(Records(QStringLiteral("ours.csv"), first, 20, 30));
        QVERIFY(Told().contains(QStringLiteral("20 ")));
        LoadBatch(Made(first, first + DAY, QStringLiteral("disputed.callbatch")));
        QTRY_COMPARE_WITH_TIMEOUT(Find<QTableView>(QStringLiteral("batches"))->model()->rowCount(), 2,
                                  PATIENCE_MS);
        QTRY_COMPARE_WITH_TIMEOUT(State(), QStringLiteral("not signed yet"), PATIENCE_MS);
        Press("batch_sign");
        auto* box = Dialog(QStringLiteral("confirm"));
        Picture(*box, QStringLiteral("disputed_call"));
        Yes();
        const auto* model = Find<QTableView>(QStringLiteral("batches"))->model();
        const auto has = [model](const QString& state) {
            for (int row = 0; row < model->rowCount(); ++row) {
                if (model->index(row, 6).data().toString() == state) return true;
            }
            return false;
        };
        QTRY_VERIFY_WITH_TIMEOUT(has(QStringLiteral("waits for the other side")), PATIENCE_MS);
        QTRY_VERIFY_WITH_TIMEOUT(has(QStringLiteral("refused")), PATIENCE_MS);
    }

    void the_page_has_its_pictures()
    {
        for (const bool dark : {false, true}) {
            QApplication::setPalette(dark ? DarkPalette() : QApplication::style()->standardPalette());
            const QString end = dark ? QStringLiteral("dark") : QStringLiteral("light");
            for (int tab = 0; tab < 3; ++tab) {
                Rewards(tab);
                QTest::qWait(100); // only the pictures depend on it
                Picture(Window(), QStringLiteral("rewards_%1_%2").arg(tab).arg(end));
            }
        }
        QApplication::setPalette(QApplication::style()->standardPalette());
    }

    void the_automatic_mode_is_kept()
    {
        Rewards(2);
        auto* claim = Find<QLineEdit>(QStringLiteral("automatic_claim"));
        QTRY_VERIFY_WITH_TIMEOUT(claim->isEnabled(), PATIENCE_MS);
        auto* apply = Find<QPushButton>(QStringLiteral("automatic_apply"));
        QVERIFY(!apply->isEnabled());
        TypeAnew(claim, QStringLiteral("1.2.3"));
        QVERIFY(!Hinted(Window(), QStringLiteral("automatic_claim_hint")).isEmpty());
        QVERIFY(!apply->isEnabled());
        TypeAnew(claim, QStringLiteral("0,5"));
        Find<QCheckBox>(QStringLiteral("automatic_on"))->setChecked(true);
        Find<QSpinBox>(QStringLiteral("automatic_period"))->setValue(12);
        Find<QSpinBox>(QStringLiteral("automatic_minutes"))->setValue(30);
        Click(apply);
        const auto now = [this] { return *TheProgram().TheDesk()->Rooms().call_batches->Automatic(); };
        QTRY_VERIFY_WITH_TIMEOUT(now().on, PATIENCE_MS);
        QCOMPARE(now().least_claim, primitives::COIN / 2);
        QCOMPARE(now().period_sec, int64_t{12 * 3'600});
        QCOMPARE(now().interval_sec, int64_t{600});
        QCOMPARE(now().least_minutes, int64_t{30});
        QCOMPARE(End(), 0);
        Open();
        QCOMPARE(now().least_minutes, int64_t{30});
        QVERIFY(now().on);
        Rewards(2);
        QTRY_VERIFY_WITH_TIMEOUT(Find<QCheckBox>(QStringLiteral("automatic_on"))->isChecked(), PATIENCE_MS);
    }

    void it_ends()
    {
        QCOMPARE(End(), 0);
        m_other.reset();
    }
};

QTEST_MAIN(RewardsStory)
#include "test/qt/rewards_story.moc"
