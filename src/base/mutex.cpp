#include "base/mutex.h"

#include "base/check.h"

#include <cstddef>
#include <cstdio>
#include <cstdlib>

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

} // namespace emc::base
