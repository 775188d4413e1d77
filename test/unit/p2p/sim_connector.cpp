// The connections a node makes: those of its own choice, tests of addresses, and the operator's.
#include "p2p/net/asmap.h"
#include "p2p/peers/address_manager.h"
#include "p2p/peers/ban_list.h"
#include "p2p/protocol/connector.h"
#include "p2p/protocol/node_keeper.h"
#include "p2p/socket/caller.h"
#include "unit/p2p/sim.h"
#include "unit/p2p/talk.h"

#include <algorithm>

namespace emc::test {

using namespace p2p;

namespace {

constexpr size_t FULL = 8;
constexpr size_t BLOCK_RELAYS = 2;
constexpr size_t MAX_STEPS = 300;

/// Attempts stand until the simulation ends them.
class World final : public Caller
{
public:
    void Open(const OpenRequest& request) override { calls.push_back(request); }

    void Resolve(const std::string&, uint16_t) override {}

    [[nodiscard]] bool Reaches(NetKind network) const override { return network != NetKind::TorV3; }

    [[nodiscard]] bool Active() const override { return active; }

    [[nodiscard]] bool BehindProxy() const override { return false; }

    std::vector<OpenRequest> calls;
    bool active = true;
};

/// Addresses of 64 networks, four in each; every ninth network cannot be reached.
Endpoint Somewhere(uint8_t n)
{
    const unsigned net = n % 64u;
    if (net % 9 == 8) {
        return {*NetAddress::Parse("pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"), n};
    }
    return {*NetAddress::Parse("8." + std::to_string(net) + ".0." + std::to_string(n / 64u)), 6661};
}

class Connections
{
public:
    explicit Connections(base::ByteSpan input) : m_in(input)
    {
        m_anchors = {Somewhere(m_in.Remaining() > 0 ? m_in.U8() : 0), Somewhere(1)};
        m_connector.SetAnchors(m_anchors);
    }

    void Run()
    {
        for (size_t step = 0; step < MAX_STEPS && m_in.Remaining() >= 2; ++step) {
            const uint8_t operation = m_in.U8();
            Step(operation % 12, m_in.U8());
            Check();
        }
    }

private:
    /// Outgoing connections and attempts, those of a kind.
    [[nodiscard]] size_t Count(LinkKind kind)
    {
        size_t count = 0;
        for (const auto& call : m_world.calls)
            count += call.kind == kind ? 1 : 0;
        for (const auto& [_, peer] : m_rig.Talk().desk.Peers())
            count += !peer.closing && peer.link.kind == kind ? 1 : 0;
        return count;
    }

    [[nodiscard]] size_t Named(const std::string& name)
    {
        size_t count = 0;
        for (const auto& call : m_world.calls)
            count += call.name == name ? 1 : 0;
        for (const auto& [_, peer] : m_rig.Talk().desk.Peers())
            count += peer.link.name == name && peer.link.kind == LinkKind::Manual ? 1 : 0;
        return count;
    }

    [[nodiscard]] std::vector<Endpoint> Ends()
    {
        std::vector<Endpoint> out;
        for (const auto& call : m_world.calls)
            out.push_back(*call.endpoint);
        for (const auto& [_, peer] : m_rig.Talk().desk.Peers()) {
            if (!peer.closing) out.push_back(peer.link.remote);
        }
        return out;
    }

    void Tick(uint8_t value)
    {
        constexpr int64_t UNIT_MS = 20;
        m_now_ms += value * UNIT_MS;
        m_rig.Advance(value / 50);
        const size_t full = Count(LinkKind::OutboundFull);
        const size_t block_relays = Count(LinkKind::OutboundBlocks);
        const auto ends = Ends();
        const size_t before = m_world.calls.size();
        m_connector.OnTick(m_now_ms);
        EMC_CHECK(m_world.calls.size() <= before + 1); // one after the other
        if (m_world.calls.size() > before) CheckCall(m_world.calls.back(), full, block_relays, ends);
        m_keeper.OnTick(m_now_ms);
        for (const auto& node : m_keeper.Nodes())
            EMC_CHECK(Named(node.name) <= 1);
    }

    void CheckCall(const OpenRequest& call, size_t full, size_t block_relays,
                   const std::vector<Endpoint>& ends)
    {
        EMC_CHECK(m_world.active);
        const bool anchor = std::find(m_anchors.begin(), m_anchors.end(), *call.endpoint) != m_anchors.end();
        const auto same_net = [&](const Endpoint& one) {
            return NetGroup(one.address, nullptr) == NetGroup(call.endpoint->address, nullptr);
        };
        if (call.kind == LinkKind::Feeler) {
            EMC_CHECK(std::find(ends.begin(), ends.end(), *call.endpoint) == ends.end());
        } else {
            EMC_CHECK(call.kind == LinkKind::OutboundFull ? full < FULL : block_relays < BLOCK_RELAYS);
            EMC_CHECK(call.kind == LinkKind::OutboundFull || call.kind == LinkKind::OutboundBlocks);
            EMC_CHECK(anchor || std::none_of(ends.begin(), ends.end(), same_net));
        }
        if (anchor) return; // not out of the table
        EMC_CHECK(m_world.Reaches(call.endpoint->address.Kind()));
        EMC_CHECK(!m_rig.Bans().IsDiscouraged(call.endpoint->address));
    }

    void Succeed(const OpenRequest& call, bool shakes_hands)
    {
        const LinkId link = m_rig.Open(call.kind, *call.endpoint);
        Peer& peer = *m_rig.Talk().desk.Find(link);
        if (!call.name.empty()) peer.link.name = call.name;
        m_keeper.OnOpened(peer.link, m_now_ms);
        m_connector.OnEnded(call.kind, call.endpoint);
        if (shakes_hands) m_rig.ShakeHands(link, link);
    }

    void EndCall(uint8_t value, bool succeeds)
    {
        if (m_world.calls.empty()) return;
        const auto at = m_world.calls.begin() + static_cast<std::ptrdiff_t>(value % m_world.calls.size());
        const OpenRequest call = *at;
        m_world.calls.erase(at);
        if (succeeds) return Succeed(call, value % 3 != 0);
        m_keeper.OnFailed(call, m_now_ms);
        m_connector.OnEnded(call.kind, call.endpoint);
    }

    void Close(uint8_t value, bool opens_again)
    {
        const auto& peers = m_rig.Talk().desk.Peers();
        if (peers.empty()) return;
        auto it = peers.begin();
        std::advance(it, value % peers.size());
        const LinkInfo link = it->second.link;
        if (opens_again) {
            OpenRequest again;
            again.kind = link.kind;
            again.endpoint = link.remote;
            if (link.kind == LinkKind::Manual) again.name = link.name;
            m_keeper.OnOpening(again);
            m_connector.OnOpening(again);
            m_world.calls.push_back(again);
        }
        m_keeper.OnClosed(link, m_now_ms);
        m_rig.Talk().Close(link.id);
    }

    void Step(uint8_t what, uint8_t value)
    {
        switch (what) {
        case 4:
        case 5:
            return EndCall(value, what == 4);
        case 6:
        case 7:
            return Close(value, what == 7);
        case 8: {
            AddressEntry entry;
            entry.time_sec = static_cast<uint32_t>(TalkRig::StartSec());
            entry.services =
                static_cast<Services>(Service::Network) | static_cast<Services>(Service::Witness);
            entry.endpoint = Somewhere(value);
            (void)m_rig.Addresses().Add({entry}, Somewhere(value).address, TalkRig::StartSec());
            return;
        }
        case 9:
            return m_rig.Bans().Discourage(Somewhere(value).address);
        case 10: {
            const std::string node = "10.0.0." + std::to_string(value % 8) + ":6661";
            (void)(value < 192 ? m_keeper.Add(node, true) : m_keeper.Remove(node));
            return;
        }
        case 11:
            m_world.active = value < 192;
            return;
        default:
            return Tick(value);
        }
    }

    void Check()
    {
        EMC_CHECK(Count(LinkKind::OutboundFull) <= FULL);
        EMC_CHECK(Count(LinkKind::OutboundBlocks) <= BLOCK_RELAYS);
        EMC_CHECK(m_rig.Addresses().IsConsistent());
    }

    static Connector::Options Places()
    {
        Connector::Options out;
        out.outbound_full = FULL;
        out.outbound_blocks = BLOCK_RELAYS;
        return out;
    }

    codec::Reader m_in;
    TalkRig m_rig{"", 4};
    World m_world;
    NodeKeeper m_keeper{m_world, 6661};
    Connector m_connector{m_rig.Talk().desk, m_world, m_rig.Addresses(), Places()};
    std::vector<Endpoint> m_anchors;
    int64_t m_now_ms = 1'000'000;
};

} // namespace

void SimulateConnector(base::ByteSpan input)
{
    Connections(input).Run();
}

} // namespace emc::test
