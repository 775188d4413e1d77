/// What a running node owns, in the order in which it is made; stopped in the opposite order.
#pragma once

#include "app/node.h"
#include "base/mutex.h"

namespace emc::calls {
class Calls;
}

namespace emc::chain {
class Chain;
}

namespace emc::dns {
class DnsServer;
}

namespace emc::index {
class IndexSet;
}

namespace emc::mempool {
class Mempool;
}

namespace emc::mining {
class BlockMaker;
class Miner;
class Minter;
class TipWatch;
class WorkDesk;
} // namespace emc::mining

namespace emc::notify {
class CommandFeed;
class CommandRunner;
class ZmqFeed;
} // namespace emc::notify

namespace emc::p2p {
class P2p;
}

namespace emc::rpc {
class RpcServer;
}

namespace emc::wallet {
class Wallets;
}

namespace emc::interfaces {
class MetricSource;
}

namespace emc::app {

class CallsHttp;
class CallsWeb;
class MetricsServer;

struct Node::Rooms {
    mutable base::Mutex<base::LockRank::Leaf> mutex;
    std::string fatal EMC_GUARDED_BY(mutex); ///< first fatal error; empty while all is well

    std::optional<FolderLock> lock;
    std::string pid_file;
    std::unique_ptr<notify::CommandRunner> commands;
    std::unique_ptr<rpc::RpcServer> rpc;
    std::unique_ptr<chain::Chain> chain;
    std::unique_ptr<index::IndexSet> indexes;
    std::unique_ptr<mempool::Mempool> pool;
    std::unique_ptr<mining::BlockMaker> block_maker;
#ifdef EMC_ENABLE_WALLET
    std::unique_ptr<wallet::Wallets> wallets;
#endif
    std::unique_ptr<calls::Calls> calls;
    std::unique_ptr<CallsHttp> calls_http;
    std::unique_ptr<CallsWeb> calls_web;
    std::unique_ptr<notify::ZmqFeed> zmq;
    std::unique_ptr<notify::CommandFeed> command_feed;
    std::unique_ptr<p2p::P2p> net;
    std::unique_ptr<mining::TipWatch> tip_watch;
    std::unique_ptr<mining::WorkDesk> work_desk;
    std::unique_ptr<mining::Miner> miner;
#ifdef EMC_ENABLE_WALLET
    std::unique_ptr<mining::Minter> minter;
#endif
    std::unique_ptr<dns::DnsServer> dns;
    std::unique_ptr<interfaces::MetricSource> node_metrics;
    std::unique_ptr<MetricsServer> metrics;
};

} // namespace emc::app
