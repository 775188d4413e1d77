/// A folder into which a SIP server writes files of call records, read into the store as they grow, rotate
/// and come.
#pragma once

#include "calls/call_store.h"
#include "calls/folder_watch.h"
#include "calls/source_file.h"

#include <map>

namespace emc::calls {

/// Reads what is new in a folder. Files are known by their place on the disk and by what was read of them, so
/// that a renamed one is not read again and one that was emptied or took the place of another is read from
/// its beginning. Calls that wait for their end do so across all files of the folder. Hidden and compressed
/// files are left alone. One thread.
class FolderImport
{
public:
    /// `stop` is asked between parts; it may be empty. `store` must outlive it.
    FolderImport(CallStore& store, FolderWatch watch, std::function<bool()> stop);

    /// Reads all that was added since the last time. Calls and how far their files were read are written
    /// together, so that nothing is lost or taken twice when the process ends at any moment. `now_us` is
    /// steady time: a half record at the end of a file that did not grow for HALF_RECORD_US is reported. The
    /// error is a sentence: the folder cannot be read, or the store cannot be written; the next call tries
    /// again.
    [[nodiscard]] base::Expected<FolderNews, std::string> Read(int64_t now_us);

    [[nodiscard]] const FolderWatch& Watch() const { return m_watch; }

    /// Records that end later than this are reported and left out (CdrOptions::latest_ms).
    void SetLatest(uint64_t ms) { m_watch.options.latest_ms = ms; }

    static constexpr int64_t HALF_RECORD_US = 60'000'000;

private:
    /// A file of the folder.
    struct File {
        std::string name;
        uint64_t inode = 0;
        uint64_t size = 0;
        int64_t changed_ns = 0;
    };

    /// What is remembered of a file that was read.
    struct Known {
        ImportMark mark;
        uint64_t size = 0;
        int64_t changed_ns = 0;
        int64_t since_us = 0;  ///< seen like this since
        bool reported = false; ///< its half record, or that it cannot be read
    };

    /// Calls and marks that are not written yet.
    struct Pending {
        struct Origin {
            std::string file;
            uint64_t line = 0;
        };

        std::vector<reward::CallRecord> calls;
        std::vector<Origin> origins; ///< of the calls
        std::vector<SourceMark> marks;
        size_t bytes = 0;
    };

    [[nodiscard]] base::Expected<std::vector<File>, std::string> List() const;
    [[nodiscard]] base::Expected<void, std::string> LoadState();
    [[nodiscard]] base::Expected<void, std::string> ReadFile(const File& file, int64_t now_us);
    [[nodiscard]] base::Expected<Known*, std::string> Find(const SourceFile& source,
                                                           const SourceFile::Facts& facts);
    void TakePart(const std::string& name, CdrResult part);
    /// Writes what is pending; afterwards it counts.
    [[nodiscard]] base::Expected<void, std::string> Flush();
    void ForgetGone(const std::vector<File>& files);
    void AddProblem(const std::string& file, uint64_t line, std::string reason);
    [[nodiscard]] std::string SourceOf(uint64_t inode) const;

    CallStore& m_store;
    FolderWatch m_watch;
    std::function<bool()> m_stop;
    bool m_loaded = false;
    CdrState m_state;                  ///< calls and ends that wait; the headings are in the marks
    std::map<uint64_t, Known> m_known; ///< by inode
    Pending m_pending;
    FolderNews m_news;
};

} // namespace emc::calls
