/// How the room names a connection.
#pragma once

#include <cstdint>

namespace emc::p2p {

/// Number of a connection, counted up from 1 and never used again while the program runs.
using PeerId = uint64_t;

} // namespace emc::p2p
