#include "p2p/protocol/mailbox.h"

#include "base/memory.h"

namespace emc::p2p {
namespace {

/// How often somebody who waits looks whether the box was closed.
constexpr int64_t WAIT_STEP_MS = 100;

} // namespace

void Mailbox::Put(Mail mail)
{
    bool wake = false;
    {
        const base::LockGuard lock(m_mutex);
        if (m_closed) return;
        m_mail.push_back(std::move(mail));
        wake = m_rush.WakeFor();
    }
    if (wake) m_wake.NotifyAll();
}

std::deque<Mail> Mailbox::TakeAll(int64_t wait_ms)
{
    const base::LockGuard lock(m_mutex);
    if (m_mail.empty() && !m_closed) m_rush.Nap(m_wake, m_mutex);
    if (m_mail.empty() && !m_closed) m_wake.WaitFor(m_mutex, wait_ms);
    return std::exchange(m_mail, {});
}

bool Mailbox::Run(const std::function<void()>& work)
{
    const auto done = std::make_shared<bool>(false);
    Put([this, done, work] {
        work();
        {
            const base::LockGuard lock(m_mutex);
            *done = true;
        }
        m_done.NotifyAll();
    });
    m_wake.NotifyAll(); // somebody waits
    const base::LockGuard lock(m_mutex);
    while (!*done && !m_closed)
        m_done.WaitFor(m_mutex, WAIT_STEP_MS);
    return *done;
}

void Mailbox::Close()
{
    {
        const base::LockGuard lock(m_mutex);
        m_closed = true;
        m_mail.clear();
    }
    m_wake.NotifyAll();
    m_done.NotifyAll();
}

} // namespace emc::p2p
