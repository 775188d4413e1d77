// One message of every kind with fields that differ from their defaults, for tests and fuzz corpora.
#pragma once

#include "p2p/wire/message.h"

namespace emc::test {

/// An endpoint of each network, in the order of p2p::ALL_NET_KINDS.
std::vector<p2p::Endpoint> SampleEndpoints();
/// A transaction with witness whose txid depends on `tag`.
primitives::TxRef SampleTx(uint32_t tag);
/// A header with a merged-mining proof.
primitives::BlockHeader SampleAuxHeader();
/// One message of each alternative, in the order of p2p::Message.
std::vector<p2p::Message> SampleMessages();

} // namespace emc::test
