#include "dns/transport/worker.h"

#include "base/log.h"
#include "base/thread.h"
#include "dns/answer/answer.h"
#include "dns/transport/query_text.h"
#include "dns/transport/sockaddr.h"

#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <sys/socket.h>

namespace emc::dns {

namespace {

constexpr size_t BATCH = 32;
constexpr size_t PACKET_BYTES = 1232; ///< a question is never longer; longer ones are malformed
constexpr size_t CONTROL_BYTES = CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(in_pktinfo));
constexpr timeval WAKE_LIMIT{2, 0};            // should the wake-up ever be missed
constexpr timeval INHERITED_LIMIT{0, 100'000}; // there is none

} // namespace

/// Buffers for one call of recvmmsg and one of sendmmsg. Answers go out with the address and control data
/// their question came in with.
struct Worker::Batch {
    std::array<std::array<uint8_t, PACKET_BYTES>, BATCH> questions;
    std::array<std::array<uint8_t, EDNS_UDP_BYTES>, BATCH> answers;
    std::array<sockaddr_storage, BATCH> peers;
    alignas(cmsghdr) std::array<std::array<uint8_t, CONTROL_BYTES>, BATCH> controls;
    std::array<iovec, BATCH> question_parts{};
    std::array<iovec, BATCH> answer_parts{};
    std::array<mmsghdr, BATCH> received{};
    std::array<mmsghdr, BATCH> sent{};
    bool with_control = false;

    explicit Batch(bool reply_from) : with_control(reply_from)
    {
        for (size_t i = 0; i < BATCH; ++i) {
            question_parts[i] = {questions[i].data(), questions[i].size()};
            received[i].msg_hdr.msg_iov = &question_parts[i];
            received[i].msg_hdr.msg_iovlen = 1;
            received[i].msg_hdr.msg_name = &peers[i];
            sent[i].msg_hdr.msg_iov = &answer_parts[i];
            sent[i].msg_hdr.msg_iovlen = 1;
            Rearm(i);
        }
    }

    /// Makes a place ready to receive again.
    void Rearm(size_t i)
    {
        msghdr& header = received[i].msg_hdr;
        header.msg_namelen = sizeof(sockaddr_storage);
        header.msg_flags = 0;
        if (!with_control) return;
        header.msg_control = controls[i].data();
        header.msg_controllen = CONTROL_BYTES;
    }

    /// The interface the question came in by is not the route back; only the address counts, except on a
    /// link.
    static void KeepAddressOnly(msghdr& header)
    {
        for (cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr; item = CMSG_NXTHDR(&header, item)) {
            if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO) {
                in_pktinfo info{};
                std::memcpy(&info, CMSG_DATA(item), sizeof(info));
                info.ipi_ifindex = 0;
                std::memcpy(CMSG_DATA(item), &info, sizeof(info));
            } else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO) {
                in6_pktinfo info{};
                std::memcpy(&info, CMSG_DATA(item), sizeof(info));
                if (!IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) info.ipi6_ifindex = 0;
                std::memcpy(CMSG_DATA(item), &info, sizeof(info));
            }
        }
    }

    /// Puts the answer to question `from` at place `to` of what is sent.
    void Queue(size_t to, size_t from, size_t size)
    {
        answer_parts[to] = {answers[from].data(), size};
        msghdr& out = sent[to].msg_hdr;
        msghdr& in = received[from].msg_hdr;
        out.msg_name = in.msg_name;
        out.msg_namelen = in.msg_namelen;
        out.msg_control = nullptr;
        out.msg_controllen = 0;
        out.msg_flags = 0;
        if (with_control && in.msg_controllen > 0 && (in.msg_flags & MSG_CTRUNC) == 0) {
            KeepAddressOnly(in);
            out.msg_control = in.msg_control;
            out.msg_controllen = in.msg_controllen;
        }
    }
};

class Worker::Impl
{
public:
    Impl(WorkerOptions options, UdpSocket socket, const AnswerParts& parts, base::Logger& log)
        : m_options(std::move(options)), m_socket(std::move(socket)), m_parts(parts), m_log(log),
          m_thread(m_options.name, [this] { Run(); })
    {}

    ~Impl()
    {
        m_stop.Request();
        m_socket.WakeUp();
        m_thread.Join();
    }

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    [[nodiscard]] const Counters& Counts() const { return m_counters; }

private:
    void Run();

    const WorkerOptions m_options;
    UdpSocket m_socket;
    Counters m_counters;
    const AnswerParts m_parts;
    base::Logger& m_log;
    base::StopFlag m_stop;
    base::Thread m_thread;
};

Worker::Worker(WorkerOptions options, UdpSocket socket, const AnswerParts& parts, base::Logger& log)
    : m_impl(std::make_unique<Impl>(std::move(options), std::move(socket), parts, log))
{}

Worker::~Worker() = default;

const Counters& Worker::Counts() const
{
    return m_impl->Counts();
}

void Worker::Impl::Run()
{
    const timeval& limit = m_socket.Inherited() ? INHERITED_LIMIT : WAKE_LIMIT;
    setsockopt(m_socket.Handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    const auto batch = std::make_unique<Batch>(m_options.reply_from);
    Answerer answerer(m_parts, m_counters);
    while (!m_stop.Requested()) {
        const int got = recvmmsg(m_socket.Handle(), batch->received.data(), BATCH, MSG_WAITFORONE, nullptr);
        if (got <= 0) {
            // Time limit, signal, or an ICMP error of an earlier answer: nothing was received.
            continue;
        }
        answerer.BeginBatch();
        size_t queued = 0;
        for (size_t i = 0; i < static_cast<size_t>(got); ++i) {
            const ByteSpan question{batch->questions[i].data(), batch->received[i].msg_len};
            const Client client{IpOf(batch->peers[i]), PortOf(batch->peers[i]), Transport::Udp};
            const Answered answered = answerer.Answer(question, client, batch->answers[i]);
            if (answered.fate != Fate::Reply) continue;
            if (m_options.log_queries) {
                LogQuery(m_log, answerer.LastQuery(), {batch->answers[i].data(), answered.size});
            }
            if (m_options.sink != nullptr) {
                m_options.sink->Note(answerer.LastQuery(), client, {batch->answers[i].data(), answered.size});
            }
            batch->Queue(queued++, i, answered.size);
        }
        for (size_t done = 0; done < queued;) {
            const int sent = sendmmsg(m_socket.Handle(), batch->sent.data() + done,
                                      static_cast<unsigned>(queued - done), 0);
            // An answer that cannot be sent is lost, as UDP allows; the next ones are tried.
            done += sent > 0 ? static_cast<size_t>(sent) : 1;
        }
        answerer.EndBatch(queued);
        for (size_t i = 0; i < static_cast<size_t>(got); ++i)
            batch->Rearm(i);
    }
}

} // namespace emc::dns
