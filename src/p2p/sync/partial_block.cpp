#include "p2p/sync/partial_block.h"

#include "crypto/hash.h"
#include "crypto/sha256.h"

#include <algorithm>

namespace emc::p2p {

using primitives::TxRef;

ShortIds::ShortIds(const primitives::PlainHeader& header, uint64_t nonce)
{
    base::Bytes bytes;
    codec::Writer out(bytes);
    primitives::Write(out, header);
    out.U64(nonce);
    const base::Hash256 digest = crypto::Sha256Of(bytes);
    codec::Reader in(digest.Span());
    m_key0 = in.U64();
    m_key1 = in.U64();
}

uint64_t ShortIds::Of(const base::Hash256& wtxid) const
{
    constexpr uint64_t MASK = (uint64_t{1} << (8 * SHORT_ID_BYTES)) - 1;
    return crypto::SipHash24(m_key0, m_key1, wtxid.Span()) & MASK;
}

CompactBlock MakeCompactBlock(const primitives::Block& block, uint64_t nonce, std::span<const uint16_t> rare)
{
    CompactBlock out;
    out.header = block.header;
    out.nonce = nonce;
    const ShortIds ids(block.header, nonce);
    size_t room = MAX_SENT_ALONG_BYTES;
    const size_t sent_along = block.header.IsProofOfStake() ? 2 : 1;
    for (size_t i = 0; i < block.transactions.size(); ++i) {
        const TxRef& tx = block.transactions[i];
        const bool is_rare = std::binary_search(rare.begin(), rare.end(), i) && tx->TotalSize() <= room;
        if (i >= sent_along && is_rare) room -= tx->TotalSize();
        if (i < sent_along || is_rare) {
            out.prefilled.push_back({.position = static_cast<uint16_t>(i), .tx = tx});
        } else {
            out.short_ids.push_back(ids.Of(tx->Wtxid()));
        }
    }
    return out;
}

PartialBlock::Result PartialBlock::Start(const CompactBlock& compact)
{
    m_header = compact.header;
    m_ids.emplace(compact.header, compact.nonce);
    m_places.clear();
    m_transactions.assign(compact.TransactionCount(), nullptr);
    if (m_transactions.empty()) return Result::Invalid;
    for (const PrefilledTx& entry : compact.prefilled)
        m_transactions[entry.position] = entry.tx;
    if (m_header.IsProofOfStake() &&
        (m_transactions.size() < 2 || m_transactions[0] == nullptr || m_transactions[1] == nullptr))
        return Result::Invalid;
    uint16_t position = 0;
    for (const uint64_t id : compact.short_ids) {
        while (m_transactions[position] != nullptr)
            ++position;
        m_places.push_back({.short_id = id, .position = position++});
    }
    std::sort(m_places.begin(), m_places.end(),
              [](const Place& a, const Place& b) { return a.short_id < b.short_id; });
    const auto twice =
        std::adjacent_find(m_places.begin(), m_places.end(),
                           [](const Place& a, const Place& b) { return a.short_id == b.short_id; });
    return twice == m_places.end() ? Result::Ok : Result::Failed;
}

void PartialBlock::Offer(const TxRef& tx)
{
    const uint64_t id = m_ids->Of(tx->Wtxid());
    const auto place = std::lower_bound(m_places.begin(), m_places.end(), id,
                                        [](const Place& p, uint64_t value) { return p.short_id < value; });
    if (place == m_places.end() || place->short_id != id || place->spoilt) return;
    TxRef& slot = m_transactions[place->position];
    if (slot == nullptr) {
        slot = tx;
    } else if (slot->Wtxid() != tx->Wtxid()) {
        slot = nullptr;
        place->spoilt = true;
    }
}

std::vector<uint16_t> PartialBlock::Missing() const
{
    std::vector<uint16_t> out;
    for (size_t i = 0; i < m_transactions.size(); ++i) {
        if (m_transactions[i] == nullptr) out.push_back(static_cast<uint16_t>(i));
    }
    return out;
}

PartialBlock::Finished PartialBlock::Finish(const std::vector<TxRef>& missing) const
{
    auto block = std::make_shared<primitives::Block>();
    block->header = m_header;
    block->transactions = m_transactions;
    auto next = missing.begin();
    for (TxRef& tx : block->transactions) {
        if (tx != nullptr) continue;
        if (next == missing.end()) return {.result = Result::Invalid, .block = nullptr};
        tx = *next++;
    }
    if (next != missing.end()) return {.result = Result::Invalid, .block = nullptr};
    const auto merkle = primitives::BlockMerkleRoot(*block);
    if (merkle.mutated || merkle.root != m_header.merkle_root)
        return {.result = Result::Failed, .block = nullptr};
    return {.result = Result::Ok, .block = std::move(block)};
}

} // namespace emc::p2p
