#include "wallet/signer.h"

#include "base/child.h"
#include "codec/json.h"
#include "wallet/wallet.h"

#include <algorithm>
#include <sstream>

namespace emc::wallet {

namespace {

using codec::Json;

/// People look at what they sign.
constexpr int PATIENCE_MS = 600'000;
constexpr size_t MAX_ANSWER_BYTES = 16u << 20;
constexpr size_t FINGERPRINT_CHARS = 8;

bool IsFingerprint(const std::string& text)
{
    return text.size() == FINGERPRINT_CHARS && base::FromHex(text).has_value();
}

std::vector<std::string> WordsOf(const std::string& command)
{
    std::istringstream in(command);
    std::vector<std::string> out;
    for (std::string word; in >> word;)
        out.push_back(word);
    return out;
}

/// Programs that explain themselves at length say at the end what it was.
std::string LastLine(const std::string& text)
{
    const size_t end = text.find_last_not_of(" \r\n");
    if (end == std::string::npos) return "";
    const size_t before = text.rfind('\n', end);
    const size_t begin = before == std::string::npos ? 0 : before + 1;
    return text.substr(begin, end + 1 - begin);
}

/// What the program answers to these words.
Result<Json> Ask(const std::string& command, const std::function<bool()>& stop,
                 const std::vector<std::string>& words, const std::string& input)
{
    const auto refuse = [&](const std::string& why) {
        return FailWith(CODE_MISC, "The signer's program (-signer=" + command + ") " + why);
    };
    std::vector<std::string> all = WordsOf(command);
    if (all.empty()) {
        return FailWith(CODE_MISC, "There is no external signer: start the node with -signer=<command>");
    }
    all.insert(all.end(), words.begin(), words.end());
    const auto result = base::RunChild({.program = all[0],
                                        .words = all,
                                        .input = input,
                                        .patience_ms = PATIENCE_MS,
                                        .max_output_bytes = MAX_ANSWER_BYTES},
                                       stop);
    if (!result.started) return refuse("cannot be run");
    if (!result.in_time)
        return refuse(stop() ? "was ended, since the node stops" : "did not answer within ten minutes");
    const auto answer = codec::ParseJson(result.output);
    if (answer && answer->isObject() && (*answer)["error"].isStr())
        return refuse("says: " + (*answer)["error"].get_str());
    if (result.exit_code != 0) {
        const auto code = result.exit_code ? std::to_string(*result.exit_code) : "a signal";
        const std::string said = LastLine(result.complaint);
        return refuse("ended with " + code + (said.empty() ? "" : ": " + said));
    }
    if (!answer) return refuse("gave no JSON: " + answer.Error().reason);
    return *answer;
}

std::vector<std::string> For(const SignerDevice& device, const std::string& network,
                             std::initializer_list<std::string> more)
{
    std::vector<std::string> out{"--fingerprint", device.fingerprint, "--chain", network};
    out.insert(out.end(), more);
    return out;
}

base::Unexpected<Failure> NoSense(const char* what)
{
    return FailWith(CODE_MISC, std::string("The external signer's answer has no ") + what);
}

} // namespace

Signer::Signer(std::string command, std::string network, std::function<bool()> stop)
    : m_command(std::move(command)), m_network(std::move(network)), m_stop(std::move(stop))
{}

Result<std::vector<SignerDevice>> Signer::Devices() const
{
    const auto list = Ask(m_command, m_stop, {"enumerate"}, "");
    if (!list) return base::Unexpected(list.Error());
    if (!list->isArray()) return NoSense("list of devices");
    std::vector<SignerDevice> out;
    for (const auto& row : list->getValues()) {
        // A device that is locked is listed with an error in place of a fingerprint.
        if (!row.isObject() || !row["fingerprint"].isStr()) continue;
        SignerDevice device{row["fingerprint"].get_str(), ""};
        if (!IsFingerprint(device.fingerprint)) return NoSense("fingerprint of eight hex digits");
        if (row["model"].isStr()) device.name = row["model"].get_str();
        const auto same = [&](const SignerDevice& one) { return one.fingerprint == device.fingerprint; };
        if (std::none_of(out.begin(), out.end(), same)) out.push_back(std::move(device));
    }
    return out;
}

Result<SignerDevice> Signer::OnlyDevice() const
{
    auto devices = Devices();
    if (!devices) return base::Unexpected(devices.Error());
    if (devices->empty()) return FailWith(CODE_MISC, "No external signer is connected and unlocked");
    if (devices->size() > 1)
        return FailWith(CODE_MISC, "There are " + std::to_string(devices->size()) +
                                       " external signers: connect one only");
    return (*devices)[0];
}

Result<Signer::Descriptors> Signer::AccountDescriptors(const SignerDevice& device, uint32_t account) const
{
    const auto answer =
        Ask(m_command, m_stop,
            For(device, m_network, {"getdescriptors", "--account", std::to_string(account)}), "");
    if (!answer) return base::Unexpected(answer.Error());
    Descriptors out;
    for (const auto& [key, list] : {std::pair{"receive", &out.receive}, {"internal", &out.internal}}) {
        const Json& texts = (*answer)[key];
        if (!texts.isArray()) return NoSense("descriptors");
        for (const auto& text : texts.getValues()) {
            if (!text.isStr()) return NoSense("descriptors");
            list->push_back(text.get_str());
        }
    }
    return out;
}

Result<std::string> Signer::Display(const SignerDevice& device, const std::string& descriptor) const
{
    const auto answer =
        Ask(m_command, m_stop, For(device, m_network, {"displayaddress", "--desc", descriptor}), "");
    if (!answer) return base::Unexpected(answer.Error());
    if (!(*answer)["address"].isStr()) return NoSense("address");
    return (*answer)["address"].get_str();
}

Result<std::string> Signer::Sign(const SignerDevice& device, const std::string& psbt) const
{
    // By standard input, since a command line is not long enough for large ones.
    const auto answer = Ask(m_command, m_stop, For(device, m_network, {"--stdin"}), "signtx " + psbt + "\n");
    if (!answer) return base::Unexpected(answer.Error());
    if (!(*answer)["psbt"].isStr()) return NoSense("PSBT");
    return (*answer)["psbt"].get_str();
}

} // namespace emc::wallet
