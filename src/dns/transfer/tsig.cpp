#include "dns/transfer/tsig.h"

#include "base/check.h"
#include "crypto/hash.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr auto TYPE_TSIG = static_cast<uint16_t>(RrType::Tsig);
constexpr uint16_t CLASS_ANY = 255;
constexpr uint16_t RCODE_NOTAUTH = 9;
constexpr size_t FIXED_BYTES = 10; // type, class, TTL, RDLENGTH
constexpr size_t MIN_MAC_BYTES = 10;
constexpr size_t LARGEST_MAC_BYTES = 64;

struct AlgorithmInfo {
    std::string_view name;
    size_t mac_bytes;
};

AlgorithmInfo InfoOf(TsigAlgorithm algorithm)
{
    switch (algorithm) {
    case TsigAlgorithm::HmacSha256:
        return {"hmac-sha256", 32};
    case TsigAlgorithm::HmacSha384:
        return {"hmac-sha384", 48};
    case TsigAlgorithm::HmacSha512:
        return {"hmac-sha512", 64};
    }
    return {"", 0};
}

Bytes AlgorithmName(TsigAlgorithm algorithm)
{
    auto name = NameFromText(InfoOf(algorithm).name);
    EMC_CHECK(name.has_value());
    return std::move(*name);
}

Bytes Mac(const TsigKey& key, ByteSpan data)
{
    const auto copy = [](const auto& digest) { return Bytes(digest.begin(), digest.end()); };
    switch (key.algorithm) {
    case TsigAlgorithm::HmacSha256:
        return copy(crypto::HmacSha256(key.secret, data));
    case TsigAlgorithm::HmacSha384:
        return copy(crypto::HmacSha384(key.secret, data));
    case TsigAlgorithm::HmacSha512:
        return copy(crypto::HmacSha512(key.secret, data));
    }
    return {};
}

void Append(Bytes& out, ByteSpan more)
{
    out.insert(out.end(), more.begin(), more.end());
}

/// A number of the header; the message has one.
uint16_t HeaderWord(ByteSpan message, size_t at)
{
    EMC_CHECK(message.size() >= HEADER_BYTES);
    return static_cast<uint16_t>(message[at] << 8 | message[at + 1]);
}

void SetHeaderWord(Bytes& message, size_t at, uint16_t value)
{
    EMC_CHECK(message.size() >= HEADER_BYTES);
    message[at] = static_cast<uint8_t>(value >> 8);
    message[at + 1] = static_cast<uint8_t>(value);
}

void AppendTime(Bytes& out, uint64_t time_sec)
{
    AppendU16(out, static_cast<uint16_t>(time_sec >> 32));
    AppendU32(out, static_cast<uint32_t>(time_sec));
}

uint64_t LoadTime(const uint8_t* at)
{
    return uint64_t{LoadU16(at)} << 32 | LoadU32(at + 2);
}

/// Key name, class, TTL, algorithm, times, error and other data (RFC 8945 §4.3.3).
void AppendVariables(Bytes& out, const TsigRecord& record)
{
    Append(out, record.key_name);
    AppendU16(out, CLASS_ANY);
    AppendU32(out, 0);
    Append(out, record.algorithm);
    AppendTime(out, record.time_sec);
    AppendU16(out, record.fudge_sec);
    AppendU16(out, static_cast<uint16_t>(record.error));
    AppendU16(out, static_cast<uint16_t>(record.other.size()));
    Append(out, record.other);
}

Bytes WithLength(ByteSpan mac)
{
    Bytes out;
    AppendU16(out, static_cast<uint16_t>(mac.size()));
    Append(out, mac);
    return out;
}

void AppendTsig(Bytes& message, const TsigRecord& record)
{
    Append(message, record.key_name);
    AppendU16(message, TYPE_TSIG);
    AppendU16(message, CLASS_ANY);
    AppendU32(message, 0);
    const size_t bytes = record.algorithm.size() + 16 + record.mac.size() + record.other.size();
    AppendU16(message, static_cast<uint16_t>(bytes));
    Append(message, record.algorithm);
    AppendTime(message, record.time_sec);
    AppendU16(message, record.fudge_sec);
    AppendU16(message, static_cast<uint16_t>(record.mac.size()));
    Append(message, record.mac);
    AppendU16(message, record.original_id);
    AppendU16(message, static_cast<uint16_t>(record.error));
    AppendU16(message, static_cast<uint16_t>(record.other.size()));
    Append(message, record.other);
    SetHeaderWord(message, 10, static_cast<uint16_t>(HeaderWord(message, 10) + 1));
}

/// The record's data; false unless all of it is used and nothing is missing.
bool ReadTsigData(ByteSpan data, TsigRecord& out)
{
    size_t pos = 0;
    WireName algorithm;
    if (!ReadName(data, pos, algorithm, false) || data.size() - pos < 10) return false;
    out.algorithm.assign(algorithm.bytes.begin(), algorithm.bytes.begin() + algorithm.size);
    out.time_sec = LoadTime(data.data() + pos);
    out.fudge_sec = LoadU16(data.data() + pos + 6);
    const size_t mac_bytes = LoadU16(data.data() + pos + 8);
    pos += 10;
    if (data.size() - pos < mac_bytes + 6) return false;
    const ByteSpan mac = data.subspan(pos, mac_bytes);
    out.mac.assign(mac.begin(), mac.end());
    pos += mac_bytes;
    out.original_id = LoadU16(data.data() + pos);
    out.error = static_cast<TsigError>(LoadU16(data.data() + pos + 2));
    const size_t other_bytes = LoadU16(data.data() + pos + 4);
    pos += 6;
    if (data.size() - pos != other_bytes) return false;
    const ByteSpan other = data.subspan(pos);
    out.other.assign(other.begin(), other.end());
    return true;
}

/// The message in front of the record as it was when it was signed.
Bytes Unsigned(ByteSpan message, size_t bytes, uint16_t id)
{
    Bytes out(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(bytes));
    SetHeaderWord(out, 0, id);
    SetHeaderWord(out, 10, static_cast<uint16_t>(HeaderWord(out, 10) - 1));
    return out;
}

/// In a time that does not tell how much of it is right.
bool SameMac(ByteSpan given, ByteSpan right)
{
    uint8_t difference = 0;
    for (size_t i = 0; i < given.size(); ++i)
        difference = static_cast<uint8_t>(difference | (given[i] ^ right[i]));
    return difference == 0;
}

bool InTime(const TsigRecord& record, int64_t now_sec)
{
    const auto signed_at = static_cast<int64_t>(record.time_sec);
    return std::max(signed_at, now_sec) - std::min(signed_at, now_sec) <= int64_t{record.fudge_sec};
}

} // namespace

TsigPlace FindTsig(ByteSpan message, size_t& at, TsigRecord& out)
{
    if (message.size() < HEADER_BYTES) return TsigPlace::Malformed;
    const uint8_t* header = message.data();
    size_t pos = HEADER_BYTES;
    for (size_t left = LoadU16(header + 4); left > 0; --left) {
        if (!SkipName(message, pos) || message.size() - pos < 4) return TsigPlace::Malformed;
        pos += 4;
    }
    const size_t additional = LoadU16(header + 10);
    const size_t records = size_t{LoadU16(header + 6)} + LoadU16(header + 8) + additional;
    for (size_t i = 0; i < records; ++i) {
        const size_t start = pos;
        if (!SkipName(message, pos) || message.size() - pos < FIXED_BYTES) return TsigPlace::Malformed;
        const uint8_t* fixed = message.data() + pos;
        const size_t length = LoadU16(fixed + 8);
        pos += FIXED_BYTES;
        if (message.size() - pos < length) return TsigPlace::Malformed;
        const ByteSpan data = message.subspan(pos, length);
        pos += length;
        if (LoadU16(fixed) != TYPE_TSIG) continue;
        const bool last = i + 1 == records && additional > 0 && pos == message.size();
        if (!last || LoadU16(fixed + 2) != CLASS_ANY || LoadU32(fixed + 4) != 0) return TsigPlace::Malformed;
        size_t name_at = start;
        WireName name;
        if (!ReadName(message, name_at, name, false) || !ReadTsigData(data, out)) return TsigPlace::Malformed;
        out.key_name.assign(name.bytes.begin(), name.bytes.begin() + name.size);
        at = start;
        return TsigPlace::Last;
    }
    at = pos;
    return TsigPlace::None;
}

TsigSession::Verdict TsigSession::Check(ByteSpan question, const TsigKeys& keys, int64_t now_sec)
{
    *this = TsigSession();
    switch (FindTsig(question, m_question_bytes, m_question)) {
    case TsigPlace::None:
        return Verdict::Unsigned;
    case TsigPlace::Malformed:
        return Verdict::Malformed;
    case TsigPlace::Last:
        break;
    }
    const auto refuse = [this](TsigError error) {
        m_question.error = error;
        return Verdict::NotAuth;
    };
    const TsigKey* key = keys.Find(m_question.key_name);
    if (key == nullptr || AlgorithmName(key->algorithm) != m_question.algorithm)
        return refuse(TsigError::BadKey);
    const size_t whole = InfoOf(key->algorithm).mac_bytes;
    const size_t given = m_question.mac.size();
    if (given > whole || given < std::max(MIN_MAC_BYTES, whole / 2)) return Verdict::Malformed;
    Bytes covered = Unsigned(question, m_question_bytes, m_question.original_id);
    AppendVariables(covered, m_question);
    if (!SameMac(m_question.mac, Mac(*key, covered))) return refuse(TsigError::BadSig);
    m_prior = WithLength(m_question.mac);
    m_key = key;
    if (!InTime(m_question, now_sec)) return refuse(TsigError::BadTime);
    if (given < whole) return refuse(TsigError::BadTrunc);
    return Verdict::Good;
}

bool TsigSession::CheckAnswer(ByteSpan answer, int64_t now_sec) const
{
    if (m_key == nullptr || !m_signed) return false;
    size_t at = 0;
    TsigRecord record;
    if (FindTsig(answer, at, record) != TsigPlace::Last || record.key_name != m_key->name ||
        record.algorithm != AlgorithmName(m_key->algorithm) ||
        record.mac.size() != InfoOf(m_key->algorithm).mac_bytes) {
        return false;
    }
    Bytes covered = m_prior;
    Append(covered, Unsigned(answer, at, record.original_id));
    AppendVariables(covered, record);
    return SameMac(record.mac, Mac(*m_key, covered)) && record.error == TsigError::None &&
           InTime(record, now_sec);
}

Bytes TsigSession::Stripped(ByteSpan question) const
{
    return Unsigned(question, m_question_bytes, HeaderWord(question, 0));
}

Bytes TsigSession::Refusal(ByteSpan question, int64_t now_sec) const
{
    size_t end = HEADER_BYTES;
    const bool has_question = HeaderWord(question, 4) == 1;
    if (has_question && SkipName(question, end)) end += 4;
    Bytes out(question.begin(), question.begin() + static_cast<std::ptrdiff_t>(end));
    constexpr uint16_t KEPT = 0x7900; // opcode and RD
    const auto flags = static_cast<uint16_t>(0x8000 | (HeaderWord(out, 2) & KEPT) | RCODE_NOTAUTH);
    SetHeaderWord(out, 2, flags);
    SetHeaderWord(out, 4, end > HEADER_BYTES ? 1 : 0);
    for (const size_t at : {6u, 8u, 10u})
        SetHeaderWord(out, at, 0);
    TsigRecord record = m_question;
    record.original_id = HeaderWord(question, 0);
    record.mac.clear();
    record.other.clear();
    if (record.error == TsigError::BadTime) AppendTime(record.other, static_cast<uint64_t>(now_sec));
    if (record.error == TsigError::BadTrunc) record.time_sec = static_cast<uint64_t>(now_sec);
    if (m_key != nullptr) {
        Bytes covered = m_prior;
        Append(covered, out);
        AppendVariables(covered, record);
        record.mac = Mac(*m_key, covered);
    }
    AppendTsig(out, record);
    return out;
}

size_t TsigSession::SignatureBytes() const
{
    if (m_key == nullptr) return 0;
    const AlgorithmInfo info = InfoOf(m_key->algorithm);
    return m_key->name.size() + FIXED_BYTES + info.name.size() + 2 + 16 + LARGEST_MAC_BYTES;
}

void TsigSession::Sign(Bytes& message, int64_t now_sec)
{
    if (m_key == nullptr) return;
    TsigRecord record;
    record.key_name = m_key->name;
    record.algorithm = AlgorithmName(m_key->algorithm);
    record.time_sec = static_cast<uint64_t>(now_sec);
    record.fudge_sec = FUDGE_SEC;
    record.original_id = HeaderWord(message, 0);
    Bytes covered = m_prior;
    Append(covered, message);
    if (m_signed) {
        AppendTime(covered, record.time_sec);
        AppendU16(covered, record.fudge_sec);
    } else {
        AppendVariables(covered, record);
    }
    record.mac = Mac(*m_key, covered);
    m_prior = WithLength(record.mac);
    m_signed = true;
    AppendTsig(message, record);
}

} // namespace emc::dns
