/// From arguments and emercoin.conf to checked options, network and folders; shared by daemon and command
/// line.
#pragma once

#include "app/options.h"
#include "consensus/params.h"

namespace emc::app {

/// Where this process works.
struct Folders {
    std::string base;    ///< -datadir
    std::string network; ///< base, or a folder below it
    std::string config;  ///< path of emercoin.conf
};

/// Default data folder: ~/.emercoin of the effective user.
[[nodiscard]] std::string DefaultDataDir();
/// `path` itself when absolute, else below `folder`.
[[nodiscard]] std::string PathBelow(const std::string& folder, const std::string& path);
[[nodiscard]] bool IsFolder(const std::string& path);
/// Makes a folder and its parents with mode 0700; the error is a sentence.
[[nodiscard]] base::Expected<void, std::string> MakeFolder(const std::string& path);
/// The content of a file of at most `max_bytes`; nullopt when it cannot be read.
[[nodiscard]] std::optional<std::string> ReadTextFile(const std::string& path, size_t max_bytes = 1u << 20);

/// What the one who started this program says of sockets it has opened (sd_listen_fds(3)).
struct ListenEnvironment {
    std::string pid, count, names;
};

struct Setup {
    Options options;
    consensus::Params params; ///< of the chosen network, with -testactivationheight and -assumevalid applied
    Folders folders;
    ListenEnvironment listen; ///< taken out of the environment
};

/// Parses arguments, reads the configuration file, selects the network and checks every value against
/// `table`. The base data folder must exist when it was named; the default one is made.
[[nodiscard]] base::Expected<Setup, std::string> MakeSetup(const std::vector<std::string>& arguments,
                                                           const std::vector<OptionSpec>& table);

/// Parses the arguments of a program that has no data folder; the parameters of the network they choose.
[[nodiscard]] base::Expected<consensus::Params, std::string>
ReadArguments(Options& options, const std::vector<std::string>& arguments);

/// Holds <network folder>/.lock for the life of the process, so that two nodes never share data.
class FolderLock
{
public:
    /// The error says which folder is in use.
    [[nodiscard]] static base::Expected<FolderLock, std::string> Take(const std::string& folder);
    FolderLock(FolderLock&& other) noexcept;
    FolderLock& operator=(FolderLock&&) = delete;
    ~FolderLock();

private:
    explicit FolderLock(int fd) : m_fd(fd) {}

    int m_fd;
};

/// "Emercoin telephony node version v0.1.0"
[[nodiscard]] std::string VersionText(std::string_view program);

} // namespace emc::app
