/// Carries work off the window's thread and results back to it.
#pragma once

#include <QObject>
#include <QPointer>
#include <QRunnable>
#include <QThreadPool>
#include <functional>
#include <type_traits>
#include <utility>

namespace emc::qt {

/// No call to the node or a wallet is made on the window's thread: all go through here. Made, used and
/// destroyed on the window's thread.
class Courier : public QObject
{
    Q_OBJECT

public:
    Courier();
    /// Forgets jobs that wait, and waits for those that run; their results are dropped.
    ~Courier() override;

    /// Runs `job` on another thread, then `done` with what it returned on the window's thread, unless
    /// `receiver` is gone by then. Jobs may run beside each other and end in any order.
    template <typename Job, typename Done>
    void Run(QObject* receiver, Job job, Done done)
    {
        using Value = std::invoke_result_t<Job>;
        Post([this, guard = QPointer<QObject>(receiver), job = std::move(job),
              done = std::move(done)]() mutable {
            if constexpr (std::is_void_v<Value>) {
                job();
                Deliver([guard, done = std::move(done)]() mutable {
                    if (guard) done();
                });
            } else {
                auto value = std::make_shared<Value>(job());
                Deliver([guard, done = std::move(done), value]() mutable {
                    if (guard) done(std::move(*value));
                });
            }
        });
    }

    /// Jobs that run or wait.
    [[nodiscard]] int Busy() const { return m_busy; }

Q_SIGNALS:
    void BusyChanged();

private:
    void Post(std::function<void()> work);
    void Deliver(std::function<void()> result);

    QThreadPool m_pool;
    int m_busy = 0;
};

} // namespace emc::qt
