/// Going into the background.
#pragma once

#include <string>

namespace emc::app {

/// Forks; the parent exits when the child says how it went (with `wait`: when the node is ready) or dies.
/// Call before any thread exists.
class Background
{
public:
    Background() = default;
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// False when the fork failed. Returns in the child only.
    [[nodiscard]] bool Fork();
    /// Child: lets the parent exit with this status. A no-op when Fork was not called.
    void Release(int status);

private:
    int m_pipe = -1;
};

} // namespace emc::app
