#include "app/setup.h"

#include "base/log.h"
#include "consensus/target.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace emc::app {

namespace {

using base::Unexpected;

base::Expected<std::string, std::string> NetworkName(const Options& options)
{
    const bool test = options.Bool("testnet", false);
    const bool regtest = options.Bool("regtest", false);
    const bool named = options.Has("chain");
    if ((test ? 1 : 0) + (regtest ? 1 : 0) + (named ? 1 : 0) > 1) {
        return Unexpected(
            std::string("Choose one network: -regtest, -testnet or -chain=<name>, not several"));
    }
    std::string name = test ? "test" : regtest ? "regtest" : options.Text("chain", "main");
    if (consensus::ParamsByName(name) == nullptr) {
        return Unexpected("-chain=" + name + " is not one of main, test, regtest");
    }
    return name;
}

base::Expected<void, std::string> ApplyActivation(const Options& options, consensus::Params& params)
{
    for (const auto& text : options.List("testactivationheight")) {
        const auto at = text.find('@');
        const std::string rule = text.substr(0, at);
        int height = 0;
        const bool number =
            at != std::string::npos && sscanf(text.c_str() + at + 1, "%d", &height) == 1 && height >= 0;
        auto& a = params.activation;
        int32_t* target = rule == "bip34"                       ? &a.bip34
                          : rule == "bip65" || rule == "cltv"   ? &a.bip65
                          : rule == "bip66" || rule == "dersig" ? &a.bip66
                          : rule == "csv"                       ? &a.csv
                          : rule == "segwit"                    ? &a.segwit
                          : rule == "taproot"                   ? &a.taproot
                                                                : nullptr;
        if (!number || target == nullptr) {
            return Unexpected(
                "-testactivationheight=" + text +
                " is not of the form rule@height with bip34, bip65, bip66, csv, segwit or taproot");
        }
        if (params.network != consensus::Network::Regtest) {
            return Unexpected(std::string("-testactivationheight works on regtest only"));
        }
        *target = height;
    }
    return {};
}

/// -teststakebits: another target for blocks of stake.
base::Expected<void, std::string> ApplyStakeBits(const Options& options, consensus::Params& params)
{
    if (!options.Has("teststakebits")) return {};
    const std::string text = options.Text("teststakebits");
    unsigned bits = 0;
    int end = 0;
    const bool number =
        sscanf(text.c_str(), "%8x%n", &bits, &end) == 1 && static_cast<size_t>(end) == text.size();
    const auto target = number ? consensus::TargetOf(bits) : std::nullopt;
    if (!target || *target > *consensus::TargetOf(params.pos_limit_bits)) {
        return Unexpected("-teststakebits=" + text +
                          " is no target in compact form (8 hex digits) up to the one of regtest");
    }
    if (params.network != consensus::Network::Regtest)
        return Unexpected(std::string("-teststakebits works on regtest only"));
    params.pos_anchor_bits = bits;
    params.pos_limit_bits = bits; // targets are fixed at the limit there
    return {};
}

base::Expected<void, std::string> ApplyAssumedValid(const Options& options, consensus::Params& params)
{
    if (!options.Has("assumevalid")) return {};
    const std::string text = options.Text("assumevalid");
    params.assumed_valid = base::HashFromReversedHex(text);
    if (params.assumed_valid || text == "0") return {};
    return Unexpected("-assumevalid=" + text +
                      " is neither a block hash (64 hex digits) nor 0 (check all scripts)");
}

/// -assumeutxo: states to trust, HEIGHT:BLOCKHASH:STATEHASH.
base::Expected<void, std::string> ApplyAssumedStates(const Options& options, consensus::Params& params)
{
    for (const auto& text : options.List("assumeutxo")) {
        const auto first = text.find(':');
        const auto second = first == std::string::npos ? first : text.find(':', first + 1);
        consensus::AssumedState state;
        int end = 0;
        const bool number = second != std::string::npos &&
                            sscanf(text.c_str(), "%9d%n", &state.height, &end) == 1 &&
                            static_cast<size_t>(end) == first && state.height >= 1;
        const auto base =
            number ? base::HashFromReversedHex(text.substr(first + 1, second - first - 1)) : std::nullopt;
        const auto hash = number ? base::HashFromReversedHex(text.substr(second + 1)) : std::nullopt;
        if (!base || !hash) {
            return Unexpected("-assumeutxo=" + text +
                              " is not of the form height:blockhash:statehash, as dumptxoutset shows them");
        }
        if (params.network != consensus::Network::Regtest)
            return Unexpected(std::string("-assumeutxo works on regtest only"));
        state.base = *base;
        state.state = *hash;
        params.assumed_states.push_back(state);
    }
    return {};
}

base::Expected<void, std::string> ReadConfig(const std::string& path, bool must_exist, Options& options)
{
    const auto text = ReadTextFile(path);
    if (text) return options.ParseFile(path, *text, QtOptions());
    if (must_exist || access(path.c_str(), F_OK) == 0) {
        return Unexpected("Cannot read configuration file " + path + ": " + std::strerror(errno));
    }
    return {};
}

} // namespace

std::string DefaultDataDir()
{
    const passwd* user = getpwuid(geteuid());
    const char* home = user != nullptr && user->pw_dir != nullptr ? user->pw_dir : getenv("HOME");
    return std::string(home == nullptr ? "/" : home) + "/.emercoin";
}

std::string PathBelow(const std::string& folder, const std::string& path)
{
    return path.starts_with("/") ? path : folder + "/" + path;
}

bool IsFolder(const std::string& path)
{
    struct stat info {};

    return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

base::Expected<void, std::string> MakeFolder(const std::string& path)
{
    for (size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        static_cast<void>(mkdir(path.substr(0, slash).c_str(), 0700));
    }
    if (mkdir(path.c_str(), 0700) != 0 && !IsFolder(path)) {
        return Unexpected("Cannot make folder " + path + ": " + std::strerror(errno));
    }
    return {};
}

std::optional<std::string> ReadTextFile(const std::string& path, size_t max_bytes)
{
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return std::nullopt;
    std::string out;
    char buffer[4096];
    ssize_t got = 0;
    while ((got = read(fd, buffer, sizeof(buffer))) > 0 && out.size() <= max_bytes) {
        out.append(buffer, static_cast<size_t>(got));
    }
    close(fd);
    if (got < 0 || out.size() > max_bytes) return std::nullopt;
    return out;
}

namespace {

/// The value of a variable, which then is no more: what this program starts is not to inherit it.
std::string TakeVariable(const char* name)
{
    const char* value = std::getenv(name);
    std::string out = value == nullptr ? "" : value;
    unsetenv(name);
    return out;
}

} // namespace

base::Expected<Setup, std::string> MakeSetup(const std::vector<std::string>& arguments,
                                             const std::vector<OptionSpec>& table)
{
    Options options(table);
    if (auto parsed = options.ParseArguments(arguments); !parsed) return Unexpected(parsed.Error());
    Folders folders;
    folders.base = options.Text("datadir", DefaultDataDir());
    if (folders.base.empty()) return Unexpected(std::string("-datadir needs a value, like -datadir=<dir>"));
    if (options.Has("datadir") && !IsFolder(folders.base)) {
        return Unexpected("Data folder " + folders.base + " does not exist; make it or leave -datadir out");
    }
    const std::string config = options.Text("conf", "emercoin.conf");
    if (!config.empty()) {
        folders.config = PathBelow(folders.base, config);
        if (auto read = ReadConfig(folders.config, options.Has("conf"), options); !read)
            return Unexpected(read.Error());
    }
    const auto network = NetworkName(options);
    if (!network) return Unexpected(network.Error());
    options.SelectNetwork(*network);
    if (auto checked = options.Check(); !checked) return Unexpected(checked.Error());
    if (const std::string moved = options.Text("datadir", folders.base); moved != folders.base) {
        folders.base = moved; // the file that was read says where the data are
        if (!IsFolder(folders.base)) {
            return Unexpected("Data folder " + folders.base + " does not exist; " + folders.config +
                              " names it: make it or take the line out");
        }
    }
    if (auto made = MakeFolder(folders.base); !made) return Unexpected(made.Error());
    consensus::Params params = *consensus::ParamsByName(*network);
    if (auto applied = ApplyActivation(options, params); !applied) return Unexpected(applied.Error());
    if (auto applied = ApplyStakeBits(options, params); !applied) return Unexpected(applied.Error());
    if (auto applied = ApplyAssumedValid(options, params); !applied) return Unexpected(applied.Error());
    if (auto applied = ApplyAssumedStates(options, params); !applied) return Unexpected(applied.Error());
    folders.network = params.subfolder.empty() ? folders.base : folders.base + "/" + params.subfolder;
    ListenEnvironment listen{TakeVariable("LISTEN_PID"), TakeVariable("LISTEN_FDS"),
                             TakeVariable("LISTEN_FDNAMES")};
    return Setup{std::move(options), std::move(params), std::move(folders), std::move(listen)};
}

base::Expected<consensus::Params, std::string> ReadArguments(Options& options,
                                                             const std::vector<std::string>& arguments)
{
    if (auto parsed = options.ParseArguments(arguments); !parsed) return Unexpected(parsed.Error());
    const auto network = NetworkName(options);
    if (!network) return Unexpected(network.Error());
    options.SelectNetwork(*network);
    if (auto checked = options.Check(); !checked) return Unexpected(checked.Error());
    return *consensus::ParamsByName(*network);
}

base::Expected<FolderLock, std::string> FolderLock::Take(const std::string& folder)
{
    const std::string path = folder + "/.lock";
    const int fd = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) return Unexpected("Cannot write to data folder " + folder + ": " + std::strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return Unexpected("Another program holds the data folder " + folder + "; is a node already running?");
    }
    return FolderLock(fd);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : m_fd(other.m_fd)
{
    other.m_fd = -1;
}

FolderLock::~FolderLock()
{
    if (m_fd >= 0) close(m_fd);
}

std::string VersionText(std::string_view program)
{
    return std::string(program) + " version v" EMC_VERSION
                                  "\nCopyright (C) 2026 The emercoin telephony node developers\n"
                                  "Free software under the MIT licence; see COPYING.\n";
}

} // namespace emc::app
