#include "app/calls_http.h"
#include "app/calls_web.h"
#include "app/node.h"
#include "app/rooms.h"
#include "calls/batches.h"
#include "calls/calls.h"
#include "calls/exchange.h"
#include "chain/chain.h"
#include "dns/server.h"
#include "interfaces/call_automatic.h"
#include "mempool/pool.h"
#include "p2p/p2p.h"
#include "rpc/call.h"
#ifdef EMC_ENABLE_WALLET
#include "wallet/wallets.h"
#endif

namespace emc::app {

/// The records of own calls, when -calls asks for them.
Node::Step Node::OpenCalls()
{
    const auto& options = m_setup.options;
    if (!options.Bool("calls", false)) {
        for (const char* const name : {"callwatch", "callhttp", "callweb", "callkeep", "callreward"}) {
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
    if (auto started = StartBatches(); !started) return started;
    const std::string where = options.Text("callhttp");
    if (where.empty()) return {};
    auto http = CallsHttp::Start({where, options.Text("callhttpauth")}, *m_rooms->calls, m_random, m_log);
    if (!http) return base::Unexpected(http.Error());
    m_rooms->calls_http = std::move(*http);
    return {};
}

/// The page of records and rewards, when -callweb asks for it.
Node::Step Node::StartCallWeb()
{
    const std::string where = m_setup.options.Text("callweb");
    if (where.empty()) return {};
    auto web = CallsWeb::Start({where, PathBelow(m_setup.folders.network, ".callweb-cookie")}, RpcServices(),
                               m_random, m_log);
    if (!web) return base::Unexpected(web.Error());
    m_rooms->calls_web = std::move(*web);
    return {};
}

/// Batches of these records, exchanged by letter where there are wallets.
Node::Step Node::StartBatches()
{
    const auto& options = m_setup.options;
    const calls::BatchDeps rooms{
        m_rooms->chain->Reader(), m_rooms->chain->Names(), *m_rooms->pool, *m_rooms->dns, m_clock, m_log};
    m_rooms->calls->StartBatches(rooms);
    interfaces::AutomaticMode mode;
    mode.on = options.Bool("callreward", false);
    mode.interval_sec = options.Int("callrewardinterval", mode.interval_sec);
    mode.period_sec = options.Int("callrewardperiod", mode.period_sec);
    mode.least_minutes = options.Int("callrewardminutes", mode.least_minutes);
    mode.least_claim = options.Amount("callrewardclaim", mode.least_claim);
#ifdef EMC_ENABLE_WALLET
    if (m_rooms->wallets) {
        m_rooms->calls->StartExchange(rooms, {m_rooms->net->CallMail(), *m_rooms->wallets, m_random}, mode);
        return {};
    }
#endif
    if (mode.on) return base::Unexpected(std::string("-callreward needs a wallet"));
    return {};
}

} // namespace emc::app
