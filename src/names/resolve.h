/// From a number to its routes: which slots count, in which order their URIs are tried. Pure; used by DNS and
/// RPC.
#pragma once

#include "base/bytes.h"
#include "enum/ere.h"
#include "enum/record.h"

namespace emc::names {

struct NameContext;

/// A toll-free list made ready for matching. Immutable; any thread.
struct TollFreeList {
    struct Rule {
        enumrec::Ere ere; ///< must match all the digits
        std::vector<enumrec::E2u> routes;
    };

    std::string source;  ///< "enum:tollfree:1" or a file's path, for people
    std::string country; ///< digits the number must begin with; may be empty
    std::vector<Rule> rules;
};

/// Blocks whose expression does not compile are left out (parsed ones all compile).
[[nodiscard]] TollFreeList MakeTollFreeList(std::string source, std::string country,
                                            const std::vector<enumrec::TollFreeBlock>& blocks);

/// What to do while a verifier's revocation list has no bucket for a record.
class RevocationPolicy
{
public:
    /// True: accept the signature with a warning. `bucket` is the name that is missing.
    [[nodiscard]] virtual bool AcceptWithoutBucket(std::string_view verifier,
                                                   std::string_view bucket) const = 0;

protected:
    ~RevocationPolicy() = default; // lent, never owned through this type
};

struct ResolveRequest {
    enumrec::Number number;
    std::vector<int> slots;           ///< that exist, live or not, in any order
    std::vector<std::string> trusted; ///< names of verifiers, "ver:…"
    bool need_signature = true;       ///< false: slots count without one (zones marked ~)
    int64_t now_sec = 0;              ///< the later of the tip's median time and the local clock
    const std::vector<TollFreeList>* toll_free =
        nullptr;                              ///< asked in order when no slot gives a route; may be null
    const RevocationPolicy* policy = nullptr; ///< null: a missing bucket refuses the signature
};

/// Why a slot does not count, from the least to the most that was right about it.
enum class SlotRefusal : uint8_t {
    NotRegistered,
    Expired,
    BadValue,
    NoSignature,
    NoTrustedSignature,
    VerifierGone, ///< the trusted verifier's record is not live
    SignatureWrong,
    SignatureExpired,
    RevocationUnknown, ///< the verifier's revocation list cannot be read
    Revoked,
};
[[nodiscard]] std::string_view Text(SlotRefusal reason);

/// One route in the answer.
struct ResolvedRoute {
    enumrec::E2u route;
    std::string uri;
    int slot = -1;        ///< −1: from a toll-free list
    std::string verifier; ///< empty when none was needed
    uint32_t ttl_sec = enumrec::DEFAULT_TTL_SEC;
};

struct AcceptedSlot {
    int slot = 0;
    std::string verifier; ///< empty when none was needed
    uint32_t sig_expiry = 0;
    enumrec::Record record;
};

struct RefusedSlot {
    int slot = 0;
    SlotRefusal reason{};
    std::string detail; ///< verifier or bucket it is about; may be empty
};

struct Resolution {
    std::vector<ResolvedRoute> routes; ///< by order, preference, slot, line: the order in which to try them
    std::vector<AcceptedSlot> accepted;
    std::vector<RefusedSlot> refused;
    std::string toll_free_source; ///< empty unless a toll-free list gave the routes
    std::vector<std::string> warnings;
    /// While nothing in `depends` and no slot changes, the answer holds up to this time and block height.
    int64_t valid_until_sec = INT64_MAX;
    int32_t valid_until_height = INT32_MAX;
    std::vector<std::string> depends; ///< names of verifiers and revocation buckets that were looked at
};

/// A record whose signatures are to be judged, registered or not.
struct RecordToJudge {
    int slot = 0;
    base::Bytes owner_script;
    std::vector<enumrec::Sig> signatures;
};

/// What is to be said of a signature by itself, and whether its verifier is one of those trusted here.
struct JudgedSignature {
    enumrec::Sig sig;
    bool trusted = false;
    std::optional<SlotRefusal> refusal; ///< absent: it holds
    std::string detail;                 ///< verifier or bucket the refusal is about; may be empty
};

struct Judgement {
    std::vector<JudgedSignature> signatures; ///< in the order given
    std::vector<std::string> warnings;
};

/// Judges every signature, also those of verifiers that are not trusted. Of `request` the number, the trusted
/// verifiers, the time and the policy count.
[[nodiscard]] Judgement JudgeSignatures(const RecordToJudge& record, const ResolveRequest& request,
                                        const NameContext& context);
/// Resolves a number in the state of `context` (height: of the next block; view, addresses and cache as
/// there).
[[nodiscard]] Resolution ResolveNumber(const ResolveRequest& request, const NameContext& context);

} // namespace emc::names
