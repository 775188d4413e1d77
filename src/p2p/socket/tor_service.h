/// The onion service of this node, kept up for as long as it runs: one connection to Tor's control port, made
/// anew when it ends.
#pragma once

#include "base/memory.h"
#include "p2p/net/address.h"

#include <string>

namespace emc::base {
class Logger;
class RandomSource;
} // namespace emc::base

namespace emc::storage {
class FileSystem;
}

namespace emc::p2p {

class LocalAddresses;
class Network;

/// Waits between two attempts: the first, and what they grow to by half each time.
inline constexpr int64_t FIRST_TOR_RETRY_MS = 1'000;
inline constexpr int64_t MAX_TOR_RETRY_MS = 600'000;
/// How long Tor may take for one answer.
inline constexpr int64_t TOR_PATIENCE_MS = 60'000;

class TorService
{
public:
    struct Options {
        Endpoint control;         ///< -torcontrol
        std::string password;     ///< -torpassword
        std::string key_file;     ///< the service's key; made when there is none
        uint16_t port = 0;        ///< of the service, as others see it
        Endpoint target;          ///< where this node listens for it
        bool gives_proxy = false; ///< connections to onion addresses go through Tor's SOCKS port
    };

    /// All of them outlive it.
    struct Deps {
        base::Logger& log;
        base::RandomSource& random;
        storage::FileSystem& files;
        LocalAddresses& own; ///< the service is entered here while it is up
        Network& network;    ///< gets the proxy
    };

    /// Starts the thread "p2p-tor". Whatever Tor does or does not, nobody waits for it.
    TorService(const Options& options, const Deps& deps);
    /// Ends the connection, and with it the service.
    ~TorService();
    TorService(const TorService&) = delete;
    TorService& operator=(const TorService&) = delete;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::p2p
