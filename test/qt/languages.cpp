// Every page in every language, for people to look at; and that the language is spoken.
#include "qt/program.h"
#include "test/qt/story.h"

#include <QAction>
#include <QComboBox>
#include <QPushButton>
#include <QTabWidget>
#include <QtTest>

using namespace emc;
using namespace emc::test;

class Languages : public Story
{
    Q_OBJECT

private Q_SLOTS:

    static void every_page_is_translated_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<QString>("send");
        QTest::newRow("German") << QStringLiteral("de") << QStringLiteral("Senden");
        QTest::newRow("Spanish") << QStringLiteral("es") << QStringLiteral("Enviar");
        QTest::newRow("Russian") << QStringLiteral("ru") << QStringLiteral("Отправить");
    }

    void every_page_is_translated()
    {
        QFETCH(const QString, language);
        QFETCH(const QString, send);
        QObject owner;
        qt::Translate(language, owner);
        Begin({"-calls", "-emcdns=0"}, language);
        QCOMPARE(Find<QAction>(QStringLiteral("page_send"))->text().remove(QLatin1Char('&')), send);
        for (const char* page :
             {"overview", "send", "receive", "history", "names", "rewards", "staking", "node"}) {
            Go(QLatin1String(page));
            Keep(page, language);
        }
        Go(QStringLiteral("rewards"));
        Find<QTabWidget>(QStringLiteral("rewards_tabs"))->setCurrentIndex(2);
        Keep("automatic", language);
        Go(QStringLiteral("names"));
        Click(Find<QPushButton>(QStringLiteral("names_new")));
        auto* dialog = Dialog(QStringLiteral("name_dialog"));
        QTest::qWait(300); // only the picture depends on it
        Picture(*dialog, QStringLiteral("number_") + language);
        Dismiss(dialog);
        Find<QAction>(QStringLiteral("wallet_from_words"))->trigger();
        dialog = Dialog(QStringLiteral("ask"));
        Picture(*dialog, QStringLiteral("words_") + language);
        Dismiss(dialog);
        QCOMPARE(End(), 0);
        QLocale::setDefault(QLocale::c());
    }

private:
    void Keep(const char* page, const QString& language)
    {
        QTest::qWait(100); // only the picture depends on it
        Picture(Window(), QStringLiteral("%1_%2").arg(QLatin1String(page), language));
    }
};

QTEST_MAIN(Languages)
#include "test/qt/languages.moc"
