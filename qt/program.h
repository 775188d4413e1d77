/// From the first moment to the last: settings, one instance, start, window, stop.
#pragma once

#include "interfaces/host.h"
#include "qt/first_run.h"

#include <QObject>
#include <QStringList>
#include <thread>

class QLocalServer;
class QSplashScreen;
class QTimer;

namespace emc::qt {

class Desk;
class MainWindow;

/// Owns node and window. On the window's thread, which ends when `Ended` is emitted.
class Program : public QObject
{
    Q_OBJECT

public:
    Program(std::unique_ptr<interfaces::NodeHost> host, QStringList links);
    ~Program() override;

    /// What the window asks for when it comes.
    void SetFirst(FirstStep step) { m_first = step; }

    /// Starts the node; the window comes when it runs.
    void Begin();
    /// Asks the node to end, and ends when it has.
    void Quit();

    /// Null while the node starts or stops.
    [[nodiscard]] MainWindow* Window() { return m_window.get(); }

    [[nodiscard]] interfaces::NodeHost& Host() { return *m_host; }

    [[nodiscard]] Desk* TheDesk() { return m_desk.get(); }

Q_SIGNALS:
    void Ready();
    void Ended(int status);

private:
    void Started(const QString& problem);
    void ShowStep();
    void Listen();
    void Stopped();

    std::unique_ptr<interfaces::NodeHost> m_host;
    QStringList m_links; ///< emercoin: URIs to show once there is a window
    std::unique_ptr<QSplashScreen> m_splash;
    QTimer* m_step;
    std::unique_ptr<Desk> m_desk;
    std::unique_ptr<MainWindow> m_window;
    QLocalServer* m_server = nullptr;
    std::thread m_worker; ///< starts or stops the node
    FirstStep m_first = FirstStep::None;
    bool m_starting = false;
    bool m_quitting = false;
    int m_status = 0;
};

/// Speaks a language from now on, for as long as `owner` lives: "de", "es" …; empty: the system's.
void Translate(const QString& language, QObject& owner);

/// Name of the socket other starts of this program hand their links to; one for each data folder.
[[nodiscard]] QString SocketName(const QString& folder);
/// Hands links to a program that runs already. False when none does.
[[nodiscard]] bool HandOver(const QString& folder, const QStringList& links);

} // namespace emc::qt
