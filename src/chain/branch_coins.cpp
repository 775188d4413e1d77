#include "chain/branch_coins.h"

#include "base/random.h"
#include "chain/block_index.h"
#include "crypto/hash.h"

#include <algorithm>

namespace emc::chain {

using primitives::OutPoint;
using storage::StorageResult;

namespace {

bool Has(const std::vector<uint64_t>& ids, uint64_t id)
{
    return std::binary_search(ids.begin(), ids.end(), id);
}

struct Place {
    size_t tx = 0;
    size_t input = 0;
};

/// Where a block spends an outpoint.
std::optional<Place> SpentIn(const primitives::Block& block, const OutPoint& outpoint)
{
    for (size_t t = 1; t < block.transactions.size(); ++t) {
        const auto& inputs = block.transactions[t]->Inputs();
        for (size_t i = 0; i < inputs.size(); ++i) {
            if (inputs[i].prevout == outpoint) return Place{t, i};
        }
    }
    return std::nullopt;
}

std::optional<primitives::Coin> MadeIn(const primitives::Block& block, const OutPoint& outpoint,
                                       int32_t height)
{
    for (size_t t = 0; t < block.transactions.size(); ++t) {
        const auto& tx = *block.transactions[t];
        if (tx.Txid() != outpoint.txid || outpoint.index >= tx.Outputs().size()) continue;
        return consensus::CoinOf(tx, outpoint.index, height, consensus::RoleOf(block, t));
    }
    return std::nullopt;
}

} // namespace

BranchCoins::BranchCoins(const BlockIndex& index, Source source, base::RandomSource& random)
    : m_index(index), m_source(std::move(source)), m_salt0(random.Next64()), m_salt1(random.Next64())
{}

uint64_t BranchCoins::IdOf(const OutPoint& outpoint) const
{
    return crypto::SipHash24(m_salt0 ^ outpoint.index, m_salt1, outpoint.txid.Span());
}

uint64_t BranchCoins::IdOf(const base::Hash256& txid) const
{
    return crypto::SipHash24(m_salt1, m_salt0, txid.Span());
}

StorageResult<const BranchCoins::Touched*> BranchCoins::TouchedBy(const BlockEntry& entry)
{
    if (const auto it = m_touched.find(entry.hash); it != m_touched.end()) return &it->second;
    const auto block = m_source.block(entry);
    if (!block) return base::Unexpected(block.Error());
    if (*block == nullptr) return nullptr;
    Touched touched;
    for (const auto& tx : (*block)->transactions) {
        touched.made.push_back(IdOf(tx->Txid()));
        if (tx->IsCoinbase()) continue;
        for (const auto& input : tx->Inputs())
            touched.spent.push_back(IdOf(input.prevout));
    }
    std::sort(touched.made.begin(), touched.made.end());
    std::sort(touched.spent.begin(), touched.spent.end());
    const auto size = [](const Touched& t) { return (t.made.size() + t.spent.size()) * sizeof(uint64_t); };
    m_bytes += size(touched);
    while (m_bytes > MAX_TOUCHED_BYTES && !m_order.empty()) {
        const auto oldest = m_touched.find(m_order.front());
        m_bytes -= size(oldest->second);
        m_touched.erase(oldest);
        m_order.pop_front();
    }
    m_order.push_back(entry.hash);
    return &m_touched.emplace(entry.hash, std::move(touched)).first->second;
}

/// What a block of the branch says of a coin: made and left, or spent. Nothing when it has no part in it.
StorageResult<std::optional<BranchCoin>> BranchCoins::OnBranch(const OutPoint& outpoint,
                                                               const BlockEntry& entry)
{
    const auto touched = TouchedBy(entry);
    if (!touched) return base::Unexpected(touched.Error());
    if (*touched == nullptr) return std::optional(BranchCoin{BranchCoin::Found::Unknown, {}});
    if (!Has((*touched)->made, IdOf(outpoint.txid)) && !Has((*touched)->spent, IdOf(outpoint)))
        return std::optional<BranchCoin>();
    const auto block = m_source.block(entry);
    if (!block) return base::Unexpected(block.Error());
    if (*block == nullptr) return std::optional(BranchCoin{BranchCoin::Found::Unknown, {}});
    if (SpentIn(**block, outpoint)) return std::optional(BranchCoin{});
    if (auto coin = MadeIn(**block, outpoint, entry.height))
        return std::optional(BranchCoin{BranchCoin::Found::Yes, std::move(*coin)});
    return std::optional<BranchCoin>();
}

/// The coin from below the fork that a block of the best chain spends, if it does.
StorageResult<std::optional<BranchCoin>>
BranchCoins::SpentAbove(const OutPoint& outpoint, const BlockEntry& entry, const BlockEntry& fork)
{
    const auto touched = TouchedBy(entry);
    if (!touched) return base::Unexpected(touched.Error());
    if (*touched == nullptr) return std::optional(BranchCoin{BranchCoin::Found::Unknown, {}});
    if (!Has((*touched)->spent, IdOf(outpoint))) return std::optional<BranchCoin>();
    const auto block = m_source.block(entry);
    if (!block) return base::Unexpected(block.Error());
    auto undo = m_source.undo(entry);
    if (!undo) return base::Unexpected(undo.Error());
    if (*block == nullptr || !*undo) return std::optional(BranchCoin{BranchCoin::Found::Unknown, {}});
    const auto place = SpentIn(**block, outpoint);
    if (!place || place->tx >= (*undo)->spent.size()) return std::optional<BranchCoin>();
    auto& coins = (*undo)->spent[place->tx];
    if (place->input >= coins.size() || coins[place->input].height > fork.height)
        return std::optional<BranchCoin>();
    return std::optional(BranchCoin{BranchCoin::Found::Yes, std::move(coins[place->input])});
}

StorageResult<BranchCoin> BranchCoins::Find(const OutPoint& outpoint, const BlockEntry& place,
                                            const consensus::CoinView& at_tip)
{
    const BlockEntry* tip = m_index.Tip();
    const BlockEntry* fork = CommonAncestor(&place, tip);
    for (const BlockEntry* walk = &place; walk != fork; walk = walk->parent) {
        auto found = OnBranch(outpoint, *walk);
        if (!found) return base::Unexpected(found.Error());
        if (*found) return std::move(**found);
    }
    if (auto coin = at_tip.Get(outpoint)) {
        if (coin->height > fork->height) return BranchCoin{};
        return BranchCoin{BranchCoin::Found::Yes, std::move(*coin)};
    }
    for (const BlockEntry* walk = tip; walk != fork; walk = walk->parent) {
        auto found = SpentAbove(outpoint, *walk, *fork);
        if (!found) return base::Unexpected(found.Error());
        if (*found) return std::move(**found);
    }
    return BranchCoin{};
}

} // namespace emc::chain
