#include "base/mutex.h"

#include "base/check.h"

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace emc::base {

#ifdef EMC_DEBUG

namespace {

struct Held {
    LockRank rank{};
    const void* mutex = nullptr;
};

/// What the calling thread has locked, lowest rank first. Ranks are distinct, so a few places are enough.
struct HeldLocks {
    static constexpr size_t MOST = 16;
    Held locks[MOST];
    size_t count = 0;
};

HeldLocks& ThisThreadsLocks()
{
    thread_local HeldLocks held;
    return held;
}

} // namespace

void NoteLock(LockRank rank, const void* mutex)
{
    HeldLocks& held = ThisThreadsLocks();
    // The ranks held only rise, so the last one is the highest.
    if (held.count > 0 && held.locks[held.count - 1].rank >= rank) {
        std::fprintf(stderr, "lock order: rank %d wanted while rank %d is held\n", static_cast<int>(rank),
                     static_cast<int>(held.locks[held.count - 1].rank));
        std::fflush(stderr);
        std::abort();
    }
    EMC_CHECK(held.count < HeldLocks::MOST);
    held.locks[held.count++] = Held{rank, mutex};
}

void NoteUnlock(LockRank rank, const void* mutex)
{
    HeldLocks& held = ThisThreadsLocks();
    size_t at = held.count;
    while (at > 0 && held.locks[at - 1].mutex != mutex)
        --at;
    EMC_CHECK(at > 0 && held.locks[at - 1].rank == rank);
    for (; at < held.count; ++at)
        held.locks[at - 1] = held.locks[at];
    --held.count;
}

#else

void NoteLock(LockRank, const void*) {}

void NoteUnlock(LockRank, const void*) {}

#endif

void MustSucceed(int code)
{
    EMC_CHECK(code == 0);
}

CondVar::CondVar()
{
    pthread_condattr_t attributes;
    MustSucceed(pthread_condattr_init(&attributes));
    MustSucceed(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC));
    MustSucceed(pthread_cond_init(&m_condition, &attributes));
    pthread_condattr_destroy(&attributes);
}

CondVar::~CondVar()
{
    pthread_cond_destroy(&m_condition);
}

bool CondVar::TimedWait(pthread_mutex_t* mutex, int64_t timeout_ms)
{
    constexpr int64_t NS_PER_SEC = 1'000'000'000;
    constexpr int64_t NS_PER_MS = 1'000'000;
    timespec until{};
    clock_gettime(CLOCK_MONOTONIC, &until);
    const int64_t ns = until.tv_nsec + timeout_ms % 1000 * NS_PER_MS;
    until.tv_sec += timeout_ms / 1000 + ns / NS_PER_SEC;
    until.tv_nsec = ns % NS_PER_SEC;
    const int code = pthread_cond_timedwait(&m_condition, mutex, &until);
    MustSucceed(code == ETIMEDOUT ? 0 : code);
    return code == 0;
}

} // namespace emc::base
