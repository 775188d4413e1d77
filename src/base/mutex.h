/// Mutexes with a rank: a thread may lock only upward. Checked in debug builds, annotated for clang.
/// They stand directly on pthread: the standard library's headers for locks cost every includer 0.2 s of
/// compiler time.
#pragma once

#include <cstdint>
#include <pthread.h>

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
/// Aborts when a pthread call answered anything but 0: a lock that cannot be taken or given back is a bug.
void MustSucceed(int code);

/// Exclusive mutex of a fixed rank.
template <LockRank RANK>
class EMC_CAPABILITY("mutex") Mutex
{
public:
    Mutex() = default;
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    ~Mutex() { pthread_mutex_destroy(&m_mutex); }

    void lock() EMC_ACQUIRE()
    {
        NoteLock(RANK, this);
        MustSucceed(pthread_mutex_lock(&m_mutex));
    }

    void unlock() EMC_RELEASE()
    {
        MustSucceed(pthread_mutex_unlock(&m_mutex));
        NoteUnlock(RANK, this);
    }

private:
    friend class CondVar;
    pthread_mutex_t m_mutex = PTHREAD_MUTEX_INITIALIZER;
};

/// Reader/writer mutex of a fixed rank.
template <LockRank RANK>
class EMC_CAPABILITY("shared_mutex") SharedMutex
{
public:
    SharedMutex() = default;
    SharedMutex(const SharedMutex&) = delete;
    SharedMutex& operator=(const SharedMutex&) = delete;

    ~SharedMutex() { pthread_rwlock_destroy(&m_lock); }

    void lock() EMC_ACQUIRE()
    {
        NoteLock(RANK, this);
        MustSucceed(pthread_rwlock_wrlock(&m_lock));
    }

    void unlock() EMC_RELEASE() { Release(); }

    void lock_shared() EMC_ACQUIRE_SHARED()
    {
        NoteLock(RANK, this);
        MustSucceed(pthread_rwlock_rdlock(&m_lock));
    }

    void unlock_shared() EMC_RELEASE_GENERIC() { Release(); }

private:
    void Release()
    {
        MustSucceed(pthread_rwlock_unlock(&m_lock));
        NoteUnlock(RANK, this);
    }

    pthread_rwlock_t m_lock = PTHREAD_RWLOCK_INITIALIZER;
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

/// Condition variable for Mutex: `while (!ready) changed.Wait(mutex);` with the mutex held. It may wake for
/// nothing.
class CondVar
{
public:
    CondVar();
    ~CondVar();
    CondVar(const CondVar&) = delete;
    CondVar& operator=(const CondVar&) = delete;

    /// Gives the mutex back while waiting; holds it again on return.
    template <LockRank RANK>
    void Wait(Mutex<RANK>& mutex) EMC_REQUIRES(mutex)
    {
        MustSucceed(pthread_cond_wait(&m_condition, &mutex.m_mutex));
    }

    /// The same for at most `timeout_ms` of the monotonic clock; false when that time passed.
    template <LockRank RANK>
    bool WaitFor(Mutex<RANK>& mutex, int64_t timeout_ms) EMC_REQUIRES(mutex)
    {
        return TimedWait(&mutex.m_mutex, timeout_ms);
    }

    void NotifyOne() { MustSucceed(pthread_cond_signal(&m_condition)); }

    void NotifyAll() { MustSucceed(pthread_cond_broadcast(&m_condition)); }

private:
    bool TimedWait(pthread_mutex_t* mutex, int64_t timeout_ms);

    pthread_cond_t m_condition;
};

} // namespace emc::base
