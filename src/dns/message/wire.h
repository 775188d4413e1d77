/// DNS messages on the wire: bounded reading of questions, writing of answers in whole records (RFC 1035,
/// 6891).
#pragma once

#include "dns/message/edns.h"

namespace emc::dns {

/// Record types this server knows by name; any other number is a valid value too.
enum class RrType : uint16_t {
    None = 0,
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Mx = 15,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
    Naptr = 35,
    Opt = 41,
    Ds = 43,
    Sshfp = 44,
    Rrsig = 46,
    Nsec = 47,
    Dnskey = 48,
    Tlsa = 52,
    Cds = 59,
    Cdnskey = 60,
    Svcb = 64,
    Https = 65,
    FirstMeta = 128, ///< from here to Any: types that are questions or message data only
    Tsig = 250,
    Ixfr = 251,
    Axfr = 252,
    Any = 255,
    Uri = 256,
    Caa = 257,
    Subdomains = 0xff01, ///< never on the wire: list of sub-domains inside a compiled entry
    Referral = 0xff02,   ///< never on the wire: NS records with the lifetime of a delegation
};

enum class Rcode : uint16_t {
    NoError = 0,
    FormErr = 1,
    ServFail = 2,
    NxDomain = 3,
    NotImp = 4,
    Refused = 5,
    BadVers = 16,
    BadCookie = 23, ///< RFC 7873
};

inline constexpr uint16_t CLASS_IN = 1;
inline constexpr uint16_t CLASS_CHAOS = 3;
inline constexpr size_t HEADER_BYTES = 12;
inline constexpr size_t OPT_BYTES = 11;
inline constexpr size_t MAX_NAME_BYTES = 255; ///< with the root label
inline constexpr size_t MAX_LABELS = 127;     ///< without the root label
inline constexpr size_t MAX_LABEL_BYTES = 63;
inline constexpr size_t PLAIN_UDP_BYTES = 512;      ///< largest answer without EDNS
inline constexpr size_t EDNS_UDP_BYTES = 1232;      ///< what we announce and never exceed over UDP
inline constexpr size_t MAX_MESSAGE_BYTES = 65'535; ///< over TCP
/// Compression pointer to the name in the question.
inline constexpr uint16_t QUESTION_POINTER = 0xc00c;

/// A name in lower-case wire form with the places of its labels. Members are not initialised before ReadName.
struct WireName {
    std::array<uint8_t, MAX_NAME_BYTES> bytes;
    std::array<uint8_t, MAX_LABELS + 1> label_at; ///< of each label from the left, then of the root
    uint8_t size;                                 ///< with the root label
    uint8_t labels;                               ///< without the root label

    /// From label `first` on, without the root label.
    [[nodiscard]] ByteSpan Suffix(size_t first) const
    {
        return {bytes.data() + label_at[first], size_t{size} - 1 - label_at[first]};
    }

    /// One label's text.
    [[nodiscard]] std::string_view Label(size_t index) const
    {
        const uint8_t* at = bytes.data() + label_at[index];
        return {reinterpret_cast<const char*>(at + 1), *at};
    }

    /// Makes the name from wire labels without root, already lower case; false when too long or malformed.
    [[nodiscard]] bool Assign(ByteSpan labels_only);
};

/// Reads the name at `pos` and moves behind it. Compression pointers must point backwards, each further than
/// the one before, so no loop is possible; with `pointers` false any pointer is an error. False when
/// malformed.
[[nodiscard]] bool ReadName(ByteSpan message, size_t& pos, WireName& out, bool pointers);
/// Moves behind the name at `pos` without following pointers; false when malformed.
[[nodiscard]] bool SkipName(ByteSpan message, size_t& pos);

/// A domain name as text to wire form with root label, case kept; a trailing dot is fine. nullopt for empty
/// labels, labels over 63 bytes, names over 255, blanks and bytes outside 0x21–0x7E.
[[nodiscard]] std::optional<Bytes> NameFromText(std::string_view text);
/// Labels joined by dots for logs and errors; bytes outside 0x21–0x7E as \ddd (RFC 1035 §5.1).
[[nodiscard]] std::string NameToText(ByteSpan labels);
/// How many labels wire labels without pointers and root are.
[[nodiscard]] size_t CountLabels(ByteSpan labels);
/// The last `count` of them; all when there are fewer.
[[nodiscard]] ByteSpan LastLabels(ByteSpan labels, size_t count);
/// A–Z to a–z in place.
void LowerCase(std::span<uint8_t> bytes);

/// A received question.
struct Query {
    uint16_t id = 0;
    bool recursion_desired = false;
    uint8_t opcode = 0;
    size_t question_end = 0; ///< offset behind the question; 0: none could be read
    WireName name;           ///< valid when question_end is not 0
    RrType type = RrType::None;
    uint16_t rr_class = 0;
    bool has_edns = false;
    uint16_t payload_bytes = 0; ///< as the client announced
    uint8_t edns_version = 0;
    bool dnssec_ok = false; ///< DO: signatures are wanted
    bool has_tsig = false;  ///< some additional record is a TSIG
    EdnsRequest edns;       ///< valid with has_edns
};

enum class ParseVerdict : uint8_t {
    Drop,   ///< shorter than a header, or itself an answer
    Reject, ///< answer with the rcode alone
    Good,
};

struct ParseResult {
    ParseVerdict verdict = ParseVerdict::Drop;
    Rcode rcode = Rcode::NoError; ///< for Reject
};

/// Reads a packet: header, exactly one question, at most one OPT among the additional records, nothing
/// behind; a question of type IXFR may have one record in the authority section. Rejects with FormErr, NotImp
/// (opcode) or BadVers; with NoError a packet that asks for a cookie alone (RFC 7873 §5.4).
[[nodiscard]] ParseResult ParseQuery(ByteSpan packet, Query& out);

/// Builds one answer in a caller's buffer. The order of calls: Begin, AddRecords…, Finish.
class MessageWriter
{
public:
    struct Frame {
        const Query* query = nullptr;
        ByteSpan packet;        ///< of the question
        std::span<uint8_t> out; ///< at least `limit`
        size_t limit = 0;       ///< bounds the answer, OPT included; at least 512
        ByteSpan options;       ///< for OPT, sent when the client sent one; must live until Finish
        bool padded = false;    ///< to a multiple of PADDING_BLOCK_BYTES (RFC 8467)
    };

    /// Copies id and question from the packet.
    void Begin(const Frame& frame);

    enum class Section : uint8_t {
        Answer,
        Authority,
        Additional, ///< what does not fit may be missing, without TC
    };

    /// Appends compiled records (owner: QUESTION_POINTER) with the owner set to `owner` and TTLs lowered to
    /// `max_ttl`. Records that do not fit any more are left out whole and TC is set. Returns how many went
    /// in.
    size_t AddRecords(Section section, ByteSpan records, uint16_t owner, uint32_t max_ttl = UINT32_MAX);
    /// The same for records that come with owners of their own.
    size_t AddWhole(Section section, ByteSpan records);

    void SetAuthoritative() { m_authoritative = true; }

    /// Says that something that belongs into the answer is missing.
    void SetTruncated() { m_truncated = true; }

    [[nodiscard]] bool Truncated() const { return m_truncated; }

    /// Bytes written so far: where the next record begins.
    [[nodiscard]] size_t Size() const { return m_pos; }

    [[nodiscard]] ByteSpan Written() const { return {m_out, m_pos}; }

    /// Takes all records out again.
    void Restart();
    /// Takes all records out again and sets TC: the client is to ask over TCP.
    void CutToQuestion();

    /// Writes header and, when the client sent one, OPT, with the reason if there is room. Returns the size
    /// of the answer.
    size_t Finish(Rcode rcode, ExtendedError reason = ExtendedError::None);

private:
    void AppendOpt(uint16_t code, ExtendedError reason);

    Frame m_frame;
    const Query* m_query = nullptr;
    uint8_t* m_out = nullptr;
    size_t m_pos = 0;
    size_t m_limit = 0;                 ///< OPT's and its options' bytes already taken off
    std::array<uint16_t, 3> m_counts{}; ///< by Section; OPT not counted
    bool m_authoritative = false;
    bool m_truncated = false;
    bool m_question = false;
};

/// Reads a big-endian number; the caller has checked the bounds.
[[nodiscard]] inline uint16_t LoadU16(const uint8_t* at)
{
    return static_cast<uint16_t>(at[0] << 8 | at[1]);
}

[[nodiscard]] inline uint32_t LoadU32(const uint8_t* at)
{
    return uint32_t{at[0]} << 24 | uint32_t{at[1]} << 16 | uint32_t{at[2]} << 8 | at[3];
}

inline void StoreU16(uint8_t* at, uint16_t value)
{
    at[0] = static_cast<uint8_t>(value >> 8);
    at[1] = static_cast<uint8_t>(value);
}

inline void StoreU32(uint8_t* at, uint32_t value)
{
    StoreU16(at, static_cast<uint16_t>(value >> 16));
    StoreU16(at + 2, static_cast<uint16_t>(value));
}

void AppendU16(Bytes& out, uint16_t value);
void AppendU32(Bytes& out, uint32_t value);
/// Appends one record of class IN owned by QUESTION_POINTER; `rdata` at most 65,535 bytes.
void AppendRecord(Bytes& out, RrType type, uint32_t ttl, ByteSpan rdata);

} // namespace emc::dns
