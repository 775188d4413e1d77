/// What the minter is made of; for this room only.
#pragma once

#include "base/thread.h"
#include "mining/minter.h"
#include "mining/template.h"
#include "mining/tip_watch.h"

#include <vector>

namespace emc::interfaces {
class WalletApi;
}

namespace emc::mining {

class KernelSearch;

class Minter::Impl
{
public:
    Impl(const MinterOptions& options, interfaces::WalletsApi& wallets, const MiningDeps& deps);
    /// Ends the thread: at most one block is being made.
    ~Impl();

    void Start();
    [[nodiscard]] Info GetInfo() const;
    void Enable(bool on);
    void SetReserve(primitives::Amount reserve);
    [[nodiscard]] std::vector<Coin> Coins(const std::string& wallet) const;

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
    interfaces::WalletsApi& m_wallets;
    const MiningDeps m_deps;
    const TemplateBuilder m_builder;
    Round m_round; ///< the thread's own
    mutable base::Mutex<base::LockRank::Leaf> m_mutex;
    Settings m_settings EMC_GUARDED_BY(m_mutex);
    Info m_info EMC_GUARDED_BY(m_mutex); ///< what the thread knows of itself
    base::Thread m_thread;
};

} // namespace emc::mining
