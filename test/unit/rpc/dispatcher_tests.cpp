#include "base/log.h"
#include "crypto/hash.h"
#include "rpc/help.h"
#include "rpc/schema.h"
#include "unit/rpc/desk.h"

#include <set>

namespace emc::rpc {

using test::Desk;

BOOST_AUTO_TEST_SUITE(dispatcher)

BOOST_AUTO_TEST_CASE(versions_statuses_and_ids)
{
    const Desk desk;
    const auto plain = desk.Ask(R"({"method":"getblockcount","id":"x"})");
    BOOST_TEST(plain.http_status == 200);
    BOOST_TEST(plain.body == "{\"result\":0,\"error\":null,\"id\":\"x\"}\n");
    BOOST_TEST(desk.Ask(R"({"jsonrpc":"2.0","method":"getblockcount","id":7})").body ==
               "{\"jsonrpc\":\"2.0\",\"result\":0,\"id\":7}\n");
    const auto note = desk.Ask(R"({"jsonrpc":"2.0","method":"getblockcount"})");
    BOOST_TEST(note.http_status == 204);
    BOOST_TEST(note.body.empty());
    const auto unknown = desk.Ask(R"({"method":"nosuch","id":1})");
    BOOST_TEST(unknown.http_status == 404);
    BOOST_TEST(unknown.body ==
               "{\"result\":null,\"error\":{\"code\":-32601,\"message\":\"Method not found\"},\"id\":1}\n");
    BOOST_TEST(desk.Ask(R"({"jsonrpc":"2.0","method":"nosuch","id":1})").http_status == 200);
    BOOST_TEST(desk.Ask(R"({"id":1})").http_status == 400);
    BOOST_TEST(desk.Ask(R"({"method":5,"id":1})").http_status == 400);
    BOOST_TEST(desk.Ask(R"({"method":"uptime","params":5,"id":1})").http_status == 400);
    for (const auto* broken : {"", "{", "5", "null", "\"a\"", "{}x", "[1,]"}) {
        const auto reply = desk.Ask(broken);
        BOOST_TEST(reply.http_status == 500);
        BOOST_TEST(reply.body.find("-32700") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(batches)
{
    const Desk desk;
    BOOST_TEST(desk.Ask("[]").body == "[]\n");
    const auto mixed = desk.AskJson(R"([{"method":"uptime","id":1},5,{"method":"nosuch","id":2},
        {"jsonrpc":"2.0","method":"uptime"},{"jsonrpc":"2.0","method":"uptime","id":3}])");
    BOOST_REQUIRE(mixed.size() == 4U);
    BOOST_TEST(mixed[0]["result"].get_int() == 42);
    BOOST_TEST(mixed[1]["error"]["code"].get_int() == -32600);
    BOOST_TEST(mixed[2]["error"]["code"].get_int() == -32601);
    BOOST_TEST(mixed[3]["id"].get_int() == 3);
    BOOST_TEST(desk.Ask(R"([{"jsonrpc":"2.0","method":"uptime"}])").http_status == 204);
    std::string large = "[1";
    for (int i = 0; i < 10'000; ++i)
        large += ",1";
    BOOST_TEST(desk.Ask(large + "]").http_status == 400);
    BOOST_TEST(desk.Ask("[" + std::string(1'000'001, ',') + "]").http_status == 400);
    const auto job = desk.dispatcher.Prepare(R"([{"method":"uptime"},{"method":"stop"}])", "");
    BOOST_TEST(!Dispatcher::OnlyCalls(job, {"uptime"}));
    BOOST_TEST(Dispatcher::OnlyCalls(job, {"stop", "uptime"}));
}

BOOST_AUTO_TEST_CASE(named_arguments)
{
    const Desk desk;
    const std::string hash = "\"" + base::ReversedHex(consensus::RegtestParams().genesis_hash) + "\"";
    BOOST_TEST(desk.CodeOf("getblockhash", R"({"height":0})") == 0);
    BOOST_TEST(desk.CodeOf("getblock", "{\"args\":[" + hash + "],\"verbose\":0}") == 0);
    BOOST_TEST(desk.CodeOf("getblock", "{\"args\":[" + hash + ",1],\"verbosity\":0}") == -8);
    BOOST_TEST(desk.CodeOf("getblock", "{\"blockhash\":" + hash + ",\"verbosity\":0,\"verbose\":1}") == -8);
    BOOST_TEST(desk.CodeOf("getblockhash", R"({"hight":0})") == -8);
    BOOST_TEST(desk.CodeOf("getblockhash", R"({"args":5})") == -8);
    BOOST_TEST(desk.CodeOf("getblockhash", R"({"args":[0,1,2]})") == -1);
    BOOST_TEST(desk.AskJson(R"({"method":"echo","params":{"arg1":2},"id":1})")["result"].write() ==
               "[null,2]");
}

BOOST_AUTO_TEST_CASE(warm_up)
{
    test::FakeRooms rooms;
    Services early;
    early.node = &rooms.node;
    Dispatcher dispatcher(early, rooms.node.log);
    const auto ask = [&dispatcher](const std::string& method) {
        return dispatcher.Run(dispatcher.Prepare("{\"method\":\"" + method + "\",\"id\":1}", "")).body;
    };
    BOOST_TEST(ask("getblockcount").find("\"code\":-28") != std::string::npos);
    BOOST_TEST(ask("uptime").find("\"result\":42") != std::string::npos);
    BOOST_TEST(ask("help").find("== Blockchain ==") != std::string::npos);
    BOOST_TEST(ask("stop").find("stopping") != std::string::npos);
    BOOST_TEST(rooms.node.stopped);
    dispatcher.EndWarmup(rooms.Services());
    BOOST_TEST(ask("getblockcount").find("\"result\":0") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(arguments_are_checked)
{
    const Desk desk;
    BOOST_TEST(desk.CodeOf("getblockhash", "[]") == -1);
    BOOST_TEST(desk.CodeOf("getblockhash", "[0,1]") == -1);
    BOOST_TEST(desk.CodeOf("getblockhash", "[\"0\"]") == -3);
    BOOST_TEST(desk.CodeOf("getblockhash", "[1.5]") == -3);
    BOOST_TEST(desk.CodeOf("getblockhash", "[1e30]") == -3);
    BOOST_TEST(desk.CodeOf("getblockhash", "[1]") == -8);
    BOOST_TEST(desk.CodeOf("getblockhash", "[-1]") == -8);
    BOOST_TEST(desk.CodeOf("getblock", "[\"00\"]") == -8);
    BOOST_TEST(desk.CodeOf("getblock", "[\"" + std::string(64, 'g') + "\"]") == -8);
    BOOST_TEST(desk.CodeOf("getblock", "[\"" + std::string(64, '0') + "\"]") == -5);
    BOOST_TEST(desk.CodeOf("decodescript", "[\"0\"]") == -8);
    BOOST_TEST(desk.CodeOf("decoderawtransaction", "[\"00\"]") == -22);
    BOOST_TEST(desk.CodeOf("sendrawtransaction", "[\"00\",-1]") == -3);
    BOOST_TEST(desk.CodeOf("sendrawtransaction", "[\"00\",0.000000001]") == -3);
    BOOST_TEST(desk.CodeOf("getbalance", "[]") == -32601); // no wallets in this process
    BOOST_TEST(desk.CodeOf("name_show", "[\"nobody\"]") == -4);
    BOOST_TEST(desk.CodeOf("name_show", "[\"nobody\",\"binary\"]") == -8);
}

BOOST_AUTO_TEST_CASE(integers_of_arguments_that_may_be_anything)
{
    const Desk desk;
    const std::string hash = "\"" + base::ReversedHex(consensus::RegtestParams().genesis_hash) + "\"";
    BOOST_TEST(desk.CodeOf("getblock", "[" + hash + ",2]") == 0);
    for (const auto* bad : {"1.5", "1.0", "1e0", "99999999999999999999"})
        BOOST_TEST(desk.CodeOf("getblock", "[" + hash + "," + bad + "]") == -3, bad);
    BOOST_TEST(desk.CodeOf("getblockstats", "[0.5]") == -3);
}

/// Objects and lists with very many fields: done in no time when each costs the same, in hours otherwise.
BOOST_AUTO_TEST_CASE(many_fields)
{
    constexpr size_t MANY = 100'000;
    Desk desk;
    for (size_t i = 0; i < MANY; ++i) {
        primitives::MutableTransaction tx;
        tx.lock_time = static_cast<uint32_t>(i);
        tx.outputs.push_back({1, {}});
        interfaces::PoolEntry entry;
        entry.tx = primitives::MakeTx(std::move(tx));
        desk.rooms.pool.entries.push_back(std::move(entry));
    }
    const auto verbose = desk.AskJson(R"({"method":"getrawmempool","params":[true]})");
    BOOST_REQUIRE(verbose["result"].size() == MANY);
    const auto last = base::ReversedHex(desk.rooms.pool.entries.back().tx->Txid());
    BOOST_TEST(verbose["result"].getKeys().back() == last);
    BOOST_TEST(desk.AskJson(R"({"method":"getrawmempool"})")["result"].size() == MANY);

    std::string outputs;
    for (size_t i = 0; i < MANY; ++i) {
        const uint8_t bytes[] = {static_cast<uint8_t>(i), static_cast<uint8_t>(i >> 8),
                                 static_cast<uint8_t>(i >> 16)};
        const auto address =
            AddressText(consensus::RegtestParams(), script::PayToScriptHash(crypto::Hash160Of(bytes)));
        outputs += (i == 0 ? "\"" : ",\"") + address + "\":1";
    }
    const std::string body = R"({"method":"createrawtransaction","params":[[],{)" + outputs + "}]}";
    const auto made = TxFromHex(desk.AskJson(body)["result"].get_str());
    BOOST_TEST(made->Outputs().size() == MANY);
}

BOOST_AUTO_TEST_CASE(long_calls_end_with_the_node)
{
    Desk desk;
    for (int i = 0; i < 1000; ++i)
        desk.rooms.names.records["n:" + std::to_string(i)] = {};
    BOOST_TEST(desk.CodeOf("name_filter", R"(["^n:1"])") == 0);
    desk.rooms.node.stopped = true;
    BOOST_TEST(desk.CodeOf("name_filter", R"(["^n:1"])") == -1);
}

BOOST_AUTO_TEST_CASE(lists_of_names_are_bounded)
{
    Desk desk;
    constexpr int MANY = 7'000; // 143 MB of values
    for (int i = 0; i < MANY; ++i)
        desk.rooms.names.records["n:" + std::to_string(i)].value.assign(20'480, 'x');
    BOOST_TEST(desk.CodeOf("name_filter", R"([""])") == -7);
    BOOST_TEST(desk.CodeOf("name_scan", R"(["",100000])") == -7);
    BOOST_TEST(desk.CodeOf("name_filter", R"(["",0,0,0,"stat"])") == 0);
    BOOST_TEST(desk.CodeOf("name_filter", R"(["",0,0,100])") == 0);
    BOOST_TEST(desk.CodeOf("name_scan", R"(["",100000,9])") == 0);
    const auto cut = desk.AskJson(R"({"method":"name_filter","params":["",0,0,0,"","text",9]})")["result"];
    BOOST_REQUIRE(cut.size() == static_cast<size_t>(MANY));
    BOOST_TEST(cut[0]["value"].get_str() == "xxxxxxxxx\n...(value cut)");
    desk.rooms.names.records["n:0"].value = base::ToBytes(std::string_view("ääääää"));
    BOOST_TEST(
        desk.AskJson(R"({"method":"name_filter","params":["^n:0$",0,0,0,"","text",5]})")["result"][0]["value"]
            .get_str() == "ää\n...(value cut)");
    desk.rooms.names.records["n:0"].value.assign(20, 'x');
    const auto coded = desk.AskJson(R"({"method":"name_filter","params":["",0,0,1,"","hex",9]})")["result"];
    BOOST_TEST(coded[0]["value"].get_str() == "787878787\n...(value cut)");
}

/// Every call with every kind of wrong value in every place answers, and the answer is JSON.
BOOST_AUTO_TEST_CASE(no_call_falls_over_wrong_values)
{
    const Desk desk;
    const std::string hash = "\"" + base::ReversedHex(consensus::RegtestParams().genesis_hash) + "\"";
    const std::vector<std::string> values = {"null",
                                             "true",
                                             "0",
                                             "-1",
                                             "1.5",
                                             "9223372036854775807",
                                             "1e400",
                                             "\"\"",
                                             "\"00\"",
                                             hash,
                                             "[]",
                                             "[1,\"a\",null,{}]",
                                             "[[]]",
                                             "{}",
                                             R"({"a":1,"data":"zz","txid":5,"vout":1.5,"NEW":1,"uri":3})",
                                             R"([{"txid":")" + std::string(64, '0') +
                                                 R"(","vout":1.5,"sequence":-1}])",
                                             "\"\\u0000\""};
    for (const auto* call : AllCalls()) {
        // Those that wait do so for ever when that is asked for.
        const bool waits = call->name.starts_with("waitfor");
        if (call->name == "stop" || call->name == "setmocktime" || waits) continue;
        for (size_t count = 0; count <= std::min<size_t>(call->args.size() + 1, 4); ++count) {
            for (const auto& value : values) {
                std::string params;
                for (size_t i = 0; i < count; ++i)
                    params += (i == 0 ? "" : ",") + (i + 1 == count ? value : i == 0 ? hash : "0");
                static_cast<void>(desk.AskJson("{\"method\":\"" + std::string(call->name) +
                                               "\",\"params\":[" + params + "],\"id\":1}"));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_call_table)
{
    std::set<std::string_view> names;
    for (const auto* call : AllCalls()) {
        BOOST_TEST(names.insert(call->name).second, call->name);
        BOOST_TEST(FindCall(call->name) == call);
        BOOST_TEST(!call->summary.empty());
        BOOST_TEST(!call->category.empty());
        BOOST_TEST(!call->result.empty());
        BOOST_TEST((call->handler != nullptr));
        std::set<std::string> arguments;
        bool optional = false;
        for (const auto& arg : call->args) {
            BOOST_TEST(!arg.name.empty());
            BOOST_TEST_CONTEXT(call->name) BOOST_TEST(!arg.help.empty());
            BOOST_TEST(arguments.insert(std::string(arg.name)).second);
            BOOST_TEST((!optional || !arg.Required()), call->name); // no required one behind an optional one
            optional = !arg.Required() && arg.name != "dummy";      // a place that only old clients fill
        }
        const auto page = HelpPage(*call);
        BOOST_TEST(page.starts_with(std::string(call->name)));
        BOOST_TEST(page.find("emercoin-cli " + std::string(call->name)) != std::string::npos);
    }
    BOOST_TEST(FindCall("") == nullptr);
    BOOST_TEST(FindCall("zzz") == nullptr);
    BOOST_TEST(HelpList().find("invalidateblock") == std::string::npos);
    const auto schema = OpenRpcSchema();
    BOOST_TEST(schema["methods"].size() == AllCalls().size());
    BOOST_TEST(codec::ParseJson(codec::WriteJson(schema)).HasValue());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::rpc
