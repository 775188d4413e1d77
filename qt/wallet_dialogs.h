/// What the menu Wallet does.
#pragma once

#include "qt/desk.h"

namespace emc::qt {

class MainWindow;

/// The wallet's name for people; the one without a name is "default".
[[nodiscard]] QString WalletTitle(const interfaces::WalletApi& wallet);
/// Where it is kept that a wallet was backed up.
[[nodiscard]] QString BackupKey(const interfaces::WalletApi& wallet);

void NewWallet(Desk& desk, QWidget* parent);
void LoadWallet(Desk& desk, QWidget* parent);
void RestoreWallet(Desk& desk, QWidget* parent);
void RestoreWords(Desk& desk, QWidget* parent);
void CloseWallet(Desk& desk, QWidget* parent);
void EncryptWallet(Desk& desk, QWidget* parent);
void LockWallet(Desk& desk, QWidget* parent);
void UnlockWallet(Desk& desk, QWidget* parent);
void BackupWallet(Desk& desk, QWidget* parent);
void ShowWords(Desk& desk, QWidget* parent);
void SignMessage(Desk& desk, QWidget* parent);
void AskLink(MainWindow& window);

} // namespace emc::qt
