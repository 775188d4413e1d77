/// What every page works with.
#pragma once

#include "qt/courier.h"
#include "qt/node_model.h"
#include "qt/wallet_model.h"

namespace emc::qt {

/// The running node and the wallet that is looked at. Lives on the window's thread, from the node's start to
/// its stop.
class Desk : public QObject
{
    Q_OBJECT

public:
    explicit Desk(interfaces::NodeHost& host);
    ~Desk() override;

    [[nodiscard]] Courier& Work() { return *m_courier; }

    [[nodiscard]] NodeModel& Node() { return *m_node; }

    [[nodiscard]] interfaces::NodeHost& Host() { return m_host; }

    [[nodiscard]] const interfaces::Rooms& Rooms() const { return m_host.GetRooms(); }

    /// The wallet that is looked at; null when none is loaded.
    [[nodiscard]] WalletModel* Wallet() { return m_wallet.get(); }

    /// Looks at another loaded wallet; null: at the first there is.
    void Show(std::shared_ptr<interfaces::WalletApi> wallet);

    /// Does something with the wallet off the window's thread; `done` gets its result if the wallet is still
    /// the one that is looked at. Then the wallet is read anew.
    template <typename Job, typename Done>
    void WithWallet(QObject* receiver, Job job, Done done)
    {
        if (!m_wallet) return;
        m_courier->Run(
            receiver, [api = m_wallet->Api(), job = std::move(job)] { return job(*api); },
            [this, api = m_wallet->Api(), done = std::move(done)](auto result) mutable {
                if (!m_wallet || m_wallet->Api() != api) return;
                m_wallet->Refresh();
                done(std::move(result));
            });
    }

Q_SIGNALS:
    /// Another wallet, or none, is looked at.
    void WalletSwitched();
    /// The wallet that is looked at was read.
    void WalletChanged();

private:
    interfaces::NodeHost& m_host;
    std::unique_ptr<Courier> m_courier;
    std::unique_ptr<NodeModel> m_node;
    std::unique_ptr<WalletModel> m_wallet;
};

} // namespace emc::qt
