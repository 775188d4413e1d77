#include "base/log.h"

#include "base/clock.h"
#include "base/log_line.h"
#include "base/mutex.h"
#include "base/thread.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>
#include <unordered_map>
#include <utility>

namespace emc::base {

namespace {

constexpr int64_t LIMIT_WINDOW_SEC = 3600;
constexpr int NO_FILE = -1;
constexpr uint8_t SILENT = static_cast<uint8_t>(LogLevel::Error) + 1;

constexpr std::array<std::pair<LogCategory, std::string_view>, 13> CATEGORY_NAMES = {{
    {LogCategory::Chain, "chain"},
    {LogCategory::Storage, "storage"},
    {LogCategory::Mempool, "mempool"},
    {LogCategory::Names, "names"},
    {LogCategory::Net, "net"},
    {LogCategory::Rpc, "rpc"},
    {LogCategory::Http, "http"},
    {LogCategory::Wallet, "wallet"},
    {LogCategory::Dns, "dns"},
    {LogCategory::Mining, "mining"},
    {LogCategory::Index, "index"},
    {LogCategory::Calls, "calls"},
    {LogCategory::App, "app"},
}};

/// How much one call site has written in the hour that runs.
struct SiteUse {
    int64_t window_start_sec = 0;
    uint64_t bytes = 0;
    uint64_t dropped_lines = 0;
};

int OpenForAppending(const std::string& path)
{
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
}

/// Writes all of `line`; a full disk loses the rest, which is no reason to stop the program.
void WriteAll(int descriptor, std::string_view line)
{
    while (!line.empty()) {
        const ssize_t done = ::write(descriptor, line.data(), line.size());
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return;
        line.remove_prefix(static_cast<size_t>(done));
    }
}

} // namespace

struct Logger::Impl {
    using LogMutex = Mutex<LockRank::Log>;

    std::atomic<uint32_t> categories{0};
    std::atomic<uint8_t> lowest_level{SILENT};
    LogMutex mutex;
    Options options EMC_GUARDED_BY(mutex);
    int descriptor EMC_GUARDED_BY(mutex) = NO_FILE;
    std::unordered_map<const char*, SiteUse> sites EMC_GUARDED_BY(mutex);

    ~Impl()
    {
        if (descriptor != NO_FILE) ::close(descriptor);
    }

    [[nodiscard]] int64_t NowSec() const EMC_REQUIRES(mutex)
    {
        return options.clock != nullptr ? options.clock->NowSec() : Clock().NowSec();
    }

    void Emit(LogLevel level, LogCategory category, std::string_view text) EMC_REQUIRES(mutex)
    {
        const LogLine line{.level = level,
                           .category = category,
                           .time = options.timestamps ? TimeText(NowSec()) : std::string(),
                           .thread = options.thread_names ? ThisThreadName() : std::string(),
                           .text = text};
        const std::string out = options.json_lines ? JsonLine(line) : TextLine(line);
        if (descriptor != NO_FILE) WriteAll(descriptor, out);
        if (options.console) {
            std::fwrite(out.data(), 1, out.size(), stdout);
            std::fflush(stdout);
        }
    }

    /// Counts a line of a call site; false when the site has used up its hour. Says so with the first line
    /// dropped.
    bool Admit(const char* site, size_t bytes) EMC_REQUIRES(mutex)
    {
        if (options.site_bytes_per_hour == 0 || site == nullptr) return true;
        SiteUse& use = sites[site];
        const int64_t now = NowSec();
        if (now < use.window_start_sec || now - use.window_start_sec >= LIMIT_WINDOW_SEC) {
            if (use.dropped_lines > 0) {
                Emit(LogLevel::Warning, LogCategory::None,
                     Format("%s: %llu lines were left out", site,
                            static_cast<unsigned long long>(use.dropped_lines)));
            }
            use = SiteUse{.window_start_sec = now};
        }
        // The first line of an hour passes whatever its length.
        if (use.bytes == 0 ||
            (bytes <= options.site_bytes_per_hour && use.bytes <= options.site_bytes_per_hour - bytes)) {
            use.bytes += bytes;
            return true;
        }
        if (use.dropped_lines++ == 0) {
            Emit(LogLevel::Warning, LogCategory::None,
                 Format("%s: too many lines, more of them are left out for up to an hour", site));
        }
        return false;
    }
};

std::string_view CategoryName(LogCategory category)
{
    if (category == LogCategory::All) return "all";
    const auto* found = std::find_if(CATEGORY_NAMES.begin(), CATEGORY_NAMES.end(),
                                     [category](const auto& entry) { return entry.first == category; });
    return found == CATEGORY_NAMES.end() ? std::string_view() : found->second;
}

LogCategory CategoryFromName(std::string_view name)
{
    if (name == "1" || name == "all") return LogCategory::All;
    const auto* found = std::find_if(CATEGORY_NAMES.begin(), CATEGORY_NAMES.end(),
                                     [name](const auto& entry) { return entry.second == name; });
    return found == CATEGORY_NAMES.end() ? LogCategory::None : found->first;
}

Logger::Logger() : m_impl(std::make_unique<Impl>()) {}

Logger::~Logger() = default;

bool Logger::Open(const Options& options)
{
    int descriptor = NO_FILE;
    if (!options.file.empty()) {
        descriptor = OpenForAppending(options.file);
        if (descriptor == NO_FILE) return false;
    }
    const LockGuard lock(m_impl->mutex);
    if (m_impl->descriptor != NO_FILE) ::close(m_impl->descriptor);
    m_impl->descriptor = descriptor;
    m_impl->options = options;
    m_impl->sites.clear();
    const bool silent = descriptor == NO_FILE && !options.console;
    m_impl->lowest_level.store(silent ? SILENT : static_cast<uint8_t>(options.level),
                               std::memory_order_relaxed);
    return true;
}

void Logger::Reopen()
{
    const LockGuard lock(m_impl->mutex);
    if (m_impl->descriptor == NO_FILE) return;
    // When the new file cannot be had, the old one is better than none.
    const int descriptor = OpenForAppending(m_impl->options.file);
    if (descriptor == NO_FILE) return;
    ::close(m_impl->descriptor);
    m_impl->descriptor = descriptor;
}

void Logger::EnableCategories(LogCategory mask, bool on)
{
    const auto bits = static_cast<uint32_t>(mask);
    if (on) {
        m_impl->categories.fetch_or(bits, std::memory_order_relaxed);
    } else {
        m_impl->categories.fetch_and(~bits, std::memory_order_relaxed);
    }
}

LogCategory Logger::EnabledCategories() const
{
    return static_cast<LogCategory>(m_impl->categories.load(std::memory_order_relaxed));
}

bool Logger::Wants(LogLevel level, LogCategory category) const
{
    const uint8_t lowest = m_impl->lowest_level.load(std::memory_order_relaxed);
    if (lowest == SILENT) return false;
    if (static_cast<uint8_t>(level) >= lowest) return true;
    return (m_impl->categories.load(std::memory_order_relaxed) & static_cast<uint32_t>(category)) != 0;
}

void Logger::Write(LogLevel level, LogCategory category, std::string_view text, const char* site)
{
    if (!Wants(level, category)) return;
    const bool unconditional =
        static_cast<uint8_t>(level) >= m_impl->lowest_level.load(std::memory_order_relaxed);
    const LockGuard lock(m_impl->mutex);
    if (unconditional && !m_impl->Admit(site, text.size())) return;
    m_impl->Emit(level, category, text);
}

std::string Format(const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    const int length = std::vsnprintf(nullptr, 0, format, arguments);
    va_end(arguments);
    std::string out(length > 0 ? static_cast<size_t>(length) : 0, '\0');
    // The closing zero goes where the string keeps its own.
    std::vsnprintf(out.data(), out.size() + 1, format, again);
    va_end(again);
    return out;
}

} // namespace emc::base
