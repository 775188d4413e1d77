// Signed messages: the "signmessage" of wallets.
#include "codec/writer.h"
#include "crypto/sha256.h"
#include "script/sign.h"

namespace emc::script {

namespace {

constexpr size_t COMPACT_SIGNATURE_BYTES = 65;
constexpr uint8_t COMPRESSED_HEADER = 31;

} // namespace

base::Hash256 MessageDigest(std::string_view message, std::string_view magic)
{
    Bytes data;
    codec::Writer out(data);
    out.Sized(base::AsBytes(magic));
    out.Sized(base::AsBytes(message));
    return crypto::Sha256d(data);
}

base::Hash256 MessageDigest(std::string_view message)
{
    return MessageDigest(message, "EmerCoin Signed Message:\n");
}

bool VerifyDigest(ByteSpan owner_script, const base::Hash256& digest, ByteSpan signature65, bool strict)
{
    if (signature65.size() != COMPACT_SIGNATURE_BYTES) return false;
    const Solution owner = Solve(owner_script);
    if (owner.type == ScriptType::WitnessV0KeyHash) {
        if (signature65[0] < COMPRESSED_HEADER) return false;
    } else if (owner.type != ScriptType::PubKeyHash) {
        return false;
    }
    if (strict && !crypto::IsCompactLowS(signature65)) return false;
    const auto key = crypto::RecoverCompact(digest, signature65);
    if (!key) return false;
    const base::Hash160 id = key->Id();
    return std::equal(id.begin(), id.end(), owner.parts[0].begin(), owner.parts[0].end());
}

bool VerifyMessage(ByteSpan owner_script, std::string_view message, ByteSpan signature65, bool strict)
{
    return VerifyDigest(owner_script, MessageDigest(message), signature65, strict);
}

} // namespace emc::script
