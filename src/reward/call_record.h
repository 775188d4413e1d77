/// Call records: one answered call as a deterministic CBOR map, the leaf of a batch's tree
/// (doc/call-reward.md).
#pragma once

#include "base/bytes.h"
#include "base/expected.h"

namespace emc::reward {

using base::Bytes;
using base::ByteSpan;
using base::Hash256;

inline constexpr uint64_t CALL_RECORD_VERSION = 1;
inline constexpr size_t CALL_SALT_BYTES = 16;
inline constexpr size_t MAX_CALL_ID_BYTES = 255;
inline constexpr size_t MAX_CODEC_BYTES = 32;
/// The last millisecond whose second fits the 32 bits of a batch's period.
inline constexpr uint64_t MAX_CALL_TIME_MS = 4'294'967'295'999;
inline constexpr uint64_t MAX_CALL_MS = 86'400'000;
inline constexpr uint64_t MS_PER_MINUTE = 60'000;

using CallSalt = std::array<uint8_t, CALL_SALT_BYTES>;

/// One answered call. Times are milliseconds since 1970 UTC.
struct CallRecord {
    CallSalt salt{};     ///< random: keeps a leaf from being guessed
    uint64_t caller = 0; ///< E.164 number without plus
    uint64_t callee = 0; ///< another number
    std::string call_id; ///< 1–255 bytes of 0x21–0x7E
    uint64_t start = 0;
    uint64_t answer = 0;
    uint64_t end = 0;
    uint16_t q850 = 0;           ///< cause, 0–127
    uint16_t sip = 0;            ///< final status, 200–699
    std::optional<uint16_t> mos; ///< MOS × 100, 100–500
    std::string codec;           ///< 1–32 of A–Z a–z 0–9 . - _ /; empty: unknown

    bool operator==(const CallRecord&) const = default;
};

/// What is wrong with a record or its bytes.
enum class CallError : uint8_t {
    Encoding,  ///< not one CBOR map in deterministic form with exactly the known keys
    Version,   ///< another version than 1
    Salt,      ///< not 16 bytes
    Number,    ///< caller or callee is no number, or they are the same
    CallId,    ///< empty, too long, or bytes outside 0x21–0x7E
    Times,     ///< not start ≤ answer ≤ end, too late, or a call longer than a day
    Cause,     ///< Q.850 cause above 127
    SipStatus, ///< outside 200–699
    Mos,       ///< outside 100–500
    Codec,     ///< empty, too long, or other characters
};
[[nodiscard]] std::string_view Text(CallError error);

/// Checks every field. Errors: all but Encoding, Version and Salt.
[[nodiscard]] base::Expected<void, CallError> CheckCallRecord(const CallRecord& record);
/// The record's only encoding: RFC 8949 §4.2.1, keys 0–11 ascending. The record must be valid (checked).
[[nodiscard]] Bytes EncodeCallRecord(const CallRecord& record);
/// Reads exactly one valid record; anything else, and any other way of writing it, is an error.
[[nodiscard]] base::Expected<CallRecord, CallError> DecodeCallRecord(ByteSpan cbor);

/// Minutes a call counts for: begun ones, at least 1. `end` must not be before `answer`.
[[nodiscard]] constexpr uint64_t CallMinutes(uint64_t answer_ms, uint64_t end_ms)
{
    const uint64_t begun = (end_ms - answer_ms + MS_PER_MINUTE - 1) / MS_PER_MINUTE;
    return begun == 0 ? 1 : begun;
}

} // namespace emc::reward
