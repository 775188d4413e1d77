/// Questions and answers as lines for people.
#pragma once

#include "dns/message/wire.h"

namespace emc::base {
class Logger;
}

namespace emc::dns {

/// One line in the log: name (bytes of strangers escaped), type, rcode, answers, size. Nothing for a packet
/// without a question.
void LogQuery(base::Logger& log, const Query& query, ByteSpan answer);

} // namespace emc::dns
