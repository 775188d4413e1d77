// Signed messages: whatever comes in, a session answers in order, and only what the key signed passes.
#include "base/check.h"
#include "dns/transfer/tsig.h"

#include <algorithm>

using namespace emc;
using namespace emc::dns;

namespace {

const TsigKeys& Keys()
{
    static const TsigKeys keys = [] {
        TsigKeys out;
        EMC_CHECK(out.Add("key.example:hmac-sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").HasValue());
        return out;
    }();
    return keys;
}

/// What the key signs passes, and comes back as it was.
void SignAndCheck(ByteSpan message, int64_t now)
{
    size_t at = 0;
    TsigRecord record;
    if (FindTsig(message, at, record) != TsigPlace::None || LoadU16(message.data() + 10) == UINT16_MAX)
        return;
    // With bytes left over, which are FORMERR, what is put behind them may be read in another way.
    if (at != message.size()) return;
    Bytes copy(message.begin(), message.end());
    TsigSession own(*Keys().Find(*NameFromText("key.example")));
    own.Sign(copy, now);
    EMC_CHECK(FindTsig(copy, at, record) == TsigPlace::Last && at == message.size());
    TsigSession session;
    EMC_CHECK(session.Check(copy, Keys(), now) == TsigSession::Verdict::Good);
    EMC_CHECK(std::ranges::equal(session.Stripped(copy), message));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    constexpr int64_t NOW = 1'800'000'000;
    const ByteSpan packet(data, size);
    TsigSession session;
    switch (session.Check(packet, Keys(), NOW)) {
    case TsigSession::Verdict::Good:
        EMC_CHECK(session.Key() != nullptr && session.Stripped(packet).size() < size);
        break;
    case TsigSession::Verdict::NotAuth: {
        const Bytes answer = session.Refusal(packet, NOW);
        size_t at = 0;
        TsigRecord record;
        EMC_CHECK(FindTsig(answer, at, record) == TsigPlace::Last && record.error != TsigError::None);
        break;
    }
    case TsigSession::Verdict::Unsigned:
        EMC_CHECK(session.SignatureBytes() == 0);
        SignAndCheck(packet, NOW);
        break;
    case TsigSession::Verdict::Malformed:
        break;
    }
    return 0;
}
