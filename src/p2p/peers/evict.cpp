#include "p2p/peers/evict.h"

#include <algorithm>
#include <map>

namespace emc::p2p {
namespace {

using Candidates = std::vector<EvictionCandidate>;

/// Takes the first `count` in the given order out of the list, of those the condition holds for.
template <typename Better, typename Condition>
void Protect(Candidates& list, size_t count, Better better, Condition condition)
{
    std::sort(list.begin(), list.end(), better);
    std::erase_if(list,
                  [&](const EvictionCandidate& one) { return condition(one) && count > 0 && count-- > 0; });
}

template <typename Better>
void Protect(Candidates& list, size_t count, Better better)
{
    Protect(list, count, better, [](const EvictionCandidate&) { return true; });
}

bool Older(const EvictionCandidate& a, const EvictionCandidate& b)
{
    return a.connected_ms < b.connected_ms;
}

/// Keeps half of the list for its age. Up to half of those places go to the kinds of connection that are at a
/// disadvantage elsewhere, shared as evenly as there are some.
void ProtectByAge(Candidates& list)
{
    const size_t places = list.size() / 2;
    const std::array<bool (*)(const EvictionCandidate&), 4> kinds = {
        [](const EvictionCandidate& c) { return c.network == NetKind::Cjdns; },
        [](const EvictionCandidate& c) { return c.network == NetKind::I2p; },
        [](const EvictionCandidate& c) { return c.local; },
        [](const EvictionCandidate& c) { return c.network == NetKind::TorV3; },
    };
    const size_t before = list.size();
    size_t reserved = places / 2;
    bool progress = true;
    while (reserved > 0 && progress) {
        progress = false;
        for (const auto& kind : kinds) {
            if (reserved == 0) break;
            const size_t size = list.size();
            Protect(list, 1, Older, kind);
            if (list.size() == size) continue;
            --reserved;
            progress = true;
        }
    }
    Protect(list, places - (before - list.size()), Older);
}

/// Leaves those of the group with most connections; of groups of one size, the one with the youngest
/// connection.
void KeepLargestGroup(Candidates& list)
{
    std::map<uint64_t, std::pair<size_t, int64_t>> groups; ///< size, youngest connection
    for (const EvictionCandidate& one : list) {
        auto& [size, youngest] = groups[one.group];
        ++size;
        youngest = std::max(youngest, one.connected_ms);
    }
    const auto largest = std::max_element(groups.begin(), groups.end(),
                                          [](const auto& a, const auto& b) { return a.second < b.second; });
    std::erase_if(list, [&](const EvictionCandidate& one) { return one.group != largest->first; });
}

} // namespace

std::optional<PeerId> SelectForEviction(Candidates list)
{
    std::erase_if(list, [](const EvictionCandidate& one) { return one.protected_by_operator; });
    Protect(list, PROTECT_BY_GROUP, [](const auto& a, const auto& b) { return a.group > b.group; });
    Protect(list, PROTECT_BY_PING,
            [](const auto& a, const auto& b) { return a.best_ping_us < b.best_ping_us; });
    Protect(list, PROTECT_BY_TX, [](const auto& a, const auto& b) { return a.last_tx_ms > b.last_tx_ms; });
    const auto later_block = [](const auto& a, const auto& b) { return a.last_block_ms > b.last_block_ms; };
    Protect(list, PROTECT_BLOCKS_ONLY, later_block,
            [](const EvictionCandidate& one) { return !one.relays_transactions && one.has_wanted_services; });
    Protect(list, PROTECT_BY_BLOCK, later_block);
    ProtectByAge(list);
    if (list.empty()) return std::nullopt;
    if (std::any_of(list.begin(), list.end(), [](const auto& one) { return one.discouraged; }))
        std::erase_if(list, [](const EvictionCandidate& one) { return !one.discouraged; });
    KeepLargestGroup(list);
    return std::max_element(list.begin(), list.end(), Older)->id;
}

} // namespace emc::p2p
