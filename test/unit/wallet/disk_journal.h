#pragma once
// A disk that loses what was not synced. The program's calls to the system that change files below one folder
// are noted as they are carried out; the state of the disk after a power cut at any of them can be made in
// another folder.

#include "base/bytes.h"
#include "base/function.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace emc::test {

/// One change of a file or folder, or a word of the test's own.
struct DiskOp {
    enum class Kind : uint8_t { Make, MakeFolder, Write, Cut, Sync, SyncFolder, Link, Rename, Remove, Word };
    Kind kind{};
    std::string path{};  ///< relative to the folder; of a Word its text
    std::string to{};    ///< of Link and Rename
    uint64_t file = 0;   ///< of Make, Write, Cut, Sync
    uint64_t offset = 0; ///< of a Write; of a Cut the size left
    base::Bytes data{};
};

/// Notes everything until StopNoting. One folder at a time, absolute; one thread writes to it.
void StartNoting(const std::string& folder);
/// Puts a word of the test between the changes: what the wallet has told by now.
void NoteWord(const std::string& text);
[[nodiscard]] std::vector<DiskOp> StopNoting();

/// Makes what may be on the disk when the power fails before `ops[end]`: everything that was synced, and of
/// the rest what `below` (a number below its argument, by chance) leaves: writes whole, in part, or not at
/// all, entries of a folder in their order up to some point.
void MakeDiskAfterCut(const std::vector<DiskOp>& ops, size_t end, const std::string& folder,
                      const std::function<uint64_t(uint64_t)>& below);

} // namespace emc::test
