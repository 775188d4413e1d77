// What the operator's lists allow whom.
#include "p2p/net/permissions.h"
#include "unit/p2p/sim.h"

#include <algorithm>
#include <array>

namespace emc::test {

using namespace p2p;

namespace {

struct Word {
    std::string_view text;
    uint8_t bits = 0; ///< of Permission
};

constexpr uint8_t IN = 0;  ///< no permission: a direction
constexpr uint8_t OUT = 0; ///< the same
constexpr uint8_t EVERYTHING = 0x7f;

/// By hand: each name with what it includes.
constexpr std::array<Word, 11> WORDS = {{{"bloomfilter", 0x01},
                                         {"bloom", 0x01},
                                         {"relay", 0x02},
                                         {"forcerelay", 0x06},
                                         {"download", 0x08},
                                         {"noban", 0x18},
                                         {"mempool", 0x20},
                                         {"addr", 0x40},
                                         {"all", EVERYTHING},
                                         {"in", IN},
                                         {"out", OUT}}};
constexpr uint8_t WITHOUT_NAMES = 0x3a;

uint8_t BitsOf(const Permissions& permissions)
{
    uint8_t out = 0;
    for (int bit = 0; bit < 7; ++bit) {
        if (permissions.Has(static_cast<Permission>(1 << bit))) out = static_cast<uint8_t>(out | 1 << bit);
    }
    return out;
}

/// An entry and what it means.
struct Model {
    std::string text;
    bool good = true;
    uint8_t bits = 0;
    bool incoming = false;
    bool outgoing = false;
    uint32_t net = 0;
    unsigned prefix = 0;

    [[nodiscard]] bool Holds(uint32_t host) const
    {
        return prefix == 0 || host >> (32 - prefix) == net >> (32 - prefix);
    }
};

std::string TextOf(uint32_t host)
{
    return std::to_string(host >> 24) + "." + std::to_string(host >> 16 & 255) + "." +
           std::to_string(host >> 8 & 255) + "." + std::to_string(host & 255);
}

/// Few bits, so that ranges and addresses meet.
uint32_t HostOf(uint8_t byte)
{
    return 0x08000000U | (byte & 0x0fU) << 12 | byte >> 4;
}

Model MakeEntry(codec::Reader& in)
{
    Model out;
    bool to_us = false;
    const uint8_t flags = in.U8();
    const size_t count = flags % 5;
    for (size_t i = 0; i < count && in.Remaining() > 0; ++i) {
        const uint8_t pick = in.U8();
        if (i > 0) out.text += ',';
        if (pick == 255) {
            out.text += "fly";
            out.good = false;
            continue;
        }
        const Word& word = WORDS[pick % WORDS.size()];
        out.text += word.text;
        out.bits = static_cast<uint8_t>(out.bits | word.bits);
        to_us = to_us || word.text == "in";
        out.outgoing = out.outgoing || word.text == "out";
    }
    if (out.bits == 0) out.bits = WITHOUT_NAMES;
    out.incoming = to_us || !out.outgoing;
    if (!out.text.empty() || flags >= 128) out.text += '@';
    out.net = HostOf(in.Remaining() > 0 ? in.U8() : 0);
    out.prefix = 32U - flags / 5U % 33U;
    if (out.prefix < 32) out.net = out.prefix == 0 ? 0 : out.net >> (32 - out.prefix) << (32 - out.prefix);
    out.text += TextOf(out.net);
    if (out.prefix < 32) out.text += "/" + std::to_string(out.prefix);
    return out;
}

} // namespace

void SimulatePermissions(base::ByteSpan input)
{
    codec::Reader in(input);
    std::vector<Model> models;
    std::vector<RangePermissions> entries;
    while (in.Remaining() > 0 && models.size() < 8) {
        const Model model = MakeEntry(in);
        const auto parsed = ParseWhitelist(model.text);
        EMC_CHECK(parsed.HasValue() == model.good);
        if (!model.good) continue;
        EMC_CHECK(BitsOf(parsed->permissions) == model.bits);
        EMC_CHECK(parsed->incoming == model.incoming && parsed->outgoing == model.outgoing);
        // What getpeerinfo lists means the same when it is written down again.
        std::string names;
        for (const auto& name : parsed->permissions.Names())
            names += name + ",";
        EMC_CHECK(ParseWhitelist(names + "@1.2.3.4")->permissions == parsed->permissions);
        models.push_back(model);
        entries.push_back(*parsed);
    }
    for (int byte = 0; byte < 256; ++byte) {
        const uint32_t host = HostOf(static_cast<uint8_t>(byte));
        const NetAddress address = *NetAddress::Parse(TextOf(host));
        for (const Direction direction : {Direction::Incoming, Direction::Outgoing}) {
            uint8_t bits = 0;
            for (const Model& model : models) {
                const bool meant = direction == Direction::Incoming ? model.incoming : model.outgoing;
                if (meant && model.Holds(host)) bits = static_cast<uint8_t>(bits | model.bits);
            }
            EMC_CHECK(BitsOf(Granted(entries, direction, address)) == bits);
        }
    }
}

} // namespace emc::test
