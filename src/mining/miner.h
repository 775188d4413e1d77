/// The miner inside the node: for small networks, where the work fits a few processors.
#pragma once

#include "interfaces/mining.h"
#include "mining/deps.h"

namespace emc::mining {

/// A thread "miner" that makes templates and some "hash-N" that search nonces. They run while Mine asks for
/// them.
class Miner final : public interfaces::MinerControl
{
public:
    Miner(size_t max_weight, const MiningDeps& deps);
    ~Miner() override;

    void Mine(int threads, const base::Bytes& script) override;
    [[nodiscard]] Info GetInfo() const override;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::mining
