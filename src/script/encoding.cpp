#include "script/encoding.h"

#include "crypto/keys.h"
#include "script/sighash.h"

namespace emc::script {

namespace {

constexpr size_t MIN_SIGNATURE_BYTES = 9;
constexpr size_t MAX_SIGNATURE_BYTES = 73;

// Length of the DER integer at the front of `in` with its two header bytes; 0 when it is not a positive one
// in shortest form.
size_t IntegerBytes(ByteSpan in)
{
    if (in.size() < 3 || in[0] != 0x02) return 0;
    const size_t size = in[1];
    if (size == 0 || size > in.size() - 2) return 0;
    if ((in[2] & 0x80) != 0) return 0;
    if (size > 1 && in[2] == 0 && (in[3] & 0x80) == 0) return 0;
    return size + 2;
}

} // namespace

bool IsStrictDer(ByteSpan signature)
{
    if (signature.size() < MIN_SIGNATURE_BYTES || signature.size() > MAX_SIGNATURE_BYTES) return false;
    if (signature[0] != 0x30 || signature[1] != signature.size() - 3) return false;
    const ByteSpan body = signature.subspan(2, signature.size() - 3);
    const size_t r = IntegerBytes(body);
    if (r == 0) return false;
    const ByteSpan rest = body.subspan(r);
    return !rest.empty() && IntegerBytes(rest) == rest.size();
}

bool IsDefinedHashType(ByteSpan signature)
{
    if (signature.empty()) return false;
    const int base = signature.back() & ~SIGHASH_ANYONECANPAY;
    return base >= SIGHASH_ALL && base <= SIGHASH_SINGLE;
}

Error CheckSignatureForm(ByteSpan signature, Flags flags)
{
    if (signature.empty()) return Error::Ok;
    constexpr Flags NEED_DER = VERIFY_DERSIG | VERIFY_LOW_S | VERIFY_STRICTENC;
    if ((flags & NEED_DER) != 0 && !IsStrictDer(signature)) return Error::SigDer;
    if ((flags & VERIFY_LOW_S) != 0 && !crypto::IsLowS(signature.first(signature.size() - 1))) {
        return Error::SigHighS;
    }
    if ((flags & VERIFY_STRICTENC) != 0 && !IsDefinedHashType(signature)) return Error::SigHashType;
    return Error::Ok;
}

Error CheckKeyForm(ByteSpan key, Flags flags, SigVersion version)
{
    const bool compressed = key.size() == 33 && (key[0] == 0x02 || key[0] == 0x03);
    const bool uncompressed = key.size() == 65 && key[0] == 0x04;
    if ((flags & VERIFY_STRICTENC) != 0 && !compressed && !uncompressed) return Error::PubkeyType;
    if ((flags & VERIFY_WITNESS_PUBKEYTYPE) != 0 && version == SigVersion::WitnessV0 && !compressed) {
        return Error::WitnessPubkeyType;
    }
    return Error::Ok;
}

bool IsMinimalPush(const Instruction& push)
{
    const size_t size = push.data.size();
    if (size == 0) return push.opcode == OP_0;
    if (size == 1 && ((push.data[0] >= 1 && push.data[0] <= 16) || push.data[0] == 0x81)) return false;
    if (size < OP_PUSHDATA1) return push.opcode == size;
    if (size <= 0xff) return push.opcode == OP_PUSHDATA1;
    if (size <= 0xffff) return push.opcode == OP_PUSHDATA2;
    return true;
}

} // namespace emc::script
