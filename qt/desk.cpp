#include "qt/desk.h"

namespace emc::qt {

Desk::Desk(interfaces::NodeHost& host)
    : m_host(host), m_courier(std::make_unique<Courier>()),
      m_node(std::make_unique<NodeModel>(host, *m_courier))
{
    Show(nullptr);
}

Desk::~Desk()
{
    m_node->Stop();
    m_courier.reset(); // nothing asks the node any longer
}

void Desk::Show(std::shared_ptr<interfaces::WalletApi> wallet)
{
    if (!wallet && Rooms().wallets != nullptr) {
        const auto loaded = Rooms().wallets->Loaded();
        if (!loaded.empty()) wallet = loaded.front();
    }
    m_wallet.reset();
    if (wallet) {
        m_wallet = std::make_unique<WalletModel>(std::move(wallet), *m_node, *m_courier);
        connect(m_wallet.get(), &WalletModel::Changed, this, &Desk::WalletChanged);
    }
    Q_EMIT WalletSwitched();
}

} // namespace emc::qt
