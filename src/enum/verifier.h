/// The value of a `ver:` record.
#pragma once

#include "base/bytes.h"
#include "base/expected.h"

namespace emc::enumrec {

enum class VerifierError : uint8_t {
    Empty,
    BadByte,
    TooManyLines,
    BadKey,
    RepeatedKey,
    BadValue,
    NoName,
    BadSrl,
};
[[nodiscard]] std::string_view Text(VerifierError error);
/// "V-10" …, one for each reason (doc/enum.md).
[[nodiscard]] std::string_view RuleId(VerifierError error);

struct VerifierFailure {
    VerifierError error{};
    size_t line = 0; ///< from 1; 0: the value as a whole
};

/// Revocation list: names of 2^bits buckets made from a printf-like template.
struct RevocationList {
    unsigned bits = 0;
    std::string template_text;

    /// Name of the bucket record of `record_name` (hash: h = 0x5555, h·33 + byte modulo 2^32).
    [[nodiscard]] std::string BucketName(std::string_view record_name) const;
};

struct VerifierRecord {
    std::vector<std::pair<std::string, std::string>> entries; ///< in the order of the lines
    std::optional<RevocationList> revocation;

    /// Empty when absent.
    [[nodiscard]] std::string_view Get(std::string_view key) const;
};

[[nodiscard]] base::Expected<VerifierRecord, VerifierFailure> ParseVerifier(std::string_view value);
[[nodiscard]] std::string PrintVerifier(const VerifierRecord& record);

} // namespace emc::enumrec
