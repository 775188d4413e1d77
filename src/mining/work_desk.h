/// Gives out work: templates for getblocktemplate, blocks for merged mining.
#pragma once

#include "interfaces/mining.h"
#include "mining/template.h"
#include "mining/tip_watch.h"

#include <deque>

namespace emc::mining {

/// Any thread. No lock is held while a template is built.
class WorkDesk final : public interfaces::WorkSource
{
public:
    struct Options {
        size_t max_weight = 3'996'000;
        int max_waiting = 3; ///< calls of WaitForOther at a time; more return at once
    };

    WorkDesk(chain::Chain& chain, mempool::Mempool& pool, const base::Clock& clock, TipWatch& watch,
             const Options& options);

    [[nodiscard]] base::Expected<interfaces::Work, interfaces::Failure> GetWork() override;
    void WaitForOther(const std::string& id) override;
    [[nodiscard]] std::optional<std::string> Propose(const primitives::BlockRef& block) override;
    [[nodiscard]] Targets NextTargets() const override;
    [[nodiscard]] std::optional<Size> LastSize() const override;
    [[nodiscard]] base::Expected<AuxWork, interfaces::Failure> GetAuxWork(const base::Bytes& script) override;
    [[nodiscard]] primitives::BlockRef FindAux(const base::Hash256& hash) const override;

private:
    /// What is remembered of a block that was given out.
    struct Made {
        interfaces::Work work;
        uint64_t pool_sequence = 0;
        int64_t made_us = 0;
        int64_t took_us = 0;
    };

    struct Aux {
        Made made;
        base::Bytes script;
        base::Hash256 hash;
    };

    [[nodiscard]] base::Expected<Made, interfaces::Failure> Make(const TemplateOptions& options) const;
    /// On the tip, and as good as one made now, or made so recently that making another costs too much.
    [[nodiscard]] bool Current(const Made& made) const;
    void DropStale(const base::Hash256& tip) EMC_REQUIRES(m_mutex);

    chain::Chain& m_chain;
    mempool::Mempool& m_pool;
    TipWatch& m_watch;
    const Options m_options;
    const TemplateBuilder m_builder;
    mutable base::Mutex<base::LockRank::Leaf> m_mutex;
    std::optional<Made> m_latest EMC_GUARDED_BY(m_mutex); ///< of GetWork
    std::deque<Aux> m_aux EMC_GUARDED_BY(m_mutex);        ///< oldest first, all on one tip
    int m_waiting EMC_GUARDED_BY(m_mutex) = 0;
};

} // namespace emc::mining
