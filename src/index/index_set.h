/// The optional indexes of the node: transactions by id, history of names, block filters.
#pragma once

#include "interfaces/chain.h"
#include "storage/failure.h"

namespace emc::base {
class Logger;
}

namespace emc::interfaces {
class ChainEvents;
}

namespace emc::storage {
class FileSystem;
}

namespace emc::index {

class Follower;

struct IndexOptions {
    std::string directory;                ///< "indexes"; each index has a folder in it
    bool transactions = true;             ///< -txindex
    bool name_history = true;             ///< -nameindex
    bool filters = false;                 ///< -blockfilterindex
    size_t cache_bytes = size_t{4} << 20; ///< for all together
    storage::FileSystem* files = nullptr; ///< null: the operating system's
};

/// Owns the followers. Any thread after Open. Must be closed before the chain.
class IndexSet final : public interfaces::IndexReader
{
public:
    IndexSet(IndexOptions options, const interfaces::ChainReader& chain, base::Logger& log);
    ~IndexSet() override;

    /// Opens the stores and begins to follow. Errors name the directory and what to do.
    [[nodiscard]] storage::StorageResult<void> Open(interfaces::ChainEvents& events);
    /// Stops following.
    void Close();

    /// Height up to which no index has to read blocks any more; INT32_MAX without indexes. They need blocks
    /// that go back with a reorganisation, too, which the chain keeps anyway.
    [[nodiscard]] int32_t ReadUpTo() const;

    [[nodiscard]] std::vector<Status> Indexes() const override;
    [[nodiscard]] std::optional<interfaces::FoundTx> FindTx(const base::Hash256& txid) const override;
    [[nodiscard]] bool History(std::string_view name,
                               std::vector<interfaces::NameHistoryEntry>& out) const override;

    [[nodiscard]] std::optional<interfaces::BlockFilter> FilterOf(const base::Hash256& block) const override;
    [[nodiscard]] std::optional<bool> FilterMatches(const base::Hash256& block,
                                                    std::span<const base::Bytes> scripts) const override;

private:
    [[nodiscard]] std::vector<Follower*> Followers() const;

    const IndexOptions m_options;
    const interfaces::ChainReader& m_chain;
    base::Logger& m_log;
    std::unique_ptr<Follower> m_transactions;
    std::unique_ptr<Follower> m_history;
    std::unique_ptr<Follower> m_filters;
};

} // namespace emc::index
