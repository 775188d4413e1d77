/// What the windows know of one wallet.
#pragma once

#include "interfaces/wallet.h"

#include <QObject>
#include <QString>
#include <map>

namespace emc::qt {

class Courier;
class NodeModel;

/// One line of the history: a part of a transaction.
struct TxRow {
    base::Hash256 txid;
    uint32_t vout = 0;
    int64_t time = 0; ///< unix seconds
    int32_t height = -1;
    bool conflicted = false;
    bool abandoned = false;
    std::string category; ///< as in interfaces::WalletTx::Part
    std::string address;
    std::string label;
    std::string name_op;
    std::string comment;
    primitives::Amount amount = 0;
    primitives::Amount fee = 0; ///< of the whole transaction, when it is ours
};

using TxRows = std::vector<std::shared_ptr<const TxRow>>; ///< newest first
using NameRows = std::vector<std::shared_ptr<const interfaces::OwnName>>;

/// A wallet at one moment. Immutable.
struct WalletState {
    interfaces::Balances balances;
    interfaces::WalletApi::Info info;
    std::shared_ptr<const TxRows> history;
    std::shared_ptr<const NameRows> names; ///< in byte order
    int32_t height = -1;                   ///< of the tip it was read at
};

/// Keeps the history, reading anew only what may have changed. One thread at a time.
class HistoryReader
{
public:
    [[nodiscard]] std::shared_ptr<const TxRows> Read(const interfaces::WalletApi& wallet, int32_t tip_height);

private:
    void Add(const interfaces::WalletTx& tx, TxRows& to) const;
    /// The whole history, page by page, so that the wallet is never held up for long.
    void ReadPages(const interfaces::WalletApi& wallet, TxRows& to) const;

    TxRows m_settled; ///< in blocks up to m_settled_height, newest first
    int32_t m_settled_height = -1;
};

/// Reads a wallet when blocks or transactions come, off the window's thread. Lives on the window's thread.
class WalletModel : public QObject
{
    Q_OBJECT

public:
    WalletModel(std::shared_ptr<interfaces::WalletApi> wallet, NodeModel& node, Courier& courier);

    [[nodiscard]] const std::shared_ptr<interfaces::WalletApi>& Api() const { return m_wallet; }

    [[nodiscard]] QString Name() const;

    /// Null until the first reading.
    [[nodiscard]] const std::shared_ptr<const WalletState>& State() const { return m_state; }

    /// Reads again soon, after something was changed by a window.
    void Refresh();

Q_SIGNALS:
    void Changed();

private:
    std::shared_ptr<interfaces::WalletApi> m_wallet;
    NodeModel& m_node;
    Courier& m_courier;
    std::shared_ptr<HistoryReader> m_reader = std::make_shared<HistoryReader>();
    std::shared_ptr<const WalletState> m_state;
    bool m_reading = false;
    bool m_again = false;
};

} // namespace emc::qt
