#include "app/calls_http.h"
#include "app/node.h"
#include "app/rooms.h"
#include "calls/calls.h"

namespace emc::app {

/// The records of own calls, when -calls asks for them.
Node::Step Node::OpenCalls()
{
    const auto& options = m_setup.options;
    if (!options.Bool("calls", false)) {
        for (const char* const name : {"callwatch", "callhttp", "callkeep"}) {
            if (options.Has(name)) return base::Unexpected("-" + std::string(name) + " needs -calls");
        }
        return {};
    }
    calls::Calls::Options calls;
    calls.store.directory = PathBelow(m_setup.folders.network, "calls");
    calls.store.magic_be = m_setup.params.magic_be;
    calls.numbering = options.Text("callnumbering");
    calls.zone = options.Text("callzone", "utc");
    calls.watches = options.List("callwatch");
    calls.poll = options.Bool("callpoll", false);
    calls.keep_days = static_cast<int>(options.Int("callkeep", 0));
    calls.clock = &m_clock;
    calls.log = &m_log;
    calls.stop = [this] { return m_signal.Requested(); };
    auto opened = calls::Calls::Open(std::move(calls), m_random);
    if (!opened) return base::Unexpected(opened.Error());
    m_rooms->calls = std::move(*opened);
    const std::string where = options.Text("callhttp");
    if (where.empty()) return {};
    auto http = CallsHttp::Start({where, options.Text("callhttpauth")}, *m_rooms->calls, m_random, m_log);
    if (!http) return base::Unexpected(http.Error());
    m_rooms->calls_http = std::move(*http);
    return {};
}

} // namespace emc::app
