/// Proof of stake by itself: searches kernels among the coins of the loaded wallets and makes the blocks they
/// find.
#pragma once

#include "base/thread.h"
#include "interfaces/mining.h"
#include "mining/template.h"
#include "mining/tip_watch.h"

#include <vector>

namespace emc::base {
class Logger;
}

namespace emc::interfaces {
class NetControl;
class WalletApi;
class WalletsApi;
} // namespace emc::interfaces

namespace emc::mining {

class KernelSearch;

struct MinterOptions {
    bool enabled = true;
    primitives::Amount reserve = 0; ///< units the wallets together do not stake
    uint64_t min_peers = 1;
    bool while_syncing = false; ///< regtest: also while the tip is old
    double split_days = 30;     ///< a stake that would find blocks more often is cut in two; 0: never
    double combine_days = 120;  ///< coins of an address that would find them more rarely are joined; 0: never
    size_t max_weight = 3'996'000;
};

struct MinterDeps {
    chain::Chain& chain;
    mempool::Mempool& pool;
    interfaces::WalletsApi& wallets;
    const interfaces::NetControl* net = nullptr; ///< null: without a network
    TipWatch& watch;
    const base::Clock& clock;
    base::Logger& log;
};

/// One thread, "minter". Writes nothing but whole blocks, by handing them to the chain. The tip watch must be
/// stopped before the end.
class Minter final : public interfaces::StakingControl
{
public:
    Minter(const MinterOptions& options, const MinterDeps& deps);
    /// Ends the thread: at most one block is being made.
    ~Minter() override;

    void Start();
    [[nodiscard]] Info GetInfo() const override;
    void Enable(bool on) override;
    void SetReserve(primitives::Amount reserve) override;
    [[nodiscard]] std::vector<Coin> Coins(const std::string& wallet) const override;

private:
    /// A coin with the wallet it lies in.
    struct Candidate {
        std::string wallet;
        primitives::OutPoint outpoint;
        primitives::Coin coin;
        int32_t stakes_from = 0; ///< height
        bool locked = false;
    };

    /// What the search rests on, and where it stands.
    struct Round {
        base::Hash256 tip;
        uint64_t settings = 0;
        std::string wallets; ///< loaded ones that can sign
        std::vector<Candidate> candidates;
        std::unique_ptr<KernelSearch> search;
        int64_t searched_until = 0;
    };

    struct Settings {
        bool enabled = true;
        primitives::Amount reserve = 0;
        uint64_t changes = 0;
    };

    void Run();
    /// Brings the round up to date and searches the times that are due; true when there is a new tip to look
    /// at.
    [[nodiscard]] bool Turn();
    [[nodiscard]] std::vector<std::string> WhyNot(const chain::NextBlock& next,
                                                  const Settings& settings) const;
    [[nodiscard]] std::vector<std::shared_ptr<interfaces::WalletApi>>
    Signers(std::vector<std::string>& reasons) const;
    [[nodiscard]] std::vector<Candidate> CandidatesOf(interfaces::WalletApi& wallet) const;
    void Renew(const chain::NextBlock& next, const Settings& settings,
               const std::vector<std::shared_ptr<interfaces::WalletApi>>& signers);
    /// Takes out the smallest candidates so that the reserve stays free.
    static void KeepReserve(std::vector<Candidate>& candidates, primitives::Amount kept_back);
    [[nodiscard]] bool Search(const chain::NextBlock& next);
    [[nodiscard]] bool Mint(const chain::NextBlock& next, size_t kernel, uint32_t time);
    [[nodiscard]] StakeOptions Plan(const chain::NextBlock& next, size_t kernel, uint32_t time) const;
    [[nodiscard]] base::Expected<primitives::BlockRef, interfaces::Failure>
    MakeBlock(const chain::NextBlock& next, size_t kernel, uint32_t time) const;

    const MinterOptions m_options;
    const MinterDeps m_deps;
    const TemplateBuilder m_builder;
    Round m_round; ///< the thread's own
    mutable base::Mutex<base::LockRank::Leaf> m_mutex;
    Settings m_settings EMC_GUARDED_BY(m_mutex);
    Info m_info EMC_GUARDED_BY(m_mutex); ///< what the thread knows of itself
    base::Thread m_thread;
};

} // namespace emc::mining
