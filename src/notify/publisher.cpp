#include "notify/publisher.h"

#include "codec/writer.h"

#include <algorithm>
#ifdef EMC_WITH_ZMQ
#include <zmq.h>

#include <cerrno>
#include <charconv>
#endif

namespace emc::notify {

#ifdef EMC_WITH_ZMQ

namespace {

struct Socket {
    std::string address;
    int high_water = 0;
    void* handle = nullptr;
};

struct Feed {
    Topic topic{};
    void* socket = nullptr;
    uint32_t number = 0;
};

std::string LastError(const std::string& doing)
{
    return doing + ": " + zmq_strerror(zmq_errno());
}

/// As ZeroMQ writes it: "unix:/run/x" is "ipc:///run/x".
std::string Endpoint(const std::string& address)
{
    constexpr std::string_view UNIX = "unix:";
    return address.starts_with(UNIX) ? "ipc://" + address.substr(UNIX.size()) : address;
}

/// False for what the library would take, but not as it is meant: ports are taken modulo 65536.
bool PortExists(const std::string& endpoint)
{
    if (!endpoint.starts_with("tcp://")) return true;
    const auto colon = endpoint.rfind(':');
    const char* const end = endpoint.data() + endpoint.size();
    uint16_t port = 0;
    const auto [rest, error] = std::from_chars(endpoint.data() + colon + 1, end, port);
    return error == std::errc{} && rest == end && port != 0;
}

base::Expected<void, std::string> Bind(void* context, Socket& socket)
{
    socket.handle = zmq_socket(context, ZMQ_PUB);
    if (socket.handle == nullptr) return base::Unexpected(LastError("no ZeroMQ socket"));
    const int off = 0;
    const int on = 1;
    zmq_setsockopt(socket.handle, ZMQ_SNDHWM, &socket.high_water, sizeof(socket.high_water));
    zmq_setsockopt(socket.handle, ZMQ_LINGER, &off, sizeof(off));
    zmq_setsockopt(socket.handle, ZMQ_TCP_KEEPALIVE, &on, sizeof(on));
    const std::string endpoint = Endpoint(socket.address);
    if (endpoint.starts_with("tcp://[")) zmq_setsockopt(socket.handle, ZMQ_IPV6, &on, sizeof(on));
    if (!PortExists(endpoint)) {
        errno = EINVAL;
    } else if (zmq_bind(socket.handle, endpoint.c_str()) == 0) {
        return {};
    }
    return base::Unexpected(
        LastError("cannot listen on " + socket.address +
                  " (an address is like tcp://127.0.0.1:28332 or unix:/run/emercoin.sock)"));
}

} // namespace

struct Publisher::Impl {
    ~Impl()
    {
        for (const auto& socket : sockets) {
            if (socket.handle != nullptr) zmq_close(socket.handle);
        }
        if (context != nullptr) zmq_ctx_term(context);
    }

    void* context = nullptr;
    std::vector<Socket> sockets;
    std::vector<Feed> feeds;
};

base::Expected<std::unique_ptr<Publisher>, std::string>
Publisher::Open(const std::vector<interfaces::Publication>& publications)
{
    auto impl = std::make_unique<Impl>();
    impl->context = zmq_ctx_new();
    if (impl->context == nullptr) return base::Unexpected(LastError("no ZeroMQ context"));
    const auto at = [&impl](const std::string& address) {
        return std::find_if(impl->sockets.begin(), impl->sockets.end(),
                            [&address](const Socket& socket) { return socket.address == address; });
    };
    for (const auto& publication : publications) {
        auto known = at(publication.address);
        if (known == impl->sockets.end()) {
            impl->sockets.push_back({publication.address, publication.high_water, nullptr});
        } else if (known->high_water != 0) {
            known->high_water =
                publication.high_water == 0 ? 0 : std::max(known->high_water, publication.high_water);
        }
    }
    for (auto& socket : impl->sockets) {
        if (auto bound = Bind(impl->context, socket); !bound) return base::Unexpected(bound.Error());
    }
    for (const auto& publication : publications) {
        const auto* name = std::find(std::begin(TOPIC_NAMES), std::end(TOPIC_NAMES), publication.topic);
        if (name == std::end(TOPIC_NAMES)) return base::Unexpected("there is no topic " + publication.topic);
        const auto topic = static_cast<Topic>(name - std::begin(TOPIC_NAMES));
        impl->feeds.push_back({topic, at(publication.address)->handle, 0});
    }
    return std::make_unique<Publisher>(std::move(impl));
}

bool Publisher::Wants(Topic topic) const
{
    return std::any_of(m_impl->feeds.begin(), m_impl->feeds.end(),
                       [topic](const Feed& feed) { return feed.topic == topic; });
}

void Publisher::Send(Topic topic, base::ByteSpan body)
{
    const auto name = TOPIC_NAMES[static_cast<size_t>(topic)];
    for (auto& feed : m_impl->feeds) {
        if (feed.topic != topic) continue;
        base::Bytes number;
        codec::Writer(number).U32(feed.number++);
        // A publishing socket takes every message at once, or fails as a whole when the program ends.
        if (zmq_send(feed.socket, name.data(), name.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) continue;
        if (zmq_send(feed.socket, body.data(), body.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) continue;
        zmq_send(feed.socket, number.data(), number.size(), ZMQ_DONTWAIT);
    }
}

void Publisher::SkipNumbers()
{
    for (auto& feed : m_impl->feeds)
        ++feed.number;
}

#else

struct Publisher::Impl {};

base::Expected<std::unique_ptr<Publisher>, std::string>
Publisher::Open(const std::vector<interfaces::Publication>&)
{
    return base::Unexpected(std::string("this program was built without ZeroMQ (./configure --with-zmq)"));
}

bool Publisher::Wants(Topic) const
{
    return false;
}

void Publisher::Send(Topic, base::ByteSpan) {}

void Publisher::SkipNumbers() {}

#endif

Publisher::Publisher(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Publisher::~Publisher() = default;

} // namespace emc::notify
