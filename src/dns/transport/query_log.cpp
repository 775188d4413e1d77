#include "dns/transport/query_log.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/thread.h"
#include "dns/counters.h"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace emc::dns {

namespace {

constexpr size_t RING_PLACES = 1024;
constexpr int64_t WRITE_EVERY_MS = 200;
constexpr unsigned MAX_EVERY = 1'000'000'000;
constexpr int FILE_MODE = 0640;

struct Entry {
    Client client;
    uint16_t type = 0;
    uint16_t answers = 0;
    uint32_t size = 0;
    uint8_t rcode = 0;
    bool truncated = false;
    uint8_t name_bytes = 0;
    std::array<uint8_t, MAX_NAME_BYTES> name;
};

const char* TransportText(Transport transport)
{
    constexpr const char* NAMES[] = {"udp", "tcp", "tls"};
    return NAMES[static_cast<size_t>(transport)];
}

void AppendLine(const Entry& entry, const std::string& time, std::string& out)
{
    const size_t place = CountedType(entry.type);
    const bool named = place + 1 < COUNTED_TYPES;
    out += time + " " + base::IpText(entry.client.ip) + " " + std::to_string(entry.client.port) + " " +
           TransportText(entry.client.transport) + " " + NameToText({entry.name.data(), entry.name_bytes}) +
           " " + (named ? CountedTypeName(place) : "TYPE" + std::to_string(entry.type)) + " " +
           RcodeName(entry.rcode) + " " + std::to_string(entry.answers) + " " + std::to_string(entry.size) +
           (entry.truncated ? " TC\n" : "\n");
}

} // namespace

/// Places between `read` and `written` are the reader's, the others the writer's.
struct QueryLog::Sink::Impl {
    std::array<Entry, RING_PLACES> places;
    std::atomic<uint64_t> written{0};
    std::atomic<uint64_t> read{0};
    std::atomic<uint64_t> lost{0};
};

QueryLog::Sink::Sink(unsigned every) : m_every(every), m_impl(std::make_unique<Impl>()) {}

QueryLog::Sink::~Sink() = default;

void QueryLog::Sink::Write(const Query& query, const Client& client, ByteSpan answer)
{
    if (query.question_end == 0) return;
    const uint64_t at = m_impl->written.load(std::memory_order_relaxed);
    if (at - m_impl->read.load(std::memory_order_acquire) == RING_PLACES) {
        m_impl->lost.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    Entry& entry = m_impl->places[at % RING_PLACES];
    entry.client = client;
    entry.type = static_cast<uint16_t>(query.type);
    entry.answers = LoadU16(answer.data() + 6);
    entry.size = static_cast<uint32_t>(answer.size());
    entry.rcode = answer[3] & 0x0f;
    entry.truncated = (answer[2] & 0x02) != 0;
    entry.name_bytes = query.name.size;
    std::memcpy(entry.name.data(), query.name.bytes.data(), query.name.size);
    m_impl->written.store(at + 1, std::memory_order_release);
}

struct QueryLog::Impl {
    Impl(QueryLogOptions wanted, const base::Clock& the_clock, base::Logger& logger)
        : options(std::move(wanted)), clock(the_clock), log(logger)
    {}

    ~Impl()
    {
        {
            const base::LockGuard lock(mutex);
            stop = true;
        }
        changed.NotifyAll();
        thread.Join();
        if (handle >= 0) close(handle);
    }

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    /// Opens the file unless it is open and still the one of this name.
    bool Reopen()
    {
        struct stat open_file {};

        struct stat named {};

        if (handle >= 0 && fstat(handle, &open_file) == 0 && stat(options.path.c_str(), &named) == 0 &&
            open_file.st_ino == named.st_ino && open_file.st_dev == named.st_dev) {
            return true;
        }
        if (handle >= 0) close(handle);
        handle = open(options.path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, FILE_MODE);
        return handle >= 0;
    }

    void Run()
    {
        for (bool ending = false; !ending;) {
            std::vector<Sink*> all;
            {
                const base::LockGuard lock(mutex);
                if (!stop) changed.WaitFor(mutex, WRITE_EVERY_MS);
                ending = stop;
                for (const auto& sink : sinks)
                    all.push_back(sink.get());
            }
            std::string lines;
            const std::string time = base::TimeText(clock.NowSec());
            for (Sink* sink : all)
                Collect(*sink->m_impl, time, lines);
            if (!lines.empty()) WriteOut(lines);
        }
    }

    void Collect(Sink::Impl& ring, const std::string& time, std::string& out)
    {
        const uint64_t end = ring.written.load(std::memory_order_acquire);
        for (uint64_t at = ring.read.load(std::memory_order_relaxed); at != end; ++at)
            AppendLine(ring.places[at % RING_PLACES], time, out);
        ring.read.store(end, std::memory_order_release);
        if (const uint64_t lost = ring.lost.exchange(0, std::memory_order_relaxed); lost > 0) {
            out += time + " # " + std::to_string(lost) + " questions came too fast to be written\n";
        }
    }

    void WriteOut(const std::string& lines)
    {
        const bool written =
            Reopen() && write(handle, lines.data(), lines.size()) == static_cast<ssize_t>(lines.size());
        if (written != failing) return;
        failing = !written;
        if (failing) {
            EMC_LOG(log, Warning, Dns, "the query log %s cannot be written: %s", options.path.c_str(),
                    std::strerror(errno));
        }
    }

    const QueryLogOptions options;
    const base::Clock& clock;
    base::Logger& log;
    int handle = -1;
    bool failing = false;
    base::Mutex<base::LockRank::Leaf> mutex;
    base::CondVar changed;
    bool stop EMC_GUARDED_BY(mutex) = false;
    std::vector<std::unique_ptr<Sink>> sinks EMC_GUARDED_BY(mutex);
    base::Thread thread;
};

QueryLog::QueryLog(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

QueryLog::~QueryLog() = default;

base::Expected<std::unique_ptr<QueryLog>, std::string>
QueryLog::Open(const QueryLogOptions& options, const base::Clock& clock, base::Logger& log)
{
    auto impl = std::make_unique<Impl>(options, clock, log);
    if (!impl->Reopen()) {
        return base::Unexpected("query log " + options.path + ": " + std::strerror(errno));
    }
    impl->thread = base::Thread("dns-querylog", [raw = impl.get()] { raw->Run(); });
    return std::make_unique<QueryLog>(std::move(impl));
}

QueryLog::Sink* QueryLog::MakeSink()
{
    const base::LockGuard lock(m_impl->mutex);
    m_impl->sinks.push_back(std::make_unique<Sink>(m_impl->options.every));
    return m_impl->sinks.back().get();
}

std::optional<QueryLogOptions> ParseQueryLog(const std::string& text)
{
    QueryLogOptions out;
    const size_t comma = text.rfind(",1/");
    out.path = text.substr(0, comma);
    if (comma == std::string::npos) return out;
    const std::string number = text.substr(comma + 3);
    if (number.empty() || number.size() > 10 || number.find_first_not_of("0123456789") != std::string::npos) {
        return std::nullopt;
    }
    const unsigned long long every = std::stoull(number);
    if (every == 0 || every > MAX_EVERY || out.path.empty()) return std::nullopt;
    out.every = static_cast<unsigned>(every);
    return out;
}

} // namespace emc::dns
