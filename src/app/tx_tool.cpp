#include "app/tx_tool.h"

#include "app/offline_chain.h"
#include "app/setup.h"
#include "crypto/hash.h"
#include "crypto/keys.h"
#include "crypto/sha256.h"
#include "rpc/call.h"
#include "rpc/render.h"
#include "script/assemble.h"
#include "script/script.h"
#include "script/solver.h"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <map>
#include <stdexcept>

namespace emc::app {

namespace {

using codec::Json;
using primitives::MutableTransaction;

constexpr uint32_t SEQUENCE_FINAL = 0xffff'ffff;
constexpr uint32_t SEQUENCE_REPLACEABLE = 0xffff'fffd;
constexpr size_t MAX_INPUT_BYTES = 32u << 20;
constexpr int MAX_PUBKEYS = 20;

/// A sentence for the user.
class ToolError : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// What the commands work on, one after the other.
struct Editor {
    const consensus::Params& params;
    MutableTransaction tx;
    std::map<std::string, Json> registers{}; ///< of set= and load=
};

std::vector<std::string> Split(const std::string& text, char mark)
{
    std::vector<std::string> out;
    size_t begin = 0;
    for (size_t end = 0; end != std::string::npos; begin = end + 1) {
        end = text.find(mark, begin);
        out.push_back(text.substr(begin, end == std::string::npos ? end : end - begin));
    }
    return out;
}

int64_t Whole(const std::string& text, int64_t low, int64_t high, const std::string& what)
{
    int64_t value = 0;
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc{} || end != last || value < low || value > high) {
        throw ToolError(what + " '" + text + "' is no whole number from " + std::to_string(low) + " to " +
                        std::to_string(high));
    }
    return value;
}

template <typename List>
size_t PlaceIn(const List& list, const std::string& text, const std::string& what)
{
    if (list.empty()) throw ToolError("There is no " + what);
    return static_cast<size_t>(Whole(text, 0, static_cast<int64_t>(list.size()) - 1, what));
}

primitives::Amount Value(const std::string& text)
{
    const auto amount = codec::ParseAmount(text);
    if (!amount || !primitives::MoneyRange(*amount))
        throw ToolError("'" + text + "' is no amount of EMC with at most eight decimals");
    return *amount;
}

base::Bytes HexOf(const std::string& text, const std::string& what)
{
    auto bytes = base::FromHex(text);
    if (!bytes) throw ToolError(what + " '" + text + "' is no pairs of hex digits");
    return std::move(*bytes);
}

/// The end of VALUE:SOMETHING[:FLAGS]: W makes it a witness output, S puts it behind a hash.
base::Bytes Wrapped(base::Bytes inner, const std::string& flags, const base::Bytes& witness)
{
    if (flags.find_first_not_of("WS") != std::string::npos)
        throw ToolError("'" + flags + "' are no flags; there are W (witness) and S (pay to script hash)");
    if (flags.find('W') != std::string::npos) inner = witness;
    if (flags.find('S') == std::string::npos) return inner;
    if (inner.size() > script::MAX_ELEMENT_BYTES) {
        throw ToolError("A script of " + std::to_string(inner.size()) +
                        " bytes behind a hash could never be spent; 520 are the most");
    }
    return script::PayToScriptHash(crypto::Hash160Of(inner));
}

void AddOutput(Editor& editor, const std::string& value, base::Bytes script)
{
    editor.tx.outputs.push_back({Value(value), std::move(script)});
}

crypto::PublicKey KeyOf(const std::string& text)
{
    const auto key = crypto::PublicKey::From(HexOf(text, "Public key"));
    if (!key || !key->IsOnCurve()) throw ToolError("'" + text + "' is no public key");
    return *key;
}

void SetVersion(Editor& editor, const std::string& text)
{
    editor.tx.version = static_cast<int32_t>(Whole(text, INT32_MIN, INT32_MAX, "Version"));
}

void SetLockTime(Editor& editor, const std::string& text)
{
    editor.tx.lock_time = static_cast<uint32_t>(Whole(text, 0, UINT32_MAX, "Lock time"));
}

void SetReplaceable(Editor& editor, const std::string& text)
{
    auto& inputs = editor.tx.inputs;
    if (text.empty()) {
        for (auto& input : inputs)
            input.sequence = std::min(input.sequence, SEQUENCE_REPLACEABLE);
        return;
    }
    inputs[PlaceIn(inputs, text, "Input")].sequence = SEQUENCE_REPLACEABLE;
}

void AddInput(Editor& editor, const std::string& text)
{
    const auto parts = Split(text, ':');
    if (parts.size() < 2 || parts.size() > 3)
        throw ToolError("in=TXID:VOUT[:SEQUENCE] is expected, not in=" + text);
    const auto txid = base::HashFromReversedHex(parts[0]);
    if (!txid) throw ToolError("'" + parts[0] + "' is no txid of 64 hex digits");
    primitives::TxIn input;
    input.prevout = {*txid, static_cast<uint32_t>(Whole(parts[1], 0, UINT32_MAX, "Output"))};
    input.sequence = parts.size() == 3 ? static_cast<uint32_t>(Whole(parts[2], 0, UINT32_MAX, "Sequence"))
                                       : SEQUENCE_FINAL;
    editor.tx.inputs.push_back(std::move(input));
}

template <typename List>
void Remove(List& list, const std::string& text, const std::string& what)
{
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(PlaceIn(list, text, what)));
}

void RemoveInput(Editor& editor, const std::string& text)
{
    Remove(editor.tx.inputs, text, "Input");
}

void RemoveOutput(Editor& editor, const std::string& text)
{
    Remove(editor.tx.outputs, text, "Output");
}

void AddAddress(Editor& editor, const std::string& text)
{
    const auto parts = Split(text, ':');
    if (parts.size() != 2) throw ToolError("outaddr=VALUE:ADDRESS is expected, not outaddr=" + text);
    AddOutput(editor, parts[0], rpc::ScriptOfAddress(editor.params, parts[1]));
}

void AddPublicKey(Editor& editor, const std::string& text)
{
    const auto parts = Split(text, ':');
    if (parts.size() < 2 || parts.size() > 3) throw ToolError("outpubkey=VALUE:KEY[:FLAGS] is expected");
    const auto key = KeyOf(parts[1]);
    const std::string flags = parts.size() == 3 ? parts[2] : "";
    if (flags.find('W') != std::string::npos && !key.IsCompressed())
        throw ToolError("A witness output takes a compressed public key");
    AddOutput(editor, parts[0],
              Wrapped(script::PayToPubKey(key), flags, script::PayToWitnessKeyHash(key.Id())));
}

void AddMultisig(Editor& editor, const std::string& text)
{
    const auto parts = Split(text, ':');
    if (parts.size() < 3) throw ToolError("outmultisig=VALUE:REQUIRED:KEYS:KEY1:…[:FLAGS] is expected");
    const auto required = static_cast<int>(Whole(parts[1], 1, MAX_PUBKEYS, "Number of signatures"));
    const auto count = static_cast<size_t>(Whole(parts[2], required, MAX_PUBKEYS, "Number of keys"));
    if (parts.size() < 3 + count || parts.size() > 4 + count)
        throw ToolError("There are not as many keys as outmultisig says: " + parts[2]);
    std::vector<crypto::PublicKey> keys;
    for (size_t i = 0; i < count; ++i)
        keys.push_back(KeyOf(parts[3 + i]));
    const auto inner = script::MultiSigScript(required, keys);
    const std::string flags = parts.size() == 4 + count ? parts.back() : "";
    const bool compressed =
        std::all_of(keys.begin(), keys.end(), [](const auto& key) { return key.IsCompressed(); });
    if (flags.find('W') != std::string::npos && !compressed)
        throw ToolError("A witness output takes compressed public keys");
    AddOutput(editor, parts[0],
              Wrapped(inner, flags, script::PayToWitnessScriptHash(crypto::Sha256Of(inner))));
}

void AddScript(Editor& editor, const std::string& text)
{
    const auto colon = text.find(':');
    if (colon == std::string::npos) throw ToolError("outscript=VALUE:SCRIPT[:FLAGS] is expected");
    const auto last = text.rfind(':');
    const bool flagged = last != colon && text.find_first_not_of("WS", last + 1) == std::string::npos;
    const auto words = text.substr(colon + 1, flagged ? last - colon - 1 : std::string::npos);
    const auto inner = script::AssembleScript(words);
    if (!inner) throw ToolError("outscript: " + inner.Error());
    AddOutput(editor, text.substr(0, colon),
              Wrapped(*inner, flagged ? text.substr(last + 1) : "",
                      script::PayToWitnessScriptHash(crypto::Sha256Of(*inner))));
}

void AddData(Editor& editor, const std::string& text)
{
    const auto colon = text.find(':');
    const std::string value = colon == std::string::npos ? "0" : text.substr(0, colon);
    const auto data = HexOf(colon == std::string::npos ? text : text.substr(colon + 1), "Data");
    AddOutput(editor, value, script::ScriptBuilder().Op(script::OP_RETURN).Push(data).Take());
}

/// What a call of the node gives that needs no more of the chain than its parameters.
Json RunOffline(const Editor& editor, std::string_view call, std::vector<Json> arguments)
{
    const OfflineChain chain(editor.params);
    rpc::Services services;
    services.chain = &chain;
    return rpc::RunCall(services, *rpc::FindCall(call), std::move(arguments), {});
}

void AddName(Editor& editor, const std::string& text)
{
    const auto operation = codec::ParseJson(text);
    if (!operation) throw ToolError("outname: not JSON: " + operation.Error().reason);
    Json outputs = codec::JsonObject();
    outputs.pushKV("name", *operation);
    const Json made = RunOffline(editor, "createrawtransaction", {codec::JsonArray(), outputs});
    auto fields = rpc::TxFromHex(made.get_str())->Fields();
    editor.tx.version = fields.version;
    for (auto& output : fields.outputs)
        editor.tx.outputs.push_back(std::move(output));
}

void SetRegister(Editor& editor, const std::string& text)
{
    const auto colon = text.find(':');
    if (colon == std::string::npos || colon == 0)
        throw ToolError("set=NAME:JSON is expected, not set=" + text);
    auto value = codec::ParseJson(text.substr(colon + 1));
    if (!value) throw ToolError("set=" + text.substr(0, colon) + ": not JSON: " + value.Error().reason);
    editor.registers[text.substr(0, colon)] = std::move(*value);
}

void LoadRegister(Editor& editor, const std::string& text)
{
    const auto colon = text.find(':');
    if (colon == std::string::npos || colon == 0)
        throw ToolError("load=NAME:FILE is expected, not load=" + text);
    const auto content = ReadTextFile(text.substr(colon + 1), MAX_INPUT_BYTES);
    if (!content) throw ToolError("Cannot read " + text.substr(colon + 1));
    SetRegister(editor, text.substr(0, colon + 1) + *content);
}

/// As the call signrawtransactionwithkey does, which here knows no coins but those of prevtxs.
void Sign(Editor& editor, const std::string& type)
{
    for (const char* name : {"privatekeys", "prevtxs"}) {
        if (editor.registers.count(name) == 0)
            throw ToolError(std::string("sign= needs ") + name + " first: set=" + name + ":[…]");
    }
    const Json signed_tx = RunOffline(editor, "signrawtransactionwithkey",
                                      {base::Hex(primitives::Serialize(primitives::Transaction(editor.tx))),
                                       editor.registers["privatekeys"], editor.registers["prevtxs"],
                                       type.empty() ? "ALL" : type});
    editor.tx = rpc::TxFromHex(signed_tx["hex"].get_str())->Fields();
}

struct Command {
    std::string_view name;
    std::string_view argument;
    std::string_view help;
    void (*run)(Editor& editor, const std::string& text);
};

constexpr Command COMMANDS[] = {
    {"nversion", "<n>", "Set the version", SetVersion},
    {"locktime", "<n>", "Set the height or time before which it is not final", SetLockTime},
    {"replaceable", "<n>", "Let input n, or without a number all, signal that it may be replaced (BIP 125)",
     SetReplaceable},
    {"in", "<txid:vout[:sequence]>", "Add an input", AddInput},
    {"delin", "<n>", "Remove input n, counted from 0", RemoveInput},
    {"outaddr", "<value:address>", "Add an output that pays an address; value in EMC", AddAddress},
    {"outpubkey", "<value:key[:flags]>",
     "Add one that pays a public key; W: as witness, S: behind a script's hash", AddPublicKey},
    {"outmultisig", "<value:required:keys:key1:…[:flags]>", "Add one that needs signatures of several keys",
     AddMultisig},
    {"outscript", "<value:script[:flags]>",
     "Add one with this script: op codes, numbers, hex, 'text', 0x and raw bytes, with blanks between",
     AddScript},
    {"outdata", "<[value:]hex>", "Add one with data that nobody can spend", AddData},
    {"outname", "<json>",
     "Add a name operation as createrawtransaction takes it: "
     "{\"NEW\":name,\"value\":…,\"days\":…,\"toaddress\":…}",
     AddName},
    {"delout", "<n>", "Remove output n, counted from 0", RemoveOutput},
    {"set", "<name:json>",
     "Set privatekeys to a list of keys, or prevtxs to a list of { txid, vout, scriptPubKey, amount, "
     "redeemScript, "
     "witnessScript }",
     SetRegister},
    {"load", "<name:file>", "The same from a file", LoadRegister},
    {"sign", "<type>",
     "Sign with privatekeys what prevtxs tells: ALL, NONE or SINGLE, also with |ANYONECANPAY", Sign},
};

void RunCommand(Editor& editor, const std::string& word)
{
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto* command = std::find_if(std::begin(COMMANDS), std::end(COMMANDS),
                                       [&name](const Command& c) { return c.name == name; });
    if (command == std::end(COMMANDS)) throw ToolError("'" + name + "' is no command; -help lists them");
    command->run(editor, equals == std::string::npos ? "" : word.substr(equals + 1));
}

void PrintHelp()
{
    std::cout << VersionText("emercoin-tx") << "\nUsage: emercoin-tx [options] <hex> [commands]\n"
              << "       emercoin-tx [options] -create [commands]\n\nCommands:\n\n";
    for (const auto& command : COMMANDS)
        std::cout << "  " << command.name << "=" << command.argument << "\n       " << command.help << "\n";
    std::cout << "\nThe transaction is read from standard input when its hex is -. Commands are done in "
                 "their order.\n\n"
              << OptionsHelp(TxToolOptions());
}

/// The transaction that the words begin with; takes that word away.
MutableTransaction TakeTransaction(const Options& options, std::vector<std::string>& words)
{
    if (options.Bool("create", false)) return {};
    if (words.empty())
        throw ToolError("Name a transaction as hex, - for standard input, or -create a new one");
    std::string hex = words.front();
    words.erase(words.begin());
    if (hex == "-") std::getline(std::cin, hex);
    const auto bytes = base::FromHex(hex);
    const auto tx = bytes ? primitives::ParseTransaction(*bytes) : nullptr;
    if (!tx) throw ToolError("Not a transaction: no hex, bytes are missing or left over, or it has no input");
    return tx->Fields();
}

int Run(const Options& options, const consensus::Params& params)
{
    std::vector<std::string> words = options.Words();
    Editor editor{params, TakeTransaction(options, words)};
    for (const auto& word : words)
        RunCommand(editor, word);
    const primitives::Transaction tx(std::move(editor.tx));
    if (options.Bool("json", false)) {
        std::cout << codec::WriteJson(rpc::TxJson(tx, params, {}), 4) << "\n";
    } else {
        std::cout << (options.Bool("txid", false) ? base::ReversedHex(tx.Txid())
                                                  : base::Hex(primitives::Serialize(tx)))
                  << "\n";
    }
    return 0;
}

} // namespace

int RunTxTool(const std::vector<std::string>& arguments)
{
    Options options(TxToolOptions());
    const auto params = ReadArguments(options, arguments);
    if (!params) {
        std::cerr << "error: " << params.Error() << "\n";
        return 1;
    }
    if (options.Bool("version", false)) {
        std::cout << VersionText("emercoin-tx");
        return 0;
    }
    if (options.Bool("help", false) || arguments.empty()) {
        PrintHelp();
        return arguments.empty() ? 1 : 0;
    }
    try {
        return Run(options, *params);
    } catch (const std::exception& e) {
        std::cerr << "error: " << e.what() << "\n";
        return 1;
    }
}

} // namespace emc::app
