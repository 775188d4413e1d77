#include "rpc/tx_args.h"

#include "base/log.h"
#include "interfaces/chain.h"
#include "names/op_codec.h"
#include "rpc/render.h"
#include "rpc/text_file.h"
#include "script/sighash.h"
#include "script/solver.h"

#include <unordered_set>

namespace emc::rpc {

namespace {

using interfaces::WalletNamesApi;
using names::OpKind;
using NameChange = WalletNamesApi::NameChange;

/// In a name output unless an amount is given.
constexpr primitives::Amount NAME_AMOUNT = 10'000;

constexpr std::pair<std::string_view, int> HASH_TYPES[] = {
    {"DEFAULT", script::SIGHASH_DEFAULT},
    {"ALL", script::SIGHASH_ALL},
    {"NONE", script::SIGHASH_NONE},
    {"SINGLE", script::SIGHASH_SINGLE},
    {"ALL|ANYONECANPAY", script::SIGHASH_ALL | script::SIGHASH_ANYONECANPAY},
    {"NONE|ANYONECANPAY", script::SIGHASH_NONE | script::SIGHASH_ANYONECANPAY},
    {"SINGLE|ANYONECANPAY", script::SIGHASH_SINGLE | script::SIGHASH_ANYONECANPAY},
};

primitives::Amount AmountOf(const std::string& key, const Json& value)
{
    const auto amount = codec::ParseAmount(value.getValStr());
    if (!amount || !primitives::MoneyRange(*amount)) throw RpcError(Code::Type, "Invalid amount for " + key);
    return *amount;
}

/// A name operation: who owns the name afterwards has to be said, no wallet gives an address here.
void AddNameOutput(primitives::MutableTransaction& tx, const Json& value, const Request& request)
{
    const auto& params = request.Chain().Params();
    const NameChange change = NameChangeOf(value, request);
    names::NameOp op;
    op.kind = change.kind;
    op.name = change.name;
    op.owner_script = ScriptOfAddress(params, change.kind == OpKind::Delete ? TextField(value, "toaddress")
                                                                            : change.to_address);
    op.value = change.value;
    op.days = change.days;
    if (op.name.empty() || op.name.size() > names::MAX_NAME_BYTES)
        throw RpcError(Code::Parameter, "A name has 1 to 512 bytes");
    if (op.value.size() > names::MAX_VALUE_BYTES)
        throw RpcError(Code::Parameter, "A value has at most 20480 bytes");
    if (op.days < (op.kind == OpKind::New ? 1 : 0) || op.days > names::MAX_DAYS)
        throw RpcError(Code::Parameter, "days is out of range: 1 to 36500, for UPDATE from 0");
    if (!names::IsOwnerScript(op.owner_script))
        throw RpcError(Code::AddressOrKey, "An address of this kind cannot own a name");
    const auto amount = value["amount"].isNull() ? NAME_AMOUNT : AmountOf("name", value["amount"]);
    tx.version = primitives::NAME_TX_VERSION;
    tx.outputs.push_back({amount, names::WriteNameScript(op)});
}

void AddOutput(primitives::MutableTransaction& tx, const std::string& key, const Json& value,
               const Request& request)
{
    if (key == "data") {
        const auto data = value.isStr() ? base::FromHex(value.get_str()) : std::nullopt;
        if (!data) throw RpcError(Code::Parameter, "data must be hexadecimal string");
        tx.outputs.push_back({0, script::ScriptBuilder().Op(script::OP_RETURN).Push(*data).Take()});
        return;
    }
    if (key == "name") {
        AddNameOutput(tx, value, request);
        return;
    }
    tx.outputs.push_back({AmountOf(key, value), ScriptOfAddress(request.Chain().Params(), key)});
}

} // namespace

primitives::OutPoint OutPointOf(const Json& object)
{
    const auto txid = object.isObject() && object["txid"].isStr()
                          ? base::HashFromReversedHex(object["txid"].get_str())
                          : std::nullopt;
    if (!txid) throw RpcError(Code::Parameter, "An input needs a txid of 64 hex digits");
    if (!object["vout"].isNum()) throw RpcError(Code::Parameter, "An input needs vout, a number");
    const int64_t vout = object["vout"].get_int64();
    if (vout < 0 || vout > UINT32_MAX)
        throw RpcError(Code::Parameter, "vout is out of range: 0 to 4294967295");
    return {*txid, static_cast<uint32_t>(vout)};
}

void AddInputs(primitives::MutableTransaction& tx, const Json& inputs, uint32_t default_sequence)
{
    for (const auto& item : inputs.getValues()) {
        primitives::TxIn input;
        input.prevout = OutPointOf(item);
        input.sequence = default_sequence;
        if (item["sequence"].isNum()) {
            const int64_t sequence = item["sequence"].get_int64();
            if (sequence < 0 || sequence > UINT32_MAX) {
                throw RpcError(Code::Parameter, "sequence is out of range: 0 to 4294967295");
            }
            input.sequence = static_cast<uint32_t>(sequence);
        }
        tx.inputs.push_back(std::move(input));
    }
}

void AddOutputs(primitives::MutableTransaction& tx, const Json& outputs, const Request& request)
{
    std::unordered_set<std::string> seen;
    const auto add_object = [&](const Json& object) {
        for (size_t i = 0; i < object.size(); ++i) {
            const auto& key = object.getKeys()[i];
            if (key != "name" && !seen.insert(key).second) {
                throw RpcError(Code::Parameter,
                               key == "data" ? "data stands twice" : "The same address stands twice: " + key);
            }
            AddOutput(tx, key, object.getValues()[i], request);
        }
    };
    if (outputs.isObject()) {
        add_object(outputs);
        return;
    }
    if (!outputs.isArray()) throw RpcError(Code::Parameter, "outputs is missing");
    for (const auto& item : outputs.getValues()) {
        if (!item.isObject() || item.getKeys().size() != 1) {
            throw RpcError(Code::Parameter, "An output is an object with exactly one key");
        }
        add_object(item);
    }
}

primitives::MutableTransaction TxOfArgs(const Request& request, size_t first)
{
    primitives::MutableTransaction tx;
    const int64_t lock_time = request.IntIn(first + 2, 0, UINT32_MAX, 0);
    tx.lock_time = static_cast<uint32_t>(lock_time);
    const bool replaceable = request.Bool(first + 3, true);
    const uint32_t sequence = replaceable ? 0xfffffffd : lock_time != 0 ? 0xfffffffe : 0xffffffff;
    AddInputs(tx, request.Raw(first), sequence);
    AddOutputs(tx, request.Raw(first + 1), request);
    return tx;
}

int HashTypeOf(const std::string& text)
{
    for (const auto& [name, type] : HASH_TYPES) {
        if (name == text) return type;
    }
    throw RpcError(Code::Parameter, "'" + text +
                                        "' is not a hash type: DEFAULT, ALL, NONE or SINGLE, the last "
                                        "three also with |ANYONECANPAY");
}

std::string HashTypeText(uint32_t type)
{
    for (const auto& [name, number] : HASH_TYPES) {
        if (static_cast<uint32_t>(number) == type) return std::string(name);
    }
    return base::Format("0x%x", type);
}

std::string TextField(const Json& object, const std::string& key)
{
    const Json& value = object[key];
    if (value.isNull()) return {};
    if (!value.isStr()) throw RpcError(Code::Type, key + " param must be a string");
    return value.get_str();
}

base::Bytes NameValueOf(const std::string& text, const std::string& type, const Request& request)
{
    if (type != "file") return DecodeValue(text, ParseValueType(type));
    const auto& folder = request.Rooms().name_files;
    if (folder.empty()) {
        throw RpcError(Code::Parameter,
                       "valuetype file is off: start the node with -namefiles=<folder> to allow it");
    }
    auto value = ReadFileBelow(folder, text, names::MAX_VALUE_BYTES);
    if (!value) throw RpcError(Code::Parameter, value.Error());
    return base::ToBytes(*value);
}

std::pair<primitives::OutPoint, primitives::TxOut> PreviousOutputOf(const Json& item)
{
    const auto outpoint = OutPointOf(item);
    const auto script = base::FromHex(TextField(item, "scriptPubKey"));
    if (!script) throw RpcError(Code::Deserialization, "scriptPubKey is not hexadecimal");
    if (script->empty()) throw RpcError(Code::Parameter, "scriptPubKey is missing");
    primitives::TxOut output{0, *script};
    if (!item["amount"].isNull()) {
        output.value = AmountOf("amount", item["amount"]);
    } else if (script::AsWitnessProgram(output.script_pubkey)) {
        throw RpcError(Code::Type, "amount is missing: signatures of witness inputs cover it");
    }
    return {outpoint, std::move(output)};
}

NameChange NameChangeOf(const Json& item, const Request& request)
{
    if (!item.isObject()) throw RpcError(Code::Type, "Invalid array element: it has to be an object");
    NameChange change;
    int operations = 0;
    for (const auto& [key, kind] :
         {std::pair{"NEW", OpKind::New}, {"UPDATE", OpKind::Update}, {"DELETE", OpKind::Delete}}) {
        if (item[key].isNull()) continue;
        ++operations;
        change.kind = kind;
        change.name = TextField(item, key);
    }
    if (operations != 1) throw RpcError(Code::Type, "Opcode [NEW/UPDATE/DELETE] must be specified just once");
    if (change.kind == OpKind::Delete) return change;
    if (item["value"].isNull()) throw RpcError(Code::Type, "You must specify value");
    if (!item["days"].isNum()) throw RpcError(Code::Type, "You must specify days as an integer");
    change.value = NameValueOf(TextField(item, "value"), TextField(item, "valuetype"), request);
    change.days = item["days"].get_int64();
    change.to_address = TextField(item, "toaddress");
    return change;
}

} // namespace emc::rpc
