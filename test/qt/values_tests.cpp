// Texts of people and files: amounts, links, tables, passphrases.
#include "qt/name_files.h"
#include "qt/passphrase_dialog.h"
#include "qt/rewards_content.h"
#include "qt/text.h"
#include "qt/uri.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace emc;
using namespace emc::qt;

class ValuesTests : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    static void amounts_as_people_write_them()
    {
        const auto value = [](const char* text) { return ReadAmount(QString::fromUtf8(text)); };
        QCOMPARE(*value("1"), primitives::COIN);
        QCOMPARE(*value("1,5"), primitives::COIN * 3 / 2);
        QCOMPARE(*value(" 1 234.00000001 EMC"), 1'234 * primitives::COIN + 1);
        QCOMPARE(*value(".5"), primitives::COIN / 2);
        QCOMPARE(*value("21000000"), primitives::MAX_MONEY);
        for (const char* bad : {"", "  ", "x", "1.2.3", "1,234.5", "-1", "0.123456789", "21000000.00000001",
                                "1e3", "999999999", "."})
            QVERIFY2(!value(bad), bad);
    }

    static void amounts_for_people()
    {
        QCOMPARE(AmountPlain(-1), QStringLiteral("−0.00000001"));
        QCOMPARE(AmountPlain(primitives::COIN, true), QStringLiteral("+1.00000000"));
        QCOMPARE(AmountWithUnit(1'234'567 * primitives::COIN),
                 QStringLiteral("1\u2009234\u2009567.00000000 EMC"));
    }

    static void durations()
    {
        QCOMPARE(DurationText(-1), QStringLiteral("unknown"));
        QCOMPARE(DurationText(59), QStringLiteral("59 s"));
        QCOMPARE(DurationText(3'600), QStringLiteral("1 h"));
        QCOMPARE(DurationText(90'000), QStringLiteral("1 d 1 h"));
    }

    static void one_line_shows_bytes_that_do_not_print()
    {
        QCOMPARE(OneLine(base::AsBytes("a\nb\x01")), QStringLiteral("a ⏎ b\\x01"));
        QCOMPARE(OneLine(base::AsBytes("abcdef"), 3), QStringLiteral("abc…"));
    }

    static void links_there_and_back()
    {
        const Payment payment{QStringLiteral("em1qexample"), primitives::COIN / 4,
                              QStringLiteral("Tea & cake"), QStringLiteral("für Ötzi")};
        const auto read = ReadUri(WriteUri(payment));
        QVERIFY(read.HasValue());
        QCOMPARE(read->address, payment.address);
        QCOMPARE(read->amount, payment.amount);
        QCOMPARE(read->label, payment.label);
        QCOMPARE(read->message, payment.message);
        QVERIFY(ReadUri(QStringLiteral("emercoin://em1qexample?amount=1")).HasValue());
        for (const char* bad : {"", "bitcoin:1abc", "emercoin:", "emercoin:x?amount=abc",
                                "emercoin:x?req-fee=1", "emercoin:x?amount=1.123456789"})
            QVERIFY2(!ReadUri(QString::fromUtf8(bad)), bad);
    }

    static void names_from_a_file()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("names.csv"));
        const auto write = [&path](const QByteArray& text) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
        };
        write("\xef\xbb\xbfname,value,days\r\ndns:a,\"A=192.0.2.1,192.0.2.2\",30\r\nbin,base64:AAE=,365\r\n");
        const auto names = ReadNames(path);
        QVERIFY(names.HasValue());
        QCOMPARE(names->size(), size_t{2});
        QCOMPARE((*names)[0].value, base::ToBytes("A=192.0.2.1,192.0.2.2"));
        QCOMPARE((*names)[1].value, (base::Bytes{0, 1}));
        QCOMPARE((*names)[1].days, int64_t{365});
        for (const char* bad : {"", "name,value,days\n", "a,b\n", "a,b,0\n", "a,b,x\n", ",b,1\n",
                                "a,base64:!,1\n", "a,\"b,1\n"}) {
            write(bad);
            const auto refused = ReadNames(path);
            QVERIFY2(!refused, bad);
            QVERIFY2(refused.Error().contains(path), bad);
        }
        QVERIFY(!ReadNames(folder.filePath(QStringLiteral("missing.csv"))));
    }

    static void names_there_and_back()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("names.csv"));
        const std::vector<std::string> names = {"dns:plain", "with, \"marks\"", "=HYPERLINK(1)", "base64:x",
                                                std::string("\0\xff", 2)};
        std::vector<std::shared_ptr<const NameLine>> lines;
        for (const auto& name : names) {
            interfaces::OwnName own;
            own.info.name = name;
            own.info.record.value = base::ToBytes("@two\nlines of " + name);
            lines.push_back(std::make_shared<NameLine>(
                NameLine{std::make_shared<interfaces::OwnName>(own), NameStatus::Live, 7.9, {}, {}, {}}));
        }
        QCOMPARE(*WriteNames(NameTable(lines), path), static_cast<int>(lines.size()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(!file.readAll().contains("=HYPERLINK"));
        const auto read = ReadNames(path);
        QVERIFY2(read.HasValue(), read ? "" : qUtf8Printable(read.Error()));
        QCOMPARE(read->size(), names.size());
        for (size_t i = 0; i < names.size(); ++i) {
            QCOMPARE((*read)[i].name, names[i]);
            QCOMPARE((*read)[i].value, lines[i]->own->info.record.value);
            QCOMPARE((*read)[i].days, int64_t{7});
        }
    }

    static void a_batch_says_why_it_was_refused_and_who_does_not_sign()
    {
        interfaces::BatchInfo batch;
        QCOMPARE(BatchText(batch), QStringLiteral("Not signed yet."));
        batch.state = interfaces::BatchState::Waiting;
        batch.problem = "no signature of enum:442079460000:0";
        QCOMPARE(BatchText(batch),
                 QStringLiteral("Waits for the other side. No signature of enum:442079460000:0."));
        batch.state = interfaces::BatchState::Refused;
        batch.problem.clear();
        batch.reason = "not ours";
        QCOMPARE(BatchText(batch), QStringLiteral("Refused. Not ours."));
    }

    static void longer_passphrases_are_stronger()
    {
        QCOMPARE(PassphraseBits({}), 0);
        QVERIFY(PassphraseBits(QStringLiteral("aaaaaaaaaaaaaaaa")) <
                PassphraseBits(QStringLiteral("correct horse")));
        QVERIFY(PassphraseBits(QStringLiteral("correct horse battery staple")) >
                PassphraseBits(QStringLiteral("Tr0ub4dor&3")));
    }
};

QTEST_GUILESS_MAIN(ValuesTests)
#include "test/qt/values_tests.moc"
