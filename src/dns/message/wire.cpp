#include "dns/message/wire.h"

#include "base/check.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr uint8_t POINTER_MARK = 0xc0;
constexpr size_t RR_FIXED_BYTES = 10; // type, class, TTL, RDLENGTH
constexpr uint16_t FLAG_QR = 0x8000;
constexpr uint8_t FLAG_DO = 0x80; // of the third byte of OPT's TTL
constexpr uint16_t FLAG_AA = 0x0400;
constexpr uint16_t FLAG_TC = 0x0200;
constexpr uint16_t FLAG_RD = 0x0100;

uint8_t Lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? static_cast<uint8_t>(byte | 0x20) : byte;
}

/// Moves behind the record at `pos` and gives its fixed part, type to RDLENGTH; nullptr when malformed.
const uint8_t* SkipRecord(ByteSpan packet, size_t& pos)
{
    if (!SkipName(packet, pos) || packet.size() - pos < RR_FIXED_BYTES) return nullptr;
    const uint8_t* fixed = packet.data() + pos;
    const size_t length = LoadU16(fixed + 8);
    pos += RR_FIXED_BYTES;
    if (packet.size() - pos < length) return nullptr;
    pos += length;
    return fixed;
}

/// One record of the additional section; false when malformed.
bool ReadAdditional(ByteSpan packet, size_t& pos, Query& out)
{
    const size_t owner_at = pos;
    const uint8_t* fixed = SkipRecord(packet, pos);
    if (fixed == nullptr) return false;
    if (static_cast<RrType>(LoadU16(fixed)) == RrType::Tsig) out.has_tsig = true;
    if (static_cast<RrType>(LoadU16(fixed)) != RrType::Opt) return true;
    if (out.has_edns || packet[owner_at] != 0) return false;
    const ByteSpan data{fixed + RR_FIXED_BYTES, LoadU16(fixed + 8)};
    out.edns.cookie_bytes = 0;
    out.edns.nsid = out.edns.keepalive = false;
    if (!ReadOptions(data, out.edns)) return false;
    out.has_edns = true;
    out.payload_bytes = LoadU16(fixed + 2);
    out.edns_version = fixed[5];
    out.dnssec_ok = (fixed[6] & FLAG_DO) != 0;
    return true;
}

} // namespace

bool WireName::Assign(ByteSpan labels_only)
{
    if (labels_only.size() >= MAX_NAME_BYTES) return false;
    labels = 0;
    size_t at = 0;
    while (at < labels_only.size()) {
        const size_t length = labels_only[at];
        if (length == 0 || length > MAX_LABEL_BYTES || labels_only.size() - at - 1 < length) return false;
        label_at[labels++] = static_cast<uint8_t>(at);
        at += 1 + length;
    }
    std::copy(labels_only.begin(), labels_only.end(), bytes.begin());
    bytes[at] = 0;
    label_at[labels] = static_cast<uint8_t>(at);
    size = static_cast<uint8_t>(at + 1);
    return true;
}

bool ReadName(ByteSpan message, size_t& pos, WireName& out, bool pointers)
{
    size_t at = pos;
    size_t earliest = pos; // a pointer must lead in front of everything read so far
    bool jumped = false;
    size_t size = 0;
    out.labels = 0;
    for (;;) {
        if (at >= message.size()) return false;
        const uint8_t length = message[at];
        if ((length & POINTER_MARK) == POINTER_MARK) {
            if (!pointers || message.size() - at < 2) return false;
            const size_t target = LoadU16(message.data() + at) & 0x3fffu;
            if (target >= earliest) return false;
            if (!jumped) pos = at + 2;
            jumped = true;
            earliest = target;
            at = target;
            continue;
        }
        if (length > MAX_LABEL_BYTES || message.size() - at < size_t{1} + length) return false;
        if (size + 1 + length > MAX_NAME_BYTES - (length == 0 ? 0u : 1u)) return false;
        out.label_at[out.labels] = static_cast<uint8_t>(size);
        out.bytes[size] = length;
        for (size_t i = 1; i <= length; ++i)
            out.bytes[size + i] = Lower(message[at + i]);
        size += size_t{1} + length;
        at += size_t{1} + length;
        if (length == 0) break;
        ++out.labels;
    }
    out.size = static_cast<uint8_t>(size);
    if (!jumped) pos = at;
    return true;
}

bool SkipName(ByteSpan message, size_t& pos)
{
    const size_t start = pos;
    while (pos < message.size()) {
        const uint8_t length = message[pos];
        if ((length & POINTER_MARK) == POINTER_MARK) {
            pos += 2;
            return pos <= message.size();
        }
        if (length > MAX_LABEL_BYTES) return false;
        pos += size_t{1} + length;
        if (pos - start > MAX_NAME_BYTES) return false;
        if (length == 0) return true;
    }
    return false;
}

std::optional<Bytes> NameFromText(std::string_view text)
{
    if (text.ends_with('.')) text.remove_suffix(1);
    if (text.empty()) return std::nullopt;
    Bytes out;
    for (;;) {
        const size_t dot = text.find('.');
        const std::string_view label = text.substr(0, dot);
        if (label.empty() || label.size() > MAX_LABEL_BYTES) return std::nullopt;
        if (std::any_of(label.begin(), label.end(), [](char c) { return c <= 0x20 || c >= 0x7f; })) {
            return std::nullopt;
        }
        out.push_back(static_cast<uint8_t>(label.size()));
        out.insert(out.end(), label.begin(), label.end());
        if (dot == std::string_view::npos) break;
        text.remove_prefix(dot + 1);
    }
    out.push_back(0);
    if (out.size() > MAX_NAME_BYTES) return std::nullopt;
    return out;
}

std::string NameToText(ByteSpan labels)
{
    std::string out;
    while (!labels.empty() && labels[0] != 0 && labels.size() > labels[0]) {
        if (!out.empty()) out += '.';
        for (const uint8_t byte : labels.subspan(1, labels[0])) {
            if (byte > 0x20 && byte < 0x7f && byte != '.' && byte != '\\') {
                out += static_cast<char>(byte);
            } else {
                out += '\\';
                out += static_cast<char>('0' + byte / 100);
                out += static_cast<char>('0' + byte / 10 % 10);
                out += static_cast<char>('0' + byte % 10);
            }
        }
        labels = labels.subspan(size_t{1} + labels[0]);
    }
    return out.empty() ? "." : out;
}

size_t CountLabels(ByteSpan labels)
{
    size_t count = 0;
    for (; !labels.empty(); labels = labels.subspan(size_t{1} + labels[0]))
        ++count;
    return count;
}

ByteSpan LastLabels(ByteSpan labels, size_t count)
{
    for (size_t left = CountLabels(labels); left > count; --left)
        labels = labels.subspan(size_t{1} + labels[0]);
    return labels;
}

void LowerCase(std::span<uint8_t> bytes)
{
    for (uint8_t& byte : bytes)
        byte = Lower(byte);
}

ParseResult ParseQuery(ByteSpan packet, Query& out)
{
    if (packet.size() < HEADER_BYTES) return {};
    const uint8_t* header = packet.data();
    const uint16_t flags = LoadU16(header + 2);
    if ((flags & FLAG_QR) != 0) return {};
    out.id = LoadU16(header);
    out.recursion_desired = (flags & FLAG_RD) != 0;
    out.opcode = static_cast<uint8_t>(flags >> 11 & 0xf);
    out.question_end = 0;
    out.has_edns = false;
    out.dnssec_ok = false;
    out.has_tsig = false;
    if (out.opcode != 0) return {ParseVerdict::Reject, Rcode::NotImp};
    const ParseResult malformed{ParseVerdict::Reject, Rcode::FormErr};
    const size_t questions = LoadU16(header + 4);
    const size_t authorities = LoadU16(header + 8);
    size_t additionals = LoadU16(header + 10);
    if ((flags & FLAG_TC) != 0 || questions > 1 || LoadU16(header + 6) != 0) return malformed;
    size_t pos = HEADER_BYTES;
    if (questions == 0) {
        if (authorities != 0 || additionals != 1 || !ReadAdditional(packet, pos, out)) return malformed;
        if (pos != packet.size() || !out.has_edns || out.edns.cookie_bytes == 0) return malformed;
        return {ParseVerdict::Reject, out.edns_version == 0 ? Rcode::NoError : Rcode::BadVers};
    }
    if (!ReadName(packet, pos, out.name, false) || packet.size() - pos < 4) return malformed;
    out.type = static_cast<RrType>(LoadU16(packet.data() + pos));
    out.rr_class = LoadU16(packet.data() + pos + 2);
    pos += 4;
    out.question_end = pos;
    if (authorities > (out.type == RrType::Ixfr ? 1u : 0u)) return malformed;
    if (authorities == 1 && !SkipRecord(packet, pos)) return malformed;
    for (; additionals > 0; --additionals) {
        if (!ReadAdditional(packet, pos, out)) return malformed;
    }
    if (pos != packet.size()) return malformed;
    if (out.has_edns && out.edns_version != 0) return {ParseVerdict::Reject, Rcode::BadVers};
    return {ParseVerdict::Good, Rcode::NoError};
}

void MessageWriter::Begin(const Frame& frame)
{
    const Query& query = *frame.query;
    m_frame = frame;
    m_query = &query;
    m_out = frame.out.data();
    m_limit =
        std::min(frame.limit, frame.out.size()) - (query.has_edns ? OPT_BYTES + frame.options.size() : 0);
    m_question = query.question_end != 0 && query.question_end <= m_limit;
    m_pos = m_question ? query.question_end : HEADER_BYTES;
    m_counts = {};
    m_authoritative = false;
    m_truncated = false;
    if (!m_question) return;
    std::memcpy(m_out + HEADER_BYTES, frame.packet.data() + HEADER_BYTES, m_pos - HEADER_BYTES);
}

void MessageWriter::Restart()
{
    m_pos = m_question ? m_query->question_end : HEADER_BYTES;
    m_counts = {};
    m_truncated = false;
}

void MessageWriter::CutToQuestion()
{
    Restart();
    m_truncated = true;
}

size_t MessageWriter::AddWhole(Section section, ByteSpan records)
{
    uint16_t& count = m_counts[static_cast<size_t>(section)];
    const uint16_t before = count;
    while (!records.empty()) {
        size_t size = 0;
        if (SkipRecord(records, size) == nullptr) break;
        if (m_truncated || size > m_limit - m_pos) {
            if (section != Section::Additional) m_truncated = true;
            break;
        }
        std::memcpy(m_out + m_pos, records.data(), size);
        m_pos += size;
        ++count;
        records = records.subspan(size);
    }
    return size_t{count} - before;
}

size_t MessageWriter::AddRecords(Section section, ByteSpan records, uint16_t owner, uint32_t max_ttl)
{
    uint16_t& count = m_counts[static_cast<size_t>(section)];
    const uint16_t before = count;
    while (records.size() >= 2 + RR_FIXED_BYTES) {
        const size_t size = 2 + RR_FIXED_BYTES + LoadU16(records.data() + 10);
        if (size > records.size()) break;
        if (m_truncated || size > m_limit - m_pos) {
            if (section != Section::Additional) m_truncated = true;
            break;
        }
        uint8_t* at = m_out + m_pos;
        std::memcpy(at, records.data(), size);
        StoreU16(at, owner);
        if (LoadU32(at + 6) > max_ttl) StoreU32(at + 6, max_ttl);
        m_pos += size;
        ++count;
        records = records.subspan(size);
    }
    return size_t{count} - before;
}

size_t MessageWriter::Finish(Rcode rcode, ExtendedError reason)
{
    const auto code = static_cast<uint16_t>(rcode);
    uint16_t flags = static_cast<uint16_t>(FLAG_QR | m_query->opcode << 11 | (code & 0xf));
    if (m_authoritative) flags |= FLAG_AA;
    if (m_truncated) flags |= FLAG_TC;
    if (m_query->recursion_desired) flags |= FLAG_RD;
    StoreU16(m_out, m_query->id);
    StoreU16(m_out + 2, flags);
    StoreU16(m_out + 4, m_question ? 1 : 0);
    StoreU16(m_out + 6, m_counts[0]);
    StoreU16(m_out + 8, m_counts[1]);
    StoreU16(m_out + 10, static_cast<uint16_t>(m_counts[2] + (m_query->has_edns ? 1 : 0)));
    if (m_query->has_edns) AppendOpt(code, reason);
    return m_pos;
}

void MessageWriter::AppendOpt(uint16_t code, ExtendedError reason)
{
    const size_t end = std::min(m_frame.limit, m_frame.out.size());
    uint8_t* opt = m_out + m_pos;
    std::memset(opt, 0, OPT_BYTES);
    StoreU16(opt + 1, static_cast<uint16_t>(RrType::Opt));
    StoreU16(opt + 3, EDNS_UDP_BYTES);
    opt[5] = static_cast<uint8_t>(code >> 4);
    opt[7] = m_query->dnssec_ok ? FLAG_DO : 0;
    m_pos += OPT_BYTES;
    const size_t options_at = m_pos;
    if (!m_frame.options.empty()) {
        std::memcpy(m_out + m_pos, m_frame.options.data(), m_frame.options.size());
        m_pos += m_frame.options.size();
    }
    if (reason != ExtendedError::None && end - m_pos >= OPTION_HEADER_BYTES + 2) {
        StoreU16(m_out + m_pos, static_cast<uint16_t>(OptionCode::ExtendedError));
        StoreU16(m_out + m_pos + 2, 2);
        StoreU16(m_out + m_pos + 4, static_cast<uint16_t>(reason));
        m_pos += OPTION_HEADER_BYTES + 2;
    }
    if (m_frame.padded && end - m_pos >= OPTION_HEADER_BYTES) {
        const size_t wanted = m_pos + OPTION_HEADER_BYTES;
        const size_t blocks = (wanted + PADDING_BLOCK_BYTES - 1) / PADDING_BLOCK_BYTES;
        const size_t padding = std::min(blocks * PADDING_BLOCK_BYTES, end) - wanted;
        StoreU16(m_out + m_pos, static_cast<uint16_t>(OptionCode::Padding));
        StoreU16(m_out + m_pos + 2, static_cast<uint16_t>(padding));
        std::memset(m_out + wanted, 0, padding);
        m_pos = wanted + padding;
    }
    StoreU16(opt + 9, static_cast<uint16_t>(m_pos - options_at));
}

void AppendU16(Bytes& out, uint16_t value)
{
    out.push_back(static_cast<uint8_t>(value >> 8));
    out.push_back(static_cast<uint8_t>(value));
}

void AppendU32(Bytes& out, uint32_t value)
{
    AppendU16(out, static_cast<uint16_t>(value >> 16));
    AppendU16(out, static_cast<uint16_t>(value));
}

void AppendRecord(Bytes& out, RrType type, uint32_t ttl, ByteSpan rdata)
{
    EMC_CHECK(rdata.size() <= UINT16_MAX);
    AppendU16(out, QUESTION_POINTER);
    AppendU16(out, static_cast<uint16_t>(type));
    AppendU16(out, CLASS_IN);
    AppendU32(out, ttl);
    AppendU16(out, static_cast<uint16_t>(rdata.size()));
    out.insert(out.end(), rdata.begin(), rdata.end());
}

} // namespace emc::dns
