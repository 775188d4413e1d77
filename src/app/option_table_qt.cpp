#include "app/option_table.h"

namespace emc::app {

namespace {

using enum OptionType;

constexpr std::string_view WINDOW_GROUP = "Window of emercoin-qt";

constexpr OptionSpec WINDOW[] = {
    {.name = "choosedatadir",
     .group = WINDOW_GROUP,
     .type = Bool,
     .fallback = "0",
     .help = "Ask for the data folder, as at the first start",
     .line_only = true},
    {.name = "lang",
     .group = WINDOW_GROUP,
     .argument = "<code>",
     .help = "Language: en, de, es or ru (default: the system's)"},
    {.name = "min", .group = WINDOW_GROUP, .type = Bool, .fallback = "0", .help = "Start as an icon"},
    {.name = "resetguisettings",
     .group = WINDOW_GROUP,
     .type = Bool,
     .fallback = "0",
     .help = "Forget size, columns and choices of the window; nothing of wallets or options",
     .line_only = true},
};

} // namespace

std::span<const OptionSpec> WindowOptions()
{
    return WINDOW;
}

} // namespace emc::app
