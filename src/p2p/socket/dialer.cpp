#include "p2p/socket/dialer.h"

#include "base/random.h"
#include "p2p/socket/asio.inc"
#include "p2p/socket/lookups.h"
#include "p2p/socket/socks5.h"

#include <unordered_map>

namespace emc::p2p {

namespace {

/// A proxy needs its own connections first.
constexpr int64_t PROXY_PATIENCE = 4;
constexpr size_t CREDENTIAL_BYTES = 8;

} // namespace

struct Dialer::Impl {
    asio::io_context& loop;
    Lookups& lookups;
    Options options;
    base::RandomSource& random;
    std::unordered_map<Attempt*, std::weak_ptr<Attempt>> attempts;
};

/// Lives as long as something waits for it.
class Dialer::Attempt : public std::enable_shared_from_this<Attempt>
{
public:
    Attempt(Impl& dialer, const OpenRequest& request, Done done)
        : m_dialer(dialer), m_request(request), m_done(std::move(done)), m_socket(dialer.loop),
          m_timer(dialer.loop)
    {}

    ~Attempt() { m_dialer.attempts.erase(this); }

    void Start()
    {
        m_dialer.attempts.emplace(this, weak_from_this());
        const auto& proxies = m_dialer.options.proxies;
        const bool onion = m_request.endpoint && m_request.endpoint->address.Kind() == NetKind::TorV3;
        const bool i2p = m_request.endpoint && m_request.endpoint->address.Kind() == NetKind::I2p;
        const auto& proxy = onion ? proxies.onion : proxies.clear;
        if (i2p || (onion && !proxy)) {
            Fail(i2p ? "I2P is not supported" : "no proxy for onion addresses (-onion, -proxy)");
            return;
        }
        const int64_t patience = m_dialer.options.timeout_ms * (proxy ? PROXY_PATIENCE : 1);
        m_timer.expires_after(std::chrono::milliseconds(patience));
        m_timer.async_wait([self = shared_from_this()](error_code error) {
            if (!error) self->Fail("timed out");
        });
        if (proxy) {
            m_through_proxy = true;
            Connect(ToSocket(*proxy));
        } else if (m_request.endpoint) {
            Connect(ToSocket(*m_request.endpoint));
        } else {
            Resolve();
        }
    }

    void Fail(const std::string& reason)
    {
        if (m_over) return;
        End();
        m_done(base::Unexpected(reason));
    }

    /// Without a word to anybody: the network stops.
    void End()
    {
        m_over = true;
        m_timer.cancel();
        error_code ignored;
        m_socket.close(ignored);
    }

private:
    void Resolve()
    {
        if (!m_dialer.options.lookups) return Fail("host names are not looked up (-dns=0)");
        const std::string host = m_request.name.substr(0, m_request.name.rfind(':'));
        m_dialer.lookups.Find(host, m_request.port,
                              [self = shared_from_this()](const std::vector<Endpoint>& found) {
                                  if (self->m_over) return;
                                  if (found.empty())
                                      self->Fail("cannot find the host " + self->m_request.name);
                                  else
                                      self->Connect(ToSocket(found.front()));
                              });
    }

    void Connect(const tcp::endpoint& where)
    {
        m_socket.async_connect(where, [self = shared_from_this()](error_code error) {
            if (self->m_over) return;
            if (error) {
                self->Fail(error.message());
            } else if (self->m_through_proxy) {
                self->Greet();
            } else {
                error_code ignored;
                const auto remote = FromSockaddr(self->m_socket.remote_endpoint(ignored).data());
                self->Succeed(self->m_request.endpoint.value_or(remote));
            }
        });
    }

    void Greet()
    {
        Socks5::Target target;
        target.host = m_request.endpoint ? m_request.endpoint->address.ToText()
                                         : m_request.name.substr(0, m_request.name.rfind(':'));
        target.port = m_request.endpoint ? m_request.endpoint->port : m_request.port;
        if (m_dialer.options.proxies.random_credentials) {
            base::Bytes random(CREDENTIAL_BYTES);
            m_dialer.random.Fill(random);
            target.user = target.password = base::Hex(random);
        }
        m_socks.emplace(std::move(target));
        Say(m_socks->Begin());
    }

    void Say(base::Bytes bytes)
    {
        m_words = std::move(bytes);
        asio::async_write(m_socket, asio::buffer(m_words),
                          [self = shared_from_this()](error_code error, size_t) {
                              if (self->m_over) return;
                              if (error)
                                  self->Fail(error.message());
                              else
                                  self->Hear();
                          });
    }

    /// One byte at a time: what follows the proxy's last answer belongs to the link.
    void Hear()
    {
        asio::async_read(m_socket, asio::buffer(m_heard),
                         [self = shared_from_this()](error_code error, size_t bytes) {
                             if (self->m_over) return;
                             if (error) {
                                 self->Fail("SOCKS5 proxy: " + error.message());
                                 return;
                             }
                             base::ByteSpan in(self->m_heard.data(), bytes);
                             auto step = self->m_socks->Feed(in);
                             if (!step)
                                 self->Fail(step.Error());
                             else if (step->done)
                                 self->Succeed(self->m_request.endpoint.value_or(Endpoint{}));
                             else if (!step->send.empty())
                                 self->Say(std::move(step->send));
                             else
                                 self->Hear();
                         });
    }

    void Succeed(const Endpoint& remote)
    {
        m_over = true;
        m_timer.cancel();
        const bool v6 = m_socket.local_endpoint().protocol() == tcp::v6();
        m_done(Dialed{m_socket.release(), v6, remote});
    }

    Impl& m_dialer;
    const OpenRequest m_request;
    const Done m_done;
    tcp::socket m_socket;
    asio::steady_timer m_timer;
    std::optional<Socks5> m_socks;
    base::Bytes m_words;
    std::array<uint8_t, 1> m_heard{};
    bool m_through_proxy = false;
    bool m_over = false;
};

Dialer::Dialer(asio::io_context& loop, Lookups& lookups, const Options& options, base::RandomSource& random)
    : m_impl(std::make_unique<Impl>(Impl{loop, lookups, options, random, {}}))
{}

Dialer::~Dialer() = default;

void Dialer::Dial(const OpenRequest& request, Done done)
{
    std::make_shared<Attempt>(*m_impl, request, std::move(done))->Start();
}

void Dialer::SetOnionProxy(const Endpoint& proxy)
{
    m_impl->options.proxies.onion = proxy;
}

size_t Dialer::Busy() const
{
    return m_impl->attempts.size();
}

void Dialer::Stop()
{
    for (const auto& [_, attempt] : std::unordered_map(m_impl->attempts)) {
        if (const auto alive = attempt.lock()) alive->End();
    }
}

} // namespace emc::p2p
