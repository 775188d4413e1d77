/// Waits until something in folders may have changed. Internal to this room.
#pragma once

#include "base/memory.h"

#include <string>
#include <vector>

namespace emc::calls {

class FolderSignal
{
public:
    virtual ~FolderSignal() = default;

    /// Waits until a watched folder changed, Wake was called, or the time is over. One thread.
    virtual void Wait(int ms) = 0;
    /// Ends this Wait or the next one. Any thread.
    virtual void Wake() = 0;
    /// How long to wait at most so that nothing stays unseen: changes on file systems of other computers are
    /// not told.
    [[nodiscard]] virtual int LongestWaitMs() const = 0;
};

/// Told by the kernel (inotify). nullptr when it cannot: no more watches, or a folder that is not there.
[[nodiscard]] std::unique_ptr<FolderSignal> MakeInotifySignal(const std::vector<std::string>& folders);
/// Only waits, a short time.
[[nodiscard]] std::unique_ptr<FolderSignal> MakePollingSignal();

} // namespace emc::calls
