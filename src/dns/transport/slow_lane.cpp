#include "dns/transport/slow_lane.h"

#include "base/mutex.h"
#include "base/thread.h"
#include "dns/answer/answer.h"

#include <deque>
#include <memory>

namespace emc::dns {

class SlowLane::Impl
{
public:
    Impl(const AnswerParts& parts, QueryLog::Sink* sink)
        : m_parts(parts), m_sink(sink), m_thread("dns-slow", [this] { Run(); })
    {}

    ~Impl()
    {
        {
            const base::LockGuard lock(m_mutex);
            m_stop = true;
        }
        m_changed.NotifyAll();
        m_thread.Join();
    }

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    struct Job {
        Bytes packet;
        Client client;
        std::shared_ptr<ReplyStream> reply;
    };

    void Add(Job job)
    {
        {
            const base::LockGuard lock(m_mutex);
            m_jobs.push_back(std::move(job));
        }
        m_changed.NotifyOne();
    }

    [[nodiscard]] const Counters& Counts() const { return m_counters; }

private:
    void Run()
    {
        Answerer answerer(m_parts, m_counters);
        Bytes out(MAX_MESSAGE_BYTES);
        while (auto job = Next()) {
            if (job->reply->Closed()) continue;
            answerer.BeginBatch();
            const Answered answered = answerer.Answer(job->packet, job->client, out);
            // A client that does not read must not hold up the others.
            if (answered.fate != Fate::Reply) continue;
            const ByteSpan answer{out.data(), answered.size};
            job->reply->SendNow(answer);
            if (m_sink != nullptr) m_sink->Note(answerer.LastQuery(), job->client, answer);
            answerer.EndBatch(1);
        }
    }

    std::optional<Job> Next()
    {
        const base::LockGuard lock(m_mutex);
        while (!m_stop && m_jobs.empty())
            m_changed.Wait(m_mutex);
        if (m_stop) return std::nullopt;
        Job job = std::move(m_jobs.front());
        m_jobs.pop_front();
        return job;
    }

    const AnswerParts m_parts;
    QueryLog::Sink* const m_sink;
    Counters m_counters;
    base::Mutex<base::LockRank::Leaf> m_mutex;
    base::CondVar m_changed;
    std::deque<Job> m_jobs EMC_GUARDED_BY(m_mutex);
    bool m_stop EMC_GUARDED_BY(m_mutex) = false;
    base::Thread m_thread;
};

SlowLane::SlowLane(const AnswerParts& parts, QueryLog::Sink* sink)
    : m_impl(std::make_unique<Impl>(parts, sink))
{}

SlowLane::~SlowLane() = default;

void SlowLane::Ask(Bytes packet, const Client& client, std::shared_ptr<ReplyStream> reply)
{
    m_impl->Add({std::move(packet), client, std::move(reply)});
}

const Counters& SlowLane::Counts() const
{
    return m_impl->Counts();
}

} // namespace emc::dns
