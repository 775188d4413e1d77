#include "rpc/send_args.h"

#include "crypto/sha256.h"
#include "interfaces/chain.h"
#include "interfaces/fees.h"
#include "rpc/render.h"
#include "rpc/tx_args.h"
#include "script/key_set.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <unordered_set>

namespace emc::rpc {

namespace {

using interfaces::AddressType;
using primitives::Amount;

constexpr double MAX_UNITS_PER_VBYTE = 1e9;
constexpr int64_t MAX_CONFIRMATIONS = 9'999'999;

/// An outpoint, a sequence and nothing else; and as much as a whole transaction may weigh.
constexpr int64_t MIN_INPUT_WEIGHT = 165;
constexpr int64_t MAX_INPUT_WEIGHT = 400'000;

/// Units per vB with up to three decimals as units per 1000 vB.
Amount RateOf(const Json& value)
{
    const auto rate = codec::ParseAmount(value.getValStr()); // 10^-8 of a unit per vB
    if (!rate || *rate < 0 || static_cast<double>(*rate) > MAX_UNITS_PER_VBYTE * 1e8)
        throw RpcError(Code::Type, "fee_rate is out of range");
    constexpr Amount MILLI = 100'000;
    if (*rate % MILLI != 0) throw RpcError(Code::Type, "fee_rate has more than three decimals");
    return *rate / MILLI;
}

int64_t NumberIn(const std::string& key, const Json& value, int64_t low, int64_t high)
{
    if (!value.isNum()) throw RpcError(Code::Type, key + " has to be a number");
    const int64_t number = value.get_int64();
    if (number < low || number > high) {
        throw RpcError(Code::Parameter,
                       key + " is out of range: " + std::to_string(low) + " to " + std::to_string(high));
    }
    return number;
}

bool BoolOf(const std::string& key, const Json& value)
{
    if (!value.isBool()) throw RpcError(Code::Type, key + " has to be true or false");
    return value.get_bool();
}

std::string TextOf(const std::string& key, const Json& value)
{
    if (!value.isStr()) throw RpcError(Code::Type, key + " has to be a text");
    return value.get_str();
}

void ReadPositions(const Json& value, std::vector<size_t>& out)
{
    if (!value.isArray()) throw RpcError(Code::Type, "subtract_fee_from_outputs has to be a list");
    for (const auto& item : value.getValues()) {
        const auto position = static_cast<size_t>(NumberIn("a position", item, 0, INT32_MAX));
        if (std::count(out.begin(), out.end(), position) > 0)
            throw RpcError(Code::Parameter, "Output " + std::to_string(position) + " is named twice");
        out.push_back(position);
    }
}

/// Inputs and what is known of them. False for another key.
bool ReadInputOption(const std::string& key, const Json& value, SpendOptions& out)
{
    if (key == "inputs" || key == "input_weights") {
        if (!value.isArray()) throw RpcError(Code::Type, key + " has to be a list");
        for (const auto& item : value.getValues()) {
            if (key == "inputs") {
                out.send.coins.inputs.push_back(OutPointOf(item));
            } else if (item["weight"].isNull()) {
                throw RpcError(Code::Parameter, "An element of input_weights needs weight, a number");
            }
            ReadWeight(item, out);
        }
        return true;
    }
    if (key != "solving_data") return false;
    if (!value.isObject()) throw RpcError(Code::Type, "solving_data has to be an object");
    out.solving_data = value;
    return true;
}

/// Adds what a list of solving_data tells; each element goes to `add`.
void AddSolving(const Json& data, const std::string& key, const std::function<void(const std::string&)>& add)
{
    const Json& list = data[key];
    if (list.isNull()) return;
    if (!list.isArray()) throw RpcError(Code::Type, key + " of solving_data has to be a list");
    for (const auto& item : list.getValues())
        add(TextOf("an element of " + key, item));
}

/// Outputs of a descriptor at all indices somebody may mean without saying which: the first thousand.
constexpr uint32_t SOLVING_RANGE = 1'000;

void AddDescriptor(const consensus::Params& params, const std::string& text, script::KeySet& keys)
{
    const auto parsed = script::Descriptor::Parse(params.addresses, text, false);
    if (!parsed) throw RpcError(Code::AddressOrKey, "solving_data: '" + text + "': " + parsed.Error());
    for (uint32_t index = 0; index < (parsed->IsRange() ? SOLVING_RANGE : 1); ++index) {
        if (const auto outputs = parsed->Expand(index)) keys.Add(*outputs);
    }
}

void ReadSolvingData(const Json& data, const consensus::Params& params, script::KeySet& keys)
{
    for (const auto& key : data.getKeys()) {
        if (key != "pubkeys" && key != "scripts" && key != "descriptors")
            throw RpcError(Code::Type, "Unexpected key in solving_data: " + key);
    }
    AddSolving(data, "pubkeys", [&](const std::string& text) {
        if (!base::FromHex(text))
            throw RpcError(Code::AddressOrKey, "solving_data: '" + text + "' is no public key in hex");
        AddDescriptor(params, "combo(" + text + ")", keys);
    });
    AddSolving(data, "scripts", [&](const std::string& text) {
        const auto script = base::FromHex(text);
        if (!script) throw RpcError(Code::AddressOrKey, "solving_data: '" + text + "' is no script in hex");
        keys.Add(*script);
        keys.Add(script::PayToWitnessScriptHash(crypto::Sha256Of(*script))); // behind a script hash
    });
    AddSolving(data, "descriptors", [&](const std::string& text) { AddDescriptor(params, text, keys); });
}

/// Coins and change. False for another key.
bool ReadCoinOption(const std::string& key, const Json& value, const consensus::Params& params,
                    interfaces::WalletMoneyApi::CoinControl& out)
{
    if (key == "add_inputs") {
        out.add_inputs = BoolOf(key, value);
    } else if (key == "include_unsafe") {
        out.include_unsafe = BoolOf(key, value);
    } else if (key == "minconf") {
        out.min_confirmations = static_cast<int32_t>(NumberIn(key, value, 0, MAX_CONFIRMATIONS));
    } else if (key == "maxconf") {
        out.max_confirmations = static_cast<int32_t>(NumberIn(key, value, 0, MAX_CONFIRMATIONS));
    } else if (key == "changeAddress" || key == "change_address") {
        out.change_script = ScriptOfAddress(params, TextOf(key, value));
    } else if (key == "changePosition" || key == "change_position") {
        out.change_position = static_cast<size_t>(NumberIn(key, value, 0, INT32_MAX));
    } else if (key == "change_type") {
        out.change_type = AddressTypeOf(TextOf(key, value));
    } else if (key == "lockUnspents" || key == "lock_unspents") {
        out.lock_inputs = BoolOf(key, value);
    } else if (key == "avoid_reuse") {
        SetAvoidReuse(BoolOf(key, value), out);
    } else {
        return false;
    }
    return true;
}

/// Fees. False for another key.
bool ReadFeeOption(const std::string& key, const Json& value, SpendOptions& out)
{
    if (key == "fee_rate") {
        out.send.fee_per_kvb = RateOf(value);
    } else if (key == "feeRate") {
        const auto rate = codec::ParseAmount(value.getValStr());
        if (!rate || !primitives::MoneyRange(*rate)) throw RpcError(Code::Type, "Invalid amount for feeRate");
        out.send.fee_per_kvb = *rate;
    } else if (key == "conf_target") {
        out.send.conf_target = TargetOf(NumberIn(key, value, INT64_MIN, INT64_MAX));
    } else if (key == "estimate_mode") {
        out.send.fee_mode = FeeModeOf(TextOf(key, value));
    } else if (key == "replaceable") {
        out.send.replaceable = BoolOf(key, value);
    } else if (key == "subtractFeeFromOutputs" || key == "subtract_fee_from_outputs") {
        ReadPositions(value, out.subtract_fee_from);
    } else {
        return false;
    }
    return true;
}

} // namespace

int32_t TargetOf(int64_t blocks)
{
    if (blocks < 1 || blocks > interfaces::MAX_FEE_TARGET)
        throw RpcError(Code::Parameter, "conf_target is out of range: 1 to 1008 blocks");
    return static_cast<int32_t>(blocks);
}

interfaces::FeeMode FeeModeOf(std::string mode)
{
    std::transform(mode.begin(), mode.end(), mode.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (mode == "economical") return interfaces::FeeMode::Economical;
    if (mode == "unset" || mode == "conservative") return interfaces::FeeMode::Conservative;
    throw RpcError(Code::Parameter, "estimate_mode is unset, economical or conservative");
}

AddressType AddressTypeOf(const std::string& text)
{
    if (text.empty() || text == "bech32") return AddressType::Bech32;
    if (text == "legacy") return AddressType::Legacy;
    if (text == "p2sh-segwit") return AddressType::P2shSegwit;
    if (text == "bech32m") return AddressType::Bech32m;
    throw RpcError(Code::AddressOrKey,
                   "Unknown address type '" + text + "': legacy, p2sh-segwit, bech32 or bech32m");
}

SpendOptions SpendOptionsOf(const Request& request, size_t i)
{
    SpendOptions out;
    if (!request.Has(i)) return out;
    const Json& object = request.Raw(i);
    const auto& params = request.Chain().Params();
    bool fee_rate = false, target = false;
    for (size_t n = 0; n < object.size(); ++n) {
        const auto& key = object.getKeys()[n];
        const auto& value = object.getValues()[n];
        fee_rate = fee_rate || key == "fee_rate" || key == "feeRate";
        target = target || key == "conf_target";
        if (value.isNull() || ReadCoinOption(key, value, params, out.send.coins) ||
            ReadInputOption(key, value, out) || ReadFeeOption(key, value, out))
            continue;
        if (key == "locktime") {
            out.lock_time = NumberIn(key, value, 0, UINT32_MAX);
        } else if (key == "add_to_wallet") {
            out.add_to_wallet = BoolOf(key, value);
        } else if (key == "psbt") {
            out.as_psbt = BoolOf(key, value);
        } else if (key != "includeWatching" && key != "include_watching") {
            throw RpcError(Code::Type, "Unexpected key " + key);
        }
    }
    if (fee_rate && target)
        throw RpcError(Code::Parameter, "conf_target and fee_rate exclude each other: give one of them");
    return out;
}

void SetAvoidReuse(bool on, interfaces::WalletMoneyApi::CoinControl& coins)
{
    coins.whole_addresses = on;
    coins.spend_reused = !on;
}

void ReadWeight(const Json& input, SpendOptions& options)
{
    const Json& weight = input["weight"];
    if (!weight.isNull())
        options.weights.emplace_back(
            OutPointOf(input),
            static_cast<size_t>(NumberIn("weight", weight, MIN_INPUT_WEIGHT, MAX_INPUT_WEIGHT)));
}

void FindForeignInputs(const Request& request, const std::vector<primitives::TxIn>& inputs,
                       SpendOptions& options)
{
    if (options.weights.empty() && options.solving_data.isNull()) return;
    script::KeySet keys;
    if (!options.solving_data.isNull()) ReadSolvingData(options.solving_data, request.Chain().Params(), keys);
    const auto provider = keys.Provider();
    const auto wallet = request.Wallet();
    std::vector<primitives::OutPoint> all = options.send.coins.inputs;
    for (const auto& input : inputs)
        all.push_back(input.prevout);
    for (const auto& outpoint : all) {
        const auto coin = CoinOf(request, outpoint);
        if (!coin) {
            throw RpcError(Code::Parameter, "Input " + base::ReversedHex(outpoint.txid) + ":" +
                                                std::to_string(outpoint.index) + " is missing or spent");
        }
        const auto told = std::find_if(options.weights.begin(), options.weights.end(),
                                       [&](const auto& one) { return one.first == outpoint; });
        size_t weight = told == options.weights.end() ? 0 : told->second;
        if (weight == 0 && !wallet->IsMine(coin->out.script_pubkey))
            weight = script::EstimateInputWeight(provider, coin->out.script_pubkey);
        if (weight > 0) options.send.coins.weighed.push_back({outpoint, coin->out, weight});
    }
}

void ReadFeeArgs(const Request& request, const FeeArgs& at, SendOptions& options)
{
    if (request.Has(at.conf_target)) options.conf_target = TargetOf(request.Int(at.conf_target));
    if (request.Has(at.estimate_mode)) options.fee_mode = FeeModeOf(request.Str(at.estimate_mode));
    if (!request.Has(at.fee_rate)) return;
    if (request.Has(at.conf_target))
        throw RpcError(Code::Parameter, "conf_target and fee_rate exclude each other: give one of them");
    options.fee_per_kvb = RateOf(request.Raw(at.fee_rate));
}

PaymentArgs ReadPayment(const Request& request, base::Bytes to)
{
    PaymentArgs out;
    out.recipient.script = std::move(to);
    out.recipient.amount = PositiveAmount(request, 1);
    out.recipient.subtract_fee = request.Bool(4);
    out.options.comment = request.Str(2);
    out.options.comment_to = request.Str(3);
    out.options.replaceable = request.Bool(5, true);
    ReadFeeArgs(request, {.conf_target = 6, .estimate_mode = 7, .fee_rate = 9}, out.options);
    if (request.Has(8)) SetAvoidReuse(request.Bool(8), out.options.coins);
    return out;
}

std::vector<interfaces::Recipient> RecipientsOf(const Json& amounts, const Json& subtract_from,
                                                const Request& request)
{
    std::unordered_set<std::string> payers, seen;
    if (!subtract_from.isNull()) {
        for (const auto& entry : subtract_from.getValues())
            payers.insert(entry.isStr() ? entry.get_str() : "");
    }
    std::vector<interfaces::Recipient> out;
    for (size_t i = 0; i < amounts.size(); ++i) {
        const auto& address = amounts.getKeys()[i];
        if (!seen.insert(address).second)
            throw RpcError(Code::Parameter, "The same address stands twice: " + address);
        const auto amount = codec::ParseAmount(amounts.getValues()[i].getValStr());
        if (!amount || *amount <= 0 || !primitives::MoneyRange(*amount))
            throw RpcError(Code::Type, "Invalid amount for " + address);
        interfaces::Recipient recipient;
        recipient.script = ScriptOfAddress(request.Chain().Params(), address);
        recipient.amount = *amount;
        recipient.subtract_fee = payers.erase(address) > 0;
        out.push_back(std::move(recipient));
    }
    if (!payers.empty())
        throw RpcError(Code::Parameter,
                       "The fee cannot be subtracted from " + *payers.begin() + ": it gets nothing");
    return out;
}

Amount PositiveAmount(const Request& request, size_t i)
{
    const Amount amount = request.Amount(i);
    if (amount <= 0) throw RpcError(Code::Type, "Invalid amount for send: it must be above 0");
    return amount;
}

} // namespace emc::rpc
