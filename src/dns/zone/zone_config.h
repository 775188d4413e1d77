/// What is served, as the options say: zones, gateway suffix, own host names, trusted verifiers.
#pragma once

#include "dns/message/wire.h"

namespace emc::dns {

enum class ZoneKind : uint8_t {
    Plain,    ///< `.coin`: records as they are
    Signed,   ///< `!rus`: second-level names need a trusted signature
    Enum,     ///< `$enum`: numbers, signatures needed
    OpenEnum, ///< `~open`: numbers, signatures not needed
};

inline constexpr size_t MAX_ZONES = 64;
inline constexpr unsigned DEFAULT_LABEL_LIMIT = 20;
inline constexpr unsigned DEFAULT_DIGIT_LIMIT = 40;
inline constexpr unsigned MAX_DIGIT_LIMIT = 64;

struct Zone {
    ZoneKind kind = ZoneKind::Plain;
    std::string label;  ///< lower case, one label
    unsigned limit = 0; ///< labels of a question, or digits of a number
    uint8_t index = 0;  ///< place in the list

    [[nodiscard]] bool IsEnum() const { return kind == ZoneKind::Enum || kind == ZoneKind::OpenEnum; }
};

struct ZoneList {
    std::vector<Zone> zones;
    std::vector<std::string> warnings; ///< entries that were not understood, as sentences
};

/// Reads `emcdnsallowed`: entries `[number] kind label` between |, blanks and control characters. Never
/// fails.
[[nodiscard]] ZoneList ParseZones(std::string_view text);

/// `emcdnssuffix`: names that end in `tail` are read without it, with `replacement` in its place if there is
/// one.
struct GatewaySuffix {
    Bytes tail;        ///< wire labels in lower case, no root; empty: none configured
    Bytes replacement; ///< one wire label, or empty
};

/// ".gate.test" or ".e164.org|.enum"; nullopt when malformed. Empty text gives no suffix.
[[nodiscard]] std::optional<GatewaySuffix> ParseSuffix(std::string_view text);

/// Host names between , | ; as wire names with root label; malformed ones are left out and named in
/// `warnings`.
[[nodiscard]] std::vector<Bytes> ParseSelfNames(std::string_view text, std::vector<std::string>& warnings);

/// Names of verifiers between | and , (blanks are trimmed); what is no verifier's name goes to `warnings`.
[[nodiscard]] std::vector<std::string> ParseTrust(const std::vector<std::string>& options,
                                                  std::vector<std::string>& warnings);

/// Everything the stages need to know. Immutable after start.
struct ZoneConfig {
    std::vector<Zone> zones;
    GatewaySuffix suffix;
    std::vector<Bytes> self_names; ///< wire names with root label
    std::vector<std::string> trusted;
    bool natural_order = false; ///< also read undotted numbers from left to right

    /// The zone of a label in lower case; nullptr when none is served.
    [[nodiscard]] const Zone* Find(std::string_view label) const;
    /// The zone the key of an entry belongs to; nullptr when none is served.
    [[nodiscard]] const Zone* OfKey(ByteSpan key) const;
};

inline constexpr uint32_t NEGATIVE_TTL_SEC = 60;

/// NS of every zone: the self names, or ns.invalid when there are none: who follows it gets no answer rather
/// than one of a stranger.
[[nodiscard]] std::span<const Bytes> ApexServers(const ZoneConfig& config);

/// The same as compiled NS records.
[[nodiscard]] Bytes ApexServerRecords(const ZoneConfig& config);

/// SOA of a zone as one compiled record owned by QUESTION_POINTER; MNAME is the first of ApexServers, RNAME
/// is hostmaster.<apex>, written with a compression pointer to `apex`.
struct SoaRecord {
    std::array<uint8_t, 320> bytes;
    size_t size = 0;

    [[nodiscard]] ByteSpan Span() const { return {bytes.data(), size}; }
};

[[nodiscard]] SoaRecord MakeSoa(const ZoneConfig& config, uint16_t apex, uint32_t serial);

} // namespace emc::dns
