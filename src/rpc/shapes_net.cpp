#include "rpc/shapes.h"

namespace emc::rpc {

namespace {

constexpr Shape SHAPES[] = {
    {"@Doc", "{ title: text, version: text }"},
    {"@Document",
     "{ openrpc: text, info: @Doc, methods: [ { name: text, tags: [ { name: text } ], summary: "
     "text, paramStructure: text, params: [ { name: text, description: text, required: bool, "
     "schema: any } ], result: { name: text, description: text, schema: any } } ], components: { "
     "schemas: { *: any } } }"},
    {"addnode", "null"},
    {"addpeeraddress", "{ success: bool, error?: text }"},
    {"clearbanned", "null"},
    {"disconnectnode", "null"},
    {"getaddednodeinfo",
     "[ { addednode: text, connected: bool, addresses: [ { address: text, connected: 'inbound' | "
     "'outbound' } ] } ]"},
    {"@Addresses", "{ new: int, tried: int, total: int }"},
    {"getaddrmaninfo", "{ *: @Addresses }"},
    {"getconnectioncount", "int"},
    {"getnettotals",
     "{ totalbytesrecv: int, totalbytessent: int, timemillis: int, uploadtarget: { timeframe: int, "
     "target: int, target_reached: bool, serve_historical_blocks: bool, bytes_left_in_cycle: int, "
     "time_left_in_cycle: int } }"},
    {"getnetworkinfo",
     "{ version: int, subversion: text, protocolversion: int, localservices: hex, "
     "localservicesnames: [ text ], localrelay: bool, timeoffset: int, networkactive: bool, "
     "connections: int, connections_in: int, connections_out: int, networks: [ { name: text, "
     "limited: bool, reachable: bool, proxy: text, proxy_randomize_credentials: bool } ], "
     "relayfee: num, incrementalfee: num, localaddresses: [ { address: text, port: int, score: int "
     "} ], warnings: text }"},
    {"getnodeaddresses", "[ { time: int, services: int, address: text, port: int, network: text } ]"},
    {"getpeerinfo",
     "[ { id: int, addr: text, addrbind?: text, addrlocal?: text, network: text, mapped_as?: int, "
     "services: hex, servicesnames: [ text ], relaytxes: bool, lastsend: int, lastrecv: int, "
     "last_transaction: int, last_block: int, bytessent: int, bytesrecv: int, conntime: int, "
     "timeoffset: int, pingtime?: num, minping?: num, pingwait?: num, version: int, subver: text, "
     "inbound: bool, bip152_hb_to: bool, bip152_hb_from: bool, startingheight: int, "
     "presynced_headers: int, synced_headers: int, synced_blocks: int, inflight: [ int ], "
     "addr_relay_enabled: bool, addr_processed: int, addr_rate_limited: int, permissions: [ text "
     "], minfeefilter: num, bytessent_per_msg: { *: int }, bytesrecv_per_msg: { *: int }, "
     "connection_type: text, transport_protocol_type: text, session_id: text } ]"},
    {"listbanned",
     "[ { address: text, ban_created: int, banned_until: int, ban_duration: int, time_remaining: "
     "int } ]"},
    {"ping", "null"},
    {"sendalert", "never"},
    {"sendmsgtopeer", "{ }"},
    {"setban", "null"},
    {"setnetworkactive", "bool"},
    // The node itself.
    {"echo", "[ any ]"},
    {"echojson", "[ any ]"},
    {"getinfo",
     "{ fullversion: text, walletversion?: int, balance?: num, newmint?: num, keypoololdest?: int, "
     "keypoolsize?: int, unlocked_until?: int, encrypted?: bool, mintonly?: bool, blocks: int, "
     "version?: int, protocolversion?: int, timeoffset?: int, connections?: int, proxy?: text, "
     "pow-difficulty: num, pos-difficulty: num, testnet: bool, relayfee: num, errors: text }"},
    {"getmemoryinfo", "{ resident: int } | text"},
    {"getopenrpcinfo", "@Document"},
    {"rpc.discover", "@Document"},
    {"getrpcinfo", "{ active_commands: [ { method: text, duration: int } ], calls: int, logpath: text }"},
    {"getzmqnotifications", "[ { type: text, address: text, hwm: int } ]"},
    {"help", "text"},
    {"logging", "{ *: bool }"},
    {"setmocktime", "null"},
    {"stop", "text"},
    {"uptime", "int"},
    // Tools that need neither chain nor wallet.
    {"createmultisig", "{ address: text, redeemScript: hex, descriptor?: text, warnings?: [ text ] }"},
    {"deriveaddresses", "[ text ]"},
    {"getdescriptorinfo",
     "{ descriptor: text, checksum: text, isrange: bool, issolvable: bool, hasprivatekeys: bool }"},
    {"makekeypair", "null | { PrivateKey: hex, PublicKey: hex }"},
    {"signmessagewithprivkey", "text"},
    {"validateaddress",
     "{ isvalid: bool, address?: text, scriptPubKey?: hex, isscript?: bool, iswitness?: bool, "
     "witness_version?: int, witness_program?: hex, error?: text, error_locations?: [ int ] }"},
    {"verifymessage", "bool"},
};

} // namespace

ShapeTable NetShapes()
{
    return SHAPES;
}

std::vector<const Shape*> AllShapes()
{
    std::vector<const Shape*> out;
    for (const ShapeTable table : {ChainShapes(), NetShapes(), NameShapes(), WalletShapes()}) {
        for (const auto& shape : table)
            out.push_back(&shape);
    }
    return out;
}

} // namespace emc::rpc
