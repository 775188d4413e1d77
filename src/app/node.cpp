#include "app/node.h"

#include "app/calls_http.h"
#include "app/calls_web.h"
#include "app/metrics.h"
#include "app/rooms.h"
#include "calls/calls.h"
#include "chain/load_blocks.h"
#include "crypto/keys.h"
#include "crypto/sha256.h"
#include "dns/server.h"
#include "index/index_set.h"
#include "mempool/pool.h"
#include "mining/block_maker.h"
#include "mining/miner.h"
#include "mining/minter.h"
#include "mining/tip_watch.h"
#include "mining/work_desk.h"
#include "notify/command_feed.h"
#include "notify/command_runner.h"
#include "notify/zmq_feed.h"
#include "p2p/p2p.h"
#include "rpc/server.h"
#ifdef EMC_ENABLE_WALLET
#include "wallet/wallets.h"
#endif

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace emc::app {

namespace {

using base::Unexpected;

constexpr size_t MIB = size_t{1} << 20;
constexpr int64_t MIN_PRUNE_TARGET = 550;
constexpr uint64_t FAST_FILE_BYTES = 64 << 10;

base::LogCategory CategoriesOf(const std::vector<std::string>& names, std::string& unknown)
{
    uint32_t mask = 0;
    for (const auto& name : names) {
        const auto category = base::CategoryFromName(name);
        if (category == base::LogCategory::None && name != "0" && name != "none") unknown = name;
        mask |= static_cast<uint32_t>(category);
    }
    return static_cast<base::LogCategory>(mask);
}

/// -par as threads beside the writer.
int ScriptThreads(int64_t par)
{
    if (par == 0) return -1;
    const auto cores = static_cast<int64_t>(sysconf(_SC_NPROCESSORS_ONLN));
    const int64_t wanted = par > 0 ? par : cores + par;
    return static_cast<int>(std::max<int64_t>(wanted, 1) - 1);
}

/// -prune and -fastprune.
base::Expected<void, std::string> ApplyPrune(const Setup& setup, chain::ChainOptions& chain)
{
    const auto& options = setup.options;
    const int64_t prune = options.Int("prune", 0);
    const bool fast = options.Bool("fastprune", false);
    if (fast && setup.params.network != consensus::Network::Regtest)
        return Unexpected(std::string("-fastprune works on regtest only"));
    if (fast) {
        chain.block_file_bytes = FAST_FILE_BYTES;
        chain.block_chunk_bytes = FAST_FILE_BYTES / 4;
    }
    if (prune > 1 && prune < MIN_PRUNE_TARGET) {
        return Unexpected(base::Format(
            "-prune=%lld is neither 0 (keep all blocks), 1 (remove old ones when pruneblockchain asks "
            "for it) nor at least %lld (MiB that block files may take)",
            static_cast<long long>(prune), static_cast<long long>(MIN_PRUNE_TARGET)));
    }
    if (prune != 0 && options.Bool("txindex", false)) {
        return Unexpected(
            std::string("-prune and -txindex exclude each other: the index points into block files "
                        "that pruning removes. Leave one of them out"));
    }
    chain.prune = prune != 0;
    if (prune > 1) chain.prune_target_bytes = static_cast<uint64_t>(prune) * (fast ? 1024 : MIB);
    return {};
}

} // namespace

Node::Node(const Setup& setup, ShutdownSignal& signal)
    : m_setup(setup), m_signal(signal), m_start_us(base::SteadyMicros()), m_rooms(std::make_unique<Rooms>())
{}

Node::~Node()
{
    Stop();
}

int64_t Node::UptimeSec() const
{
    return (base::SteadyMicros() - m_start_us) / 1'000'000;
}

std::string Node::Warnings() const
{
    const base::LockGuard lock(m_rooms->mutex);
    return m_rooms->fatal;
}

bool Node::Failed() const
{
    const base::LockGuard lock(m_rooms->mutex);
    return !m_rooms->fatal.empty();
}

void Node::OnFatal(const std::string& message)
{
    {
        const base::LockGuard lock(m_rooms->mutex);
        if (m_rooms->fatal.empty()) m_rooms->fatal = message;
    }
    EMC_LOG(m_log, Error, None, "%s The node stops.", message.c_str());
    RunCommands("alertnotify", message);
    m_signal.Request();
}

Node::Step Node::OpenLog()
{
    const auto& options = m_setup.options;
    base::Logger::Options log;
    const std::string file = options.Text("debuglogfile", "debug.log");
    if (file != "0" && !file.empty()) log.file = PathBelow(m_setup.folders.network, file);
    const bool background = options.Bool("daemon", false) || options.Bool("daemonwait", false);
    log.console = options.Bool("printtoconsole", !background);
    log.timestamps = options.Bool("logtimestamps", true);
    log.thread_names = options.Bool("logthreadnames", false);
    log.json_lines = options.Bool("logjson", false);
    log.site_bytes_per_hour = static_cast<uint64_t>(options.Int("loglimit", 1024)) * 1024;
    if (!m_log.Open(log)) return Unexpected("Cannot open log file " + log.file + ": " + std::strerror(errno));
    std::string unknown;
    m_log.EnableCategories(CategoriesOf(options.List("debug"), unknown), true);
    m_log.EnableCategories(CategoriesOf(options.List("debugexclude"), unknown), false);
    if (!unknown.empty()) return Unexpected("-debug=" + unknown + " is no category; see -help");
    EMC_LOG(m_log, Info, None, "Emercoin telephony node v%s, network %s, data in %s", EMC_VERSION,
            m_setup.params.name.c_str(), m_setup.folders.network.c_str());
    for (const auto& warning : options.Warnings())
        EMC_LOG(m_log, Warning, None, "%s", warning.c_str());
    return {};
}

Node::Step Node::CheckMachine()
{
    if (!crypto::Sha256SelfTest() || !crypto::KeysSelfTest()) {
        return Unexpected(
            std::string("The self test of hashes and signatures failed: this computer or this build "
                        "calculates wrongly"));
    }
    EMC_LOG(m_log, Info, None, "SHA-256 through %s", std::string(crypto::Sha256Implementation()).c_str());
    const int64_t mock = m_setup.options.Int("mocktime", 0);
    if (mock != 0 && m_setup.params.network != consensus::Network::Regtest) {
        return Unexpected(std::string("-mocktime works on regtest only"));
    }
    m_clock.SetMockTime(mock);
    return {};
}

Node::Step Node::OpenFolders()
{
    if (auto made = MakeFolder(m_setup.folders.network); !made) return made;
    auto lock = FolderLock::Take(m_setup.folders.network);
    if (!lock) return Unexpected(lock.Error());
    m_rooms->lock.emplace(std::move(*lock));
    const std::string pid = m_setup.options.Text("pid", "emercoin.pid");
    if (pid.empty()) return {};
    m_rooms->pid_file = PathBelow(m_setup.folders.network, pid);
    FILE* file = fopen(m_rooms->pid_file.c_str(), "we");
    if (file == nullptr) return Unexpected("Cannot write " + m_rooms->pid_file + ": " + std::strerror(errno));
    fprintf(file, "%d\n", static_cast<int>(getpid()));
    fclose(file);
    return {};
}

chain::ChainDeps Node::DepsOfChain()
{
    return {m_setup.params,
            m_clock,
            m_log,
            m_random,
            [this](const chain::FatalError& error) { OnFatal(error.message); },
            nullptr,
            [this] { return m_signal.Requested(); }};
}

Node::Step Node::OpenChain()
{
    const auto& options = m_setup.options;
    chain::ChainOptions chain;
    chain.blocks_dir = m_setup.folders.network + "/blocks";
    chain.state_dir = m_setup.folders.network + "/chainstate";
    chain.cache_bytes = static_cast<size_t>(options.Int("dbcache", 300)) * MIB;
    chain.signature_cache_bytes = static_cast<size_t>(options.Int("maxsigcachesize", 32)) * MIB;
    chain.script_threads = ScriptThreads(options.Int("par", 0));
    chain.tip_age_for_sync_sec = options.Int("maxtipage", 86'400);
    if (options.Has("maxreorg")) chain.reorg_limit = static_cast<int32_t>(options.Int("maxreorg", 0));
    chain.reindex = options.Bool("reindex", false);
    chain.reindex_state = options.Bool("reindex-chainstate", false);
    if (auto applied = ApplyPrune(m_setup, chain); !applied) return applied;
    auto opened = chain::Chain::Open(chain, DepsOfChain());
    if (!opened) return Unexpected(opened.Error().message);
    m_rooms->chain = std::move(*opened);
    const auto tip = m_rooms->chain->GetTip();
    EMC_LOG(m_log, Info, Chain, "chain at height %d, %s", tip.height, base::ReversedHex(tip.hash).c_str());
    return {};
}

Node::Step Node::CheckBlocks()
{
    const auto level = static_cast<int>(m_setup.options.Int("checklevel", 3));
    const auto blocks = static_cast<int32_t>(m_setup.options.Int("checkblocks", 6));
    const auto good = m_rooms->chain->Control().Verify(level, blocks);
    if (good) return {};
    if (m_signal.Requested()) return Unexpected(std::string("Stopped while the newest blocks were checked"));
    return Unexpected("The newest blocks are damaged: " + good.Error().message +
                      "; start with -reindex to build everything anew from the block files");
}

Node::Step Node::OpenIndexes()
{
    index::IndexOptions indexes;
    indexes.directory = m_setup.folders.network + "/indexes";
    indexes.transactions = m_setup.options.Bool("txindex", m_setup.options.Int("prune", 0) == 0);
    indexes.name_history = m_setup.options.Bool("nameindex", true);
    indexes.filters = m_setup.options.Bool("blockfilterindex", false);
    m_rooms->indexes = std::make_unique<index::IndexSet>(indexes, m_rooms->chain->Reader(), m_log);
    if (auto opened = m_rooms->indexes->Open(m_rooms->chain->Events()); !opened) {
        return Unexpected(storage::Describe(opened.Error()));
    }
    return {};
}

/// From here on old blocks may go, but for those an index or a wallet has still to read.
Node::Step Node::StartPruning()
{
    m_rooms->chain->StartPruning([rooms = m_rooms.get()] {
        int32_t read = rooms->indexes->ReadUpTo();
#ifdef EMC_ENABLE_WALLET
        if (rooms->wallets) read = std::min(read, rooms->wallets->ReadUpTo());
#endif
        return read;
    });
    return {};
}

Node::Step Node::LoadBlocks()
{
    const auto deps = DepsOfChain();
    for (const auto& file : m_setup.options.List("loadblock")) {
        const auto loaded =
            chain::LoadBlocks(*m_rooms->chain, deps, PathBelow(m_setup.folders.network, file));
        if (!loaded) return Unexpected(loaded.Error());
        if (loaded->interrupted) {
            return Unexpected("Stopped while blocks were read from " + file +
                              "; with -loadblock the next start goes on");
        }
    }
    return {};
}

Node::Step Node::OpenPool()
{
    const auto& options = m_setup.options;
    const bool regtest = m_setup.params.network == consensus::Network::Regtest;
    mempool::PoolOptions pool;
    pool.max_usage_bytes = static_cast<uint64_t>(options.Int("maxmempool", 300)) * 1'000'000;
    pool.expiry_sec = options.Int("mempoolexpiry", 336) * 3600;
    pool.relay_rate_per_kvb = options.Amount("minrelaytxfee", pool.relay_rate_per_kvb);
    pool.limits.ancestor_count = static_cast<uint64_t>(options.Int("limitancestorcount", 25));
    pool.limits.ancestor_vsize = static_cast<uint64_t>(options.Int("limitancestorsize", 101)) * 1000;
    pool.limits.descendant_count = static_cast<uint64_t>(options.Int("limitdescendantcount", 25));
    pool.limits.descendant_vsize = static_cast<uint64_t>(options.Int("limitdescendantsize", 101)) * 1000;
    pool.require_standard = !options.Bool("acceptnonstdtxn", regtest);
    if (!pool.require_standard && m_setup.params.network == consensus::Network::Main) {
        return Unexpected(std::string("-acceptnonstdtxn does not work on main"));
    }
    pool.full_replacement = options.Bool("mempoolfullrbf", false);
    pool.folder = m_setup.folders.network;
    pool.keep_transactions = options.Bool("persistmempool", true);
    m_rooms->pool = std::make_unique<mempool::Mempool>(*m_rooms->chain, m_clock, m_log, pool);
    const auto weight = static_cast<size_t>(options.Int("blockmaxweight", 3'996'000));
    m_rooms->block_maker =
        std::make_unique<mining::BlockMaker>(*m_rooms->chain, *m_rooms->pool, m_clock, weight);
    return {};
}

base::Expected<void, std::string> Node::Start()
{
    struct StepOf {
        Step (Node::*make)();
        const char* name;
    };

    constexpr StepOf STEPS[] = {{&Node::OpenFolders, "Opening the data folder"},
                                {&Node::OpenLog, "Opening the log"},
                                {&Node::StartCommands, "Preparing commands"},
                                {&Node::CheckMachine, "Testing this computer"},
                                {&Node::StartRpc, "Starting the RPC server"},
                                {&Node::OpenChain, "Opening the chain"},
                                {&Node::CheckBlocks, "Checking the newest blocks"},
                                {&Node::OpenIndexes, "Opening indexes"},
                                {&Node::OpenPool, "Opening the pool of transactions"},
                                {&Node::OpenWallets, "Opening wallets"},
                                {&Node::StartPruning, "Looking at old blocks"},
                                {&Node::LoadBlocks, "Reading block files"},
                                {&Node::StartNotify, "Preparing notifications"},
                                {&Node::StartNet, "Connecting to the network"},
                                {&Node::StartMining, "Preparing staking"},
                                {&Node::StartDns, "Starting the DNS server"},
                                {&Node::OpenCalls, "Opening call records"},
                                {&Node::StartCallWeb, "Starting the page of calls"},
                                {&Node::StartMetrics, "Starting metrics"}};
    for (const auto& step : STEPS) {
        if (m_signal.Requested()) return Unexpected(std::string("Stopped before the node was ready"));
        m_step = step.name;
        if (auto done = (this->*step.make)(); !done) return done;
    }
    m_rooms->pool->StartLoading();
    ConnectRpc();
    RunCommands("startupnotify", {});
    EMC_LOG(m_log, Info, None, "ready after %lld ms",
            static_cast<long long>((base::SteadyMicros() - m_start_us) / 1000));
    return {};
}

void Node::Stop()
{
    auto& rooms = *m_rooms;
    if (!rooms.lock) return;
    EMC_LOG(m_log, Info, None, "stopping");
    if (rooms.tip_watch) rooms.tip_watch->Stop(); // nobody waits for work any longer
    if (rooms.rpc) rooms.rpc->Stop();
    StopNotify();
    rooms.metrics.reset();
    rooms.calls_web.reset();
    rooms.calls_http.reset();
    rooms.calls.reset();
    rooms.dns.reset();
    StopMining();
    rooms.net.reset();
    if (rooms.chain) rooms.chain->StartPruning([] { return -1; }); // nobody can be asked any longer
#ifdef EMC_ENABLE_WALLET
    rooms.wallets.reset();
#endif
    rooms.block_maker.reset();
    if (rooms.pool) rooms.pool->SaveAtEnd();
    rooms.pool.reset();
    rooms.indexes.reset();
    rooms.chain.reset();
    rooms.rpc.reset();
    StopCommands();
    if (!rooms.pid_file.empty()) static_cast<void>(unlink(rooms.pid_file.c_str()));
    EMC_LOG(m_log, Info, None, "stopped");
    rooms.lock.reset();
}

} // namespace emc::app
