#include "rpc/wallet_dump.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <unistd.h>

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
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return errno == EEXIST ? path + " is there already; name a new file"
                               : "Cannot write " + path + ": " + std::strerror(errno);
    }
    std::string text = "# Private keys of a wallet: whoever has this file has the money.\n# Best block " +
                       std::to_string(head.height) + " (" + head.block + ")\n\n";
    for (const auto& key : keys)
        text += LineOf(key, head.birth);
    text += "\n# End of dump\n";
    size_t at = 0;
    while (at < text.size()) {
        const ssize_t put = write(fd, text.data() + at, text.size() - at);
        if (put <= 0) break;
        at += static_cast<size_t>(put);
    }
    const bool whole = at == text.size() && fsync(fd) == 0;
    const int reason = errno;
    close(fd);
    if (whole) return {};
    static_cast<void>(unlink(path.c_str()));
    return "Cannot write " + path + ": " + std::strerror(reason);
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
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) return base::Unexpected("Cannot read " + path);
    if (static_cast<size_t>(file.tellg()) > MAX_DUMP_BYTES)
        return base::Unexpected(path + " is too large for a dump");
    file.seekg(0);
    std::ostringstream text;
    text << file.rdbuf();
    auto keys = ParseDump(text.str());
    if (!keys) return base::Unexpected(path + ": " + keys.Error());
    return keys;
}

} // namespace emc::rpc
