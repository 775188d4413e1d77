/// Balances, coins and history of a wallet.
#include "names/transition.h"
#include "wallet/wallet.h"

namespace emc::wallet {

using interfaces::WalletCoin;
using interfaces::WalletTx;

interfaces::Balances Wallet::GetBalances(int min_confirmations) const
{
    const base::LockGuard lock(m_mutex);
    interfaces::Balances out;
    out.trusted = m_ledger.Sum(CoinKind::Trusted);
    out.pending = m_ledger.Sum(CoinKind::Pending);
    out.immature = m_ledger.Sum(CoinKind::Immature);
    out.in_names = m_ledger.Sum(CoinKind::Name);
    if (min_confirmations <= 0) return out;
    out.trusted = 0;
    for (const auto& [outpoint, coin] : m_ledger.Coins()) {
        const int32_t confirmations = coin.height < 0 ? 0 : m_ledger.TipHeight() - coin.height + 1;
        if (coin.kind == CoinKind::Trusted && confirmations >= min_confirmations)
            out.trusted += coin.out.value;
    }
    return out;
}

std::vector<WalletCoin> Wallet::ListCoins(int min_confirmations, int max_confirmations) const
{
    const base::LockGuard lock(m_mutex);
    std::vector<WalletCoin> out;
    for (const auto& [outpoint, coin] : m_ledger.Coins()) {
        if (coin.kind != CoinKind::Trusted && coin.kind != CoinKind::Pending) continue;
        WalletCoin row;
        row.confirmations = coin.height < 0 ? 0 : m_ledger.TipHeight() - coin.height + 1;
        if (row.confirmations < min_confirmations || row.confirmations > max_confirmations) continue;
        row.outpoint = outpoint;
        row.out = coin.out;
        row.safe = coin.kind == CoinKind::Trusted;
        row.address = AddressOf(coin.out.script_pubkey);
        if (const auto it = m_labels.find(coin.out.script_pubkey); it != m_labels.end())
            row.label = it->second;
        out.push_back(std::move(row));
    }
    return out;
}

void Wallet::DescribeParts(const LedgerTx& tx, WalletTx& out) const
{
    const auto& fields = *tx.row.tx;
    for (uint32_t i = 0; i < fields.Outputs().size(); ++i) {
        const auto& output = fields.Outputs()[i];
        const auto owner = names::OwnerScriptOf(fields.Version(), i, output.script_pubkey);
        const auto* origin = m_keys.Find(owner.script);
        WalletTx::Part part;
        part.vout = i;
        part.address = AddressOf(owner.script);
        if (const auto it = m_labels.find(owner.script); it != m_labels.end()) part.label = it->second;
        if (fields.Version() == primitives::NAME_TX_VERSION) {
            const auto parsed = names::ParseNameOutput(output.script_pubkey);
            if (parsed && parsed->op)
                part.name_op = std::string(names::OpName(parsed->op->kind)) + ": " + parsed->op->name;
        }
        const bool own_change =
            out.from_me && origin != nullptr && !origin->imported && origin->chain.change != 0;
        if (out.from_me && !own_change) {
            part.category = "send";
            part.amount = -output.value;
            out.parts.push_back(part);
        }
        if (origin == nullptr || own_change) continue;
        part.category = "receive";
        part.amount = output.value;
        if (out.generated) {
            const int32_t next = m_ledger.TipHeight() + 1;
            const bool ripe = next - tx.row.height >= m_params.maturity;
            part.category = tx.state != TxState::Confirmed ? "orphan" : ripe ? "generate" : "immature";
        }
        out.parts.push_back(std::move(part));
    }
}

WalletTx Wallet::Describe(const LedgerTx& tx) const
{
    WalletTx out;
    const auto& fields = *tx.row.tx;
    out.txid = fields.Txid();
    out.tx = tx.row.tx;
    out.time = tx.row.received;
    out.generated = fields.IsCoinbase() || fields.Version() == primitives::REWARD_TX_VERSION;
    out.abandoned = tx.state == TxState::Abandoned;
    if (tx.state == TxState::Confirmed) {
        out.block = tx.row.block;
        out.height = tx.row.height;
        out.confirmations = m_ledger.TipHeight() - tx.row.height + 1;
        const auto block = m_deps.chain.BlockByHash(tx.row.block);
        out.block_time = block ? static_cast<int64_t>(block->header.time) : 0;
    } else if (tx.state == TxState::Conflicted) {
        out.confirmations = -1;
    }
    Amount inputs = 0;
    size_t own_inputs = 0;
    for (const auto& input : fields.Inputs()) {
        if (const auto* coin = m_ledger.Coin(input.prevout)) {
            inputs += coin->out.value;
            ++own_inputs;
        }
    }
    out.from_me = own_inputs > 0;
    for (const auto& output : fields.Outputs()) {
        if (fields.Version() != primitives::NAME_TX_VERSION) break;
        const auto parsed = names::ParseNameOutput(output.script_pubkey);
        if (parsed && parsed->op) out.burned += names::NameFee(*parsed->op);
    }
    if (own_inputs == fields.Inputs().size()) {
        out.fee = inputs - out.burned - fields.OutputSum().value_or(0);
    }
    DescribeParts(tx, out);
    return out;
}

std::vector<WalletTx> Wallet::ListTransactions(size_t count, size_t skip) const
{
    const base::LockGuard lock(m_mutex);
    std::vector<WalletTx> out;
    if (count == 0) return out;
    m_ledger.Newest([&](const LedgerTx& tx) EMC_NO_TSA {
        if (skip > 0) {
            --skip;
            return true;
        }
        out.push_back(Describe(tx));
        return out.size() < count;
    });
    return out;
}

std::optional<WalletTx> Wallet::GetTransaction(const Hash256& txid) const
{
    const base::LockGuard lock(m_mutex);
    const auto* tx = m_ledger.Find(txid);
    if (tx == nullptr) return std::nullopt;
    return Describe(*tx);
}

Result<void> Wallet::Abandon(const Hash256& txid)
{
    const base::LockGuard lock(m_mutex);
    const auto* tx = m_ledger.Find(txid);
    if (tx == nullptr) return FailWith(CODE_ADDRESS, "Invalid or non-wallet transaction id");
    if (tx->state != TxState::Inactive) {
        return FailWith(CODE_ADDRESS,
                        "Transaction not eligible for abandonment: it is in a block, in the mempool or "
                        "given up already");
    }
    TransactionRow row = tx->row;
    row.abandoned = true;
    if (auto written = m_store->Write({MakeRow(row)}); !written) return FailWith(written.Error());
    m_ledger.Put(std::move(row), TxState::Abandoned);
    return {};
}

} // namespace emc::wallet
