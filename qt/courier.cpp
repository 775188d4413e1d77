#include "qt/courier.h"

#include <QMetaObject>

namespace emc::qt {

namespace {

constexpr int THREADS = 4;

class Errand final : public QRunnable
{
public:
    explicit Errand(std::function<void()> work) : m_work(std::move(work)) {}

    void run() override { m_work(); }

private:
    std::function<void()> m_work;
};

} // namespace

Courier::Courier()
{
    m_pool.setMaxThreadCount(THREADS);
}

Courier::~Courier()
{
    m_pool.clear();
    m_pool.waitForDone();
}

void Courier::Post(std::function<void()> work)
{
    ++m_busy;
    Q_EMIT BusyChanged();
    m_pool.start(new Errand(std::move(work))); // the pool deletes it
}

void Courier::Deliver(std::function<void()> result)
{
    QMetaObject::invokeMethod(
        this,
        [this, result = std::move(result)] {
            --m_busy;
            Q_EMIT BusyChanged();
            result();
        },
        Qt::QueuedConnection);
}

} // namespace emc::qt
