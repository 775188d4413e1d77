#include "app/daemonize.h"

#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace emc::app {

Background::~Background()
{
    Release(1);
}

bool Background::Fork()
{
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    const pid_t child = fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return false;
    }
    if (child > 0) {
        close(ends[1]);
        unsigned char status = 1;
        const ssize_t got = read(ends[0], &status, 1);
        _exit(got == 1 ? status : 1);
    }
    close(ends[0]);
    m_pipe = ends[1];
    static_cast<void>(setsid());
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        dup2(null, STDIN_FILENO);
        close(null);
    }
    return true;
}

void Background::Release(int status)
{
    if (m_pipe < 0) return;
    const auto byte = static_cast<unsigned char>(status);
    static_cast<void>(!write(m_pipe, &byte, 1));
    close(m_pipe);
    m_pipe = -1;
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        close(null);
    }
}

} // namespace emc::app
