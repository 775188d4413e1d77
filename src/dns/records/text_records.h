/// Values of `dns:` names: text to record sets (grammar in doc/dns-operator.md).
#pragma once

#include "dns/message/wire.h"

namespace emc::dns {

inline constexpr uint32_t DEFAULT_TTL_SEC = 3600;
inline constexpr uint32_t REFERRAL_TTL_SEC = 86'400;
inline constexpr size_t MAX_ELEMENTS = 64; ///< of one list; the rest is not used

struct TextSet {
    RrType type = RrType::None;
    std::vector<Bytes> rdata; ///< wire form, no duplicates, in the order of the text
};

/// What a value says. Malformed elements are left out, so every record in here is sound.
struct TextRecords {
    std::vector<TextSet> sets;           ///< only non-empty ones; a CNAME alone
    std::vector<Bytes> servers;          ///< NS=, who answers for what is below
    std::optional<uint32_t> ttl_sec;     ///< TTL=, 0 … 2^31−1
    std::vector<std::string> subdomains; ///< SD=, labels in lower case
    bool any_subdomain = false;          ///< SD=*…
    std::vector<std::string> signatures; ///< SIG= elements, "verifier!base64"

    [[nodiscard]] const TextSet* Find(RrType type) const;
};

/// Reads a value: `["~" SEP] KEY=list {SEP KEY=list}`, list `["~" LSEP] element {LSEP element}`; SEP is | and
/// LSEP is a comma unless given. The first token of a key wins; unknown keys are skipped. Never fails.
/// `self_names`: wire names put in place of @ in NS, CNAME and PTR.
[[nodiscard]] TextRecords ParseTextRecords(std::string_view value, const std::vector<Bytes>& self_names);

/// RDATA of one element; nullopt when it is malformed. Types A AAAA NS CNAME PTR MX TXT SRV TLSA CAA NAPTR
/// SSHFP SVCB HTTPS URI.
[[nodiscard]] std::optional<Bytes> RdataFromText(RrType type, std::string_view element);

} // namespace emc::dns
