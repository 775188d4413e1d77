// The conversation with Tor's control port, the port's side being the input; and the texts it is made of.
#include "crypto/random.h"
#include "p2p/reach/tor_control.h"

using namespace emc;
using namespace emc::p2p;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    base::ByteSpan in(data, size);
    const std::string_view text = base::AsText(in);
    const auto quoted = TorValues(TorQuoted(text));
    EMC_CHECK(quoted && (text.empty() ? quoted->empty() : quoted->size() == 1 && quoted->front() == text));
    static_cast<void>(TorValues(text));
    static_cast<void>(TorField(text, "METHODS"));
    EMC_CHECK(!IsOnionKey(text) || text.find_first_of("\r\n ") == std::string_view::npos);

    crypto::TestRandom random(1);
    TorControl control({.port = 1, .wants_proxy = true}, random);
    bool up = false;
    while (!in.empty()) {
        const size_t before = in.size();
        auto step = control.Feed(in);
        EMC_CHECK(in.size() < before);
        if (step && !step->cookie_file.empty()) step = control.OnCookie(base::Bytes(TOR_COOKIE_BYTES));
        if (!step) return 0;
        EMC_CHECK(step->send.empty() || step->send.find("\r\n") == step->send.size() - 2);
        EMC_CHECK(!step->service || (!up && IsOnionKey(step->new_key)));
        up = up || step->service;
        EMC_CHECK(up == control.Up());
    }
    return 0;
}
