/// Nodes the operator wants to be connected to (-addnode, -connect, addnode).
#pragma once

#include "p2p/protocol/desk.h"

namespace emc::p2p {

class Caller;

/// After a failure a node is tried again after this, then after twice as long, up to the maximum. A
/// connection that lasted for the maximum makes good for all that.
inline constexpr int64_t FIRST_RETRY_MS = 2'000;
inline constexpr int64_t MAX_RETRY_MS = 60'000;

/// The message thread only.
class NodeKeeper
{
public:
    NodeKeeper(Caller& network, uint16_t default_port) : m_network(network), m_default_port(default_port) {}

    /// False when it is kept already.
    bool Add(const std::string& node, bool v2);
    /// A connection to it, or an attempt under way, is left alone.
    bool Remove(const std::string& node);
    /// Another attempt has begun by itself.
    void OnOpening(const OpenRequest& request);
    void OnOpened(const LinkInfo& info, int64_t now_ms);
    void OnClosed(const LinkInfo& info, int64_t now_ms);
    void OnFailed(const OpenRequest& request, int64_t now_ms);
    void OnTick(int64_t now_ms);

    struct Kept {
        std::string name;
        bool v2 = true;
        bool wanted = true; ///< false: removed while there is a connection or an attempt
        bool trying = false;
        LinkId link = 0; ///< 0: not connected
        int64_t opened_ms = 0;
        int64_t next_try_ms = 0;
        int64_t wait_ms = FIRST_RETRY_MS;
    };

    /// Those that are wanted.
    [[nodiscard]] std::vector<Kept> Nodes() const;

private:
    [[nodiscard]] Kept* Find(const std::string& name);
    void Later(Kept& node, int64_t now_ms);
    void Forget(const std::string& name);

    Caller& m_network;
    const uint16_t m_default_port;
    std::vector<Kept> m_nodes;
};

} // namespace emc::p2p
