/// How other threads give a connection its messages: letters to the thread that owns it.
#pragma once

#include "base/mutex.h"
#include "dns/transport/exchange.h"

namespace emc::dns {

/// Bytes a transfer may have waiting on one connection before Send waits.
inline constexpr size_t STREAM_HIGH_BYTES = 256 * 1024;
/// Beyond this an answer that cannot wait costs the client its connection.
inline constexpr size_t STREAM_MOST_BYTES = 1024 * 1024;

/// What a connection and the streams of its queries share: how much is on its way.
struct Gate {
    base::Mutex<base::LockRank::Leaf> mutex;
    base::CondVar changed;
    size_t posted EMC_GUARDED_BY(mutex) = 0;  ///< bytes in letters
    size_t waiting EMC_GUARDED_BY(mutex) = 0; ///< bytes the connection holds
    bool closed EMC_GUARDED_BY(mutex) = false;

    void Close();
    /// The connection's thread: `arrived` bytes have come out of letters, `held` wait to be written now.
    void Update(size_t arrived, size_t held);
};

struct Letter {
    enum class What : uint8_t { Message, End, Overrun };
    uint64_t connection = 0;
    What what = What::Message;
    Bytes bytes; ///< length and message
};

/// Letters of one loop. Outlives it as long as a stream does.
class Mail
{
public:
    Mail();
    ~Mail();
    Mail(const Mail&) = delete;
    Mail& operator=(const Mail&) = delete;

    /// Any thread; lost after Close.
    void Post(Letter letter);
    /// Wakes the loop without a letter. Any thread.
    void WakeUp() const;

    /// The loop: everything that has come.
    [[nodiscard]] std::vector<Letter> Take();
    void Close();

    /// Readable when there may be letters; -1 when the system gave none.
    [[nodiscard]] int Handle() const { return m_wake; }

private:
    const int m_wake;
    base::Mutex<base::LockRank::Leaf> m_mutex;
    std::vector<Letter> m_letters EMC_GUARDED_BY(m_mutex);
    bool m_closed EMC_GUARDED_BY(m_mutex) = false;
};

/// The stream of one query of a connection.
[[nodiscard]] std::shared_ptr<ReplyStream> MakeStream(uint64_t connection, std::shared_ptr<Mail> mail,
                                                      std::shared_ptr<Gate> gate);

} // namespace emc::dns
