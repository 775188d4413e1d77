/// Routes for numbers nobody registered: option enumtollfree, from chain names and files, read again when
/// they change.
#pragma once

#include "base/snapshot.h"
#include "dns/zone/compile.h"

namespace emc::base {
class Logger;
}

namespace emc::dns {

/// Owned by the feed thread; others read the snapshot.
class TollFreeSources
{
public:
    /// `options`: sources between |, each a file's path or @ and a chain name.
    TollFreeSources(const std::vector<std::string>& options, const interfaces::NameReader& names,
                    base::Logger& log);
    ~TollFreeSources();
    TollFreeSources(const TollFreeSources&) = delete;
    TollFreeSources& operator=(const TollFreeSources&) = delete;

    /// Reads again what has changed; true when the lists are new. Feed thread only.
    bool Refresh(int32_t height);

    /// Never null.
    [[nodiscard]] const base::Snapshot<TollFreeLists>& Lists() const { return m_lists; }

private:
    struct Source;

    bool RefreshFile(Source& source);
    bool RefreshName(Source& source, int32_t height);
    void Note(const Source& source, const std::vector<std::string>& notes);

    const interfaces::NameReader& m_names;
    base::Logger& m_log;
    std::vector<Source> m_sources;
    base::Snapshot<TollFreeLists> m_lists;
};

} // namespace emc::dns
