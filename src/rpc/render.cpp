#include "rpc/render.h"

#include "base/log.h"
#include "codec/base58.h"
#include "consensus/networks.h"
#include "consensus/target.h"
#include "interfaces/chain.h"
#include "interfaces/pool.h"
#include "names/transition.h"
#include "script/address.h"

namespace emc::rpc {

namespace {

using primitives::Transaction;

constexpr uint32_t DIFFICULTY_ONE_BITS = 0x1d00ffff;

Json NameOpJson(const names::NameOp& op)
{
    Json out = codec::JsonObject();
    out.pushKV("op", std::string(names::OpName(op.kind)));
    PushValue(out, "name", base::AsBytes(op.name), ValueType::Text);
    if (op.kind != names::OpKind::Delete) {
        PushValue(out, "value", op.value, ValueType::Text);
        out.pushKV("days", op.days);
    }
    return out;
}

std::optional<names::NameOp> NameOpOf(const Transaction& tx, size_t index)
{
    if (tx.Version() != primitives::NAME_TX_VERSION) return std::nullopt;
    auto parsed = names::ParseNameOutput(tx.Outputs()[index].script_pubkey);
    return parsed ? parsed->op : std::nullopt;
}

Json WitnessJson(const primitives::Witness& witness)
{
    Json out = codec::JsonArray();
    for (const auto& item : witness)
        out.push_back(base::Hex(item));
    return out;
}

/// A script with its prefix, if it has one, and its owner's part, which everything but asm and hex is about.
Json ScriptJson(base::ByteSpan whole, base::ByteSpan owner, const std::string& type_prefix,
                const consensus::Params& params)
{
    Json out = codec::JsonObject();
    out.pushKV("asm", script::ScriptToAsm(whole));
    out.pushKV("desc", DescriptorOf(params, owner));
    out.pushKV("hex", base::Hex(whole));
    if (const auto address = AddressText(params, owner); !address.empty()) out.pushKV("address", address);
    out.pushKV("type", type_prefix + std::string(script::TypeName(script::Solve(owner).type)));
    return out;
}

Json PrevoutJson(const primitives::Coin& coin, const consensus::Params& params)
{
    Json out = codec::JsonObject();
    out.pushKV("generated", coin.generated);
    if (coin.height != MEMPOOL_HEIGHT) out.pushKV("height", coin.height);
    out.pushKV("value", codec::JsonAmount(coin.out.value));
    out.pushKV("scriptPubKey", ScriptJson(coin.out.script_pubkey, coin.out.script_pubkey, "", params));
    return out;
}

Json InputJson(const Transaction& tx, size_t i, const consensus::Params& params, const TxJsonOptions& options)
{
    const auto& input = tx.Inputs()[i];
    Json out = codec::JsonObject();
    if (tx.IsCoinbase()) {
        out.pushKV("coinbase", base::Hex(input.script_sig));
    } else {
        out.pushKV("txid", base::ReversedHex(input.prevout.txid));
        out.pushKV("vout", static_cast<int64_t>(input.prevout.index));
        Json script = codec::JsonObject();
        script.pushKV("asm", script::ScriptToAsm(input.script_sig, true));
        script.pushKV("hex", base::Hex(input.script_sig));
        out.pushKV("scriptSig", script);
    }
    if (!input.witness.empty()) out.pushKV("txinwitness", WitnessJson(input.witness));
    if (options.prevouts && options.spent != nullptr && i < options.spent->size()) {
        out.pushKV("prevout", PrevoutJson((*options.spent)[i], params));
    }
    out.pushKV("sequence", static_cast<int64_t>(input.sequence));
    return out;
}

} // namespace

std::optional<TxFee> FeeOf(const Transaction& tx, const std::vector<primitives::Coin>* spent)
{
    if (spent == nullptr || tx.IsCoinbase() || spent->size() != tx.Inputs().size()) return std::nullopt;
    TxFee out;
    for (const auto& coin : *spent)
        out.fee += coin.out.value;
    for (const auto& output : tx.Outputs())
        out.fee -= output.value;
    for (size_t i = 0; i < tx.Outputs().size(); ++i) {
        if (const auto op = NameOpOf(tx, i)) out.burned += names::NameFee(*op);
    }
    out.fee -= out.burned;
    return out;
}

ValueType ParseValueType(const std::string& text)
{
    if (text.empty() || text == "text") return ValueType::Text;
    if (text == "hex") return ValueType::Hex;
    if (text == "base64") return ValueType::Base64;
    throw RpcError(Code::Parameter, "valuetype must be text, hex or base64, not '" + text + "'");
}

std::string EncodeValue(base::ByteSpan value, ValueType type)
{
    if (type == ValueType::Base64) return codec::Base64Encode(value);
    if (type == ValueType::Text && codec::IsUtf8(base::AsText(value))) return base::ToText(value);
    return base::Hex(value);
}

void PushValue(Json& object, const std::string& key, base::ByteSpan value, ValueType type)
{
    object.pushKV(key, EncodeValue(value, type));
    if (type == ValueType::Text && !codec::IsUtf8(base::AsText(value)))
        object.pushKV(key + "_encoding", "hex");
}

base::Bytes DecodeValue(const std::string& text, ValueType type)
{
    if (type == ValueType::Text) return base::ToBytes(text);
    auto out = type == ValueType::Hex ? base::FromHex(text) : codec::Base64Decode(text);
    if (!out) {
        throw RpcError(Code::Parameter, type == ValueType::Hex ? "failed to decode value as hex"
                                                               : "failed to decode value as base64");
    }
    return *out;
}

double Difficulty(uint32_t bits)
{
    const auto target = consensus::TargetOf(bits);
    if (!target) return 0;
    return consensus::TargetOf(DIFFICULTY_ONE_BITS)->ToDouble() / target->ToDouble();
}

std::string AddressText(const consensus::Params& params, base::ByteSpan script)
{
    return script::EncodeAddress(params.addresses, script).value_or("");
}

void PushAddressKind(Json& object, base::ByteSpan script)
{
    const auto witness = script::AsWitnessProgram(script);
    object.pushKV("isscript",
                  script::IsPayToScriptHash(script) || (witness && witness->program.size() == 32));
    object.pushKV("iswitness", witness.has_value());
    if (!witness) return;
    object.pushKV("witness_version", witness->version);
    object.pushKV("witness_program", base::Hex(witness->program));
}

base::Bytes ScriptOfAddress(const consensus::Params& params, const std::string& address)
{
    auto script = script::DecodeAddress(params.addresses, address);
    if (!script) throw RpcError(Code::AddressOrKey, "Invalid address: " + script.Error());
    return *script;
}

crypto::PrivateKey SecretOf(const consensus::Params& params, const std::string& text)
{
    auto key = script::DecodeSecret(params.addresses, text);
    if (!key) {
        throw RpcError(Code::AddressOrKey, "Invalid private key" + consensus::NetworkOfSecret(params, text));
    }
    return std::move(*key);
}

Json OutputScriptJson(const Transaction& tx, size_t index, const consensus::Params& params)
{
    const auto& whole = tx.Outputs()[index].script_pubkey;
    const auto owner = names::OwnerScriptOf(tx.Version(), index, whole);
    const auto op = NameOpOf(tx, index);
    Json out = ScriptJson(whole, owner.script, op ? "name_" : "", params);
    if (op) out.pushKV("nameOp", NameOpJson(*op));
    return out;
}

Json TxJson(const Transaction& tx, const consensus::Params& params, const TxJsonOptions& options)
{
    Json out = codec::JsonObject();
    out.pushKV("txid", base::ReversedHex(tx.Txid()));
    out.pushKV("hash", base::ReversedHex(tx.Wtxid()));
    out.pushKV("version", tx.Version());
    out.pushKV("size", static_cast<uint64_t>(tx.TotalSize()));
    out.pushKV("vsize", static_cast<uint64_t>(tx.VirtualSize()));
    out.pushKV("weight", static_cast<uint64_t>(tx.Weight()));
    out.pushKV("locktime", static_cast<int64_t>(tx.LockTime()));
    Json inputs = codec::JsonArray();
    for (size_t i = 0; i < tx.Inputs().size(); ++i)
        inputs.push_back(InputJson(tx, i, params, options));
    out.pushKV("vin", inputs);
    Json outputs = codec::JsonArray();
    for (size_t i = 0; i < tx.Outputs().size(); ++i) {
        Json output = codec::JsonObject();
        output.pushKV("value", codec::JsonAmount(tx.Outputs()[i].value));
        output.pushKV("n", static_cast<uint64_t>(i));
        output.pushKV("scriptPubKey", OutputScriptJson(tx, i, params));
        const auto op = options.name_fields ? NameOpOf(tx, i) : std::nullopt;
        if (op) {
            PushValue(output, "nvsname", base::AsBytes(op->name), ValueType::Text);
            PushValue(output, "nvsvalue", op->value, ValueType::Text);
        }
        outputs.push_back(output);
    }
    out.pushKV("vout", outputs);
    if (const auto paid = FeeOf(tx, options.spent)) {
        out.pushKV("fee", codec::JsonAmount(paid->fee));
        if (paid->burned != 0) out.pushKV("burned", codec::JsonAmount(paid->burned));
    }
    if (options.hex) out.pushKV("hex", base::Hex(primitives::Serialize(tx)));
    return out;
}

Json HeaderJson(const interfaces::BlockInfo& info)
{
    const auto& header = info.header;
    Json out = codec::JsonObject();
    out.pushKV("hash", base::ReversedHex(info.hash));
    out.pushKV("confirmations", info.confirmations);
    out.pushKV("height", info.height);
    out.pushKV("version", header.version);
    out.pushKV("versionHex", base::Format("%08x", static_cast<uint32_t>(header.version)));
    out.pushKV("merkleroot", base::ReversedHex(header.merkle_root));
    out.pushKV("time", static_cast<int64_t>(header.time));
    out.pushKV("mediantime", info.median_time);
    out.pushKV("nonce", static_cast<int64_t>(header.nonce));
    out.pushKV("bits", base::Format("%08x", header.bits));
    out.pushKV("difficulty", Difficulty(header.bits));
    out.pushKV("chainwork", info.chain_work.ToHex());
    out.pushKV("flags", header.IsProofOfStake() ? "proof-of-stake" : "proof-of-work");
    out.pushKV("nTx", info.tx_count);
    if (!header.prev_hash.IsNull()) out.pushKV("previousblockhash", base::ReversedHex(header.prev_hash));
    if (info.next_hash) out.pushKV("nextblockhash", base::ReversedHex(*info.next_hash));
    return out;
}

Json BlockJson(const primitives::Block& block, const interfaces::BlockInfo& info,
               const consensus::Params& params, int verbosity,
               const std::vector<std::vector<primitives::Coin>>* spent)
{
    Json out = HeaderJson(info);
    out.pushKV("strippedsize",
               static_cast<uint64_t>(primitives::Serialize(block, primitives::WitnessMode::Without).size()));
    out.pushKV("size", static_cast<uint64_t>(primitives::Serialize(block).size()));
    out.pushKV("weight", static_cast<uint64_t>(primitives::BlockWeight(block)));
    Json txs = codec::JsonArray();
    for (size_t i = 0; i < block.transactions.size(); ++i) {
        const auto& tx = *block.transactions[i];
        if (verbosity <= 1) {
            txs.push_back(base::ReversedHex(tx.Txid()));
            continue;
        }
        TxJsonOptions options;
        if (spent != nullptr && i < spent->size()) options.spent = &(*spent)[i];
        options.prevouts = verbosity >= 3;
        txs.push_back(TxJson(tx, params, options));
    }
    out.pushKV("tx", txs);
    return out;
}

Json CoinScriptJson(const primitives::Coin& coin, const consensus::Params& params)
{
    const auto& script = coin.out.script_pubkey;
    return ScriptJson(script, script, coin.had_prefix ? "name_" : "", params);
}

std::optional<primitives::Coin> CoinOf(const Request& request, const primitives::OutPoint& outpoint)
{
    static_cast<void>(request.Chain());
    return CoinOf(request.Rooms(), outpoint);
}

std::optional<primitives::Coin> CoinOf(const Services& rooms, const primitives::OutPoint& outpoint)
{
    if (auto coin = rooms.chain->GetCoin(outpoint)) return coin;
    const auto tx = rooms.pool != nullptr ? rooms.pool->Get(outpoint.txid) : nullptr;
    if (!tx || outpoint.index >= tx->Outputs().size()) return std::nullopt;
    const auto& output = tx->Outputs()[outpoint.index];
    const auto owner = names::OwnerScriptOf(tx->Version(), outpoint.index, output.script_pubkey);
    primitives::Coin coin;
    coin.out = {output.value, base::Bytes(owner.script.begin(), owner.script.end())};
    coin.had_prefix = owner.had_prefix;
    coin.height = MEMPOOL_HEIGHT;
    return coin;
}

primitives::TxRef TxFromHex(const std::string& hex)
{
    const auto bytes = base::FromHex(hex);
    const auto tx = bytes ? primitives::ParseTransaction(*bytes) : nullptr;
    if (!tx)
        throw RpcError(Code::Deserialization,
                       "Not a transaction: bytes are missing, left over, or it has no input");
    return tx;
}

} // namespace emc::rpc
