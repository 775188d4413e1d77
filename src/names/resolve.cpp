#include "names/resolve.h"

#include "enum/verifier.h"
#include "names/transition.h"

#include <algorithm>

namespace emc::names {

namespace {

/// Resolves one number; collects into the result.
class Resolver
{
public:
    Resolver(const ResolveRequest& request, const NameContext& context)
        : m_request(request), m_context(context)
    {}

    [[nodiscard]] Resolution Run()
    {
        std::vector<int> slots = m_request.slots;
        std::sort(slots.begin(), slots.end());
        slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
        for (const int slot : slots)
            TakeSlot(slot);
        if (m_out.routes.empty() && m_request.toll_free != nullptr) AskTollFree();
        std::stable_sort(m_out.routes.begin(), m_out.routes.end(), [](const auto& a, const auto& b) {
            return std::pair(a.route.order, a.route.preference) <
                   std::pair(b.route.order, b.route.preference);
        });
        std::sort(m_out.depends.begin(), m_out.depends.end());
        m_out.depends.erase(std::unique(m_out.depends.begin(), m_out.depends.end()), m_out.depends.end());
        return std::move(m_out);
    }

    [[nodiscard]] Judgement RunAllOf(const RecordToJudge& record)
    {
        Judgement out;
        const std::string name = enumrec::RecordNameOf(m_request.number, record.slot);
        for (const auto& sig : record.signatures) {
            Verdict verdict = Judge(sig, name, record.owner_script);
            out.signatures.push_back({sig, IsTrusted(sig), verdict.refusal, std::move(verdict.detail)});
        }
        out.warnings = std::move(m_out.warnings);
        return out;
    }

private:
    struct Verdict {
        std::optional<SlotRefusal> refusal; ///< absent: the signature holds
        std::string detail;
    };

    [[nodiscard]] bool IsTrusted(const enumrec::Sig& sig) const
    {
        const auto& trusted = m_request.trusted;
        return std::find(trusted.begin(), trusted.end(), sig.verifier) != trusted.end();
    }

    void TakeSlot(int slot)
    {
        const std::string name = enumrec::RecordNameOf(m_request.number, slot);
        const auto stored = m_context.view->Get(name);
        if (!stored) return Refuse(slot, SlotRefusal::NotRegistered);
        if (!stored->LiveAt(m_context.height)) return Refuse(slot, SlotRefusal::Expired);
        auto record = enumrec::ParseRecord(base::AsText(stored->value), m_request.number);
        if (!record)
            return Refuse(slot, SlotRefusal::BadValue, std::string(enumrec::Text(record.Error().error)));
        AcceptedSlot accepted;
        accepted.slot = slot;
        if (m_request.need_signature) {
            const enumrec::Sig* sig = FindSignature(slot, name, *record, stored->owner_script);
            if (sig == nullptr) return;
            accepted.verifier = sig->verifier;
            accepted.sig_expiry = sig->expiry;
            if (sig->expiry != 0) HoldsUntil(int64_t{sig->expiry} - 1);
        }
        HoldsUntilHeight(stored->expiry);
        AddRoutes(slot, accepted.verifier, *record);
        accepted.record = std::move(*record);
        m_out.accepted.push_back(std::move(accepted));
    }

    /// The first signature that counts; otherwise refuses the slot for the one that came nearest.
    const enumrec::Sig* FindSignature(int slot, const std::string& name, const enumrec::Record& record,
                                      const Bytes& owner_script)
    {
        const auto signatures = record.Signatures();
        Verdict nearest{signatures.empty() ? SlotRefusal::NoSignature : SlotRefusal::NoTrustedSignature, {}};
        for (const enumrec::Sig* sig : signatures) {
            if (!IsTrusted(*sig)) continue;
            Verdict verdict = Judge(*sig, name, owner_script);
            if (!verdict.refusal) return sig;
            if (*verdict.refusal > *nearest.refusal) nearest = std::move(verdict);
        }
        Refuse(slot, *nearest.refusal, nearest.detail);
        return nullptr;
    }

    Verdict Judge(const enumrec::Sig& sig, const std::string& name, const Bytes& owner_script)
    {
        m_out.depends.push_back(sig.verifier);
        const auto verifier = m_context.view->Get(sig.verifier);
        if (!verifier || !verifier->LiveAt(m_context.height))
            return {SlotRefusal::VerifierGone, sig.verifier};
        if (!VerifySig(sig, m_request.number, owner_script, verifier->owner_script, m_context)) {
            return {SlotRefusal::SignatureWrong, sig.verifier};
        }
        if (!SigCounts(sig, m_request.now_sec)) return {SlotRefusal::SignatureExpired, sig.verifier};
        Verdict verdict = JudgeRevocation(sig.verifier, name, *verifier);
        if (!verdict.refusal) HoldsUntilHeight(verifier->expiry);
        return verdict;
    }

    Verdict JudgeRevocation(const std::string& verifier_name, const std::string& name,
                            const NameRecord& verifier)
    {
        const auto parsed = enumrec::ParseVerifier(base::AsText(verifier.value));
        if (!parsed) return {SlotRefusal::RevocationUnknown, verifier_name};
        if (!parsed->revocation) return {};
        const std::string bucket_name = parsed->revocation->BucketName(name);
        m_out.depends.push_back(bucket_name);
        const auto bucket = m_context.view->Get(bucket_name);
        if (!bucket || !bucket->LiveAt(m_context.height)) {
            if (m_request.policy == nullptr ||
                !m_request.policy->AcceptWithoutBucket(verifier_name, bucket_name)) {
                return {SlotRefusal::RevocationUnknown, bucket_name};
            }
            m_out.warnings.push_back("revocation list " + bucket_name + " of " + verifier_name +
                                     " is missing; its signature of " + name + " was accepted");
            return {};
        }
        if (HasLine(base::AsText(bucket->value), name)) return {SlotRefusal::Revoked, bucket_name};
        HoldsUntilHeight(bucket->expiry);
        return {};
    }

    static bool HasLine(std::string_view text, std::string_view wanted)
    {
        for (;;) {
            const size_t end = text.find('\n');
            if (text.substr(0, end) == wanted) return true;
            if (end == std::string_view::npos) return false;
            text.remove_prefix(end + 1);
        }
    }

    void AddRoutes(int slot, const std::string& verifier, const enumrec::Record& record)
    {
        for (const enumrec::E2u* route : record.Routes()) {
            auto uri = enumrec::ApplyRoute(*route, m_request.number);
            if (uri) m_out.routes.push_back({*route, std::move(*uri), slot, verifier, record.TtlSec()});
        }
    }

    /// The first rule whose expression covers all digits wins, whatever its routes give.
    void AskTollFree()
    {
        const std::string digits = m_request.number.Digits();
        for (const TollFreeList& list : *m_request.toll_free) {
            if (!digits.starts_with(list.country)) continue;
            for (const TollFreeList::Rule& rule : list.rules) {
                if (!rule.ere.MatchesWhole(digits)) continue;
                for (const enumrec::E2u& route : rule.routes) {
                    auto uri = enumrec::ApplyRoute(route, m_request.number);
                    if (uri)
                        m_out.routes.push_back({route, std::move(*uri), -1, {}, enumrec::DEFAULT_TTL_SEC});
                }
                if (!m_out.routes.empty()) m_out.toll_free_source = list.source;
                return;
            }
        }
    }

    void Refuse(int slot, SlotRefusal reason, std::string detail = {})
    {
        m_out.refused.push_back({slot, reason, std::move(detail)});
    }

    void HoldsUntil(int64_t time) { m_out.valid_until_sec = std::min(m_out.valid_until_sec, time); }

    void HoldsUntilHeight(int32_t height)
    {
        m_out.valid_until_height = std::min(m_out.valid_until_height, height);
    }

    const ResolveRequest& m_request;
    const NameContext& m_context;
    Resolution m_out;
};

} // namespace

std::string_view Text(SlotRefusal reason)
{
    switch (reason) {
    case SlotRefusal::NotRegistered:
        return "not registered";
    case SlotRefusal::Expired:
        return "expired";
    case SlotRefusal::BadValue:
        return "value is not valid";
    case SlotRefusal::NoSignature:
        return "no signature";
    case SlotRefusal::NoTrustedSignature:
        return "no signature of a trusted verifier";
    case SlotRefusal::VerifierGone:
        return "verifier is not registered or has expired";
    case SlotRefusal::SignatureWrong:
        return "signature does not verify for number, owner and expiry";
    case SlotRefusal::SignatureExpired:
        return "signature has expired";
    case SlotRefusal::RevocationUnknown:
        return "revocation list of the verifier cannot be read";
    case SlotRefusal::Revoked:
        return "signature is revoked";
    }
    return "";
}

TollFreeList MakeTollFreeList(std::string source, std::string country,
                              const std::vector<enumrec::TollFreeBlock>& blocks)
{
    TollFreeList out;
    out.source = std::move(source);
    out.country = std::move(country);
    for (const enumrec::TollFreeBlock& block : blocks) {
        auto ere = enumrec::Ere::Compile(block.ere);
        if (ere) out.rules.push_back({std::move(*ere), block.routes});
    }
    return out;
}

Judgement JudgeSignatures(const RecordToJudge& record, const ResolveRequest& request,
                          const NameContext& context)
{
    return Resolver(request, context).RunAllOf(record);
}

Resolution ResolveNumber(const ResolveRequest& request, const NameContext& context)
{
    return Resolver(request, context).Run();
}

} // namespace emc::names
