/// What this node tells to programs that listen, for RPC.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace emc::interfaces {

/// One topic sent to one address.
struct Publication {
    std::string topic; ///< "hashblock", "name" …
    std::string address;
    int high_water = 1000; ///< messages kept for a listener that is slow; more are dropped. 0: no limit
};

class NotifyControl
{
public:
    virtual ~NotifyControl() = default;
    [[nodiscard]] virtual std::vector<Publication> Publications() const = 0;
};

} // namespace emc::interfaces
