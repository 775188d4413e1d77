#include "reward/call_pair.h"

namespace emc::reward {

namespace {

void WriteParty(codec::Writer& out, const BatchParty& party)
{
    out.U32Big(static_cast<uint32_t>(party.number >> 32));
    out.U32Big(static_cast<uint32_t>(party.number));
    out.U16Big(party.slot);
}

BatchParty ReadParty(codec::Reader& in)
{
    BatchParty party;
    party.number = uint64_t{in.U32Big()} << 32;
    party.number |= in.U32Big();
    party.slot = in.U16Big();
    return party;
}

} // namespace

std::string BatchParty::Name() const
{
    return "enum:" + std::to_string(number) + ":" + std::to_string(slot);
}

void WritePair(codec::Writer& out, const CallPair& pair)
{
    WriteParty(out, pair.caller);
    WriteParty(out, pair.callee);
}

CallPair ReadPair(codec::Reader& in)
{
    CallPair pair;
    pair.caller = ReadParty(in);
    pair.callee = ReadParty(in);
    return pair;
}

} // namespace emc::reward
