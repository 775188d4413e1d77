#include "app/endpoint.h"
#include "app/node.h"
#include "app/rooms.h"
#include "calls/calls.h"
#include "chain/chain.h"
#include "dns/server.h"
#include "index/index_set.h"
#include "mempool/pool.h"
#include "mining/block_maker.h"
#include "mining/miner.h"
#include "mining/minter.h"
#include "mining/work_desk.h"
#include "notify/zmq_feed.h"
#include "p2p/p2p.h"
#include "rpc/call.h"
#include "rpc/server.h"
#ifdef EMC_ENABLE_WALLET
#include "wallet/wallets.h"
#endif

namespace emc::app {

namespace {

using base::Unexpected;

base::Expected<rpc::HttpServer::Endpoint, std::string> BindOf(const std::string& text, uint16_t port)
{
    const auto parsed = ParseEndpoint(text, port);
    if (!parsed) return Unexpected("-rpcbind: " + parsed.Error());
    if (!base::ParseIp(parsed->host)) return Unexpected("-rpcbind=" + text + " is no IPv4 or IPv6 address");
    return rpc::HttpServer::Endpoint{parsed->host, parsed->port};
}

/// Calls that take minutes or wait for a block, at a time.
constexpr unsigned LONG_WORKERS = 16;

/// -rpcwhitelist and -rpcwhitelistdefault.
base::Expected<rpc::Whitelist, std::string> WhitelistOf(const Options& options)
{
    rpc::Whitelist out;
    for (const auto& text : options.List("rpcwhitelist")) {
        if (auto added = out.Add(text); !added) return Unexpected(added.Error());
    }
    out.deny_others = options.Bool("rpcwhitelistdefault", !out.users.empty());
    return out;
}

} // namespace

Node::Step Node::StartRpc()
{
    const auto& options = m_setup.options;
    if (!options.Bool("server", true)) return {};
    rpc::RpcServer::Options server;
    const auto port = static_cast<uint16_t>(options.Int("rpcport", m_setup.params.rpc_port));
    std::vector<std::string> binds = options.List("rpcbind");
    const auto allowed = options.List("rpcallowip");
    server.http.optional_loopback = binds.empty() || allowed.empty();
    if (server.http.optional_loopback) {
        if (!binds.empty()) {
            EMC_LOG(m_log, Warning, None,
                    "-rpcbind has no effect without -rpcallowip: the RPC server stays on this computer");
        }
        binds = {"127.0.0.1", "::1"};
    }
    for (const auto& bind : binds) {
        auto endpoint = BindOf(bind, port);
        if (!endpoint) return Unexpected(endpoint.Error());
        server.http.listen.push_back(std::move(*endpoint));
    }
    std::vector<std::string> nets = {"127.0.0.0/8", "::1"};
    nets.insert(nets.end(), allowed.begin(), allowed.end());
    for (const auto& text : nets) {
        const auto net = base::Subnet::Parse(text);
        if (!net) return Unexpected("-rpcallowip=" + text + " is no address or network like 10.0.0.0/8");
        server.http.allow.push_back(*net);
    }
    server.rest = options.Bool("rest", false);
    server.http.workers = static_cast<unsigned>(options.Int("rpcthreads", 4));
    server.http.long_workers = LONG_WORKERS;
    server.http.queue = static_cast<size_t>(options.Int("rpcworkqueue", 64));
    server.http.idle_timeout_sec = static_cast<int>(options.Int("rpcservertimeout", 30));
    server.auth.cookie_file = PathBelow(m_setup.folders.network, options.Text("rpccookiefile", ".cookie"));
    server.auth.user = options.Text("rpcuser");
    server.auth.password = options.Text("rpcpassword");
    server.auth.rpcauth = options.List("rpcauth");
    auto whitelist = WhitelistOf(options);
    if (!whitelist) return Unexpected(whitelist.Error());
    server.whitelist = std::move(*whitelist);
    rpc::Services early;
    early.node = this;
    m_rooms->rpc = std::make_unique<rpc::RpcServer>(std::move(server), early, m_random, m_log);
    return m_rooms->rpc->Start();
}

void Node::ConnectRpc()
{
    if (m_rooms->rpc) m_rooms->rpc->EndWarmup(RpcServices());
}

rpc::Services Node::RpcServices()
{
    rpc::Services out;
    static_cast<interfaces::Rooms&>(out) = Faces();
    out.name_files = m_setup.options.Text("namefiles");
    return out;
}

interfaces::Rooms Node::Faces()
{
    interfaces::Rooms out;
    out.node = this;
    out.chain = &m_rooms->chain->Reader();
    out.names = &m_rooms->chain->Names();
    out.chain_control = &m_rooms->chain->Control();
    out.snapshots = &m_rooms->chain->Snapshots();
    out.events = &m_rooms->chain->Events();
    out.index = m_rooms->indexes.get();
    out.net = m_rooms->net.get();
    out.notify = m_rooms->zmq.get();
    out.dns = m_rooms->dns.get();
    out.calls = m_rooms->calls.get();
    if (m_rooms->calls) out.call_batches = m_rooms->calls->GetBatches();
    out.pool = m_rooms->pool.get();
    out.pool_control = m_rooms->pool.get();
    out.broadcaster = m_rooms->pool.get();
    out.block_maker = m_rooms->block_maker.get();
    out.work = m_rooms->work_desk.get();
    out.miner = m_rooms->miner.get();
#ifdef EMC_ENABLE_WALLET
    out.wallets = m_rooms->wallets.get();
    out.staking = m_rooms->minter.get();
#endif
    return out;
}

} // namespace emc::app
