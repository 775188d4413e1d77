#include "app/cli.h"

#include "app/endpoint.h"
#include "base/clock.h"
#include "base/log.h"
#include "rpc/call.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <thread>

namespace emc::app {

namespace {

using base::Unexpected;
using codec::Json;

constexpr std::string_view WARMUP_CODE = "-28";

/// The JSON value of a word, by the type the call table gives the argument.
base::Expected<Json, std::string> Convert(const rpc::CallSpec* spec, int position, const std::string& word)
{
    const bool known = spec != nullptr && position >= 0 && static_cast<size_t>(position) < spec->args.size();
    const auto type = known ? spec->args[static_cast<size_t>(position)].type : rpc::ArgType::String;
    if (type == rpc::ArgType::String || type == rpc::ArgType::Hash || type == rpc::ArgType::Hex ||
        type == rpc::ArgType::AnyWord) {
        return Json(word);
    }
    auto parsed = codec::ParseJson(word);
    if (parsed) return std::move(*parsed);
    if (type == rpc::ArgType::Any || type == rpc::ArgType::Amount) return Json(word);
    return Unexpected("Argument '" + word + "' is not JSON: " + parsed.Error().reason);
}

base::Expected<Json, std::string> NamedParams(const rpc::CallSpec* spec,
                                              const std::vector<std::string>& words)
{
    Json out = codec::JsonObject();
    Json positional = codec::JsonArray();
    for (const auto& word : words) {
        const auto equals = word.find('=');
        const std::string name = word.substr(0, equals);
        if (equals == std::string::npos ||
            (spec != nullptr && rpc::ArgPosition(*spec, name) < 0 && name != "args")) {
            auto value = Convert(spec, static_cast<int>(positional.size()), word);
            if (!value) return value;
            positional.push_back(*value);
            continue;
        }
        auto value =
            Convert(spec, spec == nullptr ? -1 : rpc::ArgPosition(*spec, name), word.substr(equals + 1));
        if (!value) return value;
        out.pushKV(name, *value);
    }
    if (!positional.empty()) out.pushKV("args", positional);
    return out;
}

/// Everything but unreserved characters (RFC 3986, 2.3) as %XX.
std::string UrlEscaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '.' || c == '_' || c == '~';
        out += plain ? std::string(1, c) : base::Format("%%%02X", static_cast<unsigned char>(c));
    }
    return out;
}

struct Outcome {
    int exit_status = 0; ///< 0: a result
    Json result;
    Json error;
};

/// The last eight bits of the code without its sign, as far as that tells an error from success; else 1.
int ExitStatusOf(const Json& error)
{
    if (error.isNull()) return 0;
    const Json& code = error.isObject() ? error["code"] : error;
    const auto number = codec::JsonInteger(code);
    if (!number) return 1;
    const int status = static_cast<int>(
        (*number < 0 ? ~static_cast<uint64_t>(*number) + 1 : static_cast<uint64_t>(*number)) & 0xff);
    return status == 0 ? 1 : status;
}

bool IsWarmup(const Outcome& outcome)
{
    return outcome.error.isObject() && outcome.error["code"].getValStr() == WARMUP_CODE;
}

base::Expected<RpcTarget, std::string> TargetOf(const Setup& setup, const std::string& stdin_password)
{
    RpcTarget target;
    const auto node =
        ParseEndpoint(setup.options.Text("rpcconnect", "127.0.0.1"),
                      static_cast<uint16_t>(setup.options.Int("rpcport", setup.params.rpc_port)));
    if (!node) return Unexpected("-rpcconnect: " + node.Error());
    target.host = node->host;
    target.port = node->port;
    target.timeout_sec = static_cast<int>(setup.options.Int("rpcclienttimeout", 900));
    if (setup.options.Has("rpcwallet"))
        target.path = "/wallet/" + UrlEscaped(setup.options.Text("rpcwallet"));
    const std::string password = stdin_password.empty() ? setup.options.Text("rpcpassword") : stdin_password;
    if (!password.empty()) {
        target.user_and_password = setup.options.Text("rpcuser") + ":" + password;
        return target;
    }
    const std::string cookie =
        PathBelow(setup.folders.network, setup.options.Text("rpccookiefile", ".cookie"));
    const auto secret = ReadTextFile(cookie);
    if (!secret) {
        return Unexpected(
            "Cannot read the cookie file " + cookie +
            ". Is emercoind running with this data folder and network? Else give -rpcuser and -rpcpassword.");
    }
    target.user_and_password = *secret;
    return target;
}

base::Expected<Outcome, std::string> Exchange(const RpcTarget& target, const std::string& body)
{
    auto answer = PostJson(target, body);
    if (!answer) return Unexpected(answer.Error());
    if (answer->status == 401)
        return Unexpected(std::string("The server refused user name or password (HTTP status 401)"));
    if (answer->status == 503) return Unexpected("Server response: " + answer->body);
    if (answer->body.empty()) {
        return Unexpected("The server sent an empty reply (HTTP status " + std::to_string(answer->status) +
                          ")");
    }
    auto json = codec::ParseJson(answer->body);
    if (!json || !json->isObject()) return Unexpected(std::string("The server's reply is not a JSON object"));
    Outcome out;
    out.result = (*json)["result"];
    out.error = (*json)["error"];
    out.exit_status = ExitStatusOf(out.error);
    return out;
}

/// Calls, again and again while -rpcwait says so and the node is not there or not ready.
base::Expected<Outcome, std::string> CallWithWait(const Setup& setup, const std::string& stdin_password,
                                                  const std::string& body)
{
    const bool wait = setup.options.Bool("rpcwait", false);
    const int64_t limit_us = setup.options.Int("rpcwaittimeout", 0) * 1'000'000;
    const int64_t begin = base::SteadyMicros();
    for (;;) {
        const auto target = TargetOf(setup, stdin_password);
        auto outcome = target ? Exchange(*target, body) : Unexpected(target.Error());
        const bool again = !outcome || IsWarmup(*outcome);
        if (!wait || !again || (limit_us > 0 && base::SteadyMicros() - begin > limit_us)) return outcome;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

void PrintResult(const Json& result)
{
    if (result.isNull()) return;
    std::cout << (result.isStr() ? result.get_str() : codec::WriteJson(result, 2)) << "\n";
}

int PrintError(const Outcome& outcome)
{
    if (outcome.error.isObject() && outcome.error["message"].isStr()) {
        std::cerr << "error code: " << outcome.error["code"].getValStr() << "\nerror message:\n"
                  << outcome.error["message"].getValStr() << "\n";
    } else {
        std::cerr << "error: " << codec::WriteJson(outcome.error) << "\n";
    }
    return outcome.exit_status;
}

/// getblockchaininfo, getmempoolinfo, getwalletinfo and getnewest things on one screen.
int PrintInfo(const Setup& setup, const std::string& stdin_password)
{
    std::string text;
    const auto ask = [&](const char* method) {
        return CallWithWait(setup, stdin_password, *MakeRequest(method, {}, false));
    };
    const auto chain = ask("getblockchaininfo");
    if (!chain) {
        std::cerr << "error: " << chain.Error() << "\n";
        return 1;
    }
    if (chain->exit_status != 0) return PrintError(*chain);
    const auto field = [](const Json& object, const char* key) { return object[key].getValStr(); };
    const Json& c = chain->result;
    text += "Chain: " + field(c, "chain") + "\nBlocks: " + field(c, "blocks") +
            "\nHeaders: " + field(c, "headers");
    const double progress = std::strtod(field(c, "verificationprogress").c_str(), nullptr);
    text += base::Format("\nVerification progress: %.4f %%", progress * 100);
    text += "\nDifficulty: " + field(c, "difficulty") + "\n";
    if (const auto pool = ask("getmempoolinfo"); pool && pool->exit_status == 0) {
        text += "\nMempool: " + field(pool->result, "size") + " transactions, " +
                field(pool->result, "bytes") + " vbytes\n";
    }
    if (const auto dns = ask("getdnsinfo"); dns && dns->exit_status == 0) {
        text += "DNS: " + std::string(dns->result["running"].isTrue() ? "running, " : "off, ") +
                field(dns->result, "queries") + " questions answered\n";
    }
    if (const auto wallet = ask("getwalletinfo"); wallet && wallet->exit_status == 0) {
        text += "\nWallet: " + field(wallet->result, "walletname") +
                "\nBalance: " + field(wallet->result, "balance") +
                " EMC\nImmature: " + field(wallet->result, "immature_balance") + " EMC\n";
    }
    if (const auto warnings = field(c, "warnings"); !warnings.empty())
        text += "\nWarnings: " + warnings + "\n";
    std::cout << text;
    return 0;
}

/// How many addresses of nodes are worth trying, by network.
int PrintAddressCounts(const Setup& setup, const std::string& stdin_password)
{
    const auto known = CallWithWait(setup, stdin_password, *MakeRequest("getnodeaddresses", {"0"}, false));
    if (!known) {
        std::cerr << "error: " << known.Error() << "\n";
        return 1;
    }
    if (known->exit_status != 0) return PrintError(*known);
    if (!known->result.isArray()) {
        std::cerr << "error: The server's reply holds no list of addresses\n";
        return 1;
    }
    Json counts = codec::JsonObject();
    for (const char* network : {"ipv4", "ipv6", "onion", "i2p", "cjdns"}) {
        const auto& all = known->result.getValues();
        const auto count = std::count_if(all.begin(), all.end(), [&](const Json& one) {
            return one.isObject() && one["network"].getValStr() == network;
        });
        counts.pushKV(network, static_cast<int64_t>(count));
    }
    counts.pushKV("total", static_cast<int64_t>(known->result.size()));
    Json out = codec::JsonObject();
    out.pushKV("addresses_known", counts);
    PrintResult(out);
    return 0;
}

/// One object of counters as lines, the largest first.
std::string CounterLines(const std::string& title, const Json& counters)
{
    std::vector<std::pair<uint64_t, std::string>> rows;
    uint64_t total = 0;
    for (const std::string& key : counters.getKeys()) {
        rows.emplace_back(std::strtoull(counters[key].getValStr().c_str(), nullptr, 10), key);
        total += rows.back().first;
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string out = "\n" + title + "\n";
    for (const auto& [count, name] : rows) {
        const double share = total == 0 ? 0 : 100.0 * static_cast<double>(count) / static_cast<double>(total);
        out += base::Format("  %-12s %14llu %6.1f %%\n", name.c_str(), static_cast<unsigned long long>(count),
                            share);
    }
    return rows.empty() ? "" : out;
}

/// How long answers took: for some shares of them the bound below which they lie, then how many lie between
/// bounds. `buckets`: counts by upper bound in microseconds, ascending.
std::string LatencyLines(const Json& buckets)
{
    const auto count_of = [&](const std::string& bound) {
        return std::strtoull(buckets[bound].getValStr().c_str(), nullptr, 10);
    };
    unsigned long long total = 0;
    for (const std::string& bound : buckets.getKeys())
        total += count_of(bound);
    if (total == 0) return "";
    std::string out = "\nTime of an answer";
    for (const double share : {50.0, 90.0, 99.0, 99.9}) {
        unsigned long long within = 0;
        for (const std::string& bound : buckets.getKeys()) {
            within += count_of(bound);
            if (static_cast<double>(within) * 100 < share * static_cast<double>(total)) continue;
            const bool beyond = bound == "longer";
            out += base::Format("\n  %.4g %% %s%s", share, beyond ? "longer than all bounds" : "within ",
                                beyond ? "" : (bound + " us").c_str());
            break;
        }
    }
    out += "\n\nAnswers by time, up to microseconds\n";
    for (const std::string& bound : buckets.getKeys())
        out += base::Format("  %-12s %14llu\n", bound.c_str(), count_of(bound));
    return out;
}

/// -dnsinfo: what the DNS server does, for people.
int PrintDnsInfo(const Setup& setup, const std::string& stdin_password)
{
    const auto reply = CallWithWait(setup, stdin_password, *MakeRequest("getdnsinfo", {}, false));
    if (!reply) {
        std::cerr << "error: " << reply.Error() << "\n";
        return 1;
    }
    if (reply->exit_status != 0) return PrintError(*reply);
    const Json& info = reply->result;
    std::string text = info["running"].isTrue() ? "DNS server: running\n" : "DNS server: off\n";
    for (const Json& address : info["listen"].getValues())
        text += "  " + address.get_str() + "\n";
    constexpr const char* LINES[][2] = {{"queries", "packets received"},
                                        {"dropped", "not answered"},
                                        {"limited", "of them or cut by the rate limit"},
                                        {"truncated", "cut to the size of a datagram"},
                                        {"slow", "not in memory"},
                                        {"cookies", "with a good cookie"},
                                        {"connections", "connections open"},
                                        {"zone_names", "names in memory"},
                                        {"zone_bytes", "bytes for them"}};
    text += "\n  trusts";
    for (const Json& verifier : info["enumtrust"].getValues())
        text += " " + verifier.getValStr();
    text += info["enumtrust"].getValues().empty() ? " no verifier\n\n" : "\n\n";
    const double packets = std::strtod(info["queries"].getValStr().c_str(), nullptr);
    const double slow = std::strtod(info["slow"].getValStr().c_str(), nullptr);
    if (packets > 0) text += base::Format("  %13.2f%% answered from memory\n", 100 * (1 - slow / packets));
    for (const auto& [key, what] : LINES)
        text += base::Format("  %14s %s\n", info[key].getValStr().c_str(), what);
    constexpr const char* TABLES[][2] = {{"by_transport", "Packets by transport"},
                                         {"by_type", "Questions by type"},
                                         {"by_rcode", "Answers by rcode"},
                                         {"by_zone", "Questions by zone"}};
    for (const auto& [key, title] : TABLES) {
        if (info[key].isObject()) text += CounterLines(title, info[key]);
    }
    std::cout << text + LatencyLines(info["latency_us"]);
    return 0;
}

} // namespace

base::Expected<std::string, std::string> MakeRequest(const std::string& method,
                                                     const std::vector<std::string>& words, bool named)
{
    const auto* spec = rpc::FindCall(method);
    Json params = codec::JsonArray();
    if (named) {
        auto made = NamedParams(spec, words);
        if (!made) return Unexpected(made.Error());
        params = std::move(*made);
    } else {
        for (size_t i = 0; i < words.size(); ++i) {
            auto value = Convert(spec, static_cast<int>(i), words[i]);
            if (!value) return Unexpected(value.Error());
            params.push_back(*value);
        }
    }
    Json request = codec::JsonObject();
    request.pushKV("jsonrpc", "1.0");
    request.pushKV("id", 1);
    request.pushKV("method", method);
    request.pushKV("params", params);
    return codec::WriteJson(request);
}

int RunCli(const std::vector<std::string>& arguments)
{
    auto setup = MakeSetup(arguments, CliOptions());
    if (!setup) {
        std::cerr << "Error: " << setup.Error() << "\n";
        return 1;
    }
    const auto& options = setup->options;
    if (options.Bool("version", false)) {
        std::cout << VersionText("emercoin-cli");
        return 0;
    }
    std::vector<std::string> words = options.Words();
    const bool help = options.Bool("help", false);
    std::string password;
    if (!help && options.Bool("stdinrpcpass", false)) std::getline(std::cin, password);
    if (!help && options.Bool("stdin", false)) {
        for (std::string line; std::getline(std::cin, line);)
            words.push_back(line);
    }
    const bool getinfo = options.Bool("getinfo", false);
    const bool addrinfo = options.Bool("addrinfo", false);
    const bool dnsinfo = options.Bool("dnsinfo", false);
    if (help || (words.empty() && !getinfo && !addrinfo && !dnsinfo)) {
        std::cout << VersionText("emercoin-cli") << "\nUsage: emercoin-cli [options] <call> [arguments]\n"
                  << "       emercoin-cli [options] help [call]\n\n"
                  << OptionsHelp(CliOptions());
        return help ? 0 : 1;
    }
    if (getinfo) return PrintInfo(*setup, password);
    if (addrinfo) return PrintAddressCounts(*setup, password);
    if (dnsinfo) return PrintDnsInfo(*setup, password);
    const std::string method = words.front();
    const auto body = MakeRequest(method, {words.begin() + 1, words.end()}, options.Bool("named", false));
    const auto outcome = body ? CallWithWait(*setup, password, *body) : Unexpected(body.Error());
    if (!outcome) {
        std::cerr << "error: " << outcome.Error() << "\n";
        return 1;
    }
    if (outcome->exit_status != 0) return PrintError(*outcome);
    PrintResult(options.Bool("v", false) && outcome->result.isObject() ? outcome->result["value"]
                                                                       : outcome->result);
    return 0;
}

} // namespace emc::app
