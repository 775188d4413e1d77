#include "rpc/shapes.h"

namespace emc::rpc {

namespace {

constexpr Shape SHAPES[] = {
    // What others are made of.
    {"@NameOp", "{ op: @Op, name: text, name_encoding?: 'hex', value?: text, value_encoding?: 'hex', days?: "
                "int }"},
    {"@Op", "'name_new' | 'name_update' | 'name_delete'"},
    {"@Script", "{ asm: text, desc: text, hex: hex, address?: text, type: text, nameOp?: @NameOp }"},
    {"@Input", "{ coinbase: hex, txinwitness?: [ hex ], sequence: int } | { txid: hash, vout: int, "
               "scriptSig: { asm: text, hex: hex }, txinwitness?: [ hex ], prevout?: { generated: bool, "
               "height?: int, value: num, scriptPubKey: @Script }, sequence: int }"},
    {"@Output", "{ value: num, n: int, scriptPubKey: @Script, nvsname?: text, nvsname_encoding?: 'hex', "
                "nvsvalue?: text, nvsvalue_encoding?: 'hex' }"},
    {"@Tx", "{ txid: hash, hash: hash, version: int, size: int, vsize: int, weight: int, locktime: int, "
            "vin: [ @Input ], vout: [ @Output ], fee?: num, burned?: num, hex?: hex }"},
    {"@Header", "{ hash: hash, confirmations: int, height: int, version: int, versionHex: hex, merkleroot: "
                "hash, time: int, mediantime: int, nonce: int, bits: hex, difficulty: num, chainwork: hash, "
                "flags: 'proof-of-work' | 'proof-of-stake', nTx: int, previousblockhash?: hash, "
                "nextblockhash?: hash }"},
    {"@Tip", "{ hash: hash, height: int }"},
    {"@PoolEntry",
     "{ vsize: int, weight: int, time: int, height: int, descendantcount: int, descendantsize: "
     "int, ancestorcount: int, ancestorsize: int, wtxid: hash, fees: { base: num, modified: num, "
     "ancestor: num, descendant: num }, burned: num, depends: [ hash ], spentby: [ hash ], "
     "bip125-replaceable: bool, unbroadcast: bool }"},
    {"@PoolEntries", "{ *: @PoolEntry }"},
    {"@Fees", "{ base: num, effective-feerate: num }"},
    {"@Work", "{ hash: hash, chainid: int, previousblockhash: hash, coinbasevalue: int, bits: hex, height: "
              "int, target: hash, _target: hash }"},
    {"@FeeRange", "{ startrange: num, endrange: num, withintarget: num, totalconfirmed: num, inmempool: num, "
                  "leftmempool: num }"},
    {"@FeeHorizon",
     "{ feerate?: num, decay: num, scale: int, pass?: @FeeRange, fail?: @FeeRange, errors?: [ text "
     "] }"},
    // Blocks and coins.
    {"getbestblockhash", "hash"},
    {"getblock", "hex | { ..@Header, strippedsize: int, size: int, weight: int, tx: [ hash | @Tx ] }"},
    {"getblockchaininfo",
     "{ chain: text, blocks: int, headers: int, bestblockhash: hash, difficulty: num, time: int, "
     "mediantime: int, verificationprogress: num, initialblockdownload: bool, chainwork: hash, "
     "size_on_disk: int, pruned: bool, pruneheight?: int, automatic_pruning?: bool, "
     "prune_target_size?: int, warnings: text }"},
    {"getblockcount", "int"},
    {"getblockfilter", "{ filter: hex, header: hash }"},
    {"getblockfrompeer", "{ }"},
    {"getblockhash", "hash"},
    {"getblockheader", "hex | @Header"},
    {"getblockstats",
     "{ avgfee?: int, avgfeerate?: int, avgtxsize?: int, blockhash?: hash, burned?: int, "
     "feerate_percentiles?: [ int ], height?: int, ins?: int, maxfee?: int, maxfeerate?: int, "
     "maxtxsize?: int, medianfee?: int, mediantime?: int, mediantxsize?: int, minfee?: int, "
     "minfeerate?: int, mintxsize?: int, outs?: int, subsidy?: int, swtotal_size?: int, "
     "swtotal_weight?: int, swtxs?: int, time?: int, total_out?: int, total_size?: int, "
     "total_weight?: int, totalfee?: int, txs?: int, utxo_increase?: int, utxo_size_inc?: int }"},
    {"getchainstates", "{ headers: int, chainstates: [ { blocks: int, bestblockhash: hash, difficulty: num, "
                       "verificationprogress: num, snapshot_blockhash?: hash, coins_db_cache_bytes: int, "
                       "coins_tip_cache_bytes: int, validated: bool, seconds_left?: int } ] }"},
    {"getchaintips", "[ { height: int, hash: hash, branchlen: int, status: 'active' | 'valid-fork' | "
                     "'valid-headers' | 'headers-only' | 'invalid' } ]"},
    {"getchaintxstats",
     "{ time: int, txcount: int, window_final_block_hash: hash, window_final_block_height: int, "
     "window_block_count: int, window_tx_count?: int, window_interval?: int, txrate?: num }"},
    {"getcheckpoint", "never"},
    {"getdeploymentinfo",
     "{ hash: hash, height: int, deployments: { *: { type: 'buried', active: bool, height: int } } "
     "}"},
    {"getdifficulty", "{ proof-of-work: num, proof-of-stake: num, search-interval: int }"},
    {"getindexinfo", "{ *: { synced: bool, best_block_height: int } }"},
    {"gettxout", "null | { bestblock: hash, confirmations: int, value: num, scriptPubKey: @Script, coinbase: "
                 "bool }"},
    {"gettxoutproof", "hex"},
    {"gettxoutsetinfo",
     "{ height: int, bestblock: hash, txouts: int, bogosize: int, hash_serialized_3?: hash, "
     "muhash?: hash, total_amount: num, total_supply: num, transactions: int, disk_size: int }"},
    {"invalidateblock", "null"},
    {"preciousblock", "null"},
    {"pruneblockchain", "int"},
    {"reconsiderblock", "null"},
    {"setcheckpoint", "never"},
    {"verifychain", "bool"},
    {"verifytxoutproof", "[ hash ]"},
    {"dumptxoutset",
     "{ coins_written: int, names_written: int, base_hash: hash, base_height: int, path: text, "
     "txoutset_hash: hash, names_hash: hash, state_hash: hash, nchaintx: int }"},
    {"loadtxoutset",
     "{ coins_loaded: int, names_loaded: int, tip_hash: hash, base_height: int, path: text }"},
    {"scanblocks",
     "null | bool | { progress: int, current_height: int } | { from_height: int, to_height: int, "
     "relevant_blocks: [ hash ], completed: bool }"},
    {"scantxoutset",
     "null | bool | { progress: int } | { success: bool, txouts: int, height: int, bestblock: "
     "hash, unspents: [ { txid: hash, vout: int, scriptPubKey: hex, desc: text, amount: num, "
     "coinbase: bool, height: int } ], total_amount: num }"},
    {"waitforblock", "@Tip"},
    {"waitforblockheight", "@Tip"},
    {"waitfornewblock", "@Tip"},
    {"syncwithvalidationinterfacequeue", "null"},
    // The mempool.
    {"estimaterawfee", "{ short?: @FeeHorizon, medium?: @FeeHorizon, long?: @FeeHorizon }"},
    {"estimatesmartfee", "{ feerate: num, errors?: [ text ], blocks: int }"},
    {"getmempoolancestors", "[ hash ] | @PoolEntries"},
    {"getmempooldescendants", "[ hash ] | @PoolEntries"},
    {"getmempoolentry", "@PoolEntry"},
    {"getmempoolinfo", "{ loaded: bool, size: int, bytes: int, usage: int, total_fee: num, maxmempool: int, "
                       "mempoolminfee: num, minrelaytxfee: num, incrementalrelayfee: num, fullrbf: bool, "
                       "unbroadcastcount: int }"},
    {"getprioritisedtransactions", "{ *: { fee_delta: int, in_mempool: bool, modified_fee?: int } }"},
    {"getrawmempool", "[ hash ] | { txids: [ hash ], mempool_sequence: int } | @PoolEntries"},
    {"gettxspendingprevout", "[ { txid: hash, vout: int, spendingtxid?: hash } ]"},
    {"importmempool", "{ read: int, accepted: int, known: int, expired: int, refused: int }"},
    {"prioritisetransaction", "bool"},
    {"savemempool", "{ filename: text }"},
    {"submitpackage",
     "{ package_msg: text, tx-results: { *: { txid: hash, vsize?: int, fees?: @Fees, burned?: num, "
     "error?: text } }, replaced-transactions: [ hash ] }"},
    {"testmempoolaccept",
     "[ { txid: hash, wtxid: hash, allowed?: bool, vsize?: int, fees?: @Fees, burned?: num, "
     "reject-reason?: text, package-error?: text } ]"},
    // Transactions.
    {"combinerawtransaction", "hex"},
    {"createrawtransaction", "hex"},
    {"decoderawtransaction", "@Tx"},
    {"decodescript",
     "{ asm: text, desc: text, address?: text, type: text, p2sh?: text, segwit?: { asm: text, "
     "desc: text, address?: text, type: text, hex: hex, p2sh-segwit: text } }"},
    {"getrawtransaction",
     "hex | { ..@Tx, blockhash?: hash, confirmations?: int, time?: int, blocktime?: int, "
     "in_active_chain?: bool }"},
    {"sendrawtransaction", "hash"},
    {"@SignError", "{ txid: hash, vout: int, scriptSig: hex, sequence: int, error: text }"},
    {"signrawtransactionwithkey", "{ hex: hex, complete: bool, errors?: [ @SignError ] }"},
    // Partially signed transactions (BIP 174, 371).
    {"@PsbtScript", "{ asm: text, hex: hex, type?: text }"},
    {"@PsbtKey", "{ pubkey: hex, master_fingerprint: hex, path: text }"},
    {"@PsbtTapKey", "{ pubkey: hash, master_fingerprint: hex, path: text, leaf_hashes: [ hash ] }"},
    {"@PsbtOwn", "{ identifier: hex, subtype: int, key: hex, value: hex }"},
    {"@Pairs", "{ *: hex }"},
    {"@PsbtInput",
     "{ witness_utxo?: { amount: num, scriptPubKey: @Script }, non_witness_utxo?: @Tx, "
     "partial_signatures?: @Pairs, sighash?: text, redeem_script?: @PsbtScript, witness_script?: "
     "@PsbtScript, bip32_derivs?: [ @PsbtKey ], final_scriptSig?: @PsbtScript, "
     "final_scriptwitness?: [ hex ], ripemd160_preimages?: @Pairs, sha256_preimages?: @Pairs, "
     "hash160_preimages?: @Pairs, hash256_preimages?: @Pairs, taproot_key_path_sig?: hex, "
     "taproot_script_path_sigs?: [ { pubkey: hash, leaf_hash: hash, sig: hex } ], "
     "taproot_scripts?: [ { script: hex, leaf_ver: int, control_blocks: [ hex ] } ], "
     "taproot_bip32_derivs?: [ @PsbtTapKey ], taproot_internal_key?: hash, taproot_merkle_root?: "
     "hash, proprietary?: [ @PsbtOwn ], unknown?: @Pairs }"},
    {"@PsbtOutput",
     "{ redeem_script?: @PsbtScript, witness_script?: @PsbtScript, bip32_derivs?: [ @PsbtKey ], "
     "taproot_internal_key?: hash, taproot_tree?: [ { depth: int, leaf_ver: int, script: hex } ], "
     "taproot_bip32_derivs?: [ @PsbtTapKey ], proprietary?: [ @PsbtOwn ], unknown?: @Pairs }"},
    {"analyzepsbt",
     "{ inputs?: [ { has_utxo: bool, is_final: bool, next: text, missing?: { pubkeys?: [ hex ], "
     "signatures?: [ hex ], redeemscript?: hex, witnessscript?: hash } } ], estimated_vsize?: int, "
     "estimated_feerate?: num, fee?: num, burned?: num, next: text, error?: text }"},
    {"combinepsbt", "text"},
    {"converttopsbt", "text"},
    {"createpsbt", "text"},
    {"decodepsbt", "{ tx: @Tx, global_xpubs: [ { xpub: text, master_fingerprint: hex, path: text } ], "
                   "psbt_version: int, proprietary: [ @PsbtOwn ], unknown: @Pairs, inputs: [ @PsbtInput ], "
                   "outputs: [ @PsbtOutput ], fee?: num, burned?: num }"},
    {"finalizepsbt", "{ hex?: hex, psbt?: text, complete: bool }"},
    {"joinpsbts", "text"},
    {"utxoupdatepsbt", "text"},
    // Mining.
    {"createauxblock", "@Work"},
    {"generate", "[ hash ]"},
    {"generateblock", "{ hash: hash, hex?: hex }"},
    {"generatetoaddress", "[ hash ]"},
    {"generatetodescriptor", "[ hash ]"},
    {"getauxblock", "@Work | bool | text"},
    {"getblocktemplate",
     "null | text | { capabilities: [ text ], version: int, rules: [ text ], vbavailable: { *: int "
     "}, vbrequired: int, previousblockhash: hash, transactions: [ { data: hex, txid: hash, hash: "
     "hash, depends: [ int ], fee: int, sigops: int, weight: int } ], coinbaseaux: { *: hex }, "
     "coinbasevalue: int, longpollid: text, target: hash, mintime: int, mutable: [ text ], "
     "noncerange: hex, sigoplimit: int, sizelimit: int, weightlimit: int, curtime: int, bits: hex, "
     "height: int, default_witness_commitment: hex, submitold?: bool }"},
    {"getgenerate", "bool"},
    {"getmininginfo",
     "{ blocks: int, currentblockweight?: int, currentblocktx?: int, bits: hex, difficulty: num, "
     "pow-difficulty: num, pos-difficulty: num, networkhashps: num, generate: bool, genproclimit: "
     "int, hashespersec: num, blocksfound: int, problem?: text, pooledtx: int, chain: text, next: "
     "{ height: int, bits: hex, difficulty: num, target: hash }, warnings: text }"},
    {"getnetworkhashps", "num"},
    {"setgenerate", "null"},
    {"submitauxblock", "bool | text"},
    {"submitblock", "null | text"},
    {"submitheader", "null"},
};

} // namespace

ShapeTable ChainShapes()
{
    return SHAPES;
}

} // namespace emc::rpc
