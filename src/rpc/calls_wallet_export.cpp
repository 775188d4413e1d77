#include "base/clock.h"
#include "codec/csv.h"
#include "interfaces/chain.h"
#include "rpc/calls.h"
#include "rpc/label_file.h"
#include "rpc/name_query.h"
#include "rpc/render.h"
#include "rpc/take.h"
#include "rpc/text_file.h"

#include <algorithm>

namespace emc::rpc {

namespace {

using codec::CsvTable;
using interfaces::WalletTx;

constexpr size_t MAX_LABEL_FILE_BYTES = 64u << 20;

/// Writes the file of argument 0 and says so.
Json Written(const Request& request, const std::string& text, std::string_view what, size_t count)
{
    if (const auto problem = WriteNewTextFile(request.Str(0), text); !problem.empty())
        throw RpcError(Code::Parameter, problem);
    Json out = codec::JsonObject();
    out.pushKV("filename", request.Str(0));
    out.pushKV(std::string(what), static_cast<uint64_t>(count));
    return out;
}

Json ExportLabels(const Request& request)
{
    const auto labels = request.Wallet()->ExportLabels();
    return Written(request, LabelFileText(labels), "labels", labels.size());
}

Json ImportLabels(const Request& request)
{
    const auto wallet = request.Wallet();
    const auto text = ReadTextFile(request.Str(0), MAX_LABEL_FILE_BYTES);
    if (!text) throw RpcError(Code::Parameter, text.Error());
    auto file = ParseLabelFile(request.Chain().Params(), *text);
    if (!file) throw RpcError(Code::Parameter, request.Str(0) + ": " + file.Error());
    const auto taken = Take(wallet->ImportLabels(file->labels));
    for (size_t i = 0; i < taken.size(); ++i) {
        if (!taken[i].empty()) file->passed_over.emplace_back(file->lines[i], taken[i]);
    }
    std::sort(file->passed_over.begin(), file->passed_over.end());
    Json passed_over = codec::JsonArray();
    for (const auto& [line, why] : file->passed_over) {
        Json row = codec::JsonObject();
        row.pushKV("line", static_cast<uint64_t>(line));
        row.pushKV("reason", why);
        passed_over.push_back(row);
    }
    const auto good = std::count(taken.begin(), taken.end(), "");
    Json out = codec::JsonObject();
    out.pushKV("labels", static_cast<int64_t>(good));
    out.pushKV("passed_over", passed_over);
    return out;
}

/// Which lines of the history to write.
struct TxFilter {
    std::string label = "*";
    std::string category = "*";
    int64_t since = 0; ///< unix seconds, both included
    int64_t until = INT64_MAX;

    [[nodiscard]] bool Fits(const WalletTx& tx, const WalletTx::Part& part) const
    {
        return (label == "*" || part.label == label) && (category == "*" || part.category == category) &&
               tx.time >= since && tx.time <= until;
    }
};

TxFilter TxFilterOf(const Request& request, size_t i)
{
    TxFilter out;
    if (!request.Has(i)) return out;
    const Json& object = request.Raw(i);
    for (size_t n = 0; n < object.size(); ++n) {
        const auto& key = object.getKeys()[n];
        const auto& value = object.getValues()[n];
        const auto number = codec::JsonInteger(value);
        if (key == "label" && value.isStr()) {
            out.label = value.get_str();
        } else if (key == "category" && value.isStr()) {
            out.category = value.get_str();
        } else if (key == "since" && number) {
            out.since = *number;
        } else if (key == "until" && number) {
            out.until = *number;
        } else {
            throw RpcError(Code::Type, "Unexpected key or type of value: " + key);
        }
    }
    return out;
}

void AddLine(CsvTable& table, const WalletTx& tx, const WalletTx::Part& part, bool with_cost)
{
    table.Plain(base::TimeText(tx.time)).Plain(part.category).Text(part.label).Text(part.address);
    table.Plain(codec::AmountDigits(part.amount));
    table.Plain(with_cost ? codec::AmountDigits(-tx.fee) : "");
    table.Plain(with_cost && tx.burned != 0 ? codec::AmountDigits(-tx.burned) : "");
    table.Text(part.name_op).Text(tx.comment).Text(tx.comment_to);
    table.Number(tx.confirmations).Plain(tx.block ? std::to_string(tx.height) : "");
    table.Plain(base::ReversedHex(tx.txid)).Number(part.vout);
    table.EndLine();
}

void AddHead(CsvTable& table, std::initializer_list<std::string_view> columns)
{
    for (const auto column : columns)
        table.Plain(column);
    table.EndLine();
}

Json ExportTransactions(const Request& request)
{
    const auto count = static_cast<size_t>(request.IntIn(1, 0, INT32_MAX, 0));
    const auto skip = static_cast<size_t>(request.IntIn(2, 0, INT32_MAX, 0));
    const TxFilter filter = TxFilterOf(request, 3);
    CsvTable table;
    AddHead(table, {"time", "category", "label", "address", "amount", "fee", "burned", "name_op", "comment",
                    "comment_to", "confirmations", "height", "txid", "vout"});
    size_t seen = 0;
    size_t written = 0;
    for (const auto& tx : request.Wallet()->TransactionsSince(-1)) {
        bool paid = false; // fee and name fee stand once, so that a column can be summed up
        for (const auto& part : tx.parts) {
            const bool pays = part.category == "send" && !std::exchange(paid, true);
            if (!filter.Fits(tx, part) || seen++ < skip || (count > 0 && written >= count)) continue;
            AddLine(table, tx, part, pays);
            ++written;
        }
    }
    return Written(request, table.Content(), "lines", written);
}

/// As text where it is text.
void AddBytes(CsvTable& table, base::ByteSpan bytes, ValueType type)
{
    const bool hex =
        type == ValueType::Hex || (type == ValueType::Text && !codec::IsUtf8(base::AsText(bytes)));
    table.Text(EncodeValue(bytes, type)).Plain(hex ? "hex" : type == ValueType::Text ? "text" : "base64");
}

Json ExportNames(const Request& request)
{
    const auto type = ParseValueType(request.Str(1));
    const int32_t height = request.Chain().GetTip().height;
    const auto query = NameQueryOf(request, {.count = 2, .start = 3, .filter = 4});
    CsvTable table;
    AddHead(table, {"name", "name_encoding", "value", "value_encoding", "address", "state", "expires_at",
                    "expires_in", "pending", "txid"});
    const auto names = request.Wallet()->ListNames(query);
    for (const auto& own : names) {
        const auto& record = own.info.record;
        const bool committed = record.expiry != 0;
        AddBytes(table, base::AsBytes(own.info.name), ValueType::Text);
        AddBytes(table, own.pending ? own.pending->op.value : record.value, type);
        table.Text(own.address);
        table.Plain(!own.mine ? "transferred" : committed && !own.info.live ? "expired" : "own");
        table.Plain(committed ? std::to_string(record.expiry) : "");
        table.Plain(committed ? std::to_string(record.expiry - height) : "");
        table.Plain(own.pending ? names::OpName(own.pending->op.kind) : "");
        table.Plain(base::ReversedHex(own.pending ? own.pending->txid : record.outpoint.txid));
        table.EndLine();
    }
    return Written(request, table.Content(), "lines", names.size());
}

constexpr ArgSpec NEW_FILE{"filename", ArgType::String, "", "a new file on the node's computer"};

CallTable Tables()
{
    return {
        {"exportlabels",
         "Wallet",
         CallKind::Slow,
         "Writes all labels, and which coins are locked, into a file of BIP 329: a JSON object in each "
         "line.\n"
         "The label of a transaction is its comment.",
         {NEW_FILE},
         "{ filename, labels }",
         "\"/path/labels.jsonl\"",
         ExportLabels},
        {"importlabels",
         "Wallet",
         CallKind::Slow,
         "Takes over the labels of a file of BIP 329: of addresses, transactions of this wallet, public "
         "keys, "
         "extended\n"
         "public keys, inputs and outputs; an output with \"spendable\": false is locked. A line that is "
         "wrong "
         "refuses\n"
         "the whole file.",
         {{"filename", ArgType::String, "", "the file on the node's computer"}},
         "{ labels: taken, passed_over: [ { line, reason } ] }",
         "\"/path/labels.jsonl\"",
         ImportLabels},
        {"exporttransactions",
         "Wallet",
         CallKind::Slow,
         "Writes the lines of listtransactions, oldest first, into a table for spreadsheets (CSV, RFC 4180). "
         "Texts that\n"
         "would be formulas get an apostrophe in front.",
         {NEW_FILE,
          {"count", ArgType::Number, "0", "at most so many lines; 0: all"},
          {"skip", ArgType::Number, "0", "leave out so many of the oldest"},
          {"filter", ArgType::Object, "-",
           "{ label, category, since, until }; times in unix seconds, both included"}},
         "{ filename, lines }",
         "\"/path/2026.csv\" 0 0 '{\"since\":1767225600}'",
         ExportTransactions},
        {"exportnames",
         "Names",
         CallKind::Slow,
         "Writes the names of this wallet into a table for spreadsheets (CSV, RFC 4180).",
         {NEW_FILE,
          {"valuetype", ArgType::String, "text", "text, hex or base64"},
          {"count", ArgType::Number, "0", "at most so many; 0: all"},
          {"start", ArgType::String, "\"\"", "first name to write"},
          {"filter", ArgType::Object, "-",
           "{ prefix, expires_within: blocks, mine: without names of others }"}},
         "{ filename, lines }",
         "\"/path/names.csv\"",
         ExportNames},
    };
}

} // namespace

const CallTable& WalletExportCalls()
{
    static const CallTable table = Tables();
    return table;
}

} // namespace emc::rpc
