/// The window: pages, menus, status bar, tray.
#pragma once

#include "qt/desk.h"

#include <QMainWindow>
#include <QSystemTrayIcon>

class QAction;
class QActionGroup;
class QLabel;
class QMenu;
class QProgressBar;
class QStackedWidget;

namespace emc::qt {

enum class Glyph;
class Page;
class SendPage;
class SyncOverlay;

class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(Desk& desk);
    ~MainWindow() override;

    /// Shows the page Send with what an emercoin: URI asks for.
    void Open(const QString& uri);
    /// To the front.
    void Present();

Q_SIGNALS:
    void QuitWanted();

protected:
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void AddPage(Page* page, Glyph glyph, const QString& title);
    void MakePages();
    void MakeMenus();
    void MakeWalletMenu(QMenu* menu);
    void MakeStatus();
    void MakeTray();
    void FillWallets();
    void ShowNode();
    void ShowWallet();
    void Say(const QString& line);
    /// A notification for money that came in since the last reading.
    void Notify();
    void RemindOfBackup();

    Desk& m_desk;
    QStackedWidget* m_pages;
    QActionGroup* m_choices;
    QToolBar* m_bar;
    SendPage* m_send = nullptr;
    SyncOverlay* m_overlay;
    QMenu* m_wallets = nullptr;
    QLabel* m_wallet_name = nullptr;
    QLabel* m_lock = nullptr;
    QLabel* m_staking = nullptr;
    QLabel* m_peers = nullptr;
    QLabel* m_sync = nullptr;
    QProgressBar* m_progress = nullptr;
    QSystemTrayIcon* m_tray = nullptr;
    base::Hash256 m_newest; ///< newest transaction that was told about
    bool m_told = false;    ///< the history of this wallet was seen once
};

} // namespace emc::qt
