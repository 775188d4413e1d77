/// Balances, coins and history of a wallet.
#include "base/clock.h"
#include "consensus/params.h"
#include "interfaces/chain.h"
#include "interfaces/events.h"
#include "interfaces/pool.h"
#include "names/transition.h"
#include "wallet/spend.h"

#include <algorithm>

namespace emc::wallet {

using interfaces::WalletCoin;
using interfaces::WalletTx;

namespace {

std::string LabelIn(const Book& book, ByteSpan script)
{
    const auto it = book.labels.find(script);
    return it == book.labels.end() ? "" : it->second;
}

} // namespace

interfaces::Balances Wallet::GetBalances(int min_confirmations) const
{
    const base::LockGuard lock(m_mutex);
    const Ledger& ledger = m_book->ledger;
    interfaces::Balances out;
    out.trusted = ledger.Sum(CoinKind::Trusted);
    out.pending = ledger.Sum(CoinKind::Pending);
    out.immature = ledger.Sum(CoinKind::Immature);
    out.in_names = ledger.Sum(CoinKind::Name);
    const auto reused = ReusedScripts();
    if (min_confirmations <= 0 && reused.empty()) return out;
    out.trusted = out.pending = 0;
    ledger.ForEachUnspent([&](const OutPoint&, const OwnCoin& coin) {
        const int32_t confirmations = coin.height < 0 ? 0 : ledger.TipHeight() - coin.height + 1;
        const bool apart = reused.contains(coin.out.script_pubkey);
        if (coin.kind == CoinKind::Pending) (apart ? out.used_pending : out.pending) += coin.out.value;
        if (coin.kind == CoinKind::Trusted && confirmations >= min_confirmations)
            (apart ? out.used_trusted : out.trusted) += coin.out.value;
    });
    return out;
}

std::vector<WalletCoin> Wallet::ListCoins(int min_confirmations, int max_confirmations) const
{
    const base::LockGuard lock(m_mutex);
    const Book& book = *m_book;
    const std::set<OutPoint> kept_back = m_locked;
    const auto reused = ReusedScripts();
    std::vector<WalletCoin> out;
    book.ledger.ForEachUnspent([&](const OutPoint& outpoint, const OwnCoin& coin) {
        if (coin.kind != CoinKind::Trusted && coin.kind != CoinKind::Pending) return;
        WalletCoin row;
        row.confirmations = coin.height < 0 ? 0 : book.ledger.TipHeight() - coin.height + 1;
        if (kept_back.contains(outpoint)) return;
        if (row.confirmations < min_confirmations || row.confirmations > max_confirmations) return;
        row.outpoint = outpoint;
        row.out = coin.out;
        row.safe = coin.kind == CoinKind::Trusted;
        row.reused = reused.contains(coin.out.script_pubkey);
        row.address = AddressOf(coin.out.script_pubkey);
        row.label = LabelIn(book, coin.out.script_pubkey);
        out.push_back(std::move(row));
    });
    std::sort(out.begin(), out.end(),
              [](const WalletCoin& a, const WalletCoin& b) { return a.outpoint < b.outpoint; });
    return out;
}

WalletTx::Part Wallet::DescribePart(const TransactionRow& row, const HistoryLine& line) const
{
    const auto& tx = *row.tx;
    const auto& output = tx.Outputs()[line.vout];
    WalletTx::Part part;
    part.vout = line.vout;
    part.address = AddressOf(line.owner);
    part.label = LabelIn(*m_book, line.owner);
    if (tx.Version() == primitives::NAME_TX_VERSION) {
        const auto parsed = names::ParseNameOutput(output.script_pubkey);
        if (parsed && parsed->op)
            part.name_op = std::string(names::OpName(parsed->op->kind)) + ": " + parsed->op->name;
    }
    part.category = line.received ? "receive" : "send";
    part.amount = line.received ? output.value : -output.value;
    if (line.received && row.generated) {
        const int32_t next = m_book->ledger.TipHeight() + 1;
        const bool ripe = next - row.height >= m_params.maturity;
        part.category = row.state != TxState::Confirmed ? "orphan" : ripe ? "generate" : "immature";
    }
    return part;
}

WalletTx Wallet::Describe(const TransactionRow& row) const
{
    std::vector<HistoryLine> lines;
    m_book->ledger.ReadLines(row, lines);
    return Describe(row, lines);
}

WalletTx Wallet::Describe(const TransactionRow& row, const std::vector<HistoryLine>& lines) const
{
    WalletTx out;
    const auto& fields = *row.tx;
    out.txid = fields.Txid();
    out.tx = row.tx;
    out.time = row.received;
    out.generated = row.generated;
    out.abandoned = row.state == TxState::Abandoned;
    out.comment = row.comment;
    out.comment_to = row.comment_to;
    out.conflicts = m_book->ledger.ConflictsOf(fields);
    if (row.state == TxState::Confirmed) {
        out.block = row.block;
        out.height = row.height;
        out.confirmations = m_book->ledger.TipHeight() - row.height + 1;
        const auto block = m_deps.chain.BlockByHash(row.block);
        out.block_time = block ? static_cast<int64_t>(block->header.time) : 0;
    } else if (row.state == TxState::Conflicted) {
        out.confirmations = -1;
    }
    Amount inputs = 0;
    size_t own_inputs = 0;
    for (const auto& input : fields.Inputs()) {
        if (const auto* coin = m_book->ledger.Coin(input.prevout)) {
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
    for (const auto& line : lines)
        out.parts.push_back(DescribePart(row, line));
    return out;
}

std::vector<WalletTx> Wallet::ListTransactions(const HistoryPage& page) const
{
    const base::LockGuard lock(m_mutex);
    const Book& book = *m_book;
    std::vector<std::pair<const TransactionRow*, std::vector<HistoryLine>>> rows;
    std::vector<HistoryLine> lines;
    size_t skip = page.skip;
    size_t none = 0; // lines of a label are counted one by one
    size_t left = page.count;
    if (left > 0) {
        book.ledger.Newest(page.label ? none : skip, [&](const TransactionRow& row) {
            book.ledger.ReadLines(row, lines);
            if (page.label)
                std::erase_if(
                    lines, [&](const HistoryLine& line) { return LabelIn(book, line.owner) != *page.label; });
            const size_t passed = std::min(skip, lines.size());
            skip -= passed;
            lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(passed));
            if (lines.size() > left) lines.resize(left);
            left -= lines.size();
            if (!lines.empty()) rows.emplace_back(&row, lines);
            return left > 0;
        });
    }
    std::vector<WalletTx> out;
    for (const auto& [row, told] : rows)
        out.push_back(Describe(*row, told));
    return out;
}

std::optional<WalletTx> Wallet::GetTransaction(const Hash256& txid) const
{
    const base::LockGuard lock(m_mutex);
    const auto* row = m_book->ledger.Find(txid);
    if (row == nullptr) return std::nullopt;
    return Describe(*row);
}

Result<void> Wallet::Abandon(const Hash256& txid)
{
    const base::LockGuard lock(m_mutex);
    Book& book = *m_book;
    if (book.ledger.Find(txid) == nullptr)
        return FailWith(CODE_ADDRESS, "No transaction of this wallet has that id");
    // The pool may hold it while its event is still on the way.
    if (m_deps.pool.Get(txid) || !book.ledger.Abandon(txid)) {
        return FailWith(CODE_ADDRESS, "Cannot be abandoned: the transaction is in a block, in the mempool or "
                                      "given up already");
    }
    RowBatch batch;
    book.CollectChanges(batch);
    if (auto written = book.store->Write(batch); !written) {
        book.unsaved = true;
        return FailWith(written.Error());
    }
    return {};
}

Result<void> Wallet::AddProven(const primitives::TxRef& tx, const BlockPlace& place)
{
    Sync();
    const base::LockGuard lock(m_mutex);
    Book& book = *m_book;
    if (!book.ledger.Concerns(*tx))
        return FailWith(CODE_ADDRESS,
                        "The transaction pays no address of this wallet and spends none of its coins");
    TransactionRow row;
    row.tx = tx;
    row.state = TxState::Confirmed;
    row.received = std::min(m_deps.clock.NowSec(), place.time);
    row.height = place.height;
    row.block = place.block;
    RowBatch batch;
    if (TakeIn(std::move(row), batch)) book.ledger.Rebuild();
    ResolveNames();
    if (!SaveChanges(std::move(batch))) return FailWith(CODE_WALLET, "The wallet file could not be written");
    return {};
}

Result<void> Wallet::Remove(const Hash256& txid)
{
    const base::LockGuard lock(m_mutex);
    if (m_book->ledger.Find(txid) == nullptr)
        return FailWith(CODE_PARAMETER, "No transaction of this wallet has that id");
    if (m_deps.pool.Get(txid)) {
        return FailWith(CODE_PARAMETER,
                        "The transaction waits in the mempool, so the wallet would see it "
                        "again at once; abandontransaction is for those that are gone from it");
    }
    m_book->ledger.Forget(txid);
    if (!SaveChanges({})) return FailWith(CODE_WALLET, "The wallet file could not be written");
    return {};
}

} // namespace emc::wallet
