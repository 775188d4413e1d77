// emercoin.conf and the command line, host:port texts.
#include "app/options.h"

#include "app/endpoint.h"
#include "base/bytes.h"
#include "base/check.h"

using namespace emc;
using namespace emc::app;

namespace {

/// Every value that passed Check can be read as what it is.
void ReadAll(const Options& options, const std::vector<OptionSpec>& table)
{
    for (const auto& spec : table) {
        static_cast<void>(options.List(spec.name));
        static_cast<void>(options.Text(spec.name));
        static_cast<void>(options.Bool(spec.name, true));
        const int64_t number = options.Int(spec.name, spec.low);
        if (spec.type == OptionType::Integer && spec.low < spec.high && !spec.multiple)
            EMC_CHECK(number >= spec.low && number <= spec.high);
        if (spec.type == OptionType::Amount) EMC_CHECK(options.Amount(spec.name, 0) >= 0);
        if (spec.never_empty && options.Has(spec.name)) EMC_CHECK(!options.Text(spec.name).empty());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view text = base::AsText({data, size});
    for (const auto* table : {&NodeOptions(), &CliOptions()}) {
        Options file(*table);
        const auto read = file.ParseFile("f", text, NodeOptions());
        if (!read) EMC_CHECK(read.Error().starts_with("f line "));
        std::vector<std::string> words;
        for (std::string_view rest = text; !rest.empty();) {
            const auto end = rest.find('\n');
            words.emplace_back(rest.substr(0, end));
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        }
        const auto parsed = file.ParseArguments(words);
        if (!parsed) EMC_CHECK(parsed.Error().starts_with("Command line: "));
        for (const auto* network : {"main", "test", "regtest"}) {
            file.SelectNetwork(network);
            static_cast<void>(file.Warnings());
            if (file.Check().HasValue()) ReadAll(file, *table);
        }
    }
    if (const auto where = ParseEndpoint(std::string(text), 7))
        EMC_CHECK(!where->host.empty() && where->port != 0);
    return 0;
}
