#include "p2p/socket/tor_service.h"

#include "base/log.h"
#include "base/thread.h"
#include "p2p/reach/local_addresses.h"
#include "p2p/reach/tor_control.h"
#include "p2p/socket/asio.inc"
#include "p2p/socket/network.h"
#include "storage/small_file.h"

#include <filesystem>

namespace emc::p2p {

namespace {

constexpr size_t READ_BYTES = 4'096;

} // namespace

/// All functions on the thread "p2p-tor".
struct TorService::Impl {
    Impl(const Options& o, const Deps& d)
        : options(o), deps(d), work(asio::make_work_guard(loop)), socket(loop), timer(loop)
    {}

    /// One attempt, from the connection to its end.
    void Connect();
    void Talk();
    void Read();
    void Heard(base::ByteSpan in);
    void Carry(const TorControl::Step& step);
    void Say(const std::string& text);
    void Write();
    void Fail(const std::string& reason);
    void Patience();

    /// "": a new service is to be made. nullopt: the file is there and of no use, which has been said.
    [[nodiscard]] std::optional<std::string> Key();
    [[nodiscard]] bool Keep(const std::string& key);
    [[nodiscard]] base::Bytes Cookie(const std::string& path);

    const Options options;
    const Deps deps;
    asio::io_context loop;
    asio::executor_work_guard<asio::io_context::executor_type> work;
    tcp::socket socket;
    asio::steady_timer timer; ///< for the answer that is awaited, or until the next attempt
    std::optional<TorControl> control;
    std::optional<Endpoint> service; ///< while it is up
    std::array<uint8_t, READ_BYTES> buffer{};
    std::string waiting; ///< to be sent
    std::string words;   ///< being sent
    int64_t retry_ms = FIRST_TOR_RETRY_MS;
    std::string last_failure; ///< said once, not at every attempt
    bool stopping = false;
    base::Thread thread;
};

void TorService::Impl::Connect()
{
    auto key = Key();
    if (!key) return;
    control.emplace(
        TorControl::Wish{options.password, *key, options.port, options.target, options.gives_proxy},
        deps.random);
    Patience();
    socket.async_connect(ToSocket(options.control), [this](error_code error) {
        if (stopping || error == asio::error::operation_aborted) return;
        if (error) return Fail("no connection to " + options.control.ToText() + ": " + error.message());
        Say(control->Begin());
        Read();
    });
}

void TorService::Impl::Patience()
{
    timer.expires_after(std::chrono::milliseconds(TOR_PATIENCE_MS));
    timer.async_wait([this](error_code error) {
        if (!error && !stopping) Fail("Tor's control port does not answer");
    });
}

void TorService::Impl::Say(const std::string& text)
{
    waiting += text;
    Write();
}

void TorService::Impl::Write()
{
    if (!words.empty() || waiting.empty()) return;
    words = std::exchange(waiting, {});
    asio::async_write(socket, asio::buffer(words), [this](error_code error, size_t) {
        words.clear();
        if (!error) Write(); // Read sees when the connection ends
    });
}

void TorService::Impl::Read()
{
    socket.async_read_some(asio::buffer(buffer), [this](error_code error, size_t bytes) {
        if (stopping || error == asio::error::operation_aborted) return;
        if (error) return Fail("Tor's control port hung up");
        Heard(base::ByteSpan(buffer.data(), bytes));
    });
}

void TorService::Impl::Heard(base::ByteSpan in)
{
    while (!in.empty()) {
        auto step = control->Feed(in);
        if (step && !step->cookie_file.empty()) step = control->OnCookie(Cookie(step->cookie_file));
        if (!step) return Fail(step.Error());
        if (!step->new_key.empty() && !Keep(step->new_key)) return;
        Carry(*step);
    }
    Read();
}

void TorService::Impl::Carry(const TorControl::Step& step)
{
    if (!step.send.empty()) {
        Patience();
        Say(step.send);
    }
    if (step.proxy) {
        EMC_LOG(deps.log, Info, Net, "onion addresses are reached through Tor's SOCKS port %s",
                step.proxy->ToText().c_str());
        deps.network.SetOnionProxy(*step.proxy);
    }
    if (!step.service) return;
    timer.cancel();
    retry_ms = FIRST_TOR_RETRY_MS;
    last_failure.clear();
    service = Endpoint{*step.service, options.port};
    EMC_LOG(deps.log, Info, Net, "onion service %s is up", service->ToText().c_str());
    (void)deps.own.Add(*service, OwnSource::Manual);
}

void TorService::Impl::Fail(const std::string& reason)
{
    if (reason != last_failure) {
        EMC_LOG(deps.log, Info, Net, "no onion service, trying again: %s", reason.c_str());
        last_failure = reason;
    }
    if (service) deps.own.Remove(*service);
    service.reset();
    error_code ignored;
    socket.close(ignored);
    waiting.clear();
    timer.expires_after(std::chrono::milliseconds(retry_ms));
    retry_ms = std::min(MAX_TOR_RETRY_MS, retry_ms + retry_ms / 2);
    timer.async_wait([this](error_code error) {
        if (!error && !stopping) Connect();
    });
}

std::optional<std::string> TorService::Impl::Key()
{
    const auto read = storage::ReadWholeFile(deps.files, options.key_file);
    if (!read && read.Error().code == storage::StorageError::NotFound) return "";
    std::string key = read ? base::ToText(*read) : "";
    while (key.ends_with('\n') || key.ends_with('\r'))
        key.pop_back();
    if (IsOnionKey(key)) return key;
    EMC_LOG(deps.log, Warning, Net,
            "%s: no key of an onion service; move the file away to get a new service, or put the saved one "
            "back",
            options.key_file.c_str());
    return std::nullopt;
}

/// A service whose key is lost would have another name at the next start: without the file there is none.
bool TorService::Impl::Keep(const std::string& key)
{
    const auto kept = ReplaceFile(deps.files, options.key_file, base::AsBytes(key + "\n"));
    if (kept) return true;
    Fail(storage::Describe(kept.Error()));
    return false;
}

/// At most a byte more than a cookie has; empty when there is none. Files that could block are left alone.
base::Bytes TorService::Impl::Cookie(const std::string& path)
{
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) return {};
    const auto file = deps.files.Open(path, storage::OpenMode::Read);
    base::Bytes out(TOR_COOKIE_BYTES + 1);
    const auto size = file ? (*file)->Read(0, out) : storage::StorageResult<size_t>(0);
    out.resize(size ? *size : 0);
    return out;
}

TorService::TorService(const Options& options, const Deps& deps)
    : m_impl(std::make_unique<Impl>(options, deps))
{
    m_impl->thread = base::Thread("p2p-tor", [impl = m_impl.get()] {
        impl->Connect();
        impl->loop.run();
    });
}

TorService::~TorService()
{
    asio::post(m_impl->loop, [impl = m_impl.get()] {
        impl->stopping = true;
        error_code ignored;
        impl->socket.close(ignored);
        impl->timer.cancel();
        impl->work.reset();
    });
    m_impl->thread.Join();
    if (m_impl->service) m_impl->deps.own.Remove(*m_impl->service);
}

} // namespace emc::p2p
