#include "reward/call_record.h"

#include "base/check.h"
#include "enum/number.h"

#include <algorithm>

namespace emc::reward {

using base::Unexpected;

namespace {

enum class Major : uint8_t { Unsigned = 0, ByteString = 2, TextString = 3, Map = 5 };

enum Key : uint64_t {
    KEY_VERSION = 0,
    KEY_SALT = 1,
    KEY_CALLER = 2,
    KEY_CALLEE = 3,
    KEY_CALL_ID = 4,
    KEY_START = 5,
    KEY_ANSWER = 6,
    KEY_END = 7,
    KEY_Q850 = 8,
    KEY_SIP = 9,
    KEY_MOS = 10,
    KEY_CODEC = 11,
};

constexpr uint64_t REQUIRED_KEYS = 10;
constexpr uint8_t MAJOR_SHIFT = 5;
constexpr uint8_t INFO_MASK = 0x1f;
constexpr uint8_t LAST_INLINE = 23; ///< largest argument inside the first byte
constexpr uint8_t ONE_BYTE = 24;    ///< 24 … 27: 1, 2, 4, 8 bytes follow

/// Writes the shortest heads.
class CborWriter
{
public:
    explicit CborWriter(Bytes& out) : m_out(out) {}

    void Head(Major major, uint64_t argument)
    {
        const auto top = static_cast<uint8_t>(static_cast<uint8_t>(major) << MAJOR_SHIFT);
        if (argument <= LAST_INLINE) {
            m_out.push_back(static_cast<uint8_t>(top | argument));
            return;
        }
        uint8_t log = 0; // of the number of bytes
        while (log < 3 && (argument >> (8u << log)) != 0)
            ++log;
        m_out.push_back(static_cast<uint8_t>(top | (ONE_BYTE + log)));
        for (unsigned left = 1u << log; left > 0; --left)
            m_out.push_back(static_cast<uint8_t>(argument >> (8 * (left - 1))));
    }

    void Number(Key key, uint64_t value)
    {
        Head(Major::Unsigned, key);
        Head(Major::Unsigned, value);
    }

    void String(Key key, Major major, ByteSpan bytes)
    {
        Head(Major::Unsigned, key);
        Head(major, bytes.size());
        m_out.insert(m_out.end(), bytes.begin(), bytes.end());
    }

private:
    Bytes& m_out;
};

/// Reads shortest heads only. Errors stick.
class CborReader
{
public:
    explicit CborReader(ByteSpan in) : m_in(in) {}

    [[nodiscard]] bool Ok() const { return m_ok; }

    [[nodiscard]] bool Done() const { return m_ok && m_in.empty(); }

    uint64_t Head(Major major)
    {
        if (m_in.empty() || m_in[0] >> MAJOR_SHIFT != static_cast<uint8_t>(major)) return Fail();
        const uint8_t info = m_in[0] & INFO_MASK;
        m_in = m_in.subspan(1);
        if (info <= LAST_INLINE) return info;
        if (info > ONE_BYTE + 3) return Fail(); // reserved, or of indefinite length
        const unsigned log = info - ONE_BYTE;
        const size_t bytes = size_t{1} << log;
        if (m_in.size() < bytes) return Fail();
        uint64_t value = 0;
        for (size_t i = 0; i < bytes; ++i)
            value = value << 8 | m_in[i];
        m_in = m_in.subspan(bytes);
        const bool shortest = log == 0 ? value > LAST_INLINE : value >> (8u << (log - 1)) != 0;
        return shortest ? value : Fail();
    }

    ByteSpan String(Major major)
    {
        const uint64_t size = Head(major);
        if (!m_ok || size > m_in.size()) {
            Fail();
            return {};
        }
        const ByteSpan out = m_in.first(static_cast<size_t>(size));
        m_in = m_in.subspan(out.size());
        return out;
    }

    /// The next key; false when it is another one.
    bool TakeKey(Key key)
    {
        CborReader ahead = *this;
        if (ahead.Head(Major::Unsigned) != key || !ahead.m_ok) return false;
        *this = ahead;
        return true;
    }

    void Need(Key key)
    {
        if (!TakeKey(key)) Fail();
    }

    uint64_t Number(Key key)
    {
        Need(key);
        return Head(Major::Unsigned);
    }

    uint64_t Fail()
    {
        m_ok = false;
        m_in = {};
        return 0;
    }

private:
    ByteSpan m_in;
    bool m_ok = true;
};

bool IsCodecChar(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == '/';
}

bool IsVisible(char c)
{
    return c >= 0x21 && c <= 0x7e;
}

bool IsText(std::string_view text, size_t max, bool (*allowed)(char))
{
    return !text.empty() && text.size() <= max && std::all_of(text.begin(), text.end(), allowed);
}

/// Small numbers; larger ones become a value every check refuses.
uint16_t Narrow(uint64_t value)
{
    return static_cast<uint16_t>(std::min<uint64_t>(value, UINT16_MAX));
}

} // namespace

std::string_view Text(CallError error)
{
    switch (error) {
    case CallError::Encoding:
        return "not a call record in deterministic CBOR";
    case CallError::Version:
        return "a call record of another version than 1";
    case CallError::Salt:
        return "the salt is not 16 bytes long";
    case CallError::Number:
        return "caller and callee must be two different numbers of 4 to 15 digits";
    case CallError::CallId:
        return "the Call-ID must be 1 to 255 visible ASCII characters";
    case CallError::Times:
        return "times must rise from start to answer to end, and a call lasts a day at most";
    case CallError::Cause:
        return "the Q.850 cause is above 127";
    case CallError::SipStatus:
        return "the SIP status is outside 200 to 699";
    case CallError::Mos:
        return "the MOS is outside 1.00 to 5.00";
    case CallError::Codec:
        return "the codec must be 1 to 32 letters, digits and . - _ /";
    }
    return "";
}

base::Expected<void, CallError> CheckCallRecord(const CallRecord& record)
{
    if (!enumrec::Number::FromValue(record.caller) || !enumrec::Number::FromValue(record.callee) ||
        record.caller == record.callee) {
        return Unexpected(CallError::Number);
    }
    if (!IsText(record.call_id, MAX_CALL_ID_BYTES, IsVisible)) return Unexpected(CallError::CallId);
    if (record.start > record.answer || record.answer > record.end || record.end > MAX_CALL_TIME_MS ||
        record.end - record.answer > MAX_CALL_MS) {
        return Unexpected(CallError::Times);
    }
    if (record.q850 > 127) return Unexpected(CallError::Cause);
    if (record.sip < 200 || record.sip > 699) return Unexpected(CallError::SipStatus);
    if (record.mos && (*record.mos < 100 || *record.mos > 500)) return Unexpected(CallError::Mos);
    if (!record.codec.empty() && !IsText(record.codec, MAX_CODEC_BYTES, IsCodecChar)) {
        return Unexpected(CallError::Codec);
    }
    return {};
}

Bytes EncodeCallRecord(const CallRecord& record)
{
    EMC_CHECK(CheckCallRecord(record).HasValue());
    Bytes out;
    CborWriter cbor(out);
    cbor.Head(Major::Map, REQUIRED_KEYS + (record.mos ? 1 : 0) + (record.codec.empty() ? 0 : 1));
    cbor.Number(KEY_VERSION, CALL_RECORD_VERSION);
    cbor.String(KEY_SALT, Major::ByteString, record.salt);
    cbor.Number(KEY_CALLER, record.caller);
    cbor.Number(KEY_CALLEE, record.callee);
    cbor.String(KEY_CALL_ID, Major::TextString, base::AsBytes(record.call_id));
    cbor.Number(KEY_START, record.start);
    cbor.Number(KEY_ANSWER, record.answer);
    cbor.Number(KEY_END, record.end);
    cbor.Number(KEY_Q850, record.q850);
    cbor.Number(KEY_SIP, record.sip);
    if (record.mos) cbor.Number(KEY_MOS, *record.mos);
    if (!record.codec.empty()) cbor.String(KEY_CODEC, Major::TextString, base::AsBytes(record.codec));
    return out;
}

base::Expected<CallRecord, CallError> DecodeCallRecord(ByteSpan cbor)
{
    CborReader in(cbor);
    const uint64_t keys = in.Head(Major::Map);
    CallRecord record;
    const uint64_t version = in.Number(KEY_VERSION);
    in.Need(KEY_SALT);
    const ByteSpan salt = in.String(Major::ByteString);
    record.caller = in.Number(KEY_CALLER);
    record.callee = in.Number(KEY_CALLEE);
    in.Need(KEY_CALL_ID);
    record.call_id = base::AsText(in.String(Major::TextString));
    record.start = in.Number(KEY_START);
    record.answer = in.Number(KEY_ANSWER);
    record.end = in.Number(KEY_END);
    record.q850 = Narrow(in.Number(KEY_Q850));
    record.sip = Narrow(in.Number(KEY_SIP));
    uint64_t optional = 0;
    if (in.Ok() && in.TakeKey(KEY_MOS)) {
        record.mos = Narrow(in.Head(Major::Unsigned));
        ++optional;
    }
    const bool has_codec = in.Ok() && in.TakeKey(KEY_CODEC);
    if (has_codec) {
        record.codec = base::AsText(in.String(Major::TextString));
        ++optional;
    }
    if (!in.Done() || keys != REQUIRED_KEYS + optional) return Unexpected(CallError::Encoding);
    if (version != CALL_RECORD_VERSION) return Unexpected(CallError::Version);
    if (salt.size() != CALL_SALT_BYTES) return Unexpected(CallError::Salt);
    if (has_codec && record.codec.empty()) return Unexpected(CallError::Codec);
    std::copy(salt.begin(), salt.end(), record.salt.begin());
    if (const auto ok = CheckCallRecord(record); !ok) return Unexpected(ok.Error());
    return record;
}

} // namespace emc::reward
