/// Missing revocation lists: signatures are refused for five minutes, then accepted with a warning.
#pragma once

#include "names/resolve.h"

namespace emc::base {
class Clock;
class Logger;
} // namespace emc::base

namespace emc::dns {

/// Any thread.
class PatientRevocation final : public names::RevocationPolicy
{
public:
    static constexpr int64_t WAIT_SEC = 300;

    PatientRevocation(const base::Clock& clock, base::Logger& log);
    ~PatientRevocation();

    [[nodiscard]] bool AcceptWithoutBucket(std::string_view verifier, std::string_view bucket) const override;
    /// Forgets a list that has appeared.
    void Forget(std::string_view bucket);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace emc::dns
