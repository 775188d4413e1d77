#include "interfaces/chain.h"
#include "interfaces/pool.h"
#include "interfaces/wallet.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "rpc/render_wallet.h"
#include "rpc/take.h"

#include <algorithm>
#include <map>

namespace emc::rpc {

namespace {

using AddressInfo = interfaces::WalletApi::AddressInfo;
using interfaces::WalletTx;
using primitives::Amount;

constexpr int64_t MAX_CONFIRMATIONS = 9'999'999;

Json GetBalance(const Request& request)
{
    if (request.Has(0) && request.Str(0) != "*") {
        throw RpcError(Code::MethodDeprecated, "dummy first argument must be excluded or set to \"*\".");
    }
    const auto minimum = static_cast<int>(request.IntIn(1, 0, MAX_CONFIRMATIONS, 0));
    const auto balances = request.Wallet()->GetBalances(minimum);
    return codec::JsonAmount(balances.trusted + (request.Bool(3, true) ? 0 : balances.used_trusted));
}

Json GetBalances(const Request& request)
{
    const auto wallet = request.Wallet();
    const auto balances = wallet->GetBalances(0);
    Json mine = codec::JsonObject();
    mine.pushKV("trusted", codec::JsonAmount(balances.trusted));
    mine.pushKV("untrusted_pending", codec::JsonAmount(balances.pending));
    mine.pushKV("immature", codec::JsonAmount(balances.immature));
    mine.pushKV("names", codec::JsonAmount(balances.in_names));
    if (wallet->GetInfo().avoid_reuse)
        mine.pushKV("used", codec::JsonAmount(balances.used_trusted + balances.used_pending));
    Json out = codec::JsonObject();
    out.pushKV("mine", mine);
    return out;
}

Json GetUnconfirmedBalance(const Request& request)
{
    return codec::JsonAmount(request.Wallet()->GetBalances(0).pending);
}

Json GetWalletInfo(const Request& request)
{
    const auto wallet = request.Wallet();
    const auto info = wallet->GetInfo();
    const auto balances = wallet->GetBalances(0);
    Json out = codec::JsonObject();
    out.pushKV("walletname", wallet->Name());
    out.pushKV("walletversion", info.version);
    out.pushKV("format", info.format);
    out.pushKV("balance", codec::JsonAmount(balances.trusted));
    out.pushKV("unconfirmed_balance", codec::JsonAmount(balances.pending));
    out.pushKV("immature_balance", codec::JsonAmount(balances.immature));
    out.pushKV("txcount", info.tx_count);
    out.pushKV("keypoolsize", info.keypool_size);
    out.pushKV("birthtime", info.birth_time);
    if (info.encrypted) {
        out.pushKV("unlocked_until", info.unlocked_until);
        out.pushKV("mint_only", info.mint_only);
    }
    out.pushKV("private_keys_enabled", info.private_keys);
    out.pushKV("avoid_reuse", info.avoid_reuse);
    out.pushKV("descriptors", true);
    out.pushKV("external_signer", info.external_signer);
    out.pushKV("blank", info.blank);
    if (info.scanning) {
        Json scanning = codec::JsonObject();
        scanning.pushKV("duration", info.scan_seconds);
        scanning.pushKV("progress", info.scan_progress);
        if (info.scan_left_sec >= 0) scanning.pushKV("seconds_left", info.scan_left_sec);
        out.pushKV("scanning", scanning);
    } else {
        out.pushKV("scanning", false);
    }
    out.pushKV("synced_height", info.synced_height);
    return out;
}

/// The last arguments of listunspent.
struct CoinQuery {
    bool unsafe = true;
    Amount low = 0;
    Amount high = primitives::MAX_MONEY;
    Amount enough = primitives::MAX_MONEY; ///< no more when those shown come to this
    size_t count = SIZE_MAX;
};

CoinQuery CoinQueryOf(const Request& request)
{
    CoinQuery out;
    out.unsafe = request.Bool(3, true);
    if (!request.Has(4)) return out;
    const Json& options = request.Raw(4);
    for (size_t i = 0; i < options.size(); ++i) {
        const auto& key = options.getKeys()[i];
        const auto& value = options.getValues()[i];
        if (key == "maximumCount") {
            if (!value.isNum() || value.get_int64() < 1)
                throw RpcError(Code::Parameter, "maximumCount is out of range: 1 or more");
            out.count = static_cast<size_t>(value.get_int64());
            continue;
        }
        const auto amount = codec::ParseAmount(value.getValStr());
        if (!amount || !primitives::MoneyRange(*amount))
            throw RpcError(Code::Type, "Invalid amount for " + key);
        if (key == "minimumAmount") {
            out.low = *amount;
        } else if (key == "maximumAmount") {
            out.high = *amount;
        } else if (key == "minimumSumAmount") {
            out.enough = *amount;
        } else {
            throw RpcError(Code::Type, "Unexpected key " + key);
        }
    }
    return out;
}

Json CoinJson(const Request& request, const AddressInfo& info, const interfaces::WalletCoin& coin)
{
    Json row = codec::JsonObject();
    row.pushKV("txid", base::ReversedHex(coin.outpoint.txid));
    row.pushKV("vout", static_cast<int64_t>(coin.outpoint.index));
    if (!coin.address.empty()) row.pushKV("address", coin.address);
    row.pushKV("label", coin.label);
    row.pushKV("scriptPubKey", base::Hex(coin.out.script_pubkey));
    row.pushKV("amount", codec::JsonAmount(coin.out.value));
    row.pushKV("confirmations", coin.confirmations);
    if (const auto entry =
            coin.confirmations == 0 ? request.Pool().Entry(coin.outpoint.txid) : std::nullopt) {
        row.pushKV("ancestorcount", entry->ancestor_count);
        row.pushKV("ancestorsize", entry->ancestor_size);
        row.pushKV("ancestorfees", entry->ancestor_fees);
    }
    if (!info.redeem_script.empty()) row.pushKV("redeemScript", base::Hex(info.redeem_script));
    if (!info.witness_script.empty()) row.pushKV("witnessScript", base::Hex(info.witness_script));
    row.pushKV("spendable", coin.spendable);
    row.pushKV("solvable", info.solvable);
    row.pushKV("reused", coin.reused);
    if (!info.descriptor.empty()) row.pushKV("desc", info.descriptor);
    Json parents = codec::JsonArray();
    if (!info.parent_descriptor.empty()) parents.push_back(info.parent_descriptor);
    row.pushKV("parent_descs", parents);
    row.pushKV("safe", coin.safe);
    return row;
}

Json ListUnspent(const Request& request)
{
    const auto minimum = static_cast<int>(request.IntIn(0, 0, MAX_CONFIRMATIONS, 1));
    const auto maximum = static_cast<int>(request.IntIn(1, 0, MAX_CONFIRMATIONS, MAX_CONFIRMATIONS));
    std::vector<std::string> wanted;
    if (request.Has(2)) {
        const auto& params = request.Chain().Params();
        for (const auto& entry : request.Raw(2).getValues())
            wanted.push_back(
                AddressText(params, ScriptOfAddress(params, entry.isStr() ? entry.get_str() : "")));
    }
    const CoinQuery query = CoinQueryOf(request);
    const auto wallet = request.Wallet();
    Amount sum = 0;
    Json out = codec::JsonArray();
    std::map<base::Bytes, AddressInfo> described; // deriving keys takes most of the time: once for an address
    for (const auto& coin : wallet->ListCoins(minimum, maximum)) {
        if (out.size() >= query.count || sum >= query.enough) break;
        if (!coin.safe && !query.unsafe) continue;
        if (coin.out.value < query.low || coin.out.value > query.high) continue;
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), coin.address) == wanted.end())
            continue;
        auto info = described.find(coin.out.script_pubkey);
        if (info == described.end()) {
            const auto& script = coin.out.script_pubkey;
            info = described.emplace(script, wallet->DescribeScript(script)).first;
        }
        out.push_back(CoinJson(request, info->second, coin));
        sum += coin.out.value;
    }
    return out;
}

Json ListTransactions(const Request& request)
{
    interfaces::WalletApi::HistoryPage page;
    page.count = static_cast<size_t>(request.IntIn(1, 0, 1'000'000, 10));
    page.skip = static_cast<size_t>(request.IntIn(2, 0, INT32_MAX, 0));
    if (const auto label = request.Str(0, "*"); label != "*") page.label = label;
    const auto history = request.Wallet()->ListTransactions(page);
    Json out = codec::JsonArray();
    for (auto tx = history.rbegin(); tx != history.rend(); ++tx) {
        for (auto part = tx->parts.rbegin(); part != tx->parts.rend(); ++part) {
            Json row = PartJson(*tx, *part);
            PushTxFields(row, *tx);
            out.push_back(std::move(row));
        }
    }
    return out;
}

Json GetTransaction(const Request& request)
{
    const auto tx = request.Wallet()->GetTransaction(request.Hash(0));
    if (!tx) throw RpcError(Code::AddressOrKey, "No transaction of this wallet has that id");
    Amount amount = 0;
    Json details = codec::JsonArray();
    for (const auto& part : tx->parts) {
        amount += part.amount;
        details.push_back(PartJson(*tx, part));
    }
    Json out = codec::JsonObject();
    out.pushKV("amount", codec::JsonAmount(amount));
    if (tx->from_me) out.pushKV("fee", codec::JsonAmount(-tx->fee));
    if (tx->burned != 0) out.pushKV("burned", codec::JsonAmount(tx->burned));
    PushTxFields(out, *tx);
    out.pushKV("details", details);
    out.pushKV("hex", base::Hex(primitives::Serialize(*tx->tx)));
    if (request.Bool(2)) out.pushKV("decoded", TxJson(*tx->tx, request.Chain().Params(), {}));
    return out;
}

Json AbandonTransaction(const Request& request)
{
    Take(request.Wallet()->Abandon(request.Hash(0)));
    return Json();
}

CallTable BalanceCalls()
{
    return {
        {"getbalance",
         "Wallet",
         CallKind::Quick,
         "Money that can be spent; names are not counted.",
         {{"dummy", ArgType::String, "-", "\"*\""},
          {"minconf", ArgType::Number, "0", "confirmations at least"},
          {"include_watchonly", ArgType::Bool, "-", "ignored"},
          {"avoid_reuse", ArgType::Bool, "true",
           "in a wallet that avoids reuse: without what lies on addresses that were spent from"}},
         "n    (numeric) EMC",
         "",
         GetBalance},
        {"getbalances",
         "Wallet",
         CallKind::Quick,
         "Money by kind.",
         {},
         "{ mine: { trusted, untrusted_pending, immature, names, used } }    used: kept apart in a wallet "
         "that "
         "avoids reuse",
         "",
         GetBalances},
        {"getunconfirmedbalance",
         "Wallet",
         CallKind::Quick,
         "Money others sent that is not in a block yet.",
         {},
         "n    (numeric) EMC",
         "",
         GetUnconfirmedBalance},
        {"getwalletinfo",
         "Wallet",
         CallKind::Quick,
         "The wallet.",
         {},
         "{ walletname, walletversion, format, balance, unconfirmed_balance, immature_balance, txcount, "
         "keypoolsize,\n"
         "  birthtime, unlocked_until, mint_only, private_keys_enabled, avoid_reuse, descriptors, "
         "external_signer, "
         "blank, "
         "scanning,\n"
         "  synced_height }    unlocked_until: unix seconds, 0 while locked; not there without encryption\n"
         "  scanning: false or { duration (seconds), progress (0 to 1), seconds_left }",
         "",
         GetWalletInfo},
    };
}

CallTable ListCalls()
{
    return {
        {"listunspent",
         "Wallet",
         CallKind::Slow,
         "Coins that can be spent; name outputs are not listed.",
         {{"minconf", ArgType::Number, "1", "confirmations at least"},
          {"maxconf", ArgType::Number, "9999999", "confirmations at most"},
          {"addresses", ArgType::Array, "-", "only these"},
          {"include_unsafe", ArgType::Bool, "true", "also coins others sent that are in no block"},
          {"query_options", ArgType::Object, "-",
           "{ minimumAmount, maximumAmount, maximumCount, minimumSumAmount }"}},
         "[ { txid, vout, address, label, scriptPubKey, amount, confirmations, ancestorcount, ancestorsize, "
         "ancestorfees,\n"
         "    redeemScript, witnessScript, spendable, solvable, reused, desc, parent_descs, safe } ]",
         "",
         ListUnspent},
        {"listtransactions",
         "Wallet",
         CallKind::Slow,
         "The newest transactions, oldest first.",
         {{"label|dummy", ArgType::String, "\"*\"", "only this label"},
          {"count", ArgType::Number, "10", "at most this many"},
          {"skip", ArgType::Number, "0", "leave out so many of the newest"}},
         "[ { address, category, amount, label, vout, name_op, fee, burned, confirmations, blockhash, …, "
         "txid, time } ]",
         "",
         ListTransactions},
        {"gettransaction",
         "Wallet",
         CallKind::Slow,
         "One transaction of the wallet.",
         {{"txid", ArgType::Hash, "", "transaction"},
          {"include_watchonly", ArgType::Bool, "-", "ignored"},
          {"verbose", ArgType::Bool, "false", "with the decoded transaction"}},
         "{ amount, fee, burned, confirmations, …, details: [ … ], hex }",
         "\"txid\"",
         GetTransaction},
        {"abandontransaction",
         "Wallet",
         CallKind::Slow,
         "Gives up a transaction that no block took, freeing its coins.",
         {{"txid", ArgType::Hash, "", "transaction"}},
         "null",
         "\"txid\"",
         AbandonTransaction},
    };
}

} // namespace

const CallTable& WalletCalls()
{
    static const CallTable table = Joined({BalanceCalls(), ListCalls()});
    return table;
}

} // namespace emc::rpc
