#include "p2p/wire/addresses.h"

#include <algorithm>

namespace emc::p2p {
namespace {

constexpr size_t ADDR_ENTRY_BYTES = 4 + LEGACY_ADDRESS_BYTES;
constexpr size_t MIN_ADDRV2_ENTRY_BYTES = 4 + 1 + 1 + 1 + 2; // of a network with addresses of no bytes

bool FitsLegacy(const AddressEntry& entry)
{
    return entry.endpoint.address.Ip().has_value();
}

/// One entry; nullopt for a network or an address that means nothing here.
std::optional<AddressEntry> ReadEntryV2(FieldReader& in)
{
    AddressEntry entry;
    entry.time_sec = in.Field("time").U32();
    entry.services = in.Field("services").CompactSize(UINT64_MAX);
    const auto kind = NetKindOf(in.Field("network").U8());
    const base::ByteSpan bytes = in.Sized("address", MAX_ADDRESS_BYTES);
    if (kind) in.Require(bytes.size() == AddressBytes(*kind), WireFault::BadValue, AddressBytes(*kind));
    entry.endpoint.port = in.Field("port").U16Big();
    const auto address = kind && in.Ok() ? NetAddress::From(*kind, bytes) : std::nullopt;
    if (!address) return std::nullopt;
    entry.endpoint.address = *address;
    return entry;
}

} // namespace

void Addr::Write(codec::Writer& out) const
{
    out.CompactSize(static_cast<uint64_t>(std::count_if(entries.begin(), entries.end(), FitsLegacy)));
    for (const AddressEntry& entry : entries) {
        if (!FitsLegacy(entry)) continue;
        out.U32(entry.time_sec);
        LegacyAddress{.services = entry.services, .endpoint = entry.endpoint}.Write(out);
    }
}

void Addr::Read(FieldReader& in)
{
    entries.resize(in.Count("count", MAX_ADDRESSES, ADDR_ENTRY_BYTES));
    for (AddressEntry& entry : entries) {
        entry.time_sec = in.Field("time").U32();
        LegacyAddress address;
        address.Read(in);
        entry.services = address.services;
        entry.endpoint = address.endpoint;
    }
}

void AddrV2::Write(codec::Writer& out) const
{
    out.CompactSize(entries.size());
    for (const AddressEntry& entry : entries) {
        out.U32(entry.time_sec);
        out.CompactSize(entry.services);
        out.U8(static_cast<uint8_t>(entry.endpoint.address.Kind()));
        out.Sized(entry.endpoint.address.Bytes());
        out.U16Big(entry.endpoint.port);
    }
}

void AddrV2::Read(FieldReader& in)
{
    const size_t count = in.Count("count", MAX_ADDRESSES, MIN_ADDRV2_ENTRY_BYTES);
    for (size_t i = 0; i < count && in.Ok(); ++i) {
        if (auto entry = ReadEntryV2(in)) entries.push_back(*entry);
    }
}

} // namespace emc::p2p
