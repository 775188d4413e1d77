/// Messages that open a connection and keep it alive.
#pragma once

#include "codec/writer.h"
#include "p2p/net/address.h"
#include "p2p/wire/fields.h"
#include "p2p/wire/limits.h"

namespace emc::p2p {

/// What a node offers, as bits.
enum class Service : uint64_t {
    Network = 1 << 0,         ///< all blocks
    Bloom = 1 << 2,           ///< filtered blocks (BIP 111)
    Witness = 1 << 3,         ///< blocks and transactions with witness (BIP 144)
    CompactFilters = 1 << 6,  ///< block filters (BIP 157)
    NetworkLimited = 1 << 10, ///< the last 288 blocks (BIP 159)
    P2pV2 = 1 << 11,          ///< the encrypted transport (BIP 324)
};

/// A set of services; unknown bits are kept.
using Services = uint64_t;

[[nodiscard]] constexpr bool Offers(Services services, Service one)
{
    return (services & static_cast<uint64_t>(one)) != 0;
}

/// A message without fields.
struct NoFields {
    void Write(codec::Writer& /*out*/) const {}

    void Read(FieldReader& /*in*/) {}

    bool operator==(const NoFields&) const = default;
};

/// An address as `version` and the old `addr` write it. Networks that do not fit 16 bytes become "::".
struct LegacyAddress {
    Services services = 0;
    Endpoint endpoint;

    bool operator==(const LegacyAddress&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

/// Bytes of a LegacyAddress.
inline constexpr size_t LEGACY_ADDRESS_BYTES = 8 + 16 + 2;

/// The first message of both sides. Bytes that follow it are ignored, for versions to come.
struct Version {
    static constexpr std::string_view COMMAND = "version";
    int32_t version = PROTOCOL_VERSION;
    Services services = 0;
    int64_t time_sec = 0; ///< unix
    LegacyAddress receiver;
    LegacyAddress sender;
    uint64_t nonce = 0; ///< to notice a connection to oneself
    std::string user_agent;
    int32_t height = 0;
    bool relay = true; ///< announce transactions before a bloom filter is set (BIP 37); absent: true

    bool operator==(const Version&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

struct Verack : NoFields {
    static constexpr std::string_view COMMAND = "verack";
};

/// Before verack: addrv2 is understood (BIP 155).
struct SendAddrV2 : NoFields {
    static constexpr std::string_view COMMAND = "sendaddrv2";
};

/// Before verack: transactions are named by wtxid (BIP 339).
struct WtxidRelay : NoFields {
    static constexpr std::string_view COMMAND = "wtxidrelay";
};

/// Announce blocks by header (BIP 130).
struct SendHeaders : NoFields {
    static constexpr std::string_view COMMAND = "sendheaders";
};

struct Ping {
    static constexpr std::string_view COMMAND = "ping";
    uint64_t nonce = 0;

    bool operator==(const Ping&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

struct Pong {
    static constexpr std::string_view COMMAND = "pong";
    uint64_t nonce = 0; ///< the ping's

    bool operator==(const Pong&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

/// Do not announce transactions that pay less (BIP 133).
struct FeeFilter {
    static constexpr std::string_view COMMAND = "feefilter";
    int64_t units_per_kvb = 0; ///< 0 … MAX_MONEY

    bool operator==(const FeeFilter&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

/// How blocks may be announced in compact form (BIP 152).
struct SendCompact {
    static constexpr std::string_view COMMAND = "sendcmpct";
    bool high_bandwidth = false; ///< send cmpctblock without being asked
    uint64_t version = 2;

    bool operator==(const SendCompact&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

} // namespace emc::p2p
