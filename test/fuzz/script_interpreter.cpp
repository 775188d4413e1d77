// Any scripts and witness under any flags: the interpreter ends, and more rules never make a spend valid that
// fewer rules refuse. The checker's answers come from the input.
#include "base/check.h"
#include "codec/reader.h"
#include "script/interpreter.h"

using namespace emc;
using namespace emc::script;

namespace {

/// Says yes or no by the bits of a number and what it is asked.
class InputChecker final : public SignatureChecker
{
public:
    explicit InputChecker(uint64_t answers) : m_answers(answers) {}

    [[nodiscard]] bool CheckEcdsa(ByteSpan signature, ByteSpan key, ByteSpan code,
                                  Version version) const override
    {
        EMC_CHECK(!signature.empty() && code.size() <= MAX_SCRIPT_BYTES);
        return Bit(signature.size() + 3 * key.size() + (version == Version::Legacy ? 1 : 0));
    }

    [[nodiscard]] Error CheckSchnorr(ByteSpan signature, ByteSpan key32, const std::optional<Bytes>& annex,
                                     const TapscriptContext* script) const override
    {
        EMC_CHECK(key32.size() == 32 && (!annex || (*annex)[0] == 0x50));
        return Bit(signature.size() + (script != nullptr ? 7 : 0)) ? Error::Ok : Error::SchnorrSig;
    }

    [[nodiscard]] bool CheckLockTime(int64_t lock_time) const override
    {
        EMC_CHECK(lock_time >= 0);
        return Bit(static_cast<size_t>(lock_time));
    }

    [[nodiscard]] bool CheckSequence(int64_t sequence) const override
    {
        EMC_CHECK(sequence >= 0);
        return Bit(static_cast<size_t>(sequence) + 5);
    }

private:
    [[nodiscard]] bool Bit(size_t question) const { return ((m_answers >> (question % 64)) & 1) != 0; }

    uint64_t m_answers;
};

/// Flags under the conditions other code keeps: clean stack and Taproot need the witness rules, those need
/// P2SH.
Flags Closed(Flags flags)
{
    if ((flags & (VERIFY_CLEANSTACK | VERIFY_TAPROOT)) != 0) flags |= VERIFY_WITNESS;
    if ((flags & VERIFY_WITNESS) != 0) flags |= VERIFY_P2SH;
    return flags;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    codec::Reader in({data, size});
    const Flags flags = Closed(in.U32() & ((1u << 21) - 1));
    const Flags more = Closed(flags | (in.U32() & ((1u << 21) - 1)));
    const InputChecker checker(in.U64());
    const Bytes script_sig = in.SizedBytes();
    const Bytes script_pubkey = in.SizedBytes();
    primitives::Witness witness;
    while (in.Ok() && in.Remaining() > 0 && witness.size() < 2000)
        witness.push_back(in.SizedBytes());
    if (!in.Ok()) return 0;

    const auto fewer = VerifyScript(script_sig, script_pubkey, witness, flags, checker);
    const auto again = VerifyScript(script_sig, script_pubkey, witness, flags, checker);
    EMC_CHECK(fewer.HasValue() == again.HasValue());
    const auto stricter = VerifyScript(script_sig, script_pubkey, witness, more, checker);
    EMC_CHECK(!stricter || fewer);
    EMC_CHECK(InputSigOpCost(script_sig, script_pubkey, witness) >= 0);
    return 0;
}
