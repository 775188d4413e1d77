#include "dns/records/signed_find.h"

#include "base/text.h"
#include "codec/base58.h"
#include "dns/records/record_memo.h"
#include "enum/verifier.h"
#include "interfaces/chain.h"
#include "names/resolve.h"
#include "script/sign.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr std::string_view BLANKS = " ";

bool HasLine(std::string_view text, std::string_view wanted)
{
    for (;;) {
        const size_t end = text.find('\n');
        if (text.substr(0, end) == wanted) return true;
        if (end == std::string_view::npos) return false;
        text.remove_prefix(end + 1);
    }
}

} // namespace

/// `signature` is "verifier!base64"; what is signed is the chain name of the candidate.
bool Compiler::SignatureHolds(const std::string& name, std::string_view signature, const Moment& moment,
                              RecordMemo& memo, SignedFind& find) const
{
    const size_t mark = signature.find('!');
    if (mark == std::string_view::npos) return false;
    const std::string verifier_name(base::Trim(signature.substr(0, mark), BLANKS));
    const std::vector<std::string> trusted = Trusted();
    if (std::find(trusted.begin(), trusted.end(), verifier_name) == trusted.end()) return false;
    const auto raw = codec::Base64Decode(base::Trim(signature.substr(mark + 1), BLANKS));
    if (!raw) return false;
    find.depends.push_back(verifier_name);
    const auto verifier = Recall(verifier_name, memo);
    if (!verifier || !verifier->LiveAt(moment.height)) return false;
    if (!script::VerifyMessage(verifier->owner_script, name, *raw, false)) return false;
    int32_t valid_height = verifier->expiry;
    const auto parsed = enumrec::ParseVerifier(base::AsText(verifier->value));
    if (!parsed) return false;
    if (parsed->revocation) {
        const std::string bucket_name = parsed->revocation->BucketName(name);
        find.depends.push_back(bucket_name);
        const auto bucket = Recall(bucket_name, memo);
        if (!bucket || !bucket->LiveAt(moment.height)) {
            if (m_parts.policy == nullptr ||
                !m_parts.policy->AcceptWithoutBucket(verifier_name, bucket_name)) {
                find.waits_for_revocation = true;
                return false;
            }
        } else {
            if (HasLine(base::AsText(bucket->value), name)) return false;
            valid_height = std::min(valid_height, bucket->expiry);
        }
    }
    find.valid_height = std::min(find.valid_height, valid_height);
    return true;
}

std::optional<interfaces::NameInfo> Compiler::FindSigned(const std::string& base, const Moment& moment,
                                                         RecordMemo& memo, SignedFind& find) const
{
    for (int i = 0; i <= MAX_CANDIDATES; ++i) {
        const std::string name = base + ":" + std::to_string(i);
        auto info = m_parts.names->Find(name);
        if (!info) return std::nullopt;
        if (!info->record.LiveAt(moment.height)) {
            find.expired_at = info->record.expiry;
            return std::nullopt;
        }
        find.valid_height = std::min(find.valid_height, info->record.expiry); // then the search ends here
        const TextRecords records = ParseTextRecords(base::AsText(info->record.value), {});
        for (const std::string& signature : records.signatures) {
            if (SignatureHolds(name, signature, moment, memo, find)) return info;
        }
    }
    return std::nullopt;
}

} // namespace emc::dns
