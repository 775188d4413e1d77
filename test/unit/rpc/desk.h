// Calls asked by their JSON, with fake rooms behind them.
#pragma once

#include "rpc/dispatcher.h"
#include "unit/rpc/fakes.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {

struct Desk {
    Desk() : dispatcher(Early(), rooms.node.log) { dispatcher.EndWarmup(rooms.Services()); }

    rpc::Services Early()
    {
        rpc::Services early;
        early.node = &rooms.node;
        return early;
    }

    rpc::Reply Ask(const std::string& body) const { return dispatcher.Run(dispatcher.Prepare(body, "")); }

    rpc::Json AskJson(const std::string& body) const
    {
        const auto reply = codec::ParseJson(Ask(body).body);
        BOOST_REQUIRE_MESSAGE(reply.HasValue(), body);
        return *reply;
    }

    /// Error code of a call; 0 when it succeeds.
    int CodeOf(const std::string& method, const std::string& params) const
    {
        const auto reply = AskJson("{\"method\":\"" + method + "\",\"params\":" + params + ",\"id\":1}");
        return reply["error"].isNull() ? 0 : reply["error"]["code"].get_int();
    }

    FakeRooms rooms;
    rpc::Dispatcher dispatcher;
};

} // namespace emc::test
