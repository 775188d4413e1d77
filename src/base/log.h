/// Logging: levels, categories switchable at run time, a rate limit per call site, no secrets.
#pragma once

#include "base/memory.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace emc::base {

class Clock;

enum class LogLevel : uint8_t { Trace, Debug, Info, Warning, Error };

enum class LogCategory : uint32_t {
    None = 0,
    Chain = 1u << 0,
    Storage = 1u << 1,
    Mempool = 1u << 2,
    Names = 1u << 3,
    Net = 1u << 4,
    Rpc = 1u << 5,
    Http = 1u << 6,
    Wallet = 1u << 7,
    Dns = 1u << 8,
    Mining = 1u << 9,
    Index = 1u << 10,
    Calls = 1u << 11,
    App = 1u << 12,
    All = 0xffffffffu,
};

/// Name of a category as `-debug=` takes it ("chain", "dns", …); nullopt style: empty when unknown.
[[nodiscard]] std::string_view CategoryName(LogCategory category);
/// Category of a name; None when unknown ("1" and "all" give All).
[[nodiscard]] LogCategory CategoryFromName(std::string_view name);

/// One log file and/or the console. Passed by reference to whoever logs. Any thread; lines are never mixed.
class Logger
{
public:
    struct Options {
        std::string file;       ///< path; empty: no file
        bool console = false;   ///< also to stdout
        bool timestamps = true; ///< RFC 3339 UTC in front of each line
        bool thread_names = false;
        bool json_lines = false;                    ///< one JSON object a line instead of text
        LogLevel level = LogLevel::Info;            ///< lowest level written without its category enabled
        uint64_t site_bytes_per_hour = 1024 * 1024; ///< per call site, for unconditional lines; 0: no limit
        const Clock* clock =
            nullptr; ///< time of lines and of the limit; nullptr: the system's. Outlives the logger
    };

    /// A silent logger (tests, tools).
    Logger();
    ~Logger();
    Logger(const Logger&) = delete;
    Logger& operator=(const Logger&) = delete;

    /// Opens the file for appending. False, with errno kept, when it cannot be opened.
    [[nodiscard]] bool Open(const Options& options);
    /// Closes and opens the file again (log rotation, SIGHUP).
    void Reopen();
    /// Switches Debug and Trace lines of categories on or off.
    void EnableCategories(LogCategory mask, bool on);
    [[nodiscard]] LogCategory EnabledCategories() const;
    /// True when a line of this level and category would be written; cheap, for guarding costly texts.
    [[nodiscard]] bool Wants(LogLevel level, LogCategory category) const;
    /// Writes one line. `text` holds no newline; control bytes are escaped. `site` identifies the call site
    /// for the rate limit (use EMC_LOG).
    void Write(LogLevel level, LogCategory category, std::string_view text, const char* site);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// printf-style formatting into a string, checked by the compiler.
[[nodiscard]] std::string Format(const char* format, ...) __attribute__((format(printf, 1, 2)));

} // namespace emc::base

#define EMC_LOG_STRINGIZE2(x) #x
#define EMC_LOG_STRINGIZE(x) EMC_LOG_STRINGIZE2(x)
/// EMC_LOG(logger, Info, Chain, "connected block %s at height %d", hash.c_str(), height)
#define EMC_LOG(logger, level, category, ...)                                                                \
    do {                                                                                                     \
        if ((logger).Wants(::emc::base::LogLevel::level, ::emc::base::LogCategory::category)) {              \
            (logger).Write(::emc::base::LogLevel::level, ::emc::base::LogCategory::category,                 \
                           ::emc::base::Format(__VA_ARGS__), __FILE__ ":" EMC_LOG_STRINGIZE(__LINE__));      \
        }                                                                                                    \
    } while (false)
