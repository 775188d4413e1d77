#include "consensus/script_runner.h"

namespace emc::consensus {

base::Expected<void, script::Error> ScriptCheck::Run() const
{
    return script::VerifyInput(*tx, input, flags, cache);
}

void InlineScriptRunner::Add(std::vector<ScriptCheck> checks)
{
    for (const ScriptCheck& check : checks) {
        if (m_failure) return;
        if (const auto ok = check.Run(); !ok) {
            m_failure = ScriptFailure{check.owner->Txid(), check.input, ok.Error()};
        }
    }
}

std::optional<ScriptFailure> InlineScriptRunner::Wait()
{
    return std::exchange(m_failure, std::nullopt);
}

} // namespace emc::consensus
