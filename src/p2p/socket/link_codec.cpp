#include "p2p/socket/link_codec.h"

namespace emc::p2p {

LinkCodec::LinkCodec(const Options& options, base::RandomSource& random)
    : m_magic_be(options.magic_be), m_v1(options.magic_be)
{
    if (!options.v2) return;
    V2Transport::Options v2;
    v2.side = options.inbound ? crypto::EllSwiftSide::Responder : crypto::EllSwiftSide::Initiator;
    v2.magic_be = options.magic_be;
    v2.garbage_bytes = static_cast<size_t>(random.Below(MAX_GARBAGE_BYTES + 1));
    m_v2 = std::make_unique<V2Transport>(v2, random);
}

base::Expected<std::optional<RawMessage>, std::string> LinkCodec::FeedV1(base::ByteSpan& in)
{
    auto fed = m_v1.Feed(in);
    if (!fed) return base::Unexpected(std::string(Text(fed.Error())));
    return std::move(*fed);
}

base::Expected<std::optional<RawMessage>, std::string> LinkCodec::Feed(base::ByteSpan& in)
{
    m_received = m_received || !in.empty();
    if (m_v2 == nullptr) return FeedV1(in);
    auto fed = m_v2->Feed(in);
    if (!fed) return base::Unexpected(std::string(Text(fed.Error())));
    if (!m_v2->IsV1()) return std::move(*fed);
    // Less than a frame's header has come: an old peer shows itself by its first bytes.
    const base::Bytes so_far = m_v2->V1Bytes();
    m_v2.reset();
    base::ByteSpan first(so_far);
    auto message = FeedV1(first);
    if (!message || *message) return message;
    return FeedV1(in);
}

void LinkCodec::Send(std::string_view command, base::Bytes payload)
{
    m_waiting.push_back({std::string(command), std::move(payload)});
}

base::Bytes LinkCodec::TakeOutgoing()
{
    base::Bytes out;
    if (m_v2 != nullptr) {
        out = m_v2->TakeHandshake();
        if (!m_v2->CanSend()) return out;
    }
    for (const auto& message : m_waiting) {
        auto frame = m_v2 != nullptr ? m_v2->Seal(message.command, message.payload)
                                     : V1Frame(m_magic_be, message.command, message.payload);
        if (out.empty()) {
            out = std::move(frame);
        } else {
            out.insert(out.end(), frame.begin(), frame.end());
        }
    }
    m_waiting.clear();
    return out;
}

LinkTransport LinkCodec::Transport() const
{
    if (m_v2 == nullptr) return LinkTransport::V1;
    return m_v2->SessionId() ? LinkTransport::V2 : LinkTransport::Detecting;
}

std::optional<base::Hash256> LinkCodec::SessionId() const
{
    return m_v2 != nullptr ? m_v2->SessionId() : std::nullopt;
}

} // namespace emc::p2p
