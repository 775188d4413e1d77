/// Host names looked up by the system's resolver, which cannot be interrupted: whoever no longer wants an
/// answer leaves it behind.
#pragma once

#include "base/function.h"
#include "base/memory.h"
#include "p2p/net/address.h"

namespace boost::asio {
class io_context;
}

namespace emc::p2p {

/// Look-ups under way; further ones wait for those.
inline constexpr size_t MAX_LOOKUPS = 4;

/// All functions on the thread that runs the loop.
class Lookups
{
public:
    /// The addresses with the port asked for; none: the host cannot be found.
    using Done = std::function<void(const std::vector<Endpoint>&)>;

    /// The loop outlives the object.
    explicit Lookups(boost::asio::io_context& loop);
    /// Stops.
    ~Lookups();
    Lookups(const Lookups&) = delete;
    Lookups& operator=(const Lookups&) = delete;

    /// Calls `done` once, later. The loop does not run on for it alone.
    void Find(const std::string& host, uint16_t port, Done done);
    /// Nobody hears of the answers any more; does not wait for them.
    void Stop();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::p2p
