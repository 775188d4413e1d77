#include "p2p/wire/handshake.h"

#include "primitives/amount.h"

#include <algorithm>

namespace emc::p2p {

void LegacyAddress::Write(codec::Writer& out) const
{
    out.U64(services);
    out.Raw(endpoint.address.Ip().value_or(base::IpBytes{}));
    out.U16Big(endpoint.port);
}

void LegacyAddress::Read(FieldReader& in)
{
    services = in.Field("services").U64();
    const base::ByteSpan raw = in.Field("address").Take(16);
    base::IpBytes ip{};
    std::copy(raw.begin(), raw.end(), ip.begin());
    endpoint.address = NetAddress::FromIp(ip);
    endpoint.port = in.Field("port").U16Big();
}

void Version::Write(codec::Writer& out) const
{
    out.I32(version);
    out.U64(services);
    out.I64(time_sec);
    receiver.Write(out);
    sender.Write(out);
    out.U64(nonce);
    out.Sized(base::AsBytes(user_agent));
    out.I32(height);
    out.U8(relay ? 1 : 0);
}

void Version::Read(FieldReader& in)
{
    version = in.Field("version").I32();
    services = in.Field("services").U64();
    time_sec = in.Field("time").I64();
    receiver.Read(in);
    sender.Read(in);
    nonce = in.Field("nonce").U64();
    user_agent = base::ToText(in.Sized("user agent", MAX_USER_AGENT_BYTES));
    height = in.Field("height").I32();
    relay = in.Remaining() == 0 || in.Field("relay").U8() != 0;
    static_cast<void>(in.Field("later fields").Take(in.Remaining()));
}

void Ping::Write(codec::Writer& out) const
{
    out.U64(nonce);
}

void Ping::Read(FieldReader& in)
{
    nonce = in.Field("nonce").U64();
}

void Pong::Write(codec::Writer& out) const
{
    out.U64(nonce);
}

void Pong::Read(FieldReader& in)
{
    nonce = in.Field("nonce").U64();
}

void FeeFilter::Write(codec::Writer& out) const
{
    out.I64(units_per_kvb);
}

void FeeFilter::Read(FieldReader& in)
{
    units_per_kvb = in.Field("fee rate").I64();
    in.Require(primitives::MoneyRange(units_per_kvb), WireFault::OverLimit,
               static_cast<uint64_t>(primitives::MAX_MONEY));
}

void SendCompact::Write(codec::Writer& out) const
{
    out.U8(high_bandwidth ? 1 : 0);
    out.U64(version);
}

void SendCompact::Read(FieldReader& in)
{
    const uint8_t mode = in.Field("mode").U8();
    in.Require(mode <= 1, WireFault::OverLimit, 1);
    high_bandwidth = mode == 1;
    version = in.Field("version").U64();
}

} // namespace emc::p2p
