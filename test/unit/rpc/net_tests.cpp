#include "base/log.h"
#include "unit/rpc/desk.h"

namespace emc::rpc {

using test::Desk;

namespace {

Json Ask(const Desk& desk, const std::string& method, const std::string& params = "[]")
{
    const auto reply = desk.AskJson("{\"method\":\"" + method + "\",\"params\":" + params + ",\"id\":1}");
    BOOST_REQUIRE_MESSAGE(reply["error"].isNull(), method << " " << params << ": " << reply.write());
    return reply["result"];
}

interfaces::PeerInfo SomePeer()
{
    interfaces::PeerInfo peer;
    peer.id = 7;
    peer.address = "192.0.2.6:6661";
    peer.bind = "192.0.2.1:6661";
    peer.network = "ipv4";
    peer.kind = "outbound-full-relay";
    peer.services = 0xc09;
    peer.service_names = {"NETWORK", "WITNESS"};
    peer.relays_transactions = true;
    peer.bytes_sent = 5'000'000'000;
    peer.ping_sec = 0.25;
    peer.version = 70016;
    peer.user_agent = "/Other:1.0\x1b[2J\n/";
    peer.synced_blocks = 12;
    peer.in_flight = {13, 14};
    peer.min_fee_per_kvb = 1'000;
    peer.permissions = {"noban"};
    peer.received_by_message = {{"tx", 250}};
    peer.transport = "v2";
    peer.session_id = "ab";
    return peer;
}

} // namespace

BOOST_AUTO_TEST_SUITE(net_calls)

BOOST_AUTO_TEST_CASE(without_a_network)
{
    Desk desk;
    auto rooms = desk.rooms.Services();
    rooms.net = nullptr;
    rpc::Dispatcher alone(desk.Early(), desk.rooms.node.log);
    alone.EndWarmup(rooms);
    for (const auto* call :
         {"getpeerinfo", "getnetworkinfo", "getnettotals", "getconnectioncount", "getaddrmaninfo",
          "getnodeaddresses", "ping", "listbanned", "clearbanned", "getaddednodeinfo"}) {
        const auto reply =
            alone.Run(alone.Prepare("{\"method\":\"" + std::string(call) + "\",\"id\":1}", ""));
        BOOST_TEST(reply.body.find("\"code\":-31") != std::string::npos, call << ": " << reply.body);
    }
}

BOOST_AUTO_TEST_CASE(peers)
{
    Desk desk;
    BOOST_TEST(Ask(desk, "getpeerinfo").write() == "[]");
    desk.rooms.net.peers = {SomePeer()};
    const auto peer = Ask(desk, "getpeerinfo")[0];
    BOOST_TEST(peer["id"].get_int() == 7);
    BOOST_TEST(peer["services"].get_str() == "0000000000000c09");
    BOOST_TEST(peer["servicesnames"].write() == R"(["NETWORK","WITNESS"])");
    BOOST_TEST(peer["bytessent"].getValStr() == "5000000000");
    BOOST_TEST(peer["pingtime"].get_real() == 0.25);
    BOOST_TEST(!peer.exists("minping"));
    BOOST_TEST(!peer.exists("addrlocal"));
    BOOST_TEST(!peer.exists("mapped_as"));
    BOOST_TEST(peer["addrbind"].get_str() == "192.0.2.1:6661");
    BOOST_TEST(peer["subver"].get_str() == "/Other:1.0[2J/"); // nothing a terminal would act on
    BOOST_TEST(peer["inflight"].write() == "[13,14]");
    BOOST_TEST(peer["presynced_headers"].get_int() == -1);
    BOOST_TEST(peer["minfeefilter"].getValStr() == "0.00001000");
    BOOST_TEST(peer["bytesrecv_per_msg"].write() == R"({"tx":250})");
    BOOST_TEST(peer["bytessent_per_msg"].write() == "{}");
    BOOST_TEST(peer["connection_type"].get_str() == "outbound-full-relay");
    BOOST_TEST(peer["transport_protocol_type"].get_str() == "v2");
    for (const auto* key : {"addr",           "network",           "relaytxes",
                            "lastsend",       "lastrecv",          "last_transaction",
                            "last_block",     "bytesrecv",         "conntime",
                            "timeoffset",     "version",           "inbound",
                            "bip152_hb_to",   "bip152_hb_from",    "startingheight",
                            "synced_headers", "synced_blocks",     "addr_relay_enabled",
                            "addr_processed", "addr_rate_limited", "permissions",
                            "session_id"})
        BOOST_TEST(peer.exists(key), key);
    desk.rooms.net.peers[0].as_number = 64496;
    BOOST_TEST(Ask(desk, "getpeerinfo")[0]["mapped_as"].get_int() == 64496);
}

BOOST_AUTO_TEST_CASE(the_network)
{
    Desk desk;
    auto& info = desk.rooms.net.info;
    info.services = 0x809;
    info.service_names = {"NETWORK"};
    info.client_version = 100;
    info.protocol_version = 70016;
    info.user_agent = "/Emercoin:0.1.0/";
    info.time_offset = -3;
    info.connections_in = 2;
    info.connections_out = 3;
    info.bytes_sent = 11;
    info.bytes_received = 22;
    info.networks = {{"onion", true, false, "127.0.0.1:9050", true}};
    info.own_addresses = {{"192.0.2.1", 6661, 4}};
    const auto shown = Ask(desk, "getnetworkinfo");
    BOOST_TEST(shown["version"].get_int() == 100);
    BOOST_TEST(shown["localservices"].get_str() == "0000000000000809");
    BOOST_TEST(shown["timeoffset"].get_int() == -3);
    BOOST_TEST(shown["connections"].get_int() == 5);
    BOOST_TEST(
        shown["networks"][0].write() ==
        R"({"name":"onion","limited":true,"reachable":false,"proxy":"127.0.0.1:9050","proxy_randomize_credentials":true})");
    BOOST_TEST(shown["localaddresses"].write() == R"([{"address":"192.0.2.1","port":6661,"score":4}])");
    BOOST_TEST(Ask(desk, "getconnectioncount").get_int() == 5);
    auto totals = Ask(desk, "getnettotals");
    BOOST_TEST(totals["totalbytessent"].get_int() == 11);
    BOOST_TEST(totals["totalbytesrecv"].get_int() == 22);
    BOOST_TEST(!totals["uploadtarget"]["target_reached"].get_bool()); // none is set
    info.upload_target = 1'000;
    BOOST_TEST(Ask(desk, "getnettotals")["uploadtarget"]["target_reached"].get_bool());
    info.upload_left = 1;
    totals = Ask(desk, "getnettotals")["uploadtarget"];
    BOOST_TEST(!totals["target_reached"].get_bool());
    BOOST_TEST(totals["timeframe"].get_int() == 86'400);
    BOOST_TEST(totals["bytes_left_in_cycle"].get_int() == 1);
    BOOST_TEST(!Ask(desk, "setnetworkactive", "[false]").get_bool());
    BOOST_TEST(!Ask(desk, "getnetworkinfo")["networkactive"].get_bool());
    BOOST_TEST(desk.CodeOf("setnetworkactive", "[]") == -1);
    BOOST_TEST(Ask(desk, "ping").isNull());
    BOOST_TEST(desk.rooms.net.told == "ping");
}

BOOST_AUTO_TEST_CASE(added_nodes)
{
    Desk desk;
    auto& net = desk.rooms.net;
    BOOST_TEST(Ask(desk, "addnode", R"(["a.example","add"])").isNull());
    BOOST_TEST(net.told == "add a.example v1"); // -v2transport=0
    BOOST_TEST(desk.CodeOf("addnode", R"(["a.example","add",true])") == -8);
    net.info.services = 1 << 11;
    Ask(desk, "addnode", R"(["b.example","onetry"])");
    BOOST_TEST(net.told == "onetry b.example v2");
    Ask(desk, "addnode", R"(["b.example","remove",false])");
    BOOST_TEST(net.told == "remove b.example v1");
    BOOST_TEST(desk.CodeOf("addnode", R"(["a.example","add"])") == -23);
    BOOST_TEST(desk.CodeOf("addnode", R"(["a.example","drop"])") == -1);
    BOOST_TEST(desk.CodeOf("addnode", R"(["a.example"])") == -1);
    BOOST_TEST(desk.CodeOf("addnode", R"([5,"add"])") == -3);
    net.added.push_back({"b.example", true, "192.0.2.7:6661", false});
    const auto all = Ask(desk, "getaddednodeinfo");
    BOOST_TEST(all[0].write() == R"({"addednode":"a.example","connected":false,"addresses":[]})");
    BOOST_TEST(all[1]["addresses"].write() == R"([{"address":"192.0.2.7:6661","connected":"outbound"}])");
    BOOST_TEST(Ask(desk, "getaddednodeinfo", R"(["b.example"])").size() == 1U);
    BOOST_TEST(desk.CodeOf("getaddednodeinfo", R"(["c.example"])") == -24);
}

BOOST_AUTO_TEST_CASE(disconnecting)
{
    Desk desk;
    Ask(desk, "disconnectnode", R"(["192.0.2.6:6661"])");
    BOOST_TEST(desk.rooms.net.told == "disconnect 192.0.2.6:6661 0");
    Ask(desk, "disconnectnode", R"(["",3])");
    BOOST_TEST(desk.rooms.net.told == "disconnect  3");
    Ask(desk, "disconnectnode", R"({"nodeid":0})");
    BOOST_TEST(desk.rooms.net.told == "disconnect  0");
    BOOST_TEST(desk.CodeOf("disconnectnode", R"(["192.0.2.6:6661",3])") == -32602);
    BOOST_TEST(desk.CodeOf("disconnectnode", "[]") == -32602);
    BOOST_TEST(desk.CodeOf("disconnectnode", R"(["",99])") == -29);
    BOOST_TEST(desk.CodeOf("disconnectnode", R"(["",-1])") == -29);
}

BOOST_AUTO_TEST_CASE(bans)
{
    Desk desk;
    auto& net = desk.rooms.net;
    desk.rooms.node.clock.SetMockTime(1'000);
    Ask(desk, "setban", R"(["192.0.2.0/24","add"])");
    BOOST_TEST(net.told == "ban 192.0.2.0/24 0");
    Ask(desk, "setban", R"(["192.0.2.0/24","add",1001,true])");
    BOOST_TEST(net.told == "ban 192.0.2.0/24 1001 absolute");
    Ask(desk, "setban", R"(["192.0.2.0/24","remove"])");
    BOOST_TEST(net.told == "unban 192.0.2.0/24 0");
    BOOST_TEST(desk.CodeOf("setban", R"(["192.0.2.0/24","add",1000,true])") == -8);
    BOOST_TEST(desk.CodeOf("setban", R"(["192.0.2.0/24","add",-1])") == -8);
    BOOST_TEST(desk.CodeOf("setban", R"(["192.0.2.0/24","list"])") == -1);
    BOOST_TEST(desk.CodeOf("setban", R"(["nonsense","add"])") == -30);
    net.bans = {{"192.0.2.0/24", 900, 1'100}};
    BOOST_TEST(
        Ask(desk, "listbanned")[0].write() ==
        R"({"address":"192.0.2.0/24","ban_created":900,"banned_until":1100,"ban_duration":200,"time_remaining":100})");
    Ask(desk, "clearbanned");
    BOOST_TEST(Ask(desk, "listbanned").empty());
}

BOOST_AUTO_TEST_CASE(known_addresses)
{
    Desk desk;
    auto& net = desk.rooms.net;
    BOOST_TEST(Ask(desk, "getnodeaddresses").write() ==
               R"([{"time":1700000000,"services":1033,"address":"192.0.2.6","port":6661,"network":"ipv4"}])");
    BOOST_TEST(net.told == "addresses 1 ");
    Ask(desk, "getnodeaddresses", R"([0,"onion"])");
    BOOST_TEST(net.told == "addresses 0 onion");
    BOOST_TEST(desk.CodeOf("getnodeaddresses", "[-1]") == -8);
    BOOST_TEST(desk.CodeOf("getnodeaddresses", R"([1,"fax"])") == -8);
    BOOST_TEST(
        Ask(desk, "getaddrmaninfo").write() ==
        R"({"ipv4":{"new":30,"tried":4,"total":34},"onion":{"new":5,"tried":0,"total":5},"all_networks":{"new":35,"tried":4,"total":39}})");
    BOOST_TEST(Ask(desk, "addpeeraddress", R"(["192.0.2.6",6661,true])").write() == R"({"success":true})");
    BOOST_TEST(net.told == "address 192.0.2.6:6661 tried");
    BOOST_TEST(Ask(desk, "addpeeraddress", R"(["192.0.2.6",9])")["error"].get_str() ==
               "failed-adding-to-new");
    BOOST_TEST(desk.CodeOf("addpeeraddress", R"(["nonsense",1])") == -30);
    for (const auto* port : {"0", "65536", "-1"})
        BOOST_TEST(desk.CodeOf("addpeeraddress", R"(["192.0.2.6",)" + std::string(port) + "]") == -8);
}

BOOST_AUTO_TEST_CASE(messages_of_any_name)
{
    const Desk desk;
    BOOST_TEST(Ask(desk, "sendmsgtopeer", R"([3,"addr","00ff"])").write() == "{}");
    BOOST_TEST(desk.rooms.net.told == "send 3 addr 00ff");
    BOOST_TEST(desk.CodeOf("sendmsgtopeer", R"([99,"addr","00"])") == -1);
    const std::string block(64, 'a');
    BOOST_TEST(Ask(desk, "getblockfrompeer", "[\"" + block + "\",3]").write() == "{}");
    BOOST_TEST(desk.rooms.net.told == "fetch " + block + " 3");
    BOOST_TEST(desk.CodeOf("getblockfrompeer", "[\"" + block + "\",99]") == -1);
    BOOST_TEST(desk.CodeOf("getblockfrompeer", R"(["aa",3])") == -8);
    BOOST_TEST(desk.CodeOf("sendmsgtopeer", R"([-1,"addr","00"])") == -8);
    BOOST_TEST(desk.CodeOf("sendmsgtopeer", R"([3,"addr","0"])") == -8);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::rpc
