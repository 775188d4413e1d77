// Managers of the peer-to-peer room driven by arbitrary bytes beside naive models; for unit tests and fuzz
// targets. Each aborts where the two differ or a promise is broken.
#pragma once

#include "base/bytes.h"
#include "codec/reader.h"

namespace emc::test {

void SimulateTxRequests(base::ByteSpan input);
void SimulateOrphanage(base::ByteSpan input);
void SimulateTrickle(base::ByteSpan input);
void SimulatePartialBlock(base::ByteSpan input);
void SimulateUnproven(base::ByteSpan input);
void SimulateBlockDownloads(base::ByteSpan input);
void SimulateEviction(base::ByteSpan input);
void SimulateAddresses(base::ByteSpan input);
void SimulatePermissions(base::ByteSpan input);
void SimulateConnector(base::ByteSpan input);

/// Runs a simulation over `rounds` inputs of random length up to `max_bytes`.
void RunSimulation(void (*simulate)(base::ByteSpan), size_t rounds, size_t max_bytes);

} // namespace emc::test
