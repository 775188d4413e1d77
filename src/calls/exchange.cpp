#include "calls/exchange.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/thread.h"
#include "calls/answers.h"
#include "calls/automatic.h"
#include "calls/automatic_work.h"
#include "calls/batches.h"
#include "calls/letters.h"
#include "calls/unanswered.h"
#include "interfaces/call_post.h"

#include <deque>

namespace emc::calls {

using reward::CallMail;

namespace {

constexpr int64_t HELLO_EVERY_SEC = 1'200;
constexpr int64_t GREET_EVERY_SEC = 10;
/// Until somebody has heard the first hello.
constexpr int64_t HELLO_AGAIN_SEC = 5;
constexpr int64_t WAIT_MS = 1'000;
/// Between two looks for batches nobody answers. Since the start, every node that runs has said hello by
/// then.
constexpr int64_t UNANSWERED_EVERY_SEC = HELLO_EVERY_SEC;

} // namespace

struct Exchange::Impl {
    Impl(const Own& mine, const BatchDeps& r, const ExchangeDeps& d)
        : own(mine), rooms(r), deps(d), letters(own, rooms, deps), answers(own, rooms, letters),
          work(own, rooms, deps, letters)
    {}

    void Arrive(const CallMail& mail, const std::string& peer); ///< of the message thread
    void Loop();                                                ///< the thread "callmail"
    void TellUnanswered();                                      ///< of that thread

    const Own own;
    const BatchDeps rooms;
    const ExchangeDeps deps;
    Letters letters;
    Answers answers;
    AutomaticWork work;

    base::Mutex<base::LockRank::Leaf> mutex;
    base::CondVar changed;
    std::deque<ArrivedLetter> waiting EMC_GUARDED_BY(mutex);
    bool greet EMC_GUARDED_BY(mutex) = false; ///< somebody new was heard from
    bool stop EMC_GUARDED_BY(mutex) = false;
    base::Thread thread;
};

void Exchange::Impl::Arrive(const CallMail& mail, const std::string& peer)
{
    const bool is_new = letters.Hear(mail);
    const base::LockGuard lock(mutex);
    if (is_new) { // it may not know of us either
        greet = true;
        changed.NotifyAll();
    }
    if (mail.kind != reward::MailKind::Letter) return;
    if (waiting.size() >= MAX_WAITING_LETTERS) {
        EMC_LOG(rooms.log, Warning, Calls, "a letter of %s from peer %s is dropped: %zu others wait",
                mail.from.Name().c_str(), peer.c_str(), waiting.size());
        return;
    }
    waiting.push_back({mail, peer});
    changed.NotifyAll();
}

/// A warning for each batch the other side does not sign, once.
void Exchange::Impl::TellUnanswered()
{
    const auto rows = own.store.All();
    if (!rows) {
        EMC_LOG(rooms.log, Warning, Calls, "%s", storage::Describe(rows.Error()).c_str());
        return;
    }
    for (const auto& [id, row] : *rows) {
        if (row.told || !Awaited(row)) continue;
        const auto info = own.batches.Find(id);
        if (!info || info->problem.empty()) continue;
        EMC_LOG(rooms.log, Warning, Calls, "batch %s: %s", base::Hex(id.Span()).c_str(),
                info->problem.c_str());
        if (const auto noted = own.store.Change(id, [](BatchRow& known) { known.told = true; }); !noted)
            EMC_LOG(rooms.log, Warning, Calls, "%s", storage::Describe(noted.Error()).c_str());
    }
}

void Exchange::Impl::Loop()
{
    int64_t next_hello = 0;
    int64_t next_greeting = 0;
    int64_t looked = 0;
    int64_t told = rooms.clock.NowSec();
    while (true) {
        std::optional<ArrivedLetter> letter;
        bool greets = false;
        const int64_t now = base::SteadyMicros() / 1'000'000;
        const int64_t clock = rooms.clock.NowSec();
        {
            const base::LockGuard lock(mutex);
            const bool idle = waiting.empty() && (!greet || now < next_greeting);
            if (!stop && idle) (void)changed.WaitFor(mutex, WAIT_MS);
            if (stop) return;
            if (!waiting.empty()) {
                letter = std::move(waiting.front());
                waiting.pop_front();
            }
            greets = greet && now >= next_greeting;
            if (greets) greet = false;
        }
        const auto mode = own.settings.Now();
        if (letter) answers.Read(*letter, mode.on);
        if (greets || now >= next_hello) {
            next_hello = now + (letters.SayHello() ? HELLO_EVERY_SEC : HELLO_AGAIN_SEC);
            next_greeting = now + GREET_EVERY_SEC;
        }
        if (mode.on && clock - looked >= mode.interval_sec) {
            work.Do(mode);
            looked = clock;
        }
        if (clock - told >= UNANSWERED_EVERY_SEC) {
            TellUnanswered();
            told = clock;
        }
    }
}

Exchange::Exchange(const Own& own, const BatchDeps& rooms, const ExchangeDeps& deps)
    : m_impl(std::make_unique<Impl>(own, rooms, deps))
{
    auto& impl = *m_impl;
    impl.own.batches.SetLetters(&impl.letters);
    impl.thread = base::Thread("callmail", [&impl] { impl.Loop(); });
    impl.deps.post.SetReceiver(
        [&impl](const CallMail& mail, const std::string& peer) { impl.Arrive(mail, peer); });
}

Exchange::~Exchange()
{
    auto& impl = *m_impl;
    impl.deps.post.SetReceiver({});
    {
        const base::LockGuard lock(impl.mutex);
        impl.stop = true;
        impl.changed.NotifyAll();
    }
    impl.thread.Join();
    impl.own.batches.SetLetters(nullptr);
}

} // namespace emc::calls
