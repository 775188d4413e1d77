/// What other threads have for the message thread.
#pragma once

#include "base/function.h"
#include "base/mutex.h"
#include "base/rush.h"
#include "p2p/socket/link.h"

#include <deque>
#include <variant>

namespace emc::p2p {

struct MailMessage {
    LinkId link = 0;
    RawMessage message;
};

struct MailClosed {
    LinkId link = 0;
    std::string reason;
};

struct MailFailed {
    OpenRequest request;
    std::string reason;
};

/// A connection that opened, a message, an end, a failed attempt, or work.
using Mail = std::variant<LinkInfo, MailMessage, MailClosed, MailFailed, std::function<void()>>;

/// In order. Any thread puts, one takes. Messages are bounded by NetworkLimits::receive_queue_bytes of each
/// link, the rest by their number.
class Mailbox
{
public:
    void Put(Mail mail);
    /// Everything that has come; waits up to `wait_ms` when that is nothing.
    [[nodiscard]] std::deque<Mail> TakeAll(int64_t wait_ms);
    /// Runs work on the taking thread and waits for it. False when the box was closed before.
    bool Run(const std::function<void()>& work);
    /// Nobody takes any more: Put drops what it gets, Run gives up.
    void Close();

private:
    /// Messages of a peer that is read from come faster than this.
    static constexpr int64_t RUSH_GAP_MS = 1;
    using BoxMutex = base::Mutex<base::LockRank::PeerQueue>;

    BoxMutex m_mutex;
    base::CondVar m_wake;
    base::CondVar m_done;
    std::deque<Mail> m_mail EMC_GUARDED_BY(m_mutex);
    base::Rush m_rush EMC_GUARDED_BY(m_mutex){RUSH_GAP_MS};
    bool m_closed EMC_GUARDED_BY(m_mutex) = false;
};

} // namespace emc::p2p
