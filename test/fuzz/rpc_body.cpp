// The body of a JSON-RPC request through the dispatcher, against rooms that are nearly empty.
#include "base/check.h"
#include "base/log.h"
#include "rpc/dispatcher.h"
#include "unit/rpc/fakes.h"

using namespace emc;
using namespace emc::rpc;

namespace {

/// What every reply of the dispatcher must be.
void CheckReply(const Reply& reply)
{
    EMC_CHECK(reply.http_status == 200 || reply.http_status == 204 || reply.http_status == 400 ||
              reply.http_status == 404 || reply.http_status == 500);
    EMC_CHECK(reply.body.empty() == (reply.http_status == 204));
    if (!reply.body.empty()) EMC_CHECK(codec::ParseJson(reply.body).HasValue());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    static test::FakeRooms rooms;
    static Dispatcher* const dispatcher = [] {
        static Dispatcher made({}, rooms.node.log);
        names::NameRecord record;
        record.value = base::ToBytes(std::string_view("E2U+sip=!^.*$!sip:a@b!"));
        record.expiry = 1000;
        rooms.names.records["enum:18009359935:0"] = record;
        made.EndWarmup(rooms.Services());
        return &made;
    }();
    rooms.node.stopped = false;
    const std::string_view body = base::AsText({data, size});
    const auto job = dispatcher->Prepare(body, "");
    CheckReply(dispatcher->Run(job));
    // The same words as arguments of a call: a first line that names it, the rest its arguments.
    const auto newline = body.find('\n');
    const auto* call = FindCall(body.substr(0, newline));
    if (call == nullptr || newline == std::string_view::npos) return 0;
    const std::string request = "{\"method\":\"" + std::string(call->name) +
                                "\",\"params\":" + std::string(body.substr(newline + 1)) + "}";
    CheckReply(dispatcher->Run(dispatcher->Prepare(request, "wallet")));
    return 0;
}
