#include "dns/transfer/service.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/thread.h"
#include "dns/transfer/access.h"
#include "dns/transfer/notifier.h"
#include "dns/transfer/stream.h"

#include <algorithm>
#include <deque>

namespace emc::dns {

namespace {

constexpr uint16_t RCODE_NOTAUTH = 9;

std::string_view KindName(RrType type)
{
    return type == RrType::Axfr ? "AXFR" : "IXFR";
}

/// The serial of the SOA an IXFR carries in its authority section (RFC 1995 §3).
std::optional<uint32_t> SerialAsked(ByteSpan packet, const Query& query)
{
    size_t pos = query.question_end;
    if (LoadU16(packet.data() + 6) != 0 || LoadU16(packet.data() + 8) != 1) return std::nullopt;
    if (!SkipName(packet, pos) || packet.size() - pos < 10) return std::nullopt;
    if (static_cast<RrType>(LoadU16(packet.data() + pos)) != RrType::Soa) return std::nullopt;
    const size_t length = LoadU16(packet.data() + pos + 8);
    pos += 10;
    if (packet.size() - pos < length) return std::nullopt;
    const ByteSpan data = packet.first(pos + length); // names may point back
    if (!SkipName(data, pos) || !SkipName(data, pos) || data.size() - pos != 20) return std::nullopt;
    return LoadU32(data.data() + pos);
}

/// Header and question with an rcode.
Bytes ErrorMessage(ByteSpan packet, size_t question_end, uint16_t rcode)
{
    const size_t end = question_end == 0 ? HEADER_BYTES : question_end;
    Bytes out(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(end));
    out.resize(std::max(out.size(), HEADER_BYTES));
    constexpr uint8_t KEPT = 0x79; // opcode and RD
    out[2] = static_cast<uint8_t>(0x80 | (out[2] & KEPT));
    out[3] = static_cast<uint8_t>(rcode);
    out[4] = 0;
    out[5] = question_end == 0 ? 0 : 1;
    std::fill(out.begin() + 6, out.begin() + HEADER_BYTES, uint8_t{0});
    return out;
}

} // namespace

class TransferService::Impl
{
public:
    explicit Impl(const Parts& service_parts) : parts(service_parts) {}

    base::Expected<void, std::string> Start(const TransferOptions& options);
    void Stop();
    void Enqueue(Bytes packet, const Client& client, std::shared_ptr<ReplyStream> replies);

    /// A question on its way to its answer.
    struct Request {
        TsigSession session;
        Query query;
        const Zone* zone = nullptr;
        std::unique_ptr<RecordSource> source; ///< null: `answer` is all there is
        Bytes answer;
        bool whole = false;
    };

    /// Decides over a question; `datagram`: a single SOA is all that may go out.
    [[nodiscard]] Request Decide(ByteSpan packet, const Client& client, bool datagram);

    const Parts parts;
    TsigKeys keys;
    std::vector<TransferRule> rules;
    bool enabled = false;
    std::unique_ptr<ZoneSerials> serials;
    std::unique_ptr<ZoneHistory> history;
    std::unique_ptr<Notifier> notifier;
    std::atomic<uint64_t> whole{0};
    std::atomic<uint64_t> changes{0};
    std::atomic<uint64_t> refused{0};

private:
    struct Job {
        Bytes packet;
        Client client;
        std::shared_ptr<ReplyStream> replies;
    };

    base::Expected<void, std::string> ReadOptions(const TransferOptions& options,
                                                  std::vector<NotifyTarget>& targets);
    void FindSource(ByteSpan packet, Request& request, bool datagram);
    void Fail(ByteSpan packet, Request& request, uint16_t rcode);
    void Run();
    void Serve(Job job);

    base::StopFlag m_stop;
    base::Mutex<base::LockRank::Leaf> m_mutex;
    base::CondVar m_wake;
    std::deque<Job> m_jobs EMC_GUARDED_BY(m_mutex);
    std::vector<base::Thread> m_threads;
};

base::Expected<void, std::string> TransferService::Impl::ReadOptions(const TransferOptions& options,
                                                                     std::vector<NotifyTarget>& targets)
{
    const auto wrong = [](const TsigKeyFailure& failure) {
        return base::Unexpected("-emcdnstsig: " + std::string(Text(failure.error)) + ": " + failure.where);
    };
    for (const std::string& text : options.keys) {
        if (auto added = keys.Add(text); !added) return wrong(added.Error());
    }
    for (const std::string& path : options.files) {
        if (auto added = keys.AddFile(path); !added) return wrong(added.Error());
    }
    for (const std::string& text : options.allow) {
        const auto rule = ParseTransferRule(text, keys);
        if (!rule)
            return base::Unexpected(
                "-emcdnsxfr must be a subnet, key:name of a key of -emcdnstsig, or subnet,key:name: " + text);
        rules.push_back(*rule);
    }
    for (const std::string& text : options.notify) {
        const auto target = ParseNotifyTarget(text, keys);
        if (!target)
            return base::Unexpected("-emcdnsnotify must be an address, with :port and ,key:name of a key of "
                                    "-emcdnstsig if need be: " +
                                    text);
        targets.push_back(*target);
    }
    return {};
}

base::Expected<void, std::string> TransferService::Impl::Start(const TransferOptions& options)
{
    std::vector<NotifyTarget> targets;
    if (auto read = ReadOptions(options, targets); !read) return read;
    enabled = !rules.empty() || !targets.empty();
    if (!enabled) return {};
    serials = std::make_unique<ZoneSerials>(*parts.config, options.serial_file);
    history = std::make_unique<ZoneHistory>(
        ZoneHistory::Parts{parts.config, parts.store, parts.compiler, serials.get(), parts.log});
    if (!targets.empty()) {
        notifier = std::make_unique<Notifier>(
            std::move(targets),
            Notifier::Parts{parts.config, history.get(), parts.clock, parts.log, parts.random});
        std::string error;
        if (!notifier->Start(error)) return base::Unexpected("-emcdnsnotify: no socket: " + error);
        history->SetOnNews([this] { notifier->OnNews(); });
    }
    if (rules.empty()) return {};
    for (size_t i = 0; i < THREADS; ++i)
        m_threads.emplace_back("dns-xfr-" + std::to_string(i), [this] { Run(); });
    return {};
}

void TransferService::Impl::Stop()
{
    m_stop.Request();
    {
        const base::LockGuard lock(m_mutex);
        m_jobs.clear();
        m_wake.NotifyAll();
    }
    m_threads.clear();
    notifier.reset();
}

void TransferService::Impl::Enqueue(Bytes packet, const Client& client, std::shared_ptr<ReplyStream> replies)
{
    {
        const base::LockGuard lock(m_mutex);
        if (!m_threads.empty() && m_jobs.size() < MAX_WAITING && !m_stop.Requested()) {
            m_jobs.push_back({std::move(packet), client, std::move(replies)});
            m_wake.NotifyOne();
            return;
        }
    }
    ++refused;
    Query query;
    const ParseResult parsed = ParseQuery(packet, query);
    const size_t end = parsed.verdict == ParseVerdict::Good ? query.question_end : 0;
    (void)replies->SendNow(ErrorMessage(packet, end, static_cast<uint16_t>(Rcode::Refused)));
}

void TransferService::Impl::Fail(ByteSpan packet, Request& request, uint16_t rcode)
{
    ++refused;
    request.answer = ErrorMessage(packet, request.query.question_end, rcode);
    request.session.Sign(request.answer, parts.clock->NowSec());
}

void TransferService::Impl::FindSource(ByteSpan packet, Request& request, bool datagram)
{
    const auto state = history->State();
    const bool incremental = request.query.type == RrType::Ixfr;
    std::optional<uint32_t> have;
    if (incremental) {
        have = SerialAsked(packet, request.query);
        if (!have) return Fail(packet, request, static_cast<uint16_t>(Rcode::FormErr));
    }
    if (!state || !state->view) return Fail(packet, request, static_cast<uint16_t>(Rcode::ServFail));
    const uint32_t serial = state->zones[request.zone->index].serial;
    if (datagram) have = serial; // the SOA alone: who needs more comes back over TCP (RFC 1995 §2)
    request.source = incremental ? ChangesSince(*have, state, *parts.config, *request.zone)
                                 : WholeZone(state, *parts.config, *request.zone);
    const auto& deltas = state->zones[request.zone->index].deltas;
    request.whole = !incremental || (SerialIsNewer(serial, *have) &&
                                     std::none_of(deltas.begin(), deltas.end(),
                                                  [&](const auto& delta) { return delta->from == *have; }));
}

TransferService::Impl::Request TransferService::Impl::Decide(ByteSpan packet, const Client& client,
                                                             bool datagram)
{
    Request out;
    const int64_t now = parts.clock->NowSec();
    const auto verdict = out.session.Check(packet, keys, now);
    if (ParseQuery(packet, out.query).verdict != ParseVerdict::Good ||
        verdict == TsigSession::Verdict::Malformed) {
        out.session = TsigSession();
        Fail(packet, out, static_cast<uint16_t>(Rcode::FormErr));
        return out;
    }
    if (verdict == TsigSession::Verdict::NotAuth) {
        ++refused;
        out.answer = out.session.Refusal(packet, now);
        return out;
    }
    const bool allowed = std::any_of(rules.begin(), rules.end(), [&](const TransferRule& rule) {
        return rule.Allows(client.ip, out.session.Key());
    });
    if (!allowed) {
        EMC_LOG(*parts.log, Warning, Dns, "%s of zone %s refused to %s",
                std::string(KindName(out.query.type)).c_str(),
                NameToText({out.query.name.bytes.data(), out.query.name.size}).c_str(),
                base::IpText(client.ip).c_str());
        Fail(packet, out, static_cast<uint16_t>(Rcode::Refused));
        return out;
    }
    out.zone = out.query.name.labels == 1 ? parts.config->Find(out.query.name.Label(0)) : nullptr;
    if (out.zone == nullptr) {
        Fail(packet, out, RCODE_NOTAUTH);
    } else {
        FindSource(packet, out, datagram);
    }
    return out;
}

void TransferService::Impl::Serve(Job job)
{
    const int64_t began_us = base::SteadyMicros();
    Request request = Decide(job.packet, job.client, false);
    if (!request.source) {
        (void)job.replies->Send(request.answer);
        return;
    }
    MessagePacker packer(job.packet, request.query.question_end, std::move(request.source));
    Bytes message;
    uint64_t bytes = 0;
    while (!m_stop.Requested() && packer.Next(message)) {
        request.session.Sign(message, parts.clock->NowSec());
        bytes += message.size();
        if (job.replies->Send(message)) continue;
        EMC_LOG(
            *parts.log, Warning, Dns,
            "%s of zone %s to %s ended after %llu records: the client has gone, or took nothing for too long",
            std::string(KindName(request.query.type)).c_str(), request.zone->label.c_str(),
            base::IpText(job.client.ip).c_str(), static_cast<unsigned long long>(packer.Records()));
        return;
    }
    ++(request.whole ? whole : changes);
    const double seconds = static_cast<double>(base::SteadyMicros() - began_us) / 1e6;
    EMC_LOG(*parts.log, Info, Dns, "%s of zone %s to %s: %s, %llu records, %llu bytes, %.3f s",
            std::string(KindName(request.query.type)).c_str(), request.zone->label.c_str(),
            base::IpText(job.client.ip).c_str(), request.whole ? "whole" : "changes",
            static_cast<unsigned long long>(packer.Records()), static_cast<unsigned long long>(bytes),
            seconds);
}

void TransferService::Impl::Run()
{
    for (;;) {
        Job job;
        {
            const base::LockGuard lock(m_mutex);
            while (m_jobs.empty() && !m_stop.Requested())
                m_wake.Wait(m_mutex);
            if (m_stop.Requested()) return;
            job = std::move(m_jobs.front());
            m_jobs.pop_front();
        }
        Serve(std::move(job));
    }
}

TransferService::TransferService(const Parts& parts) : m_impl(std::make_unique<Impl>(parts)) {}

TransferService::~TransferService()
{
    Stop();
}

base::Expected<void, std::string> TransferService::Start(const TransferOptions& options)
{
    return m_impl->Start(options);
}

void TransferService::Stop()
{
    m_impl->Stop();
}

bool TransferService::Enabled() const
{
    return m_impl->enabled;
}

const TsigKeys& TransferService::Keys() const
{
    return m_impl->keys;
}

void TransferService::OnRebuild()
{
    if (m_impl->history) m_impl->history->OnRebuild();
}

void TransferService::OnChanged(const std::vector<base::Bytes>& keys)
{
    if (m_impl->history) m_impl->history->OnChanged(keys);
}

void TransferService::OnSettled(const base::Hash256& tip, int32_t height)
{
    if (m_impl->history) m_impl->history->OnSettled(tip, height);
}

const ZoneSerials* TransferService::Serials() const
{
    return m_impl->serials.get();
}

TransferService::Counts TransferService::GetCounts() const
{
    return {m_impl->whole.load(), m_impl->changes.load(), m_impl->refused.load(),
            m_impl->notifier ? m_impl->notifier->Sent() : 0};
}

void TransferService::OnStream(Bytes packet, const Client& client, std::shared_ptr<ReplyStream> replies)
{
    m_impl->Enqueue(std::move(packet), client, std::move(replies));
}

size_t TransferService::OnDatagram(ByteSpan packet, const Client& client, std::span<uint8_t> out)
{
    Query query;
    if (ParseQuery(packet, query).verdict != ParseVerdict::Good || query.type != RrType::Ixfr) return 0;
    Impl::Request request = m_impl->Decide(packet, client, true);
    Bytes answer = std::move(request.answer);
    if (request.source) {
        MessagePacker packer(packet, query.question_end, std::move(request.source));
        if (!packer.Next(answer)) return 0;
        request.session.Sign(answer, m_impl->parts.clock->NowSec());
        ++m_impl->changes;
    }
    if (answer.size() > out.size()) return 0;
    std::copy(answer.begin(), answer.end(), out.begin());
    return answer.size();
}

} // namespace emc::dns
