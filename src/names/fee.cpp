// Fees of name operations and the signatures of verifiers.
#include "enum/record.h"
#include "names/transition.h"
#include "script/address.h"
#include "script/sign.h"

namespace emc::names {

namespace {

constexpr primitives::Amount NEW_FEE = primitives::COIN / 100;
constexpr primitives::Amount STEP_FEE = primitives::COIN / 1'000;
constexpr int64_t DAYS_PER_STEP = 30;
constexpr int64_t BYTES_PER_STEP = 128;

constexpr int64_t StepsUp(int64_t amount, int64_t step)
{
    return (amount + step - 1) / step;
}

} // namespace

primitives::Amount NameFee(const NameOp& op)
{
    if (op.kind == OpKind::Delete) return 0;
    EMC_CHECK(op.name.size() <= MAX_NAME_BYTES && op.value.size() <= MAX_VALUE_BYTES);
    EMC_CHECK(op.days >= 0 && op.days <= MAX_DAYS);
    const auto bytes = static_cast<int64_t>(op.name.size() + op.value.size());
    const primitives::Amount base = op.kind == OpKind::New ? NEW_FEE : 0;
    const primitives::Amount fee =
        base + STEP_FEE * (StepsUp(op.days, DAYS_PER_STEP) + StepsUp(bytes, BYTES_PER_STEP));
    const auto name = enumrec::ParseRecordName(op.name);
    const bool number = name && name->kind == enumrec::NameKind::Number;
    return number ? fee * (name->slot + 1) : fee;
}

primitives::Amount NameFees(const std::vector<IndexedOp>& ops)
{
    primitives::Amount sum = 0;
    for (const IndexedOp& indexed : ops)
        sum += NameFee(indexed.op);
    return sum;
}

bool VerifySig(const enumrec::Sig& sig, const enumrec::Number& number, ByteSpan owner_script,
               ByteSpan verifier_script, const NameContext& context)
{
    EMC_CHECK(context.addresses != nullptr);
    const auto address = script::EncodeAddress(*context.addresses, owner_script);
    if (!address) return false;
    const base::Hash256 digest = script::MessageDigest(enumrec::SignatureText(number, *address, sig.expiry));
    base::Hash256 key;
    if (context.cache != nullptr) {
        key = context.cache->Key(digest.Span(), verifier_script, sig.signature);
        if (context.cache->Contains(key)) return true;
    }
    if (!script::VerifyDigest(verifier_script, digest, sig.signature, true)) return false;
    if (context.cache != nullptr) context.cache->Insert(key);
    return true;
}

bool SigCounts(const enumrec::Sig& sig, int64_t now_sec)
{
    return sig.expiry == 0 || static_cast<int64_t>(sig.expiry) > now_sec;
}

} // namespace emc::names
