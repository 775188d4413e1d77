/// Where a node that knows nobody gets its first addresses: when to ask which source. Pure; time and facts
/// are passed in.
#pragma once

#include <cstddef>
#include <cstdint>

namespace emc::p2p {

/// How long known addresses are tried before the DNS seeds are asked all the same, and how many connections
/// make that needless.
inline constexpr int64_t SEED_PATIENCE_MS = 11'000;
inline constexpr size_t ENOUGH_CONNECTIONS = 2;
/// How long everything else may take before the fixed seeds are taken.
inline constexpr int64_t FIXED_SEED_PATIENCE_MS = 60'000;
/// Addresses taken of one DNS seed.
inline constexpr size_t MAX_SEED_ANSWERS = 32;

/// One thread.
class FirstPeers
{
public:
    struct Options {
        size_t seed_nodes = 0;  ///< -seednode
        size_t named_nodes = 0; ///< -addnode: they tell addresses, too
        bool dns = true;        ///< -dnsseed
        bool force_dns = false; ///< -forcednsseed
        size_t dns_hosts = 0;   ///< the network's DNS seeds
        bool fixed = true;      ///< -fixedseeds
    };

    enum class Ask : uint8_t {
        Nobody,
        SeedNode,   ///< the next one
        DnsSeeds,   ///< all of them, once
        FixedSeeds, ///< once
    };

    explicit FirstPeers(const Options& options) : m_options(options) {}

    /// `known`: addresses in the table; `connected`: outgoing connections for everything that are up.
    [[nodiscard]] Ask Next(int64_t now_ms, size_t known, size_t connected);

private:
    [[nodiscard]] bool DnsIsDue(int64_t waited_ms, size_t known, size_t connected);
    [[nodiscard]] bool FixedIsDue(int64_t waited_ms, size_t known) const;

    const Options m_options;
    int64_t m_begin_ms = -1; ///< of the first question; −1: none yet
    size_t m_nodes_asked = 0;
    bool m_dns_settled = false;
    bool m_fixed_taken = false;
};

} // namespace emc::p2p
