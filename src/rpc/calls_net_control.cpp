// Telling the peer-to-peer network what to do: nodes to be connected to, bans, addresses.
#include "interfaces/net.h"
#include "interfaces/node.h"
#include "rpc/calls.h"
#include "rpc/take.h"

#include <algorithm>

namespace emc::rpc {

namespace {

/// NODE_P2P_V2 of BIP 324: offered when the encrypted transport is on.
constexpr uint64_t ENCRYPTED_TRANSPORT = 1 << 11;

/// The command of a call with several; −1 for an unknown one.
std::string CommandOf(const Request& request, std::initializer_list<std::string_view> known)
{
    const std::string command = request.Str(1);
    if (std::find(known.begin(), known.end(), command) != known.end()) return command;
    std::string list;
    for (const auto& word : known)
        list += (list.empty() ? "" : ", ") + std::string(word);
    throw RpcError(Code::Misc, "Unknown command \"" + command + "\"; it must be one of: " + list);
}

Json AddNode(const Request& request)
{
    const auto command = CommandOf(request, {"add", "remove", "onetry"});
    const bool can = (request.Net().Info().services & ENCRYPTED_TRANSPORT) != 0;
    const bool encrypted = request.Bool(2, can);
    if (encrypted && !can)
        throw RpcError(Code::Parameter, "v2transport is asked for, but the node runs with -v2transport=0");
    Take(request.Net().AddNode(request.Str(0), command, encrypted));
    return Json();
}

Json DisconnectNode(const Request& request)
{
    const std::string address = request.Str(0);
    if (address.empty() != request.Has(1))
        throw RpcError(Code::InvalidParams, "Give either an address or a nodeid");
    const int64_t id = request.Int(1, 0);
    if (id < 0) throw RpcError(Code::NodeNotConnected, "There is no connection with a negative nodeid");
    Take(request.Net().Disconnect(address, static_cast<uint64_t>(id)));
    return Json();
}

Json AddedJson(const interfaces::AddedNode& node)
{
    Json addresses = codec::JsonArray();
    if (node.connected) {
        Json row = codec::JsonObject();
        row.pushKV("address", node.address);
        row.pushKV("connected", node.inbound ? "inbound" : "outbound");
        addresses.push_back(row);
    }
    Json out = codec::JsonObject();
    out.pushKV("addednode", node.name);
    out.pushKV("connected", node.connected);
    out.pushKV("addresses", addresses);
    return out;
}

Json GetAddedNodeInfo(const Request& request)
{
    Json out = codec::JsonArray();
    for (const auto& node : request.Net().AddedNodes()) {
        if (!request.Has(0) || node.name == request.Str(0)) out.push_back(AddedJson(node));
    }
    if (request.Has(0) && out.empty())
        throw RpcError(Code::NodeNotAdded, "Node \"" + request.Str(0) + "\" was not added with addnode");
    return out;
}

Json SetBan(const Request& request)
{
    const bool add = CommandOf(request, {"add", "remove"}) == "add";
    const int64_t seconds = request.IntIn(2, 0, UINT32_MAX, 0);
    const bool absolute = request.Bool(3);
    if (add && absolute && seconds <= request.Node().NowSec())
        throw RpcError(Code::Parameter, "With absolute, bantime must be a unix time in the future");
    Take(request.Net().SetBan(request.Str(0), add, seconds, absolute));
    return Json();
}

Json ListBanned(const Request& request)
{
    const int64_t now = request.Node().NowSec();
    Json out = codec::JsonArray();
    for (const auto& ban : request.Net().Bans()) {
        Json row = codec::JsonObject();
        row.pushKV("address", ban.range);
        row.pushKV("ban_created", ban.created);
        row.pushKV("banned_until", ban.until);
        row.pushKV("ban_duration", ban.until - ban.created);
        row.pushKV("time_remaining", ban.until - now);
        out.push_back(row);
    }
    return out;
}

Json ClearBanned(const Request& request)
{
    request.Net().ClearBans();
    return Json();
}

Json SetNetworkActive(const Request& request)
{
    request.Net().SetActive(request.Bool(0));
    return request.Net().Info().active;
}

Json AddPeerAddress(const Request& request)
{
    const auto port = static_cast<uint16_t>(request.IntIn(1, 1, UINT16_MAX, 0));
    const bool tried = request.Bool(2);
    const bool added = Take(request.Net().AddAddress(request.Str(0), port, tried));
    Json out = codec::JsonObject();
    out.pushKV("success", added);
    if (!added) out.pushKV("error", tried ? "failed-adding-to-tried" : "failed-adding-to-new");
    return out;
}

Json SendMsgToPeer(const Request& request)
{
    const int64_t peer = request.IntIn(0, 0, INT64_MAX, 0);
    Take(request.Net().SendMessage(static_cast<uint64_t>(peer), request.Str(1), request.Hex(2)));
    return codec::JsonObject();
}

Json GetBlockFromPeer(const Request& request)
{
    const int64_t peer = request.IntIn(1, 0, INT64_MAX, 0);
    Take(request.Net().FetchBlock(request.Hash(0), static_cast<uint64_t>(peer)));
    return codec::JsonObject();
}

CallTable NodeCalls()
{
    return {
        {"addnode",
         "Network",
         CallKind::Quick,
         "Keeps a connection to a node, no longer keeps it, or tries it once.",
         {{"node", ArgType::String, "", "address or host name, with or without a port"},
          {"command", ArgType::String, "", "add, remove or onetry"},
          {"v2transport", ArgType::Bool, "as -v2transport says", "encrypted (BIP 324)"}},
         "null",
         "\"192.0.2.6:6661\" add",
         AddNode},
        {"disconnectnode",
         "Network",
         CallKind::Quick,
         "Ends a connection, named by its address or its number.",
         {{"address", ArgType::String, "\"\"", "as getpeerinfo shows it in addr"},
          {"nodeid", ArgType::Number, "-", "as getpeerinfo shows it in id; the address is \"\" then"}},
         "null",
         "\"\" 3",
         DisconnectNode},
        {"getaddednodeinfo",
         "Network",
         CallKind::Quick,
         "Nodes of -addnode and addnode, and whether they are connected.",
         {{"node", ArgType::String, "-", "only this one, as it was added"}},
         "[ { addednode, connected, addresses: [ { address, connected } ] } ]    connected: inbound or "
         "outbound",
         "",
         GetAddedNodeInfo},
        {"getblockfrompeer",
         "Blockchain",
         CallKind::Quick,
         "Asks a peer for a block that was pruned. It is stored when it comes, until its file is pruned.",
         {{"blockhash", ArgType::Hash, "", "as getblockhash gives it"},
          {"peer_id", ArgType::Number, "", "as getpeerinfo shows it in id"}},
         "{}    the peer was asked",
         "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\" 0",
         GetBlockFromPeer},
        {"setnetworkactive",
         "Network",
         CallKind::Quick,
         "Ends all connections and makes no new ones, or begins again.",
         {{"state", ArgType::Bool, "", "false: off"}},
         "true or false    (boolean) the new state",
         "false",
         SetNetworkActive},
        {"addpeeraddress",
         "Hidden",
         CallKind::Quick,
         "Puts an address into the list of known ones, for tests.",
         {{"address", ArgType::String, "", "without the port"},
          {"port", ArgType::Number, "", "where it listens"},
          {"tried", ArgType::Bool, "false", "as if there had been a connection to it"}},
         "{ success, error }    error says which part of the list has no room for it",
         "\"192.0.2.6\" 6661",
         AddPeerAddress},
        {"sendmsgtopeer",
         "Hidden",
         CallKind::Quick,
         "Sends any bytes as a message to a peer, for tests.",
         {{"peer_id", ArgType::Number, "", "as getpeerinfo shows it in id"},
          {"msg_type", ArgType::String, "", "name of the message, at most 12 bytes"},
          {"msg", ArgType::Hex, "", "its payload"}},
         "{}",
         "0 \"addr\" \"00\"",
         SendMsgToPeer},
    };
}

CallTable BanCalls()
{
    return {
        {"setban",
         "Network",
         CallKind::Quick,
         "Refuses connections with an address or a range of addresses, or no longer does.",
         {{"subnet", ArgType::String, "", "address, or range as 192.0.2.0/24"},
          {"command", ArgType::String, "", "add or remove"},
          {"bantime", ArgType::Number, "0", "how many seconds; 0: as -bantime says"},
          {"absolute", ArgType::Bool, "false", "bantime is the unix time of the ban's end"}},
         "null",
         "\"192.0.2.0/24\" add 86400",
         SetBan},
        {"listbanned",
         "Network",
         CallKind::Quick,
         "The bans of setban.",
         {},
         "[ { address, ban_created, banned_until, ban_duration, time_remaining } ]    seconds, unix times",
         "",
         ListBanned},
        {"clearbanned", "Network", CallKind::Quick, "Ends all bans.", {}, "null", "", ClearBanned},
    };
}

} // namespace

const CallTable& NetControlCalls()
{
    static const CallTable table = Joined({NodeCalls(), BanCalls()});
    return table;
}

} // namespace emc::rpc
