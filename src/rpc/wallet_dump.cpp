#include "rpc/wallet_dump.h"

#include "rpc/text_file.h"

#include <algorithm>

namespace emc::rpc {

namespace {

constexpr size_t MAX_DUMP_BYTES = 256u << 20;
constexpr size_t MAX_SECRET_CHARS = 60; // a WIF key has 51 or 52

std::string Escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c > 0x20 && c < 0x7f && c != '%')
            out += c;
        else
            out += "%" + base::Hex(base::AsBytes({&c, 1}));
    }
    return out;
}

std::string Unescaped(std::string_view text)
{
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        const auto byte = text[i] == '%' ? base::FromHex(text.substr(i + 1, 2)) : std::nullopt;
        if (byte && byte->size() == 1) {
            out += static_cast<char>((*byte)[0]);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

/// Cuts the part before the first `end` off the front.
std::string_view Cut(std::string_view& rest, char end)
{
    const size_t at = std::min(rest.find(end), rest.size());
    const auto out = rest.substr(0, at);
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return out;
}

std::string LineOf(const interfaces::WalletApi::KeyLine& key, const std::string& birth)
{
    std::string out = key.secret + " " + birth;
    if (key.change)
        out += " change=1";
    else
        out += " label=" + Escaped(key.label);
    out += " # addr=" + key.address;
    if (!key.hd_path.empty()) out += " hdkeypath=" + key.hd_path;
    return out + "\n";
}

} // namespace

std::string WriteDump(const std::string& path, const DumpHead& head,
                      const std::vector<interfaces::WalletApi::KeyLine>& keys)
{
    std::string text = "# Private keys of a wallet: whoever has this file has the money.\n# Best block " +
                       std::to_string(head.height) + " (" + head.block + ")\n\n";
    for (const auto& key : keys)
        text += LineOf(key, head.birth);
    text += "\n# End of dump\n";
    return WriteNewTextFile(path, text);
}

base::Expected<std::vector<DumpedKey>, std::string> ParseDump(std::string_view text)
{
    std::vector<DumpedKey> out;
    for (size_t number = 1; !text.empty(); ++number) {
        std::string_view line = Cut(text, '\n');
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line[0] == '#') continue;
        DumpedKey key;
        key.wif = Cut(line, ' ');
        if (key.wif.empty() || key.wif.size() > MAX_SECRET_CHARS)
            return base::Unexpected("line " + std::to_string(number) + " does not begin with a private key");
        while (!line.empty() && line[0] != '#') {
            const auto word = Cut(line, ' ');
            if (word.starts_with("label=")) key.label = Unescaped(word.substr(6));
        }
        out.push_back(std::move(key));
    }
    if (out.empty()) return base::Unexpected(std::string("there is no key in it"));
    return out;
}

base::Expected<std::vector<DumpedKey>, std::string> ReadDump(const std::string& path)
{
    const auto text = ReadTextFile(path, MAX_DUMP_BYTES);
    if (!text) return base::Unexpected(text.Error());
    auto keys = ParseDump(*text);
    if (!keys) return base::Unexpected(path + ": " + keys.Error());
    return keys;
}

} // namespace emc::rpc
