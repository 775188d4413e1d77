#include "qt/program.h"

#include "qt/desk.h"
#include "qt/form.h"
#include "qt/icons.h"
#include "qt/main_window.h"
#include "qt/text.h"
#include "qt/wallet_dialogs.h"

#include <QCryptographicHash>
#include <QGuiApplication>
#include <QLibraryInfo>
#include <QLocalServer>
#include <QLocalSocket>
#include <QLocale>
#include <QMessageBox>
#include <QPainter>
#include <QSplashScreen>
#include <QTimer>
#include <QTranslator>

/// Resources of a library are made known outside of all namespaces.
static void OpenTranslations()
{
    Q_INIT_RESOURCE(translations);
}

namespace emc::qt {

namespace {

constexpr int STEP_EVERY_MS = 200;
constexpr int ANSWER_MS = 1'000;
constexpr int SPLASH_WIDTH = 480;
constexpr int SPLASH_HEIGHT = 220;
constexpr qint64 MAX_MESSAGE = 16'384;

/// Looks texts up as lupdate files them: by the class alone, without the namespace its name has at run time.
class OwnTranslator final : public QTranslator
{
public:
    using QTranslator::QTranslator;

    [[nodiscard]] QString translate(const char* context, const char* source, const char* which,
                                    int count) const override
    {
        constexpr std::string_view OURS = "emc::qt::";
        const std::string_view whole = context == nullptr ? "" : context;
        if (!whole.starts_with(OURS)) return {};
        const QString found = QTranslator::translate(context + OURS.size(), source, which, count);
        if (!found.isNull()) return found;
        return QTranslator::translate("emc::qt", source, which, count); // of a class lupdate did not make out
    }
};

QPixmap SplashPicture()
{
    QPixmap out(SPLASH_WIDTH, SPLASH_HEIGHT);
    const auto colors = QGuiApplication::palette();
    out.fill(colors.color(QPalette::Window));
    QPainter painter(&out);
    painter.drawPixmap(SPLASH_WIDTH / 2 - 48, 30, ProgramIcon().pixmap(96, 96));
    painter.setPen(colors.color(QPalette::WindowText));
    painter.drawText(QRect(0, 136, SPLASH_WIDTH, 30), Qt::AlignCenter, Words::tr("Emercoin telephony node"));
    painter.setPen(colors.color(QPalette::Mid));
    painter.drawRect(out.rect().adjusted(0, 0, -1, -1));
    return out;
}

} // namespace

void Translate(const QString& language, QObject& owner)
{
    OpenTranslations();
    const QLocale locale = language.isEmpty() ? QLocale::system() : QLocale(language);
    if (!language.isEmpty()) QLocale::setDefault(locale);
    const auto add = [&locale](QTranslator* translator, const QString& name, const QString& folder) {
        if (translator->load(locale, name, QStringLiteral("_"), folder))
            QCoreApplication::installTranslator(translator);
    };
    add(new OwnTranslator(&owner), QStringLiteral("emercoin"), QStringLiteral(":/i18n"));
    add(new QTranslator(&owner), QStringLiteral("qtbase"),
        QLibraryInfo::location(QLibraryInfo::TranslationsPath));
}

QString SocketName(const QString& folder)
{
    const auto hash = QCryptographicHash::hash(folder.toUtf8(), QCryptographicHash::Sha256);
    return QStringLiteral("emercoin-qt-") + QString::fromLatin1(hash.toHex().left(16));
}

bool HandOver(const QString& folder, const QStringList& links)
{
    QLocalSocket socket;
    socket.connectToServer(SocketName(folder));
    if (!socket.waitForConnected(ANSWER_MS)) return false;
    socket.write(links.join(QLatin1Char('\n')).toUtf8() + '\n');
    socket.waitForBytesWritten(ANSWER_MS);
    socket.disconnectFromServer();
    return true;
}

Program::Program(std::unique_ptr<interfaces::NodeHost> host, QStringList links)
    : m_host(std::move(host)), m_links(std::move(links)), m_step(new QTimer(this))
{
    connect(m_step, &QTimer::timeout, this, &Program::ShowStep);
}

Program::~Program()
{
    if (m_worker.joinable()) m_worker.join();
}

void Program::Begin()
{
    m_splash = std::make_unique<QSplashScreen>(SplashPicture());
    m_splash->show();
    m_step->start(STEP_EVERY_MS);
    m_starting = true;
    m_worker = std::thread([this] {
        const auto started = m_host->Start();
        const QString problem = started                   ? QString()
                                : started.Error().empty() ? QStringLiteral(" ")
                                                          : FromUtf8(started.Error());
        QMetaObject::invokeMethod(
            this, [this, problem] { Started(problem); }, Qt::QueuedConnection);
    });
}

void Program::ShowStep()
{
    if (m_splash)
        m_splash->showMessage(FromUtf8(m_host->Step()), Qt::AlignHCenter | Qt::AlignBottom,
                              QGuiApplication::palette().color(QPalette::WindowText));
}

void Program::Started(const QString& problem)
{
    m_worker.join();
    m_starting = false;
    m_step->stop();
    m_splash.reset();
    if (!problem.isEmpty()) {
        m_status = problem.trimmed().isEmpty() ? 0 : 1;
        if (m_status != 0) QMessageBox::critical(nullptr, tr("Emercoin"), problem);
        Q_EMIT Ended(m_status);
        return;
    }
    m_desk = std::make_unique<Desk>(*m_host);
    m_window = std::make_unique<MainWindow>(*m_desk);
    // Queued: what asks for the end is destroyed by it.
    connect(m_window.get(), &MainWindow::QuitWanted, this, &Program::Quit, Qt::QueuedConnection);
    connect(&m_desk->Node(), &NodeModel::EndWanted, this, &Program::Quit, Qt::QueuedConnection);
    Listen();
    if (m_host->Option("min") == "1")
        m_window->showMinimized();
    else
        m_window->show();
    for (const auto& link : m_links)
        m_window->Open(link);
    m_links.clear();
    if (m_quitting) return Stopped();
    if (m_first == FirstStep::Words) RestoreWords(*m_desk, m_window.get());
    if (m_first == FirstStep::Backup) RestoreWallet(*m_desk, m_window.get());
    Q_EMIT Ready();
}

void Program::Listen()
{
    m_server = new QLocalServer(this);
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    const QString name = SocketName(FromUtf8(m_host->Folder()));
    QLocalServer::removeServer(name); // the folder is ours: whoever left it is gone
    if (!m_server->listen(name)) return;
    connect(m_server, &QLocalServer::newConnection, this, [this] {
        auto* socket = m_server->nextPendingConnection();
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            const auto lines =
                QString::fromUtf8(socket->read(MAX_MESSAGE)).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
            if (!m_window) return;
            m_window->Present();
            for (const auto& line : lines)
                m_window->Open(line);
        });
    });
}

void Program::Quit()
{
    if (m_quitting) return;
    m_quitting = true;
    m_host->RequestStop();
    if (m_starting) return; // Start returns soon
    Stopped();
}

void Program::Stopped()
{
    // The window goes first: nothing asks the node while it stops.
    m_window.reset();
    m_desk.reset();
    m_splash = std::make_unique<QSplashScreen>(SplashPicture());
    m_splash->showMessage(tr("Stopping…"), Qt::AlignHCenter | Qt::AlignBottom,
                          QGuiApplication::palette().color(QPalette::WindowText));
    m_splash->show();
    m_worker = std::thread([this] {
        m_host->Stop();
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_worker.join();
                m_splash.reset();
                Q_EMIT Ended(m_status);
            },
            Qt::QueuedConnection);
    });
}

} // namespace emc::qt
