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

private:
    class Turn;

    [[nodiscard]] SnapshotResult<interfaces::SnapshotInfo> DumpNow(const std::string& path);

    Engine& m_engine;
    std::atomic<bool> m_busy{false}; ///< one dump or load at a time
};

} // namespace emc::chain
