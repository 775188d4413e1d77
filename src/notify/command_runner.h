/// Runs the operator's commands, one after the other, on a thread of its own.
#pragma once

#include "base/memory.h"
#include "notify/command.h"

#include <cstdint>

namespace emc::base {
class Logger;
}

namespace emc::notify {

/// Any thread.
class CommandRunner
{
public:
    /// Commands that may wait; more are dropped, and the log says so.
    static constexpr size_t QUEUE = 4096;

    explicit CommandRunner(base::Logger& log);
    /// Drops what waits; a command that runs is left running.
    ~CommandRunner();
    CommandRunner(const CommandRunner&) = delete;
    CommandRunner& operator=(const CommandRunner&) = delete;

    /// Returns at once.
    void Run(Command command);
    /// Logs that events went by without their commands.
    void TellMissed();
    /// Waits until everything has run, at most so long.
    void Drain(int64_t timeout_ms);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::notify
