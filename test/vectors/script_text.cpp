#include "vectors/script_text.h"

#include "script/opcodes.h"

#include <array>
#include <utility>

namespace emc::vectors {

namespace {

using base::Bytes;
using script::ScriptBuilder;

std::vector<std::string_view> Words(std::string_view text, char separator)
{
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const size_t end = std::min(text.find(separator), text.size());
        if (end > 0) out.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::optional<uint8_t> OpFromName(std::string_view word)
{
    if (word.starts_with("OP_")) word.remove_prefix(3);
    if (word == "RESERVED") return script::OP_RESERVED;
    if (word == "NOP2") return script::OP_CHECKLOCKTIMEVERIFY;
    if (word == "NOP3") return script::OP_CHECKSEQUENCEVERIFY;
    if (word == "TRUE") return script::OP_1;
    if (word == "FALSE") return script::OP_0;
    if (word == "1NEGATE") return script::OP_1NEGATE;
    for (int opcode = script::OP_NOP; opcode <= script::OP_CHECKSIGADD; ++opcode) {
        if (script::OpName(static_cast<uint8_t>(opcode)).substr(3) == word)
            return static_cast<uint8_t>(opcode);
    }
    return std::nullopt;
}

std::optional<int64_t> Decimal(std::string_view word)
{
    const bool negative = word.starts_with('-');
    if (negative) word.remove_prefix(1);
    if (word.empty() || word.size() > 18) return std::nullopt;
    int64_t value = 0;
    for (const char c : word) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return negative ? -value : value;
}

constexpr std::array<std::pair<std::string_view, script::Flags>, 21> FLAG_NAMES = {{
    {"P2SH", script::VERIFY_P2SH},
    {"STRICTENC", script::VERIFY_STRICTENC},
    {"DERSIG", script::VERIFY_DERSIG},
    {"LOW_S", script::VERIFY_LOW_S},
    {"NULLDUMMY", script::VERIFY_NULLDUMMY},
    {"SIGPUSHONLY", script::VERIFY_SIGPUSHONLY},
    {"MINIMALDATA", script::VERIFY_MINIMALDATA},
    {"DISCOURAGE_UPGRADABLE_NOPS", script::VERIFY_DISCOURAGE_UPGRADABLE_NOPS},
    {"CLEANSTACK", script::VERIFY_CLEANSTACK},
    {"CHECKLOCKTIMEVERIFY", script::VERIFY_CHECKLOCKTIMEVERIFY},
    {"CHECKSEQUENCEVERIFY", script::VERIFY_CHECKSEQUENCEVERIFY},
    {"WITNESS", script::VERIFY_WITNESS},
    {"DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM", script::VERIFY_DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM},
    {"MINIMALIF", script::VERIFY_MINIMALIF},
    {"NULLFAIL", script::VERIFY_NULLFAIL},
    {"WITNESS_PUBKEYTYPE", script::VERIFY_WITNESS_PUBKEYTYPE},
    {"CONST_SCRIPTCODE", script::VERIFY_CONST_SCRIPTCODE},
    {"TAPROOT", script::VERIFY_TAPROOT},
    {"DISCOURAGE_UPGRADABLE_TAPROOT_VERSION", script::VERIFY_DISCOURAGE_UPGRADABLE_TAPROOT_VERSION},
    {"DISCOURAGE_OP_SUCCESS", script::VERIFY_DISCOURAGE_OP_SUCCESS},
    {"DISCOURAGE_UPGRADABLE_PUBKEYTYPE", script::VERIFY_DISCOURAGE_UPGRADABLE_PUBKEYTYPE},
}};

} // namespace

std::optional<Bytes> ScriptFromWords(std::string_view text)
{
    ScriptBuilder out;
    for (const std::string_view word : Words(text, ' ')) {
        if (const auto number = Decimal(word)) {
            out.Number(*number);
        } else if (word.starts_with("0x")) {
            const auto raw = base::FromHex(word.substr(2));
            if (!raw) return std::nullopt;
            out.Raw(*raw);
        } else if (word.size() >= 2 && word.front() == '\'' && word.back() == '\'') {
            out.Push(base::AsBytes(word.substr(1, word.size() - 2)));
        } else if (const auto opcode = OpFromName(word)) {
            out.Op(*opcode);
        } else {
            return std::nullopt;
        }
    }
    return out.Take();
}

std::optional<Bytes> ScriptFromAsm(std::string_view text)
{
    ScriptBuilder out;
    for (const std::string_view word : Words(text, ' ')) {
        if (word.starts_with("OP_")) {
            const auto small = Decimal(word.substr(3));
            const auto opcode = OpFromName(word);
            if (small && *small >= 0 && *small <= 16) {
                out.Number(*small);
            } else if (opcode) {
                out.Op(*opcode);
            } else {
                return std::nullopt;
            }
            continue;
        }
        const auto data = base::FromHex(word);
        if (!data) return std::nullopt;
        const bool small = data->size() == 1 && (((*data)[0] >= 1 && (*data)[0] <= 16) || (*data)[0] == 0x81);
        if (small) {
            out.Number((*data)[0] == 0x81 ? -1 : (*data)[0]);
        } else {
            out.Push(*data);
        }
    }
    return out.Take();
}

std::optional<script::Flags> FlagsFromText(std::string_view text)
{
    script::Flags out = script::VERIFY_NONE;
    for (const std::string_view word : Words(text, ',')) {
        if (word == "NONE") continue;
        bool known = false;
        for (const auto& [name, flag] : FLAG_NAMES) {
            if (name != word) continue;
            out |= flag;
            known = true;
        }
        if (!known) return std::nullopt;
    }
    return out;
}

script::Flags AllFlags()
{
    script::Flags out = script::VERIFY_NONE;
    for (const auto& row : FLAG_NAMES)
        out |= row.second;
    return out;
}

script::AddressParams ForeignParams(std::string_view network)
{
    if (network == "regtest") return {111, 196, 239, 0x043587CF, 0x04358394, "bcrt"};
    if (network.starts_with("test") || network == "signet")
        return {111, 196, 239, 0x043587CF, 0x04358394, "tb"};
    if (network == "litecoin") return {48, 50, 176, 0x019da462, 0x019d9cfe, "ltc"};
    return {0, 5, 128, 0x0488B21E, 0x0488ADE4, "bc"};
}

script::AddressParams RecordedParams(std::string_view network)
{
    if (network == "main") return {33, 92, 128, 0x0488B21E, 0x0488ADE4, "em"};
    return {111, 196, 239, 0x043587CF, 0x04358394, network == "test" ? "te" : "emrt"};
}

std::string ShownAddress(const script::AddressParams& params, base::ByteSpan script)
{
    const auto solution = script::Solve(script);
    if (solution.type == script::ScriptType::PubKey) {
        const auto key = crypto::PublicKey::From(solution.parts[0]);
        return script::EncodeAddress(params, script::PayToPubKeyHash(key->Id())).value_or("");
    }
    return script::EncodeAddress(params, script).value_or("");
}

} // namespace emc::vectors
