// A sound question with any bytes as its additional section.
#include "base/check.h"
#include "dns/message/wire.h"

using namespace emc;
using namespace emc::dns;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size < 1) return 0;
    Bytes packet{0x12, 0x34, 0, 0,   0,   1,   0,   0, 0, 0, 0, data[0],
                 1,    'x',  4, 'c', 'o', 'i', 'n', 0, 0, 1, 0, 1};
    const size_t question_end = packet.size();
    packet.insert(packet.end(), data + 1, data + size);
    Query query;
    const ParseResult result = ParseQuery(packet, query);
    EMC_CHECK(result.verdict != ParseVerdict::Drop);
    EMC_CHECK(query.question_end == question_end);
    if (result.verdict == ParseVerdict::Good) EMC_CHECK(!query.has_edns || query.edns_version == 0);
    if (query.has_edns && query.edns.cookie_bytes != 0) {
        const size_t bytes = query.edns.cookie_bytes;
        EMC_CHECK(bytes == CLIENT_COOKIE_BYTES || (bytes >= 16 && bytes <= MAX_COOKIE_BYTES));
    }
    Bytes out(EDNS_UDP_BYTES);
    MessageWriter writer;
    writer.Begin({&query, packet, out, PLAIN_UDP_BYTES, {}, false});
    const size_t written = writer.Finish(result.rcode);
    EMC_CHECK(written == question_end + (query.has_edns ? OPT_BYTES : 0));
    return 0;
}
