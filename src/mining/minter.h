/// Proof of stake by itself: searches kernels among the coins of the loaded wallets and makes the blocks they
/// find.
#pragma once

#include "interfaces/mining.h"
#include "mining/deps.h"

namespace emc::interfaces {
class WalletsApi;
}

namespace emc::mining {

struct MinterOptions {
    bool enabled = true;
    primitives::Amount reserve = 0; ///< units the wallets together do not stake
    uint64_t min_peers = 1;
    bool while_syncing = false; ///< regtest: also while the tip is old
    double split_days = 30;     ///< a stake that would find blocks more often is cut in two; 0: never
    double combine_days = 120;  ///< coins of an address that would find them more rarely are joined; 0: never
    size_t max_weight = 3'996'000;
};

/// One thread, "minter". Writes nothing but whole blocks, by handing them to the chain. The tip watch must be
/// stopped before the end.
class Minter final : public interfaces::StakingControl
{
public:
    Minter(const MinterOptions& options, interfaces::WalletsApi& wallets, const MiningDeps& deps);
    /// Ends the thread: at most one block is being made.
    ~Minter() override;

    void Start();
    [[nodiscard]] Info GetInfo() const override;
    void Enable(bool on) override;
    void SetReserve(primitives::Amount reserve) override;
    [[nodiscard]] std::vector<Coin> Coins(const std::string& wallet) const override;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::mining
