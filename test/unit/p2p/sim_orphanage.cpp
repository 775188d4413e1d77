#include "p2p/relay/orphanage.h"
#include "unit/p2p/sim.h"
#include "unit/primitives/sample.h"

#include <algorithm>
#include <map>
#include <set>

namespace emc::test {
namespace {

using p2p::PeerId;
using primitives::TxRef;

/// Transaction number `n`: spends an output of each of the two before it, and is heavy now and then.
std::vector<TxRef> MakeTransactions()
{
    std::vector<TxRef> out;
    for (uint32_t n = 0; n < 64; ++n) {
        primitives::MutableTransaction tx;
        for (const uint32_t back : {1u, 2u}) {
            primitives::TxIn input;
            input.prevout.txid = n >= back ? out[n - back]->Txid() : FilledHash(0xee);
            input.prevout.index = n % 2;
            tx.inputs.push_back(std::move(input));
        }
        tx.outputs.assign(2, {.value = n, .script_pubkey = base::Bytes(n % 8 == 7 ? 24'000 : 10, 0x51)});
        out.push_back(primitives::MakeTx(std::move(tx)));
    }
    return out;
}

/// Who offers what, oldest first.
struct Model {
    std::vector<std::pair<PeerId, TxRef>> offers;

    [[nodiscard]] size_t WeightOf(PeerId peer) const
    {
        size_t weight = 0;
        for (const auto& [owner, tx] : offers)
            weight += owner == peer ? tx->Weight() : 0;
        return weight;
    }

    [[nodiscard]] std::set<base::Hash256> Ids() const
    {
        std::set<base::Hash256> ids;
        for (const auto& offer : offers)
            ids.insert(offer.second->Wtxid());
        return ids;
    }

    /// With so few orphans only the weight bound can be passed, by the peer that added last.
    void Trim(PeerId peer)
    {
        while (WeightOf(peer) > p2p::MAX_ORPHAN_WEIGHT_PER_PEER)
            offers.erase(std::find_if(offers.begin(), offers.end(),
                                      [peer](const auto& o) { return o.first == peer; }));
    }

    template <typename Condition>
    void EraseIf(Condition condition)
    {
        std::erase_if(offers, [&](const auto& offer) { return condition(offer.first, *offer.second); });
    }
};

void Compare(const p2p::Orphanage& orphanage, const Model& model, const std::vector<TxRef>& all)
{
    const auto ids = model.Ids();
    EMC_CHECK(orphanage.Size() == ids.size() && orphanage.Announcements() == model.offers.size());
    for (PeerId peer = 1; peer <= 4; ++peer)
        EMC_CHECK(orphanage.WeightOf(peer) == model.WeightOf(peer));
    for (const TxRef& tx : all)
        EMC_CHECK(orphanage.Has(tx->Wtxid()) == ids.contains(tx->Wtxid()));
}

void CompareChildren(const p2p::Orphanage& orphanage, const Model& model, const TxRef& parent)
{
    std::set<base::Hash256> expected;
    for (const auto& [peer, tx] : model.offers) {
        for (const auto& input : tx->Inputs()) {
            if (input.prevout.txid == parent->Txid()) expected.insert(tx->Wtxid());
        }
    }
    std::set<base::Hash256> got;
    for (const auto& offer : orphanage.ChildrenOf(*parent)) {
        EMC_CHECK(got.insert(offer.tx->Wtxid()).second);
        EMC_CHECK(std::find_if(model.offers.begin(), model.offers.end(), [&](const auto& o) {
                      return o.first == offer.peer && o.second == offer.tx;
                  }) != model.offers.end());
    }
    EMC_CHECK(got == expected);
}

} // namespace

void SimulateOrphanage(base::ByteSpan input)
{
    static const std::vector<TxRef> TXS = MakeTransactions();
    codec::Reader in(input);
    p2p::Orphanage orphanage;
    Model model;
    while (in.Remaining() > 0) {
        const uint8_t operation = in.U8();
        const PeerId peer = 1 + operation / 8 % 4u;
        const TxRef& tx = TXS[in.U8() % TXS.size()];
        switch (operation % 8) {
        case 5: {
            orphanage.Disconnected(peer);
            model.EraseIf([&](PeerId owner, const auto&) { return owner == peer; });
            break;
        }
        case 6:
            orphanage.Erase(tx->Wtxid());
            model.EraseIf([&](PeerId, const auto& other) { return other.Wtxid() == tx->Wtxid(); });
            break;
        case 7:
            orphanage.EraseForBlock({tx});
            model.EraseIf([&](PeerId, const auto& other) {
                return std::any_of(tx->Inputs().begin(), tx->Inputs().end(), [&](const auto& spent) {
                    return std::any_of(other.Inputs().begin(), other.Inputs().end(),
                                       [&](const auto& own) { return own.prevout == spent.prevout; });
                });
            });
            break;
        default: {
            const bool fresh = std::none_of(model.offers.begin(), model.offers.end(),
                                            [&](const auto& o) { return o.first == peer && o.second == tx; });
            EMC_CHECK(orphanage.Add(peer, tx) == fresh);
            if (fresh) model.offers.emplace_back(peer, tx);
            model.Trim(peer);
        }
        }
        Compare(orphanage, model, TXS);
        CompareChildren(orphanage, model, tx);
    }
}

} // namespace emc::test
