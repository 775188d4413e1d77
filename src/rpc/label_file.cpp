#include "rpc/label_file.h"

#include "codec/json.h"
#include "consensus/params.h"
#include "crypto/keys.h"
#include "script/address.h"
#include "script/hd_key.h"

#include <algorithm>
#include <charconv>

namespace emc::rpc {

namespace {

using codec::Json;
using interfaces::LabelKind;
using interfaces::LabelLine;

constexpr std::pair<std::string_view, LabelKind> TYPES[] = {
    {"tx", LabelKind::Tx},       {"addr", LabelKind::Address},  {"pubkey", LabelKind::PublicKey},
    {"input", LabelKind::Input}, {"output", LabelKind::Output}, {"xpub", LabelKind::ExtPublicKey},
};

std::string_view TypeText(LabelKind kind)
{
    for (const auto& [text, one] : TYPES) {
        if (one == kind) return text;
    }
    return {};
}

/// "txid:index" in its one form; nullopt when it is none.
std::optional<std::string> OutPointText(std::string_view ref)
{
    const size_t colon = std::min(ref.find(':'), ref.size());
    const auto txid = base::HashFromReversedHex(ref.substr(0, colon));
    if (!txid || colon == ref.size()) return std::nullopt;
    const auto number = ref.substr(colon + 1);
    uint32_t index = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), index);
    if (error != std::errc() || end != number.data() + number.size()) return std::nullopt;
    return base::ReversedHex(*txid) + ":" + std::to_string(index);
}

/// What a line is about in its one form, or what it should be.
base::Expected<std::string, std::string> RefOf(const consensus::Params& params, LabelKind kind,
                                               const std::string& ref)
{
    const auto wanted = [](const char* what) {
        return base::Unexpected("ref has to be " + std::string(what));
    };
    switch (kind) {
    case LabelKind::Tx: {
        const auto txid = base::HashFromReversedHex(ref);
        if (!txid) return wanted("the 64 hex digits of a transaction");
        return base::ReversedHex(*txid);
    }
    case LabelKind::Address: {
        const auto script = script::DecodeAddress(params.addresses, ref);
        if (!script) return base::Unexpected("ref is no address of this network: " + script.Error());
        return ref;
    }
    case LabelKind::PublicKey: {
        const auto bytes = base::FromHex(ref);
        if (!bytes || (bytes->size() != 32 && !crypto::PublicKey::From(*bytes)))
            return wanted("a public key in hex, of 32, 33 or 65 bytes");
        return base::Hex(*bytes);
    }
    case LabelKind::Input:
    case LabelKind::Output: {
        auto outpoint = OutPointText(ref);
        if (!outpoint) return wanted("txid:index");
        return *std::move(outpoint);
    }
    case LabelKind::ExtPublicKey:
        if (!script::DecodeExtPublic(params.addresses, ref))
            return wanted("an extended public key of this network");
        return ref;
    }
    return ref;
}

/// One line; an empty optional for a type that is not known.
base::Expected<std::optional<LabelLine>, std::string> LineOf(const consensus::Params& params,
                                                             std::string_view text)
{
    const auto object = codec::ParseJson(text);
    if (!object) return base::Unexpected("no JSON: " + object.Error().reason);
    if (!object->isObject()) return base::Unexpected(std::string("it has to be a JSON object"));
    const Json& type = (*object)["type"];
    const Json& ref = (*object)["ref"];
    const Json& label = (*object)["label"];
    const Json& spendable = (*object)["spendable"];
    if (!type.isStr() || !ref.isStr()) return base::Unexpected(std::string("type and ref have to be texts"));
    if (!label.isNull() && !label.isStr()) return base::Unexpected(std::string("label has to be a text"));
    if (!spendable.isNull() && !spendable.isBool())
        return base::Unexpected(std::string("spendable has to be true or false"));
    for (const auto& [name, kind] : TYPES) {
        if (name != type.get_str()) continue;
        LabelLine line;
        line.kind = kind;
        auto about = RefOf(params, kind, ref.get_str());
        if (!about) return base::Unexpected(about.Error());
        line.ref = *std::move(about);
        if (label.isStr()) line.label = label.get_str();
        if (kind == LabelKind::Output && spendable.isBool()) line.spendable = spendable.get_bool();
        return std::optional(std::move(line));
    }
    return std::optional<LabelLine>();
}

} // namespace

std::string LabelFileText(const std::vector<LabelLine>& labels)
{
    std::string out;
    for (const auto& line : labels) {
        Json row = codec::JsonObject();
        row.pushKV("type", std::string(TypeText(line.kind)));
        row.pushKV("ref", line.ref);
        if (line.label) row.pushKV("label", *line.label);
        if (line.spendable) row.pushKV("spendable", *line.spendable);
        out += codec::WriteJson(row) + "\n";
    }
    return out;
}

base::Expected<LabelFile, std::string> ParseLabelFile(const consensus::Params& params, std::string_view text)
{
    LabelFile out;
    for (size_t number = 1; !text.empty(); ++number) {
        const size_t end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        auto read = LineOf(params, line);
        if (!read) return base::Unexpected("line " + std::to_string(number) + ": " + read.Error());
        if (!*read) {
            out.passed_over.emplace_back(number, "its type is not known");
            continue;
        }
        out.labels.push_back(**std::move(read));
        out.lines.push_back(number);
    }
    return out;
}

} // namespace emc::rpc
