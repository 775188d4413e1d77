#include "p2p/transport/v2.h"

#include "codec/writer.h"

#include <algorithm>

namespace emc::p2p {
namespace {

/// What begins every old connection: the network's bytes, then this name.
constexpr std::string_view V1_FIRST_COMMAND{"version\0\0\0\0\0", MAX_COMMAND_BYTES};
/// Memory for a packet grows by no more than this ahead of the bytes that have come.
constexpr size_t GROWTH_BYTES = 256 * 1024;

/// Names that travel as one byte, by that byte; 0 means that the name follows. Source: BIP 324.
constexpr std::array<std::string_view, 29> SHORT_NAMES = {"",
                                                          "addr",
                                                          "block",
                                                          "blocktxn",
                                                          "cmpctblock",
                                                          "feefilter",
                                                          "filteradd",
                                                          "filterclear",
                                                          "filterload",
                                                          "getblocks",
                                                          "getblocktxn",
                                                          "getdata",
                                                          "getheaders",
                                                          "headers",
                                                          "inv",
                                                          "mempool",
                                                          "merkleblock",
                                                          "notfound",
                                                          "ping",
                                                          "pong",
                                                          "sendcmpct",
                                                          "tx",
                                                          "getcfilters",
                                                          "cfilter",
                                                          "getcfheaders",
                                                          "cfheaders",
                                                          "getcfcheckpt",
                                                          "cfcheckpt",
                                                          "addrv2"};

base::Bytes V1Prefix(uint32_t magic_be)
{
    base::Bytes out;
    codec::Writer writer(out);
    writer.U32Big(magic_be);
    writer.Raw(base::AsBytes(V1_FIRST_COMMAND));
    return out;
}

/// Moves bytes from `in` to `buffer` until that has `size`; true when it has.
bool Fill(base::Bytes& buffer, size_t size, base::ByteSpan& in)
{
    const base::ByteSpan taken = in.first(std::min(in.size(), size - std::min(size, buffer.size())));
    if (buffer.capacity() < buffer.size() + taken.size())
        buffer.reserve(std::min(size, buffer.size() + taken.size() + GROWTH_BYTES));
    buffer.insert(buffer.end(), taken.begin(), taken.end());
    in = in.subspan(taken.size());
    return buffer.size() >= size;
}

RawMessage ToMessage(base::Bytes contents)
{
    RawMessage out;
    out.wire_bytes = contents.size() + V2_OVERHEAD_BYTES;
    size_t name_bytes = 1;
    if (!contents.empty() && contents[0] == 0) {
        name_bytes += MAX_COMMAND_BYTES;
        if (contents.size() >= name_bytes)
            out.command = CommandInField(base::ByteSpan(contents).subspan(1, MAX_COMMAND_BYTES));
    } else if (!contents.empty() && contents[0] < SHORT_NAMES.size()) {
        out.command = SHORT_NAMES[contents[0]];
    }
    if (out.command.empty()) {
        out.flaw = RawMessage::Flaw::BadCommand;
        return out;
    }
    contents.erase(contents.begin(), contents.begin() + static_cast<ptrdiff_t>(name_bytes));
    out.payload = std::move(contents);
    return out;
}

} // namespace

std::string_view Text(V2Error error)
{
    switch (error) {
    case V2Error::NoTerminator:
        return "no garbage terminator within 4095 bytes";
    case V2Error::PacketTooLong:
        return "a packet announces more than 4000013 bytes of contents";
    case V2Error::NotAuthentic:
        return "a packet was changed on the way or does not come from this peer";
    }
    return "";
}

V2Transport::V2Transport(const Options& options, base::RandomSource& random)
    : m_options(options), m_random(random),
      m_state(options.side == crypto::EllSwiftSide::Initiator ? State::Key : State::KeyOrV1)
{
    if (m_state == State::Key) SendKey();
}

void V2Transport::SendKey()
{
    m_private = crypto::PrivateKey::Generate(m_random);
    m_own_key = crypto::EllSwiftEncode(m_private, m_random);
    m_own_garbage.resize(std::min(m_options.garbage_bytes, MAX_GARBAGE_BYTES));
    m_random.Fill(m_own_garbage);
    codec::Writer out(m_handshake);
    out.Raw(m_own_key);
    out.Raw(m_own_garbage);
}

void V2Transport::TakeKeyOrV1(base::ByteSpan& in)
{
    const base::Bytes prefix = V1Prefix(m_options.magic_be);
    const bool whole = Fill(m_buffer, prefix.size(), in);
    if (!std::equal(m_buffer.begin(), m_buffer.end(), prefix.begin())) {
        SendKey();
        m_state = State::Key;
    } else if (whole) {
        m_state = State::V1;
    }
}

void V2Transport::TakeKey(base::ByteSpan& in)
{
    if (!Fill(m_buffer, V2_KEY_BYTES, in)) return;
    crypto::EllSwiftKey other_key{};
    std::copy(m_buffer.begin(), m_buffer.end(), other_key.begin());
    m_cipher = std::make_unique<V2Cipher>(V2Cipher::Keys{.own = m_private,
                                                         .own_key = m_own_key,
                                                         .other_key = other_key,
                                                         .side = m_options.side,
                                                         .magic_be = m_options.magic_be});
    m_private = {};
    codec::Writer out(m_handshake);
    out.Raw(m_cipher->OwnTerminator());
    out.Raw(m_cipher->Encrypt({}, m_own_garbage, V2Kind::Genuine)); // the version packet, empty so far
    m_own_garbage.clear();
    m_buffer.clear();
    m_state = State::Garbage;
}

void V2Transport::TakeGarbage(base::ByteSpan& in)
{
    const V2Terminator& end = m_cipher->OtherTerminator();
    while (!in.empty()) {
        m_buffer.push_back(in.front());
        in = in.subspan(1);
        if (m_buffer.size() >= end.size() && std::equal(end.rbegin(), end.rend(), m_buffer.rbegin())) {
            m_buffer.resize(m_buffer.size() - end.size());
            m_aad = std::move(m_buffer);
            m_buffer = {};
            m_state = State::Version;
            return;
        }
        if (m_buffer.size() == MAX_GARBAGE_BYTES + end.size()) return Fail(V2Error::NoTerminator);
    }
}

std::optional<base::Bytes> V2Transport::TakePacket(base::ByteSpan& in)
{
    if (!m_length) {
        if (!Fill(m_buffer, V2_LENGTH_BYTES, in)) return std::nullopt;
        m_length = m_cipher->DecryptLength({m_buffer[0], m_buffer[1], m_buffer[2]});
        m_buffer.clear();
        if (*m_length > MAX_V2_CONTENTS) {
            Fail(V2Error::PacketTooLong);
            return std::nullopt;
        }
    }
    if (!Fill(m_buffer, V2_HEADER_BYTES + *m_length + crypto::AEAD_TAG_BYTES, in)) return std::nullopt;
    auto packet = m_cipher->Decrypt(m_buffer, m_aad);
    m_buffer = base::Bytes(); // gives the memory back, as {} would not
    m_aad = base::Bytes();
    m_length.reset();
    if (!packet) {
        Fail(V2Error::NotAuthentic);
        return std::nullopt;
    }
    if (packet->kind == V2Kind::Decoy) return std::nullopt;
    return std::move(packet->contents);
}

base::Expected<std::optional<RawMessage>, V2Error> V2Transport::Feed(base::ByteSpan& in)
{
    m_received = m_received || !in.empty();
    while (!in.empty() && m_state != State::V1 && m_state != State::Failed) {
        switch (m_state) {
        case State::KeyOrV1:
            TakeKeyOrV1(in);
            break;
        case State::Key:
            TakeKey(in);
            break;
        case State::Garbage:
            TakeGarbage(in);
            break;
        case State::Version: // its contents are for extensions to come
            if (TakePacket(in)) m_state = State::Messages;
            break;
        case State::Messages:
            if (auto contents = TakePacket(in))
                return std::optional<RawMessage>(ToMessage(std::move(*contents)));
            break;
        case State::V1:
        case State::Failed:
            break;
        }
    }
    if (m_state == State::Failed) return base::Unexpected(m_error);
    return std::optional<RawMessage>{};
}

void V2Transport::Fail(V2Error error)
{
    m_state = State::Failed;
    m_error = error;
    m_buffer = base::Bytes();
}

base::Bytes V2Transport::TakeHandshake()
{
    return std::exchange(m_handshake, {});
}

base::Bytes V2Transport::Seal(std::string_view command, base::ByteSpan payload)
{
    EMC_CHECK(CanSend() && command.size() <= MAX_COMMAND_BYTES && payload.size() <= MAX_PAYLOAD_BYTES);
    base::Bytes contents;
    contents.reserve(1 + MAX_COMMAND_BYTES + payload.size());
    codec::Writer out(contents);
    const auto known = std::find(SHORT_NAMES.begin() + 1, SHORT_NAMES.end(), command);
    if (known != SHORT_NAMES.end()) {
        out.U8(static_cast<uint8_t>(known - SHORT_NAMES.begin()));
    } else {
        out.U8(0);
        out.Raw(base::AsBytes(command));
        contents.resize(1 + MAX_COMMAND_BYTES, 0);
    }
    out.Raw(payload);
    return m_cipher->Encrypt(contents, {}, V2Kind::Genuine);
}

base::Bytes V2Transport::SealDecoy(size_t bytes)
{
    EMC_CHECK(CanSend() && bytes <= MAX_V2_CONTENTS);
    return m_cipher->Encrypt(base::Bytes(bytes, 0), {}, V2Kind::Decoy);
}

std::optional<base::Hash256> V2Transport::SessionId() const
{
    if (m_cipher == nullptr) return std::nullopt;
    return m_cipher->SessionId();
}

} // namespace emc::p2p
