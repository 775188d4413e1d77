#include "qt/main_window.h"

#include "qt/ask.h"
#include "qt/form.h"
#include "qt/icons.h"
#include "qt/pages/history.h"
#include "qt/pages/names.h"
#include "qt/pages/node.h"
#include "qt/pages/overview.h"
#include "qt/pages/receive.h"
#include "qt/pages/rewards.h"
#include "qt/pages/send.h"
#include "qt/pages/staking.h"
#include "qt/sync_overlay.h"
#include "qt/text.h"
#include "qt/tx_content.h"
#include "qt/wallet_dialogs.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QMenuBar>
#include <QProgressBar>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>

namespace emc::qt {

namespace {

constexpr int SAY_MS = 20'000;
constexpr int TELL_MS = 8'000;
constexpr int PERMILLE = 1'000;

} // namespace

MainWindow::MainWindow(Desk& desk) : m_desk(desk)
{
    setObjectName(QStringLiteral("main"));
    setWindowIcon(ProgramIcon());
    m_pages = new QStackedWidget(this);
    m_choices = new QActionGroup(this);
    m_bar = addToolBar(tr("Pages"));
    m_bar->setObjectName(QStringLiteral("pages"));
    m_bar->setMovable(false);
    m_bar->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    setCentralWidget(m_pages);
    MakePages();
    m_overlay = new SyncOverlay(m_pages);
    MakeMenus();
    MakeStatus();
    MakeTray();
    resize(fontMetrics().averageCharWidth() * 140, fontMetrics().height() * 42);
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("window/state")).toByteArray());
    connect(&desk.Node(), &NodeModel::Changed, this, &MainWindow::ShowNode);
    connect(&desk, &Desk::WalletChanged, this, &MainWindow::ShowWallet);
    connect(&desk, &Desk::WalletSwitched, this, [this] {
        m_told = false;
        FillWallets();
        ShowWallet();
    });
    FillWallets();
    ShowWallet();
}

MainWindow::~MainWindow()
{
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/state"), saveState());
}

void MainWindow::AddPage(Page* page, Glyph glyph, const QString& title)
{
    m_pages->addWidget(page);
    auto* action = m_bar->addAction(GlyphIcon(glyph), title);
    action->setObjectName(QStringLiteral("page_") + page->objectName());
    action->setCheckable(true);
    action->setShortcut(QKeySequence(QStringLiteral("Alt+%1").arg(m_pages->count())));
    action->setToolTip(QStringLiteral("%1 (%2)").arg(QString(title).remove(QLatin1Char('&')),
                                                     action->shortcut().toString(QKeySequence::NativeText)));
    m_choices->addAction(action);
    connect(action, &QAction::triggered, this, [this, page] { m_pages->setCurrentWidget(page); });
    connect(page, &Page::Said, this, &MainWindow::Say);
    if (m_pages->count() == 1) action->setChecked(true);
}

void MainWindow::MakePages()
{
    AddPage(new OverviewPage(m_desk, m_pages), Glyph::Overview, tr("Overview"));
    m_send = new SendPage(m_desk, m_pages);
    AddPage(m_send, Glyph::Send, tr("Send"));
    AddPage(new ReceivePage(m_desk, m_pages), Glyph::Receive, tr("Receive"));
    AddPage(new HistoryPage(m_desk, m_pages), Glyph::History, tr("Transactions"));
    AddPage(new NamesPage(m_desk, m_pages), Glyph::Names, tr("Manage Names"));
    AddPage(new RewardsPage(m_desk, m_pages), Glyph::Rewards, tr("Call rewards"));
    AddPage(new StakingPage(m_desk, m_pages), Glyph::Staking, tr("Staking"));
    AddPage(new NodePage(m_desk, m_pages), Glyph::Node, tr("Node"));
}

void MainWindow::MakeMenus()
{
    auto* file = menuBar()->addMenu(tr("&File"));
    auto* open = file->addAction(tr("Open &link…"));
    open->setObjectName(QStringLiteral("open_link"));
    connect(open, &QAction::triggered, this, [this] { AskLink(*this); });
    file->addSeparator();
    auto* quit = file->addAction(tr("&Quit"));
    quit->setShortcut(QKeySequence::Quit);
    quit->setObjectName(QStringLiteral("quit"));
    connect(quit, &QAction::triggered, this, &MainWindow::QuitWanted);
    MakeWalletMenu(menuBar()->addMenu(tr("&Wallet")));
    auto* view = menuBar()->addMenu(tr("&View"));
    view->addActions(m_choices->actions());
    auto* help = menuBar()->addMenu(tr("&Help"));
    connect(help->addAction(tr("&About")), &QAction::triggered, this, [this] {
        Tell(this, tr("About"),
             tr("Emercoin telephony node, version %1.\nFree software under the MIT licence.")
                 .arg(QApplication::applicationVersion()),
             false);
    });
    connect(help->addAction(tr("About &Qt")), &QAction::triggered, qApp, &QApplication::aboutQt);
}

void MainWindow::MakeWalletMenu(QMenu* menu)
{
    m_wallets = menu->addMenu(tr("&Open wallets"));
    const auto add = [&](const QString& title, const char* name, void (*action)(Desk&, QWidget*)) {
        auto* out = menu->addAction(title);
        out->setObjectName(QLatin1String(name));
        connect(out, &QAction::triggered, this, [this, action] { action(m_desk, this); });
    };
    add(tr("&New…"), "wallet_new", &NewWallet);
    add(tr("&Load…"), "wallet_load", &LoadWallet);
    add(tr("&Restore a backup…"), "wallet_restore", &RestoreWallet);
    add(tr("Restore &from words…"), "wallet_from_words", &RestoreWords);
    add(tr("&Close"), "wallet_close", &CloseWallet);
    menu->addSeparator();
    add(tr("&Encrypt, or change the passphrase…"), "wallet_encrypt", &EncryptWallet);
    add(tr("Loc&k"), "wallet_lock", &LockWallet);
    add(tr("&Unlock…"), "wallet_unlock", &UnlockWallet);
    menu->addSeparator();
    add(tr("&Backup…"), "wallet_backup", &BackupWallet);
    add(tr("&Words to write down…"), "wallet_words", &ShowWords);
    add(tr("S&ign a message…"), "wallet_sign", &SignMessage);
}

void MainWindow::MakeStatus()
{
    m_sync = new QLabel(this);
    m_sync->setObjectName(QStringLiteral("status_sync"));
    m_progress = new QProgressBar(this);
    m_progress->setRange(0, PERMILLE);
    m_progress->setMaximumWidth(fontMetrics().averageCharWidth() * 24);
    m_wallet_name = new QLabel(this);
    m_lock = new QLabel(this);
    m_lock->setObjectName(QStringLiteral("status_lock"));
    m_staking = new QLabel(this);
    m_staking->setObjectName(QStringLiteral("status_staking"));
    m_peers = new QLabel(this);
    m_peers->setObjectName(QStringLiteral("status_peers"));
    for (QWidget* widget :
         std::initializer_list<QWidget*>{m_sync, m_progress, m_wallet_name, m_lock, m_staking, m_peers})
        statusBar()->addPermanentWidget(widget);
}

void MainWindow::MakeTray()
{
    if (!QSystemTrayIcon::isSystemTrayAvailable()) return;
    m_tray = new QSystemTrayIcon(ProgramIcon(), this);
    auto* menu = new QMenu(this);
    connect(menu->addAction(tr("&Show")), &QAction::triggered, this, &MainWindow::Present);
    connect(menu->addAction(tr("&Quit")), &QAction::triggered, this, &MainWindow::QuitWanted);
    m_tray->setContextMenu(menu);
    connect(m_tray, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger) Present();
    });
    m_tray->show();
}

void MainWindow::FillWallets()
{
    m_wallets->clear();
    if (m_desk.Rooms().wallets == nullptr) return;
    for (const auto& wallet : m_desk.Rooms().wallets->Loaded()) {
        const QString name = WalletTitle(*wallet);
        auto* action = m_wallets->addAction(name);
        action->setCheckable(true);
        action->setChecked(m_desk.Wallet() != nullptr && m_desk.Wallet()->Api() == wallet);
        connect(action, &QAction::triggered, this, [this, wallet] { m_desk.Show(wallet); });
    }
}

void MainWindow::ShowNode()
{
    const auto& state = m_desk.Node().State();
    m_progress->setVisible(state.CatchingUp());
    m_progress->setValue(static_cast<int>(state.progress * PERMILLE));
    const QString part = QString::number(100 * state.progress, 'f', 1);
    if (!state.CatchingUp())
        m_sync->setText(tr("Block %1").arg(state.tip.height));
    else if (state.left_sec < 0) // not known yet
        m_sync->setText(part + QStringLiteral(" %"));
    else
        m_sync->setText(tr("%1 %, %2 left").arg(part, DurationText(state.left_sec)));
    const auto connections = static_cast<int>(state.peers_in + state.peers_out);
    m_peers->setText(state.net_active ? tr("%n connection(s)", nullptr, connections) : tr("network off"));
    m_staking->setText(state.staking.staking ? tr("staking") : tr("not staking"));
    m_overlay->Show(state);
    if (m_tray != nullptr) m_tray->setToolTip(windowTitle() + QLatin1Char('\n') + m_sync->text());
}

void MainWindow::ShowWallet()
{
    auto* wallet = m_desk.Wallet();
    const QString network = FromUtf8(m_desk.Host().Network());
    const QString place =
        network == QStringLiteral("main") ? QString() : QStringLiteral(" [%1]").arg(network);
    if (wallet == nullptr) {
        setWindowTitle(tr("Emercoin") + place);
        m_wallet_name->setText(tr("no wallet"));
        m_lock->clear();
        return;
    }
    const QString name = WalletTitle(*wallet->Api());
    setWindowTitle(tr("Emercoin — %1").arg(name) + place);
    m_wallet_name->setText(name);
    if (!wallet->State()) return;
    const auto& info = wallet->State()->info;
    if (info.scanning)
        m_wallet_name->setText(
            tr("%1, looking through the blocks: %2 %").arg(name).arg(100 * info.scan_progress, 0, 'f', 1));
    const bool open = info.unlocked_until != 0;
    const auto glyph =
        !info.encrypted || open ? (info.mint_only ? Glyph::Minting : Glyph::Open) : Glyph::Locked;
    const int side = fontMetrics().height();
    m_lock->setPixmap(GlyphIcon(glyph).pixmap(side, side));
    m_lock->setToolTip(!info.encrypted ? tr("Not encrypted: whoever has the file has the coins")
                       : !open         ? tr("Encrypted and locked")
                       : info.mint_only
                           ? tr("Unlocked for staking only")
                           : tr("Encrypted, unlocked until %1").arg(TimeText(info.unlocked_until)));
    Notify();
    RemindOfBackup();
}

void MainWindow::Notify()
{
    const auto& history = *m_desk.Wallet()->State()->history;
    const auto newest = history.empty() ? base::Hash256{} : history.front()->txid;
    if (m_told && newest != m_newest && !history.empty()) {
        const auto& row = *history.front();
        const QString text = QStringLiteral("%1: %2").arg(WhatText(row), AmountPlain(row.amount, true));
        if (row.amount > 0 && m_tray != nullptr)
            m_tray->showMessage(tr("Emercoin"), text, ProgramIcon(), TELL_MS);
        if (row.amount > 0) Say(text);
    }
    m_newest = newest;
    m_told = true;
}

void MainWindow::RemindOfBackup()
{
    const auto& state = *m_desk.Wallet()->State();
    const QString key = BackupKey(*m_desk.Wallet()->Api());
    if (state.history->empty() || QSettings().contains(key)) return;
    if (statusBar()->currentMessage().isEmpty())
        statusBar()->showMessage(tr("This wallet has no backup yet: Wallet, Backup"), SAY_MS);
}

void MainWindow::Say(const QString& line)
{
    statusBar()->showMessage(line, SAY_MS);
}

void MainWindow::Open(const QString& uri)
{
    Present();
    const auto opened = m_send->Open(uri);
    if (!opened) return Tell(this, tr("Open link"), opened.Error());
    m_pages->setCurrentWidget(m_send);
    for (auto* action : m_choices->actions())
        action->setChecked(action->objectName() == QStringLiteral("page_send"));
}

void MainWindow::Present()
{
    show();
    setWindowState((windowState() & ~Qt::WindowMinimized) | Qt::WindowActive);
    raise();
    activateWindow();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    event->ignore();
    Q_EMIT QuitWanted();
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    m_overlay->Fit();
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_lock != nullptr)
        ShowWallet(); // its picture has the old colours
}

} // namespace emc::qt
