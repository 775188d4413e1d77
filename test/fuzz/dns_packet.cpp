// The parser of questions on any bytes; names are read again where they begin. What is good must survive
// being written.
#include "base/check.h"
#include "dns/message/wire.h"

using namespace emc;
using namespace emc::dns;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const ByteSpan packet{data, size};
    Query query;
    const ParseResult result = ParseQuery(packet, query);
    if (result.verdict == ParseVerdict::Good) {
        EMC_CHECK(query.question_end >= HEADER_BYTES + 5 && query.question_end <= size);
        WireName again;
        EMC_CHECK(again.Assign(query.name.Suffix(0)) && again.size == query.name.size);
        EMC_CHECK(again.labels == query.name.labels && again.labels <= MAX_LABELS);
    }
    if (result.verdict != ParseVerdict::Drop) {
        Bytes out(EDNS_UDP_BYTES);
        MessageWriter writer;
        writer.Begin({&query, packet, out, EDNS_UDP_BYTES, {}, false});
        EMC_CHECK(writer.Finish(result.rcode) <= EDNS_UDP_BYTES);
    }
    for (size_t start = 0; start < size && start < 64; ++start) {
        size_t pos = start;
        WireName name;
        if (ReadName(packet, pos, name, true)) EMC_CHECK(pos <= size && name.size >= 1);
    }
    return 0;
}
