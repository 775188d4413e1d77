#pragma once
// A made-up chain and mempool that tell a ledger what happens, step by random step, and compare it with the
// model.

#include "unit/wallet/ledger_model.h"

#include <functional>
#include <memory>

namespace emc::test {

class LedgerSim
{
public:
    /// `pick(n)` gives a number below n.
    explicit LedgerSim(std::function<uint32_t(uint32_t)> pick);

    /// One random operation of at most a few events. Empty, or the first difference to the model.
    [[nodiscard]] std::string Step();

    /// Single events so far.
    [[nodiscard]] uint64_t Events() const { return m_events; }

private:
    using Txids = std::set<Hash256>;

    // what may happen
    void PoolTx();
    void MineSome();
    void PopSome();
    void Reconnect();
    void Drop();
    void Abandon();
    void Forget();
    void SendAgain();
    void Reload();

    // single events: the ledger is told, the model is changed, both are compared
    void Connect(const ModelBlock& block);
    void Disconnect();
    void EnterPool(const TxRef& tx);
    void LeavePool(const Txids& leaving, bool lost);
    void Record(const TxRef& tx);
    void AddFreedInPool(LedgerModel::Freed& freed, const Hash256& txid) const;
    void Compare(const char* event, const LedgerModel::Freed& freed);
    void CompareStates();
    void CompareHistory();
    void CompareCoins();
    void CompareNames();
    void Differ(const std::string& what);

    // the made-up node
    [[nodiscard]] TxRef MakeTx(bool generated);
    void AddOutputs(primitives::MutableTransaction& fields);
    [[nodiscard]] OutPoint PickInput();
    [[nodiscard]] Hash256 FreshHash();
    [[nodiscard]] ModelBlock MakeBlock();
    [[nodiscard]] Txids PoolConflicts(const TxRef& tx) const;
    [[nodiscard]] Txids WithDescendants(Txids txids) const;
    [[nodiscard]] Txids PoolWithoutParents() const;
    /// Every input is of the chain, of thin air, of `also`, or with `pool` of the mempool, and not spent in
    /// the chain.
    [[nodiscard]] bool CanSpend(const TxRef& tx, bool pool, const std::vector<TxRef>& also) const;
    [[nodiscard]] bool SpentInChain(const OutPoint& outpoint) const;
    void TellNames(const ModelBlock& block);
    void Put(const TxRef& tx, TxState state, const ModelBlock* block);

    template <typename T>
    [[nodiscard]] T OneOf(const std::set<T>& from)
    {
        return *std::next(from.begin(),
                          static_cast<std::ptrdiff_t>(m_pick(static_cast<uint32_t>(from.size()))));
    }

    const std::function<uint32_t(uint32_t)> m_pick;
    std::unique_ptr<wallet::Ledger> m_ledger;
    LedgerModel m_model;
    std::map<Hash256, TxRef> m_made;             ///< every transaction ever made
    std::vector<ModelBlock> m_undone;            ///< blocks taken off, the last one on top
    std::map<base::Bytes, base::Bytes> m_stored; ///< rows as the wallet's file would hold them
    std::string m_difference;
    uint64_t m_events = 0;
    uint32_t m_salt = 0;
};

} // namespace emc::test
