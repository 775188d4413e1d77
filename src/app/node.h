/// The one place where the rooms are put together.
#pragma once

#include "app/setup.h"
#include "app/shutdown.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "crypto/random.h"
#include "interfaces/node.h"
#include "interfaces/rooms.h"

#include <atomic>

namespace emc::chain {
struct ChainDeps;
}

namespace emc::rpc {
struct Services;
}

namespace emc::app {

/// A whole node: start it, wait for the signal, stop it. One thread calls Start and Stop.
class Node final : public interfaces::NodeControl
{
public:
    Node(const Setup& setup, ShutdownSignal& signal);
    /// Stops if still running.
    ~Node() override;

    /// Starts everything. The error is a sentence for the user; what was started is stopped again.
    [[nodiscard]] base::Expected<void, std::string> Start();
    /// Stops everything in order. Idempotent.
    void Stop();
    /// True when a fatal error ended the node.
    [[nodiscard]] bool Failed() const;

    void RequestShutdown() override { m_signal.Request(); }

    [[nodiscard]] bool ShutdownRequested() const override { return m_signal.Requested(); }

    [[nodiscard]] int64_t UptimeSec() const override;

    [[nodiscard]] std::string DataDir() const override { return m_setup.folders.network; }

    void SetMockTime(int64_t unix_sec) override;

    [[nodiscard]] int64_t NowSec() const override { return m_clock.NowSec(); }

    [[nodiscard]] base::Logger& Log() override { return m_log; }

    [[nodiscard]] std::string Warnings() const override;

    /// All faces of a node that has started.
    [[nodiscard]] interfaces::Rooms Faces();

    /// The same, as calls want them.
    [[nodiscard]] rpc::Services RpcServices();

    /// What Start is doing, in two or three words. Any thread.
    [[nodiscard]] const char* StepName() const { return m_step.load(); }

private:
    struct Rooms;
    using Step = base::Expected<void, std::string>;

    [[nodiscard]] chain::ChainDeps DepsOfChain();
    [[nodiscard]] Step OpenLog();
    [[nodiscard]] Step CheckMachine();
    [[nodiscard]] Step OpenFolders();
    [[nodiscard]] Step OpenChain();
    [[nodiscard]] Step CheckBlocks();
    [[nodiscard]] Step OpenIndexes();
    [[nodiscard]] Step StartPruning();
    [[nodiscard]] Step LoadBlocks();
    [[nodiscard]] Step OpenPool();
    [[nodiscard]] Step OpenWallets();
    [[nodiscard]] Step StartCommands();
    [[nodiscard]] Step StartNotify();
    [[nodiscard]] Step StartNet();
    [[nodiscard]] Step StartMining();
    [[nodiscard]] Step StartStaking();
    void StopMining();
    [[nodiscard]] Step OpenCalls();
    [[nodiscard]] Step StartBatches();
    [[nodiscard]] Step StartCallWeb();
    [[nodiscard]] Step StartDns();
    [[nodiscard]] Step StartMetrics();
    [[nodiscard]] Step StartRpc();
    void ConnectRpc();
    /// Runs the command lines of an option; %s is the message.
    void RunCommands(std::string_view option, const std::string& message);
    void StopNotify();
    void StopCommands();
    void OnFatal(const std::string& message);

    const Setup& m_setup;
    ShutdownSignal& m_signal;
    base::Clock m_clock;
    base::Logger m_log;
    crypto::SystemRandom m_random;
    int64_t m_start_us = 0;
    std::atomic<const char*> m_step{""};
    std::unique_ptr<Rooms> m_rooms;
};

} // namespace emc::app
