#include "rpc/shapes.h"

namespace emc::rpc {

namespace {

constexpr Shape SHAPES[] = {
    {"@NameRow", "{ name: text, name_encoding?: 'hex', value: text, value_encoding?: 'hex' }"},
    {"name_debug", "bool"},
    {"name_dump", "{ filename: text, names: int }"},
    {"name_filter",
     "{ blocks: int, count: int } | [ { ..@NameRow, registered_at: int, expires_in: int, expired?: "
     "bool } ]"},
    {"name_history", "[ { txid: hash, time: int, height: int, address: text, vout: int, operation: @Op, "
                     "days_added?: int, value?: text, value_encoding?: 'hex' } ]"},
    {"name_indexinfo",
     "{ height: int, bestblock: hash, records_name: int, records_live: int, bytes_name: int, "
     "reward_watermarks: int, hash_name: hash }"},
    {"name_mempool",
     "[ { name: text, name_encoding?: 'hex', txid: hash, vout: int, time: int, address: text, "
     "operation: @Op, days_added?: int, value?: text, value_encoding?: 'hex' } ]"},
    {"name_scan", "[ { ..@NameRow, expires_in: int, expired?: bool } ]"},
    {"name_scan_address",
     "[ { ..@NameRow, txid: hash, nOut: int, expires_in: int, expires_at: int, expired?: bool, "
     "time: int } ]"},
    {"name_show", "{ ..@NameRow, txid: hash, address: text, vout: int, expires_in: int, expires_at: int, "
                  "expired?: bool, time: int, height: int, registered_at: int }"},
    // Numbers.
    {"enum_parse",
     "{ value: text, canonical: bool, repairs: [ { line: int, what: text, needs_consent: bool } ], "
     "uris: [ text ] }"},
    {"enum_record", "{ name: text, value: text }"},
    {"enum_resolve",
     "{ number: text, found: bool, routes: [ { uri: text, service: text, order: int, preference: "
     "int, regexp: text, ttl: int, slot?: int, verifier?: text } ], refused: [ { slot: int, "
     "reason: text, detail?: text } ], toll_free?: text, trusted_verifiers: [ text ], warnings?: [ "
     "text ] }"},
    {"enum_signature_text", "text"},
    {"enum_verify",
     "{ number: text, name: text, owner: text, live: bool, counts: bool, signatures: [ { verifier: text, "
     "expiry: int, trusted: bool, holds: bool, counts: bool, reason?: text, detail?: text } ], "
     "trusted_verifiers: [ text ], warnings?: [ text ] }"},
    {"ver_record", "text"},
    // Calls.
    {"@Call", "{ caller: text, callee: text, callid: text, start: int, answer: int, end: int, minutes: int, "
              "cause: int, status: int, mos?: num, codec?: text }"},
    {"call_add", "{ ..@Call, added: bool }"},
    {"call_export", "int"},
    {"call_forget", "int"},
    {"call_import",
     "{ added: int, known: int, unanswered: int, bytes: int, problem_count: int, problems: [ { "
     "line: int, reason: text } ] }"},
    {"call_list", "[ @Call ]"},
    {"call_show", "[ @Call ]"},
    {"call_sources",
     "[ { source: text, format: text, error: text, files: int, added: int, known: int, unanswered: "
     "int, bytes: int, last_added: int, problem_count: int, problems: [ { file: text, line: int, "
     "reason: text } ] } ]"},
    {"call_stats",
     "{ calls: int, minutes: int, pairs: [ { caller: text, callee: text, calls: int, minutes: int, "
     "first_end: int, last_end: int } ] }"},
    {"@LeftOut", "{ callid: text, answer: int, reason: text }"},
    {"@CallBatch",
     "{ id: hash, state: 'open' | 'waiting' | 'signed' | 'claimed' | 'confirmed' | 'refused', "
     "reason?: text, caller: text, callee: text, from: int, to: int, calls: int, minutes: int, "
     "root: hash, caller_signed: bool, callee_signed: bool, made_here: bool, waiting_for?: text, "
     "waiting_since?: int, problem?: text, created: int, "
     "changed: int, txid?: hash, reward?: num, blockhash?: hash, height?: int, left_out: [ @LeftOut ] }"},
    {"@CallBatchText", "{ ..@CallBatch, text?: text }"},
    {"@ProvenCall", "{ ..@Call, batch: hash, txid: hash, blockhash: hash, height: int }"},
    {"call_batch_check",
     "{ ..@CallBatch, agreed: int, disputed: [ { ..@LeftOut, end: int, own_answer?: int, own_end?: "
     "int } ], withheld: [ { callid: text, answer: int, end: int } ], obstacles: [ text ] }"},
    {"call_batch_claim",
     "{ ..@CallBatch, sent: bool, claim: num, allowed_by_minutes: num, allowed_by_age: num, bond: "
     "num, coins: int, to_caller: num, to_callee: num, fee: num, staking_forgone: num, hex: hex }"},
    {"call_batch_create", "@CallBatchText"},
    {"call_batch_export", "{ cid?: text, bytes: int, text?: text, file?: text }"},
    {"call_batch_list", "[ @CallBatch ]"},
    {"call_batch_refuse", "@CallBatch"},
    {"call_batch_send", "@CallBatch"},
    {"call_batch_sign", "@CallBatchText"},
    {"call_prove", "[ { ..@ProvenCall, proof: text } ]"},
    {"call_verify",
     "{ valid: bool, reason?: text, call?: { ..@ProvenCall, confirmations: int }, batch?: { id: hash, "
     "caller: "
     "text, callee: text, from: int, to: int, calls: int, minutes: int, reward: num, txid: hash, blockhash: "
     "hash, height: int, confirmations: int } }"},
    // The DNS server.
    {"@Counts", "{ *: int }"},
    {"@ZoneKey", "{ zone: text, ds: text, dnskey: text }"},
    {"dnskeygen", "@ZoneKey"},
    {"getdnsinfo",
     "{ running: bool, listen: [ text ], queries: int, answers: int, nxdomain: int, nodata: int, "
     "refused: int, servfail: int, formerr: int, notimp: int, truncated: int, dropped: int, "
     "limited: int, slow: int, cookies: int, connections: int, connections_accepted: int, "
     "connections_evicted: int, connections_timed_out: int, zone_names: int, zone_bytes: int, "
     "zone_generation: int, transfers_whole: int, transfers_changes: int, transfers_refused: int, "
     "notified: int, by_transport?: @Counts, by_type?: @Counts, by_rcode?: @Counts, by_zone?: "
     "@Counts, latency_us: @Counts, enumtrust: [ text ], signed_zones: [ @ZoneKey ] }"},
    {"setenumtrust", "[ text ]"},
};

} // namespace

ShapeTable NameShapes()
{
    return SHAPES;
}

} // namespace emc::rpc
