#include "base/log.h"
#include "interfaces/chain.h"
#include "interfaces/node.h"
#include "interfaces/pool.h"
#include "interfaces/wallet.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "rpc/take.h"
#include "script/descriptor.h"

namespace emc::rpc {

namespace {

constexpr int64_t DEFAULT_TRIES = 1'000'000;
constexpr int64_t MAX_BLOCKS_PER_CALL = 100'000;
const std::string PAYOUT_LABEL = "mining";

interfaces::BlockMaker& Maker(const Request& request)
{
    if (request.Rooms().block_maker == nullptr) throw RpcError(Code::Misc, "This node makes no blocks");
    return *request.Rooms().block_maker;
}

interfaces::BlockMaker::Made MakeOne(const Request& request, interfaces::BlockMaker::Options& options)
{
    options.stop = [&request] {
        return request.Rooms().node != nullptr && request.Rooms().node->ShutdownRequested();
    };
    auto made = Maker(request).MakeBlock(options);
    if (!made) throw RpcError(made.Error());
    return std::move(*made);
}

Json Generate(const Request& request, const base::Bytes& script, int64_t blocks, int64_t tries)
{
    Json out = codec::JsonArray();
    interfaces::BlockMaker::Options options;
    options.coinbase_script = script;
    options.max_tries = static_cast<uint64_t>(tries);
    for (int64_t i = 0; i < blocks; ++i) {
        request.CheckStop();
        out.push_back(base::ReversedHex(MakeOne(request, options).hash));
    }
    return out;
}

base::Bytes ScriptOfDescriptor(const Request& request, const std::string& text)
{
    const auto descriptor = script::Descriptor::Parse(request.Chain().Params().addresses, text, false);
    if (!descriptor) throw RpcError(Code::AddressOrKey, descriptor.Error());
    if (descriptor->IsRange()) {
        throw RpcError(Code::Parameter,
                       "The descriptor stands for many addresses; give one of those deriveaddresses lists");
    }
    const auto scripts = descriptor->Scripts(0);
    if (!scripts || scripts->empty())
        throw RpcError(Code::AddressOrKey, "Cannot derive a script from this descriptor");
    return scripts->back();
}

Json GenerateToAddress(const Request& request)
{
    const auto script = ScriptOfAddress(request.Chain().Params(), request.Str(1));
    return Generate(request, script, request.IntIn(0, 0, MAX_BLOCKS_PER_CALL, 0),
                    request.IntIn(2, 1, INT64_MAX, DEFAULT_TRIES));
}

Json GenerateToDescriptor(const Request& request)
{
    return Generate(request, ScriptOfDescriptor(request, request.Str(1)),
                    request.IntIn(0, 0, MAX_BLOCKS_PER_CALL, 0),
                    request.IntIn(2, 1, INT64_MAX, DEFAULT_TRIES));
}

primitives::TxRef TxOrPoolId(const Request& request, const std::string& text)
{
    if (const auto txid = base::HashFromReversedHex(text)) {
        auto tx = request.Pool().Get(*txid);
        if (!tx) throw RpcError(Code::AddressOrKey, "Transaction " + text + " not in mempool.");
        return tx;
    }
    return TxFromHex(text);
}

Json GenerateBlock(const Request& request)
{
    interfaces::BlockMaker::Options options;
    const auto address = script::DecodeAddress(request.Chain().Params().addresses, request.Str(0));
    options.coinbase_script = address ? *address : ScriptOfDescriptor(request, request.Str(0));
    options.submit = request.Bool(2, true);
    options.max_tries = DEFAULT_TRIES;
    options.transactions.emplace();
    for (const auto& item : request.Raw(1).getValues()) {
        if (!item.isStr())
            throw RpcError(Code::Type, "transactions must be txids or raw transactions in hex");
        options.transactions->push_back(TxOrPoolId(request, item.get_str()));
    }
    const auto made = MakeOne(request, options);
    Json out = codec::JsonObject();
    out.pushKV("hash", base::ReversedHex(made.hash));
    if (!options.submit) out.pushKV("hex", base::Hex(primitives::Serialize(*made.block)));
    return out;
}

Json SubmitBlock(const Request& request)
{
    const auto bytes = base::FromHex(request.Str(0));
    const auto block = bytes ? primitives::ParseBlock(*bytes) : nullptr;
    if (!block) throw RpcError(Code::Deserialization, "Block decode failed");
    if (request.Rooms().chain_control == nullptr)
        throw RpcError(Code::Misc, "This node runs without a chain");
    const auto verdict = request.Rooms().chain_control->SubmitBlock(block);
    return verdict ? Json(*verdict) : Json();
}

Json SubmitHeader(const Request& request)
{
    const auto bytes = base::FromHex(request.Str(0));
    codec::Reader reader(bytes ? base::ByteSpan(*bytes) : base::ByteSpan());
    const auto header = primitives::ReadBlockHeader(reader);
    if (!bytes || !reader.Done())
        throw RpcError(Code::Deserialization, "Not a block header: bytes are missing or left over");
    if (request.Rooms().chain_control == nullptr)
        throw RpcError(Code::Misc, "This node runs without a chain");
    if (const auto reason = request.Rooms().chain_control->SubmitHeader(header))
        throw RpcError(Code::Verify, *reason);
    return Json();
}

/// Emercoin's and old Bitcoin's: to the wallet.
Json GenerateToWallet(const Request& request)
{
    return Generate(request, PayoutScript(request, request.Count()),
                    request.IntIn(0, 0, MAX_BLOCKS_PER_CALL, 0),
                    request.IntIn(1, 1, INT64_MAX, DEFAULT_TRIES));
}

} // namespace

base::Bytes PayoutScript(const Request& request, size_t argument)
{
    const auto& params = request.Chain().Params();
    if (request.Has(argument)) return ScriptOfAddress(params, request.Str(argument));
    const auto wallet = request.Wallet();
    for (const auto& [label, address] : wallet->Labels()) {
        if (label == PAYOUT_LABEL && !address.empty()) return ScriptOfAddress(params, address);
    }
    const auto fresh = Take(wallet->NewAddress(interfaces::AddressType::Bech32, PAYOUT_LABEL, false));
    return ScriptOfAddress(params, fresh);
}

const CallTable& MiningCalls()
{
    static const CallTable table = {
        {"generate",
         "Generating",
         CallKind::Slow,
         "Mines blocks at once, their reward to the wallet's address labelled \"mining\".",
         {{"nblocks", ArgType::Number, "", "how many"},
          {"maxtries", ArgType::Number, "1000000", "nonces to try per block"}},
         "[ \"blockhash\" ]",
         "10",
         GenerateToWallet},
        {"generatetoaddress",
         "Generating",
         CallKind::Slow,
         "Mines blocks at once, their reward to an address.",
         {{"nblocks", ArgType::Number, "", "how many"},
          {"address", ArgType::String, "", "who gets the reward"},
          {"maxtries", ArgType::Number, "1000000", "nonces to try per block"}},
         "[ \"blockhash\" ]",
         "10 \"address\"",
         GenerateToAddress},
        {"generatetodescriptor",
         "Generating",
         CallKind::Slow,
         "Mines blocks at once, their reward to a descriptor.",
         {{"num_blocks", ArgType::Number, "", "how many"},
          {"descriptor", ArgType::String, "", "who gets the reward"},
          {"maxtries", ArgType::Number, "1000000", "nonces to try per block"}},
         "[ \"blockhash\" ]",
         "10 \"wpkh(…)\"",
         GenerateToDescriptor},
        {"generateblock",
         "Generating",
         CallKind::Slow,
         "Mines one block of exactly these transactions.",
         {{"output", ArgType::String, "", "address or descriptor that gets the reward"},
          {"transactions", ArgType::Array, "",
           "txids from the mempool or raw transactions in hex, in this order"},
          {"submit", ArgType::Bool, "true", "false: only return the block"}},
         "{ hash, hex (only with submit=false) }",
         "\"address\" '[]'",
         GenerateBlock},
        {"submitblock",
         "Mining",
         CallKind::Slow,
         "Gives the node a block.",
         {{"hexdata", ArgType::String, "", "the block in hex"}, {"dummy", ArgType::String, "-", "ignored"}},
         "null or \"reason\"    null when accepted, else a reason as BIP 22 has them",
         "\"hex\"",
         SubmitBlock},
        {"submitheader",
         "Mining",
         CallKind::Slow,
         "Gives the node a block's header, so that it knows of the block before it has it.",
         {{"hexdata", ArgType::String, "", "the header in hex, with its merged-mining proof if it has one"}},
         "null",
         "\"hex\"",
         SubmitHeader},
    };
    return table;
}

} // namespace emc::rpc
