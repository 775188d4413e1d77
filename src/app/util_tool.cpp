#include "app/util_tool.h"

#include "app/setup.h"
#include "base/thread.h"
#include "codec/reader.h"
#include "codec/writer.h"
#include "consensus/header_rules.h"
#include "primitives/block.h"
#include "script/assemble.h"
#include "script/script.h"

#include <algorithm>
#include <atomic>
#include <iostream>
#include <thread>

namespace emc::app {

namespace {

constexpr size_t HEADER_BYTES = 80;
constexpr uint64_t NONCES = uint64_t{1} << 32;

using Answer = base::Expected<std::string, std::string>;

/// Tries nonces from the header's own on, around to the one before it, on all cores: each thread every n-th.
Answer Grind(const consensus::Params& params, const std::string& hex)
{
    const auto bytes = base::FromHex(hex);
    if (!bytes || bytes->size() != HEADER_BYTES) {
        return base::Unexpected(
            std::string("grind takes the 160 hex digits of a header without merged-mining proof"));
    }
    codec::Reader in(*bytes);
    const primitives::PlainHeader header = primitives::ReadPlainHeader(in);
    if (!consensus::MeetsWork({}, header.bits, params)) // no hash is smaller
        return base::Unexpected(std::string("The network does not allow the target of this header"));
    const unsigned count = std::max(1u, std::thread::hardware_concurrency());
    std::atomic<uint64_t> found{NONCES};
    {
        std::vector<base::Thread> threads;
        for (unsigned first = 0; first < count; ++first) {
            threads.emplace_back("grind" + std::to_string(first), [&, first] {
                primitives::PlainHeader mine = header;
                for (uint64_t step = first; step < NONCES && found.load(std::memory_order_relaxed) == NONCES;
                     step += count) {
                    mine.nonce = header.nonce + static_cast<uint32_t>(step);
                    if (consensus::MeetsWork(mine.Hash(), mine.bits, params)) found.store(mine.nonce);
                }
            });
        }
    }
    if (found.load() == NONCES)
        return base::Unexpected(std::string("No nonce makes the header meet its target"));
    primitives::PlainHeader out = header;
    out.nonce = static_cast<uint32_t>(found.load());
    base::Bytes written;
    codec::Writer writer(written);
    primitives::Write(writer, out);
    return base::Hex(written);
}

Answer Assemble(const consensus::Params&, const std::string& text)
{
    const auto script = script::AssembleScript(text);
    if (!script) return base::Unexpected(script.Error());
    return base::Hex(*script);
}

Answer Disassemble(const consensus::Params&, const std::string& hex)
{
    const auto bytes = base::FromHex(hex);
    if (!bytes) return base::Unexpected("'" + hex + "' is no pairs of hex digits");
    return script::ScriptToAsm(*bytes);
}

struct Command {
    std::string_view name;
    std::string_view argument;
    std::string_view help;
    Answer (*run)(const consensus::Params& params, const std::string& text);
};

constexpr Command COMMANDS[] = {
    {"grind", "<header>", "Print the header, given as hex, with a nonce that meets its target", Grind},
    {"assemble", "<script>", "Print a script, given as words, as hex", Assemble},
    {"disassemble", "<hex>", "Print a script, given as hex, as words", Disassemble},
};

void PrintHelp()
{
    std::cout << VersionText("emercoin-util")
              << "\nUsage: emercoin-util [options] <command> <argument>\n\nCommands:\n\n";
    for (const auto& command : COMMANDS)
        std::cout << "  " << command.name << " " << command.argument << "\n       " << command.help << "\n";
    std::cout << "\n" << OptionsHelp(UtilToolOptions());
}

Answer Run(const consensus::Params& params, const std::vector<std::string>& words)
{
    const auto* command = std::find_if(std::begin(COMMANDS), std::end(COMMANDS),
                                       [&words](const Command& c) { return c.name == words[0]; });
    if (command == std::end(COMMANDS))
        return base::Unexpected("'" + words[0] + "' is no command; -help lists them");
    if (words.size() != 2)
        return base::Unexpected(words[0] + " takes one argument; words of a script stand in quotes");
    return command->run(params, words[1]);
}

} // namespace

int RunUtilTool(const std::vector<std::string>& arguments)
{
    Options options(UtilToolOptions());
    const auto params = ReadArguments(options, arguments);
    if (params && options.Bool("version", false)) {
        std::cout << VersionText("emercoin-util");
        return 0;
    }
    if (params && (options.Bool("help", false) || options.Words().empty())) {
        PrintHelp();
        return options.Bool("help", false) ? 0 : 1;
    }
    const Answer answer = params ? Run(*params, options.Words()) : base::Unexpected(params.Error());
    if (!answer) {
        std::cerr << "error: " << answer.Error() << "\n";
        return 1;
    }
    std::cout << *answer << "\n";
    return 0;
}

} // namespace emc::app
