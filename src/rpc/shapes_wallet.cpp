#include "rpc/shapes.h"

namespace emc::rpc {

namespace {

constexpr Shape SHAPES[] = {
    {"@TxState",
     "{ confirmations: int, generated?: bool, blockhash?: hash, blockheight?: int, blocktime?: "
     "int, trusted?: bool, txid: hash, walletconflicts: [ hash ], comment?: text, to?: text, time: "
     "int, timereceived: int }"},
    {"@TxPart",
     "{ address?: text, category: text, amount: num, label?: text, vout: int, name_op?: text, fee?: "
     "num, burned?: num, abandoned?: bool }"},
    {"@TxRow", "{ ..@TxPart, ..@TxState }"},
    {"@NamedWallet", "{ name: text, warning: text }"},
    {"@Imported", "[ { success: bool, warnings?: [ text ], error?: { code: int, message: text } } ]"},
    {"@Bumped", "{ origfee: num, fee: num, errors: [ text ] }"},
    {"@Written", "{ filename: text, lines: int }"},
    {"abandontransaction", "null"},
    {"abortrescan", "bool"},
    {"addmultisigaddress", "{ address: text, redeemScript: hex, descriptor: text }"},
    {"backupwallet", "null"},
    {"bumpfee", "{ txid: hash, ..@Bumped }"},
    {"createwallet", "@NamedWallet"},
    {"dumpprivkey", "text"},
    {"dumpwallet", "{ filename: text }"},
    {"encryptwallet", "text"},
    {"enumeratesigners", "{ signers: [ { fingerprint: text, name: text } ] }"},
    {"exportlabels", "{ filename: text, labels: int }"},
    {"exporttransactions", "@Written"},
    {"fundrawtransaction", "{ hex: hex, fee: num, changepos: int }"},
    {"getaddressesbylabel", "{ *: { purpose: 'receive' | 'send' } }"},
    {"getaddressinfo",
     "{ address: text, scriptPubKey: hex, ismine: bool, iswatchonly: bool, solvable: bool, desc?: "
     "text, parent_desc?: text, isscript: bool, iswitness: bool, witness_version?: int, "
     "witness_program?: hex, script?: text, hex?: hex, pubkeys?: [ hex ], sigsrequired?: int, "
     "pubkey?: hex, iscompressed?: bool, ischange: bool, timestamp?: int, hdkeypath?: text, "
     "hdmasterfingerprint?: hex, labels: [ text ] }"},
    {"getbalance", "num"},
    {"getbalances",
     "{ mine: { trusted: num, untrusted_pending: num, immature: num, names: num, used?: num } }"},
    {"getmnemonic", "{ mnemonic: text }"},
    {"getnewaddress", "text"},
    {"getrawchangeaddress", "text"},
    {"getreceivedbyaddress", "num"},
    {"getreceivedbylabel", "num"},
    {"gettransaction", "{ amount: num, fee?: num, burned?: num, ..@TxState, details: [ @TxPart ], hex: hex, "
                       "decoded?: @Tx }"},
    {"getunconfirmedbalance", "num"},
    {"getwalletinfo",
     "{ walletname: text, walletversion: int, format: text, balance: num, unconfirmed_balance: "
     "num, immature_balance: num, txcount: int, keypoolsize: int, birthtime: int, unlocked_until?: "
     "int, mint_only?: bool, private_keys_enabled: bool, avoid_reuse: bool, descriptors: bool, "
     "external_signer: bool, blank: bool, scanning: bool | { duration: int, progress: num, "
     "seconds_left?: int }, synced_height: int }"},
    {"importaddress", "null"},
    {"importdescriptors", "@Imported"},
    {"importlabels", "{ labels: int, passed_over: [ { line: int, reason: text } ] }"},
    {"importmnemonic", "null"},
    {"importmulti", "@Imported"},
    {"importprivkey", "null"},
    {"importprunedfunds", "null"},
    {"importpubkey", "null"},
    {"importwallet", "null"},
    {"keypoolrefill", "null"},
    {"listaddressgroupings", "[ [ [ text | num ] ] ]"},
    {"listdescriptors",
     "{ wallet_name: text, descriptors: [ { desc: text, timestamp: int, active: bool, internal?: "
     "bool, range?: [ int ], next?: int } ] }"},
    {"listlabels", "[ text ]"},
    {"listlockunspent", "[ { txid: hash, vout: int } ]"},
    {"listreceivedbyaddress",
     "[ { address: text, amount: num, confirmations: int, label: text, txids: [ hash ] } ]"},
    {"listreceivedbylabel", "[ { amount: num, confirmations: int, label: text } ]"},
    {"listsinceblock", "{ transactions: [ @TxRow ], removed?: [ @TxRow ], lastblock: hash }"},
    {"listtransactions", "[ @TxRow ]"},
    {"listunspent", "[ { txid: hash, vout: int, address?: text, label: text, scriptPubKey: hex, amount: num, "
                    "confirmations: int, ancestorcount?: int, ancestorsize?: int, ancestorfees?: int, "
                    "redeemScript?: hex, witnessScript?: hex, spendable: bool, solvable: bool, reused: bool, "
                    "desc?: text, parent_descs: [ text ], safe: bool } ]"},
    {"listwalletdir", "{ wallets: [ { name: text } ] }"},
    {"listwallets", "[ text ]"},
    {"loadwallet", "@NamedWallet"},
    {"lockunspent", "bool"},
    {"migratewallet", "never"},
    {"newkeypool", "never"},
    {"psbtbumpfee", "{ psbt: text, ..@Bumped }"},
    {"removeprunedfunds", "null"},
    {"rescanblockchain", "{ start_height: int, stop_height: int, blocks_read: int }"},
    {"restorewallet", "@NamedWallet"},
    {"send", "{ txid?: hash, complete: bool, hex?: hex, psbt?: text }"},
    {"sendall", "{ txid?: hash, complete: bool, hex?: hex, psbt?: text }"},
    {"sendmany", "hash | { txid: hash, fee_reason: text }"},
    {"sendtoaddress", "hash | { txid: hash, fee_reason: text }"},
    {"sethdseed", "never"},
    {"setlabel", "null"},
    {"settxfee", "bool"},
    {"setwalletflag", "{ flag_name: text, flag_state: bool }"},
    {"signmessage", "text"},
    {"signrawtransactionwithwallet", "{ hex: hex, complete: bool, errors?: [ text ] }"},
    {"simulaterawtransaction", "{ balance_change: num }"},
    {"unloadwallet", "{ warning: text }"},
    {"upgradewallet", "{ wallet_name: text, previous_version: int, current_version: int, result: text }"},
    {"walletcreatefundedpsbt", "{ psbt: text, fee: num, changepos: int }"},
    {"walletdisplayaddress", "{ address: text }"},
    {"walletlock", "null"},
    {"walletpassphrase", "{ mint only: bool }"},
    {"walletpassphrasechange", "null"},
    {"walletprocesspsbt", "{ psbt: text, complete: bool }"},
    {"randpay_accept", "never"},
    {"randpay_mkchap", "never"},
    {"randpay_mktx", "never"},
    // Names of the wallet.
    {"enum_sign", "text"},
    {"exportnames", "@Written"},
    {"name_delete", "hash | @NameCost"},
    {"name_list", "[ { ..@NameRow, transferred?: bool, address: text, expires_in?: int, expires_at?: int, "
                  "expired?: bool, pending?: @Op, txid: hash } ]"},
    {"name_new", "hash | @NameCost"},
    {"@NameCost", "{ burned: num, network_fee: num, total: num, expires_at: int, dropped_signatures?: int }"},
    {"name_preview", "@NameCost"},
    {"name_renew", "{ names: int, left: int, total: num, txids: [ hash ] }"},
    {"name_update", "hash | @NameCost"},
    {"name_updatemany", "hash | @NameCost"},
    {"sendtoname",
     "{ transaction: hash, sending to: text, fee_reason?: text } | { network_fee: num, total: num, "
     "sending to: text }"},
    // Minting.
    {"getstakinginfo",
     "{ enabled: bool, staking: bool, reasons: [ text ], coins: int, weight: num, reserve: num, "
     "netstakeweight: num, difficulty: num, chance_per_slot: num, expectedtime: int, search_until: "
     "int, search_ms: int, next_slot: int, next_coin_height?: int, next_coin_in?: int, "
     "blocks_found: int, blocks_accepted: int }"},
    {"listminting",
     "[ { txid: hash, vout: int, address: text, amount: num, confirmations: int, age: int, weight: "
     "num, stakes: bool, reason?: text, stakes_from: int, stakes_in: int, chance: { *: num }, "
     "expectedtime: int, reward: num } ]"},
    {"reservebalance", "{ reserve: bool, amount: num }"},
    {"setstaking", "null"},
};

} // namespace

ShapeTable WalletShapes()
{
    return SHAPES;
}

} // namespace emc::rpc
