/// Writing and taking snapshots of the state. Internal to this room; made by Chain.
#pragma once

#include "chain/engine.h"
#include "chain/snapshot_file.h"
#include "interfaces/snapshot.h"

#include <atomic>

namespace emc::chain {

/// A head and its hashes as users of the node see them.
[[nodiscard]] interfaces::SnapshotInfo InfoOf(const SnapshotHead& head, const StateHashes& hashes);

class Snapshots final : public interfaces::SnapshotControl
{
public:
    explicit Snapshots(Engine& engine) : m_engine(engine) {}

    [[nodiscard]] base::Expected<interfaces::SnapshotInfo, interfaces::Failure>
    Dump(const std::string& path) override;
    [[nodiscard]] base::Expected<interfaces::SnapshotInfo, interfaces::Failure>
    Load(const std::string& path) override;
    [[nodiscard]] std::vector<interfaces::ChainState> States() const override;

private:
    class Turn;

    [[nodiscard]] SnapshotResult<interfaces::SnapshotInfo> DumpNow(const std::string& path);
    [[nodiscard]] SnapshotResult<interfaces::SnapshotInfo> LoadNow(const std::string& path);
    /// Reads the file into a store in `directory` and closes it.
    [[nodiscard]] SnapshotResult<StateHashes> Fill(SnapshotReader& reader, const std::string& directory,
                                                   std::vector<primitives::PlainHeader>& headers);
    [[nodiscard]] SnapshotResult<void> OnWriter(const std::function<SnapshotResult<void>()>& job);

    Engine& m_engine;
    std::atomic<bool> m_busy{false}; ///< one dump or load at a time
};

} // namespace emc::chain
