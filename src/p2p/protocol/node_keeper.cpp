#include "p2p/protocol/node_keeper.h"

#include "p2p/socket/caller.h"

#include <algorithm>
#include <utility>

namespace emc::p2p {

NodeKeeper::Kept* NodeKeeper::Find(const std::string& name)
{
    const auto it =
        std::find_if(m_nodes.begin(), m_nodes.end(), [&](const Kept& node) { return node.name == name; });
    return it == m_nodes.end() ? nullptr : &*it;
}

bool NodeKeeper::Add(const std::string& node, bool v2)
{
    if (Kept* old = Find(node)) {
        old->v2 = v2;
        return !std::exchange(old->wanted, true);
    }
    Kept kept;
    kept.name = node;
    kept.v2 = v2;
    m_nodes.push_back(std::move(kept));
    return true;
}

void NodeKeeper::Forget(const std::string& name)
{
    std::erase_if(m_nodes, [&](const Kept& kept) { return kept.name == name; });
}

std::vector<NodeKeeper::Kept> NodeKeeper::Nodes() const
{
    std::vector<Kept> out;
    for (const Kept& node : m_nodes) {
        if (node.wanted) out.push_back(node);
    }
    return out;
}

bool NodeKeeper::Remove(const std::string& node)
{
    Kept* kept = Find(node);
    if (kept == nullptr || !kept->wanted) return false;
    kept->wanted = false;
    if (!kept->trying && kept->link == 0) Forget(node);
    return true;
}

void NodeKeeper::OnOpening(const OpenRequest& request)
{
    Kept* node = Find(request.name);
    if (node == nullptr || request.kind != LinkKind::Manual) return;
    node->trying = true;
    node->link = 0; // its end is no news
}

void NodeKeeper::OnOpened(const LinkInfo& info, int64_t now_ms)
{
    Kept* node = Find(info.name);
    if (node == nullptr || info.kind != LinkKind::Manual) return;
    node->trying = false;
    node->link = info.id;
    node->opened_ms = now_ms;
}

void NodeKeeper::Later(Kept& node, int64_t now_ms)
{
    node.trying = false;
    node.link = 0;
    node.next_try_ms = now_ms + node.wait_ms;
    node.wait_ms = std::min(MAX_RETRY_MS, node.wait_ms * 2);
    if (!node.wanted) Forget(std::string(node.name));
}

void NodeKeeper::OnClosed(const LinkInfo& info, int64_t now_ms)
{
    Kept* node = Find(info.name);
    if (node == nullptr || node->link != info.id) return;
    if (now_ms - node->opened_ms >= MAX_RETRY_MS) node->wait_ms = FIRST_RETRY_MS;
    Later(*node, now_ms);
}

void NodeKeeper::OnFailed(const OpenRequest& request, int64_t now_ms)
{
    if (Kept* node = Find(request.name)) Later(*node, now_ms);
}

void NodeKeeper::OnTick(int64_t now_ms)
{
    for (Kept& node : m_nodes) {
        if (!node.wanted || node.trying || node.link != 0 || now_ms < node.next_try_ms) continue;
        auto request = RequestFor(node.name, m_default_port);
        if (!request) continue;
        request->try_v2 = node.v2;
        node.trying = true;
        m_network.Open(*request);
    }
}

} // namespace emc::p2p
