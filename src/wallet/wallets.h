/// The wallets of the process: made, opened, closed by name.
#pragma once

#include "base/mutex.h"
#include "wallet/wallet.h"

namespace emc::wallet {

class Signer;

/// Any thread. The wallet named "" lies in the wallet folder itself, others in a folder of their name below
/// it.
class Wallets final : public interfaces::WalletsApi
{
public:
    Wallets(std::string folder, const WalletOptions& options, const WalletDeps& deps);
    ~Wallets() override;

    [[nodiscard]] std::vector<std::shared_ptr<WalletApi>> Loaded() const override;
    [[nodiscard]] Result<std::shared_ptr<WalletApi>> Create(const std::string& name,
                                                            const interfaces::NewWallet& plan) override;
    [[nodiscard]] Result<std::shared_ptr<WalletApi>> Load(const std::string& name) override;
    [[nodiscard]] Result<void> Unload(const std::string& name) override;
    [[nodiscard]] Result<std::shared_ptr<WalletApi>> Restore(const std::string& name,
                                                             const std::string& backup) override;
    [[nodiscard]] Result<void> SetLoadOnStart(const std::string& name, bool on) override;
    /// Wallets to load at the start besides those of the options.
    [[nodiscard]] std::vector<std::string> LoadOnStart() const;
    [[nodiscard]] std::vector<std::string> OnDisk() const override;
    [[nodiscard]] Result<std::vector<interfaces::SignerDevice>> Signers() const override;
    /// Height up to which no loaded wallet needs blocks (WalletApi::SavedHeight); INT32_MAX without wallets,
    /// −1 while one is being opened. Waits for nothing.
    [[nodiscard]] int32_t ReadUpTo() const;

private:
    [[nodiscard]] Result<std::shared_ptr<WalletApi>> Open(const std::string& name, StoreMode mode,
                                                          const interfaces::NewWallet& plan);
    /// A wallet that watches the keys of the device behind -signer.
    [[nodiscard]] Result<std::shared_ptr<WalletApi>> CreateForDevice(const std::string& name,
                                                                     const interfaces::NewWallet& plan);
    /// What speaks for devices.
    [[nodiscard]] Signer DeviceSigner() const;
    [[nodiscard]] std::string StartList() const;
    [[nodiscard]] std::string FolderOf(const std::string& name) const;

    const std::string m_folder;
    const WalletOptions m_options;
    const WalletDeps m_deps;
    mutable base::Mutex<base::LockRank::Leaf> m_mutex;
    mutable base::Mutex<base::LockRank::Wallet> m_list_mutex; ///< of the file StartList
    std::vector<std::shared_ptr<WalletApi>> m_loaded EMC_GUARDED_BY(m_mutex);
    std::vector<std::string> m_opening EMC_GUARDED_BY(m_mutex);
};

} // namespace emc::wallet
