/// What staking asks of a wallet.
#include "consensus/stake_rules.h"
#include "script/sign.h"
#include "wallet/spend.h"

namespace emc::wallet {

namespace {

base::Unexpected<Failure> NoStake(const std::string& why)
{
    return FailWith(CODE_WALLET, "This is no coinstake that the wallet signs: " + why);
}

/// As far as its form and its place are concerned.
bool MayStake(const Book& book, const OwnCoin& coin)
{
    if (coin.height < 0 || (coin.kind != CoinKind::Trusted && coin.kind != CoinKind::Immature)) return false;
    const auto origin = book.keys.Find(coin.out.script_pubkey);
    if (!origin || !origin->solvable) return false;
    const bool one_key = !origin->descriptor || origin->key_id != base::Hash160{};
    switch (script::Solve(coin.out.script_pubkey).type) {
    case script::ScriptType::PubKeyHash:
    case script::ScriptType::WitnessV0KeyHash:
        return true;
    case script::ScriptType::WitnessV1Taproot:
        return one_key; // others may be spent by a script only
    default:
        return false;
    }
}

} // namespace

Result<void> Wallet::CanStake() const
{
    const base::LockGuard lock(m_mutex);
    return NeedStakeKeys();
}

std::vector<Wallet::StakeCoin> Wallet::StakeCoins() const
{
    const base::LockGuard lock(m_mutex);
    const Book& book = *m_book;
    std::vector<StakeCoin> out;
    book.ledger.ForEachUnspent([&](const OutPoint& outpoint, const OwnCoin& coin) {
        if (!MayStake(book, coin)) return;
        StakeCoin row;
        row.outpoint = outpoint;
        row.coin.out = coin.out;
        row.coin.height = coin.height;
        row.coin.generated = coin.generated;
        row.coin.had_prefix = coin.name;
        out.push_back(std::move(row));
    });
    for (auto& row : out)
        row.locked = m_locked.contains(row.outpoint);
    return out;
}

Result<primitives::MutableTransaction> Wallet::SignCoinstake(const primitives::MutableTransaction& tx)
{
    const base::LockGuard lock(m_mutex);
    if (auto keys = NeedStakeKeys(); !keys) return base::Unexpected(keys.Error());
    std::vector<primitives::TxOut> spent;
    Amount balance = 0; // what comes back less what is spent
    for (const auto& input : tx.inputs) {
        const auto* coin = m_book->ledger.Coin(input.prevout);
        if (coin == nullptr || !MayStake(*m_book, *coin) || m_locked.contains(input.prevout))
            return NoStake("an input is none of its coins that stake");
        if (!spent.empty() && coin->out.script_pubkey != spent[0].script_pubkey)
            return NoStake("its inputs are of different addresses");
        spent.push_back(coin->out);
        balance -= coin->out.value;
    }
    if (spent.empty() || tx.outputs.size() < 2 || tx.outputs[0] != primitives::TxOut{0, {}})
        return NoStake("it has no inputs, or not the outputs of one");
    for (size_t i = 1; i < tx.outputs.size(); ++i) {
        if (tx.outputs[i].script_pubkey != spent[0].script_pubkey ||
            !primitives::MoneyRange(tx.outputs[i].value))
            return NoStake("an output pays somebody else");
        balance += tx.outputs[i].value;
    }
    if (balance < 0) return NoStake("it gives back less than it takes");
    auto out = tx;
    if (auto done = SignInputs(out, spent); !done) return base::Unexpected(done.Error());
    return out;
}

Result<Bytes> Wallet::SignStakeBlock(ByteSpan script, const Hash256& block_hash)
{
    const base::LockGuard lock(m_mutex);
    if (auto keys = NeedStakeKeys(); !keys) return base::Unexpected(keys.Error());
    auto key = m_book->keys.KeyOfScript(script);
    if (const auto solved = script::Solve(script); solved.type == script::ScriptType::WitnessV1Taproot) {
        const auto output = crypto::XOnlyKey::From(solved.parts[0]);
        key = output ? m_book->keys.Provider().taproot_key(*output) : std::nullopt;
    }
    if (!key) return FailWith(CODE_WALLET, "The key of this stake is not in the wallet");
    Hash256 aux;
    m_deps.random.Fill({aux.data(), Hash256::SIZE});
    const auto signature = key->SignSchnorr(consensus::BlockSignatureMessage(block_hash), aux);
    return Bytes(signature.begin(), signature.end());
}

} // namespace emc::wallet
