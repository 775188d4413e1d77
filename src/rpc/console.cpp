#include "rpc/console.h"

#include "rpc/words.h"

#include <algorithm>
#include <array>

namespace emc::rpc {

namespace {

using base::Unexpected;

/// Calls with a passphrase, a key or a seed among their arguments.
constexpr std::array<std::string_view, 13> SECRET_CALLS = {"createwallet",
                                                           "deriveaddresses",
                                                           "encryptwallet",
                                                           "getdescriptorinfo",
                                                           "importdescriptors",
                                                           "importmnemonic",
                                                           "importmulti",
                                                           "importprivkey",
                                                           "sethdseed",
                                                           "signmessagewithprivkey",
                                                           "signrawtransactionwithkey",
                                                           "walletpassphrase",
                                                           "walletpassphrasechange"};

/// A number or a text stands for itself, everything else as indented JSON.
std::string TextOf(const Json& value)
{
    constexpr unsigned INDENT = 2;
    return value.isStr() ? value.get_str() : value.write(INDENT);
}

} // namespace

Console::Console(const Services& services, base::Logger& log) : m_dispatcher(services, log)
{
    m_dispatcher.EndWarmup(services);
}

base::Expected<std::string, std::string> Console::Run(const std::string& line, const std::string& wallet)
{
    auto words = SplitWords(line);
    if (!words) return Unexpected(words.Error());
    const bool named = !words->empty() && words->front() == "-named";
    if (named) words->erase(words->begin());
    if (words->empty()) return std::string();
    const std::string method = words->front();
    words->erase(words->begin());
    const auto params = ParamsOf(FindCall(method), *words, named);
    if (!params) return Unexpected(params.Error());
    Dispatcher::Job job;
    job.body = codec::JsonObject();
    job.body.pushKV("id", 1);
    job.body.pushKV("method", method);
    job.body.pushKV("params", *params);
    job.wallet = wallet;
    const auto reply = codec::ParseJson(m_dispatcher.Run(job).body);
    if (!reply) return Unexpected(reply.Error().reason);
    const Json& error = (*reply)["error"];
    if (error.isNull()) return TextOf((*reply)["result"]);
    return Unexpected(error["message"].getValStr() + " (code " + error["code"].getValStr() + ")");
}

std::vector<std::string> Console::Calls() const
{
    std::vector<std::string> out;
    for (const auto* spec : AllCalls()) {
        if (spec->category != "Hidden") out.emplace_back(spec->name);
    }
    std::sort(out.begin(), out.end());
    return out;
}

bool Console::MayKeep(const std::string& line) const
{
    const auto words = SplitWords(line);
    if (!words) return false;
    return std::none_of(words->begin(), words->end(), [](const std::string& word) {
        return std::find(SECRET_CALLS.begin(), SECRET_CALLS.end(), word) != SECRET_CALLS.end();
    });
}

} // namespace emc::rpc
