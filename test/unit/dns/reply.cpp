#include "unit/dns/reply.h"

#include <arpa/inet.h>

namespace emc::test {

namespace {

using Message = std::vector<uint8_t>;

/// Reads with bounds; `bad` sticks.
struct Cursor {
    const Message& message;
    size_t at = 0;
    bool bad = false;

    unsigned Take(int bytes)
    {
        unsigned out = 0;
        for (int i = 0; i < bytes; ++i) {
            if (at >= message.size()) {
                bad = true;
                return 0;
            }
            out = out << 8 | message[at++];
        }
        return out;
    }

    std::string Name()
    {
        std::string out;
        size_t place = at;
        bool followed = false;
        for (int steps = 0; steps < 300; ++steps) {
            if (place >= message.size()) break;
            const unsigned length = message[place];
            if (length == 0) {
                if (!followed) at = place + 1;
                return out.empty() ? "." : out;
            }
            if (length >= 0xc0) {
                if (place + 1 >= message.size()) break;
                if (!followed) at = place + 2;
                followed = true;
                place = (length & 0x3f) << 8 | message[place + 1];
                continue;
            }
            if (length > 63 || place + 1 + length > message.size()) break;
            out.append(message.begin() + static_cast<long>(place) + 1,
                       message.begin() + static_cast<long>(place + 1 + length));
            out += '.';
            place += 1 + length;
        }
        bad = true;
        return {};
    }
};

std::string Strings(Cursor& in, size_t end, int most)
{
    std::string out;
    for (int i = 0; in.at < end && i < most && !in.bad; ++i) {
        const unsigned length = in.Take(1);
        std::string text;
        for (unsigned j = 0; j < length; ++j)
            text += static_cast<char>(in.Take(1));
        out += (out.empty() ? "\"" : " \"") + text + "\"";
    }
    return out;
}

std::string Number(unsigned value)
{
    return std::to_string(value) + " ";
}

std::string Address(Cursor& in, int family, size_t bytes)
{
    char text[INET6_ADDRSTRLEN] = {};
    if (in.at + bytes > in.message.size()) {
        in.bad = true;
        return {};
    }
    inet_ntop(family, in.message.data() + in.at, text, sizeof(text));
    in.at += bytes;
    return text;
}

std::string Hex(Cursor& in, size_t end)
{
    static constexpr char DIGITS[] = "0123456789abcdef";
    std::string out;
    while (in.at < end && !in.bad) {
        const unsigned byte = in.Take(1);
        out += DIGITS[byte >> 4];
        out += DIGITS[byte & 15];
    }
    return out;
}

/// " key=hex" of a service binding; keys must ascend.
std::string Parameters(Cursor& in, size_t end)
{
    std::string out;
    for (int last = -1; in.at < end && !in.bad;) {
        const auto key = static_cast<int>(in.Take(2));
        const size_t length = in.Take(2);
        if (key <= last || in.at + length > end) in.bad = true;
        last = key;
        const size_t value_end = in.at + length;
        out += " " + std::to_string(key) + "=" + Hex(in, value_end);
    }
    return out;
}

std::string DataAt(Cursor& in, unsigned type, size_t end)
{
    std::string out;
    switch (type) {
    case 1:
        return Address(in, AF_INET, 4);
    case 28:
        return Address(in, AF_INET6, 16);
    case 2:
    case 5:
    case 12:
        return in.Name();
    case 15:
        out = Number(in.Take(2));
        return out + in.Name();
    case 16:
        return Strings(in, end, 1000);
    case 33:
        for (int i = 0; i < 3; ++i)
            out += Number(in.Take(2));
        return out + in.Name();
    case 35:
        out = Number(in.Take(2));
        out += Number(in.Take(2));
        out += Strings(in, end, 3) + " ";
        return out + in.Name();
    case 6:
        out = in.Name() + " ";
        out += in.Name();
        for (int i = 0; i < 5; ++i)
            out += " " + std::to_string(in.Take(4));
        return out;
    case 64:
    case 65:
        out = Number(in.Take(2));
        out += in.Name();
        return out + Parameters(in, end);
    case 256:
        out = Number(in.Take(2));
        out += Number(in.Take(2));
        if (in.at >= end) in.bad = true;
        return out + Hex(in, end);
    default:
        return Hex(in, end);
    }
}

bool ReadRecords(Cursor& in, unsigned count, std::vector<ReplyRecord>& out, std::string& fault)
{
    for (unsigned i = 0; i < count; ++i) {
        ReplyRecord record;
        record.owner = in.Name();
        record.type = in.Take(2);
        record.rr_class = in.Take(2);
        record.ttl = in.Take(4);
        const unsigned length = in.Take(2);
        record.rdata_at = in.at;
        if (in.bad || in.at + length > in.message.size()) {
            fault = "a record does not fit";
            return false;
        }
        const size_t end = in.at + length;
        record.rdata.assign(in.message.begin() + static_cast<long>(in.at),
                            in.message.begin() + static_cast<long>(end));
        (void)DataAt(in, record.type, end);
        if (in.bad || in.at != end) {
            fault = "data of type " + std::to_string(record.type) + " is malformed";
            return false;
        }
        out.push_back(std::move(record));
    }
    return true;
}

} // namespace

const ReplyRecord* Reply::Opt() const
{
    for (const ReplyRecord& record : additional) {
        if (record.type == 41) return &record;
    }
    return nullptr;
}

Reply ParseReply(const Message& message)
{
    Reply out;
    Cursor in{message};
    out.id = in.Take(2);
    const unsigned flags = in.Take(2);
    out.qr = (flags & 0x8000) != 0;
    out.opcode = flags >> 11 & 15;
    out.aa = (flags & 0x0400) != 0;
    out.tc = (flags & 0x0200) != 0;
    out.rd = (flags & 0x0100) != 0;
    out.ra = (flags & 0x0080) != 0;
    out.rcode = flags & 15;
    const unsigned questions = in.Take(2);
    const unsigned answers = in.Take(2);
    const unsigned authorities = in.Take(2);
    const unsigned additionals = in.Take(2);
    if (questions > 1) out.fault = "several questions";
    if (questions == 1) {
        out.question = in.Name();
        out.type = in.Take(2);
        out.question_class = in.Take(2);
    }
    if (in.bad || (flags & 0x0070) != 0) out.fault = "header or question";
    if (!out.fault.empty() || !ReadRecords(in, answers, out.answer, out.fault) ||
        !ReadRecords(in, authorities, out.authority, out.fault) ||
        !ReadRecords(in, additionals, out.additional, out.fault)) {
        return out;
    }
    if (in.at != message.size()) out.fault = "bytes behind the message";
    if (const ReplyRecord* opt = out.Opt()) out.rcode |= opt->ttl >> 24 << 4;
    out.sound = out.fault.empty();
    return out;
}

std::string DataText(const Message& message, const ReplyRecord& record)
{
    Cursor in{message, record.rdata_at};
    return DataAt(in, record.type, record.rdata_at + record.rdata.size());
}

Message MakeQuestion(std::string_view name, unsigned type, std::optional<unsigned> edns, unsigned rr_class)
{
    Message out{0x12, 0x34, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, static_cast<uint8_t>(edns ? 1 : 0)};
    while (!name.empty()) {
        const size_t dot = name.find('.');
        const std::string_view label = name.substr(0, dot);
        out.push_back(static_cast<uint8_t>(label.size()));
        out.insert(out.end(), label.begin(), label.end());
        name.remove_prefix(dot == std::string_view::npos ? name.size() : dot + 1);
    }
    for (const unsigned value : {0u, type >> 8, type, rr_class >> 8, rr_class})
        out.push_back(static_cast<uint8_t>(value));
    if (edns) {
        for (const unsigned value : {0u, 0u, 41u, *edns >> 8, *edns, 0u, 0u, 0u, 0u, 0u, 0u})
            out.push_back(static_cast<uint8_t>(value));
    }
    return out;
}

} // namespace emc::test
