#include "interfaces/notify.h"
#include "rpc/calls.h"

namespace emc::rpc {

namespace {

Json GetZmqNotifications(const Request& request)
{
    Json out = codec::JsonArray();
    const auto* notify = request.Rooms().notify;
    for (const auto& publication :
         notify != nullptr ? notify->Publications() : std::vector<interfaces::Publication>{}) {
        Json row = codec::JsonObject();
        row.pushKV("type", "pub" + publication.topic);
        row.pushKV("address", publication.address);
        row.pushKV("hwm", publication.high_water);
        out.push_back(row);
    }
    return out;
}

} // namespace

const CallTable& NotifyCalls()
{
    static const CallTable table = {
        {"getzmqnotifications",
         "Zmq",
         CallKind::Quick,
         "What is published over ZeroMQ (-zmqpub…).",
         {},
         "[ { type (pub and the topic), address, hwm } ]",
         "",
         GetZmqNotifications},
    };
    return table;
}

} // namespace emc::rpc
