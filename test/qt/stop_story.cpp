// The node is told to stop by a call while a dialog is open, or the window is closed in the middle of work:
// everything goes in order, nothing hangs and nothing crashes.
#include "interfaces/chain.h"
#include "interfaces/wallet.h"
#include "qt/desk.h"
#include "test/qt/story.h"

#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTimer>
#include <QtTest>
#include <algorithm>
#include <ctime>
#include <functional>
#include <unistd.h>

using namespace emc;
using namespace emc::test;

namespace {

const std::string PASSPHRASE = "several words nobody guesses";
/// A chain that takes a while to be read anew.
constexpr int BLOCKS = 5'000;
const QString BIG = QStringLiteral("big"); ///< folder of that chain
/// Time of the processor closing may take: the clock would tell more of what else the machine does.
constexpr double END_SECONDS = 5;

/// The same for one turn of the window's thread. 0.05 s is what nobody notices; a slow machine gets more.
constexpr double AWAKE_SECONDS = 0.25;

/// Time of the processor this program, or this thread, has used.
double UsedSeconds(clockid_t clock)
{
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double ResidentMegabytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly)) return 0;
    return static_cast<double>(file.readAll().split(' ').value(1).toLongLong()) *
           static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

} // namespace

class StopStory : public Story
{
    Q_OBJECT

private:
    QString m_address;

    void Menu(const char* action) { Find<QAction>(QLatin1String(action))->trigger(); }

    /// Presses a button of a page.
    void Press(const char* page, const char* button)
    {
        Go(QLatin1String(page));
        Click(Find<QPushButton>(QLatin1String(button)));
    }

    /// With the one name of the wallet selected.
    void PressForName(const char* button)
    {
        Go(QStringLiteral("names"));
        auto* table = Find<QTableView>(QStringLiteral("names_table"));
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 1, PATIENCE_MS);
        table->selectRow(0);
        Click(Find<QPushButton>(QLatin1String(button)));
    }

    void Preview()
    {
        Go(QStringLiteral("send"));
        Find<QLineEdit>(QStringLiteral("send_address_1"))->setText(m_address);
        Find<QLineEdit>(QStringLiteral("send_amount_1"))->setText(QStringLiteral("1"));
        Click(Find<QPushButton>(QStringLiteral("send_go")));
    }

    void MakePsbt()
    {
        Go(QStringLiteral("send"));
        Find<QLineEdit>(QStringLiteral("send_address_1"))->setText(m_address);
        Find<QLineEdit>(QStringLiteral("send_amount_1"))->setText(QStringLiteral("1"));
        Click(Find<QPushButton>(QStringLiteral("send_psbt")));
    }

    /// A call that lasts until something happens; its end is not waited for.
    void WaitInConsole()
    {
        Go(QStringLiteral("node"));
        Find<QTabWidget>(QStringLiteral("node_tabs"))->setCurrentIndex(1);
        auto* field = Find<QLineEdit>(QStringLiteral("console_line"));
        field->setText(QStringLiteral("waitforblockheight 1000000"));
        QTest::keyClick(field, Qt::Key_Return);
    }

    /// A dialog inside a dialog.
    void FileForPsbt()
    {
        Press("send", "send_load_psbt");
        Click(Part<QPushButton>(*Dialog(QStringLiteral("psbt_dialog")), QStringLiteral("psbt_load")));
    }

    void Words()
    {
        auto wallet = TheProgram().TheDesk()->Wallet()->Api();
        QVERIFY(wallet->Unlock(PASSPHRASE, 60, interfaces::WalletLockApi::UnlockFor::Everything).HasValue());
        Menu("wallet_words");
    }

    void Close(const char* while_what)
    {
        QElapsedTimer timer;
        timer.start();
        const double before = UsedSeconds(CLOCK_PROCESS_CPUTIME_ID);
        QCOMPARE(End(), 0);
        const double used = UsedSeconds(CLOCK_PROCESS_CPUTIME_ID) - before;
        qInfo("closed while %s: %lld ms, %.2f s of the processor", while_what, timer.elapsed(), used);
        QVERIFY(used < END_SECONDS);
    }

    /// The node stops because of the call `stop`; the program has to end by itself.
    void StopsByCall(const char* what)
    {
        QSignalSpy ended(&TheProgram(), &qt::Program::Ended);
        QVERIFY(TheProgram().TheDesk()->Host().GetConsole().Run("stop", "").HasValue());
        QVERIFY2(ended.wait(PATIENCE_MS), what);
        QCOMPARE(ended.front().front().toInt(), 0);
        for (auto* widget : QApplication::topLevelWidgets())
            QVERIFY2(!widget->isVisible() || qobject_cast<QDialog*>(widget) == nullptr, what);
    }

private Q_SLOTS:

    void a_wallet_with_a_name()
    {
        Begin({"-calls", "-emcdns=0"});
        Mine(110);
        m_address = Call(QStringLiteral("getnewaddress"));
        Do(QStringLiteral("name_new dns:example.coin A=192.0.2.1 30"));
        Mine(1);
        QCOMPARE(End(), 0);
    }

    void the_node_stops_while_a_dialog_is_open()
    {
        struct Row {
            const char* dialog;
            std::function<void()> open;
        };

        const std::vector<Row> rows = {
            {"name_dialog", [this] { Press("names", "names_new"); }},
            {"name_dialog", [this] { PressForName("names_change"); }},
            {"ask", [this] { PressForName("names_renew"); }},
            {"confirm", [this] { PressForName("names_delete"); }},
            {"tell", [this] { PressForName("names_signature"); }},
            {"ask_file", [this] { Press("names", "names_import"); }},
            {"confirm", [this] { Preview(); }},
            {"psbt_dialog", [this] { MakePsbt(); }},
            {"ask_file", [this] { FileForPsbt(); }},
            {"coin_dialog", [this] { Press("send", "send_coins"); }},
            {"ask", [this] { Press("rewards", "batch_new"); }},
            {"ask_choice", [this] { Menu("wallet_load"); }},
            {"ask", [this] { Menu("wallet_from_words"); }},
            {"passphrase_dialog", [this] { Menu("wallet_encrypt"); }},
            {"ask_file", [this] { Menu("wallet_backup"); }},
            {"main", [this] { WaitInConsole(); }},
        };
        for (const auto& row : rows) {
            Begin({"-calls", "-emcdns=0"});
            QTRY_VERIFY_WITH_TIMEOUT(TheProgram().TheDesk()->Wallet()->State() != nullptr, PATIENCE_MS);
            row.open();
            if (row.dialog != std::string("main")) QVERIFY(Dialog(QLatin1String(row.dialog)) != nullptr);
            StopsByCall(row.dialog);
            Leave();
        }
    }

    void the_same_with_a_sealed_wallet()
    {
        Begin({"-calls", "-emcdns=0"});
        QVERIFY(TheProgram().TheDesk()->Wallet()->Api()->Encrypt(PASSPHRASE).HasValue());
        Menu("wallet_words"); // asks for the passphrase
        QVERIFY(Dialog(QStringLiteral("unlock")) != nullptr);
        StopsByCall("unlock");
        Leave();
        Begin({"-calls", "-emcdns=0"});
        Words();
        QVERIFY(Dialog(QStringLiteral("words_dialog")) != nullptr);
        StopsByCall("words_dialog");
        Leave();
    }

    /// A wallet of many transactions is read anew whenever a block comes: never on the window's thread.
    void the_window_stays_awake()
    {
        Begin({"-emcdns=0"}, BIG);
        auto& console = TheProgram().Host().GetConsole();
        const auto address = console.Run("getnewaddress", "");
        const auto mine = [&console, &address](const std::string& blocks) {
            const auto reply = console.Run("generatetoaddress " + blocks + " " + *address, "");
            QVERIFY2(reply.HasValue(), reply ? "" : reply.Error().c_str());
        };
        for (int made = 0; made < BLOCKS; made += 1'000) {
            mine("1000");
            QCoreApplication::processEvents();
        }
        const auto lines = [this] {
            return Find<QTableView>(QStringLiteral("history_table"))->model()->rowCount();
        };
        Go(QStringLiteral("history"));
        QTRY_COMPARE_WITH_TIMEOUT(lines(), BLOCKS,
                                  PATIENCE_MS); // none twice, though blocks came while it was read
        // What the window's thread works between two turns, by its own clock.
        double longest = 0;
        double last = UsedSeconds(CLOCK_THREAD_CPUTIME_ID);
        QTimer turns;
        connect(&turns, &QTimer::timeout, this, [&longest, &last] {
            const double now = UsedSeconds(CLOCK_THREAD_CPUTIME_ID);
            longest = std::max(longest, now - last);
            last = now;
        });
        turns.start(1);
        int done = 0;
        for (int round = 1; round <= 10; ++round) {
            const int before = lines();
            TheProgram().TheDesk()->Work().Run(
                this, [&mine] { mine("1"); }, [&done] { ++done; });
            QTRY_VERIFY_WITH_TIMEOUT(done == round && lines() > before, PATIENCE_MS);
        }
        turns.stop();
        qInfo(
            "%d transactions, ten blocks: the window's thread was busy for %.0f ms at most; resident %.0f MB",
            lines(), longest * 1e3, ResidentMegabytes());
        QVERIFY(longest < AWAKE_SECONDS);
        QCOMPARE(End(), 0);
    }

    /// Closed while blocks come from another node and the window is there.
    void closing_while_blocks_are_fetched()
    {
        const OtherNode other(Path(BIG), {});
        QVERIFY(other.Call({QStringLiteral("getblockcount")}).toInt() >= BLOCKS);
        Begin({"-emcdns=0"}, QStringLiteral("fresh"));
        const auto height = [this] { return TheProgram().TheDesk()->Rooms().chain->GetTip().height; };
        Do(QStringLiteral("addnode 127.0.0.1:%1 add").arg(other.Port()));
        QTRY_VERIFY_WITH_TIMEOUT(height() >= BLOCKS / 10, PATIENCE_MS);
        qInfo("at block %d", height());
        Close("blocks were fetched");
    }

    /// Closed in the middle of reading many blocks anew, at the start.
    void closing_while_blocks_are_read_anew()
    {
        Start({"-emcdns=0", "-reindex"}, BIG);
        const auto reading = [this] {
            return TheProgram().Host().Step() == "Opening the chain" || TheProgram().Window() != nullptr;
        };
        QTRY_VERIFY_WITH_TIMEOUT(reading(), PATIENCE_MS);
        Close("blocks were read anew");
    }
};

QTEST_MAIN(StopStory)
#include "test/qt/stop_story.moc"
