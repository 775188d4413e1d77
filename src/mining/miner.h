/// The miner inside the node: for small networks, where the work fits a few processors.
#pragma once

#include "interfaces/mining.h"

namespace emc::base {
class Clock;
class Logger;
} // namespace emc::base

namespace emc::chain {
class Chain;
}

namespace emc::interfaces {
class NetControl;
}

namespace emc::mempool {
class Mempool;
}

namespace emc::mining {

class TipWatch;

struct MinerDeps {
    chain::Chain& chain;
    mempool::Mempool& pool;
    const interfaces::NetControl* net = nullptr; ///< null: nobody need be connected
    TipWatch& watch;
    const base::Clock& clock;
    base::Logger& log;
};

/// A thread "miner" that makes templates and some "hash-N" that search nonces. They run while Mine asks for
/// them.
class Miner final : public interfaces::MinerControl
{
public:
    Miner(size_t max_weight, const MinerDeps& deps);
    ~Miner() override;

    void Mine(int threads, const base::Bytes& script) override;
    [[nodiscard]] Info GetInfo() const override;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::mining
