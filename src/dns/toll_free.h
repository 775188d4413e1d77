/// Routes for numbers nobody registered: option enumtollfree, from chain names and files, read again when
/// they change.
#pragma once

#include "base/log.h"
#include "base/snapshot.h"
#include "dns/compile.h"
#include "dns/files.h"

namespace emc::dns {

/// Owned by the feed thread; others read the snapshot.
class TollFreeSources
{
public:
    /// `options`: sources between |, each a file's path or @ and a chain name.
    TollFreeSources(const std::vector<std::string>& options, const interfaces::NameReader& names,
                    base::Logger& log);

    /// Reads again what has changed; true when the lists are new. Feed thread only.
    bool Refresh(int32_t next_height);

    [[nodiscard]] bool HasSources() const { return !m_sources.empty(); }

    /// Never null.
    [[nodiscard]] const base::Snapshot<TollFreeLists>& Lists() const { return m_lists; }

private:
    struct Source {
        std::string place; ///< path or chain name
        bool on_chain = false;
        FileStamp stamp;
        std::optional<base::Bytes> value; ///< of the live chain name
        bool read = false;
        std::vector<names::TollFreeList> lists; ///< none or one
    };

    bool RefreshFile(Source& source);
    bool RefreshName(Source& source, int32_t next_height);
    void Note(const Source& source, const std::vector<std::string>& notes);

    const interfaces::NameReader& m_names;
    base::Logger& m_log;
    std::vector<Source> m_sources;
    base::Snapshot<TollFreeLists> m_lists;
};

} // namespace emc::dns
