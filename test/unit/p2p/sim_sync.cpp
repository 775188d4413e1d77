// Unproven headers, block downloads, eviction.
#include "p2p/peers/evict.h"
#include "p2p/sync/block_downloads.h"
#include "p2p/sync/unproven.h"
#include "unit/p2p/sim.h"
#include "unit/primitives/sample.h"

#include <algorithm>
#include <map>
#include <set>

namespace emc::test {

using p2p::PeerId;

namespace {

/// A tree of headers: number n stands on number n ÷ 2.
std::vector<primitives::BlockHeader> MakeHeaders()
{
    std::vector<primitives::BlockHeader> out(64);
    for (uint32_t n = 0; n < out.size(); ++n) {
        out[n].nonce = n;
        if (n > 0) out[n].prev_hash = out[n / 2].Hash();
        if (n % 16 == 9) {
            out[n].version |= primitives::VERSION_AUXPOW;
            auto proof = SampleAuxPow(1, 1);
            primitives::MutableTransaction big = proof.coinbase->Fields();
            big.outputs[0].script_pubkey.resize(80'000); // seven of them fill a peer's bytes
            proof.coinbase = primitives::MakeTx(std::move(big));
            out[n].auxpow = std::make_shared<const primitives::AuxPow>(std::move(proof));
        }
    }
    return out;
}

using Lists = std::map<PeerId, std::vector<uint8_t>>;

size_t CostOf(const std::vector<uint8_t>& list, const std::vector<primitives::BlockHeader>& headers)
{
    size_t cost = 0;
    for (const uint8_t n : list)
        cost += p2p::UnprovenCost(headers[n]);
    return cost;
}

bool Contains(const std::vector<uint8_t>& list, uint8_t n)
{
    return std::find(list.begin(), list.end(), n) != list.end();
}

/// Where header n stands: branches are not equally good.
p2p::UnprovenHeaders::Place PlaceOf(uint32_t n)
{
    p2p::UnprovenHeaders::Place place;
    for (uint32_t walk = n; walk > 0; walk /= 2) {
        ++place.height;
        place.state.trust = place.state.trust + base::U256(1 + walk % 3);
    }
    return place;
}

/// The branch ends at a best header of the list and begins where the list has no parent.
void CheckBranch(p2p::UnprovenHeaders& unproven, PeerId peer, const std::vector<uint8_t>& list,
                 const std::vector<primitives::BlockHeader>& headers)
{
    const auto& branch = unproven.BranchOf(peer);
    EMC_CHECK(branch.empty() == list.empty() && unproven.CountOf(peer) == list.size());
    if (branch.empty()) return;
    std::vector<uint8_t> way;
    for (const auto& wanted : branch) {
        const auto at = std::find_if(list.begin(), list.end(),
                                     [&](uint8_t n) { return headers[n].Hash() == wanted.hash; });
        EMC_CHECK(at != list.end() && PlaceOf(*at).height == wanted.height);
        EMC_CHECK(way.empty() || *at / 2 == way.back());
        way.push_back(*at);
    }
    EMC_CHECK(way.front() == 0 || !Contains(list, way.front() / 2));
    for (const uint8_t n : list)
        EMC_CHECK(!PlaceOf(n).state.BetterThan(PlaceOf(way.back()).state));
}

/// Removes n and all below it from a list.
void RemoveTree(std::vector<uint8_t>& list, uint8_t n)
{
    std::set<uint8_t> bad = {n};
    const auto falls = [&](uint8_t one) { return bad.contains(one) || (one > 0 && bad.contains(one / 2)); };
    for (bool more = true; more;) {
        more = std::erase_if(
                   list, [&](uint8_t one) { return falls(one) && bad.insert(one).first != bad.end(); }) > 0;
    }
}

} // namespace

void SimulateUnproven(base::ByteSpan input)
{
    using Result = p2p::UnprovenHeaders::Result;
    static const auto HEADERS = MakeHeaders();
    codec::Reader in(input);
    p2p::UnprovenHeaders unproven;
    Lists lists;
    while (in.Remaining() > 0) {
        const uint8_t operation = in.U8();
        const PeerId peer = 1 + operation / 8 % 3u;
        const uint8_t n = in.U8() % 64;
        std::vector<uint8_t>& list = lists[peer];
        if (operation % 8 < 5) {
            const bool in_index = operation >= 200 || n == 0;
            const auto parent =
                in_index ? p2p::UnprovenHeaders::Parent::InIndex : p2p::UnprovenHeaders::Parent::Unknown;
            const Result result = unproven.Add(peer, HEADERS[n], PlaceOf(n), parent);
            const size_t cost = CostOf(list, HEADERS) + p2p::UnprovenCost(HEADERS[n]);
            if (Contains(list, n)) {
                EMC_CHECK(result == Result::Known);
            } else if (!in_index && !Contains(list, n / 2)) {
                EMC_CHECK(result == Result::Loose);
            } else if (!list.empty() && cost > p2p::MAX_UNPROVEN_BYTES_PER_PEER) {
                EMC_CHECK(result == Result::PeerFull);
            } else {
                EMC_CHECK(result == Result::Added);
                list.push_back(n);
            }
        } else if (operation % 8 == 5) {
            unproven.Proven(HEADERS[n].Hash());
            for (auto& [id, each] : lists)
                std::erase(each, n);
        } else if (operation % 8 == 6) {
            std::vector<PeerId> senders;
            for (auto& [id, each] : lists) {
                if (Contains(each, n)) senders.push_back(id);
                RemoveTree(each, n);
            }
            EMC_CHECK(unproven.Refused(HEADERS[n].Hash()) == senders);
        } else {
            unproven.Disconnected(peer);
            list.clear();
        }
        size_t total = 0;
        for (const auto& [id, each] : lists) {
            CheckBranch(unproven, id, each, HEADERS);
            EMC_CHECK(unproven.BytesOf(id) == CostOf(each, HEADERS));
            EMC_CHECK(unproven.BytesOf(id) <= p2p::MAX_UNPROVEN_BYTES_PER_PEER);
            total += unproven.BytesOf(id);
        }
        EMC_CHECK(unproven.Bytes() == total);
    }
}

void SimulateBlockDownloads(base::ByteSpan input)
{
    constexpr int32_t BLOCKS = 1'200;
    const auto hash_at = [](int32_t height) {
        base::Hash256 hash;
        std::memcpy(hash.data(), &height, sizeof(height));
        return hash;
    };
    codec::Reader in(input);
    p2p::BlockDownloads downloads;
    std::map<int32_t, PeerId> flights;
    std::vector<bool> stored(BLOCKS);
    int32_t first = 0;
    int64_t now = 1'000'000;
    while (in.Remaining() > 0) {
        const uint8_t operation = in.U8();
        const PeerId peer = 1 + operation / 8 % 4u;
        const uint8_t value = in.U8();
        while (first < BLOCKS && stored[static_cast<size_t>(first)])
            ++first;
        const auto own = [&](PeerId id) {
            return static_cast<size_t>(std::count_if(flights.begin(), flights.end(),
                                                     [id](const auto& f) { return f.second == id; }));
        };
        if (operation % 8 < 3) {
            std::vector<p2p::BlockDownloads::Wanted> missing;
            for (int32_t h = first; h < BLOCKS; ++h) {
                if (!stored[static_cast<size_t>(h)]) missing.push_back({.height = h, .hash = hash_at(h)});
            }
            const size_t before = own(peer);
            for (const auto& hash : downloads.Plan(peer, missing, first, now)) {
                int32_t height = 0;
                std::memcpy(&height, hash.data(), sizeof(height));
                EMC_CHECK(!stored[static_cast<size_t>(height)] && height < first + p2p::DOWNLOAD_WINDOW);
                EMC_CHECK(flights.emplace(height, peer).second); // never from two at a time
            }
            EMC_CHECK(own(peer) <= std::max(before, downloads.Share()) && own(peer) >= before);
        } else if (operation % 8 < 6) {
            if (flights.empty()) continue;
            auto flight = flights.begin();
            std::advance(flight, value % flights.size());
            const bool asked = operation % 2 == 0;
            const PeerId from = asked ? flight->second : flight->second + 1;
            EMC_CHECK(downloads.Received(from, hash_at(flight->first), size_t{value} * value * 32, now) ==
                      asked);
            stored[static_cast<size_t>(flight->first)] = true;
            flights.erase(flight);
        } else if (operation % 8 == 6) {
            now += value * 100;
            for (const auto& slow : downloads.CheckTime(now)) {
                EMC_CHECK(own(slow.peer) > 0);
                downloads.Disconnected(slow.peer);
                std::erase_if(flights, [&](const auto& f) { return f.second == slow.peer; });
            }
            EMC_CHECK(downloads.Share() >= p2p::MIN_BLOCKS_IN_FLIGHT_PER_PEER &&
                      downloads.Share() <= p2p::MAX_BLOCKS_IN_FLIGHT_PER_PEER);
            EMC_CHECK(downloads.StallTimeoutMs() >= p2p::STALL_MS &&
                      downloads.StallTimeoutMs() <= p2p::MAX_STALL_MS);
        } else {
            downloads.Disconnected(peer);
            std::erase_if(flights, [peer](const auto& f) { return f.second == peer; });
        }
        for (PeerId id = 1; id <= 5; ++id)
            EMC_CHECK(downloads.InFlight(id) == own(id));
    }
}

void SimulateEviction(base::ByteSpan input)
{
    codec::Reader in(input);
    std::vector<p2p::EvictionCandidate> all;
    while (in.Remaining() > 0 && all.size() < 200) {
        const uint8_t flags = in.U8();
        p2p::EvictionCandidate one;
        one.id = all.size() + 1;
        one.connected_ms = in.U8();
        one.best_ping_us = in.U8();
        one.last_block_ms = in.U8();
        one.last_tx_ms = in.U8();
        one.relays_transactions = (flags & 1) != 0;
        one.has_wanted_services = (flags & 2) != 0;
        one.discouraged = (flags & 4) != 0;
        one.local = (flags & 8) != 0;
        one.protected_by_operator = (flags & 0x70) == 0x70;
        one.network = p2p::ALL_NET_KINDS[(flags >> 4) % p2p::ALL_NET_KINDS.size()];
        one.group = in.U8() % 20;
        all.push_back(one);
    }
    const auto chosen = p2p::SelectForEviction(all);
    const auto open =
        std::count_if(all.begin(), all.end(), [](const auto& c) { return !c.protected_by_operator; });
    constexpr auto PLACES =
        static_cast<long>(p2p::PROTECT_BY_GROUP + p2p::PROTECT_BY_PING + p2p::PROTECT_BY_TX +
                          p2p::PROTECT_BLOCKS_ONLY + p2p::PROTECT_BY_BLOCK);
    EMC_CHECK(chosen || open <= PLACES); // who wants in with more peers than virtues gets in
    if (!chosen) return;
    const auto victim = std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.id == *chosen; });
    EMC_CHECK(victim != all.end() && !victim->protected_by_operator);
    const auto better = [&](auto field) {
        return std::count_if(all.begin(), all.end(),
                             [&](const auto& c) { return !c.protected_by_operator && field(c, *victim); });
    };
    // Somebody else is at least as good in every virtue as often as there are places for it.
    EMC_CHECK(better([](const auto& a, const auto& b) { return a.group >= b.group; }) >
              static_cast<long>(p2p::PROTECT_BY_GROUP));
    EMC_CHECK(better([](const auto& a, const auto& b) { return a.best_ping_us <= b.best_ping_us; }) >
              static_cast<long>(p2p::PROTECT_BY_PING));
    EMC_CHECK(better([](const auto& a, const auto& b) { return a.last_tx_ms >= b.last_tx_ms; }) >
              static_cast<long>(p2p::PROTECT_BY_TX));
    EMC_CHECK(better([](const auto& a, const auto& b) { return a.last_block_ms >= b.last_block_ms; }) >
              static_cast<long>(p2p::PROTECT_BY_BLOCK));
}

} // namespace emc::test
