/// Where signature checks go: run at once, or handed to a pool.
#pragma once

#include "base/memory.h"
#include "script/interpreter.h"

namespace emc::reward {
struct BatchSignatures;
}

namespace emc::consensus {

struct ScriptFailure {
    base::Hash256 txid;
    size_t input = 0;
    script::Error error = script::Error::Unknown;
    bool batch = false; ///< no script: the signatures of its call batch
};

/// One input's script, with everything it needs, or the signatures of a reward transaction's call batch.
/// Cheap to move; may run on any thread.
struct ScriptCheck {
    std::shared_ptr<const script::PrecomputedTx> tx; ///< shared by the inputs of a transaction
    primitives::TxRef owner;                         ///< keeps the transaction alive
    size_t input = 0;
    script::Flags flags = script::CONSENSUS_FLAGS;
    script::SignatureCache* cache = nullptr;                        ///< may be null
    std::shared_ptr<const reward::BatchSignatures> batch = nullptr; ///< these, and no script

    /// The script; not for a batch.
    [[nodiscard]] base::Expected<void, script::Error> Run() const;
    /// Whichever it is; nullopt when it holds.
    [[nodiscard]] std::optional<ScriptFailure> Judge() const;
};

/// Takes checks; says at the end whether all held. Used by one thread at a time; Add and Wait alternate per
/// block.
class ScriptRunner
{
public:
    virtual ~ScriptRunner() = default;
    virtual void Add(std::vector<ScriptCheck> checks) = 0;
    /// Waits for everything added since the last Wait and gives a failure if there was one.
    [[nodiscard]] virtual std::optional<ScriptFailure> Wait() = 0;
};

/// Runs each check when it is added; nothing more after the first failure.
class InlineScriptRunner final : public ScriptRunner
{
public:
    void Add(std::vector<ScriptCheck> checks) override;
    [[nodiscard]] std::optional<ScriptFailure> Wait() override;

private:
    std::optional<ScriptFailure> m_failure;
};

} // namespace emc::consensus
