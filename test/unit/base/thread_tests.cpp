#include "base/mutex.h"
#include "base/rush.h"
#include "base/snapshot.h"
#include "base/thread.h"
#include "unit/base/death.h"

#include <boost/test/unit_test.hpp>

#include <array>
#include <pthread.h>
#include <string>
#include <vector>

namespace {

using namespace emc;
using base::LockGuard;
using base::LockRank;
using base::SharedLockGuard;

std::string SystemName()
{
    std::array<char, 16> name{};
    pthread_getname_np(pthread_self(), name.data(), name.size());
    return name.data();
}

struct Guarded {
    base::Mutex<LockRank::Leaf> mutex;
    int value EMC_GUARDED_BY(mutex) = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(thread_tests)

BOOST_AUTO_TEST_CASE(names)
{
    BOOST_CHECK_EQUAL(base::ThisThreadName(), "main");
    std::string own;
    std::string system;
    base::Thread thread("dns.0", [&] {
        own = base::ThisThreadName();
        system = SystemName();
    });
    BOOST_CHECK(thread.Running());
    thread.Join();
    BOOST_CHECK(!thread.Running());
    thread.Join();
    BOOST_CHECK_EQUAL(own, "dns.0");
    BOOST_CHECK_EQUAL(system, "emc-dns.0");
    base::Thread("a name much too long", [&] {
        own = base::ThisThreadName();
        system = SystemName();
    }).Join();
    BOOST_CHECK_EQUAL(own, "a name much too");
    BOOST_CHECK_EQUAL(system, "emc-a name much");
    BOOST_CHECK_EQUAL(base::ThisThreadName(), "main");
}

BOOST_AUTO_TEST_CASE(joined_by_destructor_and_assignment)
{
    std::atomic<int> ended{0};
    base::StopFlag stop;
    const auto wait_for_stop = [&] {
        while (!stop.Requested())
            std::this_thread::yield();
        ++ended;
    };
    {
        base::Thread first("one", wait_for_stop);
        base::Thread second("two", wait_for_stop);
        BOOST_CHECK(!stop.Requested());
        stop.Request();
        first = std::move(second);
        BOOST_CHECK_GE(ended.load(), 1);
        base::Thread& same = first;
        first = std::move(same);
        BOOST_CHECK(first.Running());
    }
    BOOST_CHECK_EQUAL(ended.load(), 2);
    base::Thread none;
    BOOST_CHECK(!none.Running());
}

BOOST_AUTO_TEST_CASE(mutexes_exclude)
{
    Guarded guarded;
    {
        std::vector<base::Thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back("add", [&guarded] {
                for (int n = 0; n < 1000; ++n) {
                    const LockGuard lock(guarded.mutex);
                    ++guarded.value;
                }
            });
        }
    }
    const LockGuard lock(guarded.mutex);
    BOOST_CHECK_EQUAL(guarded.value, 4000);
}

BOOST_AUTO_TEST_CASE(condition_variable_on_ranked_mutex)
{
    Guarded guarded;
    base::CondVar changed;
    base::Thread setter("set", [&] {
        const LockGuard lock(guarded.mutex);
        guarded.value = 7;
        changed.NotifyAll();
    });
    const LockGuard lock(guarded.mutex);
    while (guarded.value != 7)
        changed.Wait(guarded.mutex);
    BOOST_CHECK_EQUAL(guarded.value, 7);
}

BOOST_AUTO_TEST_CASE(shared_locks)
{
    base::SharedMutex<LockRank::BlockIndex> index;
    int value = 1;
    {
        const SharedLockGuard reading(index);
        int seen = 0;
        base::Thread("also", [&] {
            const SharedLockGuard too(index);
            seen = value;
        }).Join();
        BOOST_CHECK_EQUAL(seen, 1);
    }
    const LockGuard writing(index);
    value = 2;
    BOOST_CHECK_EQUAL(value, 2);
}

BOOST_AUTO_TEST_CASE(lock_order)
{
    base::Mutex<LockRank::Wallet> wallet;
    base::SharedMutex<LockRank::BlockIndex> index;
    base::Mutex<LockRank::Pool> pool;
    base::Mutex<LockRank::Pool> other_pool;
    const auto upward = [&]() EMC_NO_TSA {
        wallet.lock();
        index.lock_shared();
        pool.lock();
        // The order of letting go is free.
        wallet.unlock();
        pool.unlock();
        index.unlock_shared();
        wallet.lock();
        wallet.unlock();
    };
    BOOST_CHECK(!test::Aborts(upward));
    upward();
#ifdef EMC_DEBUG
    BOOST_CHECK(test::Aborts([&]() EMC_NO_TSA {
        pool.lock();
        wallet.lock();
    }));
    BOOST_CHECK(test::Aborts([&]() EMC_NO_TSA {
        pool.lock();
        other_pool.lock();
    }));
    BOOST_CHECK(test::Aborts([&]() EMC_NO_TSA {
        index.lock_shared();
        index.lock_shared();
    }));
    BOOST_CHECK(test::Aborts([&] { base::NoteUnlock(LockRank::Pool, &pool); }));
    BOOST_CHECK(test::Aborts([&] {
        base::NoteLock(LockRank::Pool, &pool);
        base::NoteUnlock(LockRank::Peers, &pool);
    }));
#else
    BOOST_CHECK(!test::Aborts([&]() EMC_NO_TSA {
        pool.lock();
        wallet.lock();
        other_pool.lock();
    }));
#endif
}

BOOST_AUTO_TEST_CASE(snapshots)
{
    base::Snapshot<std::string> snapshot;
    BOOST_CHECK(snapshot.Load() == nullptr);
    snapshot.Store(std::make_shared<const std::string>("one"));
    const auto held = snapshot.Load();
    snapshot.Store(std::make_shared<const std::string>("two"));
    BOOST_CHECK_EQUAL(*held, "one");
    BOOST_CHECK_EQUAL(*snapshot.Load(), "two");
    const base::Snapshot<int> filled(std::make_shared<const int>(3));
    BOOST_CHECK_EQUAL(*filled.Load(), 3);
}

/// Two write, two read: every value is whole, and none is lost before its last reader. The thread sanitizer
/// watches over the rest.
BOOST_AUTO_TEST_CASE(snapshots_among_threads)
{
    struct Pair {
        int first = 0;
        int second = 0;
    };

    base::Snapshot<Pair> snapshot(std::make_shared<const Pair>());
    std::atomic<int> torn{0};
    std::vector<base::Thread> threads;
    for (const int start : {0, 1'000'000}) {
        threads.emplace_back("writer", [&, start] {
            for (int i = 0; i < 20'000; ++i)
                snapshot.Store(std::make_shared<const Pair>(Pair{start + i, start + i}));
        });
        threads.emplace_back("reader", [&] {
            for (int i = 0; i < 20'000; ++i) {
                const auto seen = snapshot.Load();
                if (seen->first != seen->second) ++torn;
            }
        });
    }
    for (auto& thread : threads)
        thread.Join();
    BOOST_CHECK_EQUAL(torn, 0);
    BOOST_CHECK_EQUAL(snapshot.Load().use_count(), 2); // the snapshot's and this one
}

/// A taker of single entries is woken; one in a rush looks by itself, after the gap and not before.
BOOST_AUTO_TEST_CASE(a_rush_wakes_nobody)
{
    constexpr int64_t GAP_MS = 20;
    base::Mutex<base::LockRank::Leaf> mutex;
    base::CondVar changed;
    base::Rush rush(GAP_MS);
    const base::LockGuard lock(mutex);
    const auto nap_us = [&] {
        const int64_t begin_us = base::SteadyMicros();
        rush.Nap(changed, mutex);
        return base::SteadyMicros() - begin_us;
    };
    int64_t now_us = 1'000'000;
    for (int i = 0; i < 100; ++i)
        BOOST_CHECK(rush.WakeFor(now_us += GAP_MS * 1'000)); // slow ones
    BOOST_CHECK_LT(nap_us(), GAP_MS * 1'000);
    for (int i = 0; i < 100; ++i)
        BOOST_CHECK(rush.WakeFor(now_us += 10)); // fast, but nobody naps
    BOOST_CHECK_GE(nap_us(), GAP_MS * 1'000);
    BOOST_CHECK(rush.WakeFor(now_us += GAP_MS * 1'000)); // the rush is over
    BOOST_CHECK_LT(nap_us(), GAP_MS * 1'000);
}

/// Entries put while the taker naps wake it only when the putter wants it.
BOOST_AUTO_TEST_CASE(entries_during_a_nap)
{
    base::Mutex<base::LockRank::Leaf> mutex;
    base::CondVar changed;
    base::Rush rush(10'000);
    std::atomic<bool> napping{false};
    {
        const base::LockGuard lock(mutex);
        for (int i = 0; i < 100; ++i)
            (void)rush.WakeFor(i);
    }
    base::Thread taker("taker", [&] {
        const base::LockGuard lock(mutex);
        napping = true;
        rush.Nap(changed, mutex);
    });
    while (!napping) {
    }
    {
        const base::LockGuard lock(mutex); // held by the taker until it sleeps
        BOOST_CHECK(!rush.WakeFor(100));
    }
    changed.NotifyOne();
    taker.Join();
    const base::LockGuard lock(mutex);
    BOOST_CHECK(rush.WakeFor(101));
}

BOOST_AUTO_TEST_SUITE_END()
