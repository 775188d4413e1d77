#include "app/cli.h"

#include "app/cli_views.h"
#include "app/endpoint.h"
#include "base/clock.h"
#include "base/log.h"
#include "rpc/call.h"
#include "rpc/words.h"

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

bool IsWarmup(const CliOutcome& outcome)
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

base::Expected<CliOutcome, std::string> Exchange(const RpcTarget& target, const std::string& body)
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
    CliOutcome out;
    out.result = (*json)["result"];
    out.error = (*json)["error"];
    out.exit_status = ExitStatusOf(out.error);
    return out;
}

/// Calls, again and again while -rpcwait says so and the node is not there or not ready.
base::Expected<CliOutcome, std::string> CallWithWait(const Setup& setup, const std::string& stdin_password,
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

} // namespace

base::Expected<std::string, std::string> MakeRequest(const std::string& method,
                                                     const std::vector<std::string>& words, bool named)
{
    const auto* spec = rpc::FindCall(method);
    const auto params = rpc::ParamsOf(spec, words, named);
    if (!params) return Unexpected(params.Error());
    Json request = codec::JsonObject();
    request.pushKV("jsonrpc", "1.0");
    request.pushKV("id", 1);
    request.pushKV("method", method);
    request.pushKV("params", *params);
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
    const auto& views = CliViews();
    const auto view = std::find_if(views.begin(), views.end(),
                                   [&options](const CliView& v) { return options.Bool(v.option, false); });
    if (help || (words.empty() && view == views.end())) {
        std::cout << VersionText("emercoin-cli") << "\nUsage: emercoin-cli [options] <call> [arguments]\n"
                  << "       emercoin-cli [options] help [call]\n\n"
                  << OptionsHelp(CliOptions());
        return help ? 0 : 1;
    }
    if (view != views.end()) {
        const CliAsk ask = [&](const std::string& method, const std::vector<std::string>& given) {
            const auto body = MakeRequest(method, given, false);
            return body ? CallWithWait(*setup, password, *body) : Unexpected(body.Error());
        };
        try {
            return view->print(ask, words);
        } catch (const std::exception&) { // a server that is no node
            std::cerr << "error: The server's reply does not have the form expected\n";
            return 1;
        }
    }
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
