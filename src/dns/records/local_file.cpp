#include "dns/records/local_file.h"

#include "base/log.h"

namespace emc::dns {

void LocalFile::Refresh()
{
    if (m_path.empty()) return;
    const FileStamp stamp = StampOf(m_path);
    if (m_stamp == stamp) return;
    m_stamp = stamp;
    const auto text = ReadSmallFile(m_path, MAX_LIST_FILE_BYTES);
    if (!text) {
        EMC_LOG(m_log, Warning, Dns, "local names in %s cannot be read; they are used as soon as they can",
                m_path.c_str());
        m_zone.Store(nullptr);
        return;
    }
    std::vector<std::string> warnings;
    auto zone = std::make_shared<const LocalZone>(LocalZone::Parse(*text, m_self_names, warnings));
    for (const std::string& warning : warnings)
        EMC_LOG(m_log, Warning, Dns, "local names in %s, %s", m_path.c_str(), warning.c_str());
    EMC_LOG(m_log, Info, Dns, "local names in %s: %zu", m_path.c_str(), zone->Size());
    m_zone.Store(std::move(zone));
}

} // namespace emc::dns
