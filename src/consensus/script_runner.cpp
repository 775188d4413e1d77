#include "consensus/script_runner.h"

#include "reward/claim.h"

namespace emc::consensus {

base::Expected<void, script::Error> ScriptCheck::Run() const
{
    return script::VerifyInput(*tx, input, flags, cache);
}

std::optional<ScriptFailure> ScriptCheck::Judge() const
{
    if (batch) {
        if (batch->Hold()) return std::nullopt;
        return ScriptFailure{.txid = owner->Txid(), .batch = true};
    }
    if (const auto ok = Run(); !ok) return ScriptFailure{owner->Txid(), input, ok.Error()};
    return std::nullopt;
}

void InlineScriptRunner::Add(std::vector<ScriptCheck> checks)
{
    for (const ScriptCheck& check : checks) {
        if (m_failure) return;
        m_failure = check.Judge();
    }
}

std::optional<ScriptFailure> InlineScriptRunner::Wait()
{
    return std::exchange(m_failure, std::nullopt);
}

} // namespace emc::consensus
