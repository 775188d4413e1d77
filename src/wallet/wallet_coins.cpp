/// Which coins may be spent, what is tied, and coins the user keeps back.
#include "names/transition.h"
#include "script/solver.h"
#include "wallet/spend.h"

#include <algorithm>

namespace emc::wallet {

namespace {

using primitives::AmountText;

constexpr size_t VERSION_AND_LOCKTIME_BYTES = 8;
constexpr int32_t TRUC_TX_VERSION = 3; ///< others than of it spend no unconfirmed output of it (BIP 431)
/// Marker and flag (BIP 144).
constexpr size_t SEGWIT_WEIGHT = 2;

size_t OutputBytes(const primitives::TxOut& output)
{
    return 8 + codec::CompactSizeBytes(output.script_pubkey.size()) + output.script_pubkey.size();
}

} // namespace

size_t Wallet::SizeOf(const Draft& draft) const
{
    const KeyRing& keys = m_book->keys;
    const auto& tx = draft.tx;
    const auto& spent = draft.spent;
    size_t weight = WITNESS_SCALE * (VERSION_AND_LOCKTIME_BYTES + codec::CompactSizeBytes(spent.size()) +
                                     codec::CompactSizeBytes(tx.outputs.size()));
    for (const auto& output : tx.outputs)
        weight += WITNESS_SCALE * OutputBytes(output);
    size_t legacy = 0;
    for (size_t i = 0; i < spent.size(); ++i) {
        const auto told = draft.weights.find(tx.inputs[i].prevout);
        weight += told != draft.weights.end() ? told->second : keys.InputWeight(spent[i].script_pubkey);
        const auto origin = keys.Find(spent[i].script_pubkey);
        if (origin && origin->type == AddressType::Legacy) ++legacy;
    }
    // In a transaction with witnesses each input without one says so in a byte.
    if (legacy < spent.size()) weight += SEGWIT_WEIGHT + legacy;
    return (weight + WITNESS_SCALE - 1) / WITNESS_SCALE;
}

std::string OutPointText(const OutPoint& outpoint)
{
    return base::ReversedHex(outpoint.txid) + ":" + std::to_string(outpoint.index);
}

Amount BurnedBy(const primitives::MutableTransaction& tx)
{
    Amount out = 0;
    for (const auto& output : tx.outputs) {
        if (tx.version != primitives::NAME_TX_VERSION) break;
        const auto parsed = names::ParseNameOutput(output.script_pubkey);
        if (parsed && parsed->op) out += names::NameFee(*parsed->op);
    }
    return out;
}

std::string Wallet::WhatIsTied() const
{
    const Ledger& ledger = m_book->ledger;
    std::string out;
    for (const auto& [kind, text] : {std::pair{CoinKind::Immature, "immature"},
                                     {CoinKind::Pending, "unconfirmed"},
                                     {CoinKind::Name, "in names"}}) {
        if (ledger.Sum(kind) > 0) out += "; " + AmountText(ledger.Sum(kind)) + " EMC are " + text;
    }
    Amount locked = 0;
    for (const auto& outpoint : m_locked) {
        const auto* coin = ledger.Coin(outpoint);
        if (coin != nullptr && coin->kind == CoinKind::Trusted) locked += coin->out.value;
    }
    if (locked > 0) out += "; " + AmountText(locked) + " EMC are locked (listlockunspent)";
    return out;
}

std::set<Bytes, BytesLess> Wallet::ReusedScripts() const
{
    if ((m_book->flags & FLAG_AVOID_REUSE) == 0) return {};
    return m_book->ledger.ScriptsSpentFrom();
}

/// Coins in names are never among them.
Wallet::Offer Wallet::OfferFor(const Draft& draft) const
{
    const Book& book = *m_book;
    const CoinControl& control = draft.coins;
    Offer out;
    if (!control.add_inputs) return out;
    std::set<OutPoint> taken = m_locked;
    for (const auto& input : draft.tx.inputs)
        taken.insert(input.prevout);
    std::map<Bytes, size_t, BytesLess> by_script;
    const auto used = control.spend_reused ? std::set<Bytes, BytesLess>() : ReusedScripts();
    const bool apart = (book.flags & FLAG_AVOID_REUSE) != 0 && !control.spend_reused;
    const bool whole = control.whole_addresses || m_options.avoid_partial_spends || apart;
    const auto may_rest_on = [&](const Hash256& txid) {
        const auto* row = book.ledger.Find(txid);
        return m_options.spend_unconfirmed_change && row != nullptr && row->tx->Version() != TRUC_TX_VERSION;
    };
    book.ledger.ForEachUnspent([&](const OutPoint& outpoint, const OwnCoin& coin) {
        const bool safe = coin.kind == CoinKind::Trusted;
        if (!safe && !(control.include_unsafe && coin.kind == CoinKind::Pending)) return;
        if (coin.height < 0 && !may_rest_on(outpoint.txid)) return;
        const int32_t confirmations = coin.height < 0 ? 0 : book.ledger.TipHeight() - coin.height + 1;
        if (confirmations < control.min_confirmations || confirmations > control.max_confirmations) return;
        if (draft.replaces == outpoint.txid || taken.contains(outpoint)) return;
        if (used.contains(coin.out.script_pubkey)) return;
        const size_t weight = book.keys.InputWeight(coin.out.script_pubkey);
        if (weight == 0) return; // watched only
        const size_t vsize = (weight + WITNESS_SCALE) / WITNESS_SCALE;
        if (whole) {
            const auto [it, fresh] = by_script.emplace(coin.out.script_pubkey, out.candidates.size());
            if (!fresh) {
                out.candidates[it->second].value += coin.out.value;
                out.candidates[it->second].input_vsize += vsize;
                out.groups[it->second].push_back(outpoint);
                return;
            }
            out.groups.push_back({outpoint});
        }
        out.candidates.push_back({outpoint, coin.out.value, vsize});
    });
    return out;
}

base::Unexpected<Failure> Wallet::Missing(const Draft& draft, const Offer& offer, Amount wanted,
                                          Amount rate) const
{
    Amount have = 0;
    for (const auto& coin : offer.candidates)
        have += std::max<Amount>(coin.value - InputFee(coin, rate), 0);
    if (have >= wanted) {
        return FailWith(CODE_WALLET, "Transaction too large: " + draft.purpose +
                                         " would need too many small coins; send smaller amounts first");
    }
    if (!draft.coins.add_inputs) {
        return FailWith(CODE_FUNDS, "Insufficient funds: the inputs given are " + AmountText(wanted - have) +
                                        " EMC short of " + draft.purpose + " and its fee");
    }
    std::string parts = AmountText(wanted) + " EMC needed with fees";
    if (draft.burned > 0) parts += ", " + AmountText(draft.burned) + " EMC of it burned for names";
    return FailWith(CODE_FUNDS, "Insufficient funds: " + AmountText(wanted - have) + " EMC missing for " +
                                    draft.purpose + " (" + parts + ", " + AmountText(have) + " can be spent" +
                                    WhatIsTied() + ")");
}

void Wallet::AddInput(Draft& draft, const OutPoint& outpoint) const
{
    primitives::TxIn input;
    input.prevout = outpoint;
    draft.tx.inputs.push_back(std::move(input));
    draft.spent.push_back(m_book->ledger.Coin(outpoint)->out);
}

Result<primitives::TxOut> Wallet::CoinFor(const OutPoint& outpoint, const Draft& draft) const
{
    const auto* coin = m_book->ledger.Coin(outpoint);
    if (coin == nullptr) {
        for (const auto& told : draft.coins.weighed) {
            if (told.outpoint == outpoint) return told.out;
        }
        return FailWith(CODE_PARAMETER,
                        "Input " + OutPointText(outpoint) +
                            " is no coin of this wallet, so its size when signed is not known: give "
                            "solving_data or input_weights");
    }
    switch (coin->kind) {
    case CoinKind::None:
        return FailWith(CODE_PARAMETER, "Input " + OutPointText(outpoint) + " is spent, or void");
    case CoinKind::Immature:
        return FailWith(CODE_PARAMETER, "Input " + OutPointText(outpoint) + " is immature");
    case CoinKind::Name:
        if (draft.tx.version == primitives::NAME_TX_VERSION) break;
        return FailWith(CODE_PARAMETER, "Input " + OutPointText(outpoint) +
                                            " holds a name; only a name operation can spend it");
    case CoinKind::Trusted:
    case CoinKind::Pending:
        break;
    }
    return coin->out;
}

base::Unexpected<Failure> TooSmall(Amount amount)
{
    return FailWith(CODE_FUNDS, AmountText(amount) + " EMC are too little for an output: it has " +
                                    AmountText(MIN_OUTPUT) + " EMC at least");
}

Result<void> Wallet::LockCoins(const std::vector<OutPoint>& coins, CoinLock lock)
{
    const base::LockGuard guard(m_mutex);
    Book& book = *m_book;
    std::vector<OutPoint> all = coins;
    if (lock == CoinLock::Free && coins.empty()) {
        for (const auto& outpoint : m_locked)
            all.push_back(outpoint);
    }
    RowBatch batch;
    for (const auto& outpoint : all) {
        const auto* row = book.ledger.Find(outpoint.txid);
        if (lock == CoinLock::Free) {
            if (!m_locked.contains(outpoint))
                return FailWith(CODE_PARAMETER, "Coin " + OutPointText(outpoint) + " is not locked");
            batch.push_back(RemoveLockedRow(outpoint));
            continue;
        }
        if (row == nullptr)
            return FailWith(CODE_PARAMETER,
                            "Transaction of coin " + OutPointText(outpoint) + " is not known");
        if (outpoint.index >= row->tx->Outputs().size())
            return FailWith(CODE_PARAMETER,
                            "Coin " + OutPointText(outpoint) + ": the transaction has no such output");
        const auto* coin = book.ledger.Coin(outpoint);
        if (coin == nullptr || coin->kind == CoinKind::None)
            return FailWith(CODE_PARAMETER,
                            "Coin " + OutPointText(outpoint) + " is spent, or not of this wallet");
        if (m_locked.contains(outpoint) && lock == CoinLock::Memory)
            return FailWith(CODE_PARAMETER, "Coin " + OutPointText(outpoint) + " is locked already");
        if (lock == CoinLock::File) batch.push_back(MakeLockedRow(outpoint));
    }
    if (!batch.empty()) {
        if (auto written = book.store->Write(batch); !written) return FailWith(written.Error());
    }
    for (const auto& outpoint : all) {
        if (lock == CoinLock::Free) {
            m_locked.erase(outpoint);
        } else {
            m_locked.insert(outpoint);
        }
    }
    return {};
}

std::vector<OutPoint> Wallet::LockedCoins() const
{
    const base::LockGuard lock(m_mutex);
    std::vector<OutPoint> out;
    for (const auto& outpoint : m_locked) { // one that was spent meanwhile is none any more
        const auto* coin = m_book->ledger.Coin(outpoint);
        if (coin != nullptr && coin->kind != CoinKind::None) out.push_back(outpoint);
    }
    return out;
}

} // namespace emc::wallet
