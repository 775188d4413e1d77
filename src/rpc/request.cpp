#include "base/log.h"
#include "interfaces/chain.h"
#include "interfaces/node.h"
#include "interfaces/pool.h"
#include "interfaces/wallet.h"
#include "rpc/call.h"

#include <algorithm>

namespace emc::rpc {

namespace {

using base::Format;

std::string_view TypeText(ArgType type)
{
    switch (type) {
    case ArgType::String:
        return "a string";
    case ArgType::Number:
        return "an integer";
    case ArgType::Decimal:
        return "a number";
    case ArgType::Bool:
        return "true or false";
    case ArgType::Amount:
        return "an amount in EMC";
    case ArgType::Hash:
        return "a string of 64 hex digits";
    case ArgType::Hex:
        return "a string of hex digits";
    case ArgType::Array:
        return "an array";
    case ArgType::Object:
        return "an object";
    case ArgType::Any:
    case ArgType::AnyWord:
        return "a value";
    }
    return "a value";
}

[[noreturn]] void WrongType(const CallSpec& spec, size_t i, std::string_view wanted, const Json& value)
{
    const std::string seen = value.isNum() ? value.getValStr().substr(0, 80) : uvTypeName(value.type());
    throw RpcError(Code::Type, Format("Argument %zu (%s) of %s must be %s, not %s", i + 1,
                                      std::string(spec.args[i].name).c_str(), std::string(spec.name).c_str(),
                                      std::string(wanted).c_str(), seen.c_str()));
}

bool TypeFits(ArgType type, const Json& value)
{
    switch (type) {
    case ArgType::String:
    case ArgType::Hash:
    case ArgType::Hex:
        return value.isStr();
    case ArgType::Number:
        return codec::JsonInteger(value).has_value();
    case ArgType::Decimal:
        return value.isNum();
    case ArgType::Bool:
        return value.isBool();
    case ArgType::Amount:
        return value.isNum() || value.isStr();
    case ArgType::Array:
        return value.isArray();
    case ArgType::Object:
        return value.isObject();
    case ArgType::Any:
    case ArgType::AnyWord:
        return true;
    }
    return false;
}

/// Digits with at most eight decimals, but too many before the point for a number of units.
bool IsLongNumber(const std::string& text)
{
    constexpr size_t MOST_DECIMALS = 8;
    constexpr size_t LONG_DIGITS = 11;
    const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits < LONG_DIGITS || text[0] == '0') return false;
    if (digits == text.size()) return true;
    const size_t decimals = text.size() - digits - 1;
    return text[digits] == '.' && decimals > 0 && decimals <= MOST_DECIMALS &&
           text.find_first_not_of("0123456789", digits + 1) == std::string::npos;
}

void CheckContent(const CallSpec& spec, size_t i, const Json& value)
{
    const auto& arg = spec.args[i];
    const std::string name(arg.name);
    if (arg.type == ArgType::Hash) {
        const auto& text = value.get_str();
        if (text.size() != 64) {
            throw RpcError(Code::Parameter, Format("%s must be of length 64 (not %zu, for '%s')",
                                                   name.c_str(), text.size(), text.substr(0, 80).c_str()));
        }
        if (!base::FromHex(text)) {
            throw RpcError(Code::Parameter,
                           Format("%s must be hexadecimal string (not '%s')", name.c_str(), text.c_str()));
        }
    }
    if (arg.type == ArgType::Hex && !base::FromHex(value.get_str())) {
        throw RpcError(Code::Parameter, Format("%s must be pairs of hexadecimal digits", name.c_str()));
    }
    if (arg.type == ArgType::Amount) {
        const std::string& text = value.getValStr();
        const auto amount = codec::ParseAmount(text);
        if (!amount && !IsLongNumber(text))
            throw RpcError(Code::Type, "Invalid amount: digits with at most eight decimals, like 1.25");
        if (!amount || !primitives::MoneyRange(*amount)) throw RpcError(Code::Type, "Amount out of range");
    }
}

/// The wallet named "" is asked for by the name of its file.
std::string NameInUrl(const std::string& name)
{
    return name == "wallet.dat" ? std::string() : name;
}

template <typename T>
T& Need(T* room, const char* what)
{
    if (room == nullptr) throw RpcError(Code::Misc, std::string("This node runs without ") + what);
    return *room;
}

} // namespace

int ArgPosition(const CallSpec& spec, std::string_view name)
{
    for (size_t i = 0; i < spec.args.size(); ++i) {
        std::string_view names = spec.args[i].name;
        while (!names.empty()) {
            const auto bar = names.find('|');
            if (names.substr(0, bar) == name) return static_cast<int>(i);
            if (bar == std::string_view::npos) break;
            names.remove_prefix(bar + 1);
        }
    }
    return -1;
}

void CheckArgs(const CallSpec& spec, const std::vector<Json>& args)
{
    const std::string name(spec.name);
    if (args.size() > spec.args.size()) {
        throw RpcError(Code::Misc, Format("%s takes at most %zu arguments, not %zu; see 'help %s'",
                                          name.c_str(), spec.args.size(), args.size(), name.c_str()));
    }
    for (size_t i = 0; i < spec.args.size(); ++i) {
        if (i < args.size() && !args[i].isNull()) {
            if (!TypeFits(spec.args[i].type, args[i]))
                WrongType(spec, i, TypeText(spec.args[i].type), args[i]);
            CheckContent(spec, i, args[i]);
        } else if (spec.args[i].Required()) {
            throw RpcError(Code::Misc, Format("%s needs its argument %zu (%s); see 'help %s'", name.c_str(),
                                              i + 1, std::string(spec.args[i].name).c_str(), name.c_str()));
        }
    }
}

const Json& Request::Raw(size_t i) const
{
    static const Json null;
    return i < m_args.size() ? m_args[i] : null;
}

std::string Request::Str(size_t i, std::string_view fallback) const
{
    return Has(i) ? m_args[i].get_str() : std::string(fallback);
}

int64_t Request::Int(size_t i, int64_t fallback) const
{
    if (!Has(i)) return fallback;
    const auto value = codec::JsonInteger(m_args[i]);
    if (!value) WrongType(m_spec, i, "an integer", m_args[i]);
    return *value;
}

int64_t Request::IntIn(size_t i, int64_t low, int64_t high, int64_t fallback) const
{
    const int64_t value = Int(i, fallback);
    if (value < low || value > high) {
        throw RpcError(Code::Parameter,
                       Format("%s must be between %lld and %lld", std::string(m_spec.args[i].name).c_str(),
                              static_cast<long long>(low), static_cast<long long>(high)));
    }
    return value;
}

bool Request::Bool(size_t i, bool fallback) const
{
    return Has(i) ? m_args[i].get_bool() : fallback;
}

double Request::Decimal(size_t i, double fallback) const
{
    return Has(i) ? m_args[i].get_real() : fallback;
}

primitives::Amount Request::Amount(size_t i, primitives::Amount fallback) const
{
    return Has(i) ? codec::ParseAmount(m_args[i].getValStr()).value_or(fallback) : fallback;
}

base::Hash256 Request::Hash(size_t i) const
{
    return base::HashFromReversedHex(Str(i)).value_or(base::Hash256{});
}

base::Bytes Request::Hex(size_t i) const
{
    return base::FromHex(Str(i)).value_or(base::Bytes{});
}

const interfaces::ChainReader& Request::Chain() const
{
    return Need(m_services.chain, "a chain");
}

const interfaces::NameReader& Request::Names() const
{
    return Need(m_services.names, "a name state");
}

const interfaces::PoolReader& Request::Pool() const
{
    return Need(m_services.pool, "a mempool");
}

interfaces::PoolControl& Request::PoolControl() const
{
    return Need(m_services.pool_control, "a mempool");
}

interfaces::Broadcaster& Request::Broadcaster() const
{
    return Need(m_services.broadcaster, "a mempool");
}

interfaces::NodeControl& Request::Node() const
{
    return Need(m_services.node, "node control");
}

interfaces::DnsControl& Request::Dns() const
{
    if (m_services.dns == nullptr) throw RpcError(Code::Misc, "This node runs without the DNS room");
    return *m_services.dns;
}

void CheckKeys(const Json& object, std::initializer_list<std::string_view> known)
{
    for (const auto& key : object.getKeys()) {
        if (std::find(known.begin(), known.end(), key) == known.end()) {
            throw RpcError(Code::Parameter, "Unknown option '" + key + "'");
        }
    }
}

interfaces::CallBook& Request::Calls() const
{
    if (m_services.calls == nullptr)
        throw RpcError(Code::Misc, "This node keeps no call records. Start it with -calls");
    return *m_services.calls;
}

interfaces::CallBatches& Request::Batches() const
{
    static_cast<void>(Calls());
    return Need(m_services.call_batches, "batches of calls");
}

interfaces::NetControl& Request::Net() const
{
    if (m_services.net == nullptr)
        throw RpcError(Code::P2pDisabled, "This node runs without a peer-to-peer network");
    return *m_services.net;
}

interfaces::WorkSource& Request::Work() const
{
    if (m_services.work == nullptr) throw RpcError(Code::Misc, "This node makes no blocks");
    return *m_services.work;
}

interfaces::MinerControl& Request::Miner() const
{
    if (m_services.miner == nullptr) throw RpcError(Code::Misc, "This node makes no blocks");
    return *m_services.miner;
}

interfaces::StakingControl& Request::Staking() const
{
    if (m_services.staking == nullptr)
        throw RpcError(Code::MethodNotFound, "This node runs without wallets, so that nothing can stake");
    return *m_services.staking;
}

void Request::CheckStop() const
{
    if (m_services.node != nullptr && m_services.node->ShutdownRequested())
        throw RpcError(Code::Misc, "Interrupted: the node stops");
}

std::shared_ptr<interfaces::WalletApi> Request::Wallet() const
{
    if (m_services.wallets == nullptr) {
        throw RpcError(Code::MethodNotFound,
                       "This node runs without wallets (built or started with them disabled)");
    }
    const auto loaded = m_services.wallets->Loaded();
    for (const auto& wallet : loaded) {
        const bool meant = m_wallet.empty() ? loaded.size() == 1 : wallet->Name() == NameInUrl(m_wallet);
        if (!meant) continue;
        wallet->Sync(); // a block announced before the call counts in its answer
        return wallet;
    }
    if (!m_wallet.empty()) throw RpcError(Code::WalletNotFound, "No wallet of that name is loaded");
    if (loaded.empty()) {
        throw RpcError(Code::WalletNotFound, "No wallet is loaded; loadwallet and createwallet change that");
    }
    throw RpcError(Code::WalletNotSpecified,
                   "Several wallets are loaded: name one with /wallet/<name> in the URL or "
                   "-rpcwallet=<name>");
}

} // namespace emc::rpc
