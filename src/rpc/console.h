/// Calls typed into a window of this process; no network, no password.
#pragma once

#include "interfaces/host.h"
#include "rpc/dispatcher.h"

namespace emc::rpc {

class Console final : public interfaces::Console
{
public:
    Console(const Services& services, base::Logger& log);

    base::Expected<std::string, std::string> Run(const std::string& line, const std::string& wallet) override;
    [[nodiscard]] std::vector<std::string> Calls() const override;
    [[nodiscard]] bool MayKeep(const std::string& line) const override;

private:
    Dispatcher m_dispatcher;
};

} // namespace emc::rpc
