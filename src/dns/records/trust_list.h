/// Verifiers whose signatures count: those of -enumtrust, or those set since, which a file keeps.
#pragma once

#include "base/expected.h"
#include "base/mutex.h"
#include "base/snapshot.h"

#include <string>
#include <vector>

namespace emc::base {
class Logger;
}

namespace emc::dns {

using Verifiers = std::vector<std::string>;

/// The latest word counts: what was set stays over a restart for as long as -enumtrust says what it said when
/// it was set. Any thread.
class TrustList
{
public:
    /// `from_option`: as ParseTrust gives them; `path`: the file, empty for none. A file for another
    /// -enumtrust is removed; a damaged one is named in the log and left as it is, and -enumtrust counts.
    TrustList(Verifiers from_option, std::string path, base::Logger& log);

    [[nodiscard]] const base::Snapshot<Verifiers>& Now() const { return m_now; }

    /// Trusts these, from the moment on at which they are on the disk. What is in the way of that is returned
    /// as a sentence; then nothing changes.
    [[nodiscard]] base::Expected<void, std::string> Set(Verifiers verifiers);

private:
    void Read(base::Logger& log);

    const Verifiers m_from_option;
    const std::string m_path;
    base::Snapshot<Verifiers> m_now;
    base::Mutex<base::LockRank::Leaf> m_setting; ///< one at a time; readers never wait for it
};

} // namespace emc::dns
