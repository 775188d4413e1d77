/// Mutexes with a rank: a thread may lock only upward. Checked in debug builds, annotated for clang.
#pragma once

#include <condition_variable>
#include <mutex>
#include <shared_mutex>

#if defined(__clang__)
#define EMC_TSA(x) __attribute__((x))
#else
#define EMC_TSA(x)
#endif
#define EMC_CAPABILITY(x) EMC_TSA(capability(x))
#define EMC_SCOPED_CAPABILITY EMC_TSA(scoped_lockable)
#define EMC_GUARDED_BY(x) EMC_TSA(guarded_by(x))
#define EMC_PT_GUARDED_BY(x) EMC_TSA(pt_guarded_by(x))
#define EMC_REQUIRES(...) EMC_TSA(requires_capability(__VA_ARGS__))
#define EMC_REQUIRES_SHARED(...) EMC_TSA(requires_shared_capability(__VA_ARGS__))
#define EMC_EXCLUDES(...) EMC_TSA(locks_excluded(__VA_ARGS__))
#define EMC_ACQUIRE(...) EMC_TSA(acquire_capability(__VA_ARGS__))
#define EMC_ACQUIRE_SHARED(...) EMC_TSA(acquire_shared_capability(__VA_ARGS__))
#define EMC_RELEASE(...) EMC_TSA(release_capability(__VA_ARGS__))
#define EMC_RELEASE_GENERIC(...) EMC_TSA(release_generic_capability(__VA_ARGS__))
#define EMC_NO_TSA EMC_TSA(no_thread_safety_analysis)

namespace emc::base {

/// Every lock of the program, in the only order in which they may nest (doc/threads.md).
enum class LockRank : int {
    Wallet = 20,
    WalletStore = 25,
    BlockIndex = 30,
    Pool = 40,
    Events = 50,
    PeerQueue = 60,
    Peers = 70,
    Rpc = 80,
    Leaf = 85,
    Log = 90,
};

/// Called by the mutexes below; abort in debug builds when a rank is not above all ranks this thread holds.
void NoteLock(LockRank rank, const void* mutex);
void NoteUnlock(LockRank rank, const void* mutex);

/// Exclusive mutex of a fixed rank.
template <LockRank RANK>
class EMC_CAPABILITY("mutex") Mutex
{
public:
    Mutex() = default;
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    void lock() EMC_ACQUIRE()
    {
        NoteLock(RANK, this);
        m_mutex.lock();
    }

    void unlock() EMC_RELEASE()
    {
        m_mutex.unlock();
        NoteUnlock(RANK, this);
    }

private:
    std::mutex m_mutex;
};

/// Reader/writer mutex of a fixed rank.
template <LockRank RANK>
class EMC_CAPABILITY("shared_mutex") SharedMutex
{
public:
    SharedMutex() = default;
    SharedMutex(const SharedMutex&) = delete;
    SharedMutex& operator=(const SharedMutex&) = delete;

    void lock() EMC_ACQUIRE()
    {
        NoteLock(RANK, this);
        m_mutex.lock();
    }

    void unlock() EMC_RELEASE()
    {
        m_mutex.unlock();
        NoteUnlock(RANK, this);
    }

    void lock_shared() EMC_ACQUIRE_SHARED()
    {
        NoteLock(RANK, this);
        m_mutex.lock_shared();
    }

    void unlock_shared() EMC_RELEASE_GENERIC()
    {
        m_mutex.unlock_shared();
        NoteUnlock(RANK, this);
    }

private:
    std::shared_mutex m_mutex;
};

/// Holds an exclusive lock for a scope.
template <typename M>
class EMC_SCOPED_CAPABILITY LockGuard
{
public:
    explicit LockGuard(M& mutex) EMC_ACQUIRE(mutex) : m_mutex(mutex) { m_mutex.lock(); }

    ~LockGuard() EMC_RELEASE() { m_mutex.unlock(); }

    LockGuard(const LockGuard&) = delete;
    LockGuard& operator=(const LockGuard&) = delete;

private:
    M& m_mutex;
};

/// Holds a shared lock for a scope.
template <typename M>
class EMC_SCOPED_CAPABILITY SharedLockGuard
{
public:
    explicit SharedLockGuard(M& mutex) EMC_ACQUIRE_SHARED(mutex) : m_mutex(mutex) { m_mutex.lock_shared(); }

    ~SharedLockGuard() EMC_RELEASE_GENERIC() { m_mutex.unlock_shared(); }

    SharedLockGuard(const SharedLockGuard&) = delete;
    SharedLockGuard& operator=(const SharedLockGuard&) = delete;

private:
    M& m_mutex;
};

/// Condition variable for the mutexes above: `while (!ready) cv.wait(mutex);` with the mutex held.
using CondVar = std::condition_variable_any;

} // namespace emc::base
