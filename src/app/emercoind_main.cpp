#include "app/daemonize.h"
#include "app/node.h"
#include "p2p/socket/gateway.h"

#include <iostream>

namespace {

using namespace emc::app;

int Run(const std::vector<std::string>& arguments)
{
    auto setup = MakeSetup(arguments, NodeOptions());
    if (!setup) {
        std::cerr << "Error: " << setup.Error() << "\n";
        return 1;
    }
    const auto& options = setup->options;
    if (options.Bool("version", false) || options.Bool("help", false)) {
        std::cout << VersionText("emercoind");
        if (options.Bool("help", false))
            std::cout << "\nUsage: emercoind [options]\n\n" << OptionsHelp(NodeOptions());
        return 0;
    }
    if (!options.Words().empty()) {
        std::cerr << "Error: emercoind takes options only, not '" << options.Words().front()
                  << "'; calls go through emercoin-cli\n";
        return 1;
    }
    const bool wait = options.Bool("daemonwait", false);
    Background background;
    if (wait || options.Bool("daemon", false)) {
        std::cout << "Emercoin node starting\n" << std::flush;
        if (!background.Fork()) {
            std::cerr << "Error: cannot go into the background\n";
            return 1;
        }
        if (!wait) background.Release(0);
    }
    ShutdownSignal signal;
    Node node(*setup, signal);
    if (auto started = node.Start(); !started) {
        const bool asked = signal.Requested() && !node.Failed();
        if (!asked) std::cerr << "Error: " << started.Error() << "\n";
        node.Stop();
        background.Release(1); // not ready
        return asked ? 0 : 1;
    }
    background.Release(0);
    while (signal.Wait() == ShutdownSignal::Event::ReopenLog)
        node.Log().Reopen();
    node.Stop();
    return node.Failed() ? 1 : 0;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc > 1 && argv[1] == emc::p2p::UPNP_HELPER) return emc::p2p::RunUpnpHelper({argv + 2, argv + argc});
    return Run({argv + 1, argv + argc});
}
