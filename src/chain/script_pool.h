/// Runs script checks on several threads.
#pragma once

#include "consensus/script_runner.h"

namespace emc::chain {

/// Used by one thread at a time, which works along while it waits. Threads are joined by the destructor.
class ScriptPool final : public consensus::ScriptRunner
{
public:
    /// `threads` beside the caller; 0: everything runs in Wait.
    explicit ScriptPool(int threads);
    ~ScriptPool() override;
    ScriptPool(const ScriptPool&) = delete;
    ScriptPool& operator=(const ScriptPool&) = delete;

    void Add(std::vector<consensus::ScriptCheck> checks) override;
    [[nodiscard]] std::optional<consensus::ScriptFailure> Wait() override;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::chain
