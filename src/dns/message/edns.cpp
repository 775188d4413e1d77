#include "dns/message/edns.h"

#include "dns/message/wire.h"

namespace emc::dns {

namespace {

bool ReadCookie(ByteSpan data, EdnsRequest& out)
{
    if (out.cookie_bytes != 0) return true;
    const size_t least = CLIENT_COOKIE_BYTES + MIN_SERVER_COOKIE_BYTES;
    if (data.size() != CLIENT_COOKIE_BYTES && (data.size() < least || data.size() > MAX_COOKIE_BYTES)) {
        return false;
    }
    std::memcpy(out.cookie.data(), data.data(), data.size());
    out.cookie_bytes = static_cast<uint8_t>(data.size());
    return true;
}

bool ReadOption(OptionCode code, ByteSpan data, EdnsRequest& out)
{
    switch (code) {
    case OptionCode::Nsid:
        out.nsid = true;
        return true;
    case OptionCode::Cookie:
        return ReadCookie(data, out);
    case OptionCode::Keepalive:
        out.keepalive = true;
        return data.empty(); // a client names no time (RFC 7828 §3.2.1)
    case OptionCode::Padding:
    case OptionCode::ExtendedError:
        return true;
    }
    return true;
}

} // namespace

bool ReadOptions(ByteSpan data, EdnsRequest& out)
{
    while (!data.empty()) {
        if (data.size() < OPTION_HEADER_BYTES) return false;
        const auto code = static_cast<OptionCode>(LoadU16(data.data()));
        const size_t length = LoadU16(data.data() + 2);
        data = data.subspan(OPTION_HEADER_BYTES);
        if (data.size() < length || !ReadOption(code, data.first(length), out)) return false;
        data = data.subspan(length);
    }
    return true;
}

void ReplyOptions::Add(OptionCode code, ByteSpan data)
{
    if (CAPACITY - m_size < OPTION_HEADER_BYTES + data.size()) return;
    StoreU16(m_bytes.data() + m_size, static_cast<uint16_t>(code));
    StoreU16(m_bytes.data() + m_size + 2, static_cast<uint16_t>(data.size()));
    m_size += OPTION_HEADER_BYTES;
    if (data.empty()) return;
    std::memcpy(m_bytes.data() + m_size, data.data(), data.size());
    m_size += data.size();
}

} // namespace emc::dns
