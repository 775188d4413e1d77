#include "p2p/socket/lookups.h"

#include "base/mutex.h"
#include "base/thread.h"
#include "p2p/socket/asio.inc"

#include <deque>
#include <map>
#include <netdb.h>

namespace emc::p2p {

namespace {

struct Question {
    std::string host;
    uint16_t port = 0;
};

std::vector<Endpoint> Ask(const Question& question)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* first = nullptr;
    std::vector<Endpoint> out;
    if (::getaddrinfo(question.host.c_str(), std::to_string(question.port).c_str(), &hints, &first) != 0)
        return out;
    for (const addrinfo* one = first; one != nullptr; one = one->ai_next)
        out.push_back(FromSockaddr(one->ai_addr));
    ::freeaddrinfo(first);
    return out;
}

/// Where answers go; shared with the threads that ask, which may outlive everything else.
struct Return {
    base::Mutex<base::LockRank::Leaf> mutex;
    asio::io_context* loop EMC_GUARDED_BY(mutex) = nullptr; ///< null: nowhere
};

} // namespace

struct Lookups::Impl {
    struct Waiting {
        Question question;
        Done done;
    };

    void Begin();
    void Ended(uint64_t number, const std::vector<Endpoint>& found);

    std::shared_ptr<Return> back = std::make_shared<Return>();
    std::deque<Waiting> waiting;
    std::map<uint64_t, Done> running;
    uint64_t last_number = 0;
};

void Lookups::Impl::Begin()
{
    while (running.size() < MAX_LOOKUPS && !waiting.empty()) {
        const uint64_t number = ++last_number;
        running.emplace(number, std::move(waiting.front().done));
        base::StartDetached("p2p-names", [this, number, to = back, question = waiting.front().question] {
            auto found = Ask(question);
            const base::LockGuard lock(to->mutex);
            // While there is a loop there is what `this` points to: it is gone only after Stop, or never run.
            if (to->loop != nullptr)
                asio::post(*to->loop, [this, number, found = std::move(found)] { Ended(number, found); });
        });
        waiting.pop_front();
    }
}

void Lookups::Impl::Ended(uint64_t number, const std::vector<Endpoint>& found)
{
    const auto it = running.find(number);
    if (it == running.end()) return;
    const Done done = std::move(it->second);
    running.erase(it);
    Begin();
    done(found);
}

Lookups::Lookups(asio::io_context& loop) : m_impl(std::make_unique<Impl>())
{
    const base::LockGuard lock(m_impl->back->mutex);
    m_impl->back->loop = &loop;
}

Lookups::~Lookups()
{
    Stop();
}

void Lookups::Find(const std::string& host, uint16_t port, Done done)
{
    m_impl->waiting.push_back({{host, port}, std::move(done)});
    m_impl->Begin();
}

void Lookups::Stop()
{
    {
        const base::LockGuard lock(m_impl->back->mutex);
        m_impl->back->loop = nullptr;
    }
    m_impl->waiting.clear();
    m_impl->running.clear();
}

} // namespace emc::p2p
