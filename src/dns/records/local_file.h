/// The file of local names, read again when it changes.
#pragma once

#include "base/snapshot.h"
#include "dns/records/files.h"
#include "dns/records/local_zone.h"

namespace emc::base {
class Logger;
}

namespace emc::dns {

/// Owned by the feed thread; others read the snapshot.
class LocalFile
{
public:
    /// Empty path: no local names.
    LocalFile(std::string path, const std::vector<Bytes>& self_names, base::Logger& log)
        : m_path(std::move(path)), m_self_names(self_names), m_log(log)
    {}

    /// Reads the file if it is not the one read last.
    void Refresh();

    [[nodiscard]] bool Configured() const { return !m_path.empty(); }

    /// Null until the first Refresh, or while the file cannot be read.
    [[nodiscard]] const base::Snapshot<LocalZone>& Zone() const { return m_zone; }

private:
    const std::string m_path;
    const std::vector<Bytes>& m_self_names;
    base::Logger& m_log;
    std::optional<FileStamp> m_stamp;
    base::Snapshot<LocalZone> m_zone;
};

} // namespace emc::dns
