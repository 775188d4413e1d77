// Calls of Emercoin Core that are no calls of Bitcoin Core: those with a meaning on this chain, and those
// that say why they have none.
#include "base/log.h"
#include "consensus/params.h"
#include "crypto/keys.h"
#include "crypto/random.h"
#include "interfaces/chain.h"
#include "interfaces/net.h"
#include "interfaces/node.h"
#include "interfaces/pool.h"
#include "interfaces/wallet.h"
#include "rpc/calls.h"
#include "rpc/render.h"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace emc::rpc {

namespace {

constexpr int KEY_TRIES = 10'000;
constexpr int STOP_ASKED_EVERY = 1'024;

/// Difficulty of the newest block of a kind; 0 when there is none in the last blocks.
double NewestDifficulty(const Request& request, bool stake)
{
    constexpr int32_t LOOK_BACK = 1'000;
    const int32_t tip = request.Chain().GetTip().height;
    for (int32_t height = tip; height >= 0 && height > tip - LOOK_BACK; --height) {
        const auto info = request.Chain().BlockByHeight(height);
        if (info && info->header.IsProofOfStake() == stake) return Difficulty(info->header.bits);
    }
    return 0;
}

void PushWallet(const Request& request, Json& out)
{
    const auto* wallets = request.Rooms().wallets;
    if (wallets == nullptr || wallets->Loaded().empty()) return;
    const auto wallet = request.Wallet();
    const auto info = wallet->GetInfo();
    const auto balances = wallet->GetBalances(1);
    out.pushKV("walletversion", info.version);
    out.pushKV("balance", codec::JsonAmount(balances.trusted));
    out.pushKV("newmint", codec::JsonAmount(balances.immature));
    out.pushKV("keypoololdest", info.birth_time);
    out.pushKV("keypoolsize", info.keypool_size);
    if (info.encrypted) out.pushKV("unlocked_until", info.unlocked_until);
    out.pushKV("encrypted", info.encrypted);
    out.pushKV("mintonly", info.mint_only);
}

Json GetInfo(const Request& request)
{
    const auto& chain = request.Chain();
    const auto tip = chain.GetTip();
    Json out = codec::JsonObject();
    out.pushKV("fullversion", std::string("v") + EMC_VERSION);
    PushWallet(request, out);
    out.pushKV("blocks", tip.height);
    if (request.Rooms().net != nullptr) {
        const auto net = request.Net().Info();
        out.pushKV("version", net.client_version);
        out.pushKV("protocolversion", net.protocol_version);
        out.pushKV("timeoffset", net.time_offset);
        out.pushKV("connections", net.connections_in + net.connections_out);
        out.pushKV("proxy", net.networks.empty() ? std::string() : net.networks.front().proxy);
    }
    out.pushKV("pow-difficulty", NewestDifficulty(request, false));
    out.pushKV("pos-difficulty", NewestDifficulty(request, true));
    out.pushKV("testnet", chain.Params().network == consensus::Network::Test);
    out.pushKV("relayfee", codec::JsonAmount(request.Pool().Info().relay_fee_per_kvb));
    out.pushKV("errors", request.Node().Warnings());
    return out;
}

/// The key in the form of RFC 5915 with all constants of the curve, as OpenSSL writes it: 279 bytes.
base::Bytes DerOf(const crypto::PrivateKey& key)
{
    static const base::Bytes BEFORE = *base::FromHex("308201130201010420");
    static const base::Bytes CURVE = *base::FromHex("a081a53081a2020101302c06072a8648ce3d0101022100ffffffffff"
                                                    "fffffffffffffffffffffffffffffffffffffffffffffefffffc2f"
                                                    "300604010004010704410479be667ef9dcbbac55a06295ce870b0702"
                                                    "9bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc"
                                                    "0e1108a8fd17b448a68554199c47d08ffb10d4b8022100ffffffffff"
                                                    "fffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
                                                    "020101a144034200");
    base::Bytes out = BEFORE;
    const auto append = [&out](base::ByteSpan part) { out.insert(out.end(), part.begin(), part.end()); };
    append(key.Span());
    append(CURVE);
    append(key.Public().Span());
    return out;
}

Json MakeKeyPair(const Request& request)
{
    const std::string prefix = request.Str(0);
    crypto::SystemRandom random;
    for (int i = 0; i < KEY_TRIES; ++i) {
        if (i % STOP_ASKED_EVERY == 0) request.CheckStop();
        const auto key = crypto::PrivateKey::Generate(random, false);
        const auto shown = base::Hex(key.Public().Span());
        if (!shown.starts_with(prefix)) continue;
        Json out = codec::JsonObject();
        out.pushKV("PrivateKey", base::Hex(DerOf(key)));
        out.pushKV("PublicKey", shown);
        return out;
    }
    return Json();
}

Json NameDump(const Request& request)
{
    std::string text;
    uint64_t count = 0;
    request.Names().Scan({}, [&](const interfaces::NameInfo& info) {
        if (++count % STOP_ASKED_EVERY == 0) request.CheckStop();
        Json row = codec::JsonObject();
        PushValue(row, "name", base::AsBytes(info.name), ValueType::Text);
        PushValue(row, "value", info.record.value, ValueType::Text);
        row.pushKV("txid", base::ReversedHex(info.record.outpoint.txid));
        row.pushKV("vout", static_cast<uint64_t>(info.record.outpoint.index));
        row.pushKV("address", AddressText(request.Chain().Params(), info.record.owner_script));
        row.pushKV("expires_at", info.record.expiry);
        row.pushKV("expired", !info.live);
        text += codec::WriteJson(row) + "\n";
        return true;
    });
    const std::string path = request.Node().DataDir() + "/name_dump.txt";
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file) throw RpcError(Code::Misc, "Cannot write " + path + ": " + std::strerror(errno));
    Json out = codec::JsonObject();
    out.pushKV("filename", path);
    out.pushKV("names", count);
    return out;
}

Json NameDebug(const Request& request)
{
    auto& log = request.Node().Log();
    for (const auto& pending : request.Pool().PendingNames()) {
        EMC_LOG(log, Info, None, "pending %s of name %s in %s output %u",
                std::string(names::OpName(pending.op.kind)).c_str(),
                base::Hex(base::AsBytes(pending.op.name)).c_str(), base::ReversedHex(pending.txid).c_str(),
                pending.vout);
    }
    return true;
}

/// The call's own text says why it does nothing here.
Json Refuse(const Request& request)
{
    throw RpcError(Code::Misc, std::string(request.Spec().name) + ": " + std::string(request.Spec().summary));
}

constexpr std::string_view NO_RANDPAY =
    "Not on this chain: the bet of a RandPay transaction spends an output that does not exist, which here as "
    "on "
    "Bitcoin makes a transaction invalid. Pay with sendtoaddress, or many at once with sendmany.";
constexpr std::string_view NO_CHECKPOINT =
    "Not on this chain: nobody's key decides which blocks are final. Branches deeper than -maxreorg blocks "
    "are "
    "refused by each node; invalidateblock and reconsiderblock are the operator's own word.";

CallSpec Refusing(std::string_view name, std::string_view category, std::string_view why,
                  std::vector<ArgSpec> args)
{
    return {name, category, CallKind::Quick, why, std::move(args), "always an error, code -1, with this text",
            "",   Refuse};
}

CallTable RefusedCalls()
{
    const auto any = [](std::string_view name) {
        return ArgSpec{name, ArgType::AnyWord, "-", "not looked at"};
    };
    return {
        Refusing("randpay_mkchap", "Randpay", NO_RANDPAY, {any("amount"), any("risk"), any("timeout")}),
        Refusing("randpay_mktx", "Randpay", NO_RANDPAY, {any("chap"), any("timeout"), any("flags")}),
        Refusing("randpay_accept", "Randpay", NO_RANDPAY, {any("hexstring"), any("flags")}),
        Refusing("getcheckpoint", "Network", NO_CHECKPOINT, {}),
        Refusing("setcheckpoint", "Hidden", NO_CHECKPOINT, {any("checkpoint")}),
        Refusing(
            "sendalert", "Hidden",
            "Not on this network: there are no alerts, nor a key whose owner could send them to all nodes.",
            {any("message"), any("privatekey"), any("minver"), any("maxver"), any("priority"), any("id"),
             any("cancelupto")}),
    };
}

CallTable AnsweringCalls()
{
    return {
        {"getinfo",
         "Control",
         CallKind::Slow,
         "State of node, chain and wallet on one page; the fields of the wallet only when one is loaded.",
         {},
         "{ fullversion, walletversion, balance, newmint (immature), keypoololdest, keypoolsize, "
         "unlocked_until, "
         "encrypted,\n"
         "  mintonly, blocks, version, protocolversion, timeoffset, connections, proxy, pow-difficulty, "
         "pos-difficulty,\n"
         "  testnet, relayfee, errors }\n"
         "The money supply is gettxoutsetinfo's total_supply.",
         "",
         GetInfo},
        {"makekeypair",
         "Wallet",
         CallKind::Slow,
         "A fresh key pair that no wallet keeps.",
         {{"prefix", ArgType::String, "-", "hex digits the public key has to begin with; all begin with 04"}},
         "{ PrivateKey (279 bytes of DER in hex), PublicKey (65 bytes in hex) }; null when 10000 tries gave "
         "none",
         "04a",
         MakeKeyPair},
        {"name_dump",
         "Hidden",
         CallKind::Long,
         "Writes all names to name_dump.txt in the data folder, one JSON object a line.",
         {},
         "{ filename, names (how many) }",
         "",
         NameDump},
        {"name_debug",
         "Hidden",
         CallKind::Slow,
         "Logs the name operations that wait for a block; name_mempool shows them.",
         {},
         "true",
         "",
         NameDebug},
    };
}

} // namespace

const CallTable& ClassicCalls()
{
    static const CallTable table = Joined({AnsweringCalls(), RefusedCalls()});
    return table;
}

} // namespace emc::rpc
