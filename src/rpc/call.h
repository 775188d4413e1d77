/// One RPC call as a table row: typed arguments, result, help and handler. Help, argument checks, named
/// arguments, command-line conversion and the schema all come from this row.
#pragma once

#include "base/memory.h"
#include "codec/json.h"
#include "interfaces/rooms.h"
#include "primitives/amount.h"
#include "rpc/error.h"

#include <vector>

namespace emc::interfaces {
class WalletApi;
}

namespace emc::rpc {

class CallFigures;

using codec::Json;

struct Scans;

/// The rooms a call may ask, and what all calls share.
struct Services : interfaces::Rooms {
    CallFigures* figures = nullptr; ///< of the dispatcher itself
    Scans* scans = nullptr;         ///< the dispatcher's own
    std::string name_files;         ///< folder values of names may be read from (-namefiles); empty: none
};

enum class ArgType : uint8_t {
    String,
    Number,  ///< integer
    Decimal, ///< number with a fraction
    Bool,
    Amount, ///< EMC as number or text, at most eight decimals
    Hash,   ///< 64 hex digits
    Hex,    ///< pairs of hex digits
    Array,
    Object,
    Any,     ///< checked by the handler; the command line converts it from JSON when it parses
    AnyWord, ///< anything; the command line passes the word on as a string
};

struct ArgSpec {
    std::string_view name; ///< alternatives separated by |
    ArgType type = ArgType::String;
    std::string_view fallback; ///< default as shown by help; "" when required, "-" when simply optional
    std::string_view help;

    [[nodiscard]] bool Required() const { return fallback.empty(); }
};

/// What a handler gets: services, the wallet named by the URL, and checked arguments.
class Request;

enum class CallKind : uint8_t {
    Quick, ///< answered on the network thread: no disk walk, no lock held long
    Slow,  ///< answered by a worker
    Long,  ///< may take minutes or waits for something: workers of its own
};

struct CallSpec {
    std::string_view name;
    std::string_view category; ///< "Blockchain", "Wallet", …; "Hidden" is left out of `help`
    CallKind kind = CallKind::Quick;
    std::string_view summary;
    std::vector<ArgSpec> args;
    std::string_view result;  ///< description of the reply, one field a line
    std::string_view example; ///< arguments as on the command line
    Json (*handler)(const Request& request) = nullptr;
};

class Request
{
public:
    Request(const Services& services, const CallSpec& spec, std::vector<Json> args, std::string wallet)
        : m_services(services), m_spec(spec), m_args(std::move(args)), m_wallet(std::move(wallet))
    {}

    [[nodiscard]] const Services& Rooms() const { return m_services; }

    [[nodiscard]] const CallSpec& Spec() const { return m_spec; }

    [[nodiscard]] const std::string& WalletName() const { return m_wallet; }

    /// True when argument `i` was given and is not null.
    [[nodiscard]] bool Has(size_t i) const { return i < m_args.size() && !m_args[i].isNull(); }

    [[nodiscard]] size_t Count() const { return m_args.size(); }

    [[nodiscard]] const Json& Raw(size_t i) const;
    /// Typed access; the type was checked before the handler ran. `fallback` for absent arguments.
    [[nodiscard]] std::string Str(size_t i, std::string_view fallback = {}) const;
    /// For arguments of type Any, too: refused with -3 when they are no integer.
    [[nodiscard]] int64_t Int(size_t i, int64_t fallback = 0) const;
    /// Int, refused with -8 outside low … high.
    [[nodiscard]] int64_t IntIn(size_t i, int64_t low, int64_t high, int64_t fallback) const;
    [[nodiscard]] bool Bool(size_t i, bool fallback = false) const;
    [[nodiscard]] double Decimal(size_t i, double fallback = 0) const;
    /// Units of 10^-8.
    [[nodiscard]] primitives::Amount Amount(size_t i, primitives::Amount fallback = 0) const;
    [[nodiscard]] base::Hash256 Hash(size_t i) const;
    [[nodiscard]] base::Bytes Hex(size_t i) const;

    /// The room, or an error that says what this process lacks.
    [[nodiscard]] const interfaces::ChainReader& Chain() const;
    [[nodiscard]] const interfaces::NameReader& Names() const;
    [[nodiscard]] const interfaces::PoolReader& Pool() const;
    [[nodiscard]] interfaces::PoolControl& PoolControl() const;
    [[nodiscard]] interfaces::Broadcaster& Broadcaster() const;
    [[nodiscard]] interfaces::NodeControl& Node() const;
    [[nodiscard]] interfaces::DnsControl& Dns() const;
    /// −1 without.
    [[nodiscard]] interfaces::CallBook& Calls() const;
    [[nodiscard]] interfaces::CallBatches& Batches() const;
    /// −31 without.
    [[nodiscard]] interfaces::NetControl& Net() const;
    /// −1 without.
    [[nodiscard]] interfaces::WorkSource& Work() const;
    [[nodiscard]] interfaces::MinerControl& Miner() const;
    [[nodiscard]] interfaces::StakingControl& Staking() const;
    /// Throws when the node stops. For long loops, so that they end soon.
    void CheckStop() const;
    /// The wallet of the URL, or the only one loaded; −18 / −19 otherwise.
    [[nodiscard]] std::shared_ptr<interfaces::WalletApi> Wallet() const;

private:
    const Services& m_services;
    const CallSpec& m_spec;
    std::vector<Json> m_args;
    std::string m_wallet;
};

/// Every call of the program, by name.
[[nodiscard]] const std::vector<const CallSpec*>& AllCalls();
/// nullptr when unknown.
[[nodiscard]] const CallSpec* FindCall(std::string_view name);
/// Makes a call as the dispatcher does: checks arguments, counts, runs the handler. Throws RpcError.
[[nodiscard]] Json RunCall(const Services& services, const CallSpec& spec, std::vector<Json> args,
                           const std::string& wallet);

/// Position of a named argument; −1 when the call has none of that name.
[[nodiscard]] int ArgPosition(const CallSpec& spec, std::string_view name);
/// Throws −8 for a key of an object that is none of these.
void CheckKeys(const Json& object, std::initializer_list<std::string_view> known);
/// Checks the types and the number of arguments; throws RpcError.
void CheckArgs(const CallSpec& spec, const std::vector<Json>& args);

} // namespace emc::rpc
