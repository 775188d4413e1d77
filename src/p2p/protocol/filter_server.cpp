#include "p2p/protocol/filter_server.h"

#include "chain/chain.h"
#include "crypto/sha256.h"
#include "interfaces/chain.h"

namespace emc::p2p {

using base::Hash256;

std::optional<int32_t> FilterServer::StopHeight(Peer& peer, uint8_t kind, const Hash256& stop) const
{
    if (kind != BASIC_FILTER || m_desk.deps.index == nullptr ||
        !Offers(m_desk.options.services, Service::CompactFilters)) {
        m_desk.Drop(peer, "asks for block filters we do not have");
        return std::nullopt;
    }
    const auto known = m_desk.deps.chain.Find(stop);
    if (!known) {
        m_desk.Drop(peer, "asks for filters up to a block we do not know");
        return std::nullopt;
    }
    if (!known->in_best_chain) return std::nullopt; // gone meanwhile; the peer will see the new tip
    return known->height;
}

std::vector<Hash256> FilterServer::Range(Peer& peer, const FilterRange& range, size_t limit) const
{
    const auto last = StopHeight(peer, range.kind, range.stop);
    if (!last) return {};
    if (range.start_height > static_cast<uint32_t>(*last) ||
        static_cast<uint32_t>(*last) - range.start_height >= limit) {
        m_desk.Drop(peer, "asks for an impossible range of filters");
        return {};
    }
    std::vector<Hash256> out;
    for (auto height = static_cast<int32_t>(range.start_height); height <= *last; ++height) {
        const auto info = m_desk.deps.chain.Reader().BlockByHeight(height);
        if (!info) return {};
        out.push_back(info->hash);
    }
    return out;
}

void FilterServer::On(Peer& peer, const GetCFilters& message) const
{
    for (const auto& block : Range(peer, message, MAX_FILTERS_ASKED)) {
        const auto filter = m_desk.deps.index->FilterOf(block);
        if (!filter) return;
        CFilter out;
        out.block = block;
        out.filter = filter->filter;
        m_desk.Send(peer, out);
    }
}

void FilterServer::On(Peer& peer, const GetCFHeaders& message) const
{
    const auto blocks = Range(peer, message, MAX_FILTER_HEADERS);
    if (blocks.empty()) return;
    CFHeaders out;
    out.stop = message.stop;
    if (message.start_height > 0) {
        const auto before = m_desk.deps.chain.Find(blocks.front());
        const auto filter = before ? m_desk.deps.index->FilterOf(before->previous) : std::nullopt;
        if (!filter) return;
        out.previous_header = filter->header;
    }
    for (const auto& block : blocks) {
        const auto filter = m_desk.deps.index->FilterOf(block);
        if (!filter) return;
        out.hashes.push_back(crypto::Sha256d(filter->filter));
    }
    m_desk.Send(peer, out);
}

void FilterServer::On(Peer& peer, const GetCFCheckpt& message) const
{
    const auto last = StopHeight(peer, message.kind, message.stop);
    if (!last) return;
    CFCheckpt out;
    out.stop = message.stop;
    constexpr auto STEP = static_cast<int32_t>(FILTER_CHECKPOINT_BLOCKS);
    for (int32_t height = STEP; height <= *last; height += STEP) {
        const auto info = m_desk.deps.chain.Reader().BlockByHeight(height);
        const auto filter = info ? m_desk.deps.index->FilterOf(info->hash) : std::nullopt;
        if (!filter) return;
        out.headers.push_back(filter->header);
    }
    m_desk.Send(peer, out);
}

} // namespace emc::p2p
