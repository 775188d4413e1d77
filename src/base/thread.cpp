#include "base/thread.h"

#include <pthread.h>

namespace emc::base {

namespace {

/// What Linux keeps of a thread's name, without the closing zero.
constexpr size_t SYSTEM_NAME_CHARS = 15;

std::string& MutableThreadName()
{
    thread_local std::string name = "main";
    return name;
}

std::thread Begin(std::string_view name, std::function<void()> body)
{
    return std::thread([own_name = std::string(name.substr(0, SYSTEM_NAME_CHARS)), work = std::move(body)] {
        MutableThreadName() = own_name;
        const std::string system_name = ("emc-" + own_name).substr(0, SYSTEM_NAME_CHARS);
        pthread_setname_np(pthread_self(), system_name.c_str());
        work();
    });
}

} // namespace

Thread::Thread(std::string_view name, std::function<void()> body) : m_thread(Begin(name, std::move(body))) {}

void StartDetached(std::string_view name, std::function<void()> body)
{
    Begin(name, std::move(body)).detach();
}

Thread::~Thread()
{
    Join();
}

Thread& Thread::operator=(Thread&& other) noexcept
{
    if (this != &other) {
        Join();
        m_thread = std::move(other.m_thread);
    }
    return *this;
}

void Thread::Join()
{
    if (m_thread.joinable()) m_thread.join();
}

const std::string& ThisThreadName()
{
    return MutableThreadName();
}

} // namespace emc::base
