/// Sockets that whoever started the program has opened already, as systemd's socket units do: so port 53
/// needs no privilege here, and questions wait in the socket while the program starts anew.
#pragma once

#include "dns/transport/bind.h"

namespace emc::dns {

struct InheritedSocket {
    enum class Kind : uint8_t { Udp, Tcp, Tls };
    Kind kind = Kind::Udp;
    int handle = -1; ///< stays open
    ListenAddress where;
};

/// What the environment says, as sd_listen_fds(3) describes it.
struct ListenEnvironment {
    std::string pid;   ///< LISTEN_PID
    std::string count; ///< LISTEN_FDS
    std::string names; ///< LISTEN_FDNAMES, with colons between
};

/// The sockets from `first` on that are fit for DNS: UDP, and listening TCP; those whose name contains "tls"
/// or "dot" are for TLS. Nothing when the variables are not set or meant for another process. The error says
/// what does not fit.
[[nodiscard]] base::Expected<std::vector<InheritedSocket>, std::string>
InheritedSockets(const ListenEnvironment& environment, int own_pid, int first = 3);

} // namespace emc::dns
