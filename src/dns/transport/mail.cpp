#include "dns/transport/mail.h"

#include "base/check.h"

#include <sys/eventfd.h>
#include <unistd.h>

namespace emc::dns {

namespace {

class Stream final : public ReplyStream
{
public:
    Stream(uint64_t connection, std::shared_ptr<Mail> mail, std::shared_ptr<Gate> gate)
        : m_connection(connection), m_mail(std::move(mail)), m_gate(std::move(gate))
    {}

    ~Stream() override { m_mail->Post({m_connection, Letter::What::End, {}}); }

    bool Send(ByteSpan message) override
    {
        {
            const base::LockGuard lock(m_gate->mutex);
            while (!m_gate->closed && m_gate->posted + m_gate->waiting > STREAM_HIGH_BYTES)
                m_gate->changed.Wait(m_gate->mutex);
            if (m_gate->closed) return false;
            m_gate->posted += 2 + message.size();
        }
        Post(message);
        return true;
    }

    bool SendNow(ByteSpan message) override
    {
        bool overrun = false;
        {
            const base::LockGuard lock(m_gate->mutex);
            if (m_gate->closed) return false;
            overrun = m_gate->posted + m_gate->waiting > STREAM_MOST_BYTES;
            if (!overrun) m_gate->posted += 2 + message.size();
        }
        if (overrun) {
            m_mail->Post({m_connection, Letter::What::Overrun, {}});
            return false;
        }
        Post(message);
        return true;
    }

    [[nodiscard]] bool Closed() const override
    {
        const base::LockGuard lock(m_gate->mutex);
        return m_gate->closed;
    }

private:
    void Post(ByteSpan message)
    {
        EMC_CHECK(message.size() <= MAX_MESSAGE_BYTES);
        Bytes bytes;
        bytes.reserve(2 + message.size());
        AppendU16(bytes, static_cast<uint16_t>(message.size()));
        bytes.insert(bytes.end(), message.begin(), message.end());
        m_mail->Post({m_connection, Letter::What::Message, std::move(bytes)});
    }

    const uint64_t m_connection;
    const std::shared_ptr<Mail> m_mail;
    const std::shared_ptr<Gate> m_gate;
};

} // namespace

void Gate::Close()
{
    {
        const base::LockGuard lock(mutex);
        closed = true;
    }
    changed.NotifyAll();
}

void Gate::Update(size_t arrived, size_t held)
{
    {
        const base::LockGuard lock(mutex);
        posted -= arrived;
        waiting = held;
    }
    changed.NotifyAll();
}

Mail::Mail() : m_wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Mail::~Mail()
{
    if (m_wake >= 0) close(m_wake);
}

void Mail::Post(Letter letter)
{
    {
        const base::LockGuard lock(m_mutex);
        if (m_closed) return;
        m_letters.push_back(std::move(letter));
    }
    WakeUp();
}

void Mail::WakeUp() const
{
    const uint64_t one = 1;
    // It can only fail when the counter is full, and then the loop wakes anyway.
    [[maybe_unused]] const ssize_t written = write(m_wake, &one, sizeof(one));
}

std::vector<Letter> Mail::Take()
{
    uint64_t count = 0;
    // Nothing to read means only that somebody else has emptied it; the letters count.
    [[maybe_unused]] const ssize_t got = read(m_wake, &count, sizeof(count));
    std::vector<Letter> out;
    const base::LockGuard lock(m_mutex);
    out.swap(m_letters);
    return out;
}

void Mail::Close()
{
    const base::LockGuard lock(m_mutex);
    m_closed = true;
    m_letters.clear();
}

std::shared_ptr<ReplyStream> MakeStream(uint64_t connection, std::shared_ptr<Mail> mail,
                                        std::shared_ptr<Gate> gate)
{
    return std::make_shared<Stream>(connection, std::move(mail), std::move(gate));
}

} // namespace emc::dns
