/// A node inside a program with windows: what the program asks before, and how it starts and stops the node.
/// Implemented in the app room.
#pragma once

#include "base/expected.h"
#include "base/memory.h"
#include "interfaces/rooms.h"
#include "interfaces/types.h"

namespace emc::script {
struct AddressParams;
}

namespace emc::interfaces {

/// Calls typed by a person.
class Console
{
public:
    virtual ~Console() = default;
    /// Runs a line as emercoin-cli would: words, quoted where they hold blanks, name=value among them. The
    /// reply as text, JSON indented; or what was wrong. Any thread; as long as the call takes.
    [[nodiscard]] virtual base::Expected<std::string, std::string> Run(const std::string& line,
                                                                       const std::string& wallet) = 0;
    /// Names of all calls, sorted.
    [[nodiscard]] virtual std::vector<std::string> Calls() const = 0;
    /// May the line be kept? False when a passphrase, a key or a seed is among its words.
    [[nodiscard]] virtual bool MayKeep(const std::string& line) const = 0;
};

class NodeHost
{
public:
    virtual ~NodeHost() = default;
    /// Starts everything; minutes, when blocks have to be read anew. The error is a sentence for the user,
    /// empty when RequestStop was the reason; then all is stopped again. One thread calls Start and Stop.
    [[nodiscard]] virtual base::Expected<void, std::string> Start() = 0;
    /// Stops everything in order. Idempotent.
    virtual void Stop() = 0;
    /// Ends Start early, and the node when it runs. Any thread.
    virtual void RequestStop() = 0;
    /// Somebody wants the node to end: RequestStop, a signal, the call `stop`, or a fatal error. Any thread.
    [[nodiscard]] virtual bool StopRequested() const = 0;
    /// What Start is doing, in two or three words. Any thread.
    [[nodiscard]] virtual std::string Step() const = 0;
    /// Once Start succeeded.
    [[nodiscard]] virtual const Rooms& GetRooms() const = 0;
    [[nodiscard]] virtual Console& GetConsole() = 0;

    /// "main", "test", "regtest"
    [[nodiscard]] virtual std::string Network() const = 0;
    /// The folder of this network.
    [[nodiscard]] virtual std::string Folder() const = 0;
    [[nodiscard]] virtual const script::AddressParams& Addresses() const = 0;
    /// Value of an option, as text; nullopt when neither arguments nor file give it.
    [[nodiscard]] virtual std::optional<std::string> Option(const std::string& name) const = 0;
};

/// What the arguments of such a program say before a node exists.
struct FirstLook {
    std::string print;          ///< not empty: -version or -help was asked for; print and end
    bool folder_given = false;  ///< -datadir is among them
    std::string default_folder; ///< where data are unless -datadir says otherwise
    bool folder_there = false;  ///< the default folder exists
};

/// The error is a sentence about an argument.
[[nodiscard]] base::Expected<FirstLook, std::string>
LookAtArguments(const std::vector<std::string>& arguments);

/// Reads arguments and the configuration file. The error is a sentence for the user.
[[nodiscard]] base::Expected<std::unique_ptr<NodeHost>, std::string>
MakeNodeHost(const std::vector<std::string>& arguments);

} // namespace emc::interfaces
