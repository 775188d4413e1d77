#include "interfaces/host.h"

#include "app/node.h"
#include "rpc/call.h"
#include "rpc/console.h"

#include <algorithm>

namespace emc::app {

namespace {

using base::Unexpected;

/// Without a word about them, a program with a window has no RPC server and writes its log to the file only.
base::Expected<Setup, std::string> SetupOf(std::vector<std::string> arguments)
{
    auto setup = MakeSetup(arguments, QtOptions());
    if (!setup) return setup;
    const size_t given = arguments.size();
    for (const std::string option : {"server", "printtoconsole"}) {
        if (!setup->options.Has(option)) arguments.push_back("-" + option + "=0");
    }
    return arguments.size() == given ? std::move(setup) : MakeSetup(arguments, QtOptions());
}

class Host final : public interfaces::NodeHost
{
public:
    explicit Host(Setup setup) : m_setup(std::move(setup)), m_node(m_setup, m_signal) {}

    base::Expected<void, std::string> Start() override
    {
        if (auto started = m_node.Start(); !started) {
            const bool asked = m_signal.Requested() && !m_node.Failed();
            m_node.Stop();
            return Unexpected(asked ? std::string() : started.Error());
        }
        m_faces = m_node.Faces();
        m_console = std::make_unique<rpc::Console>(m_node.RpcServices(), m_node.Log());
        return {};
    }

    void Stop() override
    {
        m_console.reset();
        m_node.Stop();
    }

    void RequestStop() override { m_signal.Request(); }

    [[nodiscard]] bool StopRequested() const override { return m_signal.Requested(); }

    [[nodiscard]] std::string Step() const override { return m_node.StepName(); }

    [[nodiscard]] const interfaces::Rooms& GetRooms() const override { return m_faces; }

    [[nodiscard]] interfaces::Console& GetConsole() override { return *m_console; }

    [[nodiscard]] std::string Network() const override { return m_setup.params.name; }

    [[nodiscard]] std::string Folder() const override { return m_setup.folders.network; }

    [[nodiscard]] const script::AddressParams& Addresses() const override { return m_setup.params.addresses; }

    [[nodiscard]] std::optional<std::string> Option(const std::string& name) const override
    {
        if (!m_setup.options.Has(name)) return std::nullopt;
        return m_setup.options.Text(name);
    }

private:
    const Setup m_setup;
    ShutdownSignal m_signal;
    Node m_node;
    interfaces::Rooms m_faces;
    std::unique_ptr<rpc::Console> m_console;
};

} // namespace

} // namespace emc::app

namespace emc::interfaces {

base::Expected<FirstLook, std::string> LookAtArguments(const std::vector<std::string>& arguments)
{
    app::Options options(app::QtOptions());
    if (auto parsed = options.ParseArguments(arguments); !parsed) return base::Unexpected(parsed.Error());
    FirstLook out;
    if (options.Bool("version", false) || options.Bool("help", false))
        out.print = app::VersionText("emercoin-qt");
    if (options.Bool("help", false)) {
        out.print += "\nUsage: emercoin-qt [options] [emercoin:URI]\n\n" + app::OptionsHelp(app::QtOptions());
    }
    out.folder_given = options.Has("datadir");
    out.default_folder = app::DefaultDataDir();
    out.folder_there = app::IsFolder(out.default_folder);
    return out;
}

base::Expected<std::unique_ptr<NodeHost>, std::string> MakeNodeHost(const std::vector<std::string>& arguments)
{
    auto setup = app::SetupOf(arguments);
    if (!setup) return base::Unexpected(setup.Error());
    return std::unique_ptr<NodeHost>(std::make_unique<app::Host>(std::move(*setup)));
}

} // namespace emc::interfaces
