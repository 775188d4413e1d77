/// What the server says of itself and whom it trusts how far; made at start, then constant but for the table
/// of the limiter.
#pragma once

#include "base/random.h"
#include "dns/limit/cookie.h"
#include "dns/limit/rate_limit.h"

namespace emc::dns {

struct Guard {
    Guard(std::vector<CookieSecret> secrets, const RateLimits& limits, base::RandomSource& random)
        : cookies(std::move(secrets), random), limiter(limits, random.Next64(), random.Next64())
    {}

    CookieJar cookies;
    mutable RateLimiter limiter;       ///< its table is made of atomics
    std::vector<base::Subnet> allowed; ///< never limited: forwarders, this computer
    bool use_cookies = true;
    unsigned cookie_load =
        0;               ///< UDP questions per second and worker from which a cookie is asked for; 0: never
    std::string nsid;    ///< empty: none
    std::string version; ///< answer to version.bind; empty: REFUSED

    [[nodiscard]] bool Allows(const base::IpBytes& ip) const
    {
        for (const base::Subnet& subnet : allowed) {
            if (subnet.Contains(ip)) return true;
        }
        return false;
    }
};

} // namespace emc::dns
