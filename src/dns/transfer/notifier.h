/// Tells secondaries that a zone has changed (RFC 1996), again and again until they answer.
#pragma once

#include "base/memory.h"
#include "dns/transfer/access.h"
#include "dns/transfer/history.h"

namespace emc::base {
class Clock;
class RandomSource;
} // namespace emc::base

namespace emc::dns {

/// When a message to a secondary is due. No sockets, no clock: times come in. One thread.
class NotifyPlan
{
public:
    static constexpr int64_t FIRST_WAIT_MS = 1000; ///< then twice as long each time
    static constexpr unsigned TRIES = 6;           ///< about half a minute in all

    struct Due {
        size_t target = 0;
        size_t zone = 0;
        uint16_t id = 0;
        unsigned tries = 0; ///< this one included
    };

    /// The zone has changed: every target is told at once, unanswered messages about it are forgotten.
    void Changed(size_t zone, size_t targets, int64_t now_ms, base::RandomSource& random);
    /// Takes what is due. Its next try is planned; what has had all of them is dropped.
    [[nodiscard]] std::vector<Due> TakeDue(int64_t now_ms);
    /// What a message with this id to this target was about; nothing when it is not waited for.
    [[nodiscard]] std::optional<size_t> ZoneOf(size_t target, uint16_t id) const;
    void Answered(size_t target, uint16_t id);

    [[nodiscard]] bool Idle() const { return m_waiting.empty(); }

    /// Milliseconds until the next one is due; `most` when there is none.
    [[nodiscard]] int64_t WaitMs(int64_t now_ms, int64_t most) const;

private:
    struct Waiting {
        Due due;
        int64_t at_ms = 0;
    };

    std::vector<Waiting> m_waiting;
};

/// One thread from Start to the end of its life.
class Notifier
{
public:
    struct Parts {
        const ZoneConfig* config = nullptr;
        const ZoneHistory* history = nullptr;
        const base::Clock* clock = nullptr;
        base::Logger* log = nullptr;
        base::RandomSource* random = nullptr;
    };

    Notifier(std::vector<NotifyTarget> targets, const Parts& parts);
    ~Notifier();
    Notifier(const Notifier&) = delete;
    Notifier& operator=(const Notifier&) = delete;

    /// False with the system's reason when no socket can be had.
    [[nodiscard]] bool Start(std::string& error);
    /// The history has news: zones whose serial has grown are told of. Any thread.
    void OnNews();

    [[nodiscard]] uint64_t Sent() const;
    [[nodiscard]] uint64_t Answered() const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::dns
