/// What blocks are made with. References outlive whoever holds them.
#pragma once

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

struct MiningDeps {
    chain::Chain& chain;
    mempool::Mempool& pool;
    const interfaces::NetControl* net = nullptr; ///< null: nobody need be connected
    TipWatch& watch;
    const base::Clock& clock;
    base::Logger& log;
};

} // namespace emc::mining
