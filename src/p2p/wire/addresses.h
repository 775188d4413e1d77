/// Messages about other nodes' addresses.
#pragma once

#include "p2p/wire/handshake.h"

namespace emc::p2p {

/// One address somebody tells of.
struct AddressEntry {
    uint32_t time_sec = 0; ///< unix; when it was last seen alive, as the teller says
    Services services = 0;
    Endpoint endpoint;

    bool operator==(const AddressEntry&) const = default;
};

struct GetAddr : NoFields {
    static constexpr std::string_view COMMAND = "getaddr";
};

/// IPv4 and IPv6 only; others are left out when writing.
struct Addr {
    static constexpr std::string_view COMMAND = "addr";
    std::vector<AddressEntry> entries;

    bool operator==(const Addr&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

/// Every network (BIP 155). Entries of networks nobody here knows are left out when reading.
struct AddrV2 {
    static constexpr std::string_view COMMAND = "addrv2";
    std::vector<AddressEntry> entries;

    bool operator==(const AddrV2&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

} // namespace emc::p2p
