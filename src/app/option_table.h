/// The parts of the option tables, one function a heading of -help. Private to this room; `options.h` has the
/// wholes.
#pragma once

#include "app/options.h"

#include <span>

namespace emc::app {

[[nodiscard]] std::span<const OptionSpec> GeneralOptions();
[[nodiscard]] std::span<const OptionSpec> LogOptions();
[[nodiscard]] std::span<const OptionSpec> NetOptions();
[[nodiscard]] std::span<const OptionSpec> PoolOptions();
[[nodiscard]] std::span<const OptionSpec> CallOptions();
[[nodiscard]] std::span<const OptionSpec> RpcOptions();
[[nodiscard]] std::span<const OptionSpec> WalletOptions();
[[nodiscard]] std::span<const OptionSpec> DnsOptions();
[[nodiscard]] std::span<const OptionSpec> CommandOptions();
[[nodiscard]] std::span<const OptionSpec> ZmqOptions();
[[nodiscard]] std::span<const OptionSpec> WindowOptions();
[[nodiscard]] std::span<const OptionSpec> CliTable();
[[nodiscard]] std::span<const OptionSpec> WalletToolTable();
[[nodiscard]] std::span<const OptionSpec> TxToolTable();
[[nodiscard]] std::span<const OptionSpec> UtilToolTable();

} // namespace emc::app
