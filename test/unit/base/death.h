#pragma once
// Lets a test see that code stops the program.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <iostream>
#include <sys/wait.h>
#include <unistd.h>

namespace emc::test {

/// Runs `body` in a child process with stderr thrown away; true when it aborted there.
inline bool Aborts(const std::function<void()>& body)
{
    constexpr int ABORTED = 83;
    // What is still buffered would be written by both.
    std::fflush(nullptr);
    std::cout.flush();
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGABRT, [](int) {
#if defined(__SANITIZE_THREAD__)
            std::_Exit(ABORTED);
#else
            // The long way out, on which coverage counts are written.
            std::exit(ABORTED);
#endif
        });
        const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
        ::dup2(nowhere, STDERR_FILENO);
        body();
        std::_Exit(0);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == ABORTED;
}

} // namespace emc::test
