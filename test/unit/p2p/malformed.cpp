#include "unit/p2p/malformed.h"

#include "unit/p2p/talk.h"

#include <algorithm>

namespace emc::test {

using base::Bytes;

namespace {

void Append(Bytes& to, const Bytes& more)
{
    to.insert(to.end(), more.begin(), more.end());
}

Bytes Part(const Bytes& of, size_t from, size_t to)
{
    return {of.begin() + static_cast<std::ptrdiff_t>(from), of.begin() + static_cast<std::ptrdiff_t>(to)};
}

/// Numbers of items as a message would tell them, few of them true.
const std::vector<Bytes>& Counts()
{
    static const std::vector<Bytes> COUNTS{{0},
                                           {1},
                                           {0xfc},
                                           {0xfd, 1, 0},
                                           {0xfd, 0xff, 0xff},
                                           {0xfe, 0, 0, 0, 2},
                                           {0xfe, 0xff, 0xff, 0xff, 0x7f},
                                           {0xff, 0, 0, 0, 0, 1, 0, 0, 0},
                                           {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
    return COUNTS;
}

} // namespace

Bytes Damage::Something(size_t bytes)
{
    Bytes out(bytes);
    m_random.Fill(out);
    return out;
}

Bytes Damage::Changed(const Bytes& good)
{
    constexpr size_t LONGEST_TAIL = 50;
    constexpr size_t LONGEST_NONSENSE = 300;
    constexpr size_t LONGEST_PART = 40;
    constexpr size_t MOST_COPIES = 200;
    const size_t at = Below(good.size() + 1);
    Bytes out = Part(good, 0, at);
    const Bytes behind = Part(good, std::min(at + 1, good.size()), good.size());
    switch (Below(7)) {
    case 0:
        return out;
    case 1:
        out = good;
        Append(out, Something(1 + Below(LONGEST_TAIL)));
        return out;
    case 2:
        Append(out, Counts()[Below(Counts().size())]);
        Append(out, behind);
        return out;
    case 3:
        out = Counts()[Below(Counts().size())];
        Append(out, Part(good, std::min<size_t>(1, good.size()), good.size()));
        return out;
    case 4:
        return Something(Below(LONGEST_NONSENSE));
    case 5:
        return Frame(good.empty() ? Bytes{0} : good);
    default: {
        const Bytes part = Part(good, at, std::min(good.size(), at + 1 + Below(LONGEST_PART)));
        for (size_t copies = 2 + Below(MOST_COPIES); copies > 0; --copies)
            Append(out, part);
        Append(out, Part(good, at, good.size()));
        return out;
    }
    }
}

Bytes Damage::Payload(const Bytes& good)
{
    while (true) {
        Bytes out = Changed(good);
        if (out != good) return out;
    }
}

Bytes Damage::Frame(Bytes good)
{
    for (size_t bits = 1 + Below(3); bits > 0; --bits)
        good[Below(good.size())] ^= static_cast<uint8_t>(1U << Below(8));
    return good;
}

bool Sender::Hear(base::ByteSpan bytes, Bytes& reply)
{
    while (!bytes.empty()) {
        auto fed = m_codec.Feed(bytes);
        if (!fed) return false;
        if (*fed) heard.push_back(std::move(**fed));
    }
    reply = m_codec.TakeOutgoing();
    return true;
}

Bytes Sender::Framed(std::string_view command, Bytes payload)
{
    m_codec.Send(command, std::move(payload));
    return m_codec.TakeOutgoing();
}

Bytes Sender::Hello(uint64_t nonce)
{
    return Framed("version", p2p::SerializePayload(OpeningVersion(nonce)));
}

Bytes Sender::Hands(uint64_t nonce)
{
    Bytes out = Hello(nonce);
    Append(out, Framed("wtxidrelay", {}));
    Append(out, Framed("verack", {}));
    return out;
}

} // namespace emc::test
