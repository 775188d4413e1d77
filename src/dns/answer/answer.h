/// From a packet to its answer. The stages, always in this order, are plain functions: limit (what is not
/// answered at all), parse, cookie, find, build, fit. Nothing on the way takes a lock, and nothing takes
/// memory from the heap as long as the store holds the answer; signatures made on the spot (DNSSEC, TSIG) do.
#pragma once

#include "dns/answer/miss_cache.h"
#include "dns/counters.h"
#include "dns/limit/guard.h"
#include "dns/records/local_zone.h"
#include "dns/transport/exchange.h"
#include "dns/zone/compile.h"
#include "dns/zone/zone_config.h"
#include "dns/zone/zone_store.h"

namespace emc::base {
class Clock;
}

namespace emc::dns {

class AnswerSigner;
class TsigKeys;
class ZoneKey;
class ZoneSerials;
class ZoneSigners;

/// What all workers share; outlives them.
struct AnswerParts {
    const ZoneConfig* config = nullptr;
    const ZoneStore* store = nullptr;
    const ChainState* chain = nullptr;
    const Compiler* compiler = nullptr;
    const base::Snapshot<TollFreeLists>* toll_free = nullptr;
    const base::Snapshot<LocalZone>* local = nullptr; ///< null: no local names
    const base::Clock* clock = nullptr;
    TransferHandler* transfers = nullptr; ///< null: transfers are refused
    const ZoneSerials* serials = nullptr; ///< null: the serial of a zone is the height
    const Guard* guard = nullptr;         ///< null: no cookies, no limits
    const TsigKeys* tsig_keys = nullptr;  ///< null: signed questions are answered without a signature
    const ZoneSigners* signers = nullptr; ///< null: no zone is signed
};

/// May an answer wait for the disk?
enum class Patience : uint8_t { Disk, MemoryOnly };

enum class Fate : uint8_t {
    Reply,     ///< send what was written
    Silence,   ///< no answer is due
    NeedsDisk, ///< MemoryOnly: ask again where the disk may be waited for; nothing was counted
    Transfer,  ///< over a connection: belongs to the TransferHandler
};

struct Answered {
    size_t size = 0; ///< of the reply
    Fate fate = Fate::Silence;
};

/// One worker's half of the server. One thread.
class Answerer
{
public:
    Answerer(const AnswerParts& parts, Counters& counters, Patience patience = Patience::Disk);

    ~Answerer();
    Answerer(const Answerer&) = delete;
    Answerer& operator=(const Answerer&) = delete;

    /// Reads the clock; call once before a batch of packets.
    void BeginBatch();
    /// Notes how long the `sent` answers of a batch took; call when they are sent.
    void EndBatch(size_t sent);
    /// Writes the answer to `packet` into `out` (at least 512 bytes; over connections that is the limit of
    /// the answer, over UDP it is smaller by the rules).
    [[nodiscard]] Answered Answer(ByteSpan packet, const Client& client, std::span<uint8_t> out);

    /// What clients on connections are told of the time they may be idle (RFC 7828).
    void SetIdleTime(uint16_t tenths_sec) { m_idle_tenths = tenths_sec; }

    /// The question answered last, for the query log.
    [[nodiscard]] const Query& LastQuery() const { return m_query; }

private:
    static constexpr size_t MAX_ALIASES = 8; ///< links of a CNAME chain; resolvers ask on for the rest

    /// What the find stage came to.
    struct Outcome {
        Rcode rcode = Rcode::NoError;
        EntryView entry;                  ///< what to build from, if anything
        bool referral = false;            ///< the entry's delegation is the answer
        bool at_apex = false;             ///< the zone's own name is asked for
        uint16_t cut = QUESTION_POINTER;  ///< owner of the delegation
        uint16_t apex = QUESTION_POINTER; ///< the zone's name: owner of the SOA
        const Zone* zone = nullptr;       ///< null: local names
        size_t alias_at = 0;              ///< offset of a CNAME's target that is to be looked for next
    };

    /// What the labels left of an ENUM zone say.
    struct DigitScan {
        uint64_t value = 0; ///< read from right to left
        unsigned digits = 0;
        uint64_t natural = 0;  ///< read from left to right, when undotted
        bool dotted = true;    ///< every label is one digit
        bool undotted = false; ///< one label of digits alone
        bool possible = true;  ///< no more digits than a number has, and no zero in front
    };

    /// A name that is looked for, and where it stands in the answer.
    struct Asked {
        const WireName* name = nullptr;
        size_t at = HEADER_BYTES;
    };

    /// What is decided before anything is looked up.
    enum class Admission : uint8_t { Welcome, NeedsCookie, NeedsTcp };

    [[nodiscard]] Admission ReadCookie();
    void CollectOptions();
    Answered AnswerChaos();
    Answered AnswerTransfer(ByteSpan packet, std::span<uint8_t> out);
    [[nodiscard]] bool IsLimited(Rcode rcode);
    [[nodiscard]] bool MayWait();

    void Find();
    void FindNumber(const Zone& zone);
    void FindDomain(const Zone& zone);
    [[nodiscard]] bool FindLocal();
    void StripSuffix();
    [[nodiscard]] DigitScan ScanDigits(const Zone& zone) const;
    [[nodiscard]] EntryView LookUpNumber(const Zone& zone, uint64_t value);
    [[nodiscard]] EntryView LookUpTollFree(const Zone& zone, uint64_t value);
    [[nodiscard]] EntryView LookUpDomain(const Zone& zone, size_t first_label);
    template <typename F>
    [[nodiscard]] EntryView LookUp(ByteSpan key, bool store_is_complete, F compile);
    template <typename F>
    [[nodiscard]] EntryView LookUpSlowly(ByteSpan key, F compile);
    [[nodiscard]] bool IsEmptyNonTerminal(const Zone& zone, const DigitScan& scan);
    [[nodiscard]] uint16_t PointerTo(size_t label) const;
    void FollowAliases();
    [[nodiscard]] bool AskedBefore(size_t links) const;

    void Build();
    void BuildFromEntry();
    void BuildReferral(const RecordSet& servers, uint16_t owner);
    void AddGlue(const RecordSet& servers, size_t first_at, uint16_t owner);
    void BuildApex();
    void BuildNegative();
    [[nodiscard]] const ZoneKey* SigningKey() const;
    void AddSignature(MessageWriter::Section section, const RecordSet& set, ByteSpan owner, uint16_t pointer);
    void SignApexSet(MessageWriter::Section section, ByteSpan records);
    void AddDelegationProof(uint16_t owner);
    void AddDenial(MessageWriter::Section section);
    [[nodiscard]] bool BuildKeys();
    [[nodiscard]] uint32_t MaxTtl() const;
    [[nodiscard]] size_t Limit(size_t room) const;
    [[nodiscard]] uint32_t Serial() const;
    Answered AnswerSigned(ByteSpan packet, const Client& client, std::span<uint8_t> out);
    Answered Finish(Rcode rcode, ExtendedError reason = ExtendedError::None);
    void CountQuestion();
    void CountReply(Rcode rcode);

    const AnswerParts m_parts;
    const Bytes m_apex_servers; ///< compiled NS records of every zone
    Counters& m_counters;
    const Patience m_patience;
    MissCache m_misses;
    Moment m_moment;
    int64_t m_begin_us = 0; ///< of the batch, by the steady clock
    int64_t m_now_ms = 0;   ///< the same in milliseconds
    int64_t m_load_sec = 0;
    unsigned m_load = 0; ///< UDP questions without a good cookie in this second
    unsigned m_limited = 0;
    uint16_t m_idle_tenths = 0;
    const Client* m_client = nullptr;
    CookieJar::Verdict m_cookie{}; ///< of the question's cookie
    bool m_verified = false;       ///< the address is the client's, or is trusted
    size_t m_zone = 0;             ///< place of the zone in the list; the last of the counters: none
    bool m_needs_disk = false;     ///< MemoryOnly, and the find stage got no further
    Query m_query;
    ReplyOptions m_options;
    Asked m_asked;                               ///< the question's name, then each link of an alias chain
    std::array<WireName, MAX_ALIASES> m_aliases; ///< targets of the chain so far
    WireName m_server;                           ///< whose addresses are looked for
    WireName m_stripped;                         ///< the asked name without gateway suffix
    const WireName* m_name = nullptr;            ///< m_stripped or the asked name
    Outcome m_outcome;
    MessageWriter m_writer;
    std::unique_ptr<AnswerSigner> m_signer;        ///< null: no zone is signed
    bool m_unsigned = false;                       ///< a signature that belongs into the answer cannot be had
    size_t m_reserved = 0;                         ///< bytes of the answer kept for a TSIG
    size_t m_answered = 0;                         ///< records in the answer section
    std::shared_ptr<const Shard> m_hold;           ///< keeps the entry alive
    std::shared_ptr<const LocalZone> m_local_hold; ///< the same for local names
};

} // namespace emc::dns
