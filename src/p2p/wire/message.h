/// All messages as one type. Pure; any thread.
#pragma once

#include "p2p/wire/addresses.h"
#include "p2p/wire/bloom.h"
#include "p2p/wire/call_mail.h"
#include "p2p/wire/compact.h"
#include "p2p/wire/filters.h"
#include "p2p/wire/headers.h"
#include "p2p/wire/inventory.h"

#include <variant>

namespace emc::p2p {

using Message =
    std::variant<Version, Verack, SendAddrV2, WtxidRelay, SendHeaders, Ping, Pong, FeeFilter, SendCompact,
                 GetAddr, Addr, AddrV2, Inv, GetData, NotFound, MempoolRequest, TxMessage, BlockMessage,
                 GetHeaders, GetBlocks, Headers, CompactBlock, GetBlockTxn, BlockTxn, GetCFilters, CFilter,
                 GetCFHeaders, CFHeaders, GetCFCheckpt, CFCheckpt, FilterLoad, FilterAdd, FilterClear,
                 MerkleBlock, CallMailMessage>;

/// The message's name on the wire.
[[nodiscard]] std::string_view CommandOf(const Message& message);
/// Its fields as bytes, without any frame.
[[nodiscard]] base::Bytes SerializePayload(const Message& message);
/// Reads the fields. A payload may hold nothing but one message (`version` alone may be longer). The caller
/// bounds the payload by MAX_PAYLOAD_BYTES; memory taken stays a small multiple of what is there.
[[nodiscard]] base::Expected<Message, WireError> ParseMessage(std::string_view command,
                                                              base::ByteSpan payload);
/// Every name ParseMessage knows, in the order of `Message`.
[[nodiscard]] std::vector<std::string_view> KnownCommands();

} // namespace emc::p2p
