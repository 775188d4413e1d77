/// The value of an `enum:` record: grammar, model and canonical text (ABNF in doc/enum.md).
#pragma once

#include "base/expected.h"
#include "enum/number.h"

#include <variant>

namespace emc::enumrec {

inline constexpr size_t MAX_LINES = 64;
inline constexpr size_t MAX_E2U = 16;
inline constexpr size_t MAX_SIG = 8;
inline constexpr uint32_t DEFAULT_TTL_SEC = 86'400;

enum class RecordError : uint8_t {
    Empty,
    BadByte,
    TooManyLines,
    UnknownLine,
    BadService,
    BadOrder,
    BadPreference,
    BadRegexp,
    BadEre,
    BadReplacement,
    NoUriScheme,
    ReplacementTooLong,
    EreMissesNumber,
    BadSignature,
    BadVerifierName,
    BadExpiry,
    BadTtl,
    BadPvp,
    BadExtension,
    TooManyE2u,
    TooManySig,
    RepeatedTtl,
    RepeatedPvp,
    NoRoute,
    BadTollFree,
};
[[nodiscard]] std::string_view Text(RecordError error);
/// "E-10" …, one for each reason (doc/enum.md).
[[nodiscard]] std::string_view RuleId(RecordError error);

/// Where and why a value is refused.
struct RecordFailure {
    RecordError error{};
    size_t line = 0;    ///< counted from 1; 0: the value as a whole
    std::string detail; ///< e.g. what the expression parser said
};

/// One `E2U…=order|preference|!ere!replacement![i]` line.
struct E2u {
    std::string service; ///< as written, "E2U+sip"
    uint16_t order = 0;
    uint16_t preference = 0;
    std::string ere;
    std::string replacement;
    bool ignore_case = false;

    /// "!ere!replacement![i]", the REGEXP field of the NAPTR record.
    [[nodiscard]] std::string Regexp() const;
    bool operator==(const E2u&) const = default;
};

/// One `SIG=verifier|base64[|expiry]` line.
struct Sig {
    std::string verifier; ///< "ver:…"
    std::array<uint8_t, 65> signature{};
    uint32_t expiry = 0; ///< unix seconds; 0: none

    bool operator==(const Sig&) const = default;
};

/// The `PVP=` line: where a past call can be proved.
struct Pvp {
    std::string host;
    uint16_t port = 0;
    std::array<uint8_t, 33> key{};
    std::string methods;

    bool operator==(const Pvp&) const = default;
};

struct Ttl {
    uint32_t seconds = 0;
    bool operator==(const Ttl&) const = default;
};

struct Extension {
    std::string key; ///< "X-…"
    std::string value;
    bool operator==(const Extension&) const = default;
};

using Line = std::variant<E2u, Sig, Ttl, Pvp, Extension>;

/// A parsed value; lines keep their order.
struct Record {
    std::vector<Line> lines;

    [[nodiscard]] std::vector<const E2u*> Routes() const;
    [[nodiscard]] std::vector<const Sig*> Signatures() const;
    [[nodiscard]] uint32_t TtlSec() const; ///< DEFAULT_TTL_SEC when no line says otherwise
    [[nodiscard]] const Pvp* Endpoint() const;
    bool operator==(const Record& other) const;
};

/// Checks and reads the value of `enum:number:slot`.
[[nodiscard]] base::Expected<Record, RecordFailure> ParseRecord(std::string_view value, const Number& number);

/// A SIG line as it stands in a value.
struct SigLine {
    std::string_view text; ///< looks into the value
    Sig sig;
    size_t line = 0; ///< counted from 1
};

/// The SIG lines of a value ParseRecord accepts, without checking the rest of it; malformed ones are left
/// out.
[[nodiscard]] std::vector<SigLine> SignatureLines(std::string_view value);
/// Canonical text; ParseRecord(PrintRecord(r)) gives r.
[[nodiscard]] std::string PrintRecord(const Record& record);
/// Canonical text of one line.
[[nodiscard]] std::string PrintLine(const Line& line);

/// The value of an `enum:tollfree` record: blocks of an expression on the bare digits and its routes.
struct TollFreeBlock {
    std::string ere;
    std::vector<E2u> routes;
    bool operator==(const TollFreeBlock&) const = default;
};

[[nodiscard]] base::Expected<std::vector<TollFreeBlock>, RecordFailure> ParseTollFree(std::string_view value);
[[nodiscard]] std::string PrintTollFree(const std::vector<TollFreeBlock>& blocks);

/// The URI a route gives for a number, nullopt when its expression does not match.
[[nodiscard]] std::optional<std::string> ApplyRoute(const E2u& route, const Number& number);

/// Do the regular expression libraries of resolvers and PBXs give the same for this route? Conservative:
/// false for everything beyond the plain forms named in doc/enum.md. Where it is false, DNS serves
/// `!^.*$!uri!` instead.
[[nodiscard]] bool LibrariesAgree(const E2u& route);

/// What a verifier signs: "ENUM1", "enum:" number, the owner's address, expiry or 0, LF between
/// (doc/enum.md).
[[nodiscard]] std::string SignatureText(const Number& number, std::string_view owner_address,
                                        uint32_t expiry);

} // namespace emc::enumrec
