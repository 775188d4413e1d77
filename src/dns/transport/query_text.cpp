#include "dns/transport/query_text.h"

#include "base/log.h"

namespace emc::dns {

void LogQuery(base::Logger& log, const Query& query, ByteSpan answer)
{
    if (query.question_end == 0) return;
    const std::string name = NameToText({query.name.bytes.data(), query.name.size});
    EMC_LOG(log, Info, Dns, "query %s type %u: rcode %u, %u answers, %zu bytes", name.c_str(),
            unsigned{static_cast<uint16_t>(query.type)}, unsigned{answer[3]} & 0xfu,
            unsigned{LoadU16(answer.data() + 6)}, answer.size());
}

} // namespace emc::dns
