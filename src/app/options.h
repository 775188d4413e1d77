/// Options from the command line and emercoin.conf: a table says what exists, everything else is refused.
#pragma once

#include "base/expected.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emc::app {

enum class OptionType : uint8_t { Bool, Integer, Text, Amount };

/// One row of the option table; help, defaults, checks and completion come from it.
struct OptionSpec {
    std::string_view name{};  ///< without dash
    std::string_view group{}; ///< heading in -help
    OptionType type = OptionType::Text;
    std::string_view argument{}; ///< what stands behind = in -help: "<n>"; empty for switches
    std::string_view fallback{}; ///< default as shown; empty: none
    std::string_view help{};
    bool multiple = false;       ///< may be given several times
    bool per_network = false;    ///< outside a section of the file it holds for main only
    std::string_view alias_of{}; ///< other spelling of that option
    int64_t low = 0, high = 0;   ///< allowed range of integers when low < high
    bool never_empty = false;    ///< texts: neither -noname nor an empty value makes sense
    bool line_only = false;      ///< refused in the file
};

/// The whole table of emercoind.
[[nodiscard]] const std::vector<OptionSpec>& NodeOptions();
/// The table of emercoin-qt: all of emercoind's and a few of its own.
[[nodiscard]] const std::vector<OptionSpec>& QtOptions();
/// The table of emercoin-cli.
[[nodiscard]] const std::vector<OptionSpec>& CliOptions();
/// The table of emercoin-wallet.
[[nodiscard]] const std::vector<OptionSpec>& WalletToolOptions();
/// The table of emercoin-tx.
[[nodiscard]] const std::vector<OptionSpec>& TxToolOptions();
/// The table of emercoin-util.
[[nodiscard]] const std::vector<OptionSpec>& UtilToolOptions();
/// Options of earlier programs that are accepted with a warning and have no effect.
[[nodiscard]] bool IsObsoleteOption(std::string_view name);

/// Values by option name. Immutable after parsing; any thread.
class Options
{
public:
    explicit Options(const std::vector<OptionSpec>& table) : m_table(table) {}

    /// Reads `-name`, `--name`, `-name=value`, `-noname`. Arguments from the first without dash on are kept
    /// in Words(). Errors are sentences that name the argument and suggest what was meant.
    [[nodiscard]] base::Expected<void, std::string> ParseArguments(const std::vector<std::string>& arguments);
    /// Reads a file of `name=value` lines with [main]/[test]/[regtest] sections; the command line wins.
    /// Errors name file and line. `text` is the file's content. Options that only `others` knows are passed
    /// over: one file serves all programs.
    [[nodiscard]] base::Expected<void, std::string> ParseFile(const std::string& path, std::string_view text,
                                                              const std::vector<OptionSpec>& others);

    /// Selects the network whose section counts. Call once, after parsing.
    void SelectNetwork(std::string_view network) { m_network = network; }

    /// Text values checked against types and ranges, all at once.
    [[nodiscard]] base::Expected<void, std::string> Check() const;

    [[nodiscard]] bool Has(std::string_view name) const { return !Values(name).empty(); }

    [[nodiscard]] bool Bool(std::string_view name, bool fallback) const;
    [[nodiscard]] int64_t Int(std::string_view name, int64_t fallback) const;
    [[nodiscard]] std::string Text(std::string_view name, std::string_view fallback = {}) const;
    /// Units of 10^-8 EMC.
    [[nodiscard]] int64_t Amount(std::string_view name, int64_t fallback) const;
    /// All values, as given; several when the option may be repeated.
    [[nodiscard]] std::vector<std::string> Values(std::string_view name) const;
    /// Values without the empty ones.
    [[nodiscard]] std::vector<std::string> List(std::string_view name) const;

    [[nodiscard]] const std::vector<std::string>& Words() const { return m_words; }

    /// Things worth a warning: obsolete options, values outside a section that do not hold for this network.
    [[nodiscard]] std::vector<std::string> Warnings() const;

private:
    using Store = std::map<std::string, std::vector<std::string>, std::less<>>;

    [[nodiscard]] const OptionSpec* FindSpec(std::string_view name) const;
    [[nodiscard]] static bool Knows(const std::vector<OptionSpec>& table, std::string_view name);
    [[nodiscard]] base::Expected<void, std::string>
    Add(Store& store, std::string_view name, std::string value, bool has_value, const std::string& where);
    [[nodiscard]] std::string Suggestion(std::string_view name) const;
    [[nodiscard]] base::Expected<void, std::string> AddLine(std::string_view line, std::string& section,
                                                            const std::string& where,
                                                            const std::vector<OptionSpec>& others);
    [[nodiscard]] base::Expected<void, std::string> CheckOne(const OptionSpec& spec,
                                                             const std::string& value) const;

    const std::vector<OptionSpec>& m_table;
    Store m_command_line;
    Store m_file; ///< outside sections
    std::map<std::string, Store> m_sections;
    std::string m_network = "main";
    std::vector<std::string> m_words;
    std::vector<std::string> m_obsolete;
};

/// The text of -help for a table: groups, options with defaults, wrapped at 79 columns.
[[nodiscard]] std::string OptionsHelp(const std::vector<OptionSpec>& table);
/// Number of single-character edits between two words, for suggestions.
[[nodiscard]] size_t EditDistance(std::string_view a, std::string_view b);

} // namespace emc::app
