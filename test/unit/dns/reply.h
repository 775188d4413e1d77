#pragma once
// A small parser of DNS messages for tests, written apart from the server's own.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emc::test {

struct ReplyRecord {
    std::string owner; ///< text with final dot, case kept
    unsigned type = 0;
    unsigned rr_class = 0;
    uint32_t ttl = 0;
    std::vector<uint8_t> rdata;
    size_t rdata_at = 0;
};

struct Reply {
    unsigned id = 0, rcode = 0, opcode = 0;
    bool qr = false, aa = false, tc = false, rd = false, ra = false;
    std::string question; ///< empty: none
    unsigned type = 0, question_class = 0;
    std::vector<ReplyRecord> answer, authority, additional;

    [[nodiscard]] const ReplyRecord* Opt() const;
    /// Every byte was read, all counts fit, RDATA of known types is well-formed.
    bool sound = false;
    std::string fault; ///< why not
};

/// Never fails; see `sound`.
[[nodiscard]] Reply ParseReply(const std::vector<uint8_t>& message);
/// Presentation text of one record's data for A AAAA NS CNAME PTR MX TXT SRV NAPTR SOA SVCB HTTPS URI; hex
/// for others.
[[nodiscard]] std::string DataText(const std::vector<uint8_t>& message, const ReplyRecord& record);

/// A question; `edns` gives the payload size of an OPT record.
[[nodiscard]] std::vector<uint8_t> MakeQuestion(std::string_view name, unsigned type,
                                                std::optional<unsigned> edns = std::nullopt,
                                                unsigned rr_class = 1);

} // namespace emc::test
