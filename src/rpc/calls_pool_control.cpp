#include "base/log.h"
#include "interfaces/pool.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "rpc/take.h"
#include "rpc/tx_args.h"

namespace emc::rpc {

namespace {

using interfaces::Broadcaster;
using interfaces::PoolControl;
using primitives::TxRef;
using Verdict = base::Expected<Broadcaster::Accepted, interfaces::Failure>;

std::vector<TxRef> PackageOf(const Request& request)
{
    const Json& list = request.Raw(0);
    if (list.size() == 0 || list.size() > interfaces::MAX_PACKAGE) {
        throw RpcError(Code::Parameter,
                       base::Format("The list has to hold 1 to %zu transactions, parents first",
                                    interfaces::MAX_PACKAGE));
    }
    std::vector<TxRef> out;
    for (const auto& item : list.getValues()) {
        if (!item.isStr()) throw RpcError(Code::Type, "Each transaction is a string of hex digits");
        out.push_back(TxFromHex(item.get_str()));
    }
    return out;
}

primitives::Amount PerKvb(primitives::Amount fee, size_t vsize)
{
    return vsize == 0 ? 0 : fee * 1000 / static_cast<primitives::Amount>(vsize);
}

Json TestRow(const TxRef& tx, const std::optional<Verdict>& verdict)
{
    Json row = codec::JsonObject();
    row.pushKV("txid", base::ReversedHex(tx->Txid()));
    row.pushKV("wtxid", base::ReversedHex(tx->Wtxid()));
    if (!verdict) return row;
    row.pushKV("allowed", verdict->HasValue());
    if (*verdict) {
        const auto& accepted = **verdict;
        row.pushKV("vsize", static_cast<uint64_t>(accepted.vsize));
        Json fees = codec::JsonObject();
        fees.pushKV("base", codec::JsonAmount(accepted.fee));
        fees.pushKV("effective-feerate", codec::JsonAmount(PerKvb(accepted.fee, accepted.vsize)));
        row.pushKV("fees", fees);
        row.pushKV("burned", codec::JsonAmount(accepted.burned));
    } else {
        row.pushKV("reject-reason", verdict->Error().message);
    }
    return row;
}

Json TestMempoolAccept(const Request& request)
{
    const auto package = PackageOf(request);
    const Broadcaster::Options options{.test_only = true,
                                       .max_fee_per_kvb = request.Amount(1, DEFAULT_MAX_FEE_RATE)};
    PoolControl::PackageResult result;
    if (package.size() == 1) {
        result.rows.emplace_back(request.Broadcaster().Submit(package[0], options));
    } else {
        result = request.PoolControl().SubmitPackage(package, options);
    }
    Json out = codec::JsonArray();
    for (size_t i = 0; i < package.size(); ++i) {
        Json row = TestRow(package[i], result.rows[i]);
        if (!result.error.empty()) row.pushKV("package-error", result.error);
        out.push_back(row);
    }
    return out;
}

Json SubmitPackage(const Request& request)
{
    const auto package = PackageOf(request);
    const auto result = request.PoolControl().SubmitPackage(
        package, {.max_fee_per_kvb = request.Amount(1, DEFAULT_MAX_FEE_RATE)});
    bool good = result.error.empty();
    Json rows = codec::JsonObject();
    for (size_t i = 0; i < package.size(); ++i) {
        const auto& verdict = result.rows[i];
        Json row = codec::JsonObject();
        row.pushKV("txid", base::ReversedHex(package[i]->Txid()));
        if (verdict && *verdict) {
            row.pushKV("vsize", static_cast<uint64_t>((*verdict)->vsize));
            Json fees = codec::JsonObject();
            fees.pushKV("base", codec::JsonAmount((*verdict)->fee));
            fees.pushKV("effective-feerate", codec::JsonAmount(PerKvb(result.fees, result.vsize)));
            row.pushKV("fees", fees);
            row.pushKV("burned", codec::JsonAmount((*verdict)->burned));
        } else {
            good = false;
            row.pushKV("error", verdict ? verdict->Error().message : "package-not-validated");
        }
        codec::AddField(rows, base::ReversedHex(package[i]->Wtxid()), row);
    }
    Json out = codec::JsonObject();
    out.pushKV("package_msg",
               good ? "success" : (result.error.empty() ? "transaction failed" : result.error));
    out.pushKV("tx-results", rows);
    out.pushKV("replaced-transactions", codec::JsonArray());
    return out;
}

Json PrioritiseTransaction(const Request& request)
{
    if (request.Has(1) && request.Decimal(1) != 0) {
        throw RpcError(Code::Parameter,
                       "Priority is no longer supported, dummy argument to prioritisetransaction must be 0.");
    }
    Take(request.PoolControl().Prioritise(request.Hash(0), request.Int(2)));
    return true;
}

Json GetPrioritised(const Request& request)
{
    Json out = codec::JsonObject();
    for (const auto& priority : request.PoolControl().Priorities()) {
        Json row = codec::JsonObject();
        row.pushKV("fee_delta", priority.delta);
        row.pushKV("in_mempool", priority.modified_fee.has_value());
        if (priority.modified_fee) row.pushKV("modified_fee", *priority.modified_fee);
        codec::AddField(out, base::ReversedHex(priority.txid), row);
    }
    return out;
}

Json SaveMempool(const Request& request)
{
    Json out = codec::JsonObject();
    out.pushKV("filename", Take(request.PoolControl().Save()));
    return out;
}

Json ImportMempool(const Request& request)
{
    PoolControl::ImportOptions options;
    const Json& given = request.Raw(1);
    for (size_t i = 0; request.Has(1) && i < given.size(); ++i) {
        const std::string& key = given.getKeys()[i];
        const Json& value = given.getValues()[i];
        if (!value.isBool()) throw RpcError(Code::Type, key + " has to be true or false");
        if (key == "use_current_time") {
            options.keep_times = !value.get_bool();
        } else if (key == "apply_fee_delta_priority") {
            options.apply_priorities = value.get_bool();
        } else if (key != "apply_unbroadcast_set") {
            throw RpcError(Code::Type, "Unexpected key " + key);
        }
    }
    const auto done = Take(request.PoolControl().Import(request.Str(0), options));
    Json out = codec::JsonObject();
    out.pushKV("read", static_cast<uint64_t>(done.read));
    out.pushKV("accepted", static_cast<uint64_t>(done.accepted));
    out.pushKV("known", static_cast<uint64_t>(done.known));
    out.pushKV("expired", static_cast<uint64_t>(done.expired));
    out.pushKV("refused", static_cast<uint64_t>(done.refused));
    return out;
}

CallTable PackageCalls()
{
    const ArgSpec max_rate{"maxfeerate", ArgType::Amount, "0.10", "EMC per kvB each may pay at most; 0: any"};
    return {
        {"testmempoolaccept",
         "Rawtransactions",
         CallKind::Slow,
         "Would the mempool take this transaction, or these together?",
         {{"rawtxs", ArgType::Array, "", "[ \"hex\" ], at most 25, parents before children"}, max_rate},
         "[ { txid, wtxid, allowed, vsize, fees: { base, effective-feerate }, burned, reject-reason, "
         "package-error } ]\n"
         "Transactions behind a refused one have no field allowed: they were not looked at.",
         "'[\"hex\"]'",
         TestMempoolAccept},
        {"submitpackage",
         "Rawtransactions",
         CallKind::Slow,
         "Gives the node transactions that get in together or not at all. Each pays the relay fee; the "
         "rolling "
         "minimum of a full mempool is paid by all together.",
         {{"package", ArgType::Array, "", "[ \"hex\" ], at most 25, parents before children"}, max_rate},
         "{ package_msg: \"success\" or what is wrong, tx-results: { wtxid: { txid, vsize, fees: { base, "
         "effective-feerate },\n"
         "  burned, error } }, replaced-transactions: [] }\n"
         "A package replaces nothing that waits already.",
         "'[\"hex\",\"hex\"]'",
         SubmitPackage},
    };
}

CallTable OperatorCalls()
{
    return {
        {"prioritisetransaction",
         "Mining",
         CallKind::Quick,
         "Treats a transaction as if it paid more or less; its fee stays what it is. Several calls add up.",
         {{"txid", ArgType::Hash, "", "transaction, in the mempool or not yet"},
          {"dummy", ArgType::Any, "-", "0 or null, for old clients"},
          {"fee_delta", ArgType::Number, "", "units (10^-8 EMC) to add, may be negative"}},
         "true",
         "\"txid\" 0 10000",
         PrioritiseTransaction},
        {"getprioritisedtransactions",
         "Mining",
         CallKind::Quick,
         "What prioritisetransaction asked for and no block has taken yet.",
         {},
         "{ txid: { fee_delta, in_mempool, modified_fee } }    in units of 10^-8 EMC",
         "",
         GetPrioritised},
        {"savemempool",
         "Blockchain",
         CallKind::Slow,
         "Writes the mempool to mempool.dat in the data folder, as the end of the node does.",
         {},
         "{ filename }",
         "",
         SaveMempool},
        {"importmempool",
         "Blockchain",
         CallKind::Long,
         "Offers the transactions of a mempool.dat file (version 1) to the mempool.",
         {{"filepath", ArgType::String, "", "the file"},
          {"options", ArgType::Object, "-",
           "{ use_current_time: false, apply_fee_delta_priority: true }; apply_unbroadcast_set is ignored"}},
         "{ read, accepted, known, expired, refused }    numbers of transactions",
         "/path/to/mempool.dat",
         ImportMempool},
    };
}

} // namespace

const CallTable& PoolControlCalls()
{
    static const CallTable table = Joined({PackageCalls(), OperatorCalls()});
    return table;
}

} // namespace emc::rpc
